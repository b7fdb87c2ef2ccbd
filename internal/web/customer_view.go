package web

import (
	"slices"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/web/view"
)

// customerColumn is a column of the list of customers.
type customerColumn struct {
	name string // in settings, and in messages below customers.column
	kind view.ColumnKind
	key  app.CustomerKey // what it is sorted by; empty: it cannot be
	wide bool
	cell func(p *view.Page, m customersModel, c customer.Customer) templ.Component
}

// customerColumns are the columns of app.CustomerColumns, in their order. The first is always shown.
var customerColumns = []customerColumn{
	{"name", view.NameColumn, app.ByName, false, nameCell},
	{"domain", view.TextColumn, app.ByDomain, false, func(_ *view.Page, _ customersModel, c customer.Customer) templ.Component {
		return view.Words(c.Domain, "")
	}},
	{"contact", view.TextColumn, "", true, func(_ *view.Page, _ customersModel, c customer.Customer) templ.Component {
		return view.Words(c.ContactName, c.ContactEmail)
	}},
	{"products", view.TextColumn, "", true, productsCell},
	{"subscriptions", view.NumColumn, "", false, subscriptionsCell},
	{"seats", view.NumColumn, app.BySeats, false, seatsCell},
	{"renewal", view.DateColumn, app.ByRenewal, false, func(p *view.Page, _ customersModel, c customer.Customer) templ.Component {
		if c.NextRenewal == civil.Forever {
			return view.Words(p.T("customers.none"), "")
		}
		return view.Words(p.Date(c.NextRenewal), "")
	}},
	{"currencies", view.TextColumn, "", true, currenciesCell},
	{"created", view.DateColumn, app.ByCreated, true, func(p *view.Page, _ customersModel, c customer.Customer) templ.Component {
		return view.Words(p.Date(civil.DateOf(c.CreatedAt, p.Zone())), "")
	}},
	{"status", view.StatusColumn, "", false, func(p *view.Page, _ customersModel, c customer.Customer) templ.Component {
		return customerChip(p, c)
	}},
}

// shows reports whether the column is shown. Of customers that moved away it is told when, in place of their state.
func (m customersModel) shows(name string) bool {
	return slices.Contains(m.Choices.Settings.Columns, name)
}

func nameCell(p *view.Page, m customersModel, c customer.Customer) templ.Component {
	domain := c.Domain
	if m.shows("domain") {
		domain = ""
	}
	return view.NameLink(recordModel{InList: keptQuery(m.List.keep.Encode()).Encode()}.inList(p, c.ID), c.Name, domain)
}

func productsCell(p *view.Page, m customersModel, c customer.Customer) templ.Component {
	return view.Words(joined(p, m.Summaries[c.ID].Products), "")
}

// subscriptionsCell counts them, and names the states that not all of them have.
func subscriptionsCell(p *view.Page, m customersModel, c customer.Customer) templ.Component {
	var states []string
	for _, state := range m.Summaries[c.ID].States {
		if state != customer.SubActive {
			states = append(states, p.T("subscription_state."+string(state)))
		}
	}
	return view.Words(p.Num(int64(m.Summaries[c.ID].Subscriptions)), joined(p, states))
}

func seatsCell(p *view.Page, m customersModel, c customer.Customer) templ.Component {
	if most := m.Summaries[c.ID].Cap; most > 0 {
		return view.Words(p.T("customers.seats_of", "Seats", p.Num(c.Seats), "Most", p.Num(most)), "")
	}
	return view.Words(p.Num(c.Seats), "")
}

func currenciesCell(p *view.Page, m customersModel, c customer.Customer) templ.Component {
	var list []string
	for _, currency := range m.Summaries[c.ID].Currencies {
		list = append(list, string(currency))
	}
	return view.Words(joined(p, list), "")
}

func (m customersModel) tabs(p *view.Page) []view.Tab {
	tabs := make([]view.Tab, 0, 2)
	for _, state := range []customer.State{customer.Live, customer.Moved} {
		value := string(state)
		if state == customer.Live {
			value = ""
		}
		tabs = append(tabs, view.Tab{
			Href: m.List.with("state", value), Label: p.T("customers.tab." + string(state)),
			Count: countText(p, m.Counts[state]), Current: state == m.Query.State,
		})
	}
	return tabs
}

// countText writes how many there are: 12, or 12+ for at least that many.
func countText(p *view.Page, c app.RowCount) string {
	if c.More {
		return p.AtMost(int64(c.N)+1, int64(c.N))
	}
	return p.Num(int64(c.N))
}

func (m customersModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "customer", Caption: p.Title}
	columns := customerColumns
	if m.Query.State == customer.Moved {
		columns = append(slices.Clone(columns[:len(columns)-1]), customerColumn{"moved_at", view.DateColumn, "", false, movedCell})
	}
	columns = slices.DeleteFunc(slices.Clone(columns), func(c customerColumn) bool {
		return c.name != "name" && !m.shows(c.name) && (c.name != "moved_at" || !m.shows("status"))
	})
	for _, c := range columns {
		t.Columns = append(t.Columns, view.Column{Kind: c.kind, Label: p.T("customers.column." + c.name), Wide: c.wide, Sort: m.sorting(c.key)})
	}
	for _, c := range m.Rows {
		row := view.Row{ID: c.ID, Name: c.Name}
		for _, column := range columns {
			row.Cells = append(row.Cells, column.cell(p, m, c))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func movedCell(p *view.Page, _ customersModel, c customer.Customer) templ.Component {
	return view.When(p, c.MovedAt)
}

// sorting is the head of a column that the list can be sorted by; nil if it cannot.
func (m customersModel) sorting(key app.CustomerKey) *view.Sorting {
	if key == "" {
		return nil
	}
	now := m.Query.Order
	if now.Key == "" {
		now.Key = app.ByName
	}
	s := view.Sorting{List: m.List.ID}
	other := app.CustomerOrder{Key: key}
	if now.Key == key {
		s.Direction, other.Down = "descending", !now.Down
		if !now.Down {
			s.Direction = "ascending"
		}
	}
	value := writeOrder(other)
	if value == string(app.ByName) {
		value = ""
	}
	s.Href = m.List.with("sort", value)
	return &s
}

// orders are all orders of the list, for where the heads of columns are not seen.
func (m customersModel) orders(p *view.Page) view.Input {
	in := view.Input{Name: "sort", Type: view.SelectField, Label: p.T("customer_filter.sort"), Error: m.Of("sort")}
	for _, key := range app.CustomerKeys {
		for _, down := range []bool{false, true} {
			o := app.CustomerOrder{Key: key, Down: down}
			value, label := writeOrder(o), p.T("customers.column."+string(key))
			if o == (app.CustomerOrder{Key: app.ByName}) {
				value = ""
			}
			if down {
				label = p.T("customer_filter.down", "Field", label)
			}
			in.Options = append(in.Options, view.Option{Value: value, Label: label})
		}
	}
	in.Value = m.asked("sort")
	return in
}

func (m customersModel) pages(p *view.Page) view.Pages {
	g := pager(p, m.List, m.CustomerList.List, m.Query.Order.Place)
	g.Range = p.T("migrations.range", "Shown", len(m.Rows), "Total", countText(p, m.Counts[m.Query.State]))
	return g
}

// customerChip says how a customer's record stands.
func customerChip(p *view.Page, c customer.Customer) templ.Component {
	switch {
	case c.State == customer.Moved:
		return view.Chip(p, view.Muted, "swap_horiz", p.T("customer_state.MOVED"))
	case c.State == customer.Deleted:
		return view.Chip(p, view.Muted, "", p.T("customer_state.DELETED"))
	case c.MigrationID != "":
		return view.Chip(p, view.Info, "swap_horiz", p.T("customers.migrating"))
	case c.TOSAcceptedAt.IsZero():
		return view.Chip(p, view.Warn, "", p.T("customers.tos_pending"))
	default:
		return view.Chip(p, view.OK, "", p.T("customers.active"))
	}
}

func (m customersModel) nothing(p *view.Page) view.Nothing {
	key := "customers.none_" + string(m.Query.State)
	if m.filtered() {
		key = "customers.none_found"
	}
	return view.Nothing{Icon: "groups", Title: p.T(key), Text: p.T(key + "_do")}
}
