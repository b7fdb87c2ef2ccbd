package app

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/store"
)

// customerListColumns are the columns of the file of a list of customers.
var customerListColumns = []string{
	"customer_id", "customer_name", "domain_name", "state", "contact_name", "contact_email", "products", "subscription_count",
	"subscription_states", "num_units", "max_units", "next_renewal", "currencies", "created_at", "moved_at", "migration_id",
}

// customerListChunk is how many customers one transaction of a download reads.
const customerListChunk = 500

// ExportCustomerList writes all customers that are asked for, in their order, as CSV: a row for each, with a summary of its
// subscriptions. Only a super admin may have it. It reads a chunk at a time and keeps nothing open between them.
func (a *App) ExportCustomerList(ctx context.Context, actor console.Actor, q CustomerQuery, w io.Writer) error {
	if err := actor.May(console.SuperAdmin); err != nil {
		return err
	}
	f, err := a.customerFilter(actor, &q)
	if err != nil {
		return err
	}
	now := a.Clock.Now()
	if err := a.DB.Update(ctx, func(tx *store.Tx) error {
		return a.record(ctx, tx, now, actor, entry{Action: "customer.list_exported", Subject: actor.ConsoleID, Reading: true})
	}); err != nil {
		return err
	}
	out, err := customercsv.NewWriter(w)
	if err != nil {
		return err
	}
	if err := out.Write(customerListColumns); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	q.Page = Page{Limit: customerListChunk}
	for more := true; more; {
		if more, err = a.exportChunk(ctx, actor, f, &q, out); err != nil {
			return err
		}
	}
	return nil
}

// exportChunk writes the next customers and leaves the query at the last of them; it reports whether there are more.
func (a *App) exportChunk(ctx context.Context, actor console.Actor, f CustomerFilter, q *CustomerQuery, out *csv.Writer) (bool, error) {
	var l CustomerList
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		l, err = customerRows(ctx, tx, actor.ConsoleID, f, *q)
		return err
	}); err != nil {
		return false, err
	}
	for _, c := range l.Rows {
		if err := out.Write(customerListCells(c, l.Summaries[c.ID])); err != nil {
			return false, fmt.Errorf("write csv: %w", err)
		}
		q.Page.After = q.Order.Place(c)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return false, fmt.Errorf("write csv: %w", err)
	}
	return l.HasNext, nil
}

// customerListCells are the cells of a customer. What people typed is guarded; numbers, dates and our own codes are no formulas.
func customerListCells(c customer.Customer, m CustomerSummary) []string {
	text := customercsv.Guard
	renewal, most, migrationID := "", "", c.MigrationID
	if c.NextRenewal != civil.Forever {
		renewal = c.NextRenewal.String()
	}
	if m.Cap > 0 {
		most = strconv.FormatInt(m.Cap, 10)
	}
	if c.State == customer.Moved {
		migrationID = c.MovedBy
	}
	return []string{
		c.ID, text(c.Name), text(c.Domain), string(c.State), text(c.ContactName), text(c.ContactEmail), text(strings.Join(m.Products, "; ")),
		strconv.Itoa(m.Subscriptions), joinedTexts(m.States), strconv.FormatInt(c.Seats, 10), most, renewal, joinedTexts(m.Currencies),
		csvTime(c.CreatedAt), csvTime(c.MovedAt), migrationID,
	}
}

func joinedTexts[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = string(v)
	}
	return strings.Join(texts, "; ")
}

// csvTime writes an instant in UTC; nothing for one that has not come about.
func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
