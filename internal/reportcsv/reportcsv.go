// Package reportcsv writes the reconciliation report of a run as a CSV file (spec M12): one row per subscription that moved, or per
// prepaid lot of it, and one per customer that did not. Amounts are in major units of the currency, with all its decimals.
package reportcsv

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/customercsv"
	"psc/internal/migration"
	"psc/internal/money"
)

// Columns are the columns of the file, in their order.
var Columns = []string{
	"result", "reason", "fits", "domain_name", "customer_name", "customer_id", "migration_id", "billing_date", "subscription_id",
	"sku_name", "plan", "quantity", "billing_account_id", "legal_entity_before", "legal_entity_after", "source_last_day",
	"main_first_day", "source_days", "main_days", "days_in_month", "lot_id", "lot_start", "lot_end", "lot_days", "lot_days_left",
	"lot_charged", "credit", "charge", "currency", "source_console_id", "main_console_id", "run_id", "undone_on",
}

// What became of a customer or a subscription.
const (
	moved     = "MOVED"
	nothing   = "MOVED_NOTHING" // a customer without subscriptions
	ended     = "ENDED_BEFORE"  // a subscription that did not live to see the move
	cancelled = "CANCELLED"
	returned  = "RETURNED"
)

// Write writes a report; with bom the file begins with a byte order mark, for spreadsheets.
func Write(w io.Writer, r app.Report, rows iter.Seq2[app.ReportRow, error], bom bool) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if bom {
		var err error
		if out, err = customercsv.NewWriter(w); err != nil {
			return err
		}
	}
	if err := out.Write(Columns); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		for _, cells := range lines(r, row) {
			if err := out.Write(cells); err != nil {
				return fmt.Errorf("write csv: %w", err)
			}
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func result(row app.ReportRow) string {
	switch {
	case row.Moved():
		return moved
	case row.Ended:
		return ended
	case row.State == migration.Completed:
		return nothing
	case row.State == migration.Cancelled:
		return cancelled
	default:
		return returned
	}
}

// lines are the rows of a subscription: one, or one for each of its lots. Texts that came from people or files are guarded; numbers,
// dates and our own codes cannot be formulas, and negative amounts stay numbers.
func lines(r app.Report, row app.ReportRow) [][]string {
	text := customercsv.Guard
	account := row.FromAccountID
	if account == "" {
		account = row.ToAccountID
	}
	head := []string{
		result(row), row.Reason, "", text(row.Domain), text(row.CustomerName), row.CustomerID, row.MigrationID, date(row.Date),
		row.SubscriptionID, text(row.SKUName), string(row.Plan), "", text(account), text(row.FromEntity), text(row.ToEntity),
	}
	tail := []string{string(row.Currency), string(r.Source.AccountID), string(r.Main.AccountID), r.ID, date(row.Undone.On)}
	if !row.Moved() {
		return [][]string{join(head, make([]string, len(Columns)-len(head)-len(tail)), tail)}
	}
	head[2], head[11] = fits(row), strconv.FormatInt(row.Seats, 10)
	last, ok := row.SourceLast()
	if !ok {
		last = 0
	}
	days := []string{
		date(last), date(row.First), number(row.SourceDays()), number(row.MainDays()), number(row.Date.Month().Period().Days()),
	}
	if len(row.Lots) == 0 {
		return [][]string{join(head, days, make([]string, len(Columns)-len(head)-len(days)-len(tail)), tail)}
	}
	var list [][]string
	for _, l := range row.Lots {
		left := civil.Period{From: row.Date, To: l.Period.To}.Intersect(l.Period)
		list = append(list, join(head, days, []string{
			l.ID, date(l.Period.From), date(l.Period.Last()), number(l.Period.Days()), number(left.Days()), l.Charged.Decimal(),
			amount(l.Credit, l.Credits), amount(l.Charge, l.Charges),
		}, tail))
	}
	return list
}

func fits(row app.ReportRow) string {
	if row.Misfit == "" {
		return "YES"
	}
	return string(row.Misfit)
}

func join(parts ...[]string) (all []string) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func date(d civil.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// amount is empty where there is no line.
func amount(a money.Amount, lines int64) string {
	if lines == 0 {
		return ""
	}
	return a.Decimal()
}
