package web

import (
	"strings"

	"psc/internal/console"
	"psc/internal/web/view"
)

// navigation is the main navigation of a console: what each entry needs one of.
var navigation = []struct {
	path, icon, label string
	oneOf             []console.Privilege
}{
	{"", "home", "nav.home", []console.Privilege{console.ViewCustomers}},
	{"/unification", "hub", "nav.unify", []console.Privilege{console.ViewCustomers}},
	{"/migrations", "swap_horiz", "nav.migrations", []console.Privilege{console.ViewCustomers}},
	{"/customers", "groups", "nav.customers", []console.Privilege{console.ViewCustomers}},
	{"/billing", "account_balance_wallet", "nav.billing", []console.Privilege{console.Billing}},
	{"/invoices", "receipt_long", "nav.invoices", []console.Privilege{console.Billing}},
	{"/notices", "notifications", "nav.notices", []console.Privilege{console.ViewCustomers}},
	{"/cases", "support_agent", "nav.cases", []console.Privilege{console.SupportCases}},
	{"/audit", "history", "nav.audit", []console.Privilege{console.ViewCustomers}},
	{"/users", "manage_accounts", "nav.users", []console.Privilege{console.ViewCustomers}},
	{"/agreements", "gavel", "nav.agreements", []console.Privilege{console.ViewCustomers}},
	{"/account", "info", "nav.account", []console.Privilege{console.ViewCustomers}},
	{"/help", "help", "help.title", []console.Privilege{console.ViewCustomers}},
}

// nav returns the entries that the actor may open, the one of the present page marked.
func (s *Server) nav(p *view.Page, actor console.Actor) []view.NavItem {
	var items []view.NavItem
	for _, n := range navigation {
		if actor.May(n.oneOf...) != nil {
			continue
		}
		href := p.At(n.path)
		path, _, _ := strings.Cut(p.Path, "?")
		items = append(items, view.NavItem{
			Href: href, Icon: n.icon, Label: p.T(n.label), Current: path == href || n.path != "" && strings.HasPrefix(path, href+"/"),
		})
	}
	if actor.Operator {
		items = append(items, view.NavItem{
			Href: operatorHomePath, Icon: "settings", Label: p.T("nav.operator"),
		})
	}
	return items
}

// operatorPages is the navigation of the operators' own area.
var operatorPages = []struct{ path, icon, label string }{
	{operatorHomePath, "home", "vendor_home.title"},
	{"/operator/consoles", "apartment", "nav.operator_consoles"},
	{"/operator/cases", "support_agent", "case_page.queue"},
	{waitingPath, "inbox", "nav.operator_waiting"},
	{"/operator/months", "event", "nav.operator_months"},
	{JobsPath + "/", "sync", "nav.operator_jobs"},
	{"/operator/mail", "mail", "nav.operator_mail"},
	{"/operator/catalog", "shopping_bag", "nav.operator_catalog"},
	{issuersPath, "receipt_long", "nav.operator_issuers"},
	{peoplePath, "groups", "nav.operator_people"},
	{storiesPath, "history", "nav.operator_audit"},
	{settingsPath, "settings", "nav.operator_settings"},
	{"/consoles", "arrow_back", "nav.to_consoles"},
}

func operatorNav(p *view.Page) []view.NavItem {
	path, _, _ := strings.Cut(p.Path, "?")
	items := make([]view.NavItem, len(operatorPages))
	for i, n := range operatorPages {
		items[i] = view.NavItem{
			Href: n.path, Icon: n.icon, Label: p.T(n.label), Current: path == n.path || n.path != operatorHomePath && strings.HasPrefix(path, n.path+"/"),
			Away: n.path == JobsPath+"/",
		}
	}
	return items
}
