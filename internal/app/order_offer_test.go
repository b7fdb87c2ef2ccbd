package app_test

import (
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// listed makes a subscription of AddCustomers one of the SKU and plan at the listed price, on an annual plan in its second month.
func listed(sku string, plan catalog.Plan) func(*customer.Subscription) {
	return func(s *customer.Subscription) {
		if plan.Annual() {
			annual(plan)(s)
		}
		s.SKUID = sku
		s.Price = money.Price{Num: map[catalog.Plan]int64{catalog.Flexible: 1000, catalog.AnnualMonthlyPay: 900, catalog.AnnualYearlyPay: 10_800}[plan], Den: 1}
		s.Price.Num *= map[string]int64{small: 2, large: 3}[sku]
	}
}

func offer(sku string, plan catalog.Plan) app.Change {
	return app.Change{Action: app.ChangeOffer, SKUID: sku, Plan: plan}
}

// TestOffersCostWhatIsQuoted changes plans and products in every way that there is, in the middle of a month.
func TestOffersCostWhatIsQuoted(t *testing.T) {
	tests := map[string]func(*testing.T, *apptest.World){}
	for name, c := range map[string]struct {
		make   func(*customer.Subscription)
		change app.Change
		action customer.OrderAction
		same   bool
	}{
		"flexible to monthly":       {listed(small, catalog.Flexible), offer("", catalog.AnnualMonthlyPay), customer.OrderPlanChanged, false},
		"flexible to prepaid":       {listed(small, catalog.Flexible), offer("", catalog.AnnualYearlyPay), customer.OrderPlanChanged, false},
		"flexible, up":              {listed(small, catalog.Flexible), offer(large, ""), customer.OrderSKUChanged, false},
		"flexible, down":            {listed(large, catalog.Flexible), offer(small, ""), customer.OrderSKUChanged, false},
		"flexible to prepaid, down": {listed(large, catalog.Flexible), offer(small, catalog.AnnualYearlyPay), customer.OrderPlanChanged, false},
		"monthly, up":               {listed(small, catalog.AnnualMonthlyPay), offer(large, ""), customer.OrderSKUChanged, false},
		"monthly, down":             {listed(large, catalog.AnnualMonthlyPay), offer(small, ""), customer.OrderRenewalSet, false},
		"prepaid, up":               {listed(small, catalog.AnnualYearlyPay), offer(large, ""), customer.OrderSKUChanged, false},
		"prepaid, down":             {listed(large, catalog.AnnualYearlyPay), offer(small, ""), customer.OrderRenewalSet, false},
		"monthly, down, then flexible": {func(s *customer.Subscription) {
			listed(large, catalog.AnnualMonthlyPay)(s)
			s.Renewal = customer.RenewFlexible
		}, offer(small, ""), customer.OrderRenewalSet, false},
		"offline waits": {func(s *customer.Subscription) { listed(small, catalog.Flexible)(s); s.Channel = customer.Offline }, offer(large, ""), customer.OrderSKUChanged, true},
	} {
		tests[name] = func(t *testing.T, w *apptest.World) {
			withLimits(w)
			on(w, 13)
			costsWhatIsQuoted(t, w, apptest.Admin(w.B), c.make, c.change, c.action, 10, c.same)
		}
	}
	eachOf(t, tests)
}

// TestOffersWithOtherSeats changes both at once.
func TestOffersWithOtherSeats(t *testing.T) {
	tests := map[string]func(*testing.T, *apptest.World){}
	for name, c := range map[string]struct {
		make   func(*customer.Subscription)
		change app.Change
		action customer.OrderAction
		seats  int64
	}{
		"flexible to monthly, more":  {listed(small, catalog.Flexible), offer("", catalog.AnnualMonthlyPay), customer.OrderPlanChanged, 12},
		"flexible to prepaid, fewer": {listed(small, catalog.Flexible), offer("", catalog.AnnualYearlyPay), customer.OrderPlanChanged, 8},
		"prepaid, up, more":          {listed(small, catalog.AnnualYearlyPay), offer(large, ""), customer.OrderSKUChanged, 12},
		"monthly, the same, more":    {listed(small, catalog.AnnualMonthlyPay), offer("", ""), customer.OrderSeatsChanged, 12},
	} {
		tests[name] = func(t *testing.T, w *apptest.World) {
			withLimits(w)
			on(w, 13)
			c.change.Seats = c.seats
			costsWhatIsQuoted(t, w, apptest.Admin(w.B), c.make, c.change, c.action, c.seats, false)
		}
	}
	eachOf(t, tests)
}

// TestOffersAreRefused tries plans and products that cannot be had.
func TestOffersAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withLimits(w)
		w.Exec(`DELETE FROM offers WHERE sku_id = '` + small + `' AND plan = 'ANNUAL_MONTHLY_PAY'`)
		w.Exec(`UPDATE skus SET edition_seats = 5 WHERE id = '` + small + `'`)
		for i, c := range []struct {
			make   func(*customer.Subscription)
			change app.Change
			key    string
		}{
			{listed(large, catalog.AnnualMonthlyPay), offer("", catalog.Flexible), "order.committed_plan"},
			{listed(large, catalog.AnnualMonthlyPay), offer("", catalog.AnnualYearlyPay), "order.committed_plan"},
			{listed(large, catalog.AnnualYearlyPay), offer(small, catalog.Flexible), "order.committed_plan"},
			{listed(large, catalog.Flexible), offer(small, catalog.AnnualMonthlyPay), "order.not_offered_in"},
			{listed(large, catalog.AnnualMonthlyPay), offer(small, ""), "order.not_offered_in"},
			{listed(large, catalog.Flexible), offer("", "SOMETIMES"), "order.plan_missing"},
			{listed(large, catalog.Flexible), offer("sku_none", ""), "order.sku_missing"},
			{listed(large, catalog.Flexible), offer(apptest.Voice, ""), "order.other_product"},
			{listed(large, catalog.Flexible), offer(more, ""), "order.other_product"},
			{nil, offer(small, catalog.Flexible), "order.edition_cap"},
			{func(s *customer.Subscription) {
				listed(large, catalog.AnnualYearlyPay)(s)
				s.Renewal = customer.RenewCancel
			}, offer(small, ""), "order.ends_then"},
			{func(s *customer.Subscription) {
				s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByReseller
			}, offer(large, ""), "subscription.state"},
		} {
			id := w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
				if c.make != nil {
					c.make(s)
				}
			})[0]
			err := changing(t, w, "sub_"+id[4:], c.change)
			if err == nil {
				t.Errorf("%d: was done", i)
				continue
			}
			wantFault(t, err, c.key)
		}
	})
}

// TestAnUpgradeIsPaidToTheEndOfTheTerm follows a prepaid plan through an upgrade, added seats, a move and its renewal: nothing is given
// back, everything that moves is credited and charged alike, and the books are right.
func TestAnUpgradeIsPaidToTheEndOfTheTerm(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.Config.Terms.Waiting = 0
		withLimits(w)
		id := w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
			listed(small, catalog.AnnualYearlyPay)(s)
			s.TermStart, s.TermEnd = civil.NewDate(2025, time.December, 31), civil.NewDate(2026, time.December, 31)
			s.StartDate = s.TermStart
		})[0]
		sub := "sub_" + id[4:]
		on(w, 20) // 72 of 365 days are left
		w.Must(changing(t, w, sub, offer(large, "")))
		w.Must(changing(t, w, sub, app.Change{Action: app.ChangeSeats, Seats: 12}))
		w.Must(changing(t, w, sub, offer(small, "")))
		inv, err := w.DraftInvoice(t.Context(), apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1"), october)
		w.Must(err)
		var amounts []int64
		for _, l := range inv.Lines {
			if l.SKUID != large {
				t.Errorf("a line of %s", l.SKUID)
			}
			amounts = append(amounts, l.Amount.Minor)
		}
		if want := []int64{21_304, 12_782}; len(amounts) != 2 || amounts[0] != want[0] || amounts[1] != want[1] { // 10 * 10,800 * 72/365; 2 * 32,400 * 72/365
			t.Errorf("charged %d, want %d", amounts, want)
		}
		on(w, 25)
		w.Move(w.Connect(w.A, w.B), w.A, w.B)
		w.CheckInvariants()
		w.Clock.Advance(civil.NewDate(2026, time.December, 31).Start(w.Config.BillingZone).Sub(apptest.Start))
		w.Must(w.RunDue(t.Context()))
		s := subscription(w, w.A, id)
		if s.SKUID != small || s.RenewalSKUID != "" || s.Price != (money.Price{Num: 21_600, Den: 1}) || s.Seats != 12 ||
			s.TermEnd != civil.NewDate(2027, time.December, 31) {
			t.Errorf("renewed %+v", s)
		}
		if inv, err = w.DraftInvoice(t.Context(), apptest.Admin(w.A), apptest.Account(w.A, "JPY", "le_1"), october.Next().Next()); err != nil {
			t.Fatal(err)
		}
		if len(inv.Lines) != 1 || inv.Lines[0].Type != billing.RenewalLine || inv.Totals.Net.Minor != 12*21_600 || inv.Lines[0].SKUName != small {
			t.Errorf("the renewal costs %+v", inv.Lines)
		}
		w.CheckInvariants()
		w.CheckBooks()
	})
}

// TestLinesNameTheProductOfTheirDays upgrades in the middle of a month: the lines before name the product that was.
func TestLinesNameTheProductOfTheirDays(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withLimits(w)
		w.Update(func(tx *store.Tx) error { // at one price, so that nothing but the product differs
			return tx.PutOffers(t.Context(), []catalog.Offer{{SKUID: large, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 2000, Den: 1}}})
		})
		id := w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { listed(small, catalog.Flexible)(s) })[0]
		on(w, 20)
		w.Must(changing(t, w, "sub_"+id[4:], offer(large, "")))
		inv, err := w.DraftInvoice(t.Context(), apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1"), october)
		w.Must(err)
		if len(inv.Lines) != 2 || inv.Lines[0].SKUName != small || inv.Lines[0].Period.To != civil.NewDate(2026, time.October, 20) || inv.Lines[1].SKUName != large {
			t.Errorf("%+v", inv.Lines)
		}
	})
}
