package app

import (
	"context"
	"errors"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// Actor returns who acts when the person works in the console of the account ID as it stands in an address. A console
// that does not exist and one that the person is no member of are the same fault, "console.not_found". Operators may
// enter every console.
func (a *App) Actor(ctx context.Context, personID, accountID string) (actor console.Actor, c console.Console, err error) {
	notFound := fault.New(fault.NotFound, "console.not_found", nil)
	id, err := console.ParseAccountID(accountID)
	if err != nil {
		return actor, c, notFound
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, personID)
		if err != nil {
			return found(err, "console.not_found")
		}
		if c, err = tx.ConsoleByAccountID(ctx, id); err != nil {
			return found(err, "console.not_found")
		}
		actor = console.Actor{PersonID: p.ID, Name: p.Name, ConsoleID: c.ID, Operator: p.Operator}
		actor.Role, err = tx.RoleOf(ctx, c.ID, p.ID)
		if errors.Is(err, store.ErrNone) {
			if p.Operator {
				return nil
			}
			return notFound
		}
		return err
	})
	return actor, c, err
}

// Operator returns the actor for the vendor's own pages, which belong to no console, or the fault "forbidden_operator".
func (a *App) Operator(ctx context.Context, personID string) (console.Actor, error) {
	var p console.Person
	err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.Person(ctx, personID)
		return found(err, "person.not_found")
	})
	actor := console.Actor{PersonID: p.ID, Name: p.Name, Operator: p.Operator}
	if err != nil {
		return actor, err
	}
	return actor, actor.MayOperate()
}
