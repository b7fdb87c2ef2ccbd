package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"golang.org/x/net/html"

	"psc/internal/apptest"
	"psc/internal/console"
)

// TestASuspendedConsoleOffersNoForms looks at a suspended console's pages: what is refused cannot be pressed, its forms are not
// shown, and what is read or asked of the vendor stays.
func TestASuspendedConsoleOffersNoForms(t *testing.T) {
	s := newSite(t)
	ids := s.AddCustomers(s.B, 1, nil)
	c := s.Connect(s.A, s.B)
	mia := s.as(s.person("mia", s.B, console.RoleSuperAdmin))
	operator := s.as(s.person("operator", console.Console{}, ""))
	record := "/customers/" + ids[0]
	sub := record + "/subscriptions/sub_" + ids[0][4:]
	forms := []string{
		"/customers/new", record + "/edit", record + "/buy", sub + "/seats", sub + "/suspend", "/users/invite", "/users/roles/new",
		"/users/access/new", "/billing/new", "/unification/" + c.ID + "/close",
	}
	for _, path := range forms {
		mia.get(at(s.B, path)).want(http.StatusOK)
	}
	lists := map[string]string{
		"/customers": "New customer", record: "Edit contact data", "/users": "Invite", "/users/roles": "New role", "/billing": "New Google Workspace",
		"/customers/import": "Check and import", "/migrations?tab=ready&connection=" + c.ID: "Check",
	}
	shut := func(page response, button string) (found bool) {
		for n := range page.document().Descendants() {
			if (n.Data == "a" || n.Data == "button") && len(words(n)) >= len(button) && words(n)[:len(button)] == button {
				found = true
				if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "disabled" }) {
					t.Errorf("%s: %q can be pressed", page.asked, words(n))
				}
			}
		}
		return found
	}
	s.Must(s.SuspendConsole(t.Context(), apptest.Operator(s.B), "unpaid"))
	for _, path := range forms {
		mia.get(at(s.B, path)).want(http.StatusConflict).shows("This console is suspended")
		operator.get(at(s.B, path)).want(http.StatusOK)
	}
	for path, button := range lists {
		if !shut(mia.get(at(s.B, path)).want(http.StatusOK), button) {
			t.Errorf("%s has no button %s", path, button)
		}
	}
	mia.open(mia.get(at(s.B, "/cases")), "New support case").want(http.StatusOK).shows("Title")
}

// TestWhoDemotesHerselfIsAsked takes the role of super admin from oneself: only after a question that says that there is no way back.
func TestWhoDemotesHerselfIsAsked(t *testing.T) {
	s := newSite(t)
	mia, other := s.person("mia", s.B, console.RoleSuperAdmin), s.person("otto", s.B, console.RoleSuperAdmin)
	b := s.as(mia)
	page := b.get(at(s.B, "/users/"+mia.ID)).want(http.StatusOK)
	asked := b.submit(page, "Save the role", url.Values{"role": {string(console.RoleViewer)}}).want(http.StatusOK).
		shows("Take the role of super admin from yourself and become “Viewer”?", "another super admin")
	b.get(at(s.B, "/users")).want(http.StatusOK)
	b.submit(page, "Save the role", url.Values{"role": {string(console.RoleSuperAdmin)}}).want(http.StatusSeeOther)
	b.submit(b.get(at(s.B, "/users/"+other.ID)), "Save the role", url.Values{"role": {string(console.RoleViewer)}}).want(http.StatusSeeOther)
	b.submit(b.get(at(s.B, "/users/"+other.ID)), "Save the role", url.Values{"role": {string(console.RoleSuperAdmin)}}).want(http.StatusSeeOther)
	b.submit(asked, "Save the role", nil).want(http.StatusSeeOther)
	b.get(at(s.B, "/users/invite")).want(http.StatusForbidden)
}
