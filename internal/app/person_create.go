package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// CreatePerson adds a person, who signs in once a password is set. Only operators do.
func (a *App) CreatePerson(ctx context.Context, actor console.Actor, p console.Person) (console.Person, error) {
	if err := actor.MayOperate(); err != nil {
		return p, err
	}
	if p.Operator && actor.Only != nil { // or a token would make somebody who outlives it
		return p, fault.New(fault.Forbidden, "token.by_token", nil)
	}
	p, err := console.CheckPerson(p)
	if err != nil {
		return p, err
	}
	if err := (Preferences{Language: &p.Language, TimeZone: &p.TimeZone, Theme: &p.Theme}).check(); err != nil {
		return p, err
	}
	now := a.Clock.Now()
	p.ID, p.PasswordHash, p.CreatedAt = a.IDs.New("per", now), "", now
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		err := tx.InsertPerson(ctx, p)
		if tx.Duplicate(err) {
			return fault.New(fault.Conflict, "person.exists", fault.Args{"Email": p.Email})
		}
		if err != nil {
			return err
		}
		return a.recordPerson(ctx, tx, actor, p, "person.created")
	})
	return p, err
}
