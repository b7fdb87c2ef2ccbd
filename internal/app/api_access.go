package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// tokenPrefix begins every secret that a client signs in with, so that programs that look for leaked secrets find it.
const tokenPrefix = "psc_"

// touchEvery is how exactly the last use of a token is known: what is used all the time is not written all the time.
const touchEvery = 5 * time.Minute

// Caller is the client of a request, which acts in one console.
type Caller struct {
	TokenID string // what it signed in with: an access token counts as the secret or key that it was given for
	Owner   string // whose repeated requests are the same: a service account, or a person's token
	Actor   console.Actor
	Console console.Console
}

// Caller returns who sends a request with the bearer token. Every token that opens nothing, for whatever reason, is the same
// fault, "token.unknown"; too many requests of one token are "token.limited". Tokens follow the system's clock (spec section 7).
func (a *App) Caller(ctx context.Context, bearer string) (c Caller, err error) {
	if !strings.HasPrefix(bearer, tokenPrefix) {
		return c, unknownToken()
	}
	now := a.Wall.Now()
	var used time.Time
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		t, err := tx.TokenOfHash(ctx, secretHash(bearer), now)
		if err != nil {
			return unknown(err)
		}
		if t.Kind != console.PersonalToken && t.Kind != console.AccessToken {
			return unknownToken()
		}
		c.TokenID, used = t.Credential(), t.LastUsedAt
		return c.enter(ctx, tx, t)
	})
	if err == nil {
		err = a.Limits.take("token "+c.TokenID, now, a.Config.APIRate)
	}
	if err != nil {
		return Caller{}, err
	}
	if used.Before(now.Add(-touchEvery)) {
		a.touch(ctx, c, now)
	}
	return c, nil
}

// enter finds out who calls with a token that is not over, and what of it its owners still may.
func (c *Caller) enter(ctx context.Context, tx *store.Tx, t console.Token) (err error) {
	if c.Console, err = tx.Console(ctx, t.ConsoleID); err != nil {
		return unknown(err)
	}
	only := append([]console.Privilege{}, t.Scopes...)
	var person console.Actor
	if t.PersonID != "" {
		p, err := tx.Person(ctx, t.PersonID)
		if err != nil {
			return unknown(err)
		}
		if person, _, err = enter(ctx, tx, p, string(c.Console.AccountID)); err != nil {
			return unknown(err)
		}
	}
	if t.ServiceAccountID == "" {
		person.Name += " (" + t.Name + ")"
		person.Only = only
		c.Actor, c.Owner = person, t.ID
		return nil
	}
	s, err := tx.ServiceAccount(ctx, t.ConsoleID, t.ServiceAccountID)
	if err != nil {
		return unknown(err)
	}
	if t.PersonID != "" {
		only = console.Both(only, person.Privileges())
	}
	c.Actor = console.Actor{
		PersonID: s.ID, Name: s.Name, ConsoleID: c.Console.ID, Service: true, Suspended: c.Console.State == console.Suspended,
		Custom: console.CustomRole{ConsoleID: s.ConsoleID, Name: s.Name, Privileges: s.Scopes}, Only: only,
	}
	c.Owner = s.ID
	return nil
}

// touch writes down that what the caller signed in with was used. The request goes on without it.
func (a *App) touch(ctx context.Context, c Caller, now time.Time) {
	if err := a.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.TouchToken(ctx, c.Console.ID, c.TokenID, now, now.Add(-touchEvery))
	}); err != nil {
		a.Log.WarnContext(ctx, "last use of a token not written", "token", c.TokenID, "error", err)
	}
}

func unknownToken() error { return fault.New(fault.Unauthenticated, "token.unknown", nil) }

// unknown is what every token answers that opens nothing; what the database could not say stays its own error.
func unknown(err error) error {
	if errors.Is(err, store.ErrNone) || fault.KindOf(err) == fault.NotFound {
		return unknownToken()
	}
	return err
}
