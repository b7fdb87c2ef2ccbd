package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"psc/internal/console"
)

var signingSecret = regexp.MustCompile(`whsec_[0-9A-Za-z+/]{43}=`)

func TestWebhookPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	staff := s.as(s.person("staff", s.A, console.RoleResellerAdmin))
	staff.get(at(s.A, "/users/access/webhooks")).want(http.StatusForbidden)
	staff.get(at(s.A, "/users/access/webhooks/new")).want(http.StatusForbidden)
	b := s.as(s.person("boss", s.A, console.RoleSuperAdmin))
	list := b.open(b.get(at(s.A, "/users/access")), "Webhooks").want(http.StatusOK).shows("There is no webhook yet")
	form := b.open(list, "New webhook").want(http.StatusOK)
	again := b.submit(form, "Make the webhook", url.Values{"url": {"http://a.example/"}, "type": {"order.placed"}}).
		want(http.StatusUnprocessableEntity).shows("must begin with https://")
	if !strings.Contains(again.Body, `value="order.placed" checked`) {
		t.Error("the form has forgotten what was chosen")
	}
	made := b.submit(form, "Make the webhook", url.Values{"url": {"https://a.example/<x>"}, "note": {"CRM"}, "type": {"order.placed"}}).want(http.StatusOK)
	secret := signingSecret.FindString(strings.ReplaceAll(made.Body, "&#43;", "+"))
	if secret == "" || made.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q: %s", made.Header.Get("Cache-Control"), made.Body)
	}
	list = b.get(at(s.A, "/users/access/webhooks")).shows("https://a.example/&lt;x&gt;", "CRM", "1 type of event", "Enabled")
	page := b.open(list, "https://a.example/<x>").want(http.StatusOK).shows("Nothing has been sent yet", "order.placed")
	sent := b.follow(b.submit(page, "Send a test event", nil)).shows("webhook.test", "Waiting", "webhook-id", `"subject"`)
	if strings.Contains(page.Body+sent.Body, secret) {
		t.Error("the secret is shown again")
	}
	b.get(page.path() + "?state=FAILED").shows("No such delivery")
	b.get(page.path() + "?state=WAITING&type=webhook.test").shows("Waiting").lacks("No such delivery")
	b.get(page.path() + "?state=LOST").want(http.StatusUnprocessableEntity)

	edit := b.open(page, "Edit").want(http.StatusOK)
	b.follow(b.submit(edit, "Save", url.Values{"url": {"https://b.example/"}, "enabled": {}, "type": {}})).shows("Disabled", "https://b.example/", "All events", "Given up")
	b.submit(edit, "Save", url.Values{"url": {"https://c.example/"}}).want(http.StatusConflict)
	b.follow(b.submit(b.open(page, "Edit"), "Save", url.Values{"enabled": {"1"}})).shows("Enabled")
	replay := b.open(page, "Send failed ones again").want(http.StatusOK)
	b.submit(replay, "Send again", url.Values{"since": {"soon"}}).want(http.StatusUnprocessableEntity).shows("This is not a time")
	b.follow(b.submit(replay, "Send again", nil)).shows("1 message is sent again")
	b.follow(b.submit(b.get(sent.path()), "Send again", nil)).shows("1 message is sent again", "Waiting")
	rotated := b.submit(b.open(page, "New signing secret").want(http.StatusOK), "New signing secret", nil).want(http.StatusOK)
	if next := signingSecret.FindString(strings.ReplaceAll(rotated.Body, "&#43;", "+")); next == "" || next == secret {
		t.Errorf("%q", next)
	}
	b.get(at(s.A, "/audit")).shows("Webhook https://b.example changed", "Test event sent to the webhook https://a.example")

	stranger := s.as(s.person("other", s.B, console.RoleSuperAdmin))
	for _, path := range []string{page.path(), sent.path(), edit.path(), replay.path()} {
		foreign := strings.Replace(path, string(s.A.AccountID), string(s.B.AccountID), 1)
		stranger.get(foreign).want(http.StatusNotFound)
	}
	b.get(page.path() + "/deliveries/msg_none").want(http.StatusNotFound)
	b.follow(b.submit(b.open(page, "Remove").want(http.StatusOK), "Remove", nil)).shows("There is no webhook yet")
	b.get(page.path()).want(http.StatusNotFound)
}
