package app

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"psc/internal/store"
)

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
func (a *App) SaveSession(ctx context.Context, token string, data []byte, expires time.Time) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.SaveSession(ctx, token, base64.StdEncoding.EncodeToString(data), expires)
	})
}

// EndSession forgets a session.
func (a *App) EndSession(ctx context.Context, token string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.DeleteSession(ctx, token) })
}

// keepAttempts is how long failed attempts are remembered after the last one.
const keepAttempts = day

// SweepEnded forgets what the system's clock has ended: sessions, one-time links, old attempts.
func (a *App) SweepEnded(ctx context.Context) error {
	now := a.Wall.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.DeleteEnded(ctx, now, now.Add(-keepAttempts)) })
}
