package app

import (
	"context"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// Closing is what closing a connection would undo (spec C6).
type Closing struct {
	Connection connection.Connection
	Open       int64 // migrations that would be cancelled
	Migrating  int64
	MayStopRun bool // the actor may stop the run and close
}

// PreviewClose returns what closing the connection would undo.
func (a *App) PreviewClose(ctx context.Context, actor console.Actor, id string) (p Closing, err error) {
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if _, err := c.Next(connection.Close, actor, now); err != nil {
			return err
		}
		p = Closing{Connection: c, MayStopRun: c.MainID == actor.ConsoleID}
		if p.Migrating, err = tx.CountMigrating(ctx, c.SourceID, c.ID); err != nil {
			return err
		}
		p.Open, err = tx.CountCancellable(ctx, actor.ConsoleID, c.SourceID, c.ID, store.Scope{All: true})
		return err
	})
	return p, err
}

// CloseConnection ends a connection from either side and cancels its started migrations. It is refused while customers
// are being moved ("connection.close.migrating"), unless the main has its run stopped first with stopRun.
func (a *App) CloseConnection(ctx context.Context, actor console.Actor, id string, stopRun bool) error {
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if c.State, err = c.Next(connection.Close, actor, now); err != nil {
			return err
		}
		if err := tx.LockConsoles(ctx, c.MainID, c.SourceID); err != nil {
			return err
		}
		c.EndedAt, c.EndedBy = now, c.SideOf(actor.ConsoleID)
		event := a.newEvent(now)
		if err := a.end(ctx, tx, actor, c, connection.Connected, event); err != nil {
			return err
		}
		if err := a.stopRuns(ctx, tx, actor, c, stopRun); err != nil {
			return err
		}
		migrating, err := tx.CountMigrating(ctx, c.SourceID, c.ID)
		if err != nil {
			return err
		}
		if migrating > 0 {
			return fault.New(fault.Precondition, "connection.close.migrating", fault.Args{"Count": migrating})
		}
		_, err = tx.CancelMigrations(ctx, c.SourceID, c.ID, migration.ReasonConnectionClosed, event, store.Scope{All: true}, now)
		return err
	})
}

// stopRuns pauses the connection's running runs if the main asked for it, and ends the paused ones: nothing is left of them.
func (a *App) stopRuns(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection, stopRun bool) error {
	open, err := tx.OpenRuns(ctx, c.MainID, c.ID)
	if err != nil {
		return err
	}
	for _, op := range open {
		if op.State == store.OperationRunning {
			if !stopRun || actor.ConsoleID != c.MainID {
				continue
			}
			if err := a.pause(ctx, tx, actor, op); err != nil {
				return err
			}
		}
		if _, err := tx.SetOperationState(ctx, op.ConsoleID, op.ID, store.OperationPaused, store.OperationDone, c.EndedAt); err != nil {
			return err
		}
	}
	return nil
}

// ShareOrders switches whether the main may read the earlier orders of customers that have moved (spec M9).
func (a *App) ShareOrders(ctx context.Context, actor console.Actor, id string, shares bool) error {
	if err := actor.May(console.SuperAdmin); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if c.SideOf(actor.ConsoleID) != connection.Source {
			return fault.New(fault.Precondition, "connection.wrong_side", nil)
		}
		if ok, err := tx.SetSharesOrders(ctx, actor.ConsoleID, id, shares); err != nil || !ok {
			return orTooLate(err)
		}
		action := "connection.orders_shared"
		if !shares {
			action = "connection.orders_unshared"
		}
		data, err := endsOf(c).tell(ctx, tx, nil)
		if err != nil {
			return err
		}
		return a.record(ctx, tx, now, actor, entry{Action: action, Subject: id, Other: c.MainID, As: connection.Source, Data: data})
	})
}
