package web

import (
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/web/view"
)

// computationModel is the page of how the lines of one subscription on an invoice come about.
type computationModel struct {
	app.Computation

	Asked civil.Date // the first day of the line that was asked about
}

// computation opens the days behind the lines of a subscription.
func (s *Server) computation(w http.ResponseWriter, r *http.Request, v *Visit) error {
	month, err := readMonth(r.PathValue("month"))
	if err != nil {
		return err
	}
	c, err := s.app.ComputeLines(r.Context(), v.Actor, r.PathValue("billing"), month, r.PathValue("subscription"))
	if err != nil {
		return err
	}
	m := computationModel{Computation: c}
	m.Asked, _ = civil.Parse(r.FormValue("from")) // it only marks a row
	v.Page.Title = v.Page.T("invoices.how_title")
	return s.show(w, r, computationPage(v.Page, m))
}

// computationPath is the address of how a line came about.
func computationPath(p *view.Page, account string, l app.InvoiceLine) string {
	return invoicePath(p, account, l.Invoice) + "/" + url.PathEscape(l.SubscriptionID) + "?" + url.Values{"from": {l.Period.From.String()}}.Encode()
}

func (m computationModel) facts(p *view.Page) []view.Fact {
	return []view.Fact{
		{Label: p.T("migrations.customer"), Value: view.Words(m.CustomerName, m.Domain)},
		{Label: p.T("preview.subscription"), Value: view.Words(m.SKUName, p.T("plan."+string(m.Plan)))},
		{Label: p.T("invoices.account"), Value: view.Words(m.Account.Name, "")},
		{Label: p.T("invoices.month"), Value: view.Words(p.Month(m.Month), p.BillingZone)},
	}
}

// computationTable is a table of lines: the days first, and figures.
func computationTable(p *view.Page, id, caption string, figures ...string) view.Table {
	t := view.Table{ID: id, Caption: caption, Columns: []view.Column{{Kind: view.NameColumn, Label: p.T("invoices.usage_dates")}}}
	for _, key := range figures {
		t.Columns = append(t.Columns, view.Column{Kind: view.NumColumn, Label: p.T("invoices." + key)})
	}
	return t
}

// row is a line with its days and figures.
func (m computationModel) row(p *view.Page, i int, l billing.Line, sub string, figures ...string) view.Row {
	r := view.Row{ID: strconv.Itoa(i), Current: l.Period.From == m.Asked, Cells: []templ.Component{view.Words(days(p, l.Period), sub)}}
	for _, f := range figures {
		r.Cells = append(r.Cells, view.Words(f, ""))
	}
	return r
}

// steps lists the days of the month on a monthly plan.
func (m computationModel) steps(p *view.Page) view.Table {
	t := computationTable(p, "step", p.T("invoices.steps", "Month", p.Month(m.Month)),
		"day_count", "seats", "unit_price", "exact", "sum", "rounded_sum", "carried", "amount")
	for i, s := range m.Steps {
		money := func(minor *big.Rat) string { return exactly(p, minor, m.Currency) }
		t.Rows = append(t.Rows, m.row(p, i, s.Line, m.whose(p, s), daysOf(p, s.Line), p.Num(s.Seats), unitPrice(p, s.Line),
			money(s.Exact()), money(s.Sum), p.Money(s.Rounded, string(m.Currency)), money(s.Carry()), amount(p, s.Amount)))
	}
	return t
}

// whose says on which invoice the days of a step are.
func (m computationModel) whose(p *view.Page, s billing.Step) string {
	text := p.T("invoices.on_this")
	switch {
	case s.Carried:
		text = p.T("invoices.on_other_console")
	case !m.Own(s):
		text = p.T("invoices.on_other_account", "Account", s.AccountID)
	}
	if s.MigrationID != "" {
		text += " · " + p.T("invoices.by_migration", "Migration", s.MigrationID)
	}
	return text
}

// charges lists what is billed by lots.
func (m computationModel) charges(p *view.Page) view.Table {
	t := computationTable(p, "charge", p.T("invoices.lots"), "day_count", "seats", "whole_price", "exact", "rounding", "amount")
	for i, l := range m.Charges {
		rest := new(big.Rat).Sub(new(big.Rat).SetInt64(l.Amount.Minor), l.Exact())
		t.Rows = append(t.Rows, m.row(p, i, l.Line, strings.Join(lineNotes(p, l), " · "), daysOf(p, l.Line), p.Num(l.Seats), unitPrice(p, l.Line),
			exactly(p, l.Exact(), m.Currency), exactly(p, rest, m.Currency), amount(p, l.Amount)))
	}
	return t
}
