package money_test

import (
	"math/big"
	"strings"
	"testing"

	"golang.org/x/text/currency"
	"pgregory.net/rapid"

	"psc/internal/fault"
	"psc/internal/money"
)

const (
	most  = 1<<63 - 1
	least = -1 << 63
)

// Against the currencies' digits in x/text, which are CLDR's: shops are the currencies where the digits that are customary
// there are fewer than ISO 4217 has, young those that are younger than that table.
const (
	shops = "AFN ALL AMD COP GYD IDR IQD IRR KPW LAK LBP MGA MMK MNT MUR PKR RSD SOS SYP TZS UZS YER"
	young = "MRU SLE UYW VED VES XAD XCG ZWG"
)

func TestDigitsAreISOs(t *testing.T) {
	t.Parallel()
	count := map[int]int{}
	for _, code := range money.Currencies() {
		if !code.Valid() || len(code) != 3 {
			t.Errorf("%s is not valid", code)
		}
		count[code.Digits()]++
		unit, err := currency.ParseISO(string(code))
		if err != nil {
			if !strings.Contains(young, string(code)) {
				t.Errorf("%s: %v", code, err)
			}
			continue
		}
		if scale, _ := currency.Standard.Rounding(unit); (scale < code.Digits()) != strings.Contains(shops, string(code)) || scale > code.Digits() {
			t.Errorf("%s has %d digits, %d in CLDR", code, code.Digits(), scale)
		}
	}
	if count[0] != 17 || count[2] != 139 || count[3] != 7 || count[4] != 2 || len(count) != 4 {
		t.Errorf("currencies by digits: %v; the list has 17 of 0, 139 of 2, 7 of 3, 2 of 4", count)
	}
}

func TestCurrencies(t *testing.T) {
	t.Parallel()
	for code, digits := range map[money.Currency]int{
		"JPY": 0, "KRW": 0, "VND": 0, "ISK": 0, "USD": 2, "EUR": 2, "GBP": 2, "IDR": 2, "HUF": 2, "TWD": 2, "KWD": 3, "BHD": 3, "IQD": 3,
		"CLF": 4,
	} {
		if !code.Valid() || code.Digits() != digits {
			t.Errorf("%s: valid %v, %d digits, want %d", code, code.Valid(), code.Digits(), digits)
		}
	}
	for _, code := range []money.Currency{"", "jpy", "XXX", "XAU", "XDR", "DEM", "JP", "JPYE", "円"} {
		if code.Valid() {
			t.Errorf("%q is valid", code)
		}
	}
}

func TestAmountsForLogs(t *testing.T) {
	t.Parallel()
	for want, amount := range map[string]money.Amount{
		"1234 JPY": {Minor: 1234, Currency: "JPY"}, "-5 USD": {Minor: -5, Currency: "USD"}, "0 EUR": {Currency: "EUR"},
	} {
		if got := amount.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// minors draws amounts, often ones near the ends of 64 bits.
var minors = rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.Int64Range(most-2, most), rapid.Int64Range(least, least+2))

// Sums are exact or refused, never wrapped.
func TestSumsNeverWrap(t *testing.T) {
	t.Parallel()
	check := func(t *rapid.T, name string, got money.Amount, err error, want *big.Int) {
		t.Helper()
		if want.IsInt64() != (err == nil) || err == nil && got != yen(want.Int64()) || err != nil && !fault.Is(err, "money.overflow") {
			t.Fatalf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(minors, 2, 5).Draw(t, "amounts")
		a, b := all[0], all[1]
		got, err := yen(a).Add(yen(b))
		check(t, "add", got, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)))
		if b != least {
			got, err = yen(a).Sub(yen(b))
			check(t, "subtract", got, err, new(big.Int).Sub(big.NewInt(a), big.NewInt(b)))
		}
		got, err = yen(a).Neg()
		check(t, "negate", got, err, new(big.Int).Neg(big.NewInt(a)))
		sum, amounts := new(big.Int), make([]money.Amount, len(all))
		for i, n := range all {
			sum.Add(sum, big.NewInt(n))
			amounts[i] = yen(n)
		}
		got, err = money.Sum("JPY", amounts...)
		check(t, "sum", got, err, sum)
	})
}

func TestCurrenciesAreNotMixed(t *testing.T) {
	t.Parallel()
	dollar := money.Amount{Minor: 1, Currency: "USD"}
	_, add := yen(1).Add(dollar)
	_, sub := yen(1).Sub(dollar)
	_, sum := money.Sum("JPY", yen(1), dollar)
	for name, err := range map[string]error{"add": add, "sub": sub, "sum": sum} {
		if !fault.Is(err, "money.currency_differs") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := yen(1).Sub(yen(least)); !fault.Is(err, "money.overflow") {
		t.Errorf("subtracting the smallest: %v", err)
	}
	if zero, err := money.Sum("JPY"); zero != yen(0) || err != nil {
		t.Errorf("the sum of nothing: %s, %v", zero, err)
	}
}

func yen(n int64) money.Amount { return money.Amount{Minor: n, Currency: "JPY"} }
