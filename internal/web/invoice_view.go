package web

import (
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
	options := make([]view.Option, 0, monthsShown)
	month := m.Newest
	for range monthsShown {
		options = append(options, view.Option{Value: month.String(), Label: p.Month(month)})
		month = (month.First() - 1).Month()
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

// unitPrice writes what a seat costs for the whole of the days that the price is for.
func unitPrice(p *view.Page, l app.InvoiceLine) string {
	return exactly(p, big.NewRat(l.Price.Num, l.Price.Den), l.Amount.Currency)
}

// exactDigits is how many decimals beyond the currency's own are shown of what has no end.
const exactDigits = 4

// exactly writes an exact number of minor units in full where that is short, else cut off after some decimals: 263.2258….
func exactly(p *view.Page, minor *big.Rat, c money.Currency) string {
	if minor.IsInt() && minor.Num().IsInt64() {
		return p.Money(minor.Num().Int64(), string(c))
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Digits())), nil)
	major := new(big.Rat).Quo(minor, new(big.Rat).SetInt(scale))
	whole, part, _ := strings.Cut(strings.TrimPrefix(major.FloatString(c.Digits()+exactDigits+1), "-"), ".")
	units, err := strconv.ParseInt(whole, 10, 64)
	if err != nil { // too large to be grouped
		return major.FloatString(c.Digits())
	}
	rest := "…"
	if n, exact := major.FloatPrec(); exact && n <= c.Digits()+exactDigits {
		part, rest = part[:n], ""
	} else {
		part = part[:c.Digits()+exactDigits]
	}
	sign := ""
	if minor.Sign() < 0 {
		sign = "-"
	}
	return sign + p.Num(units) + "." + part + rest
}

// lineDescription says in words what a line is for.
func lineDescription(p *view.Page, l app.InvoiceLine) string {
	return p.T("line_type." + string(l.Type))
}

// formula is the exact amount of a line as it is reckoned.
func formula(p *view.Page, l app.InvoiceLine) string {
	return p.T("invoices.formula", "Price", unitPrice(p, l), "Seats", l.Seats, "Days", l.Period.Days(), "Per", l.PerDays, "Exact", exactly(p, l.Exact(), l.Amount.Currency))
}

// carry says how the amount of a line comes from the exact one.
func carry(p *view.Page, l app.InvoiceLine) string {
	rest := new(big.Rat).Sub(new(big.Rat).SetInt64(l.Amount.Minor), l.Exact())
	args := []any{"Amount", amount(p, l.Amount), "Rest", exactly(p, rest, l.Amount.Currency)}
	switch {
	case rest.Sign() == 0:
		return p.T("invoices.whole", args...)
	case l.Type == billing.UsageLine:
		return p.T("invoices.carry", args...)
	default:
		return p.T("invoices.rounded", args...)
	}
}

// each is what one day of a line costs.
func each(p *view.Page, l app.InvoiceLine) string {
	day := l.Price.Exact(l.Seats, 1, l.PerDays)
	return p.T("invoices.each_day", "Days", l.Period.Days(), "Period", days(p, l.Period), "Amount", exactly(p, day, l.Amount.Currency))
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
