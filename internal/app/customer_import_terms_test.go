package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

const termHeader = "org_display_name,domain,subscription_external_id,sku_id,currency,billing_account_id,plan,num_units,unit_price," +
	"start_date,term_start,term_end,trial_end,renewal_settings,status,suspension_reason,channel\n"

// The plans of the rows below: what they say from the plan to the renewal.
const (
	yearlyRow   = "ANNUAL_YEARLY_PAY,%d,36500,2026-10-01,2026-10-01,2027-10-01,,AUTO_RENEW_YEARLY_PAY,"
	monthlyRow  = "ANNUAL_MONTHLY_PAY,%d,3100,2026-10-01,2026-10-01,2027-10-01,,AUTO_RENEW_MONTHLY_PAY,"
	flexibleRow = "FLEXIBLE,%d,3100,2026-10-01,,,,,"
	endingRow   = "ANNUAL_YEARLY_PAY,%d,36500,2025-10-20,2025-10-20,2026-10-20,,AUTO_RENEW_YEARLY_PAY,"
	renewedRow  = "ANNUAL_YEARLY_PAY,%d,73000,2025-10-20,2026-10-20,2027-10-20,,AUTO_RENEW_YEARLY_PAY,"
	tryingRow   = "ANNUAL_YEARLY_PAY,%d,36500,2026-10-01,2026-10-01,2027-10-01,2026-10-25,AUTO_RENEW_YEARLY_PAY,"
)

// says imports one subscription of plan, seats and status into console B, and returns why its row was left out.
func says(t *testing.T, w *apptest.World, as console.Actor, plan string, seats int, status string) string {
	t.Helper()
	row := "A,a.example,S-1," + apptest.Seats + ",JPY,ba_cns_B_JPY_le_1," + fmt.Sprintf(plan, seats) + status + strings.Repeat(",", 2-strings.Count(status, ",")) + "\n"
	var r app.ImportResult
	for i := range 2 { // the second time nothing changes
		again, err := w.ImportCustomers(t.Context(), as, strings.NewReader(termHeader+row), false, nil)
		w.Must(err)
		switch {
		case i == 0:
			r = again
		case again.Counts != app.ImportCounts{Refused: r.Counts.Refused}:
			t.Errorf("again: %+v", again.Counts)
		}
	}
	if len(r.Refused) > 0 {
		return r.Refused[0].Column + " " + r.Refused[0].Key
	}
	return ""
}

// charged tells what was charged for lots: type, first day, day after the last, seats, amount.
func charged(w *apptest.World) []string {
	var lines []string
	w.Read(func(tx *store.Tx) error {
		for m := civil.NewDate(2025, 10, 1); m < civil.NewDate(2027, 1, 1); m = m.Month().End() {
			list, err := tx.Charges(w.T.Context(), w.B.ID, "ba_cns_B_JPY_le_1", m.Month())
			if err != nil {
				return err
			}
			for _, c := range list {
				lines = append(lines, fmt.Sprintf("%s %s %s %d %d", c.Type, c.Period.From, c.Period.To, c.Seats, c.Amount.Minor))
			}
		}
		return nil
	})
	return lines
}

// eachOf is each for many cases, in one database.
func eachOf(t *testing.T, cases map[string]func(*testing.T, *apptest.World)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for name, test := range cases {
			storetest.Empty(t, db)
			t.Run(name, func(t *testing.T) {
				w := apptest.New(t, db)
				w.DB = store.New(twice{db.Engine()})
				test(t, w)
			})
		}
	})
}

type said struct {
	day    int
	plan   string
	seats  int
	status string
}

func TestChangesOfThePrepaidPlanAreCharged(t *testing.T) {
	cases := map[string]func(*testing.T, *apptest.World){}
	for name, c := range map[string]struct {
		story []said
		want  []string
		due   int64 // of October
	}{
		"seats are added, twice on one day": {
			[]said{{1, yearlyRow, 10, "ACTIVE"}, {15, yearlyRow, 20, "ACTIVE"}, {15, yearlyRow, 21, "ACTIVE"}},
			[]string{
				"COMMITMENT 2026-10-01 2027-10-01 10 365000", "COMMITMENT 2026-10-15 2027-10-01 10 351000",
				"COMMITMENT 2026-10-15 2027-10-01 1 35100",
			},
			751_100,
		},
		"seats are added on the first day": {
			[]said{{1, yearlyRow, 10, "ACTIVE"}, {1, yearlyRow, 12, "ACTIVE"}},
			[]string{"COMMITMENT 2026-10-01 2027-10-01 10 365000", "COMMITMENT 2026-10-01 2027-10-01 2 73000"},
			438_000,
		},
		"a trial ends early": {
			[]said{{1, tryingRow, 10, "TRIAL"}, {15, tryingRow, 10, "ACTIVE"}},
			[]string{"COMMITMENT 2026-10-15 2027-10-01 10 351000"},
			351_000,
		},
		"a trial that nobody took, and then somebody did": {
			[]said{{1, tryingRow, 10, "TRIAL"}, {12, tryingRow, 10, "SUSPENDED,TRIAL_ENDED"}, {15, tryingRow, 10, "ACTIVE"}},
			[]string{"COMMITMENT 2026-10-15 2027-10-01 10 351000"},
			351_000,
		},
		"billed offline before, in between and after": {
			[]said{{1, yearlyRow, 10, "ACTIVE,,OFFLINE"}, {15, yearlyRow, 10, "ACTIVE"}, {16, yearlyRow, 10, "ACTIVE,,OFFLINE"}, {17, yearlyRow, 10, "ACTIVE"}},
			[]string{"COMMITMENT 2026-10-15 2027-10-01 10 351000"},
			351_000,
		},
		"a suspension and its end": {
			[]said{{1, yearlyRow, 10, "ACTIVE"}, {5, yearlyRow, 10, "SUSPENDED,RESELLER_INITIATED"}, {6, yearlyRow, 10, "ACTIVE"}},
			[]string{"COMMITMENT 2026-10-01 2027-10-01 10 365000"},
			365_000,
		},
		"from the flexible plan": { // 14 days at 100 a seat and day, then the rest of the term
			[]said{{1, flexibleRow, 10, "ACTIVE"}, {15, yearlyRow, 10, "ACTIVE"}},
			[]string{"COMMITMENT 2026-10-15 2027-10-01 10 351000"},
			14_000 + 351_000,
		},
		"renewed elsewhere, with other seats and another price": {
			[]said{{1, endingRow, 10, "ACTIVE"}, {22, renewedRow, 4, "ACTIVE"}},
			[]string{"COMMITMENT 2025-10-20 2026-10-20 10 365000", "RENEWAL 2026-10-20 2027-10-20 4 292000"},
			292_000,
		},
	} {
		cases[name] = func(t *testing.T, w *apptest.World) {
			w.AddIssuer()
			for _, s := range c.story {
				on(w, s.day)
				if left := says(t, w, apptest.Admin(w.B), s.plan, s.seats, s.status); left != "" {
					t.Errorf("on %d: %s", s.day, left)
				}
			}
			if got := charged(w); !slices.Equal(got, c.want) {
				t.Errorf("charged %q", got)
			}
			if got := due(t, w, w.B); got != c.due {
				t.Errorf("due %d, want %d", got, c.due)
			}
			w.CheckInvariants()
			w.CheckBooks()
		}
	}
	eachOf(t, cases)
}

// What an annual plan is bound to changes only at its renewal, and a row cannot put back what was before one (spec B5).
func TestTermsAreNotBrokenByAnImport(t *testing.T) {
	shifted := strings.ReplaceAll(yearlyRow, "2027-10-01", "2027-11-01")
	began := strings.ReplaceAll(yearlyRow, "2026-10-01,2027", "2026-10-02,2027")
	cases := map[string]func(*testing.T, *apptest.World){}
	for name, c := range map[string]struct {
		story []said
		last  said
		left  string
		by    bool // the operator may
	}{
		"prepaid seats fall":        {[]said{{1, yearlyRow, 10, "ACTIVE"}}, said{15, yearlyRow, 9, "ACTIVE"}, "num_units import.commitment.seats", true},
		"annual seats fall":         {[]said{{1, monthlyRow, 10, "ACTIVE"}}, said{15, monthlyRow, 9, "ACTIVE"}, "num_units import.commitment.seats", true},
		"an annual plan ends":       {[]said{{1, monthlyRow, 10, "ACTIVE"}}, said{15, monthlyRow, 10, "CANCELLED"}, "status import.commitment.end", true},
		"a prepaid plan ends":       {[]said{{1, yearlyRow, 10, "ACTIVE"}}, said{15, yearlyRow, 10, "CANCELLED"}, "status import.commitment.end", true},
		"prepaid to flexible":       {[]said{{1, yearlyRow, 10, "ACTIVE"}}, said{15, flexibleRow, 10, "ACTIVE"}, "plan import.commitment.plan", false},
		"prepaid to monthly":        {[]said{{1, yearlyRow, 10, "ACTIVE"}}, said{15, monthlyRow, 10, "ACTIVE"}, "plan import.commitment.plan", false},
		"monthly to flexible":       {[]said{{1, monthlyRow, 10, "ACTIVE"}}, said{15, flexibleRow, 10, "ACTIVE"}, "plan import.commitment.plan", true},
		"a longer term":             {[]said{{1, yearlyRow, 10, "ACTIVE"}}, said{15, shifted, 10, "ACTIVE"}, "term_end import.commitment.term", false},
		"a term that began later":   {[]said{{1, yearlyRow, 10, "ACTIVE"}}, said{15, began, 10, "ACTIVE"}, "term_start import.commitment.term", false},
		"renewed before its time":   {[]said{{1, endingRow, 10, "ACTIVE"}}, said{15, renewedRow, 10, "ACTIVE"}, "term_start import.commitment.term", false},
		"a gap between two terms":   {[]said{{1, endingRow, 10, "ACTIVE"}}, said{22, strings.ReplaceAll(renewedRow, "2026-10-20", "2026-10-21"), 10, "ACTIVE"}, "term_start import.term.gap", false},
		"prepaid from tomorrow":     {[]said{{1, flexibleRow, 10, "ACTIVE"}}, said{1, began, 10, "ACTIVE"}, "term_start import.term.later", false},
		"back to before a renewal":  {[]said{{1, endingRow, 10, "ACTIVE"}, {21, renewedRow, 10, "ACTIVE"}}, said{22, endingRow, 10, "ACTIVE"}, "term_end import.term.over", false},
		"back into a trial":         {[]said{{1, tryingRow, 10, "TRIAL"}, {15, tryingRow, 10, "ACTIVE"}}, said{16, tryingRow, 10, "TRIAL"}, "status import.trial.over", false},
		"a trial that ends earlier": {[]said{{1, tryingRow, 10, "TRIAL"}}, said{15, strings.ReplaceAll(tryingRow, "10-25", "10-24"), 10, "TRIAL"}, "trial_end import.trial.earlier", false},
	} {
		cases[name] = func(t *testing.T, w *apptest.World) {
			w.AddIssuer()
			for _, s := range c.story {
				on(w, s.day)
				if left := says(t, w, apptest.Admin(w.B), s.plan, s.seats, s.status); left != "" {
					t.Fatalf("on %d: %s", s.day, left)
				}
			}
			on(w, c.last.day)
			before, invoiced := charged(w), due(t, w, w.B)
			if left := says(t, w, apptest.Admin(w.B), c.last.plan, c.last.seats, c.last.status); left != c.left {
				t.Errorf("left out: %q, want %q", left, c.left)
			}
			if !slices.Equal(charged(w), before) || due(t, w, w.B) != invoiced {
				t.Errorf("charged %q, due %d, before %q, %d", charged(w), due(t, w, w.B), before, invoiced)
			}
			if left := says(t, w, apptest.Operator(w.B), c.last.plan, c.last.seats, c.last.status); c.by != (left == "") {
				t.Errorf("of the operator left out: %q", left)
			}
			if !slices.Equal(charged(w), before) {
				t.Errorf("the operator gave back or charged: %q, before %q", charged(w), before)
			}
			w.CheckInvariants()
			w.CheckBooks()
		}
	}
	eachOf(t, cases)
}

// A row that renews a term into a closed month is left out and named; the other rows of the file are stored.
func TestARenewalIntoAClosedMonthIsLeftOut(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		row := func(name, plan string) string {
			return name + "," + name + ".example,S-" + name + "," + apptest.Seats + ",JPY,ba_cns_B_JPY_le_1," + fmt.Sprintf(plan, 10) + "ACTIVE,,\n"
		}
		importRows := func(rows string) app.ImportResult {
			r, err := w.ImportCustomers(t.Context(), apptest.Admin(w.B), strings.NewReader(termHeader+rows), false, nil)
			w.Must(err)
			return r
		}
		if r := importRows(row("a", endingRow)); len(r.Refused) != 0 {
			t.Fatalf("%+v", r.Refused)
		}
		at(w, november.First()+4)
		w.Update(func(tx *store.Tx) error { // as if nothing had renewed it before
			_, err := tx.BeginClose(t.Context(), w.B.ID, october)
			_, two := tx.EndClose(t.Context(), w.B.ID, october, w.Clock.Now())
			return errors.Join(err, two)
		})
		r := importRows(row("b", flexibleRow) + row("a", renewedRow))
		if len(r.Refused) != 1 || r.Refused[0].Line != 3 || r.Refused[0].Column != "term_start" || r.Refused[0].Key != "import.term.closed" {
			t.Errorf("left out: %+v", r.Refused)
		}
		if r.Counts.SubscriptionsAdded != 1 || r.Counts.SubscriptionsChanged != 0 {
			t.Errorf("%+v", r.Counts)
		}
	})
}

// An order of fewer annual seats waits for the renewal; one of more buys them.
func TestOrdersOfAnnualSeats(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		ids := w.AddCustomers(w.B, 2, func(i int, _ *customer.Customer, s *customer.Subscription) {
			s.Plan, s.Price.Num, s.Renewal = []catalog.Plan{catalog.AnnualYearlyPay, catalog.AnnualMonthlyPay}[i], 36_500, customer.RenewYearly
			s.StartDate = civil.NewDate(2026, 10, 1)
			s.TermStart, s.TermEnd = s.StartDate, civil.NewDate(2027, 10, 1)
		})
		order := func(id string, seats int64) string {
			o := customer.Order{
				ConsoleID: w.B.ID, ID: fmt.Sprint("ord_", id, seats), CustomerID: id, SubscriptionID: "sub_" + id[4:], At: w.Clock.Now(),
				By: customer.ByReseller, Action: customer.OrderSeatsChanged, SKUID: apptest.Seats, SeatsBefore: 10, SeatsAfter: seats,
				State: customer.OrderOpen,
			}
			w.Update(func(tx *store.Tx) error { return tx.InsertOrders(t.Context(), []customer.Order{o}) })
			return o.ID
		}
		on(w, 15)
		for _, id := range ids {
			wantFault(t, w.FulfilOrder(t.Context(), apptest.Operator(w.B), order(id, 4)), "order.committed")
			w.Must(w.FulfilOrder(t.Context(), apptest.Operator(w.B), order(id, 20)))
		}
		want := []string{"COMMITMENT 2026-10-01 2027-10-01 10 365000", "COMMITMENT 2026-10-15 2027-10-01 10 351000"}
		if got := charged(w); !slices.Equal(got, want) {
			t.Errorf("charged %q", got)
		}
		open := w.Texts(`SELECT id FROM orders WHERE state = 'OPEN'`)
		if len(open) != 2 {
			t.Errorf("open: %q", open)
		}
		w.CheckInvariants()
		w.CheckBooks()
	})
}
