package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"psc/internal/console"
)

var joinLink = regexp.MustCompile(`/join/[A-Za-z0-9_-]+`)

func TestInvitingAPerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.as(s.person("boss", s.A, console.RoleSuperAdmin))
	users := admin.get(at(s.A, "/users")).want(http.StatusOK)
	form := admin.open(users, "Invite a person").want(http.StatusOK)
	admin.submit(form, "Make the invitation", url.Values{"email": {"nonsense"}}).want(http.StatusUnprocessableEntity).shows("is not an e-mail address")
	made := admin.submit(form, "Make the invitation", url.Values{"email": {"new@x.example"}, "role": {"BILLING"}}).want(http.StatusOK)
	first := joinLink.FindString(made.Body)
	users = admin.get(at(s.A, "/users")).shows("new@x.example", "Invited", "Billing").lacks(first)
	link := joinLink.FindString(admin.submit(users, "New link", nil).want(http.StatusOK).Body)
	guest := s.browser()
	guest.get(first).want(http.StatusNotFound).shows("a newer one has replaced it")

	page := guest.get(link).want(http.StatusOK).shows("Console A", "new@x.example", "Billing")
	guest.submit(page, "Join", url.Values{"name": {"New"}, "password": {"short"}}).want(http.StatusUnprocessableEntity).shows("is shorter than")
	guest.submit(page, "Join", url.Values{"name": {"New"}, "password": {"a long enough password"}}).leadsTo(at(s.A, ""))
	guest.get(at(s.A, "/billing")).want(http.StatusOK)
	guest.get(link).want(http.StatusNotFound)

	// Somebody else who is signed in is told so; a person who is known takes the role by signing in.
	known := s.person("known", s.B, console.RoleViewer)
	link = joinLink.FindString(admin.submit(form, "Make the invitation", url.Values{"email": {known.Email}, "role": {"VIEWER"}}).Body)
	guest.get(link).want(http.StatusOK).shows("the invitation is for somebody else")
	guest.post(link+"/accept", nil).want(http.StatusConflict)
	s.as(known).get(link).leadsTo(at(s.A, ""))

	// Who came by a link accepts the next one.
	other := s.as(s.person("boss2", s.B, console.RoleSuperAdmin))
	form = other.get(at(s.B, "/users/invite"))
	link = joinLink.FindString(other.submit(form, "Make the invitation", url.Values{"email": {"new@x.example"}, "role": {"VIEWER"}}).Body)
	guest.get(at(s.B, "/users")).want(http.StatusNotFound)
	guest.submit(guest.get(link), "Accept the invitation", nil).leadsTo(at(s.B, ""))
	guest.get(at(s.B, "/users")).want(http.StatusOK)

	withdrawn := joinLink.FindString(admin.post(at(s.A, "/users/invite"), url.Values{"email": {"out@x.example"}, "role": {"VIEWER"}}).Body)
	admin.follow(admin.submit(admin.get(at(s.A, "/users")), "Withdraw", nil)).shows("is withdrawn").lacks(">out@x.example<")
	s.browser().get(withdrawn).want(http.StatusNotFound)
	if strings.Contains(s.Log.String(), strings.TrimPrefix(withdrawn, "/join/")) {
		t.Error("the log has the secret of a link")
	}
}

func TestChangingAPersonsPlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	boss := s.person("boss", s.A, console.RoleSuperAdmin)
	admin, p := s.as(boss), s.person("staff", s.A, console.RoleViewer)
	staff := s.as(p)
	page := func() response { return admin.get(at(s.A, "/users/"+p.ID)).want(http.StatusOK) }
	admin.follow(admin.submit(page(), "Save the role", url.Values{"role": {"BILLING"}})).shows("staff is now Billing")
	staff.get(at(s.A, "/billing")).want(http.StatusOK)
	admin.submit(page(), "Save the role", url.Values{"role": {"KING"}}).want(http.StatusUnprocessableEntity)
	admin.follow(admin.submit(admin.open(page(), "Suspend"), "Suspend", nil)).shows("staff is suspended")
	staff.get(at(s.A, "/customers")).want(http.StatusNotFound)
	admin.follow(admin.submit(page(), "Open it again", nil))
	staff.get(at(s.A, "/customers")).want(http.StatusOK)
	admin.follow(admin.submit(admin.open(page(), "Remove"), "Remove", nil)).shows("staff no longer belongs")
	staff.get(at(s.A, "/customers")).want(http.StatusNotFound)
	admin.get(at(s.A, "/users/"+p.ID)).want(http.StatusNotFound)

	own := admin.get(at(s.A, "/users/"+boss.ID))
	for _, act := range []string{"Suspend", "Remove"} {
		admin.submit(admin.open(own, act), act, nil).want(http.StatusConflict).shows("only active super admin")
	}
	admin.submit(admin.submit(own, "Save the role", url.Values{"role": {"VIEWER"}}), "Save the role", nil).want(http.StatusConflict).shows("only active super admin")
	s.person("second", s.A, console.RoleSuperAdmin)
	admin.submit(admin.open(own, "Remove"), "Remove", nil).leadsTo("/consoles")
}

// Who may not manage people sees no buttons for it, and is refused all the same.
func TestManagingPeopleIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.person("boss", s.A, console.RoleSuperAdmin)
	for _, role := range console.Roles[1:] {
		b := s.as(s.person("p"+strings.ToLower(string(role)), s.A, role))
		page := b.get(at(s.A, "/users")).want(http.StatusOK).shows("boss")
		for _, button := range []string{"Invite", "Change", "New link"} {
			if page.has(button) {
				t.Errorf("%s sees %q", role, button)
			}
		}
		own := "/users/" + p.ID
		for _, path := range []string{"/users/invite", own, own + "/suspend", own + "/remove"} {
			b.get(at(s.A, path)).want(http.StatusForbidden)
		}
		for _, path := range []string{"/users/invite", "/users/invite/withdraw", own + "/role", own + "/suspend", own + "/reactivate", own + "/remove"} {
			b.post(at(s.A, path), url.Values{"email": {"x@x.example"}, "role": {"VIEWER"}}).want(http.StatusForbidden)
		}
	}
}

func TestSigningOutElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.person("aoi", s.A, console.RoleViewer)
	here, phone, third := s.as(p), s.browser(), s.browser()
	phone.header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1")
	for _, b := range []*browser{phone, third} {
		b.post("/sign-in/as", url.Values{"person": {p.ID}}).want(http.StatusSeeOther)
	}
	phone.get("/me").want(http.StatusOK)
	page := here.get("/me").want(http.StatusOK).shows("Safari, iPhone", "This browser", "Unknown browser")
	stranger := s.as(s.person("other", s.A, console.RoleSuperAdmin))
	f := page.form("Sign out : Safari, iPhone")
	stranger.post(f.action, f.fields).want(http.StatusNotFound)
	phone.get("/me").want(http.StatusOK)
	here.follow(here.post(f.action, f.fields)).lacks("Safari, iPhone")
	phone.get("/me").want(http.StatusSeeOther)
	third.get("/me").want(http.StatusOK)
	here.follow(here.submit(here.get("/me"), "Sign out everywhere else", nil))
	third.get("/me").want(http.StatusSeeOther)
	here.get("/me").want(http.StatusOK)
	stranger.get("/me").want(http.StatusOK)
}
