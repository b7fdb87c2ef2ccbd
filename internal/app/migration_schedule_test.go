package app_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// scheduled is a world in which A has scheduled everybody of B for a date that is days ahead.
func scheduled(t *testing.T, w *apptest.World, days civil.Date) (c connection.Connection, ids []string, d civil.Date) {
	t.Helper()
	w.AddIssuer()
	ids = w.AddCustomers(w.B, 3, nil)
	c = w.Connect(w.A, w.B)
	_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
	w.Must(err)
	d = today(w) + days
	n, err := w.ScheduleMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID), d)
	w.Must(err)
	if n != 3 {
		t.Fatalf("%d scheduled", n)
	}
	return c, ids, d
}

func today(w *apptest.World) civil.Date { return civil.DateOf(w.Clock.Now(), w.Config.BillingZone) }

// migrationsOf are the IDs of the migrations in a state, by customer.
func migrationsOf(w *apptest.World, state migration.State) []string {
	return w.Texts(`SELECT id FROM migrations WHERE state = '` + string(state) + `' ORDER BY customer_id`)
}

// startOf is an hour after the billing date has begun.
func startOf(w *apptest.World, d civil.Date) time.Duration {
	return d.Start(w.Config.BillingZone).Add(time.Hour).Sub(w.Clock.Now())
}

// advance moves the clock to an hour into the billing date without doing what becomes due: as if nothing ran meanwhile.
func advance(w *apptest.World, d civil.Date) { w.Clock.Advance(w.Clock.Ahead() + startOf(w, d)) }

// A scheduled move has its billing date, however late it runs (spec B1, M11); the month waits for it (spec B2).
func TestScheduledMovesHaveTheirDate(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		c, ids, d := scheduled(t, w, 20)
		advance(w, d-1)
		w.Must(w.RunDue(ctx))
		if got := migrationsOf(w, migration.Scheduled); len(got) != 3 {
			t.Fatalf("the day before %d of 3 are scheduled", len(got))
		}
		wantFault(t, w.SuspendSubscription(ctx, apptest.Admin(w.B), "sub_"+ids[0][4:]), "customer.migration_in_progress")

		advance(w, d.Month().End()+2) // nothing runs until the month is over
		for _, side := range []string{"source", "main"} {
			actor := apptest.Operator(w.B)
			if side == "main" {
				actor = apptest.Operator(w.A)
			}
			_, err := w.CloseMonth(ctx, actor, d.Month())
			wantFault(t, err, "invoice.moves_scheduled")
		}
		w.Must(w.RunDue(ctx))
		if n := len(w.Texts(`SELECT id FROM operations WHERE kind = 'COMPLETE_MIGRATIONS'`)); n != 1 {
			t.Fatalf("%d runs", n)
		}
		_, err := w.CloseMonth(ctx, apptest.Operator(w.B), d.Month())
		wantFault(t, err, "invoice.moves_scheduled") // the run has begun and not moved them
		w.Must(w.RunDue(ctx))
		w.RunJobs(app.MoveChunkJob{}.Kind())
		for _, id := range ids {
			wantLiveOnlyIn(t, w, id, w.A)
		}
		dates := w.Texts(`SELECT DISTINCT CAST(billing_date AS text) FROM migrations WHERE connection_id = '` + c.ID + `'`)
		if want := []string{strconv.FormatInt(int64(d), 10)}; !slices.Equal(dates, want) {
			t.Errorf("the billing dates are %v, want %v", dates, want)
		}
		w.CheckInvariants()
		if op := w.CloseMonthOf(w.B, d.Month()); op.State != store.OperationDone {
			t.Errorf("the source's month: %+v", op)
		}
		w.CloseMonthOf(w.A, d.Month())
		w.CheckBooks()
	})
}

func TestSchedulesAreChangedWithdrawnAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		c, ids, d := scheduled(t, w, 5)
		all := migrationsOf(w, migration.Scheduled)
		one := func(i int) store.Scope { return store.Scope{IDs: all[i : i+1]} }
		main, source := apptest.Admin(w.A), apptest.Admin(w.B)

		n, err := w.RescheduleMigrations(ctx, main, c.ID, one(0), d+3)
		w.Must(err)
		m, err := w.WithdrawSchedules(ctx, main, c.ID, one(1))
		w.Must(err)
		k, err := w.CancelMigrations(ctx, source, c.ID, one(2))
		w.Must(err)
		if n != 1 || m != 1 || k != 1 {
			t.Errorf("%d changed, %d withdrawn, %d cancelled", n, m, k)
		}
		_, err = w.WithdrawSchedules(ctx, main, c.ID, one(1))
		wantFault(t, err, "migration.none_scheduled")
		_, err = w.RescheduleMigrations(ctx, main, c.ID, one(1), d)
		wantFault(t, err, "migration.none_to_schedule")
		_, err = w.WithdrawSchedules(ctx, source, c.ID, one(0))
		wantFault(t, err, "migration.wrong_side")
		viewer := main
		viewer.Role = "viewer"
		_, err = w.RescheduleMigrations(ctx, viewer, c.ID, one(0), d)
		wantFault(t, err, "forbidden")
		_, err = w.WithdrawSchedules(ctx, apptest.Admin(w.C), c.ID, one(0))
		wantFault(t, err, "connection.not_found")

		advance(w, d)
		w.Must(w.RunDue(ctx))
		w.RunJobs(app.MoveChunkJob{}.Kind())
		for _, id := range ids {
			wantLiveOnlyIn(t, w, id, w.B) // on the first date nobody moves
		}
		advance(w, d+3)
		w.Must(w.RunDue(ctx))
		w.RunJobs(app.MoveChunkJob{}.Kind())
		wantLiveOnlyIn(t, w, ids[0], w.A)
		wantLiveOnlyIn(t, w, ids[1], w.B)
		wantLiveOnlyIn(t, w, ids[2], w.B)
		// The withdrawn one kept its accounts: it completes without choosing again.
		op, err := w.CompleteMigrations(ctx, main, app.Completion{ConnectionID: c.ID, Scope: store.Scope{All: true}})
		w.Must(err)
		w.Finish(op)
		wantLiveOnlyIn(t, w, ids[1], w.A)
		w.CheckInvariants()
	})
}

func TestSchedulesAreCheckedLikeCompletions(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.AddCustomers(w.B, 1, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(ctx, apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		in := completion(w, c.ID)
		for _, ahead := range []civil.Date{-1, 0, migration.ScheduleAhead + 1} {
			_, err := w.ScheduleMigrations(ctx, apptest.Admin(w.A), in, today(w)+ahead)
			if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Key != "migration.schedule_date" {
				t.Errorf("%d days ahead: %v", ahead, err)
			}
		}
		_, err = w.ScheduleMigrations(ctx, apptest.Admin(w.B), in, today(w)+1)
		wantFault(t, err, "migration.wrong_side")
		none := in
		none.Choices = store.Choices{}
		_, err = w.ScheduleMigrations(ctx, apptest.Admin(w.A), none, today(w)+1)
		wantFault(t, err, "migration.choice_missing")
		if got := migrationsOf(w, migration.Started); len(got) != 1 {
			t.Fatalf("%d started after refusals", len(got))
		}
		_, err = w.ScheduleMigrations(ctx, apptest.Admin(w.A), in, today(w)+migration.ScheduleAhead)
		w.Must(err)

		// What comes up by the date returns the customer with the reason (spec M11).
		for _, account := range []string{apptest.Account(w.A, "JPY", "le_1"), apptest.Account(w.A, "JPY", "le_2")} {
			w.Must(w.SetBillingAccountState(ctx, apptest.Operator(w.A), account, billing.RestrictAccount))
		}
		advance(w, today(w)+migration.ScheduleAhead)
		w.Must(w.RunDue(ctx))
		w.RunJobs(app.MoveChunkJob{}.Kind())
		if got := w.Texts(`SELECT return_reason || ' ' || CAST(billing_date AS text) FROM migrations WHERE state = 'STARTED'`); !slices.Equal(got, []string{"BILLING_ACCOUNT_NOT_ACTIVE 0"}) {
			t.Errorf("returned: %v", got)
		}
		w.CheckInvariants()
	})
}

// Closing the connection cancels what is scheduled (spec C6); nothing runs on the date.
func TestClosingCancelsSchedules(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		c, ids, d := scheduled(t, w, 2)
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.B), c.ID, false))
		advance(w, d)
		w.Must(w.RunDue(t.Context()))
		if n := len(migrationsOf(w, migration.Cancelled)); n != 3 {
			t.Errorf("%d of 3 are cancelled", n)
		}
		wantLiveOnlyIn(t, w, ids[0], w.B)
		w.CheckInvariants()
	})
}
