package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) serviceAccountRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/users/access", s.console(s.access))
	mux.Handle("GET /c/{account}/users/access/tokens/{token}/revoke", s.console(s.tokenQuestion))
	mux.Handle("POST /c/{account}/users/access/tokens/{token}/revoke", s.console(s.revokeToken))
	mux.Handle("GET /c/{account}/users/access/new", s.console(s.newServiceAccount))
	mux.Handle("POST /c/{account}/users/access", s.console(s.makeServiceAccount))
	mux.Handle("GET /c/{account}/users/access/accounts/{robot}", s.console(s.serviceAccount))
	mux.Handle("GET /c/{account}/users/access/accounts/{robot}/remove", s.console(s.serviceAccountQuestion))
	mux.Handle("POST /c/{account}/users/access/accounts/{robot}/remove", s.console(s.removeServiceAccount))
	mux.Handle("GET /c/{account}/users/access/accounts/{robot}/secret", s.console(s.newClientSecret))
	mux.Handle("POST /c/{account}/users/access/accounts/{robot}/secret", s.console(s.makeClientSecret))
	mux.Handle("GET /c/{account}/users/access/accounts/{robot}/key", s.console(s.newKey))
	mux.Handle("POST /c/{account}/users/access/accounts/{robot}/key", s.console(s.makeKey))
}

// access shows the service accounts of the console and the tokens of its people.
func (s *Server) access(w http.ResponseWriter, r *http.Request, v *Visit) error {
	accounts, err := s.app.ServiceAccounts(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	tokens, err := s.app.Tokens(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	people := slices.DeleteFunc(tokens, func(t console.Token) bool { return t.Kind != console.PersonalToken })
	v.Page.Title = v.Page.T("service_account_page.title")
	return s.show(w, r, accessPage(v.Page, accounts, people, s.app.Wall.Now()))
}

func serviceAccountTable(p *view.Page, list []app.ServiceAccountView, now time.Time) view.Table {
	t := view.Table{ID: "account", Caption: p.T("service_account_page.accounts"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("token_page.name")},
		{Kind: view.TextColumn, Label: p.T("token_page.may")},
		{Kind: view.TextColumn, Label: p.T("token_page.used")},
		{Kind: view.NumColumn, Label: p.T("service_account_page.valid")},
	}}
	for _, a := range list {
		valid, used := int64(0), time.Time{}
		for _, token := range a.Tokens {
			if token.Live(now) {
				valid++
			}
			if token.LastUsedAt.After(used) {
				used = token.LastUsedAt
			}
		}
		last := p.T("token_page.never")
		if !used.IsZero() {
			last = p.When(used)
		}
		t.Rows = append(t.Rows, view.Row{ID: a.ID, Name: a.Name, Cells: []templ.Component{
			view.NameLink(p.At(robotPath(a, "")), a.Name, p.T("token_page.made_by", "Person", a.CreatedBy, "At", p.When(a.CreatedAt))),
			view.Words(privilegeWords(p, a.Scopes), ""), view.Words(last, ""), view.Words(p.Num(valid), ""),
		}})
	}
	return t
}

func peopleTokenTable(p *view.Page, list []console.Token, now time.Time) view.Table {
	t := tokenTable(p, p.T("service_account_page.tokens"), list, now, func(x console.Token) (string, string) {
		return x.Name, privilegeWords(p, x.Scopes)
	})
	t.ID = "token"
	return t
}

func credentialTable(p *view.Page, a app.ServiceAccountView, now time.Time) view.Table {
	t := tokenTable(p, p.T("service_account_page.credentials"), a.Tokens, now, func(x console.Token) (string, string) {
		return x.Name, p.T("service_account_page.kind." + string(x.Kind))
	})
	t.ID = "credential"
	return t
}

func tokenTable(p *view.Page, caption string, list []console.Token, now time.Time, said func(console.Token) (name, sub string)) view.Table {
	t := view.Table{Caption: caption, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("token_page.name")},
		{Kind: view.TextColumn, Label: p.T("token_page.used")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, x := range list {
		name, sub := said(x)
		t.Rows = append(t.Rows, view.Row{ID: x.ID, Name: name, Cells: []templ.Component{
			view.Words(name, sub), tokenUsed(p, x), tokenState(p, x, now),
			revokeAction(p, p.At("/users/access/tokens/"+x.ID+"/revoke"), name),
		}})
	}
	return t
}

func robotPath(a app.ServiceAccountView, act string) string {
	return "/users/access/accounts/" + a.ID + act
}

// robot returns the service account of the address.
func (s *Server) robot(r *http.Request, v *Visit) (app.ServiceAccountView, error) {
	list, err := s.app.ServiceAccounts(r.Context(), v.Actor)
	at := slices.IndexFunc(list, func(a app.ServiceAccountView) bool { return a.ID == r.PathValue("robot") })
	if err == nil && at < 0 {
		err = fault.New(fault.NotFound, "service_account.not_found", nil)
	}
	if err != nil {
		return app.ServiceAccountView{}, err
	}
	return list[at], nil
}

func (s *Server) serviceAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	a, err := s.robot(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = a.Name
	return s.show(w, r, serviceAccountPage(v.Page, a, v.Actor.MayGive(a.Scopes) == nil, s.tokenURI(), s.app.Wall.Now()))
}

func (s *Server) tokenURI() string { return s.config.BaseURL.JoinPath(app.TokenPath).String() }

func serviceAccountForm(v *Visit) tokenForm {
	p := v.Page
	p.Title = p.T("service_account_page.new")
	return tokenForm{
		Action: p.At("/users/access"), Back: p.At("/users/access"), BackTo: p.T("service_account_page.title"),
		Lead: p.T("service_account_page.form_lead"), Does: p.T("service_account_page.make"),
		Possible: console.AccountScopes, MayGive: v.Actor.Privileges(),
	}
}

func (s *Server) newServiceAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.ManageUsers); err != nil {
		return err
	}
	return s.show(w, r, tokenFormPage(v.Page, serviceAccountForm(v)))
}

func (s *Server) makeServiceAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := serviceAccountForm(v)
	n := m.typed(r)
	m.Days = ""
	a, err := s.app.MakeServiceAccount(r.Context(), v.Actor, n.Name, n.Scopes)
	if err != nil {
		return s.tokenAgain(w, r, v, err, m)
	}
	return s.done(w, r, v.Page.At("/users/access/accounts/"+a.ID), v.Page.T("service_account_page.made", "Name", a.Name))
}

func (s *Server) serviceAccountQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	a, err := s.robot(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("service_account_page.remove_title", "Name", a.Name)
	return s.show(w, r, removeServiceAccountPage(v.Page, a))
}

func (s *Server) removeServiceAccount(w http.ResponseWriter, r *http.Request, v *Visit) error {
	a, err := s.robot(r, v)
	if err == nil {
		err = s.app.RemoveServiceAccount(r.Context(), v.Actor, a.ID)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, v.Page.At("/users/access"), v.Page.T("service_account_page.removed", "Name", a.Name))
}

// credentialForm is the form of a service account's secret or key.
func (s *Server) credentialForm(r *http.Request, v *Visit, kind string) (app.ServiceAccountView, tokenForm, error) {
	a, err := s.robot(r, v)
	if err == nil {
		err = v.Actor.MayGive(a.Scopes)
	}
	p := v.Page
	p.Title = p.T("service_account_page.new_" + kind)
	return a, tokenForm{
		Action: p.At(robotPath(a, "/"+kind)), Back: p.At(robotPath(a, "")), BackTo: a.Name, Days: usualLife,
		Lead: p.T("service_account_page."+kind+"_lead", "Name", a.Name), Does: p.T("service_account_page.make_" + kind),
	}, err
}

func (s *Server) newClientSecret(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.askCredential(w, r, v, "secret")
}

func (s *Server) newKey(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.askCredential(w, r, v, "key")
}

func (s *Server) askCredential(w http.ResponseWriter, r *http.Request, v *Visit, kind string) error {
	_, m, err := s.credentialForm(r, v, kind)
	if err != nil {
		return err
	}
	return s.show(w, r, tokenFormPage(v.Page, m))
}

// makeClientSecret shows the new secret, which nobody can see again.
func (s *Server) makeClientSecret(w http.ResponseWriter, r *http.Request, v *Visit) error {
	a, m, err := s.credentialForm(r, v, "secret")
	if err != nil {
		return err
	}
	secret, t, err := s.app.MakeClientSecret(r.Context(), v.Actor, a.ID, m.typed(r))
	if err != nil {
		return s.tokenAgain(w, r, v, err, m)
	}
	v.Page.Title = v.Page.T("token_page.made", "Name", t.Name)
	return s.show(w, r, secretPage(v.Page, shownSecret{
		Label: v.Page.T("service_account_page.secret"), Secret: secret, ClientID: a.ID, Back: m.Back, BackTo: m.BackTo,
		Use: "curl -u '" + a.ID + ":…' -d grant_type=client_credentials " + s.tokenURI(),
	}))
}

// makeKey hands the key file out, which nobody can have again.
func (s *Server) makeKey(w http.ResponseWriter, r *http.Request, v *Visit) error {
	a, m, err := s.credentialForm(r, v, "key")
	if err != nil {
		return err
	}
	file, t, err := s.app.MakeKey(r.Context(), v.Actor, a.ID, m.typed(r), s.tokenURI())
	if err != nil {
		return s.tokenAgain(w, r, v, err, m)
	}
	text, err := json.MarshalIndent(file, "", "  ") //nolint:gosec // a key file holds the key
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="psc-key-`+t.ID+`.json"`)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // fails if the client did not wait
	return nil
}

// credential returns the token of the address, which the console has.
func (s *Server) credential(r *http.Request, v *Visit) (console.Token, string, error) {
	list, err := s.app.Tokens(r.Context(), v.Actor)
	at := slices.IndexFunc(list, func(t console.Token) bool { return t.ID == r.PathValue("token") })
	if err == nil && at < 0 {
		err = fault.New(fault.NotFound, "token.not_found", nil)
	}
	if err != nil {
		return console.Token{}, "", err
	}
	back := v.Page.At("/users/access")
	if account := list[at].ServiceAccountID; account != "" {
		back += "/accounts/" + account
	}
	return list[at], back, nil
}

func (s *Server) tokenQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	t, back, err := s.credential(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("token_page.revoke_title", "Name", t.Name)
	return s.show(w, r, revokePage(v.Page, v.Page.At("/users/access/tokens/"+t.ID+"/revoke"), back))
}

func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	t, back, err := s.credential(r, v)
	if err == nil {
		err = s.app.RevokeToken(r.Context(), v.Actor, t.ID)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, back, v.Page.T("token_page.revoked", "Name", t.Name))
}
