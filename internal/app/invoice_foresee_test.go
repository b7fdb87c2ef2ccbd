package app_test

import (
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// turning gives each customer something that time brings on a day of October or November: terms of all plans that renew, switch or
// end, and trials that are over.
func turning(w *apptest.World) (n int, change func(int, *customer.Customer, *customer.Subscription)) {
	w.Update(func(tx *store.Tx) error {
		var offers []catalog.Offer
		for plan, price := range map[catalog.Plan]int64{
			catalog.Flexible: 1_003, catalog.AnnualMonthlyPay: 907, catalog.AnnualYearlyPay: 10_007,
		} {
			offers = append(offers, catalog.Offer{SKUID: apptest.Seats, Plan: plan, Currency: "JPY", Price: money.Price{Num: price, Den: 1}})
		}
		return tx.PutOffers(w.T.Context(), offers)
	})
	ends := []civil.Date{
		civil.NewDate(2026, time.October, 12), civil.NewDate(2026, time.October, 15), civil.NewDate(2026, time.October, 16),
		civil.NewDate(2026, time.October, 31), civil.NewDate(2026, time.November, 1), civil.NewDate(2026, time.November, 5),
		civil.NewDate(2026, time.November, 20),
	}
	plans := []catalog.Plan{catalog.AnnualMonthlyPay, catalog.AnnualYearlyPay}
	kinds := []customer.RenewalKind{customer.RenewYearly, customer.RenewMonthly, customer.RenewFlexible, customer.RenewCancel, "TRIAL"}
	return len(ends) * len(plans) * len(kinds), func(i int, _ *customer.Customer, s *customer.Subscription) {
		end := ends[i%len(ends)]
		i /= len(ends)
		s.Plan, s.Renewal, s.Seats = plans[i%len(plans)], kinds[i/len(plans)], int64(3+i)
		s.StartDate = end.AddMonths(-12)
		s.TermStart, s.TermEnd, s.Price = s.StartDate, end, money.Price{Num: 10_000, Den: 12}
		if s.Plan == catalog.AnnualYearlyPay {
			s.Price = money.Price{Num: 9_800, Den: 1}
		}
		if s.Renewal == "TRIAL" {
			s.Renewal, s.State, s.TrialEnd = customer.RenewYearly, customer.SubTrial, end
			s.StartDate, s.TermStart, s.TermEnd = end-30, end, end.AddMonths(12)
		}
	}
}

// days lets the days up to a date come, one after the other, with what they bring.
func days(t *testing.T, w *apptest.World, until civil.Date) {
	t.Helper()
	for d := civil.DateOf(w.Clock.Now(), w.Config.BillingZone); d < until; d++ {
		at(w, d+1)
		w.Must(w.RunDue(t.Context()))
		w.RunJobs("close_month")
	}
}

// monthly adds up the invoices of a console's month: the issued ones and, until they are, the drafts.
func monthly(t *testing.T, w *apptest.World, c console.Console, m civil.Month) (sum int64) {
	t.Helper()
	list, err := w.MonthInvoices(t.Context(), apptest.Admin(c), m)
	w.Must(err)
	for _, s := range list {
		sum += s.Totals.Net.Minor
	}
	return sum
}

// What drafts say of the month's end is what the invoices are if nothing else happens.
func TestDraftsKnowWhatTimeBrings(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 1, nil)
		n, change := turning(w)
		w.AddCustomers(w.B, n, change)
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
		for _, m := range []civil.Month{october, november} {
			days(t, w, m.First()+2)
			drafts := monthly(t, w, w.B, m)
			lines, err := w.DraftInvoice(t.Context(), apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1"), m)
			w.Must(err)
			days(t, w, m.End())
			inv := invoices(t, w, w.B, m)[apptest.Account(w.B, "JPY", "le_1")]
			if inv.Net.Minor != drafts || inv.Lines != int64(len(lines.Lines)) {
				t.Errorf("%s: issued is %d in %d lines, the draft said %d in %d", m, inv.Net.Minor, inv.Lines, drafts, len(lines.Lines))
			}
			for i, l := range issuedLines(t, w, w.B, inv.ID) {
				want := lines.Lines[i]
				if (l.Type == billing.UsageLine) == (l.Plan == catalog.AnnualYearlyPay) {
					t.Errorf("%s: %+v is of another plan", m, l)
				}
				if l.Line != want.Line || l.Plan != want.Plan || l.SubscriptionID != want.SubscriptionID {
					t.Errorf("%s: issued %+v, the draft had %+v", m, l, want)
				}
			}
		}
		w.CheckBooks()
	})
}

// What a preview says of a billing date is what the invoices of its month are, whatever ends before, on and after it: this month's
// and the next one's.
func TestPreviewsKnowWhatTimeBrings(t *testing.T) {
	for _, d := range []civil.Date{civil.NewDate(2026, time.October, 15), civil.NewDate(2026, time.November, 5)} {
		t.Run(d.String(), func(t *testing.T) {
			each(t, func(t *testing.T, w *apptest.World) {
				w.AddIssuer()
				n, change := turning(w)
				w.AddCustomers(w.B, n, change)
				c := w.Connect(w.A, w.B)
				p, err := w.PreviewMigration(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true}, d, 0)
				w.Must(err)
				if len(p.Totals) != 1 || p.Customers != int64(n) {
					t.Fatalf("%+v", p)
				}
				e := p.Totals[0]
				days(t, w, d)
				w.Move(c, w.A, w.B)
				days(t, w, d.Month().End())
				if source, main := monthly(t, w, w.B, d.Month()), monthly(t, w, w.A, d.Month()); source != e.SourceWith || main != e.MainWith {
					t.Errorf("source %d, main %d; the preview said %+v", source, main, e)
				}
				if e.SourceWithout != e.SourceWith+e.MainWith {
					t.Errorf("%+v does not conserve", e)
				}
				w.CheckBooks()
			})
		})
	}
}
