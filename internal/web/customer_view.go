package web

import (
	"cmp"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/web/view"
)

func (m customersModel) tabs(p *view.Page) []view.Tab {
	tabs := make([]view.Tab, 0, 2)
	for _, state := range []customer.State{customer.Live, customer.Moved} {
		value := string(state)
		if state == customer.Live {
			value = ""
		}
		tabs = append(tabs, view.Tab{
			Href: m.List.with("state", value), Label: p.T("customers.tab." + string(state)),
			Count: p.AtMost(int64(m.Counts[state]), app.CountLimit-1), Current: state == m.State,
		})
	}
	return tabs
}

func (m customersModel) table(p *view.Page) view.Table {
	moved := m.State == customer.Moved
	t := view.Table{ID: "customer", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customers.name")},
		{Kind: view.TextColumn, Label: p.T("customers.contact"), Wide: true},
		{Kind: view.NumColumn, Label: p.T("customers.subscriptions")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	if moved {
		t.Columns[3] = view.Column{Kind: view.DateColumn, Label: p.T("customers.moved_at")}
	}
	for _, c := range m.Rows {
		last := customerChip(p, c)
		if moved {
			last = view.When(p, c.MovedAt)
		}
		t.Rows = append(t.Rows, view.Row{ID: c.ID, Name: c.Name, Cells: []templ.Component{
			view.NameLink(p.At("/customers/"+c.ID), c.Name, c.Domain),
			view.Words(cmp.Or(c.ContactName, c.ContactEmail), ""), view.Words(p.Num(int64(m.Subscriptions[c.ID])), ""), last,
		}})
	}
	return t
}

func (m customersModel) pages(p *view.Page) view.Pages {
	g := pager(p, m.List, m.CustomerList.List, func(c customer.Customer) app.Cursor {
		return app.Cursor{SortName: customer.SortName(c.Name), ID: c.ID}
	})
	g.Range = p.T("migrations.range", "Shown", len(m.Rows), "Total", p.AtMost(int64(m.Counts[m.State]), app.CountLimit-1))
	return g
}

// customerChip says how a customer's record stands.
func customerChip(p *view.Page, c customer.Customer) templ.Component {
	switch {
	case c.State == customer.Moved:
		return view.Chip(p, view.Muted, "swap_horiz", p.T("customer_state.MOVED"))
	case c.MigrationID != "":
		return view.Chip(p, view.Info, "swap_horiz", p.T("customers.migrating"))
	case c.TOSAcceptedAt.IsZero():
		return view.Chip(p, view.Warn, "", p.T("customers.tos_pending"))
	default:
		return view.Chip(p, view.OK, "", p.T("customers.active"))
	}
}

func (m customersModel) nothing(p *view.Page) view.Nothing {
	key := "customers.none_" + string(m.State)
	if m.List.Search != "" {
		key = "customers.none_found"
	}
	return view.Nothing{Icon: "groups", Title: p.T(key), Text: p.T(key + "_do")}
}
