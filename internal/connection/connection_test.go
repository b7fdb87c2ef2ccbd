package connection_test

import (
	"testing"
	"time"

	"psc/internal/connection"
	"psc/internal/console/consoletest"
	"psc/internal/fault"
	"psc/internal/golden"
)

var now = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// places are the consoles in which an actor may be.
var places = []struct{ name, consoleID string }{{"main", "m"}, {"source", "s"}, {"neither", "x"}}

// TestMatrix states what every action of everybody does in every state (spec C2 to C6).
func TestMatrix(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"state", "side", "who", "accept", "decline", "cancel", "close"}}
	for _, c := range []struct {
		name string
		connection.Connection
	}{
		{"INVITED", connection.Connection{State: connection.Invited, ExpiresAt: now.Add(1)}},
		{"INVITED, overdue", connection.Connection{State: connection.Invited, ExpiresAt: now}},
		{"CONNECTED", connection.Connection{State: connection.Connected, ExpiresAt: now}},
		{"CLOSED", connection.Connection{State: connection.Closed}},
		{"CANCELLED", connection.Connection{State: connection.Cancelled}},
		{"DECLINED", connection.Connection{State: connection.Declined}},
		{"EXPIRED", connection.Connection{State: connection.Expired}},
	} {
		c.MainID, c.SourceID = "m", "s"
		for _, place := range places {
			for _, who := range consoletest.Everybody(place.consoleID) {
				row := []string{c.name, place.name, who.Title}
				for _, action := range connection.Actions {
					next, err := c.Next(action, who.Actor, now)
					if c.Allows(action, who.Actor, now) != (err == nil) {
						t.Errorf("%v, %s: Allows and Next differ", row, action)
					}
					row = append(row, outcome(next, err))
				}
				rows = append(rows, row)
			}
		}
	}
	golden.Table(t, "matrix.txt", rows)
}

func outcome(next connection.State, err error) string {
	if err != nil {
		return key(err)
	}
	return "-> " + string(next)
}

func TestInvitationsAreCheckedAgainAtAcceptance(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set            func(*connection.Standing)
		invite, accept string
	}{
		"nothing against it":    {func(*connection.Standing) {}, "", ""},
		"one invitation left":   {func(s *connection.Standing) { s.InvitationsLastDay = 19 }, "", ""},
		"20 invitations":        {func(s *connection.Standing) { s.InvitationsLastDay = 20 }, "connection.invite.limit", ""},
		"open already":          {func(s *connection.Standing) { s.OpenBetween = true }, "connection.invite.open_between", ""},
		"itself":                {func(s *connection.Standing) { s.SourceID = "m" }, "connection.invite.self", "connection.invite.self"},
		"itself, open":          {func(s *connection.Standing) { s.SourceID, s.OpenBetween = "m", true }, "connection.invite.self", "connection.invite.self"},
		"suspended":             {func(s *connection.Standing) { s.SourceSuspended = true }, "connection.invite.suspended", "connection.invite.suspended"},
		"inviter suspended":     {func(s *connection.Standing) { s.MainSuspended = true }, "connection.invite.main_suspended", "connection.invite.main_suspended"},
		"source of another":     {func(s *connection.Standing) { s.SourceConnected = true }, "connection.invite.source_connected", "connection.invite.source_connected"},
		"main of others":        {func(s *connection.Standing) { s.SourceIsMain = true }, "connection.invite.source_is_main", "connection.invite.source_is_main"},
		"inviter is a source":   {func(s *connection.Standing) { s.MainIsSource = true }, "connection.invite.main_is_source", "connection.invite.main_is_source"},
		"limit before the rest": {func(s *connection.Standing) { s.InvitationsLastDay, s.SourceIsMain = 99, true }, "connection.invite.limit", "connection.invite.source_is_main"},
	} {
		s := connection.Standing{MainID: "m", SourceID: "s"}
		c.set(&s)
		if got := key(connection.CheckInvite(s)); got != c.invite {
			t.Errorf("%s: inviting gives %q, want %q", name, got, c.invite)
		}
		if got := key(connection.CheckAccept(s)); got != c.accept {
			t.Errorf("%s: accepting gives %q, want %q", name, got, c.accept)
		}
	}
	if kind := fault.KindOf(connection.CheckInvite(connection.Standing{SourceID: "s", InvitationsLastDay: 20})); kind != fault.Limited {
		t.Errorf("too many invitations are %s", kind)
	}
}

func key(err error) string {
	if e := fault.As(err); e != nil {
		return e.Key
	}
	return ""
}

func TestWhatTimeDecidesIsDerived(t *testing.T) {
	t.Parallel()
	invited := connection.Connection{State: connection.Invited, ExpiresAt: now}
	connected := connection.Connection{State: connection.Connected, ExpiresAt: now, MayStartAt: now}
	closed := connection.Connection{State: connection.Closed, MayStartAt: now}
	for _, c := range []struct {
		connection connection.Connection
		at         time.Time
		state      connection.State
		waiting    bool
	}{
		{invited, now.Add(-time.Microsecond), connection.Invited, false},
		{invited, now, connection.Expired, false},
		{connected, now.Add(-time.Microsecond), connection.Connected, true},
		{connected, now, connection.Connected, false},
		{connected, now.AddDate(1, 0, 0), connection.Connected, false},
		{closed, now.Add(-time.Hour), connection.Closed, false},
	} {
		if got := c.connection.At(c.at); got != c.state {
			t.Errorf("%s at %s is %s, want %s", c.connection.State, c.at, got, c.state)
		}
		if got := c.connection.Waiting(c.at); got != c.waiting {
			t.Errorf("%s at %s waits: %v, want %v", c.connection.State, c.at, got, c.waiting)
		}
	}
}

func TestSides(t *testing.T) {
	t.Parallel()
	c := connection.Connection{MainID: "m", SourceID: "s"}
	if c.SideOf("m") != connection.Main || c.SideOf("s") != connection.Source || c.SideOf("x") != "" {
		t.Error("SideOf is wrong")
	}
	if c.Other("m") != "s" || c.Other("s") != "m" {
		t.Error("Other is wrong")
	}
}
