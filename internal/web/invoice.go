package web

import (
	"net/http"
	"strconv"
	"time"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/invoicecsv"
	"psc/internal/web/view"
)

func (s *Server) invoiceRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/invoices", s.console(s.invoices))
	mux.Handle("GET /c/{account}/invoices/{billing}/{month}", s.console(s.invoice))
	mux.Handle("GET /c/{account}/invoices/{billing}/{month}/{subscription}", s.console(s.computation))
}

// invoicesModel is the list of a month's invoices.
type invoicesModel struct {
	Month  civil.Month
	First  civil.Month // that was billed here
	Newest civil.Month // the present one
	List   []app.MonthStatus
}

// monthsShown is how many months the selector offers at most.
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
	if m.First, err = s.app.FirstMonth(r.Context(), v.Actor); err != nil {
		return err
	}
	if m.List, err = s.app.MonthInvoices(r.Context(), v.Actor, m.Month); err != nil {
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
	if kind != "" && d.State() == app.InvoiceNothing {
		return fault.New(fault.NotFound, "invoice.not_found", nil)
	}
	return send(w, r, v, d)
}

func (s *Server) showInvoice(w http.ResponseWriter, r *http.Request, v *Visit, d invoiceDoc) error {
	m := invoiceModel{invoiceDoc: d}
	if n, err := strconv.Atoi(r.FormValue("from")); err == nil && n > 0 {
		m.From = n
	}
	lines, err := m.read(m.From, linesShown)
	if err != nil {
		return err
	}
	m.Shown = len(lines)
	m.Groups, m.Given = grouped(lines)
	v.Page.Title = v.Page.T("invoices.of", "Account", m.Account.Name, "Month", v.Page.Month(m.Month))
	return s.show(w, r, invoicePage(v.Page, m))
}

func (s *Server) sendInvoiceCSV(w http.ResponseWriter, r *http.Request, v *Visit, d invoiceDoc) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", d.fileName("csv"))
	file := invoicecsv.File{
		ConsoleID: string(v.Console.AccountID), Number: d.number(), BOM: r.FormValue("bom") == "1",
		Describe: func(l app.InvoiceLine) string { return lineDescription(v.Page, l) },
	}
	if err := file.Write(w, d.lines); err != nil { // it has begun and cannot become a page any more
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

// grouped sorts the lines of a page into what is charged, by customer, subscription and plan, and what is given back.
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
		if of := l.SubscriptionID + " " + string(l.Plan); of != subscription {
			c.Subscriptions = append(c.Subscriptions, subscriptionLines{First: l})
			subscription = of
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
