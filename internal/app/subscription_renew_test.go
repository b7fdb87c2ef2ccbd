package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// The terms of all kinds of renewal end on 20 October 2026, while the customers wait for a migration.
func TestTermsAreRenewedWhoeverMoves(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		end := civil.NewDate(2026, time.October, 20)
		w.Update(func(tx *store.Tx) error {
			return tx.PutOffers(t.Context(), []catalog.Offer{
				{SKUID: apptest.Seats, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 3_100, Den: 1}},
			})
		})
		kinds := []customer.RenewalKind{customer.RenewYearly, customer.RenewFlexible, customer.RenewCancel, customer.RenewMonthly, ""}
		ids := w.AddCustomers(w.B, len(kinds), func(i int, _ *customer.Customer, s *customer.Subscription) {
			s.Plan, s.Price, s.Seats, s.Renewal = catalog.AnnualMonthlyPay, money.Price{Num: 3_100, Den: 1}, 1, kinds[i]
			s.StartDate = civil.NewDate(2025, time.October, 20)
			s.TermStart, s.TermEnd = s.StartDate, end
			if kinds[i] == customer.RenewYearly {
				s.Plan, s.Price = catalog.AnnualYearlyPay, money.Price{Num: 36_500, Den: 1}
			}
			if kinds[i] == "" { // a trial of a plan that is paid in advance
				s.Plan, s.State, s.TrialEnd, s.TermEnd = catalog.AnnualYearlyPay, customer.SubTrial, end, end+365
				s.StartDate, s.TermStart = end-10, end
				s.Price = money.Price{Num: 73_000, Den: 1}
			}
		})
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		on(w, 19)
		w.Must(w.RunDue(t.Context()))
		if got := w.Texts(`SELECT action FROM orders`); len(got) != 0 {
			t.Fatalf("a day too early: %v", got)
		}
		on(w, 21)
		for range 2 {
			w.Must(w.RunDue(t.Context()))
		}
		want := []string{"cus_000001 RENEWED SYSTEM", "cus_000002 PLAN_CHANGED SYSTEM", "cus_000003 CANCELLED SYSTEM", "cus_000004 RENEWED SYSTEM", "cus_000005 ACTIVATED SYSTEM"}
		if got := w.Texts(`SELECT customer_id || ' ' || action || ' ' || operator_type FROM orders ORDER BY customer_id`); !slices.Equal(got, want) {
			t.Errorf("orders %v", got)
		}
		w.CheckInvariants()
		at(w, november.First())
		w.CloseMonthOf(w.B, october)
		sums := map[string]int64{}
		inv := invoices(t, w, w.B, october)[apptest.Account(w.B, "JPY", "le_1")]
		for _, l := range issuedLines(t, w, w.B, inv.ID) {
			sums[l.CustomerID] += l.Amount.Minor
		}
		for i, want := range []int64{36_500, 3_100, 1_900, 3_100, 73_000} {
			if got := sums[ids[i]]; got != want {
				t.Errorf("%q: billed %d, want %d", kinds[i], got, want)
			}
		}
		w.CheckBooks()
	})
}
