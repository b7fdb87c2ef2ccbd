// Package money holds amounts: whole minor units of one ISO 4217 currency, exact prices, and the one way in which an exact
// number becomes a whole one (spec section 6). Nothing is ever converted, and nothing wraps: what does not fit into 64 bits
// is the fault "money.overflow".
package money

import (
	"fmt"
	"math/bits"

	"psc/internal/fault"
)

// Amount is a number of minor units of a currency.
type Amount struct {
	Minor    int64
	Currency Currency
}

// String is for logs and tests: "1234 JPY" in minor units.
func (a Amount) String() string { return fmt.Sprintf("%d %s", a.Minor, a.Currency) }

// Add returns a + b. It refuses different currencies ("money.currency_differs") and what does not fit ("money.overflow").
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fault.New(fault.Invalid, "money.currency_differs", fault.Args{
			"Currency": string(a.Currency), "Other": string(b.Currency),
		})
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		return Amount{}, overflow()
	}
	return Amount{Minor: sum, Currency: a.Currency}, nil
}

// Sub returns a - b, with the refusals of Add.
func (a Amount) Sub(b Amount) (Amount, error) {
	negative, err := b.Neg()
	if err != nil {
		return Amount{}, err
	}
	return a.Add(negative)
}

// Neg returns -a. The smallest 64-bit number has no opposite ("money.overflow").
func (a Amount) Neg() (Amount, error) {
	if a.Minor != 0 && a.Minor == -a.Minor {
		return Amount{}, overflow()
	}
	return Amount{Minor: -a.Minor, Currency: a.Currency}, nil
}

// Sum adds amounts of a currency, with the refusals of Add; nothing adds up to zero. What fits is found to fit in any order.
func Sum(currency Currency, amounts ...Amount) (Amount, error) {
	var high, low uint64 // the sum in 128 bits, two's complement
	for _, a := range amounts {
		if a.Currency != currency {
			return Amount{}, fault.New(fault.Invalid, "money.currency_differs", fault.Args{
				"Currency": string(currency), "Other": string(a.Currency),
			})
		}
		var carry uint64
		low, carry = bits.Add64(low, uint64(a.Minor), 0)       //nolint:gosec // two's complement
		high, _ = bits.Add64(high, uint64(a.Minor>>63), carry) //nolint:gosec // its sign
	}
	sum := int64(low)
	if uint64(sum>>63) != high {
		return Amount{}, overflow()
	}
	return Amount{Minor: sum, Currency: currency}, nil
}

func overflow() error { return fault.New(fault.Invalid, "money.overflow", nil) }
