package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"psc/internal/console"
	"psc/internal/store"
)

func TestForeignAndUnknownConsolesAreOneAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleSuperAdmin))
	unknown := console.Console{AccountID: console.NewAccountID([7]byte{30, 29, 28})}
	mistyped := console.Console{AccountID: "C22222222"}
	for _, path := range []string{"", "/", "/account", "/audit", "/no-such-page"} {
		want := b.get(at(s.B, path)).want(http.StatusNotFound)
		for _, c := range []console.Console{unknown, mistyped} {
			got := b.get(at(c, path))
			if got.Status != want.Status {
				t.Errorf("%s: status %d, want %d", path, got.Status, want.Status)
			}
			body := strings.ReplaceAll(got.Body, string(c.AccountID), string(s.B.AccountID))
			if body != want.Body {
				t.Errorf("%s: the page of a console that does not exist differs from that of one that is foreign:\n%s\n%s", path, body, want.Body)
			}
			for _, h := range []http.Header{got.Header, want.Header} {
				h.Del("Date")
			}
			if len(got.Header) != len(want.Header) {
				t.Errorf("%s: headers %v, want %v", path, got.Header, want.Header)
			}
			for name := range want.Header {
				if got.Header.Get(name) != want.Header.Get(name) {
					t.Errorf("%s: header %s: %q, want %q", path, name, got.Header.Get(name), want.Header.Get(name))
				}
			}
		}
		want.lacks(s.B.Name)
	}
}

func TestAnotherSitesPageIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleSuperAdmin))
	was := s.Clock.Ahead()
	for name, header := range map[string]http.Header{
		"by fetch metadata": {"Sec-Fetch-Site": {"cross-site"}},
		"by origin":         {"Origin": {"https://evil.example"}},
	} {
		b.header = header
		b.post("/sandbox/clock", url.Values{"to": {"day"}}).want(http.StatusForbidden)
		if s.Clock.Ahead() != was {
			t.Errorf("%s: the clock was moved", name)
		}
	}
}

func TestSessionsOutliveTheSandboxClock(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	for range 3 {
		b.post("/sandbox/clock", url.Values{"to": {"month"}, "return": {at(s.A, "/account")}}).leadsTo(at(s.A, "/account"))
	}
	b.get(at(s.A, "/account")).want(http.StatusOK).shows(string(s.A.AccountID), "Jan 1, 2027, 12:00 AM JST")
}

func TestTheClockDoesNotMoveInProduction(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleSuperAdmin))
	s.Config.Demo = false // a sandbox that is not the demo is the operators' to move
	b.post("/sandbox/clock", url.Values{"to": {"day"}}).want(http.StatusForbidden)
	b.get(at(s.A, "/account")).want(http.StatusOK).lacks(`action="/sandbox/clock"`)
	s.Config.Sandbox = false
	b.get(at(s.A, "/account")).want(http.StatusOK).lacks("Sandbox time")
}

func TestAPageThatNeedsSignInIsReturnedTo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.person("aoi", s.A, console.RoleViewer)
	b := s.browser()
	path := at(s.A, "/audit?before=x")
	b.get(path).leadsTo("/sign-in?return=" + url.QueryEscape(path))
	b.get("/").leadsTo("/sign-in")
	b.post("/sign-in/as", url.Values{"person": {p.ID}, "return": {path}}).leadsTo(path)
	b.get("/").leadsTo(at(s.A, ""))
	b.get(at(s.A, "/")).leadsTo(at(s.A, ""))
	b.post("/sign-out", nil).leadsTo("/sign-in")
	b.get(path).want(http.StatusSeeOther)
}

func TestFormsOfAnEndedSessionSayWhatWasNotDone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	b.post(at(s.A, "/notices/read"), nil).leadsTo("/sign-in?ended=1")
	b.get("/sign-in?ended=1").want(http.StatusOK).shows("Nothing was changed")
}

// Where a form was refused, the language and the clock lead back to the page that has the form.
func TestTheFrameOfARefusedFormLeadsBackToItsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	for referer, want := range map[string]string{
		s.URL + "/me?x=1": "/me?x=1", "https://evil.example/me": "/", "": "/",
	} {
		b.header.Set("Referer", referer)
		page := b.post("/me/password", url.Values{"present": {"x"}, "password": {"x"}}).want(http.StatusUnprocessableEntity)
		if !strings.Contains(page.Body, `name="return" value="`+want+`"`) {
			t.Errorf("from %q it does not lead back to %s", referer, want)
		}
	}
}

func TestNobodyIsSentToAnotherSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	for _, path := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "/\t/evil.example", "javascript:alert(1)", ""} {
		b.post("/preferences", url.Values{"language": {"en"}, "return": {path}}).leadsTo("/")
	}
}

func TestInputThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	b.post("/preferences", url.Values{"language": {"e\x00n"}}).want(http.StatusUnprocessableEntity)
	b.post("/preferences", url.Values{"language": {"\xff"}}).want(http.StatusUnprocessableEntity)
	b.get("/me?x=%FF").want(http.StatusUnprocessableEntity)
	b.get("/c/%00%FF/account").want(http.StatusNotFound)
	large := url.Values{"language": {strings.Repeat("x", 2<<20)}}
	b.post("/preferences", large).want(http.StatusRequestEntityTooLarge).shows("larger than what is taken")
	b.post("/me", url.Values{"zone": {"Local"}}).want(http.StatusUnprocessableEntity).shows("no such time zone")
}

func TestPreferencesOfPeopleAndOfBrowsers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	anybody := s.browser()
	anybody.header.Set("Accept-Language", "ja")
	anybody.get("/sign-in").want(http.StatusOK).shows("ログイン")
	anybody.post("/preferences", url.Values{"language": {"en"}, "theme": {"dark"}, "return": {"/sign-in"}}).leadsTo("/sign-in")
	anybody.get("/sign-in").want(http.StatusOK).shows("Sign in")
	if page := anybody.get("/sign-in"); !strings.Contains(page.Body, `data-theme="dark"`) {
		t.Error("the browser's theme was not kept")
	}

	p := s.person("aoi", s.A, console.RoleViewer)
	b := s.as(p)
	b.post("/preferences", url.Values{"language": {"ja"}, "zone": {"Europe/Berlin"}, "return": {"/me"}}).leadsTo("/me")
	s.as(p).get(at(s.A, "/account")).want(http.StatusOK).shows("アカウント情報", "2026年10月1日 2:00(CEST)")
	b.post("/me", url.Values{"language": {""}, "theme": {""}, "zone": {""}}).leadsTo("/me")
	b.get("/me").want(http.StatusOK).shows("Your settings are saved.", "9:00 AM JST")
}

func TestTheAuditTrailNamesOwnPeopleOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	main := s.as(s.person("aoi", s.A, console.RoleViewer))
	source := s.as(s.person("ben", s.B, console.RoleViewer))
	s.Accept(s.A, s.B)
	main.get(at(s.A, "/audit")).want(http.StatusOK).shows("Person of Console A", "Source console").lacks("Person of Console B")
	source.get(at(s.B, "/audit")).want(http.StatusOK).shows("Person of Console B", "Main console").lacks("Person of Console A")
}

func TestTheAuditTrailIsPaged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	s.Update(func(tx *store.Tx) error {
		for range 120 {
			if err := tx.InsertEvent(t.Context(), store.Event{
				ConsoleID: s.A.ID, ID: s.IDs.New("evt", s.Clock.Now()), At: s.Clock.Now(), Side: store.SideOwn,
				PersonName: "Aoi", Action: "customer.exported",
			}); err != nil {
				return err
			}
		}
		return nil
	})
	seen := 0
	for path := at(s.A, "/audit"); path != ""; {
		page := b.get(path).want(http.StatusOK)
		seen += strings.Count(page.Body, `id="event-`)
		path = strings.ReplaceAll(between(page.Body, `<a class="iconbtn" href="`+at(s.A, "/audit")+`?before=`, `"`), "&amp;", "&")
		if path != "" {
			path = at(s.A, "/audit") + "?before=" + path
		}
	}
	if seen != 120 {
		t.Errorf("walked over %d events, want 120", seen)
	}
}

func TestTheAuditTrailIsNarrowedDownAndDownloaded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	main := s.as(s.person("aoi", s.A, console.RoleViewer))
	s.Accept(s.A, s.B)
	trail := at(s.A, "/audit")
	main.get(trail + "?topic=connection&by=SOURCE").want(http.StatusOK).shows("accepted the connection invite").lacks("sent a connection invite")
	main.get(trail+"?topic=customer").want(http.StatusOK).shows("Nothing of that kind", "Clear")
	main.get(trail + "?customer=nobody.example").want(http.StatusOK).shows("Nothing of that kind")
	today := s.Clock.Now().In(s.Config.BillingZone)
	day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	main.get(trail + "?from=" + day(0) + "&until=" + day(0)).want(http.StatusOK).shows("accepted the connection invite")
	main.get(trail + "?from=" + day(1)).want(http.StatusOK).shows("Nothing of that kind")
	main.get(trail + "?until=" + day(-1)).want(http.StatusOK).shows("Nothing of that kind")
	refused := main.get(trail + "?from=yesterday").want(http.StatusUnprocessableEntity).shows("This is not a date")
	if !strings.Contains(refused.Body, `value="yesterday"`) {
		t.Error("what was typed is gone")
	}
	main.get(trail + "?from=" + day(0) + "&until=" + day(-1)).want(http.StatusUnprocessableEntity).shows("ends before it begins")
	main.get(trail + "?topic=weather").want(http.StatusUnprocessableEntity).shows("There are no such events")

	file := main.get(trail + "/download?by=SOURCE").want(http.StatusOK)
	file.shows("event_id,time,by,action", "Source console,connection.accepted").lacks("connection.invited", "Person of Console B")
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="audit.csv"` {
		t.Errorf("disposition %q", got)
	}
	main.get(trail + "/download?from=yesterday").want(http.StatusUnprocessableEntity)
	s.as(s.person("ben", s.B, console.RoleViewer)).get(trail + "/download").want(http.StatusNotFound)
}

func TestUsersAndAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	s.person("ben", s.B, console.RoleSuperAdmin)
	b.get(at(s.A, "/users")).want(http.StatusOK).shows("aoi@reseller.example", "Viewer").lacks("ben@")
	b.get(at(s.A, "/account")).want(http.StatusOK).shows(string(s.A.AccountID), "Console A", "Reseller", "Asia/Tokyo")

	operator := s.as(s.person("op", s.A, ""))
	operator.get("/consoles").want(http.StatusOK).shows("Console A", "Console B", "Console C")
	operator.get(at(s.B, "/users")).want(http.StatusOK).shows("ben@reseller.example")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	b.get("/healthz").want(http.StatusOK).shows("ok")
	b.get("/readyz").want(http.StatusOK).shows("ready")
}

// between returns what stands between two texts; empty if they are not there.
func between(s, from, to string) string {
	_, rest, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	found, _, _ := strings.Cut(rest, to)
	return found
}
