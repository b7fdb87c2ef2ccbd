package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// toldOf returns the notices of a topic in a console as their kinds and what they count, the oldest first.
func toldOf(w *apptest.World, c console.Console, topic console.NoticeTopic) (list []string) {
	w.T.Helper()
	w.Read(func(tx *store.Tx) error {
		found, err := tx.Notices(w.T.Context(), c.ID, "per", console.RoleSuperAdmin.Privileges(), store.NoticeQuery{}, 1_000)
		for _, n := range found {
			if n.Topic == topic {
				line := []string{n.Kind}
				for _, name := range []string{"Count", "Days", "From", "Date", "Ready", "NotReady", "Done", "Returned"} {
					if n.Data[name] != "" {
						line = append(line, name, n.Data[name])
					}
				}
				list = append([]string{strings.Join(line, " ")}, list...)
			}
		}
		return err
	})
	return list
}

// termsEnding adds a customer to C for each date, whose annual plan ends on it.
func termsEnding(w *apptest.World, dates ...civil.Date) {
	w.T.Helper()
	w.AddCustomers(w.C, len(dates), func(i int, _ *customer.Customer, s *customer.Subscription) {
		s.Plan, s.Renewal = catalog.AnnualMonthlyPay, customer.RenewYearly
		s.StartDate = dates[i] - 365
		s.TermStart, s.TermEnd = s.StartDate, dates[i]
	})
}

// TestRenewalsAreToldThirtyAndThreeDaysAhead moves the clock a day at a time, as the sandbox does.
func TestRenewalsAreToldThirtyAndThreeDaysAhead(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		today := civil.NewDate(2026, time.October, 1)
		termsEnding(w, today+30, today+30, today+31, today+3, today+10)
		for range 2 {
			w.Must(w.RunDue(t.Context()))
		}
		_, err := w.AdvanceClock(t.Context(), console.Actor{Operator: true, Name: "Op"}, "month")
		w.Must(err)
		w.Must(w.RunDue(t.Context()))
		want := []string{
			"subscription.renewals Count 2 Days 30 From 2026-10-31 Date 2026-10-31",
			"subscription.renewals Count 1 Days 3 From 2026-10-04 Date 2026-10-04",
			"subscription.renewals Count 1 Days 30 From 2026-11-01 Date 2026-11-01",
			"subscription.renewals Count 1 Days 3 From 2026-10-11 Date 2026-10-11",
			"subscription.renewals Count 2 Days 3 From 2026-10-31 Date 2026-10-31",
			"subscription.renewals Count 1 Days 3 From 2026-11-01 Date 2026-11-01",
			// The one of 4 October renewed for a year; nothing else comes within 30 days.
		}
		if got := toldOf(w, w.C, "renewals"); !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// TestWhatPassedWhileNothingRanIsToldTogetherOnce has the process be down for forty days.
func TestWhatPassedWhileNothingRanIsToldTogetherOnce(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		today := civil.NewDate(2026, time.October, 1)
		w.Must(w.RunDue(t.Context()))
		termsEnding(w, today+20, today+41, today+43, today+50, today+70, today+71)
		w.Clock.Advance(w.Clock.Ahead() + 40*24*time.Hour)
		for range 2 {
			w.Must(w.RunDue(t.Context()))
		}
		want := []string{
			"subscription.renewals_between Count 2 Days 30 From 2026-11-14 Date 2026-12-10",
			"subscription.renewals_between Count 2 Days 3 From 2026-11-11 Date 2026-11-13",
		}
		if got := toldOf(w, w.C, "renewals"); !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// TestRemindersAndWaitingPeriodsAreToldOnceHoweverTheClockGoes jumps past the first reminder, past both, and past the wait.
func TestRemindersAndWaitingPeriodsAreToldOnceHoweverTheClockGoes(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		_, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.C.AccountID))
		w.Must(err)
		w.Accept(w.A, w.B)
		for _, days := range []int{3, 5, 15, 1, 10, 40} {
			w.Clock.Advance(w.Clock.Ahead() + time.Duration(days)*24*time.Hour)
			for range 2 {
				w.Must(w.RunDue(t.Context()))
			}
		}
		for console, topics := range map[*console.Console]map[console.NoticeTopic]int{
			&w.C: {"invite_expiring": 2, "invite_received": 1}, &w.A: {"invite_declined": 1, "wait_over": 1}, &w.B: {"wait_over": 1},
		} {
			for topic, n := range topics {
				if got := toldOf(w, *console, topic); len(got) != n {
					t.Errorf("%s of %s: %v, want %d", topic, console.Name, got, n)
				}
			}
		}
	})
}

// TestReadinessIsToldOncePerCheck has a dozen customers make one notice, and a check without changes none.
func TestReadinessIsToldOncePerCheck(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		c, ids := connected(w, 12)
		w.Evaluate(c)
		want := []string{"migration.readiness Ready 12 NotReady 0"}
		if got := toldOf(w, w.B, "readiness"); !slices.Equal(got, want) {
			t.Fatalf("%q, want %q", got, want)
		}
		openOrders := func(ids []string) {
			for _, id := range ids {
				w.Exec(`UPDATE customers SET tos_accepted_at = 0 WHERE id = '` + id + `'`)
			}
		}
		openOrders(ids[:5])
		w.Evaluate(c)
		w.Evaluate(c)
		want = append(want, "migration.readiness Ready 0 NotReady 5")
		w.Exec(`UPDATE customers SET tos_accepted_at = 1 WHERE id IN ('` + ids[0] + `', '` + ids[1] + `')`)
		openOrders(ids[6:7])
		_, err := w.CheckCustomer(t.Context(), apptest.Admin(w.B), ids[0]) // one by one says nothing
		w.Must(err)
		w.Evaluate(c)
		want = append(want, "migration.readiness Ready 2 NotReady 1")
		if got := toldOf(w, w.B, "readiness"); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if got := toldOf(w, w.A, "readiness"); len(got) != 0 {
			t.Errorf("the main is told of customers of the source: %q", got)
		}
	})
}

// TestStartingAndMovingManyMakesOneNotice counts what 100 customers make.
func TestStartingAndMovingManyMakesOneNotice(t *testing.T) {
	t.Parallel()
	once(t, func(t *testing.T, w *apptest.World) {
		c, ids := connected(w, 100)
		w.Evaluate(c)
		w.Must(startAll(t.Context(), w, c)())
		if got := toldOf(w, w.A, "started"); !slices.Equal(got, []string{"migration.started Count 100"}) {
			t.Errorf("%q", got)
		}
		w.Exec(`UPDATE customers SET tos_accepted_at = 0 WHERE id = '` + ids[7] + `'`)
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		w.Finish(op)
		for _, side := range []console.Console{w.A, w.B} {
			if got := toldOf(w, side, "returned"); !slices.Equal(got, []string{"migration.run_returned Done 99 Returned 1"}) {
				t.Errorf("%q", got)
			}
			if got := toldOf(w, side, "run_finished"); len(got) != 0 {
				t.Errorf("one run is told twice: %q", got)
			}
		}
	})
}
