package migration_test

import (
	"testing"
	"time"

	"psc/internal/connection"
	"psc/internal/console/consoletest"
	"psc/internal/fault"
	"psc/internal/golden"
	"psc/internal/migration"
)

var now = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// states are all states of a migration.
var states = []migration.State{
	migration.Started, migration.Scheduled, migration.Migrating, migration.Completed, migration.Cancelled,
}

// places are the consoles in which an actor may be.
var places = []struct{ name, consoleID string }{{"main", "m"}, {"source", "s"}, {"neither", "x"}}

func outcome(next migration.State, err error) string {
	if e := fault.As(err); e != nil {
		return e.Key
	}
	return "-> " + string(next)
}

// TestMatrix states what every action of everybody does in every state (spec M2, M3, M6).
func TestMatrix(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"state", "side", "who", "cancel", "complete", "pause", "schedule", "withdraw"}}
	for _, state := range states {
		m := migration.Migration{State: state, FromID: "s", ToID: "m"}
		for _, place := range places {
			for _, who := range consoletest.Everybody(place.consoleID) {
				row := []string{string(state), place.name, who.Title}
				for _, action := range migration.Actions {
					row = append(row, outcome(m.Next(action, who.Actor)))
				}
				rows = append(rows, row)
			}
		}
	}
	golden.Table(t, "matrix.txt", rows)
}

// TestStartMatrix states who may start when (spec C5, M1).
func TestStartMatrix(t *testing.T) {
	t.Parallel()
	evaluated := now.Add(-time.Hour)
	rows := [][]string{{"connection", "side", "who", "start"}}
	for _, c := range []struct {
		name string
		connection.Connection
	}{
		{"INVITED", connection.Connection{State: connection.Invited, EvaluatedAt: evaluated}},
		{"CONNECTED, waiting", connection.Connection{State: connection.Connected, MayStartAt: now.Add(1), EvaluatedAt: evaluated}},
		{"CONNECTED, unevaluated", connection.Connection{State: connection.Connected, MayStartAt: now}},
		{"CONNECTED", connection.Connection{State: connection.Connected, MayStartAt: now, EvaluatedAt: evaluated}},
		{"CLOSED", connection.Connection{State: connection.Closed, MayStartAt: now, EvaluatedAt: evaluated}},
		{"CANCELLED", connection.Connection{State: connection.Cancelled}},
		{"DECLINED", connection.Connection{State: connection.Declined}},
		{"EXPIRED", connection.Connection{State: connection.Expired}},
	} {
		c.MainID, c.SourceID = "m", "s"
		for _, place := range places {
			for _, who := range consoletest.Everybody(place.consoleID) {
				start := outcome(migration.Started, migration.CheckStart(c.Connection, who.Actor, now))
				rows = append(rows, []string{c.name, place.name, who.Title, start})
			}
		}
	}
	golden.Table(t, "start.txt", rows)
}

func TestOpenMigrationsFreeze(t *testing.T) {
	t.Parallel()
	for state, want := range map[migration.State]bool{
		migration.Started: true, migration.Scheduled: true, migration.Migrating: true,
		migration.Completed: false, migration.Cancelled: false, "": false,
	} {
		if got := state.Open(); got != want {
			t.Errorf("%q is open: %v", state, got)
		}
	}
}

func TestReturned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state  migration.State
		reason migration.Code
		want   bool
	}{
		{migration.Started, "", false},
		{migration.Started, migration.OpenOrder, true},
		{migration.Migrating, migration.OpenOrder, false},
		{migration.Completed, migration.OpenOrder, false},
		{migration.Cancelled, migration.OpenOrder, false},
	} {
		m := migration.Migration{State: c.state, ReturnReason: c.reason}
		if got := m.Returned(); got != c.want {
			t.Errorf("%s with reason %q is returned: %v", c.state, c.reason, got)
		}
	}
}
