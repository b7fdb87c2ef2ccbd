package web_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/store"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.as(s.person("aoi", s.B, console.RoleSuperAdmin))
	viewer := s.as(s.person("ben", s.B, console.RoleViewer))
	s.Accept(s.A, s.B) // an invite to B

	page := admin.get(at(s.B, "/notices")).want(http.StatusOK).shows("invites this console to become a source console of “Console A”", "Notices, 1 unread")
	viewer.get(at(s.B, "/notices")).want(http.StatusOK).shows("No notices").lacks("Console A")

	until := between(page.Body, `name="until" value="`, `"`)
	s.Must(s.CloseConnection(t.Context(), actor(s.A), s.connection(s.A), false)) // a later notice
	admin.post(at(s.B, "/notices/read"), url.Values{"until": {until}}).leadsTo(at(s.B, "/notices"))
	admin.get(at(s.B, "/notices")).shows("Notices, 1 unread")
	admin.post(at(s.B, "/notices/read"), url.Values{"until": {"zzz"}}).want(http.StatusSeeOther)
	admin.get(at(s.B, "/notices")).lacks("1 unread")
	s.Accept(s.A, s.B)
	admin.get(at(s.B, "/notices")).shows("Notices, 1 unread")

	// By what they are about; the rest of an address that is none is left alone.
	admin.get(at(s.B, "/notices")).shows("closed the connection", "invites this console", "All topics")
	admin.get(at(s.B, "/notices?topic=connection_closed")).want(http.StatusOK).shows("closed the connection").lacks("invites this console")
	admin.get(at(s.B, "/notices?topic=renewals")).want(http.StatusOK).shows("No notices about this", "All topics")
	admin.get(at(s.B, "/notices?topic=nonsense")).want(http.StatusOK).shows("invites this console")

	// One by one: by opening it, or by saying so.
	unread := admin.get(at(s.B, "/notices?tab=unread")).want(http.StatusOK).shows("invites this console", "Connection invite received").lacks("closed the connection")
	path := at(s.B, "/notices/") + between(unread.Body, `id="notice-`, `"`)
	viewer.get(path).want(http.StatusNotFound)
	admin.get(path).leadsTo(at(s.B, "/unification/"+s.connection(s.A)))
	admin.get(at(s.B, "/notices?tab=unread")).shows("No unread notices")
	s.Must(s.CloseConnection(t.Context(), actor(s.A), s.connection(s.A), false))
	s.Accept(s.A, s.B)
	unread = admin.get(at(s.B, "/notices?tab=unread")).shows("Notices, 2 unread")
	path = at(s.B, "/notices/") + between(unread.Body, `id="notice-`, `"`)
	admin.post(path+"/read", url.Values{"return": {at(s.B, "/notices?tab=unread")}}).leadsTo(at(s.B, "/notices?tab=unread"))
	admin.get(at(s.B, "/notices?tab=unread")).shows("Notices, 1 unread").lacks("invites this console")
}

func TestOlderNoticesAreOnTheNextPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.as(s.person("aoi", s.A, console.RoleSuperAdmin))
	s.Update(func(tx *store.Tx) error {
		for i := range app.PageSize + 1 {
			n := fmt.Sprintf("ntc_%04d", i)
			if _, err := tx.InsertNotice(t.Context(), store.Notice{
				ConsoleID: s.A.ID, ID: n, At: apptest.Start, Kind: "import.finished", Topic: "imports", Audience: console.AddCustomers,
				Dedupe: n, Data: map[string]string{"File": n + ".csv"},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, tab := range []string{"", "&tab=unread", "&tab=unread&topic=imports"} {
		next := "/notices?before=ntc_0001" + tab
		first := admin.get(at(s.A, "/notices?"+tab)).want(http.StatusOK).shows("ntc_0001.csv").lacks("ntc_0000.csv")
		if !strings.Contains(first.Body, html.EscapeString(next)) {
			t.Errorf("%s leads to no next page", first.asked)
		}
		admin.get(at(s.A, next)).want(http.StatusOK).shows("ntc_0000.csv").lacks("ntc_0001.csv")
	}
}

func TestAPersonChoosesWhatToHear(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	person := s.person("aoi", s.B, console.RoleSuperAdmin)
	admin := s.as(person)
	s.Must(s.SwitchMailOn(t.Context()))
	s.Accept(s.A, s.B) // an invite to B, with a mail
	admin.get(at(s.B, "/notices")).shows("1 unread")
	admin.get("/me").shows("Choose what you are told of")
	page := admin.get("/me/notices").want(http.StatusOK).shows("Connection invite received", "Renewals")
	if n := ticked(page.Body); n != 2*len(console.NoticeTopics) {
		t.Errorf("%d boxes are ticked", n)
	}
	admin.post("/me/notices", url.Values{"bell": {"invoices"}, "mail": {"invite_received", "invoices"}}).leadsTo("/me/notices")
	if n := ticked(admin.get("/me/notices").Body); n != 3 {
		t.Errorf("%d boxes are ticked, want 3", n)
	}
	admin.get(at(s.B, "/notices")).lacks("1 unread", "invites this console")

	// The link of a mail asks before it ends anything; a mail program needs no page, and nobody who is signed in.
	var mails []app.Mail
	s.Read(func(tx *store.Tx) (err error) {
		mails, err = tx.Mails(t.Context(), "", 10)
		return err
	})
	var letter app.Letter
	s.Post = post(func(l app.Letter) { letter = l })
	s.Must(s.RunMail(t.Context(), app.MailJob{ID: mails[len(mails)-1].ID}))
	stranger := s.browser()
	path := "/unsubscribe/" + letter.Unsubscribe
	stranger.get(path).want(http.StatusOK).shows(person.Email, "Connection invite received", "End these mails")
	stranger.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}).want(http.StatusOK).shows("gets no more mails")
	stranger.get(path + "x").want(http.StatusNotFound)
	if n := ticked(admin.get("/me/notices").Body); n != 2 {
		t.Errorf("%d boxes are ticked, want 2", n)
	}
}

// ticked counts the ticked boxes of the notices in a page, which has other boxes too.
func ticked(body string) int { return strings.Count(body, `" checked aria-label=`) }

// post hands letters to the test.
type post func(app.Letter)

// Send implements app.Post.
func (p post) Send(_ context.Context, l app.Letter) error {
	p(l)
	return nil
}
