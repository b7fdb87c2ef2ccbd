package app_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
)

// TestTheFilteredListIsDownloaded writes what is asked for, more than one chunk of it, in its order and with nothing that a
// spreadsheet would compute; super admins only.
func TestTheFilteredListIsDownloaded(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.AddCustomers(w.A, 620, func(i int, c *customer.Customer, s *customer.Subscription) {
			if i == 7 {
				c.Name = "=HYPERLINK(1)"
			}
			s.Seats = int64(i)
			if i%10 == 9 {
				s.Plan, s.TermStart, s.TermEnd, s.Renewal = catalog.AnnualYearlyPay, s.StartDate, s.StartDate+365, customer.RenewYearly
			}
		})
		q := app.CustomerQuery{CustomerFilter: app.CustomerFilter{Plan: catalog.Flexible}, Order: app.CustomerOrder{Key: app.BySeats, Down: true}}
		var file bytes.Buffer
		w.Must(w.ExportCustomerList(ctx, apptest.Admin(w.A), q, &file))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.String(), "\ufeff"))).ReadAll()
		w.Must(err)
		if len(rows) != 1+558 || rows[0][0] != "customer_id" {
			t.Fatalf("%d rows, head %q", len(rows), rows[0])
		}
		last := int64(1_000)
		for _, row := range rows[1:] {
			seats, err := strconv.ParseInt(row[9], 10, 64)
			if err != nil || seats > last {
				t.Fatalf("%q after %d seats, %v", row, last, err)
			}
			last = seats
		}
		if got := rows[len(rows)-8]; got[1] != "'=HYPERLINK(1)" || got[9] != "7" {
			t.Errorf("%q", got)
		}
		file.Reset()
		if err := w.ExportCustomerList(ctx, apptest.As(w.A, console.RoleResellerAdmin), q, &file); fault.As(err) == nil || file.Len() > 0 {
			t.Errorf("%v, %d bytes", err, file.Len())
		}
	})
}

// TestOneCustomerAfterTheOther walks the customers of a list from page to page of the customers themselves.
func TestOneCustomerAfterTheOther(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, actor := t.Context(), apptest.Admin(w.A)
		w.AddCustomers(w.A, 9, func(i int, _ *customer.Customer, s *customer.Subscription) { s.Seats = int64(i * 5 % 9) })
		q := app.CustomerQuery{CustomerFilter: app.CustomerFilter{SeatsFrom: 2}, Order: app.CustomerOrder{Key: app.BySeats, Down: true}}
		q.Page.Limit = 100
		l, err := w.Customers(ctx, actor, q)
		w.Must(err)
		if len(l.Rows) != 7 {
			t.Fatalf("%d customers", len(l.Rows))
		}
		for i, c := range l.Rows {
			n, err := w.CustomerNeighbours(ctx, actor, q, c)
			w.Must(err)
			want := app.CustomerNeighbours{}
			if i > 0 {
				want.Previous = &l.Rows[i-1]
			}
			if i < len(l.Rows)-1 {
				want.Next = &l.Rows[i+1]
			}
			if besides(n) != besides(want) {
				t.Errorf("beside %s: %s, want %s", c.Name, besides(n), besides(want))
			}
		}
	})
}

func besides(n app.CustomerNeighbours) string {
	name := func(c *customer.Customer) string {
		if c == nil {
			return "nobody"
		}
		return c.Name
	}
	return fmt.Sprint(name(n.Previous), " and ", name(n.Next))
}

func TestWhatCustomersCannotBeAskedForBy(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		for field, q := range map[string]app.CustomerQuery{
			"plan":       {CustomerFilter: app.CustomerFilter{Plan: "WEEKLY"}},
			"status":     {CustomerFilter: app.CustomerFilter{Status: customer.SubCancelled}},
			"reason":     {CustomerFilter: app.CustomerFilter{Reason: "MOOD"}},
			"currency":   {CustomerFilter: app.CustomerFilter{Currency: "¥"}},
			"migration":  {CustomerFilter: app.CustomerFilter{Migration: "SOON"}},
			"seats_from": {CustomerFilter: app.CustomerFilter{SeatsFrom: -1}},
			"seats_to":   {CustomerFilter: app.CustomerFilter{SeatsFrom: 5, SeatsTo: 4}},
			"renews":     {RenewsWithin: 1_001},
			"sort":       {Order: app.CustomerOrder{Key: "colour"}},
		} {
			q.Page.Limit = 10
			_, err := w.Customers(t.Context(), apptest.Admin(w.A), q)
			if f := fault.As(err); f == nil || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == field }) {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
