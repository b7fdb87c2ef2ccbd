package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/migration"
)

// TestAnInterruptedImport leaves what its batches wrote as true as what any change wrote: in the trail, and evaluated at both
// ends of every connection. The same file again does the rest.
func TestAnInterruptedImport(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		// C, a source of B, has a customer of a domain that B is about to get.
		w.AddCustomers(w.C, 1, func(_ int, c *customer.Customer, _ *customer.Subscription) { c.Domain = "d7.example" })
		c := w.Connect(w.B, w.C)
		blockers := func(consoleID, domain string) string {
			return strings.Join(w.Texts(fmt.Sprintf(`SELECT CAST(blockers AS text) || '/' || CAST(evaluated_at > 0 AS text) FROM customers
				WHERE console_id = '%s' AND domain = '%s'`, consoleID, domain)), ",")
		}
		ready, taken := blockers(c.SourceID, "d7.example"), migration.AlreadyCustomerOfMain.Bit()
		if !strings.HasPrefix(ready, "0/") {
			t.Fatalf("not ready at first: %s", ready)
		}
		var file strings.Builder
		file.WriteString(header)
		const rows = 2*customercsv.BatchSize + 100
		for i := range rows {
			file.WriteString(row(fmt.Sprintf("Name %d", i), fmt.Sprintf("d%d.example", i), fmt.Sprintf("S-%d", i), 5, "ACTIVE"))
		}
		load := func(ctx context.Context, progress app.ImportProgress) (app.ImportResult, error) {
			return w.ImportCustomers(ctx, apptest.Admin(w.B), strings.NewReader(file.String()), false, progress)
		}
		events := func() []string {
			return w.Texts(`SELECT action FROM audit_events WHERE console_id = '` + w.B.ID + `' AND action LIKE 'customer.%' ORDER BY id`)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		r, err := load(ctx, func(step string, _, _ int64) {
			if step == "write" {
				interrupt()
			}
		})
		if !errors.Is(err, context.Canceled) || r.Counts.CustomersAdded != customercsv.BatchSize {
			t.Fatalf("%+v, %v", r.Counts, err)
		}
		if got := w.Texts(`SELECT CAST(count(*) AS text) FROM customers WHERE console_id = '` + w.B.ID + `'`)[0]; got != strconv.Itoa(customercsv.BatchSize) {
			t.Errorf("%s customers were written", got)
		}
		if got := events(); !slices.Equal(got, []string{"customer.import_begun"}) {
			t.Errorf("the trail has %v", got)
		}
		if got := blockers(c.SourceID, "d7.example"); !strings.HasPrefix(got, fmt.Sprintf("%d/", taken)) {
			t.Errorf("the source's namesake is evaluated as %s", got)
		}
		r, err = load(t.Context(), nil)
		w.Must(err)
		if want := int64(rows - customercsv.BatchSize); r.Counts != (app.ImportCounts{CustomersAdded: want, SubscriptionsAdded: want}) {
			t.Errorf("the rest is %+v", r.Counts)
		}
		again, err := load(t.Context(), nil)
		w.Must(err)
		if !again.Counts.Nothing() {
			t.Errorf("once more changes %+v", again.Counts)
		}
		if got := events(); !slices.Equal(got, []string{"customer.import_begun", "customer.import_begun", "customer.imported"}) {
			t.Errorf("the trail has %v", got)
		}
	})
}
