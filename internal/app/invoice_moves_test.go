package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// schedule has everybody of B that is ready move to A on a day.
func schedule(w *apptest.World, c connection.Connection, d civil.Date) {
	w.T.Helper()
	_, err := w.StartMigrations(w.T.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
	w.Must(err)
	n, err := w.ScheduleMigrations(w.T.Context(), apptest.Admin(w.A), completion(w, c.ID), d)
	w.Must(err)
	if n == 0 {
		w.T.Fatal("nobody moves")
	}
}

// live lets the days up to a date come, one after the other, with what they bring and all jobs of it.
func live(w *apptest.World, until civil.Date) {
	w.T.Helper()
	for d := today(w); d < until; d++ {
		at(w, d+1)
		w.Must(w.RunDue(w.T.Context()))
		w.RunJobs(app.MoveChunkJob{}.Kind())
		w.RunJobs(app.CloseMonthJob{}.Kind())
	}
}

// told is what the drafts of a month say, and how each of their lines is computed.
type told struct {
	lines    []string
	computed map[string]string
	sum      int64
}

func lineKey(l app.InvoiceLine) string {
	l.History = nil
	return fmt.Sprintf("%+v", l)
}

// tell reads the draft of an account's month or, if it is issued, the invoice.
func tell(t *testing.T, w *apptest.World, c console.Console, m civil.Month, issued bool) (s told) {
	t.Helper()
	account := apptest.Account(c, "JPY", "le_1")
	var lines []app.InvoiceLine
	if issued {
		inv := invoices(t, w, c, m)[account]
		lines, s.sum = issuedLines(t, w, c, inv.ID), inv.Net.Minor
	} else {
		draft, err := w.DraftInvoice(t.Context(), apptest.Admin(c), account, m)
		w.Must(err)
		lines, s.sum = draft.Lines, draft.Totals.Net.Minor
		if in := monthly(t, w, c, m); in != s.sum {
			t.Errorf("%s: the list says %d, the draft %d", c.Name, in, s.sum)
		}
	}
	s.computed = map[string]string{}
	sums := map[string]int64{}
	for _, l := range lines {
		s.lines = append(s.lines, lineKey(l))
		sums[l.SubscriptionID] += l.Amount.Minor
	}
	slices.Sort(s.lines)
	for i, id := range slices.Sorted(maps.Keys(sums)) {
		if i%4 != 0 { // some of all kinds
			continue
		}
		computed, err := w.ComputeLines(t.Context(), apptest.Admin(c), account, m, id)
		w.Must(err)
		var how []string
		for _, step := range computed.Steps {
			how = append(how, fmt.Sprintf("%s %d %d %s %d %t", step.Period, step.Seats, step.Amount.Minor, step.Sum, step.Rounded, step.Carried))
			if computed.Own(step) {
				sums[id] -= step.Amount.Minor
			}
		}
		for _, l := range computed.Charges {
			how = append(how, lineKey(l))
			sums[id] -= l.Amount.Minor
		}
		s.computed[id] = strings.Join(how, "\n")
		if sums[id] != 0 {
			t.Errorf("%s: what is computed of %s differs from its lines by %d", c.Name, id, sums[id])
		}
	}
	return s
}

// Drafts of both sides know what is scheduled to move: they are what the invoices are if nothing else happens (spec M11, B6).
func TestDraftsKnowTheScheduledMoves(t *testing.T) {
	for name, c := range map[string]struct {
		back bool // they came from the main in the same month
		on   int
	}{
		"on a day on which terms end":  {false, 15},
		"on the last day":              {false, 31},
		"back to where they came from": {true, 20},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *apptest.World) {
				w.AddIssuer()
				n, change := turning(w)
				at := w.B
				if c.back {
					at = w.A
				}
				account := apptest.Account(at, "JPY", "le_1")
				w.AddCustomers(at, n, func(i int, cust *customer.Customer, s *customer.Subscription) {
					change(i, cust, s)
					s.BillingAccountID = account
				})
				w.AddCustomers(at, 9, func(i int, cust *customer.Customer, s *customer.Subscription) {
					mixed(i, cust, s)
					s.Currency, s.BillingAccountID, s.Price = "JPY", account, money.Price{Num: 1_003 + int64(i), Den: 7}
				})
				w.AddCustomers(w.B, 1, nil)
				if c.back {
					first := w.Connect(w.B, w.A)
					w.Move(first, w.B, w.A)
					w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), first.ID, false))
				}
				d := civil.NewDate(2026, time.October, c.on)
				schedule(w, w.Connect(w.A, w.B), d)
				before := map[string]told{}
				for _, con := range []console.Console{w.A, w.B} {
					before[con.ID] = tell(t, w, con, october, false)
				}
				live(w, november.First()+1)
				for _, con := range []console.Console{w.A, w.B} {
					was, is := before[con.ID], tell(t, w, con, october, true)
					if was.sum != is.sum || is.sum == 0 {
						t.Errorf("%s: the draft said %d, the invoice %d", con.Name, was.sum, is.sum)
					}
					for i, l := range is.lines {
						if i >= len(was.lines) || l != was.lines[i] {
							t.Fatalf("%s: line %d of %d, %d\n%s\n%s", con.Name, i, len(is.lines), len(was.lines), l, was.lines[min(i, len(was.lines)-1)])
						}
					}
					for id, how := range is.computed {
						if was.computed[id] != how {
							t.Fatalf("%s: %s is computed\n%sthe draft said\n%s", con.Name, id, how, was.computed[id])
						}
					}
				}
				w.CheckInvariants()
				w.CheckBooks()
			})
		})
	}
}
