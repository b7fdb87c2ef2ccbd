package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/web/view"
)

// customersModel is the list of customers.
type customersModel struct {
	refusal
	app.CustomerList

	Query     app.CustomerQuery
	Choices   app.CustomerChoices
	List      listing
	MayAdd    bool // import, and by the form
	MayExport bool // download all
}

// customerFilters are the fields of the filter, in the order of the form.
var customerFilters = []string{"sku", "plan", "status", "reason", "currency", "renews", "terms_from", "terms_to", "seats_from", "seats_to", "migration"}

// customers shows the list of customers. A filter that is refused shows none.
func (s *Server) customers(w http.ResponseWriter, r *http.Request, v *Visit) error {
	v.Page.Title = v.Page.T("nav.customers")
	m := customersModel{
		List:   readListing(r, append(customerFilters, "state", "sort")...),
		MayAdd: v.May(console.AddCustomers), MayExport: v.May(console.SuperAdmin),
	}
	var err error
	if m.Choices, err = s.app.CustomerChoices(r.Context(), v.Actor); err != nil {
		return err
	}
	if size := m.Choices.Settings.PageSize; size > 0 && m.asked("size") == "" {
		m.List.Page.Limit = size
	}
	if m.Query, err = customerQuery(m.List.keep); err == nil {
		m.Query.Page = m.List.Page
		m.CustomerList, err = s.app.Customers(r.Context(), v.Actor, m.Query)
	}
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return customersPage(v.Page, m)
		})
	}
	return s.show(w, r, customersPage(v.Page, m))
}

// customerQuery reads what the address of a list asks for, but for the page.
func customerQuery(asked url.Values) (q app.CustomerQuery, err error) {
	q.CustomerFilter = app.CustomerFilter{
		State: customer.Live, Search: strings.TrimSpace(asked.Get("q")), SKUID: asked.Get("sku"), Plan: catalog.Plan(asked.Get("plan")),
		Status: customer.SubscriptionState(asked.Get("status")), Reason: customer.SuspensionReason(asked.Get("reason")),
		Currency: money.Currency(asked.Get("currency")), Migration: app.MigrationPlace(asked.Get("migration")),
	}
	if asked.Get("state") == string(customer.Moved) {
		q.State = customer.Moved
	}
	for name, n := range map[string]*int64{"renews": &q.RenewsWithin, "seats_from": &q.SeatsFrom, "seats_to": &q.SeatsTo} {
		if typed := asked.Get(name); typed != "" {
			if *n, err = strconv.ParseInt(typed, 10, 64); err != nil {
				return q, fault.InvalidField(name, "customer_filter.number", nil)
			}
		}
	}
	for name, day := range map[string]*civil.Date{"terms_from": &q.TermsFrom, "terms_to": &q.TermsTo} {
		if typed := asked.Get(name); typed != "" {
			if *day, err = civil.Parse(typed); err != nil {
				return q, fault.InvalidField(name, "customer_filter.date", nil)
			}
		}
	}
	q.Order = readOrder(asked.Get("sort"))
	return q, nil
}

// An order stands in an address as its key, with a minus before it if it goes down.
func readOrder(typed string) app.CustomerOrder {
	key, down := strings.CutPrefix(typed, "-")
	return app.CustomerOrder{Key: app.CustomerKey(key), Down: down}
}

func writeOrder(o app.CustomerOrder) string {
	if o.Down {
		return "-" + string(o.Key)
	}
	return string(o.Key)
}

// asked is what the list is filtered by at field; empty: nothing.
func (m customersModel) asked(field string) string { return m.List.keep.Get(field) }

// filtered reports whether not all customers are asked for.
func (m customersModel) filtered() bool { return m.List.Search != "" || len(m.chosen()) > 0 }

// chosen are the fields of the filter that are filled.
func (m customersModel) chosen() (fields []string) {
	for _, name := range customerFilters {
		if m.asked(name) != "" {
			fields = append(fields, name)
		}
	}
	return fields
}

// unfiltered is the list without search and filter.
func (m customersModel) unfiltered() string { return m.List.without(append(customerFilters, "q")...) }

// choice returns a field of the filter in which one of some values is chosen; none is the first, which says so.
func (m customersModel) choice(p *view.Page, name string, options []view.Option) view.Input {
	return view.Input{
		Name: name, Type: view.SelectField, Label: p.T("customer_filter." + name), Value: m.asked(name), Error: m.Of(name),
		Options: append([]view.Option{{Value: "", Label: p.T("customer_filter.any")}}, options...),
	}
}

// filterFields are the fields of the filter.
func (m customersModel) filterFields(p *view.Page) (fields []view.Input) {
	for _, name := range customerFilters {
		switch name {
		case "seats_from", "seats_to":
			fields = append(fields, view.Input{
				Name: name, Type: view.NumberField, Label: p.T("customer_filter." + name), Value: m.asked(name), Error: m.Of(name),
				Attrs: templ.Attributes{"min": "0", "inputmode": "numeric"},
			})
		case "terms_from", "terms_to":
			fields = append(fields, view.Input{
				Name: name, Type: view.DateField, Label: p.T("customer_filter." + name), Value: m.asked(name), Error: m.Of(name),
			})
		case "migration":
			if m.Choices.Source || m.asked(name) != "" {
				fields = append(fields, m.choice(p, name, m.options(p, name)))
			}
		default:
			fields = append(fields, m.choice(p, name, m.options(p, name)))
		}
	}
	return fields
}

// options are the values of a field of the filter, in words.
func (m customersModel) options(p *view.Page, name string) (options []view.Option) {
	add := func(value, label string) { options = append(options, view.Option{Value: value, Label: label}) }
	switch name {
	case "sku":
		for _, sku := range m.Choices.SKUs {
			add(sku.ID, sku.Name)
		}
	case "plan":
		for _, plan := range catalog.Plans {
			add(string(plan), p.T("plan."+string(plan)))
		}
	case "status":
		for _, state := range app.SubscriptionStates {
			add(string(state), p.T("subscription_state."+string(state)))
		}
	case "reason":
		for _, reason := range app.SuspensionReasons {
			add(string(reason), p.T("suspension."+string(reason)))
		}
	case "currency":
		for _, c := range m.Choices.Currencies {
			add(string(c), string(c))
		}
	case "renews":
		for _, days := range []int{7, 30, 60, 90, 180, 365} {
			add(strconv.Itoa(days), p.T("customer_filter.days", "Count", days))
		}
	case "migration":
		for _, place := range app.MigrationPlaces {
			add(string(place), p.T("customer_filter.migration_"+string(place)))
		}
	}
	return options
}

// chips name what the list is filtered by.
func (m customersModel) chips(p *view.Page) (chips []view.FilterChip) {
	for _, name := range m.chosen() {
		value := m.asked(name)
		for _, o := range m.options(p, name) {
			if o.Value == value {
				value = o.Label
			}
		}
		chips = append(chips, view.FilterChip{
			Text: p.T("customer_filter.chip", "Field", p.T("customer_filter."+name), "Value", value), Href: m.List.with(name, ""),
		})
	}
	return chips
}
