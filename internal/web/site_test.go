package web_test

import (
	"bytes"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/i18n"
	"psc/internal/store"
	"psc/internal/store/storetest"
	"psc/internal/web"
)

// site is the product behind a real HTTP server, on SQLite, with one-click sign-in.
type site struct {
	*apptest.World

	URL    string
	Log    *bytes.Buffer
	Caught map[string]string // mails that are kept instead of sent: the text by its ID
}

func newSite(tb testing.TB) *site {
	tb.Helper()
	return newSiteWith(tb, nil)
}

// newSiteWith has pages of the job queue.
func newSiteWith(tb testing.TB, jobs http.Handler) *site {
	tb.Helper()
	s := &site{World: apptest.New(tb, storetest.SQLite(tb)), Log: &bytes.Buffer{}}
	s.Wall = clock.System{}
	s.Clock = clock.NewOffset(s.Wall, apptest.Start.Sub(s.Wall.Now()))
	s.App.Clock = s.Clock
	s.Update(func(tx *store.Tx) error { // every visit follows what is stored
		return tx.SetSetting(tb.Context(), store.SettingClockAhead, s.Clock.Ahead().String())
	})
	s.Config.Demo = true
	catalog, err := i18n.New()
	s.Must(err)
	server := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}
	pages, err := web.New(s.App, catalog, slog.New(slog.NewTextHandler(s.Log, nil)), web.Config{
		BaseURL: base, Jobs: jobs,
		CaughtMail: func(id string) (subject, text string, ok bool) {
			text, ok = s.Caught[id]
			return "Subject", text, ok
		},
	})
	s.Must(err)
	server.Config.Handler = pages.Handler()
	server.Start()
	tb.Cleanup(server.Close)
	s.URL = base.String()
	return s
}

// person adds somebody with the role in the console; without a role, an operator.
func (s *site) person(name string, c console.Console, role console.Role) console.Person {
	s.T.Helper()
	p := console.Person{
		ID: "per_" + name, Email: name + "@reseller.example", Name: name, Operator: role == "", CreatedAt: apptest.Start,
	}
	s.Update(func(tx *store.Tx) error {
		if err := tx.InsertPerson(s.T.Context(), p); err != nil || role == "" {
			return err
		}
		return tx.SetMembership(s.T.Context(), console.Membership{ConsoleID: c.ID, PersonID: p.ID, Role: role}, apptest.Start)
	})
	return p
}

// browser is somebody's browser: it keeps cookies, and shows redirects instead of following them.
type browser struct {
	site   *site
	client *http.Client
	header http.Header
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	s.Must(err)
	return &browser{site: s, header: http.Header{"Accept-Language": {"en"}}, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// as returns the browser of the person, signed in.
func (s *site) as(p console.Person) *browser {
	s.T.Helper()
	b := s.browser()
	b.post("/sign-in/as", url.Values{"person": {p.ID}}).want(http.StatusSeeOther)
	return b
}

// at returns a path of the console.
func at(c console.Console, path string) string { return "/c/" + string(c.AccountID) + path }

// response is what a browser was answered.
type response struct {
	t      testing.TB
	asked  string
	Status int
	Header http.Header
	Body   string
}

func (b *browser) get(path string) response {
	b.site.T.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

func (b *browser) post(path string, form url.Values) response {
	b.site.T.Helper()
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (b *browser) do(method, path, contentType string, body io.Reader) response {
	b.site.T.Helper()
	r, err := http.NewRequestWithContext(b.site.T.Context(), method, b.site.URL+path, body)
	b.site.Must(err)
	maps.Copy(r.Header, b.header)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	a, err := b.client.Do(r)
	b.site.Must(err)
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	b.site.Must(err)
	return response{t: b.site.T, asked: method + " " + path, Status: a.StatusCode, Header: a.Header, Body: string(text)}
}

// want checks the status.
func (r response) want(status int) response {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("%s: %d, want %d\n%s", r.asked, r.Status, status, r.text())
	}
	return r
}

// leadsTo checks that the answer is a redirect to the path.
func (r response) leadsTo(path string) {
	r.t.Helper()
	r.want(http.StatusSeeOther)
	if got := r.Header.Get("Location"); got != path {
		r.t.Fatalf("%s leads to %s, want %s", r.asked, got, path)
	}
}

// shows checks that each of the texts can be read on the page.
func (r response) shows(texts ...string) response {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.text(), text) {
			r.t.Errorf("%s does not show %q:\n%s", r.asked, text, r.text())
		}
	}
	return r
}

// lacks checks that none of the texts is anywhere in the answer.
func (r response) lacks(texts ...string) response {
	r.t.Helper()
	for _, text := range texts {
		if strings.Contains(r.Body, text) {
			r.t.Errorf("%s shows %q", r.asked, text)
		}
	}
	return r
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// text is what a reader sees of the page.
func (r response) text() string {
	words := spaces.ReplaceAllString(tags.ReplaceAllString(r.Body, " "), " ")
	return strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&").Replace(words)
}
