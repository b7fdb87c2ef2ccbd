package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// EndOperator takes from a person what operators may, at once and for all their sessions and tokens; what they may in
// consoles stays. Faults: "person.not_found", "person.no_operator", and "person.last_operator", as somebody has to be left.
func (a *App) EndOperator(ctx context.Context, actor console.Actor, email string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.PersonByEmail(ctx, console.Fold(email))
		if err != nil {
			return found(err, "person.not_found")
		}
		if !p.Operator {
			return fault.New(fault.Precondition, "person.no_operator", fault.Args{"Person": p.Name})
		}
		ok, err := tx.EndOperator(ctx, p.ID)
		if err == nil && !ok {
			err = fault.New(fault.Precondition, "person.last_operator", fault.Args{"Person": p.Name})
		}
		if err != nil {
			return err
		}
		return a.recordPerson(ctx, tx, actor, p, "person.operator_ended")
	})
}
