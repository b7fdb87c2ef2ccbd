package web

import (
	"fmt"
	"math/big"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/money"
	"psc/internal/web/view"
)

// months are the choices of the selector, the newest first.
func (m invoicesModel) months(p *view.Page) []view.Option {
	var options []view.Option
	for month := m.Newest; month.First() >= m.First.First() && len(options) < monthsShown; month = (month.First() - 1).Month() {
		options = append(options, view.Option{Value: month.String(), Label: p.Month(month)})
	}
	return options
}

func (m invoicesModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "invoice", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("invoices.account")},
		{Kind: view.TextColumn, Label: p.T("invoices.legal_entity"), Wide: true},
		{Kind: view.TextColumn, Label: p.T("invoices.currency"), Wide: true},
		{Kind: view.NumColumn, Label: p.T("invoices.lines")},
		{Kind: view.NumColumn, Label: p.T("invoices.net")},
		{Kind: view.StatusColumn, Label: p.T("invoices.state")},
	}}
	for _, i := range m.List {
		sub, due := i.Account.ID, ""
		if i.State == app.InvoiceIssued {
			sub, due = i.Number, p.T("invoices.due_of", "Amount", amount(p, i.Due))
		}
		t.Rows = append(t.Rows, view.Row{ID: i.Account.ID, Name: i.Account.Name, Cells: []templ.Component{
			view.NameLink(invoicePath(p, i.Account.ID, i.Month), i.Account.Name, sub), view.Words(i.Account.LegalEntity, ""),
			view.Words(string(i.Account.Currency), ""), view.Words(p.Num(i.Lines), ""),
			view.Words(amount(p, i.Totals.Net), due), invoiceChip(p, i.State),
		}})
	}
	return t
}

func invoiceChip(p *view.Page, state app.InvoiceState) templ.Component {
	switch state {
	case app.InvoiceIssued:
		return view.Chip(p, view.OK, "", p.T("invoices.issued"))
	case app.InvoiceNothing:
		return view.Chip(p, view.Muted, "", p.T("invoices.nothing"))
	case app.InvoiceDraft:
	}
	return view.Chip(p, view.Info, "schedule", p.T("invoices.draft"))
}

func amount(p *view.Page, a money.Amount) string { return p.Money(a.Minor, string(a.Currency)) }

// wording is what an invoice says of itself: label, value, and a second line.
func (d *invoiceDoc) wording(p *view.Page) [][3]string {
	contents := p.T("invoices.contents_of", "Lines", p.T("invoices.lines_of", "Count", d.Count), "Customers", p.T("unification.customers", "Count", d.Customers))
	return append(d.issue(p), [][3]string{
		{p.T("invoices.legal_entity"), d.Account.LegalEntity},
		{p.T("invoices.account"), d.Account.Name, d.Account.ID},
		{p.T("invoices.month"), p.Month(d.Month), days(p, d.Month.Period())},
		{p.T("account_page.billing_zone"), p.BillingZone},
		{p.T("invoices.contents"), contents},
	}...)
}

// issue says by whom and when an invoice was issued under which number, or that it was not.
func (d *invoiceDoc) issue(p *view.Page) [][3]string {
	switch d.State() {
	case app.InvoiceDraft:
		return [][3]string{{p.T("invoices.number"), p.T("invoices.no_number")}}
	case app.InvoiceNothing:
		return [][3]string{{p.T("invoices.number"), p.T("invoices.no_invoice")}}
	case app.InvoiceIssued:
	}
	registration := ""
	if d.Final.RegistrationNumber != "" {
		registration = p.T("invoices.registration", "Number", d.Final.RegistrationNumber)
	}
	return [][3]string{
		{p.T("invoices.number"), d.Final.Number},
		{p.T("invoices.issued_on"), p.Date(d.Final.IssuedOn)},
		{p.T("invoices.issuer"), d.Final.Issuer, registration},
	}
}

func (d *invoiceDoc) facts(p *view.Page) []view.Fact {
	var facts []view.Fact
	for _, f := range d.wording(p) {
		facts = append(facts, view.Fact{Label: f[0], Value: view.Words(f[1], f[2])})
	}
	return facts
}

// sumRow is a line of the sums of an invoice.
type sumRow struct {
	Label, Text string
	Total       bool
}

// sums add the invoice up.
func (d *invoiceDoc) sums(p *view.Page) []sumRow {
	var list []sumRow
	row := func(key string, minor int64) sumRow {
		return sumRow{Label: p.T("invoices." + key), Text: amount(p, money.Amount{Minor: minor, Currency: d.Account.Currency})}
	}
	if d.Credits.Minor != 0 {
		list = append(list, row("charged", d.Totals.Net.Minor-d.Credits.Minor), row("credits", d.Credits.Minor))
	}
	list = append(list, row("net", d.Totals.Net.Minor))
	for _, t := range d.Totals.Taxes {
		list = append(list, sumRow{Label: p.T("invoices.tax", "Rate", rate(t.Rate), "Net", amount(p, t.Net)), Text: amount(p, t.Tax)})
	}
	if len(d.Totals.Taxes) > 0 {
		list = append(list, row("gross", d.Totals.Gross.Minor))
	}
	if !d.Issued() {
		list[len(list)-1].Total = true
		return list
	}
	return append(list, d.settled(row)...)
}

// settled says how an issued invoice is paid: with the account's credit balance as far as there is one. One that gives back
// adds to it.
func (d *invoiceDoc) settled(row func(key string, minor int64) sumRow) (list []sumRow) {
	switch {
	case d.Totals.Gross.Minor < 0:
		list = append(list, row("added", -d.Totals.Gross.Minor))
	case d.Final.Applied.Minor != 0:
		list = append(list, row("applied", -d.Final.Applied.Minor))
	}
	due := row("due", d.Final.Due.Minor)
	due.Total = true
	list = append(list, due)
	if len(list) > 1 {
		list = append(list, row("balance_after", d.Final.Balance.Minor))
	}
	return list
}

// rate writes a tax rate: 10%, 7.5%.
func rate(r billing.TaxRate) string {
	return strings.TrimSuffix(strings.TrimRight(big.NewRat(int64(r), 100).FloatString(2), "0"), ".") + "%"
}

// days writes usage dates, both inclusive.
func days(p *view.Page, period civil.Period) string {
	if period.Days() == 1 {
		return p.Date(period.From)
	}
	return p.T("invoices.days", "From", period.From, "Last", period.Last())
}

// daysOf writes how many of the days that the price is for a line has.
func daysOf(p *view.Page, l billing.Line) string {
	return p.T("invoices.days_of", "Days", l.Period.Days(), "Per", l.PerDays)
}

// unitPrice writes what a seat costs for the whole of the days that the price is for.
func unitPrice(p *view.Page, l billing.Line) string {
	return exactly(p, big.NewRat(l.Price.Num, l.Price.Den), l.Amount.Currency)
}

// exactDigits is how many decimals beyond the currency's own are shown of what has no end.
const exactDigits = 4

// exactly writes an exact number of minor units in full where that is short, else cut off after some decimals: 263.2258….
func exactly(p *view.Page, minor *big.Rat, c money.Currency) string {
	if minor.IsInt() && minor.Num().IsInt64() {
		return p.Money(minor.Num().Int64(), string(c))
	}
	scale := pow10(c.Digits())
	major := new(big.Rat).Quo(minor, new(big.Rat).SetInt(scale))
	digits, rest := c.Digits()+exactDigits, "…"
	if n, exact := major.FloatPrec(); exact && n <= digits {
		digits, rest = n, ""
	}
	shift := pow10(digits)
	cut := new(big.Int).Mul(new(big.Int).Abs(major.Num()), shift)
	whole, part := cut.Quo(cut, major.Denom()).QuoRem(cut, shift, new(big.Int))
	if !whole.IsInt64() { // too large to be grouped
		return major.FloatString(c.Digits())
	}
	sign := ""
	if minor.Sign() < 0 {
		sign = "-"
	}
	return sign + p.Num(whole.Int64()) + "." + fmt.Sprintf("%0*d", digits, part) + rest
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// lineDescription says in words what a line is for.
func lineDescription(p *view.Page, l app.InvoiceLine) string {
	return p.T("line_type." + string(l.Type))
}

// lineNotes say what a line is for and what it comes from.
func lineNotes(p *view.Page, l app.InvoiceLine) []string {
	notes := []string{lineDescription(p, l)}
	if l.CounterpartyID != "" {
		notes = append(notes, p.T("invoices.counterparty", "Account", l.CounterpartyID))
	}
	if l.MigrationID != "" {
		notes = append(notes, p.T("invoices.by_migration", "Migration", l.MigrationID))
	}
	if l.Credit && l.Supplied != l.Period.From {
		notes = append(notes, p.T("invoices.supplied", "Date", l.Supplied))
	}
	return notes
}

// pages turn the lines of a long invoice.
func (m invoiceModel) pages(p *view.Page) view.Pages {
	path := invoicePath(p, m.Account.ID, m.Month)
	at := func(from int) string {
		if from <= 0 {
			return path
		}
		return path + "?" + url.Values{"from": {strconv.Itoa(from)}}.Encode()
	}
	g := view.Pages{
		Action: path, List: "lines", Size: linesShown,
		Range: p.T("invoices.range", "From", m.From+1, "To", m.From+m.Shown, "All", m.Count),
	}
	if m.From > 0 {
		g.First, g.Previous = path, at(m.From-linesShown)
	}
	if next := m.From + m.Shown; int64(next) < m.Count {
		g.Next = at(next)
	}
	return g
}
