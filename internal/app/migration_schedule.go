package app

import (
	"context"
	"time"

	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// ScheduleMigrations completes the started migrations of the scope on a later billing date d (spec M11): they are
// SCHEDULED, frozen as before, until d begins in the billing time zone. It refuses what CompleteMigrations refuses, and a
// date that is not from tomorrow to 31 days ahead ("migration.schedule_date"). It returns how many there are.
func (a *App) ScheduleMigrations(ctx context.Context, actor console.Actor, in Completion, d civil.Date) (n int64, err error) {
	return a.schedule(ctx, actor, d, func(tx *store.Tx, event string) (connection.Connection, int64, error) {
		c, err := a.settle(ctx, tx, actor, in)
		if err != nil {
			return c, 0, err
		}
		n, err := tx.ScheduleMigrations(ctx, c.MainID, c.SourceID, c.ID, event, d, in.Scope)
		return c, n, err
	})
}

// RescheduleMigrations gives the scheduled migrations of the scope another billing date, and returns how many there are.
func (a *App) RescheduleMigrations(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope, d civil.Date) (n int64, err error) {
	return a.schedule(ctx, actor, d, func(tx *store.Tx, event string) (connection.Connection, int64, error) {
		c, err := a.connectionToMove(ctx, tx, actor, connectionID)
		if err != nil {
			return c, 0, err
		}
		n, err := tx.RescheduleMigrations(ctx, c.MainID, c.SourceID, c.ID, event, d, scope)
		return c, n, err
	})
}

// schedule does what gives migrations a billing date, and tells both sides.
func (a *App) schedule(ctx context.Context, actor console.Actor, d civil.Date, do func(tx *store.Tx, event string) (connection.Connection, int64, error)) (n int64, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return 0, err
	}
	now := a.Clock.Now()
	if err := migration.CheckSchedule(d, a.billingDate(now)); err != nil {
		return 0, err
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		var c connection.Connection
		event := a.newEvent(now)
		if c, n, err = do(tx, event); err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "migration.none_to_schedule", nil)
		}
		return a.tellSchedule(ctx, tx, actor, c, entry{ID: event, Action: "migration.scheduled"}, now, map[string]string{
			"Count": count(n), "Date": d.String(), "Zone": a.Config.BillingZone.String(),
		})
	})
	return n, err
}

// WithdrawSchedules makes the scheduled migrations of the scope wait for completion again, with the accounts that were
// chosen, and returns how many there are.
func (a *App) WithdrawSchedules(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope) (n int64, err error) {
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := a.connectionToMove(ctx, tx, actor, connectionID)
		if err != nil {
			return err
		}
		event := a.newEvent(now)
		if n, err = tx.WithdrawSchedules(ctx, c.MainID, c.SourceID, c.ID, event, scope); err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "migration.none_scheduled", nil)
		}
		return a.tellSchedule(ctx, tx, actor, c, entry{ID: event, Action: "migration.schedule_withdrawn"}, now, map[string]string{"Count": count(n)})
	})
	return n, err
}

// tellSchedule writes what became of a schedule into both trails and tells the source.
func (a *App) tellSchedule(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection, e entry, now time.Time, more map[string]string) error {
	data, err := endsOf(c).tell(ctx, tx, more)
	if err != nil {
		return err
	}
	e.Subject, e.Other, e.As, e.Data = c.ID, c.SourceID, connection.Main, data
	if err := a.record(ctx, tx, now, actor, e); err != nil {
		return err
	}
	data["Path"] = "/migrations?connection=" + c.ID + "&tab=started"
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: c.SourceID, Kind: e.Action, Audience: console.TransferCustomers, Dedupe: a.IDs.New("sch", now), Data: data,
	})
}

// runSchedules begins the runs of what is scheduled for a billing date that has come.
func (a *App) runSchedules(ctx context.Context, now time.Time) error {
	var due []store.Schedule
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.DueSchedules(ctx, a.billingDate(now))
		return err
	}); err != nil {
		return err
	}
	for _, s := range due {
		if err := a.DB.Update(ctx, func(tx *store.Tx) error { return a.runSchedule(ctx, tx, s, now) }); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) runSchedule(ctx context.Context, tx *store.Tx, s store.Schedule, now time.Time) error {
	if ok, err := tx.TouchConnected(ctx, s.ConnectionID); err != nil || !ok {
		return err // whoever closed it has cancelled what was scheduled
	}
	op := newRun(a.IDs.New("op", now), s.MainID, s.SourceID, s.ConnectionID, now)
	var err error
	if op.Total, err = tx.BeginScheduledRun(ctx, s.MainID, s.SourceID, s.ConnectionID, op.ID, s.Date); err != nil || op.Total == 0 {
		return err
	}
	return a.beginRun(ctx, tx, system(s.MainID), op)
}
