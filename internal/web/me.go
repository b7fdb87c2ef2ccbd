package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/web/view"
)

// Cookies that keep the preferences of somebody who is not signed in.
const (
	langCookie  = "psc_language"
	themeCookie = "psc_theme"
	zoneCookie  = "psc_zone"
)

func (s *Server) meRoutes(mux *routes) {
	mux.Handle("POST /preferences", s.anybody(s.setPreferences))
	mux.Handle("GET /me", s.person(s.me))
	mux.Handle("POST /me", s.person(s.saveMe))
	mux.Handle("POST /me/password", s.person(s.changePassword))
	mux.Handle("POST /me/sessions/end", s.person(s.endSession))
	mux.Handle("POST /me/sessions/end-others", s.person(s.endOtherSessions))
}

// me shows the person's own settings.
func (s *Server) me(w http.ResponseWriter, r *http.Request, v *Visit) error {
	page, err := s.mePage(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, page(refusal{}))
}

// mePage is the page of the person's own settings, with what was wrong with a form of it.
func (s *Server) mePage(r *http.Request, v *Visit) (func(refusal) templ.Component, error) {
	v.Page.Title = v.Page.T("profile.title")
	sessions, err := s.app.Sessions(r.Context(), v.Person.ID)
	return func(f refusal) templ.Component { return mePage(v, f, sessions, s.sessionToken(r)) }, err
}

// meAgain is again with the page of the person's own settings.
func (s *Server) meAgain(w http.ResponseWriter, r *http.Request, v *Visit, refused error) error {
	page, err := s.mePage(r, v)
	if err != nil {
		return err
	}
	return s.again(w, r, v, refused, page)
}

// endSession signs the person out of one browser.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.EndOwnSession(r.Context(), v.Person.ID, r.PostFormValue("session")); err != nil {
		return err
	}
	return s.done(w, r, "/me", v.Page.T("session.ended"))
}

// endOtherSessions signs the person out of every browser but this one.
func (s *Server) endOtherSessions(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if _, err := s.app.EndOtherSessions(r.Context(), v.Person.ID, s.sessionToken(r)); err != nil {
		return err
	}
	return s.done(w, r, "/me", v.Page.T("session.others_ended"))
}

// saveMe keeps all preferences at once.
func (s *Server) saveMe(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.SetPreferences(r.Context(), v.Person.ID, preferences(r)); err != nil {
		return s.meAgain(w, r, v, err)
	}
	// In the language that was chosen just now.
	visit, err := s.app.Visit(r.Context(), v.Person.ID, app.PasswordMark(v.Person), "")
	if err != nil {
		return err
	}
	return s.done(w, r, "/me", s.personPage(r, visit).T("profile.saved"))
}

// changePassword keeps this session, and ends the person's others.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := s.app.ChangePassword(r.Context(), v.Person.ID, r.PostFormValue("present"), r.PostFormValue("password"))
	if err != nil {
		return s.meAgain(w, r, v, err)
	}
	if err := s.signIn(r, p); err != nil {
		return err
	}
	return s.done(w, r, "/me", v.Page.T("profile.changed"))
}

// preferences are those that a form has; others stay as they are.
func preferences(r *http.Request) (set app.Preferences) {
	for name, field := range map[string]**string{"language": &set.Language, "theme": &set.Theme, "zone": &set.TimeZone} {
		if r.PostForm.Has(name) {
			value := r.PostForm.Get(name)
			*field = &value
		}
	}
	return set
}

// setPreferences keeps what was chosen with the person who is signed in, else with the browser.
func (s *Server) setPreferences(w http.ResponseWriter, r *http.Request, _ *Visit) error {
	set := preferences(r)
	if visit, err := s.visit(r, ""); err == nil {
		if err := s.app.SetPreferences(r.Context(), visit.Person.ID, set); err != nil {
			return err
		}
		return s.to(w, r, returnPath(r))
	}
	for name, value := range map[string]*string{langCookie: set.Language, themeCookie: set.Theme, zoneCookie: set.TimeZone} {
		if value != nil {
			s.setCookie(w, name, *value)
		}
	}
	return s.to(w, r, returnPath(r))
}

// preferenceLife is how long a browser keeps a preference, in seconds.
const preferenceLife = 365 * 24 * 60 * 60

func (s *Server) setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // without TLS a browser would not take a Secure one
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: preferenceLife,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}

// cookie returns the value of one of our cookies; empty if there is none.
func (s *Server) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// zoneOptions are the time zones to choose from: the billing zone unless one is chosen.
func zoneOptions(v *Visit) []view.Option {
	options := []view.Option{{Value: "", Label: v.Page.T("profile.as_billing", "Zone", v.Page.BillingZone)}}
	for _, name := range v.Page.Zones() {
		options = append(options, view.Option{Value: name, Label: name})
	}
	return options
}
