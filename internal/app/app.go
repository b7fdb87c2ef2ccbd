// Package app holds everything the product can do: one file is one verb, one exported method one use case. A use case
// reads the clock once, runs in one visible transaction, asks the pure rules, and knows nothing of who displays it.
package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"psc/internal/civil"
	"psc/internal/clock"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/ident"
	"psc/internal/store"
)

// App runs the use cases.
type App struct {
	DB     *store.DB
	Clock  clock.Clock // business time: what the sandbox moves
	Wall   clock.Clock // the system's time: sessions, limits
	IDs    *ident.Source
	Random io.Reader // for secrets
	Log    *slog.Logger
	Post   Post // nil in a process that sends no mails

	Courier    Courier       // nil in a process that sends nothing to webhooks
	MessageIDs *ident.Source // of messages to webhooks only, so that those of one millisecond keep their order

	Limits *Limits // how often clients ask; nil bounds nothing
	Config Config
}

// Config is what an installation has set. It does not change while a process runs.
type Config struct {
	BillingZone     *time.Location
	Terms           connection.Terms
	Sandbox         bool // the clock may be moved
	Demo            bool // one-click sign-in
	AccountApproval bool // new billing accounts wait for the operator
	ChunkSize       int  // customers that one job moves
	APIRate         int  // requests a minute of one token; zero bounds nothing
}

// billingDate returns the billing date of an instant (spec B1).
func (a *App) billingDate(t time.Time) civil.Date { return civil.DateOf(t, a.Config.BillingZone) }

// entry is what a use case writes into the audit trail.
type entry struct {
	ID       string // empty: a new one
	Action   string
	Subject  string
	Customer string
	Data     map[string]string
	Other    string          // the other console concerned; empty: none
	As       connection.Side // which side the actor's console is, seen from Other
	Reading  bool            // nothing is changed: it tells who read
	Asking   bool            // nothing is changed but what is said to the vendor
}

// record writes one event into the trail of the actor's console and, without the actor's name, into the other's. Every change
// comes by here, so here it is refused in a suspended console.
func (a *App) record(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, e entry) error {
	if err := actor.MayChange(); err != nil && !e.Reading && !e.Asking {
		return err
	}
	event := store.Event{
		ConsoleID: actor.ConsoleID, ID: e.ID, At: now, Side: ownSide(actor), PersonID: actor.PersonID,
		PersonName: actor.Name, Action: e.Action, Subject: e.Subject, CustomerID: e.Customer, Data: e.Data,
	}
	if event.ID == "" {
		event.ID = a.newEvent(now)
	}
	if err := a.trail(ctx, tx, event); err != nil {
		return err
	}
	if e.Other == "" {
		return nil
	}
	event.ConsoleID, event.PersonID, event.PersonName = e.Other, "", ""
	event.Side = otherSide(actor, e.As)
	return a.trail(ctx, tx, event)
}

// newEvent names an event that is about to be written, for what it tells of to remember.
func (a *App) newEvent(now time.Time) string { return a.IDs.New("evt", now) }

func ownSide(actor console.Actor) store.EventSide {
	switch {
	case actor.System:
		return store.SideSystem
	case actor.Operator:
		return store.SideOperator
	default:
		return store.SideOwn
	}
}

func otherSide(actor console.Actor, as connection.Side) store.EventSide {
	if own := ownSide(actor); own != store.SideOwn {
		return own
	}
	if as == connection.Main {
		return store.SideMain
	}
	return store.SideSource
}

// system is the actor of what time does in a console.
func system(consoleID string) console.Actor { return console.Actor{ConsoleID: consoleID, System: true} }

// notify tells the people of a console once for each dedupe.
func (a *App) notify(ctx context.Context, tx *store.Tx, now time.Time, n store.Notice) error {
	// What is told late gets a late ID all the same: whoever read up to a notice has not read those told after it.
	n.ID, n.At, n.Topic = a.IDs.New("ntc", a.Clock.Now()), now, console.TopicOf(n.Kind)
	added, err := tx.InsertNotice(ctx, n)
	if err != nil || !added {
		return err
	}
	return a.mailNotice(ctx, tx, n)
}

// requestStands is for how long a request stands open.
const requestStands = 7 * day

// request tells the people of a console of a matter, which the notice's Dedupe names, unless the same request stands open;
// it reports whether it did.
func (a *App) request(ctx context.Context, tx *store.Tx, now time.Time, n store.Notice) (bool, error) {
	open, err := tx.NoticedSince(ctx, n.ConsoleID, n.Dedupe+"/", now.Add(-requestStands))
	if err != nil || open {
		return false, err
	}
	n.Dedupe += "/" + a.billingDate(now).String()
	return true, a.notify(ctx, tx, now, n)
}

// found turns "no such row" into the fault that says so; what belongs to another console gives the same.
func found(err error, key string) error {
	if errors.Is(err, store.ErrNone) {
		return fault.New(fault.NotFound, key, nil)
	}
	return err
}

// tooLate is what a use case answers when somebody else was faster.
func tooLate() error { return fault.New(fault.Conflict, "changed_meanwhile", nil) }
