package store

import (
	"context"
	"strings"
	"time"

	"psc/internal/console"
)

// TokenProof is what a token is recognised by: the hash of its secret, or the public half of its key.
type TokenProof struct {
	Hash      string
	PublicKey string
}

// InsertToken adds a token.
func (tx *Tx) InsertToken(ctx context.Context, t console.Token, proof TokenProof) error {
	_, err := tx.exec(ctx, `INSERT INTO api_tokens (console_id, id, kind, name, person_id, service_account_id, issued_by, scopes,
			hash, public_key, created_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		t.ConsoleID, t.ID, t.Kind, t.Name, t.PersonID, t.ServiceAccountID, t.IssuedBy, listed(t.Scopes),
		proof.Hash, proof.PublicKey, t.CreatedBy, micros(t.CreatedAt), micros(t.ExpiresAt))
	return err
}

const selectToken = `SELECT t.console_id, t.id, t.kind, t.name, t.person_id, t.service_account_id, t.issued_by, t.scopes,
	t.created_by, t.created_at, t.expires_at, t.last_used_at, t.revoked_at, t.public_key FROM api_tokens t `

func scanTokenKey(r Rows) (k TokenKey, err error) {
	var scopes string
	var created, expires, used, revoked int64
	err = r.Scan(&k.ConsoleID, &k.ID, &k.Kind, &k.Name, &k.PersonID, &k.ServiceAccountID, &k.IssuedBy, &scopes,
		&k.CreatedBy, &created, &expires, &used, &revoked, &k.PublicKey)
	k.Scopes = privilegesOf(scopes)
	k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.RevokedAt = instant(created), instant(expires), instant(used), instant(revoked)
	return k, err
}

func scanToken(r Rows) (console.Token, error) {
	k, err := scanTokenKey(r)
	return k.Token, err
}

func privilegesOf(text string) (list []console.Privilege) {
	for p := range strings.FieldsSeq(text) {
		list = append(list, console.Privilege(p))
	}
	return list
}

// TokenKey is a token with the public half of its key.
type TokenKey struct {
	console.Token

	PublicKey string
}

// issuerLives holds for what nobody issued, and for what was issued by a token that still opens something at $2.
const issuerLives = `(t.issued_by = '' OR EXISTS (SELECT 1 FROM api_tokens b
	WHERE b.console_id = t.console_id AND b.id = t.issued_by AND b.revoked_at = 0 AND b.expires_at > $2))`

// TokenOfHash returns the token of a secret's hash that opens something at now, or ErrNone.
func (tx *Tx) TokenOfHash(ctx context.Context, hash string, now time.Time) (console.Token, error) {
	return one(ctx, tx, scanToken, selectToken+`WHERE t.hash = $1 AND t.hash <> '' AND t.revoked_at = 0 AND t.expires_at > $2
		AND `+issuerLives, hash, micros(now))
}

// KeyOfID returns the key of the ID that opens something at now, or ErrNone.
func (tx *Tx) KeyOfID(ctx context.Context, id string, now time.Time) (TokenKey, error) {
	return one(ctx, tx, scanTokenKey, selectToken+`WHERE t.id = $1 AND t.kind = 'KEY' AND t.revoked_at = 0 AND t.expires_at > $2`,
		id, micros(now))
}

// Token returns a token of the console that somebody has made, or ErrNone.
func (tx *Tx) Token(ctx context.Context, consoleID, id string) (console.Token, error) {
	return one(ctx, tx, scanToken, selectToken+`WHERE t.console_id = $1 AND t.id = $2 AND t.kind <> 'ACCESS'`, consoleID, id)
}

// Tokens returns the tokens of the console that somebody has made and nobody has revoked, the newest first; those that are over too.
func (tx *Tx) Tokens(ctx context.Context, consoleID string) ([]console.Token, error) {
	return all(ctx, tx, scanToken, selectToken+`WHERE t.console_id = $1 AND t.kind <> 'ACCESS' AND t.revoked_at = 0
		ORDER BY t.id DESC`, consoleID)
}

// TokensOf returns the person's own tokens that nobody has revoked, of all consoles, the newest first.
func (tx *Tx) TokensOf(ctx context.Context, personID string) ([]console.Token, error) {
	return all(ctx, tx, scanToken, selectToken+`WHERE t.person_id = $1 AND t.kind = 'TOKEN' AND t.revoked_at = 0
		ORDER BY t.id DESC`, personID)
}

// RevokeToken ends a token of the console, and reports whether it did.
func (tx *Tx) RevokeToken(ctx context.Context, consoleID, id string, now time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE api_tokens SET revoked_at = $3 WHERE console_id = $1 AND id = $2 AND revoked_at = 0`,
		consoleID, id, micros(now))
	return n == 1, err
}

// TouchToken writes down that a token was used, unless that was done after since.
func (tx *Tx) TouchToken(ctx context.Context, consoleID, id string, now, since time.Time) error {
	_, err := tx.exec(ctx, `UPDATE api_tokens SET last_used_at = $3 WHERE console_id = $1 AND id = $2 AND last_used_at <= $4`,
		consoleID, id, micros(now), micros(since))
	return err
}

// InsertServiceAccount adds a service account.
func (tx *Tx) InsertServiceAccount(ctx context.Context, s console.ServiceAccount) error {
	_, err := tx.exec(ctx, `INSERT INTO service_accounts (console_id, id, name, scopes, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, s.ConsoleID, s.ID, s.Name, listed(s.Scopes), s.CreatedBy, micros(s.CreatedAt))
	return err
}

const selectServiceAccount = `SELECT console_id, id, name, scopes, created_by, created_at, removed_at FROM service_accounts `

func scanServiceAccount(r Rows) (s console.ServiceAccount, err error) {
	var scopes string
	var created, removed int64
	err = r.Scan(&s.ConsoleID, &s.ID, &s.Name, &scopes, &s.CreatedBy, &created, &removed)
	s.Scopes, s.CreatedAt, s.RemovedAt = privilegesOf(scopes), instant(created), instant(removed)
	return s, err
}

// ServiceAccounts returns the service accounts of a console that were not removed, by name.
func (tx *Tx) ServiceAccounts(ctx context.Context, consoleID string) ([]console.ServiceAccount, error) {
	return all(ctx, tx, scanServiceAccount, selectServiceAccount+`WHERE console_id = $1 AND removed_at = 0 ORDER BY name, id`, consoleID)
}

// ServiceAccount returns a service account of the console that was not removed, or ErrNone.
func (tx *Tx) ServiceAccount(ctx context.Context, consoleID, id string) (console.ServiceAccount, error) {
	return one(ctx, tx, scanServiceAccount, selectServiceAccount+`WHERE console_id = $1 AND id = $2 AND removed_at = 0`, consoleID, id)
}

// RemoveServiceAccount takes a service account out of use, and reports whether it did.
func (tx *Tx) RemoveServiceAccount(ctx context.Context, consoleID, id string, now time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE service_accounts SET removed_at = $3 WHERE console_id = $1 AND id = $2 AND removed_at = 0`,
		consoleID, id, micros(now))
	return n == 1, err
}
