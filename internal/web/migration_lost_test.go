package web_test

import (
	"net/http"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/store"
)

// TestAnAccountThatWasLostIsNotUsed completes what was chosen for an account that has gone on probation since: the page says one
// thing of it, not that it is used and missing at once.
func TestAnAccountThatWasLostIsNotUsed(t *testing.T) {
	s := newSite(t)
	s.Config.Terms.Waiting = 0
	s.AddCustomers(s.B, 1, nil)
	c := s.Connect(s.A, s.B)
	all := app.Scope{All: true}
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, all)
	s.Must(err)
	admin := apptest.Admin(s.A)
	in := app.Completion{ConnectionID: c.ID, Scope: all, Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(s.A, "JPY", "le_1", "le_1")}}}
	_, err = s.ScheduleMigrations(t.Context(), admin, in, civil.DateOf(s.Clock.Now(), s.Config.BillingZone)+2)
	s.Must(err)
	_, err = s.WithdrawSchedules(t.Context(), admin, c.ID, all)
	s.Must(err)
	mia := s.as(s.person("mia", s.A, console.RoleSuperAdmin))
	path := at(s.A, "/migrations/"+c.ID+"/complete?scope=all")
	const used, lost, missing = "an account that was chosen before.", "account chosen before cannot", "no billing account yet"
	says := func(want ...string) {
		t.Helper()
		page := mia.get(path).want(http.StatusOK)
		for _, text := range []string{used, lost, missing} {
			if got, wanted := strings.Contains(page.text(), text), strings.Contains(strings.Join(want, "|"), text); got != wanted {
				t.Errorf("%q: %v, want %v", text, got, wanted)
			}
		}
		page.shows(want...)
	}
	says(used)
	for i, entity := range []string{"le_1", "le_2"} {
		s.Must(s.SetBillingAccountState(t.Context(), apptest.Operator(s.A), apptest.Account(s.A, "JPY", entity), billing.RestrictAccount))
		if i == 0 {
			says(lost, "Unless you choose another one, “")
		} else {
			says(lost, "Choose another one.", missing)
		}
	}
}
