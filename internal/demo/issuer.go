package demo

import (
	"psc/internal/billing"
	"psc/internal/money"
)

// issuers are the vendor's companies: one in Japan, whose invoices are qualified ones, and one for everybody else. No company has
// this registration number: its check digit is wrong.
func issuers() []billing.Issuer {
	return []billing.Issuer{
		{
			ID: "iss_demo_japan", Code: "JP", Name: "提供元ジャパン合同会社", Currency: "JPY",
			RegistrationNumber: "T1234567890123", TaxRounding: money.Floor,
		},
		{ID: "iss_demo_world", Code: "INT", Name: "Vendor International", TaxRounding: money.HalfUp},
	}
}
