package store

import (
	"context"
	"time"
)

// LinkPurpose is what a one-time link is good for.
type LinkPurpose string

// The purposes of one-time links.
const (
	LinkSetup    LinkPurpose = "SETUP"    // to make the first operator
	LinkPassword LinkPurpose = "PASSWORD" // to choose a new password
)

// InsertLink stores a one-time link by the hash of its secret. personID is empty for a set-up link.
func (tx *Tx) InsertLink(ctx context.Context, hash string, purpose LinkPurpose, personID string, expires time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO one_time_links (hash, purpose, person_id, expires_at) VALUES ($1, $2, $3, $4)`,
		hash, purpose, personID, micros(expires))
	return err
}

// OpenLink returns the person of a one-time link that can still be used at now, or ErrNone.
func (tx *Tx) OpenLink(ctx context.Context, hash string, purpose LinkPurpose, now time.Time) (personID string, err error) {
	return one(ctx, tx, scalar[string], `SELECT person_id FROM one_time_links
		WHERE hash = $1 AND purpose = $2 AND used_at = 0 AND expires_at > $3`, hash, purpose, micros(now))
}

// UseLinksOf uses up all links of a person: a new password makes the others worthless.
func (tx *Tx) UseLinksOf(ctx context.Context, personID string, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE one_time_links SET used_at = $2 WHERE person_id = $1 AND used_at = 0`,
		personID, micros(now))
	return err
}
