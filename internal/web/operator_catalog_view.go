package web

import (
	"github.com/a-h/templ"

	"psc/internal/web/view"
)

// effectFacts say in short what a new price changes.
func (m priceModel) effectFacts(p *view.Page) []view.Fact {
	f := m.Forecast
	taken := p.T("catalog_page.at_once", "Date", f.From)
	if f.AtRenewal() {
		taken = p.T("catalog_page.at_renewal", "Date", f.From)
	}
	facts := []view.Fact{
		{Label: p.T("catalog_page.was"), Value: view.Words(listed(p, f.Was, f.Currency), "")},
		{Label: p.T("catalog_page.price"), Value: view.Words(listed(p, f.Price, f.Currency), "")},
		{Label: p.T("catalog_page.taken"), Value: view.Words(taken, "")},
		{Label: p.T("catalog_page.concerned"), Value: view.Words(
			p.T("catalog_page.subscriptions", "Count", f.Subscriptions), p.T("catalog_page.in_consoles", "Count", f.Consoles),
		)},
	}
	if f.Leaving > 0 {
		facts = append(facts, view.Fact{Label: p.T("catalog_page.leaving"), Value: view.Words(
			p.T("catalog_page.subscriptions", "Count", f.Leaving), p.T("catalog_page.leaving_what"),
		)})
	}
	return facts
}

func (m priceModel) monthTable(p *view.Page) view.Table {
	t := view.Table{ID: "month", Caption: p.T("catalog_page.months"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("close_page.month")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.take")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.change")},
	}}
	for _, e := range m.Forecast.Months {
		name := p.Month(e.Month)
		t.Rows = append(t.Rows, view.Row{ID: e.Month.String(), Name: name, Cells: []templ.Component{
			view.Words(name, ""), view.Words(p.Num(e.Subscriptions), ""), view.Words(signed(e.Change.Minor, amount(p, e.Change)), ""),
		}})
	}
	return t
}

// signed puts a plus before what is more.
func signed(minor int64, text string) string {
	if minor > 0 {
		return "+" + text
	}
	return text
}

func (m priceModel) consoleTable(p *view.Page) view.Table {
	t := view.Table{ID: "console", Caption: p.T("catalog_page.consoles"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("shell.console")},
		{Kind: view.TextColumn, Label: p.T("account_page.reseller")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.concerned")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.seats")},
	}}
	for _, e := range m.Forecast.By {
		id := string(e.Console.AccountID)
		t.Rows = append(t.Rows, view.Row{ID: id, Name: e.Console.Name, Cells: []templ.Component{
			view.NameLink("/operator/consoles/"+id, e.Console.Name, ""), view.Words(e.Console.ResellerName, ""),
			view.Words(p.Num(e.Subscriptions), ""), view.Words(p.Num(e.Seats), ""),
		}})
	}
	return t
}
