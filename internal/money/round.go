package money

import (
	"math/big"
	"slices"
)

// Rounding is a way to make an exact number of minor units a whole one.
type Rounding string

// The ways of rounding. HalfUp is R of spec B3 and the only one for money itself; the others are for taxes.
const (
	HalfUp  Rounding = "HALF_UP" // to the nearest, a half away from zero
	Floor   Rounding = "FLOOR"   // down, below zero too
	Ceiling Rounding = "CEILING" // up, below zero too
)

// Roundings are all ways.
var Roundings = []Rounding{HalfUp, Floor, Ceiling}

// Valid reports whether r is one of the ways.
func (r Rounding) Valid() bool { return slices.Contains(Roundings, r) }

var one = big.NewInt(1)

// Round returns num/den as a whole number; den is positive. What does not fit into 64 bits is the fault "money.overflow".
func Round(num, den *big.Int, how Rounding) (int64, error) {
	whole, rest := new(big.Int).QuoRem(num, den, new(big.Int)) // towards zero
	if sign := rest.Sign(); sign != 0 {
		away := false
		switch how {
		case HalfUp:
			away = rest.Lsh(rest, 1).CmpAbs(den) >= 0
		case Floor:
			away = sign < 0
		case Ceiling:
			away = sign > 0
		}
		switch {
		case away && sign > 0:
			whole.Add(whole, one)
		case away:
			whole.Sub(whole, one)
		}
	}
	if !whole.IsInt64() {
		return 0, overflow()
	}
	return whole.Int64(), nil
}
