// Package invoicecsv writes the lines of an invoice as a CSV file (spec B8): one row per line, which is a run of days with
// constant seats. Amounts and prices are in major units of the currency, with all its decimals; the first column that has them
// exactly is exact_amount.
package invoicecsv

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math/big"
	"strconv"

	"psc/internal/app"
	"psc/internal/customercsv"
	"psc/internal/money"
)

// Columns are the columns of the file, in their order.
var Columns = []string{
	"domain_name", "customer_id", "sku_name", "sku_id", "description", "order_name", "start_date", "end_date", "quantity",
	"po_number", "amount", "list_amount", "days", "days_in_month", "unit_price", "exact_amount", "currency", "line_type",
	"subscription_id", "billing_account_id", "console_id", "migration_id", "counterparty_account_id", "lot_id", "invoice_number",
	"invoice_month",
}

// File is what the rows of a file have in common.
type File struct {
	ConsoleID string // the account ID of the console
	Number    string // empty while the invoice is a draft
	Describe  func(app.InvoiceLine) string
	BOM       bool // begin with a byte order mark, for spreadsheets
}

// Write writes the lines as they come.
func (f File) Write(w io.Writer, lines iter.Seq2[app.InvoiceLine, error]) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if f.BOM {
		var err error
		if out, err = customercsv.NewWriter(w); err != nil {
			return err
		}
	}
	if err := out.Write(Columns); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	for line, err := range lines {
		if err != nil {
			return err
		}
		if err := out.Write(f.row(line)); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// row are the cells of a line. Texts that came from people or files are guarded; numbers, dates and our own codes cannot be
// formulas, and negative amounts stay numbers.
func (f File) row(l app.InvoiceLine) []string {
	text := customercsv.Guard
	amount := l.Amount.Decimal()
	return []string{
		text(l.Domain), l.CustomerID, text(l.SKUName), text(l.SKUID), text(f.Describe(l)), l.SubscriptionID,
		l.Period.From.String(), l.Period.Last().String(), strconv.FormatInt(l.Seats, 10), text(l.PurchaseOrderID),
		amount, amount, strconv.FormatInt(l.Period.Days(), 10), strconv.FormatInt(l.PerDays, 10),
		Major(big.NewRat(l.Price.Num, l.Price.Den), l.Amount.Currency), Major(l.Exact(), l.Amount.Currency),
		string(l.Amount.Currency), string(l.Type), l.SubscriptionID, l.Owner.AccountID, f.ConsoleID, l.MigrationID,
		l.CounterpartyID, l.LotID, f.Number, l.Invoice.String(),
	}
}

// Major writes an exact number of minor units in major units: as a decimal where it has an end, else as a fraction such as
// 114240/31.
func Major(minor *big.Rat, c money.Currency) string {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Digits())), nil)
	major := new(big.Rat).Quo(minor, new(big.Rat).SetInt(scale))
	if digits, exact := major.FloatPrec(); exact {
		return major.FloatString(max(digits, c.Digits()))
	}
	return major.RatString()
}
