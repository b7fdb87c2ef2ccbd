package web

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"time"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/invoicecsv"
	"psc/internal/web/view"
)

func (s *Server) invoiceRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/invoices", s.console(s.invoices))
	mux.Handle("GET /c/{account}/invoices/{billing}/{month}", s.console(s.invoice))
}

// invoicesModel is the list of a month's invoices.
type invoicesModel struct {
	Month  civil.Month
	Newest civil.Month // the present one
	List   []app.MonthStatus
}

// monthsShown is how many months the selector offers.
const monthsShown = 24

func (s *Server) invoices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := invoicesModel{Newest: s.today().Month()}
	m.Month = m.Newest
	if asked := r.FormValue("month"); asked != "" {
		var err error
		if m.Month, err = readMonth(asked); err != nil {
			return err
		}
	}
	var err error
	if m.List, err = s.app.DraftInvoices(r.Context(), v.Actor, m.Month); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.invoices")
	return s.show(w, r, invoicesPage(v.Page, m))
}

// readMonth reads YYYY-MM. What is no month is no page either.
func readMonth(s string) (civil.Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return civil.Month{}, fault.New(fault.NotFound, "fault.not_found", nil)
	}
	return civil.Month{Year: t.Year(), Month: t.Month()}, nil
}

// invoiceDoc is an invoice as its page, its file and its print show it: a draft, or with a number an issued one.
type invoiceDoc struct {
	Account  billing.Account
	Month    civil.Month
	Number   string // empty: a draft
	Totals   billing.Totals
	Settled  *billing.Settlement // nil: nothing is known of the account's credit balance
	Count    int64               // of lines
	Customer int64               // how many customers they are of
	Credits  int64               // minor units: what is given back, as it stands in the lines

	lines []app.InvoiceLine // of a draft
}

// All hands out the lines in their order: by customer, subscription and day.
func (d invoiceDoc) All() iter.Seq2[app.InvoiceLine, error] {
	return func(yield func(app.InvoiceLine, error) bool) {
		for _, l := range d.lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// Issued reports whether the invoice is final.
func (d invoiceDoc) Issued() bool { return d.Number != "" }

func (s *Server) invoiceDoc(ctx context.Context, v *Visit, account, month string) (d invoiceDoc, err error) {
	if d.Month, err = readMonth(month); err != nil {
		return d, err
	}
	if d.Month.First() > s.today() {
		return d, fault.New(fault.Invalid, "invoice.month_ahead", fault.Args{"Month": d.Month.String()})
	}
	draft, err := s.app.DraftInvoice(ctx, v.Actor, account, d.Month)
	if err != nil {
		return d, err
	}
	d.Account, d.Totals, d.lines, d.Count = draft.Account, draft.Totals, draft.Lines, int64(len(draft.Lines))
	last := ""
	for _, l := range draft.Lines {
		if l.CustomerID != last {
			d.Customer++
			last = l.CustomerID
		}
		if l.Credit {
			d.Credits += l.Amount.Minor
		}
	}
	return d, nil
}

// invoiceModel is a page of an invoice.
type invoiceModel struct {
	invoiceDoc

	Groups []customerLines // what is charged
	Given  []app.InvoiceLine
	From   int // the number of the first line here, from 0
	Shown  int
}

// linesShown is how many lines a page of an invoice has.
const linesShown = 200

// invoice shows an invoice, or sends it as a file: {month} may end in .csv or .pdf.
func (s *Server) invoice(w http.ResponseWriter, r *http.Request, v *Visit) error {
	month, kind := r.PathValue("month"), ""
	if len(month) > len("2006-01") {
		month, kind = month[:len("2006-01")], month[len("2006-01"):]
	}
	send := map[string]func(http.ResponseWriter, *http.Request, *Visit, invoiceDoc) error{
		"": s.showInvoice, ".csv": s.sendInvoiceCSV, ".pdf": s.sendInvoicePDF,
	}[kind]
	if send == nil {
		return fault.New(fault.NotFound, "fault.not_found", nil)
	}
	d, err := s.invoiceDoc(r.Context(), v, r.PathValue("billing"), month)
	if err != nil {
		return err
	}
	return send(w, r, v, d)
}

func (s *Server) showInvoice(w http.ResponseWriter, r *http.Request, v *Visit, d invoiceDoc) error {
	m := invoiceModel{invoiceDoc: d}
	if n, err := strconv.Atoi(r.FormValue("from")); err == nil && n > 0 && n < len(d.lines) {
		m.From = n
	}
	lines := d.lines[m.From:min(len(d.lines), m.From+linesShown)]
	m.Shown = len(lines)
	m.Groups, m.Given = grouped(lines)
	v.Page.Title = v.Page.T("invoices.of", "Account", d.Account.Name, "Month", v.Page.Month(d.Month))
	return s.show(w, r, invoicePage(v.Page, m))
}

// fileName names an invoice's file.
func (d invoiceDoc) fileName(kind string) string {
	name := d.Number
	if !d.Issued() {
		name = "draft-" + d.Account.ID + "-" + d.Month.String()
	}
	return fmt.Sprintf(`attachment; filename="invoice-%s.%s"`, name, kind)
}

func (s *Server) sendInvoiceCSV(w http.ResponseWriter, r *http.Request, v *Visit, d invoiceDoc) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", d.fileName("csv"))
	file := invoicecsv.File{
		ConsoleID: string(v.Console.AccountID), Number: d.Number, BOM: r.FormValue("bom") == "1",
		Describe: func(l app.InvoiceLine) string { return lineDescription(v.Page, l) },
	}
	if err := file.Write(w, d.All()); err != nil { // it has begun and cannot become a page any more
		s.log.WarnContext(r.Context(), "invoice file broke off", "number", number(r), "error", err)
	}
	return nil
}

// customerLines are a customer's lines on a page, by subscription.
type customerLines struct {
	Name, Domain  string
	Subscriptions []subscriptionLines
}

type subscriptionLines struct {
	First app.InvoiceLine // names the subscription
	Lines []app.InvoiceLine
}

// grouped sorts the lines of a page into what is charged, by customer and subscription, and what is given back.
func grouped(lines []app.InvoiceLine) (charged []customerLines, given []app.InvoiceLine) {
	customer, subscription := "", ""
	for _, l := range lines {
		if l.Credit {
			given = append(given, l)
			continue
		}
		if l.CustomerID != customer {
			charged = append(charged, customerLines{Name: l.CustomerName, Domain: l.Domain})
			customer, subscription = l.CustomerID, ""
		}
		c := &charged[len(charged)-1]
		if l.SubscriptionID != subscription {
			c.Subscriptions = append(c.Subscriptions, subscriptionLines{First: l})
			subscription = l.SubscriptionID
		}
		s := &c.Subscriptions[len(c.Subscriptions)-1]
		s.Lines = append(s.Lines, l)
	}
	return charged, given
}

// invoicePath is the address of an account's invoice of a month.
func invoicePath(p *view.Page, account string, month civil.Month) string {
	return p.At("/invoices/" + account + "/" + month.String())
}
