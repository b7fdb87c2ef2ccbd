package cli_test

import (
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
)

func TestWebhookCommands(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	in := func(args ...string) []string { return append(args, "--console", id(w.A)) }
	w.refused("webhook.invalid", 2, in("webhook", "create", "http://a.example/")...)
	w.refused("webhook.invalid", 2, in("webhook", "create", "https://a.example/", "--events", "no.such")...)
	w.refused("forbidden", 4, in("webhook", "list", "--as", w.member(w.A, console.RoleBilling))...)
	type hook struct {
		ID, URL, Description, State, Secret string
		EventTypes                          []string `json:"event_types"`
	}
	made := into[hook](w, in("webhook", "create", "https://a.example/", "--events", "order.placed,customer.created", "--note", "CRM")...)
	if !strings.HasPrefix(made.Secret, "whsec_") || made.State != "ENABLED" || len(made.EventTypes) != 2 {
		t.Fatalf("%+v", made)
	}
	next := into[hook](w, in("webhook", "rotate", made.ID)...)
	if next.Secret == "" || next.Secret == made.Secret {
		t.Errorf("%+v", next)
	}
	delivery := w.id(in("webhook", "test", made.ID)...)
	w.run(in("webhook", "update", made.ID, "--disable")...)
	w.refused("webhook.disabled", 6, in("webhook", "test", made.ID)...)
	changed := into[hook](w, in("webhook", "update", made.ID, "--enable", "--url", "https://b.example/", "--events", "")...)
	if changed.URL != "https://b.example/" || changed.Description != "CRM" || len(changed.EventTypes) != 0 || changed.State != "ENABLED" || changed.Secret != "" {
		t.Errorf("%+v", changed)
	}
	if out := w.run(in("webhook", "deliveries", made.ID, "--outcome", "FAILED")...); !strings.Contains(out, delivery) || !strings.Contains(out, console.WebhookTest) {
		t.Errorf("the given up: %s", out)
	}
	w.refused("webhook.state", 2, in("webhook", "deliveries", made.ID, "--outcome", "LOST")...)
	one := into[struct{ ID, State, Payload string }](w, in("webhook", "delivery", made.ID, delivery)...)
	if one.ID != delivery || one.State != "FAILED" || !strings.Contains(one.Payload, `"webhook.test"`) {
		t.Errorf("%+v", one)
	}
	w.refused("cli.date", 2, in("webhook", "replay", made.ID, "--since", "soon")...)
	w.run(in("webhook", "replay", made.ID)...)
	w.refused("webhook.none_failed", 6, in("webhook", "replay", made.ID)...)
	w.run(in("webhook", "replay", made.ID, delivery)...)
	waiting, _, err := w.WebhookMessages(t.Context(), apptest.Admin(w.A), made.ID, app.WebhookQuery{State: "WAITING"}, 9)
	if err != nil || len(waiting) == 0 {
		t.Errorf("%+v, %v", waiting, err)
	}
	if out := w.run(in("webhook", "show", made.ID)...) + w.run(in("webhook", "delivery", made.ID, delivery)...); strings.Contains(out, next.Secret) || !strings.Contains(out, "https://b.example/") {
		t.Errorf("shown: %s", out)
	}
	w.run(in("webhook", "delete", made.ID)...)
	w.refused("webhook.not_found", 3, in("webhook", "show", made.ID)...)
	if list := into[[]hook](w, in("webhook", "list")...); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}
