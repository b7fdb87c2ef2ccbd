package billing

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"psc/internal/civil"
	"psc/internal/money"
)

// Tax says what tax an invoice bears. Tax is per document by law: what a move conserves is the amount before it.
type Tax interface {
	// Rows returns what is due on all lines of one document together: one row per rate, the lowest first.
	Rows(currency money.Currency, lines []Line) ([]TaxRow, error)
}

// TaxRow is the tax of a document at one rate.
type TaxRow struct {
	Rate TaxRate
	Net  money.Amount // of the lines at that rate
	Tax  money.Amount // rounded once
}

// TaxRate is a rate in hundredths of a percent: 1000 is 10 %.
type TaxRate int64

const wholeRate = 10_000

// Of returns the tax on a net amount of a document, rounded once.
func (r TaxRate) Of(net money.Amount, how money.Rounding) (money.Amount, error) {
	tax, err := money.Round(new(big.Int).Mul(big.NewInt(net.Minor), big.NewInt(int64(r))), big.NewInt(wholeRate), how)
	return money.Amount{Minor: tax, Currency: net.Currency}, err
}

// ByLine shares the tax of a document out to its lines, by rounding the tax of the sum up to each line: the shares add up to the
// document's tax. They are for information; what counts is the document's.
func (r TaxRate) ByLine(currency money.Currency, nets []money.Amount, how money.Rounding) ([]money.Amount, error) {
	shares := make([]money.Amount, len(nets))
	sum, before := money.Amount{Currency: currency}, money.Amount{Currency: currency}
	for i, net := range nets {
		var err error
		if sum, err = sum.Add(net); err != nil {
			return nil, err
		}
		after, err := r.Of(sum, how)
		if err != nil {
			return nil, err
		}
		if shares[i], err = after.Sub(before); err != nil {
			return nil, err
		}
		before = after
	}
	return shares, nil
}

// NoTax is the tax of documents without one.
type NoTax struct{}

// Rows returns nothing.
func (NoTax) Rows(money.Currency, []Line) ([]TaxRow, error) { return nil, nil }

// ConsumptionTax is Japan's, on qualified invoices: rounded once per rate and document, in the way that the issuer has chosen. The
// rate of a line is that of its original supply, so that a credit gives back what was taxed then.
type ConsumptionTax struct {
	RegistrationNumber string // of the issuer, such as T7000012050002
	Rounding           money.Rounding
}

// consumptionTaxRates are the standard rates by the first day of supply that they hold for.
var consumptionTaxRates = []struct {
	from civil.Date
	rate TaxRate
}{
	{civil.NewDate(1989, time.April, 1), 300},
	{civil.NewDate(1997, time.April, 1), 500},
	{civil.NewDate(2014, time.April, 1), 800},
	{civil.NewDate(2019, time.October, 1), 1000},
}

// RateOn returns the rate of what is supplied on a date.
func (ConsumptionTax) RateOn(supplied civil.Date) TaxRate {
	rate := TaxRate(0)
	for _, step := range consumptionTaxRates {
		if step.from <= supplied {
			rate = step.rate
		}
	}
	return rate
}

// Rows adds the lines up per rate and rounds each rate's tax once.
func (c ConsumptionTax) Rows(currency money.Currency, lines []Line) ([]TaxRow, error) {
	nets := map[TaxRate][]Line{}
	for _, l := range lines {
		rate := c.RateOn(l.Supplied)
		nets[rate] = append(nets[rate], l)
	}
	var rows []TaxRow
	for _, rate := range slices.Sorted(maps.Keys(nets)) {
		net, err := sumLines(currency, nets[rate])
		if err != nil {
			return nil, err
		}
		tax, err := rate.Of(net, c.Rounding)
		if err != nil {
			return nil, err
		}
		rows = append(rows, TaxRow{Rate: rate, Net: net, Tax: tax})
	}
	return rows, nil
}

// ValidRegistrationNumber reports whether s has the form of a qualified invoice issuer's number: T and 13 digits.
func ValidRegistrationNumber(s string) bool {
	digits, ok := strings.CutPrefix(s, "T")
	return ok && len(digits) == 13 && strings.Trim(digits, "0123456789") == ""
}
