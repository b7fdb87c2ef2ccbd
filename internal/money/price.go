package money

import (
	"errors"
	"strconv"
	"strings"
)

// What ParsePrice refuses.
var (
	ErrPrice    = errors.New("not a price")
	ErrDecimals = errors.New("more decimals than the currency has")
)

// Bounds of a price. A month of the dearest subscription stays far inside 64 bits.
const (
	mostMinor    = 100_000_000_000
	mostPriceDen = 1_000_000
)

// ParsePrice reads an amount per seat in major units of the currency, such as 12.00 or 1360, or a fraction of one, such
// as 16320/12.
func ParsePrice(s string, c Currency) (Price, error) {
	amount, den, fraction := strings.Cut(s, "/")
	major, minor, point := strings.Cut(amount, ".")
	p := Price{Den: 1}
	ok := major != "" && (minor != "" || !point)
	if ok && fraction {
		p.Den, ok = number(den)
	}
	if ok && len(minor) > c.Digits() {
		return Price{}, ErrDecimals
	}
	if ok {
		p.Num, ok = number(major + minor + strings.Repeat("0", c.Digits()-len(minor)))
	}
	if !ok || p.Den < 1 || p.Den > mostPriceDen || p.Num > mostMinor {
		return Price{}, ErrPrice
	}
	return p, nil
}

// number reads what is nothing but decimal digits.
func number(s string) (int64, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// String returns the price in minor units, as a whole number or a fraction of two.
func (p Price) String() string {
	if p.Den == 1 {
		return strconv.FormatInt(p.Num, 10)
	}
	return strconv.FormatInt(p.Num, 10) + "/" + strconv.FormatInt(p.Den, 10)
}
