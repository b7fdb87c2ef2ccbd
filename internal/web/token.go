package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

const ownTokensPath = "/me/tokens"

func (s *Server) tokenRoutes(mux *routes) {
	mux.Handle("GET "+ownTokensPath, s.person(s.ownTokens))
	mux.Handle("GET "+ownTokensPath+"/{token}/revoke", s.person(s.ownTokenQuestion))
	mux.Handle("POST "+ownTokensPath+"/{token}/revoke", s.person(s.revokeOwnToken))
	mux.Handle("GET /c/{account}/tokens/new", s.console(s.newToken))
	mux.Handle("POST /c/{account}/tokens", s.console(s.makeToken))
}

// ownTokens shows the person's tokens of all consoles.
func (s *Server) ownTokens(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.OwnTokens(r.Context(), v.Person.ID)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("token_page.title")
	return s.show(w, r, ownTokensPage(v, list, s.app.Wall.Now()))
}

func ownTokenTable(p *view.Page, list []app.OwnToken, now time.Time) view.Table {
	t := view.Table{ID: "token", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("token_page.name")},
		{Kind: view.TextColumn, Label: p.T("token_page.may")},
		{Kind: view.TextColumn, Label: p.T("token_page.used")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, o := range list {
		t.Rows = append(t.Rows, view.Row{ID: o.ID, Name: o.Name, Cells: []templ.Component{
			view.Words(o.Name, o.Console.Name), view.Words(privilegeWords(p, o.Scopes), ""), tokenUsed(p, o.Token), tokenState(p, o.Token, now),
			revokeAction(p, ownTokensPath+"/"+o.ID+"/revoke", o.Name),
		}})
	}
	return t
}

func revokeAction(p *view.Page, path, name string) templ.Component {
	return actionButtons(p, []view.Button{{Text: p.T("token_page.revoke"), For: name, Look: view.Plain, Href: path, Dialog: true}})
}

// privilegeWords names privileges in one line.
func privilegeWords(p *view.Page, list []console.Privilege) string {
	words := make([]string, 0, len(list))
	for _, privilege := range list {
		words = append(words, p.T("privilege."+string(privilege)))
	}
	return strings.Join(words, " · ")
}

func tokenUsed(p *view.Page, t console.Token) templ.Component {
	if t.LastUsedAt.IsZero() {
		return view.Words(p.T("token_page.never"), p.T("token_page.made_by", "Person", t.CreatedBy, "At", p.When(t.CreatedAt)))
	}
	return view.Words(p.When(t.LastUsedAt), p.T("token_page.made_by", "Person", t.CreatedBy, "At", p.When(t.CreatedAt)))
}

// soonOver is how long before its end a token is marked.
const soonOver = 14 * 24 * time.Hour

func tokenState(p *view.Page, t console.Token, now time.Time) templ.Component {
	switch until := p.T("token_page.until", "At", civil.DateOf(t.ExpiresAt, p.Zone())); {
	case !t.Live(now):
		return view.Chip(p, view.Bad, "", p.T("token_page.over"))
	case t.ExpiresAt.Before(now.Add(soonOver)):
		return view.Chip(p, view.Warn, "schedule", until)
	default:
		return view.Chip(p, view.OK, "", until)
	}
}

// tokenForm is something that clients sign in with while it is made.
type tokenForm struct {
	Action, Back, BackTo string
	Lead, Does           string
	Name                 string
	Days                 string // empty: it does not end
	Scopes               []console.Privilege
	Possible             []console.Privilege // to choose from; none: there is nothing to choose
	MayGive              []console.Privilege // those that the person has
	refusal
}

// tokenLives are the lives to choose from, in days.
var tokenLives = []int64{7, 30, 90, 180, 365}

const usualLife = "90"

func lifeOptions(p *view.Page) (list []view.Option) {
	for _, n := range tokenLives {
		list = append(list, view.Option{Value: strconv.FormatInt(n, 10), Label: p.T("duration.days", "Count", n)})
	}
	return list
}

// scopeBox is the box of one privilege; who lacks it cannot give it.
func scopeBox(p *view.Page, m tokenForm, privilege console.Privilege) view.Input {
	box := view.Input{
		Name: "scope", ID: "scope-" + string(privilege), Type: view.CheckField, Label: p.T("privilege." + string(privilege)),
		Value: string(privilege), Checked: slices.Contains(m.Scopes, privilege), Hint: p.T("privilege_may." + string(privilege)),
	}
	if !slices.Contains(m.MayGive, privilege) {
		box.Attrs = templ.Attributes{"disabled": true}
	}
	return box
}

// typed fills in what the person has typed, and returns it for a use case.
func (m *tokenForm) typed(r *http.Request) app.NewToken {
	m.Name, m.Days = r.PostFormValue("name"), r.PostFormValue("days")
	for _, p := range r.PostForm["scope"] {
		m.Scopes = append(m.Scopes, console.Privilege(p))
	}
	days, err := strconv.ParseUint(m.Days, 10, 16)
	if err != nil {
		days = 0 // which is no life that a token can have
	}
	return app.NewToken{Name: m.Name, Scopes: m.Scopes, Life: time.Duration(days) * 24 * time.Hour}
}

// tokenAgain shows the form with what was wrong.
func (s *Server) tokenAgain(w http.ResponseWriter, r *http.Request, v *Visit, err error, m tokenForm) error {
	return s.again(w, r, v, err, func(f refusal) templ.Component {
		m.refusal = f
		return tokenFormPage(v.Page, m)
	})
}

func newTokenForm(v *Visit) tokenForm {
	p := v.Page
	p.Title = p.T("token_page.new")
	m := tokenForm{
		Action: p.At("/tokens"), Back: ownTokensPath, BackTo: p.T("token_page.title"), Does: p.T("token_page.make"), Days: usualLife,
		Lead: p.T("token_page.form_lead", "Console", v.Console.Name), Possible: console.AccountScopes, MayGive: v.Actor.Privileges(),
	}
	if v.Actor.MayOperate() == nil {
		m.Possible = slices.Concat(m.Possible, []console.Privilege{console.Operate})
	}
	return m
}

func (s *Server) newToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.show(w, r, tokenFormPage(v.Page, newTokenForm(v)))
}

// makeToken shows the new token, which nobody can see again.
func (s *Server) makeToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := newTokenForm(v)
	secret, t, err := s.app.MakeToken(r.Context(), v.Actor, m.typed(r))
	if err != nil {
		return s.tokenAgain(w, r, v, err, m)
	}
	v.Page.Title = v.Page.T("token_page.made", "Name", t.Name)
	return s.show(w, r, secretPage(v.Page, shownSecret{
		Label: v.Page.T("token_page.token"), Secret: secret, Back: m.Back, BackTo: m.BackTo,
		Use: "curl -H 'Authorization: Bearer …' " + s.config.BaseURL.JoinPath("v1", "consoles").String(),
	}))
}

// shownSecret is what is shown once.
type shownSecret struct {
	Lead          string // empty: that it is kept nowhere
	Label, Secret string
	ClientID      string // beside a client's secret
	Use           string // a line that uses it; empty: none
	Back, BackTo  string
}

// ownToken returns the person's token of the address.
func (s *Server) ownToken(r *http.Request, v *Visit) (app.OwnToken, error) {
	list, err := s.app.OwnTokens(r.Context(), v.Person.ID)
	at := slices.IndexFunc(list, func(o app.OwnToken) bool { return o.ID == r.PathValue("token") })
	if err == nil && at < 0 {
		err = fault.New(fault.NotFound, "token.not_found", nil)
	}
	if err != nil {
		return app.OwnToken{}, err
	}
	return list[at], nil
}

func (s *Server) ownTokenQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	t, err := s.ownToken(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("token_page.revoke_title", "Name", t.Name)
	return s.show(w, r, revokePage(v.Page, ownTokensPath+"/"+t.ID+"/revoke", ownTokensPath))
}

func (s *Server) revokeOwnToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	t, err := s.ownToken(r, v)
	if err != nil {
		return err
	}
	actor, _, err := s.app.Actor(r.Context(), v.Person.ID, string(t.Console.AccountID))
	if err == nil {
		err = s.app.RevokeToken(r.Context(), actor, t.ID)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, ownTokensPath, v.Page.T("token_page.revoked", "Name", t.Name))
}
