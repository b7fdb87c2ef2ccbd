package customercsv

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"psc/internal/civil"
	"psc/internal/customer"
)

// Write writes records as a file that reads back as the same records: UTF-8 with a byte order mark, so that
// spreadsheets know it, and with cells that spreadsheets do not take for formulas.
func Write(w io.Writer, records iter.Seq2[Record, error]) error {
	out, err := NewWriter(w)
	if err != nil {
		return err
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.name
	}
	if err := out.Write(cells); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	for rec, err := range records {
		if err != nil {
			return err
		}
		if err := out.Write(recordCells(cells[:0], rec)); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// recordCells appends the cells of a record in the order of columns.
func recordCells(cells []string, rec Record) []string {
	of := customerCells(rec.Customer)
	cells = append(append(cells, rec.Customer.ID), of[:]...)
	if rec.Subscription != nil {
		cells = append(cells, subscriptionCells(*rec.Subscription)...)
	}
	for i := range cells {
		cells[i] = guard(cells[i])
	}
	return append(cells, make([]string, len(columns)-len(cells))...)
}

func customerCells(c customer.Customer) [customerColumns]string {
	return [...]string{
		c.Name, c.Domain, c.ContactName, c.ContactEmail, c.AlternateEmail, c.Phone, c.Country, c.PostalCode, c.Address,
		c.Language, c.CRMID,
		instantCell(c.TOSAcceptedAt), instantCell(c.CreatedAt),
	}
}

// subscriptionCells writes the product's own ID in the place of an external one that is not there.
func subscriptionCells(s customer.Subscription) []string {
	external := s.ExternalID
	if external == "" {
		external = s.ID
	}
	return []string{
		external, s.SKUID, string(s.Plan), strconv.FormatInt(s.Seats, 10), countCell(s.MaxSeats), string(s.Currency),
		s.Price.In(s.Currency), s.BillingAccountID, s.PurchaseOrderID, string(s.Renewal), dateCell(s.StartDate),
		dateCell(s.TermStart), dateCell(s.TermEnd), dateCell(s.TrialEnd), string(s.State), string(s.SuspensionReason),
		string(s.Channel),
	}
}

func instantCell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func dateCell(d civil.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func countCell(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// NewWriter begins a file of other rows than Records, in the same form; its cells go through Guard.
func NewWriter(w io.Writer) (*csv.Writer, error) {
	if _, err := w.Write(utf8BOM); err != nil {
		return nil, fmt.Errorf("write csv: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return out, nil
}

// Guard makes a cell that no spreadsheet takes for a formula, and Unguard gives back what it was.
func Guard(s string) string { return guard(s) }

// Unguard is the reverse of Guard.
func Unguard(s string) string { return unguard(s) }

// A cell that begins with one of these is a formula to some spreadsheet, the full-width ones in Japanese Excel.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// guard puts an apostrophe before a cell that would be taken for a formula. A cell that already has apostrophes
// before such a character gets one more, so that unguard gives back exactly what was there.
func guard(s string) string {
	if startsFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && startsFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

func startsFormula(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && strings.ContainsRune(formulaStarts, r)
}
