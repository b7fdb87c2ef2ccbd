package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/store"
	"psc/internal/store/schema"
)

// bulk is how many customers one run moves.
const bulk = 10_000

// TestBulk moves 10,000 customers with one to three subscriptions in one run, by the workers of the real job engine. Nobody
// gathers statistics: PostgreSQL has to find its way without.
func TestBulk(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.Config.ChunkSize = 500
		gatherNothing(w)
		addBulk(w)
		began := time.Now()
		stop, err := w.DB.Engine().Work(context.WithoutCancel(ctx), w.Workers())
		w.Must(err)
		defer func() { w.Must(stop(context.WithoutCancel(ctx))) }()

		c, err := w.InviteConsole(ctx, apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		c, err = w.AcceptConnection(ctx, apptest.Admin(w.B), c.ID)
		w.Must(err)
		w.Clock.Advance(w.Config.Terms.Waiting)
		await(t, "the first evaluation", func() bool {
			p, err := w.Connection(ctx, apptest.Admin(w.B), c.ID)
			w.Must(err)
			return !p.EvaluatedAt.IsZero()
		})
		evaluated := time.Now()

		started, err := w.StartMigrations(ctx, apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		if started.Count != bulk {
			t.Fatalf("%d started", started.Count)
		}
		starts := time.Now()
		op, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), app.Completion{
			ConnectionID: c.ID, Scope: store.Scope{All: true},
			Choices: store.Choices{Groups: []store.GroupChoice{
				apptest.Choose(w.A, "JPY", "le_1", "le_1"), apptest.Choose(w.A, "USD", "le_1", "le_1"),
			}},
		})
		w.Must(err)
		chosen := time.Now()
		await(t, "the run", func() bool {
			w.Read(func(tx *store.Tx) (err error) {
				op, err = tx.Operation(ctx, w.A.ID, op.ID)
				return err
			})
			return op.State == store.OperationDone
		})
		if op.Done != bulk || op.Returned != 0 {
			t.Errorf("run = %+v", op)
		}
		t.Logf("evaluated in %s, started in %s, chosen in %s, moved in %s", evaluated.Sub(began), starts.Sub(evaluated),
			chosen.Sub(starts), time.Since(chosen))
		for want, sql := range map[int]string{
			bulk:       `SELECT id FROM customers WHERE console_id = 'cns_A' AND state = 'LIVE'`,
			2*bulk - 1: `SELECT id FROM subscriptions WHERE console_id = 'cns_A' AND moved = 0`,
		} {
			if got := len(w.Texts(sql)); got != want {
				t.Errorf("%d, want %d: %s", got, want, sql)
			}
		}
		moved := time.Now()
		w.CheckInvariants()
		t.Logf("checked in %s", time.Since(moved))
	})
}

// gatherNothing keeps PostgreSQL from gathering statistics by itself in the middle of the test.
func gatherNothing(w *apptest.World) {
	w.T.Helper()
	if w.DB.Engine().Name() != "postgres" {
		return
	}
	for _, table := range schema.Tables() {
		w.Exec(`ALTER TABLE ` + table.Name + ` SET (autovacuum_enabled = false)`)
	}
}

// addBulk adds the customers: every third has one subscription more, and every third of those another.
func addBulk(w *apptest.World) {
	w.T.Helper()
	var more []customer.Subscription
	w.AddCustomers(w.B, bulk, func(i int, _ *customer.Customer, s *customer.Subscription) {
		if i%4 == 0 {
			s.Plan, s.TermStart, s.TermEnd, s.Renewal = catalog.AnnualYearlyPay, s.StartDate, s.StartDate+365, customer.RenewYearly
		}
		for j := range i % 3 {
			second := *s
			second.ID = fmt.Sprint(s.ID, "_", j)
			second.Currency, second.BillingAccountID = "USD", apptest.Account(w.B, "USD", "le_1")
			more = append(more, second)
		}
	})
	w.Update(func(tx *store.Tx) error { return tx.InsertSubscriptions(w.T.Context(), more) })
}

// await waits until something is done, and gives up after a time that no machine needs.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not end", what)
		}
	}
}
