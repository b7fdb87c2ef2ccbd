package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/web/view"
)

func (s *Server) billingRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/billing", s.console(s.billing))
	mux.Handle("GET /c/{account}/billing/new", s.console(s.newAccount))
	mux.Handle("POST /c/{account}/billing/new", s.console(s.createAccount))
	mux.Handle("GET /c/{account}/billing/accounts/{bac}", s.console(s.billingAccount))
	mux.Handle("POST /c/{account}/billing/request", s.console(s.askForAccount))
}

// billing lists the billing accounts of the console.
func (s *Server) billing(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.AccountOverviews(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.billing")
	return s.show(w, r, billingPage(v.Page, list))
}

// newAccountModel is the form of a new billing account. Who may not open one can ask for it instead.
type newAccountModel struct {
	refusal
	app.NewBillingAccount

	Entities []billing.LegalEntity
	May      bool
}

func (s *Server) newAccountModel(r *http.Request, v *Visit) (m newAccountModel, err error) {
	v.Page.Title = v.Page.T("billing_page.new")
	m.May = v.May(console.Billing)
	if err := v.Actor.May(console.Billing, console.AddCustomers); err != nil {
		return m, err
	}
	m.NewBillingAccount = app.NewBillingAccount{
		Name: r.FormValue("name"), Currency: money.Currency(r.FormValue("currency")),
		Group: catalog.ProductGroup(r.FormValue("product_group")), LegalEntityID: r.FormValue("legal_entity"),
	}
	m.Entities, err = s.app.LegalEntities(r.Context(), v.Actor)
	return m, err
}

func (s *Server) newAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.newAccountModel(r, v)
	if err != nil {
		return err
	}
	if !m.Group.Valid() {
		m.Group = catalog.GoogleWorkspace
	}
	if len(m.Entities) == 1 {
		m.LegalEntityID = m.Entities[0].ID
	}
	return s.show(w, r, newAccountPage(v.Page, m))
}

func (s *Server) createAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.newAccountModel(r, v)
	if err != nil {
		return err
	}
	account, err := s.app.CreateBillingAccount(r.Context(), v.Actor, m.NewBillingAccount)
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return newAccountPage(v.Page, m)
		})
	}
	return s.done(w, r, v.Page.At("/billing"), v.Page.T("billing_page.created_"+string(account.State), "Account", account.Name))
}

func (s *Server) askForAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.newAccountModel(r, v)
	if err != nil {
		return err
	}
	if err := s.app.RequestBillingAccount(r.Context(), v.Actor, m.Currency, m.Group); err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return newAccountPage(v.Page, m)
		})
	}
	to := v.Page.At("/billing/new")
	if r.Form.Has("return") {
		to = returnPath(r)
	}
	return s.done(w, r, to, v.Page.T("migrations.requested"))
}

func accountChip(p *view.Page, state billing.AccountState) templ.Component {
	return view.Chip(p, accountTone(state), "", p.T("account_state."+string(state)))
}

func accountTone(state billing.AccountState) view.Tone {
	switch state {
	case billing.AccountActive:
		return view.OK
	case billing.AccountPending:
		return view.Info
	case billing.AccountProbation:
		return view.Warn
	case billing.AccountClosed:
		return view.Muted
	}
	return view.Muted
}

// usualCurrencies are offered first, and unusualCurrencies not at all: units of account and of funds, in which nobody is billed.
var (
	usualCurrencies   = []money.Currency{"JPY", "USD", "EUR"}
	unusualCurrencies = []money.Currency{"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW", "XAD"}
)

func currencyOptions(p *view.Page) []view.Option {
	var options []view.Option
	offer := func(c money.Currency) {
		options = append(options, view.Option{Value: string(c), Label: string(c) + " – " + p.T("currency_name."+string(c))})
	}
	for _, c := range usualCurrencies {
		offer(c)
	}
	for _, c := range money.Currencies() {
		if !slices.Contains(usualCurrencies, c) && !slices.Contains(unusualCurrencies, c) {
			offer(c)
		}
	}
	return options
}

// fields are the fields of the form; a request needs fewer.
func (m newAccountModel) fields(p *view.Page) []view.Input {
	fields := []view.Input{
		{
			Name: "currency", Type: view.SelectField, Label: p.T("billing_page.currency"), Hint: p.T("billing_page.fixed"),
			Value: string(m.Currency), Options: currencyOptions(p), Error: m.Of("currency"), Required: true,
		},
		{
			Name: "product_group", Type: view.RadioField, Label: p.T("billing_page.group"), Value: string(m.Group),
			Error: m.Of("product_group"), Required: true, Options: []view.Option{
				{Value: string(catalog.GoogleWorkspace), Label: catalog.GoogleWorkspace.Name(), Note: p.T("billing_page.group_voice")},
				{Value: string(catalog.GoogleCloud), Label: catalog.GoogleCloud.Name()},
			},
		},
	}
	if !m.May {
		return fields
	}
	entities := make([]view.Option, len(m.Entities))
	for i, e := range m.Entities {
		entities[i] = view.Option{Value: e.ID, Label: e.Name}
	}
	hint := p.T("billing_page.fixed")
	if len(entities) == 0 {
		hint = p.T("billing_page.no_entity")
	}
	return append([]view.Input{{
		Name: "name", Label: p.T("billing_page.name"), Hint: p.T("billing_page.name_hint"), Value: m.Name, Error: m.Of("name"),
		Required: true, Attrs: templ.Attributes{"maxlength": 100, "autocomplete": "off"},
	}}, append(fields, view.Input{
		Name: "legal_entity", Type: view.SelectField, Label: p.T("billing_page.legal_entity"), Hint: hint,
		Value: m.LegalEntityID, Options: entities, Error: m.Of("legal_entity"), Required: true,
	})...)
}
