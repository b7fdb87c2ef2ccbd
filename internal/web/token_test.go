package web_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"psc/internal/console"
)

var secretShown = regexp.MustCompile(`psc_[0-9A-Za-z_-]{43}`)

func TestMakingAToken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("staff", s.A, console.RoleBilling))
	page := b.open(b.get("/me").want(http.StatusOK), "Manage API tokens").want(http.StatusOK).shows("You have no API token")
	form := b.open(page, s.A.Name).want(http.StatusOK).shows("Console A")
	again := b.submit(form, "Make the token", url.Values{"name": {" "}, "scope": {"BILLING"}}).want(http.StatusUnprocessableEntity).shows("Give it a name")
	if !strings.Contains(again.Body, `value="BILLING" checked`) {
		t.Error("the form has forgotten what was chosen")
	}
	b.submit(form, "Make the token", url.Values{"name": {"x"}, "days": {"5000"}}).want(http.StatusUnprocessableEntity)
	b.submit(form, "Make the token", url.Values{"name": {"x"}, "scope": {"ADD_CUSTOMERS"}}).want(http.StatusForbidden)
	made := b.submit(form, "Make the token", url.Values{"name": {"<nightly>"}, "scope": {"BILLING"}}).want(http.StatusOK).shows("shown this once", "&lt;nightly&gt;")
	secret := secretShown.FindString(made.Body)
	if c, err := s.Caller(t.Context(), secret); err != nil || c.Console.ID != s.A.ID || c.Actor.May(console.Billing) != nil {
		t.Errorf("the token %q opens %+v, %v", secret, c, err)
	}

	list := b.get("/me/tokens").shows("&lt;nightly&gt;", "Console A", "View customers · Billing").lacks(secret)
	b.follow(b.submit(b.open(list, "Revoke").shows("Revoke “&lt;nightly&gt;”?"), "Revoke", nil)).lacks("Made by")
	if _, err := s.Caller(t.Context(), secret); err == nil {
		t.Error("a revoked token opens the console")
	}
	b.get(list.path() + "/tok_none/revoke").want(http.StatusNotFound)
}

func TestServiceAccounts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	staff := s.as(s.person("staff", s.A, console.RoleResellerAdmin))
	admin := s.as(s.person("boss", s.A, console.RoleSuperAdmin))
	staff.get(at(s.A, "/users/access")).want(http.StatusForbidden)
	staff.get(at(s.A, "/users/access/new")).want(http.StatusForbidden)
	if staff.get(at(s.A, "/users")).has("API access") {
		t.Error("who does not manage users is led to the service accounts")
	}
	page := admin.open(admin.get(at(s.A, "/users")), "API access").want(http.StatusOK).shows("There is no service account yet")
	form := admin.open(page, "New service account").want(http.StatusOK)
	admin.submit(form, "Make the service account", url.Values{"name": {""}}).want(http.StatusUnprocessableEntity).shows("Give it a name")
	account := admin.follow(admin.submit(form, "Make the service account", url.Values{"name": {"<robot>"}, "scope": {"BILLING", "SUPER_ADMIN"}})).
		shows("&lt;robot&gt;", "View customers · Billing · Super admin", "It cannot sign in yet", "/oauth/token")

	made := admin.submit(admin.open(account, "New client secret").want(http.StatusOK), "Make the secret", url.Values{"name": {"ci"}}).want(http.StatusOK).shows("Client ID")
	secret := secretShown.FindString(made.Body)
	id := regexp.MustCompile(`sva_[0-9a-z]+`).FindString(made.Body)
	access, err := s.AccessByClientSecret(t.Context(), id, secret, "", "here")
	if err != nil {
		t.Fatal(err)
	}
	if c, err := s.Caller(t.Context(), access.Token); err != nil || c.Actor.Name != "<robot>" {
		t.Errorf("%+v, %v", c, err)
	}
	key := admin.open(account, "New key file").want(http.StatusOK)
	admin.submit(key, "Make and download", url.Values{"name": {""}}).want(http.StatusUnprocessableEntity).shows("Give it a name")
	file := admin.submit(key, "Make and download", url.Values{"name": {"laptop"}}).want(http.StatusOK)
	var f map[string]string
	if err := json.Unmarshal([]byte(file.Body), &f); err != nil || f["type"] != "service_account" || !strings.HasSuffix(f["token_uri"], "/oauth/token") || !strings.Contains(f["private_key"], "PRIVATE KEY") {
		t.Errorf("%v: %s", err, file.Body)
	}
	if got := file.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") || file.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q, %q", got, file.Header.Get("Cache-Control"))
	}
	list := admin.get(account.path()).shows("ci", "Client secret", "laptop", "Key file", "Never used").lacks(secret)
	if !strings.Contains(html.UnescapeString(list.Body), f["client_email"]) {
		t.Errorf("the page does not show %s", f["client_email"])
	}
	admin.get(at(s.A, "/audit")).shows("Service account “&lt;robot&gt;” made", "Key “laptop” made for the service account “&lt;robot&gt;”")

	revoke := admin.open(list, "Revoke").want(http.StatusOK)
	stranger := s.as(s.person("other", s.B, console.RoleSuperAdmin))
	foreign := strings.Replace(revoke.path(), string(s.A.AccountID), string(s.B.AccountID), 1)
	stranger.get(foreign).want(http.StatusNotFound)
	stranger.post(foreign, nil).want(http.StatusNotFound)
	stranger.get(strings.Replace(account.path(), string(s.A.AccountID), string(s.B.AccountID), 1)).want(http.StatusNotFound)
	admin.follow(admin.submit(revoke, "Revoke", nil)).shows("is revoked")
	admin.follow(admin.submit(admin.open(list, "Remove").want(http.StatusOK), "Remove", nil)).shows("There is no service account yet")
	if _, err := s.Caller(t.Context(), access.Token); err == nil {
		t.Error("a removed service account works on")
	}
}

// TestTokensOfPeople are listed for who manages users, who can end them.
func TestTokensOfPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	staff := s.as(s.person("staff", s.A, console.RoleViewer))
	staff.submit(staff.get(at(s.A, "/tokens/new")), "Make the token", url.Values{"name": {"mine"}}).want(http.StatusOK)
	admin := s.as(s.person("boss", s.A, console.RoleSuperAdmin))
	list := admin.get(at(s.A, "/users/access")).shows("API tokens of people", "mine", "Made by staff")
	admin.follow(admin.submit(admin.open(list, "Revoke"), "Revoke", nil)).lacks("Made by staff")
	staff.get("/me/tokens").shows("You have no API token")
}
