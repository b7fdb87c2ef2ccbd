package app

import (
	"context"
	"encoding/base64"
	"errors"

	"psc/internal/fault"
	"psc/internal/store"
)

// Session is a browser that somebody is signed in with.
type Session = store.Session

// FindSession returns what a session holds, or false if it has ended. Sessions follow the system's clock (spec section 7).
func (a *App) FindSession(ctx context.Context, token string) (data []byte, ok bool, err error) {
	var text string
	err = a.DB.View(ctx, func(tx *store.Tx) (err error) {
		text, err = tx.Session(ctx, token, a.Wall.Now())
		return err
	})
	if errors.Is(err, store.ErrNone) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data, err = base64.StdEncoding.DecodeString(text)
	return data, err == nil, err
}

// SaveSession keeps what a session holds until it expires.
func (a *App) SaveSession(ctx context.Context, s Session, data []byte) error {
	s.Data = base64.StdEncoding.EncodeToString(data)
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.SaveSession(ctx, s) })
}

// EndSession forgets a session.
func (a *App) EndSession(ctx context.Context, token string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.DeleteSession(ctx, token) })
}

// Sessions returns where the person is signed in, the newest first.
func (a *App) Sessions(ctx context.Context, personID string) (list []Session, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.SessionsOf(ctx, personID, a.Wall.Now())
		return err
	})
	return list, err
}

// EndOwnSession ends one of the person's sessions. One that is nobody's, or somebody else's, is "session.not_found".
func (a *App) EndOwnSession(ctx context.Context, personID, token string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		ok, err := tx.EndSessionOf(ctx, personID, token)
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "session.not_found", nil)
		}
		return err
	})
}

// EndOtherSessions ends the person's sessions but one, or with an empty token all, and returns how many.
func (a *App) EndOtherSessions(ctx context.Context, personID, but string) (n int64, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		n, err = tx.EndSessionsOf(ctx, personID, but)
		return err
	})
	return n, err
}

// keepAttempts is how long failed attempts are remembered after the last one.
const keepAttempts = day

// SweepEnded forgets what the system's clock has ended: sessions, one-time links, access tokens, old attempts and requests.
func (a *App) SweepEnded(ctx context.Context) error {
	now := a.Wall.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.DeleteEnded(ctx, now, now.Add(-keepAttempts)), tx.DeleteMails(ctx, now.Add(-mailKept)),
			tx.DeleteRequests(ctx, now.Add(-requestKept)), tx.DeleteWebhookMessages(ctx, now.Add(-webhookKept)))
	})
}
