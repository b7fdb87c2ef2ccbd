package store

import (
	"context"
	"time"
)

// Attempts are the failures that one key (an e-mail address, a network address) has run up.
type Attempts struct {
	Key          string
	Failures     int
	BlockedUntil time.Time
	LastAt       time.Time
}

// Attempts returns the failures of the key, or ErrNone.
func (tx *Tx) Attempts(ctx context.Context, key string) (Attempts, error) {
	return one(ctx, tx, func(r Rows) (a Attempts, err error) {
		var blocked, last int64
		err = r.Scan(&a.Key, &a.Failures, &blocked, &last)
		a.BlockedUntil, a.LastAt = instant(blocked), instant(last)
		return a, err
	}, `SELECT key, failures, blocked_until, last_at FROM attempts WHERE key = $1`, key)
}

// SaveAttempts stores the failures of a key.
func (tx *Tx) SaveAttempts(ctx context.Context, a Attempts) error {
	_, err := tx.exec(ctx, `INSERT INTO attempts (key, failures, blocked_until, last_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until,
			last_at = excluded.last_at`, a.Key, a.Failures, micros(a.BlockedUntil), micros(a.LastAt))
	return err
}

// DeleteAttempts forgets the failures of a key.
func (tx *Tx) DeleteAttempts(ctx context.Context, key string) error {
	_, err := tx.exec(ctx, `DELETE FROM attempts WHERE key = $1`, key)
	return err
}

// ForgiveAttempt takes back one failure of a key, which turned out to be none.
func (tx *Tx) ForgiveAttempt(ctx context.Context, key string) error {
	_, err := tx.exec(ctx, `UPDATE attempts SET failures = failures - 1, blocked_until = 0
		WHERE key = $1 AND failures > 0`, key)
	return err
}
