package store

import (
	"context"
	"time"
)

// Session returns the data of the session that has not ended at now, or ErrNone. token is as it is kept: hashed.
func (tx *Tx) Session(ctx context.Context, token string, now time.Time) (string, error) {
	return one(ctx, tx, scalar[string], `SELECT data FROM sessions WHERE token = $1 AND expires_at > $2`, token, micros(now))
}

// Session is what is kept of a browser that somebody uses.
type Session struct {
	Token    string // hashed
	PersonID string // empty while nobody is signed in
	BegunAt  time.Time
	Agent    string // what the browser calls itself
	Data     string
	Expires  time.Time
}

// SaveSession stores the session, in place of what it was.
func (tx *Tx) SaveSession(ctx context.Context, s Session) error {
	_, err := tx.exec(ctx, `INSERT INTO sessions (token, data, expires_at, person_id, begun_at, agent) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at,
			person_id = excluded.person_id, begun_at = excluded.begun_at, agent = excluded.agent`,
		s.Token, s.Data, micros(s.Expires), s.PersonID, micros(s.BegunAt), s.Agent)
	return err
}

// SessionsOf returns the person's sessions that have not ended at now, the newest first, without their data.
func (tx *Tx) SessionsOf(ctx context.Context, personID string, now time.Time) ([]Session, error) {
	return all(ctx, tx, func(r Rows) (s Session, err error) {
		var begun, expires int64
		err = r.Scan(&s.Token, &begun, &s.Agent, &expires)
		s.PersonID, s.BegunAt, s.Expires = personID, instant(begun), instant(expires)
		return s, err
	}, `SELECT token, begun_at, agent, expires_at FROM sessions WHERE person_id = $1 AND expires_at > $2
		ORDER BY begun_at DESC, token`, personID, micros(now))
}

// EndSessionOf ends one session of the person, and reports whether there was one.
func (tx *Tx) EndSessionOf(ctx context.Context, personID, token string) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM sessions WHERE person_id = $1 AND token = $2`, personID, token)
	return n == 1, err
}

// EndSessionsOf ends the person's sessions but one; with an empty token all of them.
func (tx *Tx) EndSessionsOf(ctx context.Context, personID, but string) (int64, error) {
	return tx.exec(ctx, `DELETE FROM sessions WHERE person_id = $1 AND token <> $2`, personID, but)
}

// DeleteSession ends the session; one that is not there has ended already.
func (tx *Tx) DeleteSession(ctx context.Context, token string) error {
	_, err := tx.exec(ctx, `DELETE FROM sessions WHERE token = $1`, token)
	return err
}

// DeleteEnded forgets sessions, one-time links and access tokens that ended before now, and attempts that nobody repeated since quiet.
func (tx *Tx) DeleteEnded(ctx context.Context, now, quiet time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, micros(now)); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM one_time_links WHERE expires_at <= $1`, micros(now)); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM api_tokens WHERE kind = 'ACCESS' AND expires_at <= $1`, micros(now)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM attempts WHERE last_at <= $1 AND blocked_until <= $2`, micros(quiet), micros(now))
	return err
}
