package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/store/storetest"
)

func TestEveryKindOfFaultHasItsStatus(t *testing.T) {
	t.Parallel()
	for kind, want := range map[fault.Kind]int{
		fault.Invalid: 422, fault.NotFound: 404, fault.Forbidden: 403, fault.Unauthenticated: 401, fault.Conflict: 409,
		fault.Precondition: 409, fault.Limited: 429, fault.TooLarge: 413, fault.Internal: 500,
	} {
		if statuses[kind] != want {
			t.Errorf("%s: %d, want %d", kind, statuses[kind], want)
		}
	}
}

// quietServer is a server without a listener, and what it logs.
func quietServer(t *testing.T) (*Server, *bytes.Buffer) {
	t.Helper()
	catalog, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	w := apptest.New(t, storetest.SQLite(t))
	s, err := New(w.App, catalog, slog.New(slog.NewTextHandler(&log, nil)), Config{BaseURL: &url.URL{Scheme: "http", Host: "psc.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return s, &log
}

// Of a defect the page tells only the number under which the log has it.
func TestADefectIsLoggedAndNotShown(t *testing.T) {
	t.Parallel()
	s, log := quietServer(t)
	const secret = "dial tcp 10.0.0.1: refused"
	for name, h := range map[string]http.Handler{
		"error": s.anybody(func(http.ResponseWriter, *http.Request, *Visit) error { return errors.New(secret) }),
		"panic": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(secret) }),
		"fault": s.anybody(func(http.ResponseWriter, *http.Request, *Visit) error {
			return fault.Wrap(errors.New(secret), fault.Internal, "fault.internal", nil)
		}),
	} {
		log.Reset()
		w := httptest.NewRecorder()
		s.observe(s.rescue(s.sessions.LoadAndSave(h))).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/x", nil))
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		_, rest, _ := strings.Cut(log.String(), "number=")
		number, _, _ := strings.Cut(rest, " ")
		if number == "" || !strings.Contains(w.Body.String(), number) || !strings.Contains(log.String(), secret) {
			t.Errorf("%s: number %q, log %s", name, number, log)
		}
	}
}

// The secret of a one-time link stands in its path, and not in the log.
func TestSecretsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	s, log := quietServer(t)
	for _, path := range []string{"/setup/SECRET", "/reset/SECRET"} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if strings.Contains(log.String(), "SECRET") {
		t.Error(log)
	}
}

// Cookies are pinned to this host where browsers come by TLS.
func TestCookiesBehindTLS(t *testing.T) {
	t.Parallel()
	s, _ := quietServer(t)
	s.config.BaseURL.Scheme = "https"
	s.app.Config.Demo = true
	p, err := s.app.CreatePerson(t.Context(), console.Actor{Operator: true}, console.Person{Name: "Aoi", Email: "aoi@reseller.example"})
	if err != nil {
		t.Fatal(err)
	}
	s.sessions = s.newSessions()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/sign-in/as", strings.NewReader("person="+p.ID))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.Handler().ServeHTTP(w, r)
	cookie := w.Header().Get("Set-Cookie")
	for _, part := range []string{"__Host-psc_session=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
}
