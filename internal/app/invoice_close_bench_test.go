package app_test

import (
	"fmt"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// BenchmarkMonth is the lines of a month of subscriptions of which each changed its seats in it: by the rules alone, as a draft
// and as a close that writes and issues them. Each is also told as a multiple of what a bare INSERT .. SELECT of the same lines
// takes in the same run. Time per subscription must not grow with their number.
func BenchmarkMonth(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) *store.DB
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		for _, n := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", engine.name, n), func(b *testing.B) {
				var sum monthTimes
				for range b.N {
					b.StopTimer()
					w := manySubscriptions(b, engine.open(b), n)
					b.StartTimer()
					sum.add(timeMonth(w, n))
				}
				sum.report(b, n)
			})
		}
	}
}

// manySubscriptions is a world in which n subscriptions of one account changed in October, and October is over.
func manySubscriptions(b *testing.B, db *store.DB, n int) *apptest.World {
	b.Helper()
	w := apptest.New(b, db)
	w.Config.ChunkSize = 500
	w.AddIssuer()
	for left := n; left > 0; left -= 1_000 {
		var subs []customer.Subscription
		w.AddCustomers(w.B, min(left, 1_000), func(_ int, _ *customer.Customer, s *customer.Subscription) {
			s.Price.Den = 12
			more := *s
			more.Seats++
			subs = append(subs, more)
		})
		w.Update(func(tx *store.Tx) error {
			return tx.ChangeSubscriptions(b.Context(), subs, civil.NewDate(2026, time.October, 10))
		})
	}
	w.Must(w.DB.Analyze(b.Context()))
	at(w, november.First())
	return w
}

// monthTimes is how long the same lines took in several ways.
type monthTimes struct {
	rules, draft, writing, bare time.Duration
}

func (t *monthTimes) add(o monthTimes) {
	t.rules, t.draft, t.writing, t.bare = t.rules+o.rules, t.draft+o.draft, t.writing+o.writing, t.bare+o.bare
}

func (t *monthTimes) report(b *testing.B, n int) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	for _, m := range []struct {
		name string
		took time.Duration
	}{{"rules", t.rules}, {"draft", t.draft}, {"close", t.writing}} {
		b.ReportMetric(float64(m.took)/float64(t.bare), m.name+"/bare")
		b.ReportMetric(float64(m.took.Microseconds())/float64(b.N*n), m.name+"-µs/sub")
	}
	b.ReportMetric(float64(t.bare.Microseconds())/float64(b.N*n), "bare-µs/sub")
}

// timeMonth makes October's lines of n subscriptions in each way.
func timeMonth(w *apptest.World, n int) (t monthTimes) {
	ctx := w.T.Context()
	histories := make([]store.Billed, 0, n)
	for len(histories) < n {
		after := ""
		if last := len(histories) - 1; last >= 0 {
			after = histories[last].SubscriptionID
		}
		w.Read(func(tx *store.Tx) error {
			list, err := tx.BilledInMonth(ctx, w.B.ID, october, after, 1_000)
			histories = append(histories, list...)
			return err
		})
	}
	t.rules = timed(w, 2*n, func() (lines int, err error) {
		for _, s := range histories {
			more, err := billing.MonthLines(october, s.Currency, s.History)
			if err != nil {
				return 0, err
			}
			lines += len(more)
		}
		return lines, nil
	})
	t.draft = timed(w, 2*n, func() (int, error) {
		inv, err := w.DraftInvoice(ctx, apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1"), october)
		return len(inv.Lines), err
	})
	t.writing = timed(w, 2*n, func() (lines int, err error) {
		w.CloseMonthOf(w.B, october)
		list, err := w.IssuedInvoices(ctx, apptest.Admin(w.B), 10)
		for _, inv := range list {
			lines += int(inv.Lines)
		}
		return lines, err
	})
	t.bare = timed(w, 2*n, func() (int, error) { return copyLines(w) })
	return t
}

// timed measures what makes so many lines.
func timed(w *apptest.World, want int, work func() (lines int, err error)) time.Duration {
	w.T.Helper()
	began := time.Now()
	lines, err := work()
	took := time.Since(began)
	w.Must(err)
	if lines != want {
		w.T.Fatalf("%d lines, want %d", lines, want)
	}
	return took
}

// copyLines writes all lines once more, into the same table and under the same indexes, as those of another invoice.
func copyLines(w *apptest.World) (lines int, err error) {
	const rest = `id, line_type, customer_id, customer_name, domain, subscription_id, sku_id, sku_name, plan, purchase_order_id,
		billing_account_id, from_date, to_date, per_days, seats, price_num, price_den, currency, amount, credit, supplied_date,
		lot_id, migration_id, counterparty_id, charge_id`
	err = w.DB.Engine().Update(w.T.Context(), func(c store.Conn) error {
		n, err := c.Exec(w.T.Context(), `INSERT INTO invoice_lines (console_id, invoice_id, `+rest+`)
			SELECT console_id, 'copy', `+rest+` FROM invoice_lines`)
		lines = int(n)
		return err
	})
	return lines, err
}
