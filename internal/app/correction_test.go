package app_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// What comes late is billed on the next open invoice: what was issued, with its corrections, is what a fresh computation of all
// months says, whatever comes, and no issued invoice changes.
func TestWhatComesLateIsCorrected(t *testing.T) {
	storetest.EachRandom(t, 6, 3, func(t *testing.T, rt *rapid.T, db *store.DB) {
		w := apptest.New(t, db)
		w.AddIssuer()
		september := civil.NewDate(2026, time.September, 1).Month()
		w.AddCustomers(w.B, 2, nil)
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, september.First()) })
		at(w, november.First()+civil.Date(rapid.IntRange(0, 20).Draw(rt, "today")))
		w.CloseMonthOf(w.B, september)
		w.CloseMonthOf(w.B, october)
		issued := w.Texts(`SELECT number || ' ' || CAST(net AS text) FROM invoices ORDER BY number`)
		w.AddCustomers(w.B, rapid.IntRange(1, 6).Draw(rt, "late"), func(i int, _ *customer.Customer, s *customer.Subscription) {
			s.StartDate = civil.NewDate(2026, time.August, 20) + civil.Date(rapid.IntRange(0, 100).Draw(rt, "start"))
			s.Seats = rapid.Int64Range(0, 50).Draw(rt, "seats")
			s.Price = money.Price{Num: rapid.Int64Range(0, 100_000).Draw(rt, "price"), Den: rapid.Int64Range(1, 13).Draw(rt, "parts")}
			switch rapid.IntRange(0, 4).Draw(rt, "kind") {
			case 0:
				s.State, s.TrialEnd = customer.SubTrial, s.StartDate+200
			case 1:
				s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByReseller
			case 2:
				s.Plan, s.TermStart, s.TermEnd, s.Renewal = catalog.AnnualYearlyPay, s.StartDate, s.StartDate+365, customer.RenewYearly
			case 3:
				s.Channel = customer.Offline
			}
		})
		w.CheckBooks()
		at(w, november.End())
		w.CloseMonthOf(w.B, november)
		w.CheckBooks()
		if got := w.Texts(`SELECT number || ' ' || CAST(net AS text) FROM invoices ORDER BY number`); !slices.Equal(got[:len(issued)], issued) {
			t.Errorf("issued %v, then %v", issued, got)
		}
		var fresh, billed int64
		for _, m := range []civil.Month{september, october, november} {
			draft, err := w.DraftInvoice(t.Context(), apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1"), m)
			w.Must(err)
			for _, l := range draft.Lines {
				if l.Type != billing.CorrectionLine {
					fresh += l.Amount.Minor
				}
			}
			billed += invoices(t, w, w.B, m)[apptest.Account(w.B, "JPY", "le_1")].Net.Minor
		}
		if fresh != billed {
			t.Errorf("billed %d, a fresh computation says %d", billed, fresh)
		}
	})
}

// A term that ended in a closed month is renewed when it becomes known: what that changes in closed months is corrected.
func TestLateRenewalsAreCorrected(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.Update(func(tx *store.Tx) error {
			return tx.PutOffers(t.Context(), []catalog.Offer{
				{SKUID: apptest.Seats, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 6_200, Den: 1}},
				{SKUID: apptest.Seats, Plan: catalog.AnnualYearlyPay, Currency: "JPY", Price: money.Price{Num: 36_500, Den: 1}},
			})
		})
		september := civil.NewDate(2026, time.September, 1).Month()
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, september.First()) })
		w.AddCustomers(w.B, 1, nil)
		at(w, november.First()+4)
		w.CloseMonthOf(w.B, september)
		w.CloseMonthOf(w.B, october)
		kinds := []customer.RenewalKind{customer.RenewFlexible, customer.RenewYearly, customer.RenewCancel, customer.RenewMonthly}
		ids := w.AddCustomers(w.B, len(kinds), func(i int, _ *customer.Customer, s *customer.Subscription) {
			s.Plan, s.Price, s.Seats, s.Renewal = catalog.AnnualMonthlyPay, money.Price{Num: 3_100, Den: 1}, 1, kinds[i]
			s.StartDate = civil.NewDate(2025, time.September, 30)
			s.TermStart, s.TermEnd = s.StartDate, civil.NewDate(2026, time.September, 30)
		})
		w.Must(w.RunDue(t.Context()))
		w.CheckBooks()
		at(w, november.End())
		w.CloseMonthOf(w.B, november)
		w.CheckBooks()
		sums := map[string]int64{}
		inv := invoices(t, w, w.B, november)[apptest.Account(w.B, "JPY", "le_1")]
		for _, l := range issuedLines(t, w, w.B, inv.ID) {
			sums[l.CustomerID] += l.Amount.Minor
		}
		// September's 29 days at 3,100 of 30 are 2,997; then from the 30th on two months and a day at the new price, or nothing.
		for i, want := range []int64{2_997 + 206 + 2*6_200, 2_997 + 36_500, 2_997, 3 * 3_100} {
			if got := sums[ids[i]]; got != want {
				t.Errorf("%s: billed %d, want %d", kinds[i], got, want)
			}
		}
	})
}
