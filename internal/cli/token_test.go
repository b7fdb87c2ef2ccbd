package cli_test

import (
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/console"
)

func TestTokenCommands(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	email := w.member(w.A, console.RoleBilling)
	in := func(args ...string) []string { return append(args, "--console", id(w.A), "--as", email) }
	secret := w.id(in("token", "create", "nightly", "billing")...)
	if c, err := w.Caller(t.Context(), secret); err != nil || c.Actor.May(console.Billing) != nil {
		t.Errorf("%q opens %+v, %v", secret, c, err)
	}
	w.refused("role.beyond", 4, in("token", "create", "x", "manage_users")...)
	w.refused("token.invalid", 2, in("token", "create", "x", "--days", "0")...)
	w.refused("token.nobody", 6, "token", "create", "x", "--console", id(w.A))
	w.refused("forbidden", 4, in("token", "list")...)
	type listed []struct{ ID, Name, Kind string }
	own := into[listed](w, "token", "own", "--as", email)
	if len(own) != 1 || own[0].Name != "nightly" {
		t.Fatalf("own: %+v", own)
	}
	if all := into[listed](w, "token", "list", "--console", id(w.A)); len(all) != 1 || all[0].ID != own[0].ID {
		t.Errorf("all: %+v", all)
	}
	if out := w.run(in("token", "create", "shown", "billing")...); !strings.Contains(out, "psc_") {
		t.Errorf("made: %s", out)
	}
	w.run(in("token", "revoke", own[0].ID)...)
	w.refused("token.not_found", 3, in("token", "revoke", own[0].ID)...)
	if out := w.run("token", "own", "--as", email); strings.Contains(out, own[0].ID) || !strings.Contains(out, "shown") {
		t.Errorf("after revoking: %s", out)
	}
}

func TestServiceAccountCommands(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	in := func(args ...string) []string { return append(args, "--console", id(w.A)) }
	account := w.id(in("service-account", "create", "robot", "billing", "super_admin")...)
	secret := w.id(in("service-account", "secret", account, "ci")...)
	if _, err := w.AccessByClientSecret(t.Context(), account, secret, "", ""); err != nil {
		t.Error(err)
	}
	file := into[app.KeyFile](w, in("service-account", "key", account, "laptop", "--base-url", "https://psc.example/")...)
	if file.Type != "service_account" || file.TokenURI != "https://psc.example/oauth/token" || file.ClientID != account {
		t.Errorf("%+v", file)
	}
	list := into[[]struct {
		ID, Name, Email string
		Tokens          []struct{ Name, Kind string }
	}](w, in("service-account", "list")...)
	if len(list) != 1 || list[0].ID != account || list[0].Email != file.ClientEmail || len(list[0].Tokens) != 2 {
		t.Errorf("%+v", list)
	}
	w.run(in("service-account", "remove", account)...)
	w.refused("service_account.not_found", 3, in("service-account", "key", account, "x")...)
}
