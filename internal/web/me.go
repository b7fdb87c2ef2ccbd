package web

import (
	"net/http"

	"psc/internal/app"
)

// Cookies that keep the preferences of somebody who is not signed in.
const (
	langCookie  = "psc_language"
	themeCookie = "psc_theme"
	zoneCookie  = "psc_zone"
)

func (s *Server) meRoutes(mux *http.ServeMux) {
	mux.Handle("POST /preferences", s.anybody(s.setPreferences))
}

// setPreferences keeps what was chosen with the person who is signed in, else with the browser.
func (s *Server) setPreferences(w http.ResponseWriter, r *http.Request, _ *Visit) error {
	var set app.Preferences
	for name, field := range map[string]**string{"language": &set.Language, "theme": &set.Theme, "zone": &set.TimeZone} {
		if r.PostForm.Has(name) {
			value := r.PostForm.Get(name)
			*field = &value
		}
	}
	if personID := s.sessions.GetString(r.Context(), sessionPerson); personID != "" {
		if err := s.app.SetPreferences(r.Context(), personID, set); err != nil {
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
