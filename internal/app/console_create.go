package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// nameLimit is how many characters the name of a console, a reseller or a legal entity may have.
const nameLimit = 100

// tidyName returns the name as it is kept, or what is wrong with it.
func tidyName(field, name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", fault.InvalidField(field, "name.missing", nil)
	case utf8.RuneCountInString(name) > nameLimit:
		return "", fault.InvalidField(field, "name.too_long", fault.Args{"Limit": nameLimit})
	}
	return name, nil
}

// CreateConsole makes a console of a reseller, and the reseller if there is none of this name yet.
func (a *App) CreateConsole(ctx context.Context, actor console.Actor, reseller, name string) (c console.Console, err error) {
	if err := actor.MayOperate(); err != nil {
		return c, err
	}
	if reseller, err = tidyName("reseller", reseller); err != nil {
		return c, err
	}
	if name, err = tidyName("name", name); err != nil {
		return c, err
	}
	now := a.Clock.Now()
	err = a.updateOnce(ctx, func(tx *store.Tx) error { // a reseller that somebody else has just made is found the second time
		c = console.Console{ID: a.IDs.New("cns", now), Name: name, ResellerName: reseller, State: console.Active, CreatedAt: now}
		c.ResellerID, err = tx.ResellerByName(ctx, reseller)
		if errors.Is(err, store.ErrNone) {
			c.ResellerID = a.IDs.New("res", now)
			err = tx.InsertReseller(ctx, c.ResellerID, reseller, now)
		}
		if err != nil {
			return err
		}
		if c.AccountID, err = a.freeAccountID(ctx, tx); err != nil {
			return err
		}
		if err := tx.InsertConsole(ctx, c); err != nil {
			return err
		}
		actor.ConsoleID = c.ID
		return a.record(ctx, tx, now, actor, entry{
			Action: "console.created", Subject: c.ID, Data: map[string]string{"Console": name, "Reseller": reseller},
		})
	})
	return c, err
}

// freeAccountID draws an account ID that no console has.
func (a *App) freeAccountID(ctx context.Context, tx *store.Tx) (console.AccountID, error) {
	for {
		var symbols [7]byte
		if _, err := io.ReadFull(a.Random, symbols[:]); err != nil {
			return "", fmt.Errorf("draw an account ID: %w", err)
		}
		id := console.NewAccountID(symbols)
		if _, err := tx.ConsoleByAccountID(ctx, id); errors.Is(err, store.ErrNone) {
			return id, nil
		} else if err != nil {
			return "", err
		}
	}
}

// consolesOf returns the IDs of the consoles of a reseller, or of all for an empty one.
func consolesOf(ctx context.Context, tx *store.Tx, resellerID string) ([]string, error) {
	consoles, err := tx.Consoles(ctx)
	var ids []string
	for _, c := range consoles {
		if resellerID == "" || c.ResellerID == resellerID {
			ids = append(ids, c.ID)
		}
	}
	return ids, err
}

// recordPerson writes one event about a person, with one ID, into the vendor's own trail and that of each console in which
// the person works.
func (a *App) recordPerson(ctx context.Context, tx *store.Tx, actor console.Actor, p console.Person, action string) error {
	members, err := tx.MembershipsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	now := a.Clock.Now()
	e := store.Event{
		ID: a.IDs.New("evt", now), At: now, Side: ownSide(actor), PersonID: actor.PersonID, PersonName: actor.Name,
		Action: action, Subject: p.ID, Data: map[string]string{"Person": p.Name},
	}
	for _, m := range members {
		e.ConsoleID = m.ConsoleID
		if err := a.trail(ctx, tx, e); err != nil {
			return err
		}
	}
	return tx.InsertOperatorEvent(ctx, e)
}

// recordForVendor writes one event into the vendor's own trail.
func (a *App) recordForVendor(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, e entry) error {
	return tx.InsertOperatorEvent(ctx, store.Event{
		ID: a.IDs.New("evt", now), At: now, PersonID: actor.PersonID, PersonName: actor.Name, Action: e.Action,
		Subject: e.Subject, Data: e.Data,
	})
}

// self is the actor of what a person does to itself, outside every console.
func self(p console.Person) console.Actor {
	return console.Actor{PersonID: p.ID, Name: p.Name, Operator: p.Operator}
}

// recordIn writes one event of an operator, with one ID, into the trail of each of the consoles.
func (a *App) recordIn(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, consoleIDs []string, e entry) error {
	event := store.Event{
		ID: a.IDs.New("evt", now), At: now, Side: ownSide(actor), PersonID: actor.PersonID, PersonName: actor.Name,
		Action: e.Action, Subject: e.Subject, Data: e.Data,
	}
	for _, id := range consoleIDs {
		event.ConsoleID = id
		if err := a.trail(ctx, tx, event); err != nil {
			return err
		}
	}
	return nil
}
