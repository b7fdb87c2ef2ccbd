package web

import (
	"net/http"

	"psc/internal/app"
	"psc/internal/customer"
)

func (s *Server) askDelete(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.record(r, v, app.HistoryPlace{})
	if err != nil {
		return err
	}
	return s.show(w, r, deletePage(v.Page, m.Customer))
}

func (s *Server) deleteCustomer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	id := r.PathValue("customer")
	if err := s.app.DeleteCustomer(r.Context(), v.Actor, id); err != nil {
		return err
	}
	return s.done(w, r, v.Page.At("/customers"), v.Page.T("customer_page.deleted"))
}

// mayDelete reports whether nothing keeps the customer from being deleted.
func (m recordModel) mayDelete() bool {
	subs := make([]customer.Subscription, len(m.Subscriptions))
	for i, l := range m.Subscriptions {
		subs[i] = l.Subscription
	}
	return m.MayEdit && m.Customer.CheckDelete(subs, nil) == nil
}
