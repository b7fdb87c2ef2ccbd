package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/web/view"
)

// newCustomerModel is the form of a new customer.
type newCustomerModel struct {
	refusal

	Customer customer.Customer
}

func (s *Server) newCustomer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.AddCustomers); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("customer_new.title")
	return s.show(w, r, newCustomerPage(v.Page, newCustomerModel{}))
}

func (s *Server) createCustomer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	c := customer.ContactOf(r.PostFormValue)
	c.Domain = r.PostFormValue("domain")
	created, err := s.app.CreateCustomer(r.Context(), v.Actor, c)
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			v.Page.Title = v.Page.T("customer_new.title")
			m := newCustomerModel{Customer: c}
			m.refusal = bad
			m.refusal = bad.named(m.fields(v.Page))
			return newCustomerPage(v.Page, m)
		})
	}
	return s.done(w, r, customerPath(v.Page, created.ID), v.Page.T("customer_new.done", "Customer", created.Name))
}

// fields are those of contact data, and the domain behind the name.
func (m newCustomerModel) fields(p *view.Page) []view.Input {
	contact := contactFields(p, m.Customer, m.refusal)
	domain := view.Input{
		Name: "domain", Label: p.T("import_column.domain"), Hint: p.T("customer_new.domain_hint"), Value: m.Customer.Domain,
		Error: m.Of("domain"), Required: true,
		Attrs: templ.Attributes{"maxlength": 253, "autocomplete": "off", "inputmode": "url", "autocapitalize": "none"},
	}
	return append([]view.Input{contact[0], domain}, contact[1:]...)
}
