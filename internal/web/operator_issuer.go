package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/billing"
	"psc/internal/money"
	"psc/internal/web/view"
)

const issuersPath = "/operator/issuers"

func (s *Server) operatorIssuerRoutes(mux *routes) {
	mux.Handle("GET "+issuersPath, s.operator(s.issuers))
	mux.Handle("GET "+issuersPath+"/new", s.operator(s.newIssuer))
	mux.Handle("POST "+issuersPath+"/new", s.operator(s.createIssuer))
	mux.Handle("GET "+issuersPath+"/{issuer}", s.operator(s.askIssuer))
	mux.Handle("POST "+issuersPath+"/{issuer}", s.operator(s.editIssuer))
}

func (s *Server) issuers(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Issuers(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.operator_issuers")
	return s.show(w, r, issuersPage(v.Page, list))
}

func issuerTable(p *view.Page, list []billing.Issuer) view.Table {
	t := view.Table{ID: "issuer", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("issuer_page.name")},
		{Kind: view.TextColumn, Label: p.T("issuer_page.code")},
		{Kind: view.TextColumn, Label: p.T("billing_page.currency")},
		{Kind: view.TextColumn, Label: p.T("issuer_page.registration_number")},
		{Kind: view.TextColumn, Label: p.T("issuer_page.tax_rounding")},
	}}
	for _, i := range list {
		number, rounding := i.RegistrationNumber, p.T("issuer_page.rounding_"+string(i.TaxRounding))
		if number == "" {
			number, rounding = p.T("issuer_page.no_number"), p.T("issuer_page.no_tax")
		}
		t.Rows = append(t.Rows, view.Row{ID: i.ID, Name: i.Name, Cells: []templ.Component{
			view.NameLink(issuersPath+"/"+i.ID, i.Name, ""), view.Words(i.Code, ""), view.Words(issuedIn(p, i), ""),
			view.Words(number, ""), view.Words(rounding, ""),
		}})
	}
	return t
}

// issuedIn names the currency whose invoices the issuer issues.
func issuedIn(p *view.Page, i billing.Issuer) string {
	if i.Currency == "" {
		return p.T("issuer_page.other_currencies")
	}
	return string(i.Currency)
}

// issuerForm is the form of an issuer: of a new one with its code and currency, which never change afterwards.
func issuerForm(p *view.Page, i billing.Issuer, bad refusal) operatorForm {
	m := operatorForm{
		refusal: bad, Back: issuersPath, BackTo: p.T("nav.operator_issuers"),
		Path: issuersPath + "/new", Does: p.T("issuer_page.create"), Lead: p.T("issuer_page.new_lead"),
	}
	if i.ID == "" {
		p.Title = p.T("issuer_page.new")
		m.Fields = []view.Input{
			{
				Name: "code", Label: p.T("issuer_page.code"), Hint: p.T("issuer_page.code_hint"), Value: i.Code, Error: bad.Of("code"), Required: true,
				Attrs: templ.Attributes{"maxlength": 8, "autocomplete": "off"},
			},
			{
				Name: "currency", Type: view.SelectField, Label: p.T("billing_page.currency"), Hint: p.T("issuer_page.currency_hint"),
				Value: string(i.Currency), Error: bad.Of("currency"),
				Options: append([]view.Option{{Label: p.T("issuer_page.other_currencies")}}, currencyOptions(p)...),
			},
		}
	} else {
		p.Title, m.Path, m.Does = p.T("issuer_page.edit", "Issuer", i.Name), issuersPath+"/"+i.ID, p.T("button.save")
		m.Lead = p.T("issuer_page.edit_lead", "Code", i.Code, "Currency", issuedIn(p, i))
	}
	roundings := make([]view.Option, len(money.Roundings))
	for n, r := range money.Roundings {
		roundings[n] = view.Option{Value: string(r), Label: p.T("issuer_page.rounding_" + string(r))}
	}
	m.Fields = append(
		[]view.Input{{
			Name: "name", Label: p.T("issuer_page.name"), Hint: p.T("issuer_page.name_hint"), Value: i.Name, Error: bad.Of("name"), Required: true,
			Attrs: templ.Attributes{"maxlength": 100, "autocomplete": "off"},
		}},
		append(
			m.Fields,
			view.Input{
				Name: "registration_number", Label: p.T("issuer_page.registration_number"), Hint: p.T("issuer_page.number_hint"),
				Value: i.RegistrationNumber, Error: bad.Of("registration_number"), Optional: true,
				Attrs: templ.Attributes{"maxlength": 14, "autocomplete": "off"},
			},
			view.Input{
				Name: "tax_rounding", Type: view.SelectField, Label: p.T("issuer_page.tax_rounding"), Hint: p.T("issuer_page.rounding_hint"),
				Value: string(i.TaxRounding), Error: bad.Of("tax_rounding"), Options: roundings, Required: true,
			},
		)...,
	)
	return m
}

// typedIssuer is the issuer that a form says.
func typedIssuer(r *http.Request) billing.Issuer {
	return billing.Issuer{
		Code: r.PostFormValue("code"), Name: r.PostFormValue("name"), Currency: money.Currency(r.PostFormValue("currency")),
		RegistrationNumber: r.PostFormValue("registration_number"), TaxRounding: money.Rounding(r.PostFormValue("tax_rounding")),
	}
}

func (s *Server) newIssuer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.show(w, r, operatorFormPage(v.Page, issuerForm(v.Page, billing.Issuer{TaxRounding: money.Floor}, refusal{})))
}

func (s *Server) createIssuer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	typed := typedIssuer(r)
	i, err := s.app.CreateIssuer(r.Context(), v.Actor, typed)
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			return operatorFormPage(v.Page, issuerForm(v.Page, typed, bad))
		})
	}
	return s.done(w, r, issuersPath, v.Page.T("issuer_page.created", "Issuer", i.Name))
}

func (s *Server) askIssuer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	i, err := s.app.Issuer(r.Context(), v.Actor, r.PathValue("issuer"))
	if err != nil {
		return err
	}
	return s.show(w, r, operatorFormPage(v.Page, issuerForm(v.Page, i, refusal{})))
}

func (s *Server) editIssuer(w http.ResponseWriter, r *http.Request, v *Visit) error {
	was, err := s.app.Issuer(r.Context(), v.Actor, r.PathValue("issuer"))
	if err != nil {
		return err
	}
	typed := typedIssuer(r)
	typed.ID, typed.Code, typed.Currency = was.ID, was.Code, was.Currency
	i, err := s.app.EditIssuer(r.Context(), v.Actor, typed)
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			return operatorFormPage(v.Page, issuerForm(v.Page, typed, bad))
		})
	}
	return s.done(w, r, issuersPath, v.Page.T("issuer_page.saved", "Issuer", i.Name))
}
