package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// here is the address of the list as it is asked for.
func (m customersModel) here() string { return m.List.with("", "") }

// keptHref is the list by a filter that the person keeps.
func (m customersModel) keptHref(p *view.Page, f app.SavedFilter) string {
	return p.At("/customers") + "?" + f.Query
}

// sizeChoice asks how long a page is.
func (m customersModel) sizeChoice(p *view.Page) view.Input {
	in := view.Input{Name: "size", ID: "page-size", Type: view.SelectField, Label: p.T("list.rows"), Value: strconv.Itoa(m.List.Page.Limit)}
	for _, n := range app.PageSizes {
		in.Options = append(in.Options, view.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return in
}

// setCustomerColumns remembers the columns of the list, in their own order.
func (s *Server) setCustomerColumns(w http.ResponseWriter, r *http.Request, v *Visit) error {
	chosen := r.PostForm["column"]
	set := app.CustomerSettings{Columns: []string{"name"}}
	for _, c := range customerColumns[1:] {
		if slices.Contains(chosen, c.name) {
			set.Columns = append(set.Columns, c.name)
		}
	}
	var err error
	if set.PageSize, err = strconv.Atoi(r.PostFormValue("size")); err != nil {
		return fault.InvalidField("size", "customer_settings.size", nil)
	}
	if err := s.app.SetCustomerSettings(r.Context(), v.Actor, set); err != nil {
		return err
	}
	return s.done(w, r, returnPath(r), v.Page.T("customer_settings.remembered"))
}

// keptQuery reads what the address of a list says of the list and not of the page of it. What cannot be read says nothing.
func keptQuery(typed string) url.Values {
	kept := url.Values{}
	asked, err := url.ParseQuery(typed)
	if err != nil {
		return kept
	}
	for _, name := range append(slices.Clone(customerFilters), "q", "state", "sort") {
		if value := asked.Get(name); value != "" && readable(value) {
			kept.Set(name, value)
		}
	}
	return kept
}

// saveCustomerFilter keeps what a list is filtered by under a name.
func (s *Server) saveCustomerFilter(w http.ResponseWriter, r *http.Request, v *Visit) error {
	name, kept := r.PostFormValue("name"), keptQuery(r.PostFormValue("query"))
	err := s.app.SaveCustomerFilter(r.Context(), v.Actor, app.SavedFilter{Name: name, Query: kept.Encode()})
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid { // said above the list, which has the form
		s.flash(r, view.Bad, v.Page.T("fault_title.invalid"), newRefusal(v.Page, f).Problems[0].Text)
		return s.to(w, r, returnPath(r))
	}
	if err != nil {
		return err
	}
	return s.done(w, r, returnPath(r), v.Page.T("customer_settings.saved", "Name", name))
}

func (s *Server) deleteCustomerFilter(w http.ResponseWriter, r *http.Request, v *Visit) error {
	name := r.PostFormValue("name")
	if err := s.app.DeleteCustomerFilter(r.Context(), v.Actor, name); err != nil {
		return err
	}
	return s.done(w, r, returnPath(r), v.Page.T("customer_settings.deleted", "Name", name))
}
