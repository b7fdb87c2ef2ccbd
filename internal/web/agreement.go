package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) agreementRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/agreements", s.console(s.agreements))
	mux.Handle("GET /c/{account}/agreements/{entity}/sign", s.console(s.signQuestion))
	mux.Handle("POST /c/{account}/agreements/{entity}/sign", s.console(s.sign))
	mux.Handle("GET /c/{account}/sku-authorizations", s.console(s.skuAuthorizations))
}

func (s *Server) agreements(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Agreements(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.agreements")
	return s.show(w, r, agreementsPage(v.Page, agreementTable(v.Page, list, v.May(console.SuperAdmin))))
}

func agreementTabs(p *view.Page, skus bool) []view.Tab {
	return []view.Tab{
		{Href: p.At("/agreements"), Label: p.T("nav.agreements"), Current: !skus},
		{Href: p.At("/sku-authorizations"), Label: p.T("agreement_page.skus"), Current: skus},
	}
}

func agreementTable(p *view.Page, list []app.Agreement, may bool) view.Table {
	t := view.Table{ID: "agreement", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("billing_page.legal_entity")},
		{Kind: view.TextColumn, Label: p.T("agreement_page.signed_by")},
		{Kind: view.DateColumn, Label: p.T("agreement_page.signed_at")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, g := range list {
		name := g.LegalEntity.Name
		cells := []templ.Component{view.Words(name, regionName(p, g.LegalEntity.Country))}
		if g.SignedAt.IsZero() {
			var sign []view.Button
			if may {
				sign = append(sign, ask(p, "agreement_page.sign", p.At("/agreements/"+g.LegalEntity.ID+"/sign"), name))
			}
			cells = append(cells, templ.NopComponent, templ.NopComponent,
				view.Chip(p, view.Warn, "", p.T("agreement_page.unsigned")), actionButtons(p, sign))
		} else {
			cells = append(cells, view.Words(g.SignedBy, ""), view.When(p, g.SignedAt),
				view.Chip(p, view.OK, "", p.T("agreement_page.signed")), actionButtons(p, nil))
		}
		t.Rows = append(t.Rows, view.Row{ID: g.LegalEntity.ID, Name: name, Cells: cells})
	}
	return t
}

// signQuestion says what signing means before it is done.
func (s *Server) signQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.SuperAdmin); err != nil {
		return err
	}
	list, err := s.app.Agreements(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	for _, g := range list {
		if g.LegalEntity.ID == r.PathValue("entity") {
			v.Page.Title = v.Page.T("agreement_page.sign")
			return s.show(w, r, signPage(v.Page, g.LegalEntity))
		}
	}
	return fault.New(fault.NotFound, "legal_entity.not_found", nil)
}

func (s *Server) sign(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.SignAgreement(r.Context(), v.Actor, r.PathValue("entity")); err != nil {
		return err
	}
	return s.done(w, r, v.Page.At("/agreements"), v.Page.T("agreement_page.sign_done"))
}

func (s *Server) skuAuthorizations(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.SKUAuthorizations(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("agreement_page.skus")
	return s.show(w, r, skuPage(v.Page, skuTable(v.Page, list)))
}

func skuTable(p *view.Page, list []app.SKUAuthorization) view.Table {
	t := view.Table{ID: "sku", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customer_page.product")},
		{Kind: view.TextColumn, Label: p.T("agreement_page.family")},
		{Kind: view.TextColumn, Label: p.T("agreement_page.sku_id"), Wide: true},
		{Kind: view.DateColumn, Label: p.T("agreement_page.granted_at"), Wide: true},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, sku := range list {
		since := view.Words("", "")
		if !sku.GrantedAt.IsZero() {
			since = view.When(p, sku.GrantedAt)
		}
		t.Rows = append(t.Rows, view.Row{ID: sku.ID, Name: sku.Name, Cells: []templ.Component{
			view.Words(sku.Name, ""), view.Words(sku.Product, ""), view.CopyText(p, sku.ID), since, skuChip(p, sku),
		}})
	}
	return t
}

func skuChip(p *view.Page, sku app.SKUAuthorization) templ.Component {
	if sku.GrantedAt.IsZero() {
		return view.Chip(p, view.Warn, "", p.T("agreement_page.not_granted"))
	}
	return view.Chip(p, view.OK, "", p.T("agreement_page.granted"))
}
