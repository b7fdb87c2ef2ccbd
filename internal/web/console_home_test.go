package web_test

import (
	"net/http"
	"testing"

	"psc/internal/apptest"
	"psc/internal/console"
)

func TestHomeLeadsToWhatClearsIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 3, nil)
	admin := s.as(s.person("boss", s.B, console.RoleSuperAdmin))
	admin.get(at(s.B, "")).want(http.StatusOK).shows("Nothing needs you now")
	c, err := s.InviteConsole(t.Context(), apptest.Admin(s.A), string(s.B.AccountID))
	s.Must(err)
	page := admin.get(at(s.B, "")).want(http.StatusOK).shows("Connection invite to answer", "expires").lacks("Nothing needs you now")
	if got := admin.open(page, "Review"); got.path() != at(s.B, "/unification/"+c.ID) {
		t.Errorf("it leads to %s", got.path())
	}
	s.as(s.person("reader", s.B, console.RoleViewer)).get(at(s.B, "")).want(http.StatusOK).shows("Nothing needs you now").lacks("Connection invite to answer")

	_, err = s.AcceptConnection(t.Context(), apptest.Admin(s.B), c.ID)
	s.Must(err)
	admin.get(at(s.B, "")).shows("Waiting period of a connection", "migrations can start from")
	s.Clock.Advance(s.Clock.Ahead() + s.Config.Terms.Waiting)
	s.Evaluate(c)
	admin.get(at(s.B, "")).shows("Customers ready to migrate 3")
}
