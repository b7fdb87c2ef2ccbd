package cli_test

import (
	"strings"
	"testing"

	"psc/internal/console"
)

func TestConsolesUsersAndLegalEntities(t *testing.T) {
	w := newTerminal(t)
	tokyo := w.id("console", "create", "--reseller", "Northwind", "--name", "Tokyo")
	if _, err := console.ParseAccountID(tokyo); err != nil {
		t.Fatal(err)
	}
	type consoleJSON struct {
		AccountID string `json:"account_id"`
		Name      string
		Reseller  string
	}
	if got := into[consoleJSON](w, "console", "show", "--console", tokyo); got != (consoleJSON{tokyo, "Tokyo", "Northwind"}) {
		t.Errorf("%+v", got)
	}
	if list := into[[]consoleJSON](w, "console", "list"); len(list) != 4 {
		t.Errorf("%+v", list)
	}
	w.refused("name.missing", 2, "console", "create", "--reseller", "Northwind")

	entity := w.id("legal-entity", "create", "--console", tokyo, "--name", "Northwind KK", "--country", "JP")
	w.refused("legal_entity.exists", 5, "legal-entity", "create", "--console", tokyo, "--name", "Northwind KK", "--country", "JP")
	type entityJSON struct{ ID, Name, Country string }
	if list := into[[]entityJSON](w, "legal-entity", "list", "--console", tokyo); len(list) != 1 || list[0] != (entityJSON{entity, "Northwind KK", "JP"}) {
		t.Errorf("%+v", list)
	}

	type user struct {
		Email, Name, Role string
		Operator          bool
		Link              string `json:"password_link"`
	}
	made := into[user](w, "user", "create", "--email", "Sato@example.com", "--name", "Sato", "--console", tokyo, "--role", "SUPER_ADMIN")
	if made.Email != "sato@example.com" || made.Role != "SUPER_ADMIN" || !strings.HasPrefix(made.Link, "http://localhost:8080/reset/") {
		t.Errorf("%+v", made)
	}
	secret := made.Link[strings.LastIndex(made.Link, "/")+1:]
	if _, err := w.ResetPassword(t.Context(), secret, "a long enough password"); err != nil {
		t.Errorf("the link: %v", err)
	}
	w.refused("person.last_super_admin", 6, "user", "set-role", "sato@example.com", "VIEWER", "--console", tokyo)
	w.refused("person.exists", 5, "user", "create", "--email", "sato@example.com", "--name", "Sato", "--operator")
	w.refused("cli.user_role", 2, "user", "create", "--email", "x@example.com", "--name", "X")
	w.refused("person.role", 2, "user", "create", "--email", "x@example.com", "--name", "X", "--console", tokyo, "--role", "KING")
	if list := into[[]user](w, "user", "list", "--console", tokyo); len(list) != 1 || list[0].Email != "sato@example.com" {
		t.Errorf("%+v", list)
	}
	if list := into[[]user](w, "user", "list"); len(list) != 1 {
		t.Errorf("a refused person was made: %+v", list)
	}
	w.run("user", "set-role", "sato@example.com", "BILLING", "--console", id(w.A))
	if out := w.run("user", "reset-password", "sato@example.com", "--base-url", "https://psc.example/"); !strings.Contains(out, "https://psc.example/reset/") {
		t.Errorf("%q", out)
	}
	w.refused("forbidden_operator", 4, "user", "reset-password", "sato@example.com", "--as", "sato@example.com")
}
