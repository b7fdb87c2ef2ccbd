package store

import (
	"context"
	"time"
)

// TransferToken is what a customer of a console lets another reseller have its subscriptions with.
type TransferToken struct {
	ConsoleID  string
	CustomerID string
	Hash       string
	ExpiresAt  time.Time
}

// InsertTransferToken stores a token by the hash of its secret.
func (tx *Tx) InsertTransferToken(ctx context.Context, t TransferToken) error {
	_, err := tx.exec(ctx, `INSERT INTO transfer_tokens (console_id, hash, customer_id, expires_at) VALUES ($1, $2, $3, $4)`,
		t.ConsoleID, t.Hash, t.CustomerID, micros(t.ExpiresAt))
	return err
}

// OpenTransferToken returns the token that can still be used at now, or ErrNone.
func (tx *Tx) OpenTransferToken(ctx context.Context, hash string, now time.Time) (TransferToken, error) {
	return one(ctx, tx, func(r Rows) (t TransferToken, err error) {
		var expires int64
		err = r.Scan(&t.ConsoleID, &t.Hash, &t.CustomerID, &expires)
		t.ExpiresAt = instant(expires)
		return t, err
	}, `SELECT console_id, hash, customer_id, expires_at FROM transfer_tokens WHERE hash = $1 AND used_at = 0 AND expires_at > $2`,
		hash, micros(now))
}

// UseTransferTokens uses up all tokens of a customer: they let it be taken over from where it was.
func (tx *Tx) UseTransferTokens(ctx context.Context, consoleID, customerID string, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE transfer_tokens SET used_at = $3 WHERE console_id = $1 AND customer_id = $2 AND used_at = 0`,
		consoleID, customerID, micros(now))
	return err
}
