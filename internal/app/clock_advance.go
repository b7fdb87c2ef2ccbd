package app

import (
	"context"
	"time"

	"psc/internal/civil"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// ClockStep is how far the sandbox's clock is moved forward.
type ClockStep string

// The steps of the sandbox's clock.
const (
	ClockDay   ClockStep = "day"
	ClockWeek  ClockStep = "week"
	ClockMonth ClockStep = "month" // to the next month's first, in the billing zone
)

const day = 24 * time.Hour

// MayMoveClock reports whether the actor may move the sandbox's clock: everybody in the demo, else operators.
func (a *App) MayMoveClock(actor console.Actor) bool {
	return a.Config.Sandbox && (a.Config.Demo || actor.Operator)
}

// AdvanceClock moves the sandbox's clock forward, a day at a time, and does after each day what it has made due
// (spec section 7). Of two people at the same moment both move it to the same place.
func (a *App) AdvanceClock(ctx context.Context, actor console.Actor, step ClockStep) (time.Time, error) {
	sandbox, ok := a.Clock.(*clock.Offset)
	if !ok || !a.MayMoveClock(actor) {
		return time.Time{}, fault.New(fault.Forbidden, "clock.fixed", nil)
	}
	now := sandbox.Now()
	target, err := a.clockTarget(now, step)
	if err != nil {
		return now, err
	}
	told := entry{Action: "clock.moved", Data: map[string]string{"Until": target.Format(time.RFC3339)}}
	for first := true; now.Before(target); first = false {
		from := now
		if now = a.daysLater(now, 1); now.After(target) {
			now = target
		}
		if err := a.moveClock(ctx, sandbox, now, func(tx *store.Tx) error {
			if !first {
				return nil
			}
			return a.recordForVendor(ctx, tx, from, actor, told)
		}); err != nil {
			return now, err
		}
		if err := a.RunDue(ctx); err != nil {
			return now, err
		}
	}
	return now, nil
}

func (a *App) clockTarget(now time.Time, step ClockStep) (time.Time, error) {
	switch step {
	case ClockDay:
		return a.daysLater(now, 1), nil
	case ClockWeek:
		return a.daysLater(now, 7), nil
	case ClockMonth:
		zone := a.Config.BillingZone
		return civil.DateOf(now, zone).Month().Next().First().Start(zone), nil
	}
	return now, fault.InvalidField("to", "clock.step", nil)
}

// daysLater returns the same time of the day so many billing dates later, or the first after it that there is: a day may have 23
// hours or 25, and no billing date is passed over.
func (a *App) daysLater(now time.Time, days civil.Date) time.Time {
	zone := a.Config.BillingZone
	d := a.billingDate(now) + days
	y, m, n := d.Civil()
	local := now.In(zone)
	later := time.Date(y, m, n, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), zone)
	if a.billingDate(later) != d {
		return d.Start(zone).UTC()
	}
	return later.UTC()
}

// moveClock stores that business time is now at least that late, for all processes, and moves this one's clock.
func (a *App) moveClock(ctx context.Context, sandbox *clock.Offset, to time.Time, tell func(*store.Tx) error) error {
	ahead := to.Sub(a.Wall.Now())
	err := a.DB.Update(ctx, func(tx *store.Tx) error {
		stored, err := clockAhead(ctx, tx)
		if err != nil || stored >= ahead {
			return err
		}
		if err := tx.SetSetting(ctx, store.SettingClockAhead, ahead.String()); err != nil {
			return err
		}
		return tell(tx)
	})
	if err != nil {
		return err
	}
	sandbox.Advance(ahead)
	return nil
}

// ClockAhead returns by how much the sandbox's clock runs ahead of the system's at present: another process may have
// moved it.
func (a *App) ClockAhead(ctx context.Context) (ahead time.Duration, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		ahead, err = clockAhead(ctx, tx)
		return err
	})
	return ahead, err
}

// FollowClock takes over what another process did to the sandbox's clock. Every job and every visit begins with it, so that
// nothing is done at an earlier business time than what it follows.
func (a *App) FollowClock(ctx context.Context) error {
	sandbox, ok := a.Clock.(*clock.Offset)
	if !ok {
		return nil
	}
	ahead, err := a.ClockAhead(ctx)
	if err == nil {
		sandbox.Advance(ahead)
	}
	return err
}

func clockAhead(ctx context.Context, tx *store.Tx) (time.Duration, error) {
	set, err := tx.Settings(ctx)
	if err != nil || set[store.SettingClockAhead] == "" {
		return 0, err
	}
	return time.ParseDuration(set[store.SettingClockAhead])
}
