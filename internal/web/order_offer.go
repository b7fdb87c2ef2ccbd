package web

import (
	"net/http"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// offerModel is the page on which a subscription gets another plan or product.
func (s *Server) offerModel(r *http.Request, v *Visit) (m orderModel, l app.SubscriptionLine, err error) {
	m, l, err = s.changeModel(r, v, "offer")
	if err != nil {
		return m, l, err
	}
	if !mayReoffer(l.Subscription) {
		return m, l, fault.New(fault.NotFound, "subscription.not_found", nil)
	}
	skus, err := s.app.ProductsFor(r.Context(), v.Actor, l.ID)
	if err != nil {
		return m, l, err
	}
	m.Lead, m.Confirm = offerLead(v.Page, m.Name, l), v.Page.T("order_page.confirm")
	sku, plan := l.SKUID, string(l.Plan)
	if r.Form.Has("sku") {
		sku, plan = r.FormValue("sku"), r.FormValue("plan")
	}
	m.Fields = func(p *view.Page, bad refusal) []view.Input { return offerFields(p, l, skus, sku, plan, bad) }
	return m, l, nil
}

// mayReoffer reports whether a subscription can get another plan or product as it stands.
func mayReoffer(s customer.Subscription) bool { return s.State == customer.SubActive }

func offerOf(r *http.Request) app.Change {
	return app.Change{Action: app.ChangeOffer, SKUID: r.FormValue("sku"), Plan: catalog.Plan(r.FormValue("plan"))}
}

func (s *Server) askOffer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, l, err := s.offerModel(r, v)
	if err != nil {
		return err
	}
	m.Order = []view.Hidden{{Name: "sku", Value: r.FormValue("sku")}, {Name: "plan", Value: r.FormValue("plan")}}
	return s.quoted(w, r, v, m, "sku", func() (app.Quote, error) {
		return s.app.QuoteChange(r.Context(), v.Actor, l.ID, offerOf(r))
	})
}

func (s *Server) orderOffer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.ChangeSubscription(r.Context(), v.Actor, r.PathValue("sub"), offerOf(r)); err != nil {
		return s.askAgain(w, r, v, err, s.offerModel)
	}
	return s.done(w, r, customerPath(v.Page, r.PathValue("customer")), v.Page.T("order_page.offer_done"))
}

// offerLead says from when another plan and product hold.
func offerLead(p *view.Page, name string, l app.SubscriptionLine) string {
	kind := "FLEXIBLE"
	switch {
	case l.Channel == customer.Offline:
		kind = "OFFLINE"
	case l.Plan.Annual():
		kind = string(l.Plan)
	}
	return p.T("order_page.offer_lead_"+kind, "Customer", name, "Date", l.TermEnd)
}

func offerFields(p *view.Page, l app.SubscriptionLine, skus []catalog.SKU, chosen, plan string, bad refusal) []view.Input {
	sku := view.Input{
		Name: "sku", Type: view.SelectField, Label: p.T("order_page.product"), Value: chosen, Error: bad.Of("sku"), Required: true,
	}
	if bad.Of("seats") != "" { // the cap of an edition
		sku.Error = bad.Of("seats")
	}
	for _, s := range skus {
		sku.Options = append(sku.Options, view.Option{Value: s.ID, Label: s.Name})
	}
	if l.RenewalSKUID != "" {
		sku.Hint = p.T("order_page.offer_planned", "SKU", l.RenewalSKU.Name)
	}
	if l.Plan.Annual() { // bound to its plan
		return []view.Input{sku}
	}
	return []view.Input{sku, planField(p, plan, bad)}
}

func planField(p *view.Page, plan string, bad refusal) view.Input {
	f := view.Input{
		Name: "plan", Type: view.RadioField, Label: p.T("order_page.plan"), Value: plan, Error: bad.Of("plan"), Required: true,
	}
	for _, one := range catalog.Plans {
		f.Options = append(f.Options, view.Option{Value: string(one), Label: p.T("plan." + string(one)), Note: p.T("order_page.plan_" + string(one))})
	}
	return f
}
