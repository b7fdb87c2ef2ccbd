package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/store"
)

const password = "a long enough password"

func actor(c console.Console) console.Actor { return apptest.Admin(c) }

// connection returns the ID of the main's only connection.
func (s *site) connection(main console.Console) (id string) {
	s.Read(func(tx *store.Tx) error {
		list, err := tx.ConnectedAsMain(s.T.Context(), main.ID)
		for _, c := range list {
			if c.State == connection.Connected {
				id = c.ID
			}
		}
		return err
	})
	return id
}

// link offers the person a link to choose a password with.
func (s *site) link(ctx context.Context, p console.Person) string {
	s.T.Helper()
	secret, err := s.OfferPasswordReset(ctx, apptest.Operator(s.A), p.Email)
	s.Must(err)
	return "/reset/" + secret
}

func TestPasswordsFromTheLinkToTheChange(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.person("aoi", s.A, console.RoleViewer)
	link, other := s.link(t.Context(), p), s.link(t.Context(), p)

	b := s.browser()
	b.get(link).want(http.StatusOK).shows("aoi@reseller.example")
	b.post(link, url.Values{"password": {"short"}}).want(http.StatusUnprocessableEntity).shows("shorter than 10 characters")
	b.post(link, url.Values{"password": {"AOI@reseller.example"}}).want(http.StatusUnprocessableEntity)
	b.post(link, url.Values{"password": {password}}).leadsTo("/")
	b.get(at(s.A, "/account")).want(http.StatusOK).shows("Your new password is saved.")
	for _, used := range []string{link, other} {
		s.browser().post(used, url.Values{"password": {"another password"}}).want(http.StatusNotFound).shows("has been used")
	}

	elsewhere := s.browser()
	elsewhere.post("/sign-in", url.Values{"email": {" Aoi@Reseller.example "}, "password": {password}}).leadsTo("/")
	b.post("/me/password", url.Values{"present": {"wrong"}, "password": {"another password"}}).
		want(http.StatusUnprocessableEntity).shows("present password is not right")
	b.post("/me/password", url.Values{"present": {password}, "password": {"another password"}}).leadsTo("/me")
	b.get("/me").want(http.StatusOK)
	elsewhere.get("/me").want(http.StatusSeeOther)
	s.browser().post("/sign-in", url.Values{"email": {p.Email}, "password": {password}}).want(http.StatusUnauthorized)
}

func TestUnknownPeopleAndWrongPasswordsAreOneAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.person("aoi", s.A, console.RoleViewer)
	s.browser().post(s.link(t.Context(), p), url.Values{"password": {password}}).leadsTo("/")
	none := s.person("ben", s.A, console.RoleViewer) // has no password
	s.Config.Demo = false
	answer := func(email string) string {
		r := s.browser().post("/sign-in", url.Values{"email": {email}, "password": {"not the password"}})
		return r.want(http.StatusUnauthorized).shows("is not right").lacks(email + " ").text()
	}
	if known, unknown, empty := answer(p.Email), answer("nobody@reseller.example"), answer(none.Email); known != unknown || known != empty {
		t.Errorf("%s\n%s\n%s", known, unknown, empty)
	}
	s.browser().post("/sign-in", url.Values{"email": {none.Email}, "password": {""}}).want(http.StatusUnauthorized)
	s.browser().post("/sign-in/as", url.Values{"person": {p.ID}}).want(http.StatusNotFound)
}

func TestTooManyTriesToSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range 5 {
		s.browser().post("/sign-in", url.Values{"email": {"aoi@reseller.example"}, "password": {"guess"}}).want(http.StatusUnauthorized)
	}
	s.browser().post("/sign-in", url.Values{"email": {"aoi@reseller.example"}, "password": {"guess"}}).
		want(http.StatusTooManyRequests).shows("Too many tries")
	s.browser().post("/sign-in", url.Values{"email": {"ben@reseller.example"}, "password": {"guess"}}).want(http.StatusUnauthorized)
}

func TestSetupWorksOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	secret, err := s.OfferSetup(t.Context())
	s.Must(err)
	second, err := s.OfferSetup(t.Context())
	s.Must(err)
	form := url.Values{"name": {"Robin"}, "email": {"robin@vendor.example"}, "password": {password}}
	b := s.browser()
	b.get("/setup/nonsense").want(http.StatusNotFound)
	b.get("/setup/" + secret).want(http.StatusOK).shows("Set up the first operator")
	b.post("/setup/"+secret, url.Values{"name": {""}, "email": {"robin"}, "password": {password}}).
		want(http.StatusUnprocessableEntity).shows("Enter a name", "“robin” is not an e-mail address")
	b.post("/setup/"+secret, form).leadsTo("/")
	b.get("/").leadsTo("/operator")
	b.get("/consoles").want(http.StatusOK).shows("Console A")
	for _, used := range []string{secret, second} {
		s.browser().get("/setup/" + used).want(http.StatusConflict)
		s.browser().post("/setup/"+used, form).want(http.StatusConflict)
	}
	if none, err := s.OfferSetup(t.Context()); none != "" || err != nil {
		t.Errorf("with somebody there, a link is offered: %q %v", none, err)
	}
}

func TestTheDemoOffersEverybodyInBothLanguages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("aoi", s.A, console.RoleSuperAdmin)
	s.person("ben", s.B, console.RoleBilling)
	s.person("op", s.A, "")
	b := s.browser()
	b.get("/sign-in").want(http.StatusOK).shows("Console A", "aoi Super admin", "Console B", "ben Billing", "operators", "op Operator")
	b.header.Set("Accept-Language", "ja-JP,ja;q=0.9")
	b.get("/sign-in").want(http.StatusOK).shows("aoi 特権管理者", "ben 請求担当者")
	s.Config.Demo = false
	b.get("/sign-in").want(http.StatusOK).lacks("aoi")
}

// Somebody made the first operator on the command line: the set-up link that the server wrote leads to where one signs in.
func TestASetUpLinkAfterwardsLeadsToTheSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	secret, err := s.OfferSetup(t.Context())
	s.Must(err)
	b := s.browser()
	b.get("/setup/" + secret).want(http.StatusOK)
	s.person("op", s.A, "")
	for _, page := range []response{b.get("/setup/" + secret), b.post("/setup/"+secret, url.Values{"name": {"X"}})} {
		if !page.want(http.StatusConflict).shows("There is an operator already").has("Sign in") || strings.Contains(page.Body, `name="password"`) {
			t.Errorf("%s:\n%s", page.asked, page.text())
		}
	}
}
