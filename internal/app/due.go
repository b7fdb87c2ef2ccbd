package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/store"
)

// sweepEvery is how often everybody is evaluated at the least (spec R2).
const sweepEvery = 12 * time.Hour

// DueJob does what time has made due. Engines enqueue it every minute.
type DueJob struct{}

// Kind implements store.Job.
func (DueJob) Kind() string { return store.KindDue }

// RunDueJob works on one DueJob.
func (a *App) RunDueJob(ctx context.Context, _ DueJob) error {
	if err := a.RunDue(ctx); err != nil {
		return err
	}
	if err := a.SweepEnded(ctx); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.CompleteJob(ctx) })
}

// RunDue does what time has made due at the present business time: expiries, reminders, the end of waiting periods,
// the sweep, scheduled migrations, renewals and the notice of those to come, new prices, the close of months, and the count of licences. Each is guarded by what it writes, so running it
// twice, or at two places at once, does nothing twice.
func (a *App) RunDue(ctx context.Context) error {
	now := a.Clock.Now()
	var due []store.DueConnection
	var sweep []connection.Connection
	err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		if due, err = tx.DueConnections(ctx, now); err != nil {
			return err
		}
		sweep, err = tx.ConnectionsToSweep(ctx, now.Add(-sweepEvery))
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range due {
		if err := a.DB.Update(ctx, func(tx *store.Tx) error { return a.runDueConnection(ctx, tx, now, d) }); err != nil {
			return err
		}
	}
	for _, c := range sweep {
		if err := a.DB.Update(ctx, func(tx *store.Tx) error { return a.requestEvaluation(ctx, tx, c) }); err != nil {
			return err
		}
	}
	return errors.Join(a.runSchedules(ctx, now), a.renewDue(ctx, now), a.tellRenewals(ctx, now), a.repriceDue(ctx, now), a.closeDue(ctx, now),
		a.countLicences(ctx, a.billingDate(now)), a.sendDue(ctx))
}

func (a *App) runDueConnection(ctx context.Context, tx *store.Tx, now time.Time, d store.DueConnection) error {
	switch d.At(now) {
	case connection.Expired:
		return a.expire(ctx, tx, d.Connection)
	case connection.Invited:
		return a.remind(ctx, tx, now, d)
	case connection.Connected:
		return a.tellWaitOver(ctx, tx, d.Connection)
	case connection.Closed, connection.Cancelled, connection.Declined:
		return nil
	}
	return nil
}

// remind sends the latest reminder that is due.
func (a *App) remind(ctx context.Context, tx *store.Tx, now time.Time, d store.DueConnection) error {
	n := int64(0)
	for _, after := range connection.Reminders {
		if !now.Before(d.InvitedAt.Add(after)) {
			n++
		}
	}
	if n <= d.Reminders {
		return nil
	}
	data, err := endsOf(d.Connection).tell(ctx, tx, map[string]string{
		"ExpiresAt": d.ExpiresAt.Format(time.RFC3339), "Path": "/unification/" + d.ID,
	})
	if err != nil {
		return err
	}
	if ok, err := tx.SetReminders(ctx, d.ID, n); err != nil || !ok {
		return err
	}
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: d.SourceID, Kind: "connection.reminder", Audience: console.SuperAdmin,
		Dedupe: d.ID + "/reminder/" + strconv.FormatInt(n, 10), Data: data,
	})
}

// tellWaitOver tells both sides that migrations can start.
func (a *App) tellWaitOver(ctx context.Context, tx *store.Tx, c connection.Connection) error {
	if ok, err := tx.SetWaitNoticed(ctx, c.ID); err != nil || !ok {
		return err
	}
	data, err := endsOf(c).tell(ctx, tx, map[string]string{"Path": "/migrations?connection=" + c.ID})
	if err != nil {
		return err
	}
	for id, audience := range map[string]console.Privilege{
		c.SourceID: console.TransferCustomers, c.MainID: console.AddCustomers,
	} {
		if err := a.notify(ctx, tx, c.MayStartAt, store.Notice{
			ConsoleID: id, Kind: "connection.wait_over", Audience: audience, Dedupe: c.ID + "/wait_over", Data: data,
		}); err != nil {
			return err
		}
	}
	return nil
}
