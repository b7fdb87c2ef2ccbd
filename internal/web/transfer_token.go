package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) transferTokenRoutes(mux *routes) {
	const list = "/c/{account}/customers/{customer}/transfer-tokens"
	mux.Handle("GET "+list, s.console(s.transferTokens))
	mux.Handle("POST "+list, s.console(s.makeTransferToken))
	mux.Handle("GET "+list+"/{token}/revoke", s.console(s.transferTokenQuestion))
	mux.Handle("POST "+list+"/{token}/revoke", s.console(s.revokeTransferToken))
}

// transferTokensModel is the page of a customer's transfer tokens.
type transferTokensModel struct {
	Customer customer.Customer
	Tokens   []app.TransferToken
	Now      time.Time
}

func transferTokensPath(p *view.Page, customerID string) string {
	return customerPath(p, customerID) + "/transfer-tokens"
}

func (s *Server) transferTokensModel(r *http.Request, v *Visit) (m transferTokensModel, err error) {
	m.Now = s.app.Wall.Now()
	m.Customer, m.Tokens, err = s.app.TransferTokens(r.Context(), v.Actor, r.PathValue("customer"))
	return m, err
}

func (s *Server) transferTokens(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.transferTokensModel(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("transfer_token_page.title_of", "Customer", m.Customer.Name)
	return s.show(w, r, transferTokensPage(v.Page, m))
}

// makeTransferToken shows the new token, which nobody can see again.
func (s *Server) makeTransferToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	token, made, err := s.app.CreateTransferToken(r.Context(), v.Actor, r.PathValue("customer"))
	if err != nil {
		return err
	}
	m, err := s.transferTokensModel(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("transfer_token_page.made", "Customer", m.Customer.Name)
	return s.show(w, r, newTransferTokenPage(v.Page, m.Customer, token, made))
}

// transferToken returns the customer's token of the address that can still be used.
func (s *Server) transferToken(r *http.Request, v *Visit) (app.TransferToken, error) {
	m, err := s.transferTokensModel(r, v)
	if err != nil {
		return app.TransferToken{}, err
	}
	i := slices.IndexFunc(m.Tokens, func(t app.TransferToken) bool { return t.ID == r.PathValue("token") && t.Open(m.Now) })
	if i < 0 {
		return app.TransferToken{}, fault.New(fault.NotFound, "token.not_found", nil)
	}
	return m.Tokens[i], nil
}

func (s *Server) transferTokenQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	t, err := s.transferToken(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("transfer_token_page.revoke_title", "Person", t.CreatedBy)
	return s.show(w, r, revokeTransferTokenPage(v.Page, t))
}

func (s *Server) revokeTransferToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.RevokeTransferToken(r.Context(), v.Actor, r.PathValue("customer"), r.PathValue("token")); err != nil {
		return err
	}
	return s.done(w, r, transferTokensPath(v.Page, r.PathValue("customer")), v.Page.T("transfer_token_page.revoked"))
}

func (m transferTokensModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "token", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("transfer_token_page.created")},
		{Kind: view.StatusColumn, Label: p.T("transfer_token_page.state")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, token := range m.Tokens {
		var action templ.Component = templ.NopComponent
		if token.Open(m.Now) {
			action = revokeAction(p, transferTokensPath(p, m.Customer.ID)+"/"+token.ID+"/revoke", p.When(token.CreatedAt))
		}
		t.Rows = append(t.Rows, view.Row{ID: token.ID, Name: p.When(token.CreatedAt), Cells: []templ.Component{
			view.Words(p.When(token.CreatedAt), token.CreatedBy), transferTokenState(p, token, m.Now), action,
		}})
	}
	return t
}

func transferTokenState(p *view.Page, t app.TransferToken, now time.Time) templ.Component {
	switch {
	case !t.UsedAt.IsZero():
		return view.Chip(p, view.Info, "", p.T("transfer_token_page.used", "At", p.When(t.UsedAt)))
	case !t.RevokedAt.IsZero():
		return view.Chip(p, view.Warn, "", p.T("transfer_token_page.gone", "At", p.When(t.RevokedAt)))
	case !t.Open(now):
		return view.Chip(p, view.Warn, "", p.T("transfer_token_page.over"))
	default:
		return view.Chip(p, view.OK, "", p.T("transfer_token_page.open", "At", p.When(t.ExpiresAt)))
	}
}
