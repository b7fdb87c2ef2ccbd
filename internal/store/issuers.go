package store

import (
	"context"
	"time"

	"psc/internal/billing"
	"psc/internal/money"
)

// InsertIssuer adds an issuer. Two with the same code or currency are a violated constraint.
func (tx *Tx) InsertIssuer(ctx context.Context, i billing.Issuer, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO issuers (id, code, name, currency, registration_number, tax_rounding, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, i.ID, i.Code, i.Name, i.Currency, i.RegistrationNumber, i.TaxRounding, micros(at))
	return err
}

// UpdateIssuer changes what may change of an issuer. Invoices keep what it was when they were issued.
func (tx *Tx) UpdateIssuer(ctx context.Context, i billing.Issuer) error {
	_, err := tx.exec(ctx, `UPDATE issuers SET name = $2, registration_number = $3, tax_rounding = $4 WHERE id = $1`,
		i.ID, i.Name, i.RegistrationNumber, i.TaxRounding)
	return err
}

const selectIssuer = `SELECT id, code, name, currency, registration_number, tax_rounding FROM issuers `

func scanIssuer(r Rows) (i billing.Issuer, err error) {
	err = r.Scan(&i.ID, &i.Code, &i.Name, &i.Currency, &i.RegistrationNumber, &i.TaxRounding)
	return i, err
}

// Issuers returns all issuers, by code.
func (tx *Tx) Issuers(ctx context.Context) ([]billing.Issuer, error) {
	return all(ctx, tx, scanIssuer, selectIssuer+`ORDER BY code`)
}

// IssuerOf returns who issues invoices in a currency, or ErrNone.
func (tx *Tx) IssuerOf(ctx context.Context, currency money.Currency) (billing.Issuer, error) {
	return one(ctx, tx, scanIssuer, selectIssuer+`WHERE currency = $1 OR currency = '' ORDER BY currency DESC LIMIT 1`, currency)
}

// nextNumber takes the issuer's next number of a year. It is given back if the transaction does not commit, so that no
// number is ever left out; two at the same time come one after the other.
func (tx *Tx) nextNumber(ctx context.Context, issuerID string, year int) (int64, error) {
	return one(ctx, tx, scalar[int64], `INSERT INTO invoice_numbers (issuer_id, year, last) VALUES ($1, $2, 1)
		ON CONFLICT (issuer_id, year) DO UPDATE SET last = invoice_numbers.last + 1 RETURNING last`, issuerID, year)
}
