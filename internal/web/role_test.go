package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"psc/internal/console"
)

func TestMakingARole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.as(s.person("boss", s.A, console.RoleSuperAdmin))
	p := s.person("staff", s.A, console.RoleViewer)
	staff := s.as(p)
	form := admin.open(admin.open(admin.get(at(s.A, "/users")), "Roles"), "New role").want(http.StatusOK)
	again := admin.submit(form, "Save the role", url.Values{"name": {" "}, "privilege": {"BILLING"}}).want(http.StatusUnprocessableEntity).
		shows("Give the role a name")
	if !strings.Contains(again.Body, `value="BILLING" checked`) {
		t.Error("the form has forgotten what was chosen")
	}
	admin.submit(form, "Save the role", url.Values{"name": {"Boss"}, "privilege": {"SUPER_ADMIN"}}).want(http.StatusUnprocessableEntity)
	admin.follow(admin.submit(form, "Save the role", url.Values{"name": {"<Cashier>"}, "privilege": {"BILLING"}})).
		shows("&lt;Cashier&gt;", "View customers · Billing")

	place := admin.get(at(s.A, "/users/"+p.ID)).want(http.StatusOK).shows("&lt;Cashier&gt;")
	staff.get(at(s.A, "/billing")).want(http.StatusForbidden)
	role := regexp.MustCompile(`rol_[0-9a-z]+`).FindString(place.Body)
	admin.follow(admin.submit(place, "Save the role", url.Values{"role": {role}})).shows("staff is now &lt;Cashier&gt;")
	staff.get(at(s.A, "/billing")).want(http.StatusOK).shows("&lt;Cashier&gt;")
	admin.get(at(s.A, "/audit")).shows("staff is now &lt;Cashier&gt;", "Role “&lt;Cashier&gt;” made")
	admin.post(at(s.A, "/users/roles/"+role+"/archive"), nil).want(http.StatusConflict).shows("1 person has the role")

	edit := admin.open(admin.get(at(s.A, "/users/roles")), "Change").want(http.StatusOK)
	admin.follow(admin.submit(edit, "Save the role", url.Values{"name": {"Mover"}, "privilege": {"TRANSFER_CUSTOMERS"}})).shows("Mover")
	staff.get(at(s.A, "/billing")).want(http.StatusForbidden)
	admin.submit(admin.get(at(s.A, "/users/"+p.ID)), "Save the role", url.Values{"role": {"VIEWER"}}).leadsTo(at(s.A, "/users"))
	admin.follow(admin.submit(admin.open(admin.get(at(s.A, "/users/roles")), "Archive"), "Archive", nil)).lacks(">Mover<")

	stranger := s.as(s.person("other", s.B, console.RoleSuperAdmin))
	for _, path := range []string{"/edit", "/archive"} {
		stranger.get(at(s.B, "/users/roles/"+role+path)).want(http.StatusNotFound)
		staff.get(at(s.A, "/users/roles/"+role+path)).want(http.StatusForbidden)
	}
	if page := staff.get(at(s.A, "/users/roles")).want(http.StatusOK); page.has("New role") {
		t.Error("a viewer is offered a new role")
	}
}
