package money

import (
	"errors"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Price is an exact amount per seat: Num/Den minor units. A yearly price divided by twelve keeps its fraction.
type Price struct {
	Num, Den int64
}

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

// Valid reports whether the price is a fraction that is not negative.
func (p Price) Valid() bool { return p.Num >= 0 && p.Den > 0 }

// Equal reports whether two valid prices are the same number, such as 5/1 and 10/2.
func (p Price) Equal(q Price) bool {
	if p == q {
		return true
	}
	leftHigh, leftLow := bits.Mul64(uint64(p.Num), uint64(q.Den))   //nolint:gosec // valid prices are not negative
	rightHigh, rightLow := bits.Mul64(uint64(q.Num), uint64(p.Den)) //nolint:gosec // valid prices are not negative
	return leftHigh == rightHigh && leftLow == rightLow
}

// Exact returns price * seats * part/whole in minor units, without rounding; part and whole are days.
func (p Price) Exact(seats, part, whole int64) *big.Rat {
	return new(big.Rat).SetFrac(p.fraction(seats, part, whole))
}

// For returns R(price * seats * part/whole) in minor units: what so many seats cost for a part of the whole, both in days.
// What does not fit into 64 bits is the fault "money.overflow".
func (p Price) For(seats, part, whole int64) (int64, error) {
	num, den := p.fraction(seats, part, whole)
	return Round(num, den, HalfUp)
}

func (p Price) fraction(seats, part, whole int64) (num, den *big.Int) {
	num = big.NewInt(p.Num)
	num.Mul(num, big.NewInt(seats)).Mul(num, big.NewInt(part))
	den = big.NewInt(p.Den)
	return num, den.Mul(den, big.NewInt(whole))
}

// In returns the price in major units of the currency, as ParsePrice reads it.
func (p Price) In(c Currency) string {
	s := Amount{Minor: p.Num, Currency: c}.Decimal()
	if p.Den > 1 {
		s += "/" + strconv.FormatInt(p.Den, 10)
	}
	return s
}

// Minus returns how much dearer a price is than another, false if it is not. Both are as ParsePrice bounds them.
func (p Price) Minus(q Price) (Price, bool) {
	if !p.Valid() || !q.Valid() {
		return Price{}, false
	}
	d := new(big.Rat).Sub(big.NewRat(p.Num, p.Den), big.NewRat(q.Num, q.Den))
	if d.Sign() <= 0 || !d.Num().IsInt64() || !d.Denom().IsInt64() {
		return Price{}, false
	}
	return Price{Num: d.Num().Int64(), Den: d.Denom().Int64()}, true
}
