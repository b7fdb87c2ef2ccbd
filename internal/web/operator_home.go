package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/web/view"
)

const (
	operatorHomePath = "/operator"
	waitingPath      = "/operator/waiting"
)

func (s *Server) operatorHomeRoutes(mux *routes) {
	mux.Handle("GET "+operatorHomePath, s.operator(s.operatorHome))
	mux.Handle("GET "+waitingPath, s.operator(s.waiting))
}

// operatorHome shows what needs the operators now, in all consoles.
func (s *Server) operatorHome(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.VendorHome(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("vendor_home.title")
	return s.show(w, r, operatorHomePage(v.Page, v.Person.Name, list))
}

// vendorTasks are the icons of what waits for the operators, and which page clears it.
var vendorTasks = map[app.VendorTask]struct {
	icon, href string
	attrs      templ.Attributes
}{
	app.VendorUndos:    {"undo", "/operator/cases?tab=operator", nil},
	app.VendorCases:    {"support_agent", "/operator/cases?tab=operator", nil},
	app.VendorOrders:   {"shopping_bag", waitingPath, nil},
	app.VendorAccounts: {"account_balance_wallet", waitingPath + "?tab=accounts", nil},
	app.VendorMonths:   {"event", "/operator/months", nil},
	app.VendorGivenUp:  {"error", JobsPath + "/jobs?state=discarded", beside},
	app.VendorFailing:  {"sync", JobsPath + "/jobs?state=retryable", beside},
}

// beside opens pages in a tab of their own that do not lead back.
var beside = templ.Attributes{"target": "_blank", "rel": "noopener"}

// waitingModel is a page of what waits for the vendor: orders, or billing accounts.
type waitingModel struct {
	Accounts bool
	Table    view.Table
	Pages    view.Pages
}

func (s *Server) waiting(w http.ResponseWriter, r *http.Request, v *Visit) (err error) {
	p := v.Page
	p.Title = p.T("nav.operator_waiting")
	m := waitingModel{Accounts: r.FormValue("tab") == "accounts"}
	var more bool
	var last string
	after := r.FormValue("after")
	if m.Accounts {
		var list []app.QueuedAccount
		if list, more, err = s.app.AccountQueue(r.Context(), v.Actor, after, app.PageSize); err != nil {
			return err
		}
		m.Table, last = queuedAccountTable(p, list), lastID(list, func(a app.QueuedAccount) string { return a.ID })
	} else {
		var list []app.QueuedOrder
		if list, more, err = s.app.OrderQueue(r.Context(), v.Actor, after, app.PageSize); err != nil {
			return err
		}
		m.Table, last = queuedOrderTable(p, list), lastID(list, func(o app.QueuedOrder) string { return o.ID })
	}
	m.Pages = view.Pages{Action: waitingPath, List: "list", Range: p.T("shell.rows", "Count", len(m.Table.Rows))}
	if after != "" {
		m.Pages.First = m.at()
	}
	if more {
		m.Pages.Next = m.at() + "&after=" + last
	}
	return s.show(w, r, waitingPage(p, m))
}

func lastID[T any](list []T, id func(T) string) string {
	if len(list) == 0 {
		return ""
	}
	return id(list[len(list)-1])
}

// at is the address of the first page of what is shown.
func (m waitingModel) at() string {
	if m.Accounts {
		return waitingPath + "?tab=accounts"
	}
	return waitingPath + "?tab=orders"
}

func (m waitingModel) tabs(p *view.Page) []view.Tab {
	return []view.Tab{
		{Href: waitingPath, Label: p.T("vendor_home.tab_orders"), Current: !m.Accounts},
		{Href: waitingPath + "?tab=accounts", Label: p.T("vendor_home.tab_accounts"), Current: m.Accounts},
	}
}

func queuedOrderTable(p *view.Page, list []app.QueuedOrder) view.Table {
	t := view.Table{ID: "order", Caption: p.T("vendor_home.tab_orders"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customers.column.name")},
		{Kind: view.TextColumn, Label: p.T("shell.console")},
		{Kind: view.TextColumn, Label: p.T("customer_page.product")},
		{Kind: view.NumColumn, Label: p.T("customer_page.seats")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, o := range list {
		path := "/c/" + string(o.AccountID) + "/customers/" + o.CustomerID
		t.Rows = append(t.Rows, view.Row{ID: o.ID, Name: o.Customer, Cells: []templ.Component{
			view.NameLink(path, o.Customer, o.Domain), view.Words(o.Console, o.Reseller),
			view.Words(o.SKU, p.T("plan."+string(o.Plan))), view.Words(seatsText(p, o.SeatsBefore, o.SeatsAfter), p.T("order_action."+string(o.Action))),
			view.When(p, o.At),
			orderButtons(p, path+"/orders/"+o.ID, waitingPath, o.Customer),
		}})
	}
	return t
}

// orderButtons lead to the questions by which an operator settles an open order; afterwards one is back.
func orderButtons(p *view.Page, path, back, about string) templ.Component {
	return actionButtons(p, []view.Button{
		ask(p, "customer_page.order_fulfil", path+"/fulfil?return="+back, about),
		ask(p, "customer_page.order_reject", path+"/reject?return="+back, about),
	})
}

func queuedAccountTable(p *view.Page, list []app.QueuedAccount) view.Table {
	t := view.Table{ID: "account", Caption: p.T("vendor_home.tab_accounts"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("billing_page.name")},
		{Kind: view.TextColumn, Label: p.T("shell.console")},
		{Kind: view.TextColumn, Label: p.T("billing_page.currency")},
		{Kind: view.TextColumn, Label: p.T("billing_page.legal_entity")},
		{Kind: view.DateColumn, Label: p.T("operator_page.created")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, a := range list {
		at := string(a.AccountID)
		var buttons []view.Button
		for _, action := range []billing.AccountAction{billing.ApproveAccount, billing.CloseAccount} {
			path := "/operator/consoles/" + at + "/accounts/" + a.ID + "/" + string(action)
			buttons = append(buttons, ask(p, "operator_page.account_"+string(action), path+"?return="+waitingPath+"%3Ftab%3Daccounts", a.Name))
		}
		t.Rows = append(t.Rows, view.Row{ID: a.ID, Name: a.Name, Cells: []templ.Component{
			view.NameLink("/c/"+at+"/billing/accounts/"+a.ID, a.Name, ""), view.Words(a.Console, a.Reseller),
			view.Words(string(a.Currency), a.Group.Name()), view.Words(a.LegalEntity, ""), view.When(p, a.CreatedAt), actionButtons(p, buttons),
		}})
	}
	return t
}
