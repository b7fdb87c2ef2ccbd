package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

func yen(n int64) money.Price { return money.Price{Num: n, Den: 1} }

// stepOf is a new price in yen of the seats on a plan, from a day of October 2026.
func stepOf(plan catalog.Plan, day int, price int64) catalog.Step {
	return catalog.Step{
		Offer: catalog.Offer{SKUID: apptest.Seats, Plan: plan, Currency: "JPY", Price: yen(price)},
		From:  civil.NewDate(2026, time.October, day),
	}
}

// priced gives B customers on all plans: of each one pays the catalogue's price, one a price of its own. Terms end on 20 October.
func priced(w *apptest.World) {
	list := map[catalog.Plan]int64{catalog.Flexible: 1_003, catalog.AnnualMonthlyPay: 907, catalog.AnnualYearlyPay: 10_007}
	w.Update(func(tx *store.Tx) error {
		var offers []catalog.Offer
		for plan, price := range list {
			offers = append(offers, catalog.Offer{SKUID: apptest.Seats, Plan: plan, Currency: "JPY", Price: yen(price)})
		}
		return tx.PutOffers(w.T.Context(), offers)
	})
	kinds := []customer.RenewalKind{customer.RenewYearly, customer.RenewMonthly, customer.RenewFlexible}
	w.AddCustomers(w.B, 24, func(i int, _ *customer.Customer, s *customer.Subscription) {
		s.Plan = catalog.Plans[i%3]
		s.Price, s.Seats = yen(list[s.Plan]+int64(i/3%2)), int64(3+i)
		if s.Plan.Annual() {
			s.Renewal = kinds[i/6%3]
			s.StartDate = civil.NewDate(2025, time.October, 20)
			s.TermStart, s.TermEnd = s.StartDate, s.StartDate.AddMonths(12)
		}
		if i >= 18 && s.Plan == catalog.Flexible {
			s.State, s.TrialEnd = customer.SubTrial, civil.NewDate(2026, time.October, 17)
		}
	})
}

// pays is what is billed by the month from which day on, by subscription.
func pays(w *apptest.World) []string {
	return w.Texts(`SELECT subscription_id || ' ' || CAST(from_date AS text) || ' ' || plan || ' ' || CAST(price_num AS text) || ' ' || state
		FROM segments WHERE to_date > from_date AND carried = 0 ORDER BY subscription_id, from_date`)
}

// A new price holds from its day on, however late that is noticed: flexible plans take it on that day, annual ones when they renew,
// and who pays a price of its own keeps it. Drafts know it before.
func TestPricesHoldFromTheirDay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), apptest.Operator(w.B)
		w.AddIssuer()
		priced(w)
		steps := []catalog.Step{
			stepOf(catalog.Flexible, 10, 1_500), stepOf(catalog.Flexible, 12, 1_003), stepOf(catalog.Flexible, 25, 2_000),
			stepOf(catalog.AnnualMonthlyPay, 15, 800), stepOf(catalog.AnnualYearlyPay, 20, 12_000), stepOf(catalog.AnnualYearlyPay, 21, 1),
		}
		for i, s := range steps {
			before, err := w.PreviewPrice(ctx, operator, s)
			w.Must(err)
			e, err := w.SetPrice(ctx, operator, s)
			w.Must(err)
			if e != before || i == 0 && (e.Subscriptions != 4 || e.Consoles != 1 || e.Was != yen(1_003) || e.AtRenewal()) {
				t.Errorf("%+v, the preview said %+v", e, before)
			}
		}
		was := tell(t, w, w.B, october, false)
		punctual := func(w *apptest.World) { live(w, november.First()+1) }
		late := func(w *apptest.World) { // nothing runs for weeks
			at(w, november.First()-2)
			for range 2 {
				w.Must(w.RunDue(ctx))
			}
			live(w, november.First()+1)
		}
		if w.DB.Engine().Name() == "postgres" {
			late(w)
		} else {
			punctual(w)
		}
		is := tell(t, w, w.B, october, true)
		if was.sum != is.sum || is.sum == 0 {
			t.Errorf("the draft said %d, the invoice %d", was.sum, is.sum)
		}
		for id, how := range is.computed {
			if was.computed[id] != how {
				t.Errorf("%s is computed\n%s\nthe draft said\n%s", id, how, was.computed[id])
			}
		}
		prices := func(id int) (list []string) {
			for _, s := range pays(w) {
				var sub, from, plan, price, state string
				_, err := fmt.Sscan(s, &sub, &from, &plan, &price, &state)
				w.Must(err)
				if sub == fmt.Sprintf("sub_%06d", id) {
					list = append(list, plan+" "+price)
				}
			}
			return list
		}
		for id, want := range map[int][]string{
			1: {"FLEXIBLE 1003", "FLEXIBLE 1500", "FLEXIBLE 1003", "FLEXIBLE 2000"}, 4: {"FLEXIBLE 1004"},
			2: {"ANNUAL_MONTHLY_PAY 907", "ANNUAL_YEARLY_PAY 12000"}, 8: {"ANNUAL_MONTHLY_PAY 907", "ANNUAL_MONTHLY_PAY 800"},
			11: {"ANNUAL_MONTHLY_PAY 908"}, 3: {"ANNUAL_YEARLY_PAY 10007", "ANNUAL_YEARLY_PAY 12000"}, 6: {"ANNUAL_YEARLY_PAY 10008"},
			14: {"ANNUAL_MONTHLY_PAY 907", "FLEXIBLE 1003", "FLEXIBLE 2000"},
		} {
			if got := prices(id); !slices.Equal(slices.Compact(got), want) {
				t.Errorf("%d pays %q, want %q", id, got, want)
			}
		}
		w.CheckInvariants()
		w.CheckBooks()
	})
}

// What moves takes the prices of the days before with it, and those after at the main: moved late or not, nothing is lost.
func TestPricesGoAlongWithMoves(t *testing.T) {
	for _, runs := range []bool{true, false} {
		t.Run(fmt.Sprint("daily ", runs), func(t *testing.T) {
			each(t, func(t *testing.T, w *apptest.World) {
				w.AddIssuer()
				priced(w)
				c := w.Connect(w.A, w.B)
				for _, s := range []catalog.Step{stepOf(catalog.Flexible, 12, 1_500), stepOf(catalog.Flexible, 15, 1_600), stepOf(catalog.Flexible, 28, 1_700)} {
					_, err := w.SetPrice(t.Context(), apptest.Operator(w.A), s)
					w.Must(err)
				}
				schedule(w, c, civil.NewDate(2026, time.October, 15))
				before := map[string]told{}
				for _, con := range []console.Console{w.A, w.B} {
					before[con.ID] = tell(t, w, con, october, false)
				}
				if !runs { // the move is made before anything else is
					at(w, civil.NewDate(2026, time.October, 16))
					w.Must(w.RunSchedulesOnly(t.Context()))
					w.RunJobs(app.MoveChunkJob{}.Kind())
				}
				live(w, november.First()+1)
				for _, con := range []console.Console{w.A, w.B} {
					is := tell(t, w, con, october, true)
					for i, l := range is.lines {
						if i >= len(before[con.ID].lines) || l != before[con.ID].lines[i] {
							t.Fatalf("%s: line %d\n%s\n%s", con.Name, i, l, before[con.ID].lines[min(i, len(before[con.ID].lines)-1)])
						}
					}
				}
				w.CheckInvariants()
				w.CheckBooks()
			})
		})
	}
}

func TestWrongPricesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), apptest.Operator(w.B)
		priced(w)
		_, err := w.SetPrice(ctx, operator, stepOf(catalog.Flexible, 20, 1_500))
		w.Must(err)
		before := w.Texts(w.DumpSQL(""))
		of := func(change func(*catalog.Step)) catalog.Step {
			s := stepOf(catalog.Flexible, 20, 1_600)
			change(&s)
			return s
		}
		for key, s := range map[string]catalog.Step{
			"catalog.price_date": stepOf(catalog.Flexible, 1, 1_600),
			"catalog.price_same": stepOf(catalog.Flexible, 21, 1_500),
			"catalog.price":      of(func(s *catalog.Step) { s.Price.Num = -1 }),
			"catalog.no_offer":   of(func(s *catalog.Step) { s.SKUID = "sku_none" }),
		} {
			for _, do := range []func() (app.PriceEffect, error){
				func() (app.PriceEffect, error) { return w.SetPrice(ctx, operator, s) },
				func() (app.PriceEffect, error) { return w.PreviewPrice(ctx, operator, s) },
			} {
				_, err := do()
				wantFault(t, err, key)
			}
		}
		_, err = w.SetPrice(ctx, apptest.Admin(w.B), stepOf(catalog.Flexible, 22, 1))
		wantFault(t, err, "forbidden_operator")
		at(w, civil.NewDate(2026, time.October, 20))
		offer := stepOf(catalog.Flexible, 1, 1_003).Offer // what it cost before
		err = w.LoadCatalog(ctx, operator, []catalog.Item{{
			SKU: catalog.SKU{ID: apptest.Seats, Product: "Workspace", Name: "Seats", Group: catalog.GoogleWorkspace}, Offers: []catalog.Offer{offer},
		}})
		if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Key != "catalog.stepped" {
			t.Errorf("%v", err)
		}
		if after := w.Texts(w.DumpSQL("")); !slices.Equal(before, after) {
			t.Error("something was written")
		}
		items, err := w.Catalog(ctx, operator)
		w.Must(err)
		w.Must(w.LoadCatalog(ctx, operator, items))
		again, err := w.Catalog(ctx, operator)
		w.Must(err)
		if fmt.Sprint(items) != fmt.Sprint(again) {
			t.Errorf("%+v, loaded again %+v", items, again)
		}
	})
}

// TestForecastOfAPrice compares what a price is said to change with the months of those who take it.
func TestForecastOfAPrice(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), apptest.Operator(w.B)
		priced(w)
		flexible, err := w.ForecastPrice(ctx, operator, stepOf(catalog.Flexible, 17, 1_513))
		w.Must(err)
		var seats int64
		for i := range 24 {
			if i%3 == 0 && i/3%2 == 0 {
				seats += int64(3 + i)
			}
		}
		want := []app.MonthEffect{
			{Month: october, Subscriptions: 4, Change: money.Amount{Currency: "JPY", Minor: (seats*510*15*2 + 31) / 62}},
			{Month: november, Change: money.Amount{Currency: "JPY", Minor: seats * 510}},
		}
		if !slices.Equal(flexible.Months, want) || len(flexible.By) != 1 || flexible.By[0].Seats != seats || flexible.By[0].Console.ID != w.B.ID {
			t.Errorf("%+v, want %+v", flexible, want)
		}
		cheaper, err := w.ForecastPrice(ctx, operator, stepOf(catalog.AnnualYearlyPay, 21, 9_007))
		w.Must(err)
		next := civil.NewDate(2027, time.October, 1).Month() // terms end the day before
		last := cheaper.Months[len(cheaper.Months)-1]
		if last.Month != next || last.Subscriptions+cheaper.Leaving != cheaper.Subscriptions || last.Change.Minor >= 0 || cheaper.Months[0].Change.Minor != 0 {
			t.Errorf("%+v", cheaper)
		}
		_, err = w.ForecastPrice(ctx, apptest.Admin(w.B), stepOf(catalog.Flexible, 17, 1_500))
		wantFault(t, err, "forbidden_operator")
		_, err = w.ForecastPrice(ctx, operator, stepOf(catalog.Flexible, 17, 1_003))
		wantFault(t, err, "catalog.price_same")
	})
}

func TestWhatAFileOfTheCatalogueWouldChange(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), apptest.Operator(w.B)
		priced(w)
		there, err := w.Catalog(ctx, operator)
		w.Must(err)
		same, err := w.PreviewCatalog(ctx, operator, there)
		w.Must(err)
		if same.Same != len(there) || len(same.New)+len(same.Changed)+len(same.Prices) != 0 {
			t.Errorf("its own catalogue changes something: %+v", same)
		}
		items := slices.Clone(there)
		items[0].Name += "!"
		items = append(items, catalog.Item{
			SKU:    catalog.SKU{ID: "sku_more", Product: "P", Name: "More", Group: catalog.GoogleWorkspace},
			Offers: []catalog.Offer{{Plan: catalog.Flexible, Currency: "JPY", Price: yen(1)}},
		})
		c, err := w.PreviewCatalog(ctx, operator, items)
		w.Must(err)
		if len(c.New) != 1 || len(c.Changed) != 1 || len(c.Prices) != 1 || !c.Prices[0].New || c.Prices[0].SKUID != "sku_more" {
			t.Errorf("%+v", c)
		}
		if after, _ := w.Catalog(ctx, operator); len(after) != len(there) {
			t.Error("a preview has written")
		}
		items[0].Group = "MAPS"
		_, err = w.PreviewCatalog(ctx, operator, items)
		wantFault(t, err, "catalog.invalid")
		_, err = w.PreviewCatalog(ctx, apptest.Admin(w.B), there)
		wantFault(t, err, "forbidden_operator")
	})
}

// Whose subscriptions take a price is told of it, once for each change; nobody else is.
func TestAComingPriceIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		priced(w)
		set := func(s catalog.Step) {
			t.Helper()
			_, err := w.SetPrice(t.Context(), apptest.Operator(w.A), s)
			w.Must(err)
		}
		for range 2 {
			set(stepOf(catalog.Flexible, 17, 1_500))
		}
		set(stepOf(catalog.Flexible, 17, 1_600))
		set(stepOf(catalog.AnnualYearlyPay, 21, 9_007))
		want := []string{
			"price.coming Count 4 Date 2026-10-17", "price.coming Count 4 Date 2026-10-17", "price.coming_at_renewal Count 4 Date 2026-10-21",
		}
		if got := toldOf(w, w.B, "prices"); !slices.Equal(got, want) {
			t.Errorf("told %v", got)
		}
		if got := toldOf(w, w.A, "prices"); len(got) > 0 {
			t.Errorf("a console without such subscriptions was told %v", got)
		}
	})
}
