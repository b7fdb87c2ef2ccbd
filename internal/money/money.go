// Package money holds amounts: whole minor units of one ISO 4217 currency. Nothing is ever converted.
package money

import "fmt"

// Currency is an upper-case ISO 4217 code.
type Currency string

// digits lists the currencies that the product sells in with their number of minor digits
// (ISO 4217, list one).
var digits = map[Currency]int{
	"AUD": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2,
	"IDR": 2, "INR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2, "PHP": 2,
	"PLN": 2, "SEK": 2, "SGD": 2, "THB": 2, "TWD": 2, "USD": 2, "VND": 0, "ZAR": 2,
}

// Valid reports whether c is a currency that the product knows.
func (c Currency) Valid() bool { _, ok := digits[c]; return ok }

// Digits returns how many decimal digits the minor unit has: 0 for JPY, 2 for USD.
func (c Currency) Digits() int { return digits[c] }

// Amount is a number of minor units of a currency.
type Amount struct {
	Minor    int64
	Currency Currency
}

// String is for logs and tests: "1234 JPY" in minor units.
func (a Amount) String() string { return fmt.Sprintf("%d %s", a.Minor, a.Currency) }

// Price is an exact amount per seat: Num/Den minor units. A yearly price divided by twelve keeps its fraction.
type Price struct {
	Num, Den int64
}
