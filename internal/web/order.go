package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// orderModel is the page of an order: its form asks what it costs, and the answer can be ordered.
type orderModel struct {
	refusal

	Name    string // of the customer
	Path    string
	Back    string
	Lead    string
	Fields  func(*view.Page, refusal) []view.Input
	Quote   *app.Quote // nil until somebody asks
	Order   []view.Hidden
	Confirm string // the button
}

// changeModel is the page of an order about one subscription.
func (s *Server) changeModel(r *http.Request, v *Visit, name string) (m orderModel, l app.SubscriptionLine, err error) {
	if err := v.Actor.May(console.EditCustomers); err != nil {
		return m, l, err
	}
	record, err := s.app.Customer(r.Context(), v.Actor, r.PathValue("customer"))
	if err != nil {
		return m, l, err
	}
	if err := record.Customer.CheckFree(); err != nil {
		return m, l, err
	}
	if l, err = (recordModel{CustomerRecord: record}).subscription(r.PathValue("sub")); err != nil {
		return m, l, err
	}
	m.Name, m.Back = record.Customer.Name, customerPath(v.Page, record.Customer.ID)
	m.Path = m.Back + "/subscriptions/" + l.ID + "/" + name
	v.Page.Title = v.Page.T("order_page."+name+"_title", "SKU", l.SKU.Name)
	return m, l, nil
}

// seats reads a number of seats; what is none is refused by the rules as too few.
func seats(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(r.FormValue(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (s *Server) seatsModel(r *http.Request, v *Visit) (m orderModel, l app.SubscriptionLine, err error) {
	m, l, err = s.changeModel(r, v, "seats")
	if err != nil {
		return m, l, err
	}
	m.Lead, m.Confirm = seatsLead(v.Page, m.Name, l), v.Page.T("order_page.confirm")
	typed := strconv.FormatInt(l.Seats, 10)
	if r.Form.Has("seats") {
		typed = r.FormValue("seats")
	}
	m.Fields = func(p *view.Page, bad refusal) []view.Input { return []view.Input{seatsField(p, l, typed, bad)} }
	return m, l, nil
}

func (s *Server) askSeats(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, l, err := s.seatsModel(r, v)
	if err != nil {
		return err
	}
	m.Order = []view.Hidden{{Name: "seats", Value: r.FormValue("seats")}, {Name: "seen", Value: strconv.FormatInt(l.Seats, 10)}}
	return s.quoted(w, r, v, m, "seats", func() (app.Quote, error) {
		return s.app.QuoteChange(r.Context(), v.Actor, l.ID, app.Change{Action: app.ChangeSeats, Seats: seats(r, "seats")})
	})
}

func (s *Server) orderSeats(w http.ResponseWriter, r *http.Request, v *Visit) error {
	change := app.Change{Action: app.ChangeSeats, Seats: seats(r, "seats"), Seen: seats(r, "seen")}
	if err := s.app.ChangeSubscription(r.Context(), v.Actor, r.PathValue("sub"), change); err != nil {
		return s.askAgain(w, r, v, err, s.seatsModel)
	}
	return s.done(w, r, customerPath(v.Page, r.PathValue("customer")), v.Page.T("order_page.seats_done"))
}

func (s *Server) renewalModel(r *http.Request, v *Visit) (m orderModel, l app.SubscriptionLine, err error) {
	m, l, err = s.changeModel(r, v, "renewal")
	if err != nil {
		return m, l, err
	}
	if !l.Plan.Annual() {
		return m, l, fault.New(fault.NotFound, "subscription.not_found", nil)
	}
	m.Lead, m.Confirm = v.Page.T("order_page.renewal_lead", "Customer", m.Name, "Date", l.TermEnd-1), v.Page.T("order_page.confirm_renewal")
	chosen := string(l.Renewal)
	if r.Form.Has("renewal") {
		chosen = r.FormValue("renewal")
	}
	m.Fields = func(p *view.Page, bad refusal) []view.Input { return []view.Input{renewalField(p, chosen, bad)} }
	return m, l, nil
}

func (s *Server) askRenewal(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, l, err := s.renewalModel(r, v)
	if err != nil {
		return err
	}
	m.Order = []view.Hidden{{Name: "renewal", Value: r.FormValue("renewal")}}
	return s.quoted(w, r, v, m, "renewal", func() (app.Quote, error) {
		return s.app.QuoteChange(r.Context(), v.Actor, l.ID, renewalOf(r))
	})
}

func renewalOf(r *http.Request) app.Change {
	return app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewalKind(r.FormValue("renewal"))}
}

func (s *Server) orderRenewal(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.ChangeSubscription(r.Context(), v.Actor, r.PathValue("sub"), renewalOf(r)); err != nil {
		return s.askAgain(w, r, v, err, s.renewalModel)
	}
	return s.done(w, r, customerPath(v.Page, r.PathValue("customer")), v.Page.T("order_page.renewal_done"))
}

// quoted shows the page of an order, with what it costs as soon as its form was sent with the field.
func (s *Server) quoted(w http.ResponseWriter, r *http.Request, v *Visit, m orderModel, field string, quote func() (app.Quote, error)) error {
	if !r.Form.Has(field) {
		return s.show(w, r, orderPage(v.Page, m))
	}
	q, err := quote()
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return orderPage(v.Page, m)
		})
	}
	m.Quote = &q
	return s.show(w, r, orderPage(v.Page, m))
}

// askAgain shows the form of an order that was refused.
func (s *Server) askAgain(w http.ResponseWriter, r *http.Request, v *Visit, err error, model func(*http.Request, *Visit) (orderModel, app.SubscriptionLine, error)) error {
	m, _, bad := model(r, v)
	if bad != nil {
		return err
	}
	return s.again(w, r, v, err, func(f refusal) templ.Component {
		m.refusal = f
		return orderPage(v.Page, m)
	})
}

// How a new subscription begins; empty or anything else: paid at once.
const (
	beginPaid    = "PAID"
	beginTrial   = "TRIAL"
	beginOffline = "OFFLINE"
)

// buyModel is what the form of a new subscription offers.
type buyModel struct {
	app.Purchase

	Seats    string // as it was typed
	MaxSeats string
	Begin    string
	SKUs     []catalog.SKU
	Accounts []billing.Account
}

func (s *Server) buyModel(r *http.Request, v *Visit) (m orderModel, in buyModel, err error) {
	if err := v.Actor.May(console.AddCustomers); err != nil {
		return m, in, err
	}
	record, err := s.app.Customer(r.Context(), v.Actor, r.PathValue("customer"))
	if err != nil {
		return m, in, err
	}
	if err := record.Customer.CheckFree(); err != nil {
		return m, in, err
	}
	in.Purchase = app.Purchase{
		CustomerID: record.Customer.ID, SKUID: r.FormValue("sku"), Plan: catalog.Plan(r.FormValue("plan")), Seats: seats(r, "seats"),
		MaxSeats: seats(r, "max_seats"), AccountID: r.FormValue("account"), PurchaseOrderID: r.FormValue("purchase_order"),
		Renewal: customer.RenewalKind(r.FormValue("renewal")), Key: r.FormValue("key"),
		Trial: r.FormValue("begin") == beginTrial, Offline: r.FormValue("begin") == beginOffline,
	}
	in.Begin = r.FormValue("begin")
	in.Seats, in.MaxSeats = r.FormValue("seats"), r.FormValue("max_seats")
	if in.MaxSeats != "" && in.Purchase.MaxSeats == 0 {
		in.Purchase.MaxSeats = -1 // no number: refused by the rules
	}
	if in.SKUs, in.Accounts, err = s.onOffer(r, v); err != nil {
		return m, in, err
	}
	m.Back = customerPath(v.Page, record.Customer.ID)
	m.Path, m.Lead, m.Confirm = m.Back+"/buy", v.Page.T("order_page.buy_lead"), v.Page.T("order_page.confirm")
	v.Page.Title = v.Page.T("order_page.buy_title", "Customer", record.Customer.Name)
	if len(in.SKUs) > 0 && len(in.Accounts) > 0 {
		m.Fields = in.fields
	}
	return m, in, nil
}

// onOffer returns what the console may sell, and the accounts that can take something new.
func (s *Server) onOffer(r *http.Request, v *Visit) (skus []catalog.SKU, usable []billing.Account, err error) {
	authorized, err := s.app.SKUAuthorizations(r.Context(), v.Actor)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range authorized {
		if !a.GrantedAt.IsZero() {
			skus = append(skus, a.SKU)
		}
	}
	accounts, err := s.app.BillingAccounts(r.Context(), v.Actor)
	for _, a := range accounts {
		if a.Usable() {
			usable = append(usable, a)
		}
	}
	return skus, usable, err
}

func (s *Server) askPurchase(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, in, err := s.buyModel(r, v)
	if err != nil {
		return err
	}
	in.Key = s.app.IDs.New("key", s.app.Clock.Now()) // sent twice, the form orders nothing twice
	m.Order = in.hidden()
	return s.quoted(w, r, v, m, "seats", func() (app.Quote, error) {
		return s.app.QuotePurchase(r.Context(), v.Actor, in.Purchase)
	})
}

func (s *Server) buy(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, in, err := s.buyModel(r, v)
	if err != nil {
		return err
	}
	bought, err := s.app.Buy(r.Context(), v.Actor, in.Purchase)
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return orderPage(v.Page, m)
		})
	}
	name := bought.SKUID
	for _, sku := range in.SKUs {
		if sku.ID == bought.SKUID {
			name = sku.Name
		}
	}
	if in.Offline {
		return s.done(w, r, m.Back, v.Page.T("order_page.buy_waits", "SKU", name))
	}
	return s.done(w, r, m.Back, v.Page.T("order_page.buy_done", "SKU", name))
}
