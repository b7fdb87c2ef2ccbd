package web_test

import (
	"context"
	"net/http"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/store"
)

// keeper is the post of an installation that keeps its mails.
type keeper map[string]string

func (k keeper) Send(_ context.Context, l app.Letter) error {
	k[l.ID] = l.Email
	return nil
}

// The demo's mails are told with the day on which they were written in the sandbox, and never as sent.
func TestMailsOfTheSandbox(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Caught = map[string]string{}
	s.Post = keeper(s.Caught)
	s.person("sam", s.B, console.RoleSuperAdmin)
	s.Must(s.SwitchMailOn(t.Context()))
	_, err := s.InviteConsole(t.Context(), apptest.Admin(s.A), string(s.B.AccountID))
	s.Must(err)
	s.RunJobs(store.KindMail)
	b := s.as(s.person("robin", s.B, ""))
	b.get("/operator/mail").want(http.StatusOK).shows("sam@reseller.example", "Kept here, not sent", "Oct 1, 2026").lacks(">Sent<")
	for id, email := range s.Caught {
		b.get("/operator/mail/"+id).want(http.StatusOK).shows(email, "kept here and not sent")
	}
	if len(s.Caught) == 0 {
		t.Error("no mail was written")
	}
}
