package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/migration"
	"psc/internal/web/view"
)

// back is where the preview was asked for.
func (m previewModel) back(p *view.Page) string {
	tab := app.TabStarted
	if m.Side == connection.Source {
		tab = app.TabReady
	}
	return p.At("/migrations?" + url.Values{"connection": {m.Connection.ID}, "tab": {string(tab)}}.Encode())
}

func (m previewModel) path(p *view.Page, verb string) string {
	return p.At("/migrations/" + m.Connection.ID + "/" + verb)
}

// consoleName names one end of the move: its own name, or the other's.
func (m previewModel) consoleName(p *view.Page, side connection.Side) string {
	if side == m.Side {
		return p.T("preview."+string(side), "Console", m.Self)
	}
	return p.T("preview."+string(side), "Console", m.Other)
}

// dates are the attributes that keep the date field within the range.
func (m previewModel) dates() templ.Attributes {
	return templ.Attributes{"min": m.Today.String(), "max": (m.Today + app.PreviewAhead).String()}
}

// chart compares the two consoles' invoices of one currency without the move and with it.
func (m previewModel) chart(p *view.Page, e app.Effect) view.Chart {
	currency := string(e.Currency)
	bar := func(key string, minor int64, added bool) view.Bar {
		return view.Bar{Label: p.T("preview." + key), Text: p.Money(minor, currency), Value: minor, New: added}
	}
	return view.Chart{
		ID: "chart-" + currency, Title: p.T("preview.chart", "Currency", currency),
		Note: p.T("preview.chart_note", "Month", p.Month(m.Preview.Date.Month()), "Subscriptions", p.T("migrations.subscriptions_of", "Count", e.Subscriptions)),
		Groups: []view.ChartGroup{
			{Label: m.consoleName(p, connection.Source), Bars: []view.Bar{bar("without", e.SourceWithout, false), bar("with", e.SourceWith, true)}},
			{Label: m.consoleName(p, connection.Main), Bars: []view.Bar{bar("without", 0, false), bar("with", e.MainWith, true)}},
		},
	}
}

// sum says that a move neither adds nor loses anything.
func sum(p *view.Page, e app.Effect) string {
	money := func(minor int64) string { // no line ends after the minus
		return strings.Replace(p.Money(minor, string(e.Currency)), "-", "-\u2060", 1)
	}
	return p.T("preview.sum", "Source", money(e.SourceWith), "Main", money(e.MainWith), "Both", money(e.SourceWith+e.MainWith))
}

// all counts the subscriptions of all currencies.
func (m previewModel) all() (n int64) {
	for _, e := range m.Totals {
		n += e.Subscriptions
	}
	return n
}

// table lists subscriptions one by one.
func (m previewModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "effect", Caption: p.T("preview.each"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("migrations.customer")},
		{Kind: view.TextColumn, Label: p.T("preview.subscription")},
		{Kind: view.NumColumn, Label: p.T("preview.column_source_without")},
		{Kind: view.NumColumn, Label: p.T("preview.column_source_with")},
		{Kind: view.NumColumn, Label: p.T("preview.column_main_with")},
	}}
	for i, s := range m.Subscriptions {
		money := func(minor int64) templ.Component { return view.Words(p.Money(minor, string(s.Effect.Currency)), "") }
		t.Rows = append(t.Rows, view.Row{ID: strconv.Itoa(i), Name: s.CustomerName, Cells: []templ.Component{
			view.Words(s.CustomerName, s.Domain), view.Words(s.SKUName, p.T("plan."+string(s.Plan))),
			money(s.SourceWithout), money(s.SourceWith), money(s.MainWith),
		}})
	}
	return t
}

// previewable reports whether the details of a row lead to a preview.
func (m migrationsModel) previewable() bool {
	d := m.Detail
	waits := d.State == migration.Started || d.State == migration.Scheduled
	return m.MaySee && m.Live() && (waits || d.Candidate() && m.Source() && len(d.Findings) == 0)
}

// previewHref is the preview of the customer whose details are shown.
func (m migrationsModel) previewHref(p *view.Page) string {
	id := m.Detail.ID
	if m.Source() {
		id = m.Detail.CustomerID
	}
	return scopePath(p, m.Connection.ID, "preview", app.Scope{IDs: []string{id}})
}
