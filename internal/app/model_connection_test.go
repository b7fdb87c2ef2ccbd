package app_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"psc/internal/apptest"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/store"
)

func (m *model) invite(role console.Role, main, source console.Console) {
	now := m.w.Clock.Now()
	c, err := m.w.InviteConsole(m.w.T.Context(), apptest.As(main, role), string(source.AccountID))
	m.want(fmt.Sprintf("%s of %s invites %s", role, main.Name, source.Name), err, m.inviting(role, main.ID, source.ID, now))
	if err == nil {
		m.connections = append(m.connections, &modelConnection{c})
	}
}

func (m *model) inviting(role console.Role, main, source string, now time.Time) string {
	sent, between := 0, false
	for _, c := range m.connections {
		if c.MainID == main && c.InvitedAt.After(now.Add(-24*time.Hour)) {
			sent++
		}
		open := c.State == connection.Connected || c.State == connection.Invited
		between = between || open && c.SideOf(main) != "" && c.SideOf(source) != "" && main != source
	}
	switch {
	case role != console.RoleSuperAdmin:
		return "forbidden"
	case sent >= 20:
		return "connection.invite.limit"
	case between:
		return "connection.invite.open_between"
	default:
		return m.pairing(main, source)
	}
}

// pairing is spec C2 for a new main and its source.
func (m *model) pairing(main, source string) string {
	switch {
	case main == source:
		return "connection.invite.self"
	case m.connectedAsSource(source) != nil:
		return "connection.invite.source_connected"
	case m.connectedAsMain(source):
		return "connection.invite.source_is_main"
	case m.connectedAsSource(main) != nil:
		return "connection.invite.main_is_source"
	default:
		return ""
	}
}

// acting is what the rules say to an action on a connection before they look at anything else.
func acting(actor console.Actor, c *modelConnection, from connection.State, by ...connection.Side) string {
	side := c.SideOf(actor.ConsoleID)
	switch {
	case side == "":
		return "connection.not_found"
	case actor.Role != console.RoleSuperAdmin:
		return "forbidden"
	case side != by[0] && side != by[len(by)-1]:
		return "connection.wrong_side"
	case c.State != from:
		return "connection.state"
	default:
		return ""
	}
}

func (m *model) accept(actor console.Actor, c *modelConnection) {
	want := acting(actor, c, connection.Invited, connection.Source)
	if want == "" {
		want = m.pairing(c.MainID, c.SourceID)
	}
	got, err := m.w.AcceptConnection(m.w.T.Context(), actor, c.ID)
	m.want(fmt.Sprintf("%s of %s accepts %s", actor.Role, actor.ConsoleID, c.ID), err, want)
	if err != nil {
		return
	}
	for _, other := range m.connections {
		switch {
		case other == c || other.State != connection.Invited:
		case other.SourceID == c.SourceID:
			other.State, other.Reason = connection.Declined, connection.ReasonConnectedElsewhere
		case other.MainID == c.SourceID:
			other.State, other.Reason = connection.Cancelled, connection.ReasonBecameSource
		}
	}
	c.Connection = got
	c.State = connection.Connected
}

func (m *model) refuseInvite(actor console.Actor, c *modelConnection, action connection.Action) {
	var err error
	var want string
	if action == connection.Decline {
		want = acting(actor, c, connection.Invited, connection.Source)
		err = m.w.DeclineConnection(m.w.T.Context(), actor, c.ID)
	} else {
		want = acting(actor, c, connection.Invited, connection.Main)
		err = m.w.CancelInvite(m.w.T.Context(), actor, c.ID)
	}
	m.want(fmt.Sprintf("%s of %s: %s %s", actor.Role, actor.ConsoleID, action, c.ID), err, want)
	if err != nil {
		return
	}
	c.State = connection.Declined
	if action == connection.Cancel {
		c.State = connection.Cancelled
	}
}

func (m *model) close(actor console.Actor, c *modelConnection, stopRun bool) {
	want := acting(actor, c, connection.Connected, connection.Main, connection.Source)
	stopping := stopRun && actor.ConsoleID == c.MainID
	if want == "" && !stopping {
		for _, g := range m.migrations {
			if g.connection == c && g.state == migration.Migrating {
				want = "connection.close.migrating"
			}
		}
	}
	err := m.w.CloseConnection(m.w.T.Context(), actor, c.ID, stopRun)
	m.want(fmt.Sprintf("%s of %s closes %s, stopping the run: %v", actor.Role, actor.ConsoleID, c.ID, stopRun), err, want)
	if err != nil {
		return
	}
	c.State = connection.Closed
	for _, r := range m.runs {
		if r.connection == c && (r.state == store.OperationPaused || r.state == store.OperationRunning && stopping) {
			r.state = store.OperationDone
		}
	}
	for _, g := range m.migrations {
		if g.connection == c && g.state.Open() {
			g.state, g.ended = migration.Cancelled, migration.ReasonConnectionClosed
			g.customer.migration = nil
			m.reached["closed under way"]++
		}
	}
}

func (m *model) drawInvite(t *rapid.T) {
	main, source := m.drawPlace("main"), m.drawPlace("source")
	if main == source && !rarely(t, "itself", 8) {
		panic(nothing("nobody invites itself"))
	}
	m.invite(m.drawRole(), main, source)
}

func (m *model) drawAccept(t *rapid.T) {
	c := m.drawConnection(t, connection.Invited)
	m.accept(m.drawActor(c.SourceID), c)
}

func (m *model) drawRefusal(t *rapid.T, action connection.Action) {
	c := m.drawConnection(t, connection.Invited)
	side := c.SourceID
	if action == connection.Cancel {
		side = c.MainID
	}
	m.refuseInvite(m.drawActor(side), c, action)
}

func (m *model) drawClose(t *rapid.T) {
	c := m.drawConnection(t, connection.Connected)
	m.close(m.drawActor(pick(t, "side", []string{c.MainID, c.SourceID})), c, rapid.Bool().Draw(t, "stop the run"))
}

// time lets an hour, a day, a week or a month go by.
func (m *model) time(t *rapid.T) {
	const day = 24 * time.Hour
	m.advance(pick(t, "goes by", []time.Duration{time.Hour, day, 7 * day, 7 * day, 31 * day}))
}

func (m *model) drawRole() console.Role {
	if rarely(m.t, "another role", 5) {
		return pick(m.t, "role", console.Roles)
	}
	return console.RoleSuperAdmin
}

func (m *model) drawPlace(what string) console.Console {
	return pick(m.t, what, m.places)
}

// drawActor draws somebody: mostly of the side that may do it, sometimes of any console.
func (m *model) drawActor(rightful string) console.Actor {
	c := m.drawPlace("console")
	if !rarely(m.t, "elsewhere", 10) {
		for _, place := range m.places {
			if place.ID == rightful {
				c = place
			}
		}
	}
	return apptest.As(c, m.drawRole())
}

// drawConnection draws a connection, mostly one in the state.
func (m *model) drawConnection(t *rapid.T, state connection.State) *modelConnection {
	var fit []*modelConnection
	for _, c := range m.connections {
		if c.State == state {
			fit = append(fit, c)
		}
	}
	if rarely(t, "any connection", 12) {
		fit = m.connections
	}
	if len(fit) == 0 {
		panic(nothing("no connection yet"))
	}
	return pick(t, "connection", fit)
}
