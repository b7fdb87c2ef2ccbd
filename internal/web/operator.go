package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) operatorRoutes(mux *routes) {
	s.operatorHomeRoutes(mux)
	s.operatorConsoleRoutes(mux)
	s.operatorMonthRoutes(mux)
	s.operatorMailRoutes(mux)
	s.operatorCatalogRoutes(mux)
	s.operatorAuditRoutes(mux)
	s.operatorIssuerRoutes(mux)
	s.operatorPersonRoutes(mux)
	s.operatorSettingRoutes(mux)
	s.operatorJobRoutes(mux)
	mux.Handle("GET /operator/consoles/{account}", s.operator(s.operatorConsole))
	mux.Handle("GET /operator/consoles/{account}/accounts/{bac}/balance", s.operator(s.askBalance))
	mux.Handle("POST /operator/consoles/{account}/accounts/{bac}/balance", s.operator(s.useBalance))
	mux.Handle("GET /operator/consoles/{account}/accounts/{bac}/terms", s.operator(s.askTerms))
	mux.Handle("POST /operator/consoles/{account}/accounts/{bac}/terms", s.operator(s.setTerms))
	mux.Handle("GET /operator/consoles/{account}/accounts/{bac}/{action}", s.operator(s.accountQuestion))
	mux.Handle("POST /operator/consoles/{account}/accounts/{bac}/{action}", s.operator(s.setAccountState))
	mux.Handle("POST /operator/consoles/{account}/skus", s.operator(s.grantSKUs))
}

// operatorModel is what only the vendor can settle in one console.
type operatorModel struct {
	app.VendorWork

	Console console.Console
	Path    string
}

func (s *Server) operatorConsole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := operatorModel{Console: v.Console, Path: operatorPath(v)}
	var err error
	if m.VendorWork, err = s.app.VendorWork(r.Context(), v.Actor); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("operator_page.title", "Console", v.Console.Name)
	return s.show(w, r, operatorPage(v.Page, m))
}

func operatorPath(v *Visit) string { return "/operator/consoles/" + string(v.Console.AccountID) }

// accountQuestion asks before the state of an account changes.
type accountQuestion struct {
	Account billing.Account
	Action  billing.AccountAction
	Path    string
	Back    string
}

func (m accountQuestion) key() string { return "operator_page.account_" + string(m.Action) }

func (m accountQuestion) look() view.Look {
	if m.Action == billing.ApproveAccount || m.Action == billing.RestoreAccount {
		return view.Filled
	}
	return view.Danger
}

func (s *Server) accountQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.BillingAccounts(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	m := accountQuestion{Action: billing.AccountAction(r.PathValue("action")), Path: operatorPath(v), Back: backFrom(r, v)}
	for _, a := range list {
		if a.ID == r.PathValue("bac") && slices.Contains(a.Actions(), m.Action) {
			m.Account = a
			v.Page.Title = v.Page.T(m.key())
			return s.show(w, r, accountQuestionPage(v.Page, m))
		}
	}
	return fault.New(fault.NotFound, "billing_account.not_found", nil)
}

// backFrom is where the operator came from to change something in a console.
func backFrom(r *http.Request, v *Visit) string {
	if r.FormValue("return") != "" {
		return returnPath(r)
	}
	return operatorPath(v)
}

func (s *Server) setAccountState(w http.ResponseWriter, r *http.Request, v *Visit) error {
	action := billing.AccountAction(r.PathValue("action"))
	if err := s.app.SetBillingAccountState(r.Context(), v.Actor, r.PathValue("bac"), action); err != nil {
		return err
	}
	return s.done(w, r, backFrom(r, v), v.Page.T("operator_page.account_"+string(action)+"_done"))
}

func (s *Server) grantSKUs(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ids := r.PostForm["id"]
	if len(ids) == 0 {
		return fault.New(fault.Invalid, "sku.none_chosen", nil)
	}
	if err := s.app.GrantSKUs(r.Context(), v.Actor, ids); err != nil {
		return err
	}
	return s.done(w, r, operatorPath(v), v.Page.T("operator_page.granted", "Count", len(ids)))
}

func (m operatorModel) accountTable(p *view.Page) view.Table {
	t := view.Table{ID: "account", Caption: p.T("operator_page.accounts"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("billing_page.name")},
		{Kind: view.TextColumn, Label: p.T("billing_page.currency")},
		{Kind: view.TextColumn, Label: p.T("billing_page.legal_entity")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, a := range m.Accounts {
		var buttons []view.Button
		for _, action := range a.Actions() {
			buttons = append(buttons, ask(p, "operator_page.account_"+string(action), m.Path+"/accounts/"+a.ID+"/"+string(action), a.Name))
		}
		t.Rows = append(t.Rows, view.Row{ID: a.ID, Name: a.Name, Cells: []templ.Component{
			view.NameLink("/c/"+string(m.Console.AccountID)+"/billing/accounts/"+a.ID, a.Name, ""), view.Words(string(a.Currency), a.Group.Name()), view.Words(a.LegalEntity, ""),
			accountChip(p, a.State), actionButtons(p, buttons),
		}})
	}
	return t
}

// agreementTable shows which agreements the console has signed, one for each of its reseller's companies.
func (m operatorModel) agreementTable(p *view.Page) view.Table {
	t := agreementTable(p, m.Agreements, false)
	t.Caption = p.T("operator_page.entities")
	return t
}

// skuTable lets those SKUs be chosen that the console may not sell yet.
func (m operatorModel) skuTable(p *view.Page) view.Table {
	t := skuTable(p, m.SKUs)
	t.Caption = p.T("agreement_page.skus")
	t.Select = &view.Selection{Form: "grant"}
	for i := range t.Rows {
		t.Rows[i].Unticked = !m.SKUs[i].GrantedAt.IsZero()
	}
	return t
}

func (m operatorModel) orderTable(p *view.Page) view.Table {
	t := view.Table{ID: "order", Caption: p.T("operator_page.orders"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customers.column.name")},
		{Kind: view.TextColumn, Label: p.T("customer_page.order_what")},
		{Kind: view.TextColumn, Label: p.T("customer_page.product")},
		{Kind: view.NumColumn, Label: p.T("customer_page.seats")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, o := range m.OpenOrders {
		path := customerPath(p, o.CustomerID)
		t.Rows = append(t.Rows, view.Row{ID: o.ID, Name: o.Customer, Cells: []templ.Component{
			view.NameLink(path, o.Customer, o.Domain), view.Words(p.T("order_action."+string(o.Action)), ""), view.Words(o.SKU, p.T("plan."+string(o.Plan))),
			view.Words(seatsText(p, o.SeatsBefore, o.SeatsAfter), ""), view.When(p, o.At),
			orderButtons(p, path+"/orders/"+o.ID, m.Path, o.Customer),
		}})
	}
	return t
}

func (m operatorModel) stoppedTable(p *view.Page) view.Table {
	t := view.Table{ID: "suspended", Caption: p.T("operator_page.suspended"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customers.column.name")},
		{Kind: view.TextColumn, Label: p.T("customer_page.product")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, s := range m.Stopped {
		path := customerPath(p, s.CustomerID)
		t.Rows = append(t.Rows, view.Row{ID: s.ID, Name: s.Customer, Cells: []templ.Component{
			view.NameLink(path, s.Customer, s.Domain), view.Words(s.SKU, ""),
			m.question(p, "subscription_vendor-lift", path+"/subscriptions/"+s.ID+"/vendor-lift", s.Customer),
		}})
	}
	return t
}

// question is a row's button to a question after which one is back here.
func (m operatorModel) question(p *view.Page, key, path, about string) templ.Component {
	return actionButtons(p, []view.Button{ask(p, "customer_page."+key, path+"?return="+m.Path, about)})
}
