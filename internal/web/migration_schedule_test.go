package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"psc/internal/apptest"
	"psc/internal/store"
)

// Spec M11: a billing date is chosen where accounts are chosen, shown with its zone, changed and withdrawn.
func TestMigrationsAreScheduledByForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, nil)
	c := s.Connect(s.A, s.B)
	main, source := s.sides()
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)

	choices := main.submit(main.get(at(s.A, "/migrations")), "Migrate selected items", url.Values{"scope": {"all"}})
	choices.shows("Migrate on (billing date)", "From Oct 9, 2026 to Nov 8, 2026", "Asia/Tokyo")
	for typed, want := range map[string]string{
		"2026-10-08": "must lie between", "2026-11-09": "must lie between", "tomorrow": "This is not a date. Nothing was scheduled.",
	} {
		answer := main.submit(choices, "Select & continue", url.Values{"date": {typed}}).shows(want)
		if answer.Status < 400 || answer.Status >= 500 {
			t.Errorf("%q: status %d", typed, answer.Status)
		}
	}
	list := main.follow(main.submit(choices, "Select & continue", url.Values{"date": {"2026-10-20"}}))
	list.shows("2 customers are scheduled for Oct 20, 2026", "Scheduled for Oct 20, 2026", "Change date")
	source.get(at(s.B, "/migrations?tab=started")).shows("Scheduled for Oct 20, 2026", "Cancel migration").lacks("Change date")
	source.get(at(s.B, "/notices")).shows("scheduled the migration of 2 customers for Oct 20, 2026 (Asia/Tokyo)")

	form := main.open(list, "Change all dates").want(http.StatusOK).shows("Change or withdraw the date")
	main.submit(form, "Change date", url.Values{"date": {"2026-12-24"}}).want(http.StatusUnprocessableEntity).shows("must lie between Oct 9, 2026 and Nov 8, 2026")
	list = main.follow(main.submit(form, "Change date", url.Values{"date": {"2026-10-21"}})).shows("Scheduled for Oct 21, 2026")
	form = main.open(list, "Change date").want(http.StatusOK)
	main.follow(main.submit(form, "Withdraw the date", nil)).shows("The date of 1 customer has been withdrawn", "Complete migration", "Scheduled for Oct 21, 2026")
	main.submit(form, "Withdraw the date", nil).want(http.StatusConflict).shows("nothing was changed")
}
