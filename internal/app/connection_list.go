package app

import (
	"context"
	"time"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/store"
)

// ConnectionView is a connection as one of its consoles may see it (spec C9).
type ConnectionView struct {
	connection.Connection
	Side      connection.Side   // of the console that asks
	State     connection.State  // at now: expired ones are EXPIRED
	AccountID console.AccountID // of the other console
	Name      string            // of the other console; empty for the main until the source has accepted
	Reseller  string            // of the other console; empty for the main until the source has accepted
	Waiting   bool              // in the waiting period
	Allowed   map[connection.Action]bool
}

// Connections returns the connections of the actor's console, the newest first.
func (a *App) Connections(ctx context.Context, actor console.Actor) (list []ConnectionView, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		connections, err := tx.Connections(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		for _, c := range connections {
			v, err := viewConnection(ctx, tx, actor, c, now)
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		return nil
	})
	return list, err
}

func viewConnection(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection, now time.Time) (ConnectionView, error) {
	v := ConnectionView{
		Connection: c, Side: c.SideOf(actor.ConsoleID), State: c.At(now), Waiting: c.Waiting(now),
		Allowed: make(map[connection.Action]bool),
	}
	if v.Side == connection.Source && c.Reason == connection.ReasonBecameSource {
		v.Reason = "" // what else the main is connected to is not for those it invited (spec C9)
	}
	for _, action := range connection.Actions {
		v.Allowed[action] = c.Allows(action, actor, now)
	}
	other, err := tx.Console(ctx, c.Other(actor.ConsoleID))
	v.AccountID = other.AccountID
	if v.Side == connection.Source || !c.AcceptedAt.IsZero() {
		v.Name, v.Reseller = other.Name, other.ResellerName
		if then, ended := c.OtherAtEnd(actor.ConsoleID); ended {
			v.Name, v.Reseller = then.Name, then.Reseller
		}
	}
	return v, err
}

// ConnectionPage is one connection with what its console may know of the other side.
type ConnectionPage struct {
	ConnectionView
	EndsInvites int                    // the console's other open invitations, which accepting would end (spec C4)
	Ready       int                    // customers of the source as its lists count them; up to store.CountLimit
	NotReady    int                    //
	OnlyWaiting int                    // of those not ready: for no other reason than the waiting period
	Missing     []store.MissingAccount // for the main and the source: per currency
	Open        int                    // customers in migration
	Completed   int                    // customers that have moved
	Movable     bool                   // some customer of the source is left that can move, or could if its reasons were cleared
}

// Connection returns one connection of the actor's console.
func (a *App) Connection(ctx context.Context, actor console.Actor, id string) (p ConnectionPage, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return p, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "connection.not_found")
		}
		p = ConnectionPage{}
		if p.ConnectionView, err = viewConnection(ctx, tx, actor, c, now); err != nil {
			return err
		}
		if p.State == connection.Invited && p.Side == connection.Source {
			invites, err := tx.PendingInvites(ctx, actor.ConsoleID)
			for _, other := range invites {
				if other.ID != c.ID && other.At(now) == connection.Invited {
					p.EndsInvites++
				}
			}
			return err
		}
		if p.State != connection.Connected {
			return nil
		}
		return a.countConnection(ctx, tx, &p)
	})
	return p, err
}

func (a *App) countConnection(ctx context.Context, tx *store.Tx, p *ConnectionPage) (err error) {
	if p.Ready, err = tx.CountCandidates(ctx, p.SourceID, store.CandidateFilter{Ready: true, Waiting: p.Waiting}); err != nil {
		return err
	}
	if p.NotReady, err = tx.CountCandidates(ctx, p.SourceID, store.CandidateFilter{Waiting: p.Waiting}); err != nil {
		return err
	}
	if p.Waiting {
		only := store.CandidateFilter{Waiting: true, Blocker: migration.WaitingPeriod}
		if p.OnlyWaiting, err = tx.CountCandidates(ctx, p.SourceID, only); err != nil {
			return err
		}
	}
	if p.Missing, err = tx.MissingAccounts(ctx, p.SourceID, p.MainID); err != nil {
		return err
	}
	filter := store.MigrationFilter{
		ConnectionID: p.ID, SourceID: p.SourceID, States: []migration.State{migration.Started, migration.Scheduled, migration.Migrating},
	}
	if p.Open, err = tx.CountMigrations(ctx, p.SourceID, filter); err != nil {
		return err
	}
	filter.States = []migration.State{migration.Completed}
	if p.Completed, err = tx.CountMigrations(ctx, p.SourceID, filter); err != nil {
		return err
	}
	curable, err := tx.CountCandidates(ctx, p.SourceID, store.CandidateFilter{Curable: true})
	p.Movable = p.Ready+p.OnlyWaiting+p.Open+curable > 0
	return err
}
