package app_test

import (
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// offers are what the orders of these tests are made of.
func withOffers(w *apptest.World) {
	w.Update(func(tx *store.Tx) error {
		return tx.PutOffers(w.T.Context(), []catalog.Offer{
			{SKUID: apptest.Seats, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 1360, Den: 1}},
			{SKUID: apptest.Seats, Plan: catalog.AnnualMonthlyPay, Currency: "JPY", Price: money.Price{Num: 1133, Den: 1}},
			{SKUID: apptest.Seats, Plan: catalog.AnnualYearlyPay, Currency: "JPY", Price: money.Price{Num: 13600, Den: 1}},
			{SKUID: apptest.Cloud, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 100, Den: 1}},
		})
	})
}

// annual makes a subscription of AddCustomers one of a plan whose term began last month.
func annual(plan catalog.Plan) func(*customer.Subscription) {
	return func(s *customer.Subscription) {
		s.Plan, s.Price, s.Renewal = plan, money.Price{Num: 1133, Den: 1}, customer.RenewMonthly
		if plan == catalog.AnnualYearlyPay {
			s.Price, s.Renewal = money.Price{Num: 13600, Den: 1}, customer.RenewYearly
		}
		s.TermStart, s.TermEnd = civil.NewDate(2026, time.September, 1), civil.NewDate(2027, time.September, 1)
	}
}

// drafts returns what the drafts of the months of a quote come to, of the account that nothing else is billed to.
func drafts(w *apptest.World, q app.Quote) (list []int64) {
	w.T.Helper()
	for _, m := range q.Months {
		inv, err := w.DraftInvoice(w.T.Context(), apptest.Admin(w.B), q.Account.ID, m.Month)
		w.Must(err)
		list = append(list, inv.Totals.Net.Minor)
	}
	return list
}

// TestOrdersCostWhatIsQuoted quotes every order about a subscription, does it, and holds the quote to the drafts of the
// invoices before and after.
func TestOrdersCostWhatIsQuoted(t *testing.T) {
	trial := func(s *customer.Subscription) {
		s.State, s.TrialEnd = customer.SubTrial, civil.NewDate(2026, time.December, 1)
	}
	tests := map[string]func(*testing.T, *apptest.World){}
	for name, c := range map[string]struct {
		make   func(*customer.Subscription)
		change app.Change
		action customer.OrderAction
		after  int64 // seats in the order history
		same   bool  // nothing is billed otherwise
	}{
		"flexible, more":         {nil, app.Change{Action: app.ChangeSeats, Seats: 12}, customer.OrderSeatsChanged, 12, false},
		"flexible, fewer":        {nil, app.Change{Action: app.ChangeSeats, Seats: 3, Seen: 10}, customer.OrderSeatsChanged, 3, false},
		"flexible, end":          {nil, app.Change{Action: app.EndNow}, customer.OrderEnded, 10, false},
		"monthly, more":          {annual(catalog.AnnualMonthlyPay), app.Change{Action: app.ChangeSeats, Seats: 12}, customer.OrderSeatsChanged, 12, false},
		"monthly, fewer":         {annual(catalog.AnnualMonthlyPay), app.Change{Action: app.ChangeSeats, Seats: 7}, customer.OrderRenewalSet, 7, false},
		"monthly, to flexible":   {annual(catalog.AnnualMonthlyPay), app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewFlexible}, customer.OrderRenewalSet, 10, false},
		"prepaid, more":          {annual(catalog.AnnualYearlyPay), app.Change{Action: app.ChangeSeats, Seats: 12}, customer.OrderSeatsChanged, 12, false},
		"prepaid, fewer":         {annual(catalog.AnnualYearlyPay), app.Change{Action: app.ChangeSeats, Seats: 7}, customer.OrderRenewalSet, 7, false},
		"prepaid, end":           {annual(catalog.AnnualYearlyPay), app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewCancel}, customer.OrderRenewalSet, 10, false},
		"prepaid, as it is paid": {annual(catalog.AnnualYearlyPay), app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewMonthly}, customer.OrderRenewalSet, 10, false},
		"trial, paid":            {trial, app.Change{Action: app.StartPaid}, customer.OrderPaid, 10, false},
		"trial, prepaid":         {func(s *customer.Subscription) { annual(catalog.AnnualYearlyPay)(s); trial(s) }, app.Change{Action: app.StartPaid}, customer.OrderPaid, 10, false},
		"offline, more":          {func(s *customer.Subscription) { s.Channel = customer.Offline }, app.Change{Action: app.ChangeSeats, Seats: 12}, customer.OrderSeatsChanged, 12, true},
	} {
		tests[name] = func(t *testing.T, w *apptest.World) {
			withOffers(w)
			costsWhatIsQuoted(t, w, apptest.Admin(w.B), c.make, c.change, c.action, c.after, c.same)
		}
	}
	eachOf(t, tests)
}

// TestTheOperatorEndsAnAnnualPlan before its renewal, which its reseller cannot; nothing is given back (spec B5).
func TestTheOperatorEndsAnAnnualPlan(t *testing.T) {
	tests := map[string]func(*testing.T, *apptest.World){}
	for _, plan := range []catalog.Plan{catalog.AnnualMonthlyPay, catalog.AnnualYearlyPay} {
		tests[string(plan)] = func(t *testing.T, w *apptest.World) {
			withOffers(w)
			costsWhatIsQuoted(t, w, apptest.Operator(w.B), annual(plan), app.Change{Action: app.EndNow}, customer.OrderEnded, 10, false)
		}
	}
	eachOf(t, tests)
}

// costsWhatIsQuoted quotes an order about a subscription, does it twice, and holds the quote to the drafts of the invoices.
func costsWhatIsQuoted(t *testing.T, w *apptest.World, source console.Actor, prepare func(*customer.Subscription), change app.Change, action customer.OrderAction, seats int64, same bool) {
	t.Helper()
	id := w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
		if prepare != nil {
			prepare(s)
		}
	})[0]
	sub, by := "sub_"+id[4:], customer.ByReseller
	if source.Operator {
		by = customer.ByVendor
	}
	q, err := w.QuoteChange(t.Context(), source, sub, change)
	w.Must(err)
	before := drafts(w, q)
	w.Must(w.ChangeSubscription(t.Context(), source, sub, change))
	if action != customer.OrderEnded && action != customer.OrderPaid { // sent twice, it does nothing twice
		w.Must(w.ChangeSubscription(t.Context(), source, sub, change))
	}
	differs := false
	for i, after := range drafts(w, q) {
		m := q.Months[i]
		if m.Without != before[i] || m.With != after {
			t.Errorf("%s: quoted %d and %d, drafted %d and %d", m.Month, m.Without, m.With, before[i], after)
		}
		differs = differs || m.With != m.Without
	}
	if differs == same {
		t.Errorf("quoted %+v", q.Months)
	}
	record, err := w.Customer(t.Context(), source, id)
	w.Must(err)
	if len(record.Orders) != 1 || record.Orders[0].Action != action || record.Orders[0].SeatsBefore != 10 ||
		record.Orders[0].SeatsAfter != seats || record.Orders[0].By != by {
		t.Errorf("orders %+v", record.Orders)
	}
	if len(record.Events) != 1 {
		t.Errorf("events %+v", record.Events)
	}
	w.CheckInvariants()
	w.CheckBooks()
}

// TestAPurchaseCostsWhatIsQuoted does the same with new subscriptions.
func TestAPurchaseCostsWhatIsQuoted(t *testing.T) {
	tests := map[string]func(*testing.T, *apptest.World){}
	for _, plan := range catalog.Plans {
		tests[string(plan)] = func(t *testing.T, w *apptest.World) {
			withOffers(w)
			source, account := apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1")
			c, err := w.CreateCustomer(t.Context(), source, customer.Customer{Name: "New", Domain: "new.example"})
			w.Must(err)
			in := app.Purchase{
				CustomerID: c.ID, SKUID: apptest.Seats, Plan: plan, Seats: 7, AccountID: account, PurchaseOrderID: " PO-1 ", Key: "k",
			}
			q, err := w.QuotePurchase(t.Context(), source, in)
			w.Must(err)
			bought, err := w.Buy(t.Context(), source, in)
			w.Must(err)
			again, err := w.Buy(t.Context(), source, in)
			w.Must(err)
			other := in
			other.Seats++
			if _, err := w.Buy(t.Context(), source, other); again.ID != bought.ID || !fault.Is(err, "order.key_used") {
				t.Errorf("the key again: %s, %s, %v", bought.ID, again.ID, err)
			}
			for i, after := range drafts(w, q) {
				if m := q.Months[i]; m.Without != 0 || m.With != after {
					t.Errorf("%s: quoted %d and %d, drafted %d", m.Month, m.Without, m.With, after)
				}
			}
			record, err := w.Customer(t.Context(), source, c.ID)
			w.Must(err)
			s := record.Subscriptions[0]
			if len(record.Subscriptions) != 1 || s.Seats != 7 || s.PurchaseOrderID != "PO-1" || s.BillingAccountID != account ||
				(s.TermEnd != 0) != plan.Annual() || (s.Renewal != "") != plan.Annual() {
				t.Errorf("bought %+v", record.Subscriptions)
			}
			if len(record.Orders) != 1 || record.Orders[0].Action != customer.OrderCreated || record.Orders[0].SeatsBefore != 0 {
				t.Errorf("orders %+v", record.Orders)
			}
		}
	}
	eachOf(t, tests)
}

// TestSeatsFallAtTheRenewal orders fewer seats of an annual plan, and lets its term end: in the console where it is by then.
func TestSeatsFallAtTheRenewal(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withOffers(w)
		ids := w.AddCustomers(w.B, 2, func(_ int, _ *customer.Customer, s *customer.Subscription) {
			annual(catalog.AnnualMonthlyPay)(s)
			s.TermStart, s.TermEnd = civil.NewDate(2025, time.November, 20), civil.NewDate(2026, time.November, 20)
			s.StartDate = s.TermStart
		})
		for _, id := range ids {
			w.Must(w.ChangeSubscription(t.Context(), apptest.Admin(w.B), "sub_"+id[4:], app.Change{Action: app.ChangeSeats, Seats: 4}))
			if s := subscription(w, w.B, id); s.Seats != 10 || s.RenewalSeats != 4 {
				t.Fatalf("ordered %+v", s)
			}
		}
		c := w.Connect(w.A, w.B)
		w.Move(c, w.A, w.B)
		w.Clock.Advance(w.Clock.Ahead() + 60*24*time.Hour)
		w.Must(w.RunDue(t.Context()))
		for _, id := range ids {
			s := subscription(w, w.A, id)
			record, err := w.Customer(t.Context(), apptest.Admin(w.A), id)
			w.Must(err)
			if s.Seats != 4 || s.RenewalSeats != 0 || s.TermEnd != civil.NewDate(2027, time.November, 20) ||
				len(record.Orders) != 1 || record.Orders[0].SeatsBefore != 10 || record.Orders[0].SeatsAfter != 4 {
				t.Errorf("renewed %+v, %+v", s, record.Orders)
			}
		}
	})
}

// TestOrdersAreRefused tries what may not be ordered: by whom, of what, and while the customer moves.
func TestOrdersAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withOffers(w)
		ids := w.AddCustomers(w.B, 3, func(i int, _ *customer.Customer, s *customer.Subscription) {
			switch i {
			case 1:
				annual(catalog.AnnualMonthlyPay)(s)
			case 2:
				s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
			}
		})
		w.Exec(`UPDATE subscriptions SET max_seats = 20 WHERE id = 'sub_` + ids[0][4:] + `'`)
		w.Exec(`DELETE FROM sku_authorizations WHERE console_id = '` + w.B.ID + `' AND sku_id = '` + apptest.Voice + `'`)
		source, account := apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1")
		for i, c := range []struct {
			of     int
			change app.Change
			key    string
		}{
			{0, app.Change{Action: app.ChangeSeats, Seats: 21}, "order.cap"},
			{0, app.Change{Action: app.ChangeSeats, Seats: 0}, "order.seats"},
			{0, app.Change{Action: app.ChangeSeats, Seats: 12, Seen: 11}, "order.seats_meanwhile"},
			{0, app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewCancel}, "subscription.state"},
			{0, app.Change{Action: app.StartPaid}, "subscription.state"},
			{1, app.Change{Action: app.EndNow}, "order.committed_end"},
			{1, app.Change{Action: app.ChangeSeats, Seats: customer.MostSeats + 1}, "order.seats"},
			{1, app.Change{Action: app.ChangeRenewal, Renewal: "SOMETIMES"}, "order.renewal"},
			{2, app.Change{Action: app.ChangeSeats, Seats: 12}, "subscription.state"},
			{2, app.Change{Action: app.EndNow}, "subscription.state"},
			{0, app.Change{Action: "dance"}, "subscription.not_found"},
		} {
			_, quoted := w.QuoteChange(t.Context(), source, "sub_"+ids[c.of][4:], c.change)
			err := w.ChangeSubscription(t.Context(), source, "sub_"+ids[c.of][4:], c.change)
			if !fault.Is(err, c.key) || !fault.Is(quoted, c.key) {
				t.Errorf("%d: %v, quoted %v; want %s", i, err, quoted, c.key)
			}
		}
		good := app.Purchase{CustomerID: ids[0], SKUID: apptest.Seats, Plan: catalog.Flexible, Seats: 5, AccountID: account}
		for key, change := range map[string]func(*app.Purchase){
			"order.seats":              func(p *app.Purchase) { p.Seats = 0 },
			"order.cap":                func(p *app.Purchase) { p.MaxSeats = 4 },
			"order.max_seats":          func(p *app.Purchase) { p.MaxSeats, p.Plan = 9, catalog.AnnualMonthlyPay },
			"order.sku_missing":        func(p *app.Purchase) { p.SKUID = "sku_none" },
			"order.sku_not_authorized": func(p *app.Purchase) { p.SKUID = apptest.Voice },
			"order.plan_missing":       func(p *app.Purchase) { p.Plan = "" },
			"order.not_offered_in":     func(p *app.Purchase) { p.AccountID = apptest.Account(w.B, "USD", "le_1") },
			"order.account_missing":    func(p *app.Purchase) { p.AccountID = apptest.Account(w.A, "JPY", "le_1") },
			"order.account_group":      func(p *app.Purchase) { p.SKUID = apptest.Cloud },
			"order.renewal":            func(p *app.Purchase) { p.Plan, p.Renewal = catalog.AnnualMonthlyPay, "SOMETIMES" },
			"order.purchase_order":     func(p *app.Purchase) { p.PurchaseOrderID = "a\nb" },
			"customer.not_found":       func(p *app.Purchase) { p.CustomerID = "cus_none" },
		} {
			in := good
			change(&in)
			_, quoted := w.QuotePurchase(t.Context(), source, in)
			if _, err := w.Buy(t.Context(), source, in); !fault.Is(err, key) || !fault.Is(quoted, key) {
				t.Errorf("%v, quoted %v; want %s", err, quoted, key)
			}
		}
		w.Exec(`UPDATE skus SET add_on = 1 WHERE id = '` + apptest.Seats + `'`)
		if _, err := w.Buy(t.Context(), source, good); !fault.Is(err, "order.needs_base") {
			t.Errorf("an add-on to add-ons: %v", err)
		}
		w.Exec(`UPDATE skus SET add_on = 0`)
		w.Must(w.SetBillingAccountState(t.Context(), apptest.Operator(w.B), account, billing.RestrictAccount))
		if _, err := w.Buy(t.Context(), source, good); !fault.Is(err, "order.account_unusable") {
			t.Errorf("on probation: %v", err)
		}
		for _, role := range []console.Role{console.RoleViewer, console.RoleBilling} {
			_, err := w.Buy(t.Context(), apptest.As(w.B, role), good)
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s buys: %v", role, err)
			}
			if err := w.ChangeSubscription(t.Context(), apptest.As(w.B, role), "sub_"+ids[0][4:], app.Change{Action: app.EndNow}); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s ends: %v", role, err)
			}
		}
		record, err := w.Customer(t.Context(), source, ids[0])
		w.Must(err)
		if len(record.Orders) != 0 || len(record.Subscriptions) != 1 {
			t.Errorf("something was written: %+v", record)
		}
	})
}
