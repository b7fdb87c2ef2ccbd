package app

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// The events of a console's state. The newest one of a suspension tells who suspended it and why.
const (
	consoleSuspended   = "console.suspended"
	consoleReactivated = "console.reactivated"
)

// reasonLimit is how many characters a reason may have.
const reasonLimit = 500

// SuspendConsole makes the console in which the operator acts one that can be read and not changed. Its people sign in as ever;
// what time brings, and what was begun before, goes on.
func (a *App) SuspendConsole(ctx context.Context, actor console.Actor, reason string) error {
	return a.setConsoleState(ctx, actor, console.Active, console.Suspended, consoleSuspended, reason)
}

// ReactivateConsole ends the suspension of the console in which the operator acts.
func (a *App) ReactivateConsole(ctx context.Context, actor console.Actor, reason string) error {
	return a.setConsoleState(ctx, actor, console.Suspended, console.Active, consoleReactivated, reason)
}

func (a *App) setConsoleState(ctx context.Context, actor console.Actor, from, to console.State, action, reason string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return fault.InvalidField("reason", "console_state.reason_missing", nil)
	case utf8.RuneCountInString(reason) > reasonLimit:
		return fault.InvalidField("reason", "console_state.reason_long", fault.Args{"Limit": reasonLimit})
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Console(ctx, actor.ConsoleID)
		if err != nil {
			return found(err, "console.not_found")
		}
		ok, err := tx.SetConsoleState(ctx, c.ID, from, to)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Precondition, "console_state.already_"+strings.ToLower(string(to)), nil)
		}
		data := map[string]string{"Console": c.Name, "Reason": reason, "Path": "/"}
		return errors.Join(
			a.record(ctx, tx, now, actor, entry{Action: action, Subject: c.ID, Data: data}),
			a.notify(ctx, tx, now, store.Notice{
				ConsoleID: c.ID, Kind: action, Audience: console.ViewCustomers, Dedupe: action + "/" + now.Format(time.RFC3339Nano), Data: data,
			}),
		)
	})
}

// suspension returns the event of a console's suspension; the zero one if it is not suspended, or if nobody has told.
func suspension(ctx context.Context, tx *store.Tx, consoleID string) (Event, error) {
	c, err := tx.Console(ctx, consoleID)
	if err != nil || c.State != console.Suspended {
		return Event{}, err
	}
	e, err := tx.EventOf(ctx, consoleID, consoleID, consoleSuspended)
	if errors.Is(err, store.ErrNone) {
		err = nil
	}
	return e, err
}
