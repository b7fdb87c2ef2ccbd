package money_test

import (
	"testing"

	"golang.org/x/text/currency"

	"psc/internal/money"
)

// The digits of every currency agree with CLDR's standard digits, which come from ISO 4217.
func TestDigitsAgreeWithISO4217(t *testing.T) {
	t.Parallel()
	known := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				code := money.Currency([]rune{a, b, c})
				if !code.Valid() {
					continue
				}
				known++
				unit, err := currency.ParseISO(string(code))
				if err != nil {
					t.Errorf("%s: %v", code, err)
					continue
				}
				if scale, _ := currency.Standard.Rounding(unit); scale != code.Digits() && code != "IDR" {
					t.Errorf("%s has %d digits, want %d", code, code.Digits(), scale)
				}
			}
		}
	}
	if known != 28 {
		t.Errorf("%d currencies are known, want 28", known)
	}
}

func TestCurrencies(t *testing.T) {
	t.Parallel()
	for code, digits := range map[money.Currency]int{"JPY": 0, "KRW": 0, "VND": 0, "USD": 2, "EUR": 2, "GBP": 2, "IDR": 2, "KWD": 3, "BHD": 3} {
		if !code.Valid() || code.Digits() != digits {
			t.Errorf("%s: valid %v, %d digits, want %d", code, code.Valid(), code.Digits(), digits)
		}
	}
	for _, code := range []money.Currency{"", "jpy", "XXX", "JP", "JPYE", "円"} {
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
