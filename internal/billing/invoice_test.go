package billing_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/billing"
	"psc/internal/fault"
	"psc/internal/money"
)

func yen(n int64) money.Amount { return money.Amount{Minor: n, Currency: "JPY"} }

// Nothing of an invoice and a credit balance is lost: what is due and what is left of the balance make up the difference.
func TestSettlementsConserve(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		gross := yen(rapid.Int64Range(-1<<62, 1<<62).Draw(t, "gross"))
		balance := yen(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 1<<62-1)).Draw(t, "balance"))
		got, err := billing.Totals{Gross: gross}.Settle(balance)
		if err != nil {
			t.Fatal(err)
		}
		if got.Applied.Minor < 0 || got.Due.Minor < 0 || got.Balance.Minor < 0 || got.Due.Minor > 0 && got.Balance.Minor > 0 ||
			got.Due.Minor-got.Balance.Minor != gross.Minor-balance.Minor || max(gross.Minor, 0) != got.Applied.Minor+got.Due.Minor {
			t.Fatalf("%s with a balance of %s: %+v", gross, balance, got)
		}
	})
	for _, c := range []struct{ gross, balance, applied, due, left int64 }{
		{8160, 0, 0, 8160, 0}, {8160, 93896, 8160, 0, 85736}, {8160, 160, 160, 8000, 0}, {-93896, 104, 0, 0, 94000}, {0, 5, 0, 0, 5},
	} {
		got, err := billing.Totals{Gross: yen(c.gross)}.Settle(yen(c.balance))
		if err != nil || got != (billing.Settlement{Applied: yen(c.applied), Due: yen(c.due), Balance: yen(c.left)}) {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
	if _, err := (billing.Totals{Gross: yen(1)}).Settle(yen(-1)); err == nil {
		t.Error("a negative balance was applied")
	}
	if _, err := (billing.Totals{Gross: yen(1)}).Settle(money.Amount{Minor: 1, Currency: "USD"}); !fault.Is(err, "money.currency_differs") {
		t.Errorf("a balance of another currency: %v", err)
	}
}

func lineOf(t *testing.T, supplied string, minor int64) billing.Line {
	t.Helper()
	return billing.Line{Amount: yen(minor), Supplied: date(t, supplied)}
}

// Each rate is rounded once per document; a credit bears the rate of its original supply.
func TestConsumptionTax(t *testing.T) {
	t.Parallel()
	lines := []billing.Line{
		lineOf(t, "2025-10-01", 3685), lineOf(t, "2025-10-15", 4475), lineOf(t, "2025-10-20", 333),
		lineOf(t, "2019-09-30", -1006), lineOf(t, "2019-10-01", -8),
	}
	for how, want := range map[money.Rounding][2]int64{money.Floor: {-81, 848}, money.HalfUp: {-80, 849}, money.Ceiling: {-80, 849}} {
		got, err := billing.TotalsOf("JPY", lines, billing.ConsumptionTax{Rounding: how})
		rows := []billing.TaxRow{{Rate: 800, Net: yen(-1006), Tax: yen(want[0])}, {Rate: 1000, Net: yen(8485), Tax: yen(want[1])}}
		if err != nil || !slices.Equal(got.Taxes, rows) || got.Net != yen(7479) || got.Gross != yen(7479+want[0]+want[1]) {
			t.Errorf("%s: %+v, %v; want %+v", how, got, err, rows)
		}
	}
	for day, want := range map[string]billing.TaxRate{
		"1989-03-31": 0, "1989-04-01": 300, "1997-03-31": 300, "1997-04-01": 500, "2014-04-01": 800, "2019-09-30": 800, "2019-10-01": 1000,
		"2026-10-15": 1000,
	} {
		if got := (billing.ConsumptionTax{}).RateOn(date(t, day)); got != want {
			t.Errorf("%s: rate %d, want %d", day, got, want)
		}
	}
}

func TestInvoicesHaveOneCurrency(t *testing.T) {
	t.Parallel()
	lines := []billing.Line{lineOf(t, "2025-10-01", 1), {Amount: money.Amount{Minor: 1, Currency: "USD"}}}
	if _, err := billing.TotalsOf("JPY", lines, billing.NoTax{}); !fault.Is(err, "money.currency_differs") {
		t.Error(err)
	}
	huge := []billing.Line{lineOf(t, "2025-10-01", 1<<62), lineOf(t, "2025-10-01", 1<<62)}
	if _, err := billing.TotalsOf("JPY", huge, billing.NoTax{}); !fault.Is(err, "money.overflow") {
		t.Error(err)
	}
	if _, err := billing.TotalsOf("JPY", huge[:1], billing.ConsumptionTax{Rounding: money.Floor}); err != nil {
		t.Error(err)
	}
}

// The lines' shares of a tax add up to the document's.
func TestTaxByLineAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		how := rapid.SampledFrom(money.Roundings).Draw(t, "rounding")
		rate := billing.TaxRate(rapid.Int64Range(0, 3000).Draw(t, "rate"))
		var nets []money.Amount
		for _, n := range rapid.SliceOfN(rapid.Int64Range(-1<<40, 1<<40), 0, 8).Draw(t, "nets") {
			nets = append(nets, yen(n))
		}
		net, err := money.Sum("JPY", nets...)
		if err != nil {
			t.Fatal(err)
		}
		want, err := rate.Of(net, how)
		if err != nil {
			t.Fatal(err)
		}
		shares, err := rate.ByLine("JPY", nets, how)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := money.Sum("JPY", shares...); err != nil || got != want {
			t.Fatalf("%v add up to %s, %v; want %s", shares, got, err, want)
		}
	})
}

func TestRegistrationNumbers(t *testing.T) {
	t.Parallel()
	for s, valid := range map[string]bool{
		"T7000012050002": true, "7000012050002": false, "T700001205000": false, "T70000120500022": false, "t7000012050002": false,
		"T700001205000２": false, "": false, "T70000-1205000": false,
	} {
		if billing.ValidRegistrationNumber(s) != valid {
			t.Errorf("%q: valid %v", s, !valid)
		}
	}
}
