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
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, personID)
		if err != nil {
			return found(err, "console.not_found")
		}
		actor, c, err = enter(ctx, tx, p, accountID)
		return err
	})
	return actor, c, err
}

// enter is Actor for a person who is known already.
func enter(ctx context.Context, tx *store.Tx, p console.Person, accountID string) (console.Actor, console.Console, error) {
	id, err := console.ParseAccountID(accountID)
	if err != nil {
		return console.Actor{}, console.Console{}, fault.New(fault.NotFound, "console.not_found", nil)
	}
	c, err := tx.ConsoleByAccountID(ctx, id)
	if err != nil {
		return console.Actor{}, console.Console{}, found(err, "console.not_found")
	}
	m, err := tx.Membership(ctx, c.ID, p.ID)
	if err != nil && (!errors.Is(err, store.ErrNone) || !p.Operator) {
		return console.Actor{}, console.Console{}, found(err, "console.not_found")
	}
	return console.Actor{
		PersonID: p.ID, Name: p.Name, ConsoleID: c.ID, Role: m.Role, Custom: m.Custom, Suspended: c.State == console.Suspended,
		Operator: p.Operator,
	}, c, nil
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

// ActAs returns who acts when the person of the e-mail address works in the console of the account ID, with what the
// person may do there; without an account ID, outside every console. It asks for no password: the command line on the
// server's machine does that in place of a sign-in.
func (a *App) ActAs(ctx context.Context, email, accountID string) (actor console.Actor, c console.Console, err error) {
	var p console.Person
	var grants []store.RoleGrant
	if err := a.DB.View(ctx, func(tx *store.Tx) error {
		if p, err = tx.PersonByEmail(ctx, console.Fold(email)); err != nil {
			return found(err, "person.not_found")
		}
		grants, err = awaited(ctx, tx, p)
		return err
	}); err != nil {
		return actor, c, err
	}
	if len(grants) > 0 {
		if err := a.takeRoles(ctx, p); err != nil {
			return actor, c, err
		}
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		actor, c, err = enterOrStay(ctx, tx, p, accountID)
		return err
	})
	return actor, c, err
}

// OperateAs is ActAs for an operator who is known by name only: whoever runs the program on the server's machine.
func (a *App) OperateAs(ctx context.Context, name, accountID string) (actor console.Actor, c console.Console, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		actor, c, err = enterOrStay(ctx, tx, console.Person{Name: name, Operator: true}, accountID)
		return err
	})
	return actor, c, err
}

// OperateIn returns the operator as it acts in another console, under its own name and with no more than its token lets through.
func (a *App) OperateIn(ctx context.Context, actor console.Actor, accountID string) (console.Actor, console.Console, error) {
	if err := actor.MayOperate(); err != nil {
		return actor, console.Console{}, err
	}
	var c console.Console
	id, err := console.ParseAccountID(accountID)
	if err != nil {
		return actor, c, fault.New(fault.NotFound, "console.not_found", nil)
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err = tx.ConsoleByAccountID(ctx, id)
		return found(err, "console.not_found")
	})
	actor.ConsoleID, actor.Suspended = c.ID, c.State == console.Suspended
	return actor, c, err
}

func enterOrStay(ctx context.Context, tx *store.Tx, p console.Person, accountID string) (console.Actor, console.Console, error) {
	if accountID == "" {
		return console.Actor{PersonID: p.ID, Name: p.Name, Operator: p.Operator}, console.Console{}, nil
	}
	return enter(ctx, tx, p, accountID)
}

// personal refuses what belongs to a person, such as which notices were read, to a service account.
func personal(actor console.Actor) error {
	if actor.Service {
		return fault.New(fault.Precondition, "token.person_only", nil)
	}
	return nil
}
