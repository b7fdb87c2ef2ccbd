package store

import (
	"context"
	"time"
)

// TransferToken is what a customer of a console lets another reseller have its subscriptions with.
type TransferToken struct {
	ConsoleID  string
	ID         string
	CustomerID string
	Hash       string
	CreatedBy  string // by name
	CreatedAt  time.Time
	ExpiresAt  time.Time
	UsedAt     time.Time
	RevokedAt  time.Time
}

// InsertTransferToken stores a token by the hash of its secret.
func (tx *Tx) InsertTransferToken(ctx context.Context, t TransferToken) error {
	_, err := tx.exec(ctx, `INSERT INTO transfer_tokens (console_id, id, hash, customer_id, created_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.ConsoleID, t.ID, t.Hash, t.CustomerID, t.CreatedBy, micros(t.CreatedAt), micros(t.ExpiresAt))
	return err
}

const selectTransferToken = `SELECT console_id, id, hash, customer_id, created_by, created_at, expires_at, used_at, revoked_at FROM transfer_tokens `

func scanTransferToken(r Rows) (t TransferToken, err error) {
	var created, expires, used, revoked int64
	err = r.Scan(&t.ConsoleID, &t.ID, &t.Hash, &t.CustomerID, &t.CreatedBy, &created, &expires, &used, &revoked)
	t.CreatedAt, t.ExpiresAt, t.UsedAt, t.RevokedAt = instant(created), instant(expires), instant(used), instant(revoked)
	return t, err
}

// OpenTransferToken returns the token that can still be used at now, or ErrNone.
func (tx *Tx) OpenTransferToken(ctx context.Context, hash string, now time.Time) (TransferToken, error) {
	return one(ctx, tx, scanTransferToken, selectTransferToken+`WHERE hash = $1 AND used_at = 0 AND revoked_at = 0 AND expires_at > $2`,
		hash, micros(now))
}

// TransferTokens returns up to limit tokens of a customer, the newest first.
func (tx *Tx) TransferTokens(ctx context.Context, consoleID, customerID string, limit int) ([]TransferToken, error) {
	return all(ctx, tx, scanTransferToken, selectTransferToken+`WHERE console_id = $1 AND customer_id = $2 ORDER BY id DESC LIMIT $3`,
		consoleID, customerID, limit)
}

// RevokeTransferToken takes a token back that could still be used, and reports whether it did.
func (tx *Tx) RevokeTransferToken(ctx context.Context, consoleID, customerID, id string, now time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE transfer_tokens SET revoked_at = $4
		WHERE console_id = $1 AND customer_id = $2 AND id = $3 AND used_at = 0 AND revoked_at = 0 AND expires_at > $4`,
		consoleID, customerID, id, micros(now))
	return n == 1, err
}

// UseTransferTokens uses up all tokens of a customer: they let it be taken over from where it was.
func (tx *Tx) UseTransferTokens(ctx context.Context, consoleID, customerID string, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE transfer_tokens SET used_at = $3 WHERE console_id = $1 AND customer_id = $2 AND used_at = 0 AND revoked_at = 0`,
		consoleID, customerID, micros(now))
	return err
}

// Open reports whether the token can be used at now.
func (t TransferToken) Open(now time.Time) bool {
	return t.UsedAt.IsZero() && t.RevokedAt.IsZero() && now.Before(t.ExpiresAt)
}
