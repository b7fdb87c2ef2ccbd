package billing

import (
	"fmt"

	"psc/internal/money"
)

// Issuer is the vendor's company that issues invoices: of one currency, or of all that no other issuer has.
type Issuer struct {
	ID                 string
	Code               string // begins its invoice numbers
	Name               string
	Currency           money.Currency // empty: every other
	RegistrationNumber string         // of Japan's qualified invoice issuers; empty: it bills no tax
	TaxRounding        money.Rounding
}

// Tax returns the tax that the issuer's invoices bear.
func (i Issuer) Tax() Tax {
	if i.RegistrationNumber == "" {
		return NoTax{}
	}
	return ConsumptionTax{RegistrationNumber: i.RegistrationNumber, Rounding: i.TaxRounding}
}

// Number returns the number of the issuer's n-th invoice of months of a year.
func (i Issuer) Number(year int, n int64) string { return fmt.Sprintf("%s-%04d-%06d", i.Code, year, n) }
