package app

import (
	"context"
	"slices"
	"time"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// Started is what came of starting migrations.
type Started struct {
	Count      int64
	NotStarted []store.NotStarted // of those asked for by ID: who was not ready, and why
}

// StartMigrations starts the migration of every ready customer in the scope (customer IDs, or all that match a search) of
// the actor's source console. Those that are not ready are reported and hold up nobody (spec M1).
func (a *App) StartMigrations(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope) (out Started, err error) {
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		out = Started{}
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if err := migration.CheckStart(c, actor, now); err != nil {
			return err
		}
		if err := touchToMove(ctx, tx, actor, c); err != nil {
			return err
		}
		batch := a.IDs.New("mig", now) + "-"
		out.Count, err = tx.InsertMigrations(ctx, migration.Migration{
			FromID: c.SourceID, ToID: c.MainID, ConnectionID: c.ID, StartedAt: now, StartedBy: actor.Name,
		}, batch, scope)
		if err != nil {
			return err
		}
		if !scope.All {
			if out.NotStarted, err = notStarted(ctx, tx, c.SourceID, batch, scope.IDs); err != nil {
				return err
			}
		}
		if out.Count == 0 {
			return nil
		}
		return a.tellStarted(ctx, tx, now, actor, c, batch, scope, out.Count)
	})
	return out, err
}

// touchToMove makes a transaction that has customers move meet the end of their connection, and refuses people while the console
// at the other end is suspended: it cannot be changed.
func touchToMove(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection) error {
	if ok, err := tx.TouchConnected(ctx, c.ID); err != nil || !ok {
		return orTooLate(err)
	}
	other, err := tx.Console(ctx, c.Other(actor.ConsoleID))
	if err != nil || actor.Operator || other.State != console.Suspended {
		return err
	}
	return fault.New(fault.Precondition, "migration.other_suspended", nil)
}

func (a *App) tellStarted(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c connection.Connection, batch string, scope store.Scope, n int64) error {
	data, err := endsOf(c).tell(ctx, tx, map[string]string{"Count": count(n), "Path": "/migrations?connection=" + c.ID})
	if err != nil {
		return err
	}
	if err := a.record(ctx, tx, now, actor, entry{
		Action: "migration.started", Subject: batch, Customer: only(scope), Other: c.MainID, As: connection.Source, Data: data,
	}); err != nil {
		return err
	}
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: c.MainID, Kind: "migration.started", Audience: console.AddCustomers, Dedupe: batch, Data: data,
	})
}

// notStarted returns which of the customers were not started and why; those that the console does not know come last.
func notStarted(ctx context.Context, tx *store.Tx, sourceID, batch string, ids []string) ([]store.NotStarted, error) {
	list, known, err := tx.NotStarted(ctx, sourceID, batch, ids)
	for _, n := range list {
		known = append(known, n.CustomerID)
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if !slices.Contains(known, id) {
			list = append(list, store.NotStarted{CustomerID: id, Unknown: true})
		}
	}
	return list, err
}

// only returns the customer if the scope is a single one, so that its history names the event.
func only(s store.Scope) string {
	if !s.All && len(s.IDs) == 1 {
		return s.IDs[0]
	}
	return ""
}

// StartPreview is what the confirmation of a start shows (spec M1).
type StartPreview struct {
	Connection connection.Connection
	Entities   []store.EntityCount
	Customers  int64
}

// PreviewStart returns the present legal entities of the ready customers in the scope.
func (a *App) PreviewStart(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope) (p StartPreview, err error) {
	if err := actor.May(console.TransferCustomers); err != nil {
		return p, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if p.Connection, err = tx.Connection(ctx, actor.ConsoleID, connectionID); err != nil {
			return found(err, "connection.not_found")
		}
		if err := migration.CheckStart(p.Connection, actor, now); err != nil {
			return err
		}
		if p.Entities, err = tx.EntitiesToStart(ctx, p.Connection.SourceID, p.Connection.MainID, scope); err != nil {
			return err
		}
		p.Customers, err = tx.CountToStart(ctx, p.Connection.SourceID, scope)
		return err
	})
	return p, err
}

// PreviewCancel returns how many migrations of the scope would be cancelled.
func (a *App) PreviewCancel(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope) (n int64, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if err := migration.CheckActor(migration.Cancel, c.SideOf(actor.ConsoleID), actor); err != nil {
			return err
		}
		n, err = tx.CountCancellable(ctx, actor.ConsoleID, c.SourceID, c.ID, scope)
		return err
	})
	return n, err
}

// CancelMigrations cancels what has started and is not being moved, in the scope (migration IDs, or all that match a
// search) of the actor's source console, and evaluates the customers anew (spec M2): in the same transaction, or within
// seconds if they are more than one transaction evaluates.
func (a *App) CancelMigrations(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope) (n int, err error) {
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if err := migration.CheckActor(migration.Cancel, c.SideOf(actor.ConsoleID), actor); err != nil {
			return err
		}
		customers, err := tx.CustomersToCancel(ctx, c.SourceID, c.ID, scope, evaluateChunk+1)
		if err != nil {
			return err
		}
		if len(customers) == 0 {
			return fault.New(fault.Conflict, "migration.none_to_cancel", nil)
		}
		event := a.newEvent(now)
		cancelled, err := tx.CancelMigrations(ctx, c.SourceID, c.ID, "", event, scope, now)
		if n = int(cancelled); err != nil {
			return err
		}
		if len(customers) > evaluateChunk {
			err = a.requestEvaluation(ctx, tx, c)
		} else {
			err = a.evaluateCustomers(ctx, tx, now, c.SourceID, customers)
		}
		if err != nil {
			return err
		}
		data, err := endsOf(c).tell(ctx, tx, map[string]string{"Count": count(int64(n))})
		if err != nil {
			return err
		}
		e := entry{ID: event, Action: "migration.cancelled", Subject: c.ID, Other: c.MainID, As: connection.Source, Data: data}
		if n == 1 {
			e.Customer = customers[0]
		}
		return a.record(ctx, tx, now, actor, e)
	})
	return n, err
}
