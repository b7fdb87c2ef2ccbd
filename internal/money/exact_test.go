package money_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/fault"
	"psc/internal/money"
)

func TestRound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		num, den             int64
		half, floor, ceiling int64
	}{
		{0, 7, 0, 0, 0},
		{1, 2, 1, 0, 1},
		{-1, 2, -1, -1, 0},
		{3, 2, 2, 1, 2},
		{-3, 2, -2, -2, -1},
		{14, 10, 1, 1, 2},
		{-14, 10, -1, -2, -1},
		{16, 10, 2, 1, 2},
		{-16, 10, -2, -2, -1},
		{10, 5, 2, 2, 2},
		{-10, 5, -2, -2, -2},
		{49, 99, 0, 0, 1},
		{50, 99, 1, 0, 1},
		{most, 1, most, most, most},
		{least, 1, least, least, least},
	} {
		for i, want := range []int64{c.half, c.floor, c.ceiling} {
			num, den := big.NewInt(c.num), big.NewInt(c.den)
			got, err := money.Round(num, den, money.Roundings[i])
			if got != want || err != nil {
				t.Errorf("%d/%d %s: %d, %v; want %d", c.num, c.den, money.Roundings[i], got, err, want)
			}
			if num.Int64() != c.num || den.Int64() != c.den {
				t.Errorf("%d/%d was changed", c.num, c.den)
			}
		}
	}
	if _, err := money.Round(new(big.Int).Lsh(big.NewInt(1), 63), big.NewInt(1), money.HalfUp); !fault.Is(err, "money.overflow") {
		t.Errorf("2^63: %v", err)
	}
}

// R is the nearest whole number, and of two equally near the one further from zero.
func TestHalfUpIsNearest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		num := rapid.Int64Range(-1<<40, 1<<40).Draw(t, "num")
		den := rapid.Int64Range(1, 1000).Draw(t, "den")
		got, err := money.Round(big.NewInt(num), big.NewInt(den), money.HalfUp)
		if err != nil {
			t.Fatal(err)
		}
		off := 2 * (got*den - num) // twice the distance, in parts of den
		if off > den || off < -den || off == den && num < 0 || off == -den && num > 0 {
			t.Fatalf("%d/%d became %d", num, den, got)
		}
	})
}

func TestPrices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		price              money.Price
		seats, part, whole int64
		want               int64
		exact              string
	}{
		{money.Price{Num: 816, Den: 1}, 10, 14, 31, 3685, "114240/31"},
		{money.Price{Num: 10000, Den: 12}, 3, 14, 31, 1129, "35000/31"},
		{money.Price{Num: 12345, Den: 1}, 1, 183, 366, 6173, "12345/2"},
		{money.Price{Num: 0, Den: 1}, 10, 14, 31, 0, "0"},
		{money.Price{Num: 900_000_000_000, Den: 1}, 10_000_000, 14, 31, 4064516129032258065, "126000000000000000000/31"},
	} {
		got, err := c.price.For(c.seats, c.part, c.whole)
		if exact := c.price.Exact(c.seats, c.part, c.whole).RatString(); got != c.want || err != nil || exact != c.exact {
			t.Errorf("%v x %d x %d/%d: %d (%s), %v; want %d (%s)", c.price, c.seats, c.part, c.whole, got, exact, err, c.want, c.exact)
		}
	}
	if _, err := (money.Price{Num: most, Den: 1}).For(2, 1, 1); !fault.Is(err, "money.overflow") {
		t.Errorf("twice the most: %v", err)
	}
	same := money.Price{Num: 10000, Den: 12}
	if !same.Equal(money.Price{Num: 2500, Den: 3}) || same.Equal(money.Price{Num: 10001, Den: 12}) ||
		(money.Price{Num: 3 << 61, Den: most}).Equal(money.Price{Num: 3<<61 - 1, Den: most}) {
		t.Error("prices are not equal as numbers are")
	}
	for p, valid := range map[money.Price]bool{{Den: 1}: true, {Num: 1, Den: 12}: true, {}: false, {Num: -1, Den: 1}: false, {Num: 1, Den: -1}: false} {
		if p.Valid() != valid {
			t.Errorf("%v: valid %v", p, !valid)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		currency money.Currency
		want     int64
		fault    string
	}{
		{"1234.50", "USD", 123450, ""},
		{"1234.5", "USD", 123450, ""},
		{"1234", "USD", 123400, ""},
		{"-0.05", "USD", -5, ""},
		{"1360", "JPY", 1360, ""},
		{"0", "JPY", 0, ""},
		{"-0", "JPY", 0, ""},
		{"007", "JPY", 7, ""},
		{"2.715", "BHD", 2715, ""},
		{"1.0001", "CLF", 10001, ""},
		{"9223372036854775807", "JPY", most, ""},
		{"-92233720368547758.08", "USD", least, ""},
		{"9223372036854775808", "JPY", 0, "money.overflow"},
		{"1360.0", "JPY", 0, "money.amount_decimals"},
		{"1.001", "USD", 0, "money.amount_decimals"},
		{"", "JPY", 0, "money.amount_syntax"},
		{"-", "JPY", 0, "money.amount_syntax"},
		{"--1", "JPY", 0, "money.amount_syntax"},
		{"+1", "JPY", 0, "money.amount_syntax"},
		{".5", "USD", 0, "money.amount_syntax"},
		{"5.", "USD", 0, "money.amount_syntax"},
		{"1,234", "USD", 0, "money.amount_syntax"},
		{"1 234", "USD", 0, "money.amount_syntax"},
		{"1.2.3", "USD", 0, "money.amount_syntax"},
		{"1e3", "USD", 0, "money.amount_syntax"},
		{"１２３", "JPY", 0, "money.amount_syntax"},
		{strings.Repeat("9", 10_000), "JPY", 0, "money.overflow"},
		{strings.Repeat("x", 10_000), "JPY", 0, "money.amount_syntax"},
		{"1", "XXX", 0, "money.currency_unknown"},
	} {
		got, err := money.Parse(c.text, c.currency)
		if c.fault != "" {
			if !fault.Is(err, c.fault) || len(err.Error()) > 200 {
				t.Errorf("%.50q in %s: %v, want %s", c.text, c.currency, err, c.fault)
			}
			continue
		}
		if err != nil || got != (money.Amount{Minor: c.want, Currency: c.currency}) {
			t.Errorf("%q in %s: %s, %v; want %d", c.text, c.currency, got, err, c.want)
		}
	}
}

// Every amount is read back as it was written, with the digits of its currency.
func TestDecimalsAreReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount{Minor: minors.Draw(t, "minor"), Currency: rapid.SampledFrom(money.Currencies()).Draw(t, "currency")}
		text := a.Decimal()
		back, err := money.Parse(text, a.Currency)
		if err != nil || back != a {
			t.Fatalf("%s as %q is %s, %v", a, text, back, err)
		}
		if _, decimals, _ := strings.Cut(text, "."); len(decimals) != a.Currency.Digits() {
			t.Fatalf("%s is written %q", a, text)
		}
	})
}

// The parts add up to the whole, none is a unit or more away from its share, and equal weights differ by a unit at most.
func TestAllocate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minor := minors.Draw(t, "minor")
		weights := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, most)), 1, 8).Draw(t, "weights")
		parts, err := money.Allocate(minor, weights)
		total := new(big.Int)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		if total.Sign() == 0 {
			if err == nil {
				t.Fatal("split by nothing")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		sum := new(big.Int)
		for i, p := range parts {
			sum.Add(sum, big.NewInt(p))
			off := new(big.Int).Mul(big.NewInt(p), total) // part*total - minor*weight: the distance from the share, in parts of total
			off.Sub(off, new(big.Int).Mul(big.NewInt(minor), big.NewInt(weights[i])))
			if off.CmpAbs(total) >= 0 {
				t.Fatalf("%d of %v: %v", minor, weights, parts)
			}
			for j := range i {
				if weights[j] == weights[i] && (parts[j]-p > 1 || p-parts[j] > 1) {
					t.Fatalf("%d of %v: %v", minor, weights, parts)
				}
			}
		}
		if sum.Cmp(big.NewInt(minor)) != 0 {
			t.Fatalf("%d of %v: %v", minor, weights, parts)
		}
	})
	if parts, err := money.Allocate(-5, []int64{1, 1, 0, 1}); err != nil || !slices.Equal(parts, []int64{-2, -2, 0, -1}) {
		t.Errorf("-5 by 1, 1, 0, 1: %v, %v", parts, err)
	}
	if _, err := money.Allocate(5, []int64{2, -1}); err == nil {
		t.Error("split by a negative weight")
	}
}
