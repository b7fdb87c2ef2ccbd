package store

import (
	"context"
	"time"
)

// Session returns the data of the session that has not ended at now, or ErrNone. token is as it is kept: hashed.
func (tx *Tx) Session(ctx context.Context, token string, now time.Time) (string, error) {
	return one(ctx, tx, scalar[string], `SELECT data FROM sessions WHERE token = $1 AND expires_at > $2`, token, micros(now))
}

// SaveSession stores the session, in place of what it was.
func (tx *Tx) SaveSession(ctx context.Context, token, data string, expires time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO sessions (token, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
		token, data, micros(expires))
	return err
}

// DeleteSession ends the session; one that is not there has ended already.
func (tx *Tx) DeleteSession(ctx context.Context, token string) error {
	_, err := tx.exec(ctx, `DELETE FROM sessions WHERE token = $1`, token)
	return err
}

// DeleteEnded forgets sessions and one-time links that ended before now, and attempts that nobody repeated since quiet.
func (tx *Tx) DeleteEnded(ctx context.Context, now, quiet time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, micros(now)); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM one_time_links WHERE expires_at <= $1`, micros(now)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM attempts WHERE last_at <= $1 AND blocked_until <= $2`, micros(quiet), micros(now))
	return err
}
