//go:build e2e && bench

package bench_test

import (
	"fmt"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/store"
)

// measureMonth closes a month of the source, writes the same lines bare, and previews the move of everybody.
func (r *report) measureMonth(tb testing.TB, s *stages) {
	tb.Helper()
	engine := s.chosen.engine()
	w, _ := s.opened(tb, s.started)
	preview := timed(func() {
		p, err := w.PreviewMigration(tb.Context(), apptest.Admin(w.B), w.conn.ID, store.Scope{All: true}, civil.DateOf(w.Clock.Now(), w.Config.BillingZone), 50)
		w.Must(err)
		if p.Customers != int64(w.n) {
			tb.Fatalf("%d customers", p.Customers)
		}
	})
	october := civil.NewDate(2026, time.October, 1).Month()
	w.Clock.Advance(october.End().Start(w.Config.BillingZone).Add(12 * time.Hour).Sub(apptest.Start))
	closed := timed(func() { w.CloseMonthOf(w.B, october) })
	bare := timed(func() { w.copyRows("invoice_lines", map[string]string{"invoice_id": "'copy'"}, "") })
	of := " of " + count(s.subs) + " subscriptions"
	r.add(figure{engine, "month close" + of, short(closed), "bare INSERT .. SELECT: " + short(bare), bare.Seconds() / closed.Seconds(), goal{atLeast: 0.5}})
	r.add(figure{engine, "preview" + of, short(preview), "month close: " + short(closed), closed.Seconds() / preview.Seconds(), goal{atLeast: 1}})
}

// copyRows writes the rows of a table once more, with other values in some columns.
func (w *world) copyRows(table string, other map[string]string, where string) {
	w.T.Helper()
	ask := `SELECT name FROM pragma_table_info('` + table + `')`
	if w.DB.Engine().Name() == postgres {
		ask = `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '` + table + `'`
	}
	columns := w.Texts(ask)
	values := make([]string, len(columns))
	for i, c := range columns {
		if values[i] = other[c]; values[i] == "" {
			values[i] = c
		}
	}
	command(w.T, w.DB, `INSERT INTO `+table+` (`+strings.Join(columns, ", ")+`) SELECT `+strings.Join(values, ", ")+` FROM `+table+` `+where)
}

// imported imports n customers into a world that has none, and returns how long it took, how long one transaction takes that
// writes the same rows, and how many bytes of heap there were at most.
func imported(tb testing.TB, engine string, n int) (took, bare time.Duration, heap uint64) {
	tb.Helper()
	db := newDatabase(tb, engine).open(tb)
	defer func() { must(tb, db.Close()) }()
	w := born(tb, db, 0)
	var file strings.Builder
	file.WriteString("org_display_name,domain,tos_accepted_at,subscription_external_id,sku_id,plan,num_units,currency,unit_price,billing_account_id,start_date,status\n")
	for i := range n {
		fmt.Fprintf(&file, "Customer %07d,c%07d.example,2024-04-01T10:15:00+09:00,S-%d,%s,FLEXIBLE,18,JPY,1360,%s,2026-09-01,ACTIVE\n",
			i, i, i, apptest.Seats, apptest.Account(w.C, "JPY", "le_1"))
	}
	text := strings.NewReader(file.String())
	stop, most := make(chan struct{}), make(chan uint64)
	go func() { most <- watchHeap(stop) }()
	took = timed(func() {
		result, err := w.ImportCustomers(tb.Context(), apptest.Admin(w.C), text, false, nil)
		w.Must(err)
		if result.Counts.CustomersAdded != int64(n) {
			tb.Fatalf("%+v", result.Counts)
		}
	})
	close(stop)
	heap = <-most
	bare = timed(func() {
		to := map[string]string{"console_id": "'" + w.A.ID + "'", "billing_account_id": "replace(billing_account_id, '" + w.C.ID + "', '" + w.A.ID + "')"}
		for _, table := range []string{"customers", "customer_terms", "subscriptions", "segments"} {
			w.copyRows(table, to, "WHERE console_id = '"+w.C.ID+"'")
		}
	})
	return took, bare, heap
}

// watchHeap returns how many bytes of objects lay on the heap at most.
func watchHeap(stop chan struct{}) (most uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for {
		metrics.Read(sample)
		most = max(most, sample[0].Value.Uint64())
		select {
		case <-stop:
			return most
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (r *report) measureImport(tb testing.TB, engine string, n int) {
	tb.Helper()
	_, _, few := imported(tb, engine, n/10)
	took, bare, many := imported(tb, engine, n)
	r.compare(engine, "import of "+count(n)+" customers", took, "bare inserts of the same rows", bare, goal{atMost: 4})
	r.add(figure{engine, "memory of that import", count(int(many>>20)) + " MB", "of a tenth: " + count(int(few>>20)) + " MB", float64(many) / float64(few), goal{}})
}
