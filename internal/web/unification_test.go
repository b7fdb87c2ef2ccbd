package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// sides are a super admin's browsers at the main, A, and at the source, B.
func (s *site) sides() (main, source *browser) {
	return s.as(s.person("aoi", s.A, console.RoleSuperAdmin)), s.as(s.person("ben", s.B, console.RoleSuperAdmin))
}

func TestConsolesAreConnectedByForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	main, source := s.sides()
	main.get(at(s.A, "/unification")).want(http.StatusOK).shows("No consoles are connected yet", string(s.A.AccountID))

	add := main.get(at(s.A, "/unification/add")).want(http.StatusOK)
	for typed, want := range map[string]string{
		"":                    "is not an account ID",
		"C123":                "is not an account ID",
		string(s.A.AccountID): "A console cannot be connected with itself",
		string(console.NewAccountID([7]byte{9, 9, 9})): "There is no console with this account ID",
	} {
		answer := main.submit(add, "Save & invite", url.Values{"account_id": {typed}}).shows(want)
		if answer.Status < 400 || answer.Status == http.StatusNotFound || answer.Status >= 500 {
			t.Errorf("%q: status %d", typed, answer.Status)
		}
	}
	// Full-width and upper case, as it may be typed.
	typed := " " + strings.ToUpper(string(s.B.AccountID)) + " "
	list := main.follow(main.submit(add, "Save & invite", url.Values{"account_id": {typed}}))
	list.shows("The invite has been sent.", "Sent, pending invite acceptance", string(s.B.AccountID)).lacks(s.B.Name)
	main.submit(add, "Save & invite", url.Values{"account_id": {typed}}).shows("There is an open invitation or connection")

	received := source.get(at(s.B, "/unification")).want(http.StatusOK).shows("Invite received, waiting for you")
	review := source.open(received, "Review connection invite").want(http.StatusOK)
	review.shows("aoi", s.A.Name, "Reseller", "A waiting period of 7 days begins", "Accept connection invite", "Decline")
	connected := source.follow(source.submit(review, "Accept connection invite", nil))
	connected.shows("Invite accepted, console connected", "Migrations can start")
	// The second press finds it done, and says so on the page of the connection.
	source.submit(review, "Accept connection invite", nil).want(http.StatusConflict).shows("accepted this invite already")

	page := main.get(at(s.A, "/unification")).shows(s.B.Name, "Invite accepted, console connected")
	question := main.open(page, "Close connection").want(http.StatusOK).shows("Close the connection with Console B?")
	main.follow(main.submit(question, "Close connection", nil)).shows("The connection has been closed.", "Connection closed")
	main.submit(question, "Close connection", nil).want(http.StatusConflict)
	source.get(at(s.B, "/unification")).shows("Ended connections and invites", "Connection closed")
}

func TestInvitesEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	main, source := s.sides()
	invite := func() {
		add := main.get(at(s.A, "/unification/add"))
		main.submit(add, "Save & invite", url.Values{"account_id": {string(s.B.AccountID)}}).want(http.StatusSeeOther)
	}
	invite()
	question := main.open(main.get(at(s.A, "/unification")), "Cancel invite").want(http.StatusOK)
	main.follow(main.submit(question, "Close connection", nil)).shows("Invite cancelled")
	invite()
	review := source.open(source.get(at(s.B, "/unification")), "Review connection invite")
	question = source.open(review, "Decline").want(http.StatusOK)
	source.follow(source.submit(question, "Decline", nil)).shows("Invite declined")
	main.get(at(s.A, "/unification")).shows("Invite declined", "Invite cancelled").lacks(s.B.Name)
	// Each side is told which console it is about; the main knows no more of it than the account ID.
	main.get(at(s.A, "/notices")).shows("The console " + string(s.B.AccountID) + " declined").lacks(s.B.Name)
	main.get(at(s.A, "/audit")).shows("“Console A” (" + string(s.A.AccountID) + ") to " + string(s.B.AccountID) + " declined").lacks(s.B.Name)
	source.get(at(s.B, "/notices")).shows("The connection invite of “Console A” (" + string(s.A.AccountID) + ") was cancelled")
	invite()
	s.Clock.Advance(s.Clock.Ahead() + s.Config.Terms.InviteLife)
	main.get(at(s.A, "/unification")).shows("Invite expired")
	source.get(at(s.B, "/unification")).shows("Invite expired", "Source console, if accepted")
}

func TestOnlySuperAdminsConnect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.Accept(s.A, s.B)
	_, connected := s.sides()
	connected.get(at(s.B, "/unification")).want(http.StatusOK).lacks("Add console") // a source can be no main
	connected.get(at(s.B, "/unification/add")).want(http.StatusConflict).shows("so it cannot be a main console")
	invite, err := s.InviteConsole(t.Context(), apptest.Admin(s.B), string(s.C.AccountID))
	if err == nil {
		t.Fatalf("a source invited: %+v", invite)
	}
	actions := []string{"/accept", "/decline", "/cancel", "/close", "/share"}
	for _, role := range console.Roles[1:] {
		b := s.as(s.person(string(role), s.B, role))
		list := b.get(at(s.B, "/unification")).want(http.StatusOK).shows(s.A.Name)
		page := b.get(at(s.B, "/unification/"+c.ID)).want(http.StatusOK)
		for _, button := range []string{"Add console", "Close connection", "Let the main console read it"} {
			if list.has(button) || page.has(button) {
				t.Errorf("%s sees %q", role, button)
			}
		}
		b.get(at(s.B, "/unification/add")).want(http.StatusForbidden)
		b.post(at(s.B, "/unification"), url.Values{"account_id": {string(s.C.AccountID)}}).want(http.StatusForbidden)
		for _, action := range actions {
			b.post(at(s.B, "/unification/"+c.ID+action), nil).want(http.StatusForbidden)
		}
	}
	// For a third console the connection does not exist.
	b := s.as(s.person("chi", s.C, console.RoleSuperAdmin))
	for _, action := range actions {
		foreign := b.post(at(s.C, "/unification/"+c.ID+action), nil).want(http.StatusNotFound)
		unknown := b.post(at(s.C, "/unification/con_unknown"+action), nil).want(http.StatusNotFound)
		if strings.ReplaceAll(foreign.Body, c.ID, "con_unknown") != unknown.Body {
			t.Errorf("%s: a foreign connection is another answer than an unknown one", action)
		}
	}
	b.get(at(s.C, "/unification/"+c.ID)).want(http.StatusNotFound)
}

func TestTheSourceSwitchesWhatTheMainReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.Accept(s.A, s.B)
	main, source := s.sides()
	page := source.get(at(s.B, "/unification/"+c.ID)).shows("Only this console can read it")
	page = source.follow(source.submit(page, "Let the main console read it", nil)).shows("The main console can read it")
	source.follow(source.submit(page, "Stop sharing", nil)).shows("Only this console can read it")
	if main.get(at(s.A, "/unification/"+c.ID)).has("Let the main console read it") {
		t.Error("the main sees the source's switch")
	}
}

func TestClosingIsAdvisedWhenNobodyIsLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 1, nil)
	c := s.Connect(s.A, s.B)
	main, _ := s.sides()
	main.get(at(s.A, "/unification")).lacks("We recommend closing the connection")
	s.Move(c, s.A, s.B)
	main.get(at(s.A, "/unification")).shows("We recommend closing the connection")
}

// Both pages say the same of who can migrate, and look again by themselves until everybody has been evaluated.
func TestTheFiguresAreThoseOfTheLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 3, func(i int, _ *customer.Customer, sub *customer.Subscription) {
		if i == 2 {
			sub.SKUID, sub.Group = apptest.Cloud, catalog.GoogleCloud
		}
	})
	c, err := s.InviteConsole(t.Context(), apptest.Admin(s.A), string(s.B.AccountID))
	s.Must(err)
	main, source := s.sides()
	page := source.follow(source.post(at(s.B, "/unification/"+c.ID+"/accept"), nil)).shows("Customers are being evaluated", "Reload")
	const again = `hx-trigger="every 2s"`
	pages := map[*browser][]string{
		source: {page.path(), at(s.B, "/unification"), at(s.B, "/migrations")}, main: {at(s.A, "/unification/"+c.ID), at(s.A, "/unification")},
	}
	for b, paths := range pages {
		for _, path := range paths {
			if !strings.Contains(b.get(path).Body, again) {
				t.Errorf("%s does not look again", path)
			}
		}
	}
	s.Evaluate(c)
	for b, paths := range pages {
		for _, path := range paths {
			if strings.Contains(b.get(path).lacks("being evaluated").Body, again) {
				t.Errorf("%s looks again for ever", path)
			}
		}
	}
	figures := source.get(page.path()).shows("Not ready to migrate 3", "Of these, only the waiting period 2")
	source.open(figures, "Of these, only").shows("Not ready to migrate 3", "2 of 2", "Customer 000001").lacks("Customer 000003")
	source.get(at(s.B, "/migrations?tab=not_ready&reason=HAS_GOOGLE_CLOUD")).shows("1 of 1", "Customer 000003", "Waiting period only")
	s.Clock.Advance(s.Clock.Ahead() + s.Config.Terms.Waiting)
	source.get(page.path()).shows("Ready to migrate 2", "Not ready to migrate 1")
	source.get(at(s.B, "/migrations?tab=not_ready")).shows("Ready to migrate 2", "Not ready to migrate 1").lacks("Waiting period only")
}

func TestASecondAcceptanceIsToldOfTheFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, source := s.sides()
	other := s.as(s.person("bea", s.B, console.RoleSuperAdmin))
	c, err := s.InviteConsole(t.Context(), apptest.Admin(s.A), string(s.B.AccountID))
	s.Must(err)
	page := at(s.B, "/unification/"+c.ID)
	stale := other.get(page)
	source.follow(source.submit(source.get(page), "Accept connection invite", nil))
	other.submit(stale, "Accept connection invite", nil).want(http.StatusConflict).
		shows("ben accepted this invite already, on Oct 1, 2026", "Invite accepted, console connected", "Manage customer migrations")
}

// Spec C8: the consoles of the person, the best main first, with what could not move.
func TestAdviceComparesConsoles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	person := s.person("aoi", s.A, console.RoleSuperAdmin)
	own := s.as(person)
	own.get(at(s.A, "/unification")).lacks("/unification/advice")
	own.get(at(s.A, "/unification/advice")).want(http.StatusOK).shows("There is nothing to compare").lacks(s.B.Name)
	s.Update(func(tx *store.Tx) error {
		m := console.Membership{ConsoleID: s.B.ID, PersonID: person.ID, Role: console.RoleSuperAdmin}
		return tx.SetMembership(t.Context(), m, apptest.Start)
	})
	s.AddCustomers(s.B, 3, func(i int, _ *customer.Customer, sub *customer.Subscription) {
		if i == 0 {
			sub.SKUID, sub.Group, sub.Plan = apptest.Cloud, catalog.GoogleCloud, catalog.Flexible
		}
	})
	s.AddCustomers(s.A, 2, func(_ int, _ *customer.Customer, sub *customer.Subscription) { sub.Currency = "EUR" })
	page := own.open(own.get(at(s.A, "/unification")), "Which console should be main?").shows("Recommended", "It has 3 customers", "One of them has Google Cloud", "Has Google Cloud", "EUR")
	if !regexp.MustCompile(`Console B C\w+ Recommended`).MatchString(page.text()) {
		t.Errorf("Console B is not the first:\n%s", page.text())
	}
	own.open(page, "New Google Workspace billing account").want(http.StatusOK).shows("EUR")
}
