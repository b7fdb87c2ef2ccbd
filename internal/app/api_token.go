package app

import (
	"context"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// NewToken is what somebody says of a token that is to be made.
type NewToken struct {
	Name   string
	Scopes []console.Privilege // seeing customers is always one of them
	Life   time.Duration
}

// MakeToken makes a token of the actor's own for the console in which the actor is, and returns its secret, which is kept
// nowhere. It lets nothing through that the actor may not. Nobody makes one with another.
func (a *App) MakeToken(ctx context.Context, actor console.Actor, n NewToken) (secret string, t console.Token, err error) {
	switch {
	case actor.Only != nil:
		return "", t, fault.New(fault.Forbidden, "token.by_token", nil)
	case actor.PersonID == "" || actor.System:
		return "", t, fault.New(fault.Precondition, "token.nobody", nil)
	}
	if t, err = a.newToken(actor, console.PersonalToken, n); err != nil {
		return "", t, err
	}
	t.PersonID = actor.PersonID
	return a.keepToken(ctx, actor, t, entry{Action: "access.token_made", Subject: t.ID, Data: map[string]string{"Name": t.Name}})
}

// newToken returns the token as it is kept.
func (a *App) newToken(actor console.Actor, kind console.TokenKind, n NewToken) (console.Token, error) {
	now := a.Wall.Now()
	t, err := console.CheckToken(console.Token{
		ConsoleID: actor.ConsoleID, ID: a.IDs.New("tok", now), Kind: kind, Name: n.Name, Scopes: n.Scopes,
		CreatedBy: actor.Name, CreatedAt: now, ExpiresAt: now.Add(n.Life),
	})
	if err != nil {
		return t, err
	}
	return t, actor.MayGive(t.Scopes)
}

// keepToken keeps a token with a new secret, which it returns.
func (a *App) keepToken(ctx context.Context, actor console.Actor, t console.Token, e entry) (string, console.Token, error) {
	secret, err := a.newSecret()
	if err != nil {
		return "", t, err
	}
	secret = tokenPrefix + secret
	return secret, t, a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertToken(ctx, t, store.TokenProof{Hash: secretHash(secret)}); err != nil {
			return err
		}
		return a.record(ctx, tx, a.Clock.Now(), actor, e)
	})
}

// RevokeToken ends a token of the actor's console: one's own, or, for who manages users, every one that lets through no more
// than the actor may. What it was exchanged for ends with it. That is done in a suspended console too: it takes, and gives nothing.
func (a *App) RevokeToken(ctx context.Context, actor console.Actor, id string) error {
	actor.Suspended = false
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.Token(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "token.not_found")
		}
		if err := mayRevoke(actor, t); err != nil {
			return err
		}
		ok, err := tx.RevokeToken(ctx, actor.ConsoleID, id, a.Wall.Now())
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "token.not_found", nil)
		}
		if err != nil {
			return err
		}
		return a.record(ctx, tx, a.Clock.Now(), actor, entry{
			Action: "access.token_revoked", Subject: t.ID, Data: map[string]string{"Name": t.Name, "By": t.CreatedBy},
		})
	})
}

// mayRevoke refuses to tell whoever manages no users of other people's tokens.
func mayRevoke(actor console.Actor, t console.Token) error {
	switch {
	case t.Kind == console.PersonalToken && t.PersonID == actor.PersonID:
		return nil
	case actor.May(console.ManageUsers) == nil:
		return actor.MayGive(t.Scopes)
	case t.Kind == console.PersonalToken:
		return fault.New(fault.NotFound, "token.not_found", nil)
	default:
		return actor.May(console.ManageUsers)
	}
}

// Tokens returns the tokens of the actor's console that people and service accounts have, for who manages users.
func (a *App) Tokens(ctx context.Context, actor console.Actor) (list []console.Token, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Tokens(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}

// OwnToken is a token of a person's own with the console that it opens.
type OwnToken struct {
	console.Token

	Console console.Console
}

// OwnTokens returns the tokens that the person has made, of all consoles, the newest first.
func (a *App) OwnTokens(ctx context.Context, personID string) (list []OwnToken, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		tokens, err := tx.TokensOf(ctx, personID)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			c, err := tx.Console(ctx, t.ConsoleID)
			if err != nil {
				return err
			}
			list = append(list, OwnToken{t, c})
		}
		return nil
	})
	return list, err
}
