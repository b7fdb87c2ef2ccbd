package cli_test

import (
	"testing"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/money"
	"psc/internal/store"
)

func TestPricesFromTheCommandLine(t *testing.T) {
	w := newTerminal(t)
	w.Update(func(tx *store.Tx) error {
		return tx.PutOffers(t.Context(), []catalog.Offer{
			{SKUID: apptest.Seats, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 1_360, Den: 1}},
			{SKUID: apptest.Seats, Plan: catalog.AnnualMonthlyPay, Currency: "JPY", Price: money.Price{Num: 1_200, Den: 1}},
		})
	})
	w.AddCustomers(w.B, 2, nil)
	set := func(more ...string) []string {
		return append([]string{"catalog", "price", "set", apptest.Seats}, more...)
	}
	type effect struct {
		Was           string
		AtRenewal     bool `json:"at_renewal"`
		Subscriptions int
		Consoles      int
		DryRun        bool `json:"dry_run"`
	}
	line := set("FLEXIBLE", "JPY", "1500", "--from", "2026-10-02")
	if got := into[effect](w, append(line, "--dry-run")...); got != (effect{"1360", false, 2, 1, true}) {
		t.Errorf("%+v", got)
	}
	type price struct{ From, Price string }
	if list := into[[]price](w, "catalog", "price", "list"); len(list) != 0 {
		t.Errorf("tried and set: %+v", list)
	}
	if out := w.run(line...); !contains(out, "costs 1500 JPY a seat") || !contains(out, "2 subscriptions (consoles: 1) take it on that day") {
		t.Errorf("%s", out)
	}
	if out := w.run(set("ANNUAL_MONTHLY_PAY", "JPY", "1100", "--from", "2026-11-01")...); !contains(out, "at their next renewal") {
		t.Errorf("%s", out)
	}
	if list := into[[]price](w, "catalog", "price", "list"); len(list) != 2 || list[0] != (price{"2026-10-02", "1500"}) {
		t.Errorf("%+v", list)
	}
	w.refused("catalog.price_date", 2, set("FLEXIBLE", "JPY", "1500", "--from", "2026-10-01")...)
	w.refused("catalog.price_same", 2, set("FLEXIBLE", "JPY", "1500", "--from", "2026-10-03")...)
	w.refused("catalog.no_offer", 3, set("FLEXIBLE", "USD", "15", "--from", "2026-10-03")...)
	w.refused("catalog.currency", 2, set("FLEXIBLE", "YEN", "15", "--from", "2026-10-03")...)
	w.refused("catalog.price", 2, set("FLEXIBLE", "JPY", "99999999999999999999", "--from", "2026-10-03")...)
	w.refused("catalog.decimals", 2, set("FLEXIBLE", "JPY", "1.5", "--from", "2026-10-03")...)
	w.refused("cli.date", 2, set("FLEXIBLE", "JPY", "1600", "--from", "tomorrow")...)
	w.refused("cli.date", 2, set("FLEXIBLE", "JPY", "1600")...)
	viewer := w.member(w.A, "VIEWER")
	w.refused("forbidden_operator", 4, append(line, "--as", viewer)...)
	w.run("clock", "advance", "day")
	w.Must(w.RunDue(t.Context()))
	if got := w.Texts(`SELECT CAST(price_num AS text) FROM subscriptions`); len(got) != 2 || got[0] != "1500" || got[1] != "1500" {
		t.Errorf("%q", got)
	}
}
