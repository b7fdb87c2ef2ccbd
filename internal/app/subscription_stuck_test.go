package app_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// prepaid makes a subscription one seat that is paid for a year in advance from a day on.
func prepaid(s *customer.Subscription, from civil.Date) {
	s.Plan, s.Renewal, s.Seats, s.Price = catalog.AnnualYearlyPay, customer.RenewYearly, 1, money.Price{Num: 36_500, Den: 1}
	s.StartDate, s.TermStart, s.TermEnd = from, from, from.AddMonths(12)
}

// subscriptionsOf reads what customers have in a console.
func subscriptionsOf(t *testing.T, w *apptest.World, c console.Console, ids []string) (subs []customer.Subscription) {
	t.Helper()
	w.Read(func(tx *store.Tx) (err error) {
		subs, err = tx.SubscriptionsOf(t.Context(), c.ID, ids)
		return err
	})
	return subs
}

// change stores values as no use case would leave them.
func change(t *testing.T, w *apptest.World, subs []customer.Subscription, d civil.Date) {
	t.Helper()
	w.Update(func(tx *store.Tx) error { return tx.ChangeSubscriptions(t.Context(), subs, d) })
}

// What cannot be renewed, more of it than one piece of work takes, holds up nobody: it is told once, and named by the ledger's check.
func TestWhatCannotBeRenewedHoldsUpNobody(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		end := civil.NewDate(2026, time.October, 20)
		add := func(c console.Console, n int, end civil.Date) []string {
			return w.AddCustomers(c, n, func(_ int, _ *customer.Customer, s *customer.Subscription) { prepaid(s, end.AddMonths(-12)) })
		}
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.C.ID, end) })
		again := add(w.B, 12, end)
		on(w, 21)
		w.Must(w.RunDue(t.Context()))
		stuck := subscriptionsOf(t, w, w.B, again)
		for i := range stuck { // an earlier term over the one that is charged
			stuck[i].TermStart, stuck[i].TermEnd = end.AddMonths(-12), end
		}
		change(t, w, stuck, end+1)
		dear := subscriptionsOf(t, w, w.B, add(w.B, 1, end+2))
		dear[0].Seats, dear[0].Price = 1_000_000, money.Price{Num: 100_000_000_000, Den: 1}
		change(t, w, dear, end+1)
		fine := slices.Concat(add(w.B, 1, end+1), add(w.B, 1, end+2), add(w.C, 1, end+2))
		w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { // a trial that ends before its term begins
			prepaid(s, end+4)
			s.State, s.TrialEnd, s.StartDate = customer.SubTrial, end, end-10
			fine = append(fine, s.CustomerID)
		})

		at(w, november.First())
		w.Must(w.RunDue(t.Context()))
		w.RunJobs("close_month")
		w.Must(w.RunDue(t.Context()))
		for i, id := range fine {
			want := []string{"RENEWED", "RENEWED", "RENEWED", "ACTIVATED"}[i]
			if got := w.Texts(`SELECT action FROM orders WHERE customer_id = '` + id + `'`); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: orders %v, want %s", id, got, want)
			}
		}
		if got := w.Texts(`SELECT invoice_month || ' ' || from_date FROM charges WHERE customer_id = '` + fine[3] + `'`); !slices.Equal(got, []string{
			fmt.Sprint(int(october.First()), " ", int(end+4)),
		}) {
			t.Errorf("the trial's term is charged by %v", got)
		}
		if got := w.Texts(`SELECT console_id || ' ' || state FROM billing_months ORDER BY console_id, month`); !slices.Equal(got, []string{"cns_B CLOSED", "cns_B OPEN", "cns_C CLOSED", "cns_C OPEN"}) {
			t.Errorf("months %v", got)
		}
		if got := w.Texts(`SELECT dedupe FROM notices WHERE kind = 'subscription.not_renewed' ORDER BY dedupe`); !slices.Equal(got, []string{
			"subscription.not_renewed/2026-10-20", "subscription.not_renewed/2026-10-22",
		}) {
			t.Errorf("notices %v", got)
		}
		named := map[string]bool{}
		r, err := w.CheckLedger(t.Context(), apptest.Operator(w.A))
		w.Must(err)
		for _, d := range r.Discrepancies {
			if named[d.Subject] = true; d.Check != "renewal" {
				t.Errorf("%+v", d)
			}
		}
		for _, s := range append(stuck, dear...) {
			if !named[s.ConsoleID+" "+s.ID] {
				t.Errorf("the check does not name %s", s.ID)
			}
		}

		// Once it can be charged it is renewed, and comes on the next invoice: October is closed.
		dear[0].Seats, dear[0].Price = 1, money.Price{Num: 36_500, Den: 1}
		change(t, w, dear, november.First())
		w.Must(w.RunDue(t.Context()))
		if got := w.Texts(`SELECT id FROM charges WHERE subscription_id = '` + dear[0].ID + `' AND invoice_month = ` + strconv.Itoa(int(november.First()))); len(got) != 1 {
			t.Errorf("the late renewal is charged by %v", got)
		}
		w.Exec(fmt.Sprintf(`UPDATE subscriptions SET term_start = %d, term_end = %d WHERE term_end = %d`, int(end), int(end.AddMonths(12)), int(end)))
		at(w, november.End())
		w.CloseMonthOf(w.B, november)
		w.CheckBooks()
	})
}

// What was due before the billing date of a move is the source's, though nobody has renewed it yet when its customer moves.
func TestWhatWasDueBeforeAMoveIsTheSources(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 2, func(i int, _ *customer.Customer, s *customer.Subscription) {
			if prepaid(s, civil.NewDate(2025, time.October, 30)); i == 1 {
				*s = customer.Subscription{
					ConsoleID: s.ConsoleID, ID: s.ID, CustomerID: s.CustomerID, SKUID: s.SKUID, Group: s.Group, Currency: s.Currency,
					BillingAccountID: s.BillingAccountID, Channel: s.Channel, CreatedAt: s.CreatedAt, Plan: catalog.Flexible,
					State: customer.SubTrial, Seats: 1, Price: money.Price{Num: 3_100, Den: 1}, StartDate: civil.NewDate(2026, time.October, 1),
					TrialEnd: civil.NewDate(2026, time.October, 30),
				}
			}
		})
		for _, c := range []console.Console{w.A, w.B} {
			w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), c.ID, october.First()) })
		}
		c := w.Connect(w.A, w.B)
		at(w, november.First())
		w.Move(c, w.A, w.B)
		w.Must(w.RunDue(t.Context()))
		w.RunJobs("close_month")
		inv := invoices(t, w, w.B, october)[apptest.Account(w.B, "JPY", "le_1")]
		if inv.Net.Minor != 36_500+200 {
			t.Errorf("the source is billed %d", inv.Net.Minor)
		}
		if len(invoices(t, w, w.A, october)) != 0 {
			t.Error("the main is billed for October")
		}
		w.CheckInvariants()
		w.CheckBooks()
	})
}
