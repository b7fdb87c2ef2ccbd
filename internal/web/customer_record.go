package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// earlierShown is how many orders from consoles that a customer came from are shown.
const earlierShown = 50

// recordModel is the page of one customer.
type recordModel struct {
	app.CustomerRecord

	At       app.HistoryPlace
	Earlier  []app.OrderLine // from the consoles that it came from, if these share them
	MayEdit  bool
	MayOrder bool

	MayTransfer bool       // to the vendor
	Today       civil.Date // the present billing date
	Operator    bool

	MayUndo      bool // ask for its latest move to be undone
	MaySeeReport bool // of the run that moved it

	InList     string // the query of the list that the customer was chosen from
	Neighbours app.CustomerNeighbours
}

// inList is the page of a customer of the same list.
func (m recordModel) inList(p *view.Page, id string) string {
	if m.InList == "" {
		return customerPath(p, id)
	}
	return customerPath(p, id) + "?" + url.Values{"list": {m.InList}}.Encode()
}

// list is the list that the customer was chosen from.
func (m recordModel) list(p *view.Page) string {
	if m.InList == "" {
		return p.At("/customers")
	}
	return p.At("/customers") + "?" + m.InList
}

// Free reports whether people may change the customer's subscriptions (spec M7).
func (m recordModel) Free() bool { return m.Customer.CheckFree() == nil }

// Live reports whether the record is more than a memory.
func (m recordModel) Live() bool { return m.Customer.State == customer.Live }

func (s *Server) customer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.record(r, v, app.HistoryPlace{Orders: r.FormValue("orders"), Events: r.FormValue("history")})
	if err != nil {
		return err
	}
	return s.show(w, r, recordPage(v.Page, m))
}

func (s *Server) record(r *http.Request, v *Visit, at app.HistoryPlace) (m recordModel, err error) {
	id := r.PathValue("customer")
	m.At = at
	if m.CustomerRecord, err = s.app.CustomerAt(r.Context(), v.Actor, id, at); err != nil {
		return m, err
	}
	if m.Earlier, err = s.app.EarlierOrders(r.Context(), v.Actor, id, earlierShown); err != nil {
		return m, err
	}
	m.MayOrder, m.Today = v.May(console.AddCustomers), s.today()
	m.MayTransfer = v.May(console.TransferCustomers)
	m.MayEdit, m.Operator, m.MaySeeReport = v.May(console.EditCustomers), v.Actor.Operator, mayReport(v)
	_, refused := m.CanAskUndo(v.Actor)
	m.MayUndo = refused == nil
	v.Page.Title = m.Customer.Name
	return m, s.beside(r, v, &m)
}

// beside finds who stands before and after the customer in the list that it was chosen from. A list that cannot be asked for is
// that of all.
func (s *Server) beside(r *http.Request, v *Visit, m *recordModel) error {
	if m.Customer.State == customer.Deleted { // it is in no list
		return nil
	}
	asked := keptQuery(r.FormValue("list"))
	q, err := customerQuery(asked)
	if err != nil {
		asked, q = url.Values{}, app.CustomerQuery{}
	}
	q.State = m.Customer.State
	m.InList = asked.Encode()
	m.Neighbours, err = s.app.CustomerNeighbours(r.Context(), v.Actor, q, m.Customer)
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		m.InList = ""
		m.Neighbours, err = s.app.CustomerNeighbours(r.Context(), v.Actor, app.CustomerQuery{CustomerFilter: app.CustomerFilter{State: m.Customer.State}}, m.Customer)
	}
	return err
}

func customerPath(p *view.Page, id string) string { return p.At("/customers/" + id) }

func (s *Server) askTOS(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.record(r, v, app.HistoryPlace{})
	if err != nil {
		return err
	}
	return s.show(w, r, tosPage(v.Page, m.Customer))
}

func (s *Server) acceptTOS(w http.ResponseWriter, r *http.Request, v *Visit) error {
	id := r.PathValue("customer")
	if err := s.app.RecordTOS(r.Context(), v.Actor, id); err != nil {
		return err
	}
	return s.done(w, r, customerPath(v.Page, id), v.Page.T("customer_page.tos_done"))
}

// editModel is the form of contact data.
type editModel struct {
	refusal

	Customer customer.Customer
	Seen     string // what the form shows was made from
}

func (s *Server) editCustomer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.EditCustomers); err != nil {
		return err
	}
	record, err := s.app.Customer(r.Context(), v.Actor, r.PathValue("customer"))
	if err != nil {
		return err
	}
	if err := record.Customer.CheckLive(); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("customer_page.edit_title", "Customer", record.Customer.Name)
	return s.show(w, r, editCustomerPage(v.Page, editModel{Customer: record.Customer, Seen: app.ContactMark(record.Customer)}))
}

// saveCustomer reads the form, whose fields are called as the columns of a file of customers are.
func (s *Server) saveCustomer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	c := customer.ContactOf(r.PostFormValue)
	c.ID = r.PathValue("customer")
	seen := r.PostFormValue("seen")
	if err := s.app.EditContact(r.Context(), v.Actor, c, seen); err != nil {
		if fault.Is(err, "customer.edited_meanwhile") { // whoever saves once more has been told
			record, err := s.app.Customer(r.Context(), v.Actor, c.ID)
			if err != nil {
				return err
			}
			seen = app.ContactMark(record.Customer)
		}
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			v.Page.Title = v.Page.T("customer_page.edit")
			m := editModel{Customer: c, Seen: seen}
			m.refusal = bad.named(contactFields(v.Page, c, bad))
			return editCustomerPage(v.Page, m)
		})
	}
	return s.done(w, r, customerPath(v.Page, c.ID), v.Page.T("customer_page.edited"))
}

// action is something that is asked before it is done, and done by one use case.
type action struct {
	do      func(*app.App, context.Context, console.Actor, string) error
	refuses func(console.Actor) error // who may not
	look    view.Look
	quote   app.ChangeAction // what it costs is shown as of this; empty: it changes no invoice
}

func mayEdit(a console.Actor) error { return a.May(console.EditCustomers) }

func mayOperate(a console.Actor) error { return a.MayOperate() }

// changes is the use case that orders an action of a subscription.
func changes(action app.ChangeAction) func(*app.App, context.Context, console.Actor, string) error {
	return func(a *app.App, ctx context.Context, actor console.Actor, id string) error {
		return a.ChangeSubscription(ctx, actor, id, app.Change{Action: action})
	}
}

// subscriptionActions are what a person may do to a subscription, by the last part of the address.
var subscriptionActions = map[string]action{
	"start-paid":     {changes(app.StartPaid), mayEdit, view.Filled, app.StartPaid},
	"suspend":        {(*app.App).SuspendSubscription, mayEdit, view.Danger, app.Suspend},
	"reactivate":     {(*app.App).ReactivateSubscription, mayEdit, view.Filled, app.Reactivate},
	"end":            {changes(app.EndNow), mayEdit, view.Danger, app.EndNow},
	"vendor-suspend": {(*app.App).VendorSuspend, mayOperate, view.Danger, ""},
	"vendor-lift":    {(*app.App).LiftVendorSuspension, mayOperate, view.Filled, ""},
}

// orderActions are what a person may do to an open order.
var orderActions = map[string]action{
	"cancel": {(*app.App).CancelOrder, mayEdit, view.Danger, ""},
	"fulfil": {(*app.App).FulfilOrder, mayOperate, view.Filled, ""},
}

// questionModel asks before something is done to a subscription or an order.
type questionModel struct {
	Key    string // of the messages below customer_page
	Path   string // where the answer goes
	Back   string
	Name   string // of the customer
	What   string // the product
	Return string // where to go afterwards; empty: to the customer
	Look   view.Look
	Quote  *app.Quote // nil if it changes no invoice
}

func (s *Server) subscriptionQuestion(name string) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		return s.question(w, r, v, subscriptionActions[name], "subscription_"+name, "/subscriptions/"+r.PathValue("sub")+"/"+name,
			func(m recordModel) (string, error) { return m.subscriptionName(r.PathValue("sub")) })
	}
}

func (s *Server) orderQuestion(name string) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		return s.question(w, r, v, orderActions[name], "order_"+name, "/orders/"+r.PathValue("order")+"/"+name,
			func(m recordModel) (string, error) { return m.orderName(r.PathValue("order")) })
	}
}

// question asks before an action. Who may not is refused here already.
func (s *Server) question(w http.ResponseWriter, r *http.Request, v *Visit, a action, key, path string, what func(recordModel) (string, error)) error {
	if err := a.refuses(v.Actor); err != nil {
		return err
	}
	at := app.HistoryPlace{}
	if order := r.PathValue("order"); order != "" {
		at.Orders = order + "~" // the page that begins with it
	}
	m, err := s.record(r, v, at)
	if err != nil {
		return err
	}
	name, err := what(m)
	if err != nil {
		return err
	}
	back := customerPath(v.Page, m.Customer.ID)
	v.Page.Title = v.Page.T("customer_page." + key)
	q := questionModel{
		Key: "customer_page." + key, Path: back + path, Back: backOr(r, back), Name: m.Customer.Name, What: name,
		Return: r.FormValue("return"), Look: a.look,
	}
	if a.quote != "" {
		quote, err := s.app.QuoteChange(r.Context(), v.Actor, r.PathValue("sub"), app.Change{Action: a.quote})
		if err != nil {
			return err
		}
		q.Quote = &quote
	}
	return s.show(w, r, questionPage(v.Page, q))
}

func (s *Server) changeSubscription(name string) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		return s.actOn(w, r, v, subscriptionActions[name], "subscription_"+name, r.PathValue("sub"))
	}
}

func (s *Server) closeOrder(name string) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		return s.actOn(w, r, v, orderActions[name], "order_"+name, r.PathValue("order"))
	}
}

func (s *Server) actOn(w http.ResponseWriter, r *http.Request, v *Visit, a action, key, id string) error {
	if err := a.do(s.app, r.Context(), v.Actor, id); err != nil {
		return err
	}
	path := backOr(r, customerPath(v.Page, r.PathValue("customer")))
	return s.done(w, r, path, v.Page.T("customer_page."+key+"_done"))
}
