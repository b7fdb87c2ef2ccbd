package web

import (
	"context"
	"fmt"
	"iter"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

// invoiceDoc is an invoice as its page, its file and its print show it: the issued one or, until there is one, the draft.
type invoiceDoc struct {
	Account billing.Account // as the issued invoice names it
	Month   civil.Month
	Totals  billing.Totals
	Closed  bool               // the month is closed
	Final   *app.IssuedInvoice // nil: none was issued

	lines iter.Seq2[app.InvoiceLine, error] // by customer, subscription and day

	// What read has counted.
	Count     int64
	Customers int64
	Credits   money.Amount // what is given back
}

// Issued reports whether the invoice is final.
func (d *invoiceDoc) Issued() bool { return d.Final != nil }

// State says how far the invoice is.
func (d *invoiceDoc) State() app.InvoiceState {
	switch {
	case d.Issued():
		return app.InvoiceIssued
	case d.Closed:
		return app.InvoiceNothing
	default:
		return app.InvoiceDraft
	}
}

// number is the invoice's number, empty for a draft.
func (d *invoiceDoc) number() string {
	if d.Issued() {
		return d.Final.Number
	}
	return ""
}

// invoiceDoc finds the invoice of an account and month: the issued one first, as it never changes, else the draft.
func (s *Server) invoiceDoc(ctx context.Context, v *Visit, account, month string) (d invoiceDoc, err error) {
	if d.Month, err = readMonth(month); err != nil {
		return d, err
	}
	if d.Month.First() > s.today() {
		return d, fault.New(fault.Invalid, "invoice.month_ahead", fault.Args{"Month": d.Month})
	}
	issued, err := s.app.IssuedInvoice(ctx, v.Actor, app.InvoiceID(account, d.Month))
	if fault.Is(err, "invoice.not_found") {
		return s.draftDoc(ctx, v, account, d)
	}
	d.Final, d.Totals, d.Closed = &issued, issued.Totals, true
	d.Account = billing.Account{
		ConsoleID: issued.ConsoleID, ID: issued.AccountID, Name: issued.Account, LegalEntity: issued.LegalEntity, Currency: issued.Currency,
	}
	d.lines = s.app.AllIssuedLines(ctx, v.Actor, issued.ID)
	return d, err
}

func (s *Server) draftDoc(ctx context.Context, v *Visit, account string, d invoiceDoc) (invoiceDoc, error) {
	draft, err := s.app.DraftInvoice(ctx, v.Actor, account, d.Month)
	d.Account, d.Totals, d.Closed = draft.Account, draft.Totals, draft.Closed
	d.lines = func(yield func(app.InvoiceLine, error) bool) {
		for _, l := range draft.Lines {
			if !yield(l, nil) {
				return
			}
		}
	}
	return d, err
}

// read goes through all lines, counts what they are, and returns up to limit of them, from one on.
func (d *invoiceDoc) read(from, limit int) (page []app.InvoiceLine, err error) {
	d.Credits.Currency = d.Account.Currency
	customer := ""
	for l, err := range d.lines {
		if err != nil {
			return nil, err
		}
		if d.Count >= int64(from) && len(page) < limit {
			page = append(page, l)
		}
		d.Count++
		if l.CustomerID != customer {
			d.Customers++
			customer = l.CustomerID
		}
		if l.Credit {
			if d.Credits, err = d.Credits.Add(l.Amount); err != nil {
				return nil, err
			}
		}
	}
	return page, nil
}

// fileName names an invoice's file.
func (d *invoiceDoc) fileName(kind string) string {
	name := d.number()
	if !d.Issued() {
		name = "draft-" + d.Account.ID + "-" + d.Month.String()
	}
	return fmt.Sprintf(`attachment; filename="invoice-%s.%s"`, name, kind)
}
