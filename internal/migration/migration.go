// Package migration holds the rules by which customers move from a source console to its main (spec sections 4 and 5).
package migration

import (
	"slices"
	"time"

	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
)

// State of a migration.
type State string

// The states.
const (
	Started   State = "STARTED"   // waits for the main
	Scheduled State = "SCHEDULED" // the main has chosen a later billing date
	Migrating State = "MIGRATING" // a run is about to move it
	Completed State = "COMPLETED"
	Cancelled State = "CANCELLED"
)

// Open reports whether a migration in this state freezes its customer (spec M7).
func (s State) Open() bool { return s == Started || s == Scheduled || s == Migrating }

// Kind of a migration.
type Kind string

// The kinds. An undo goes the other way and is a migration of its own (spec M10).
const (
	Move Kind = "MOVE"
	Undo Kind = "UNDO"
)

// Migration of one customer from one console to another. The row belongs to the source console.
type Migration struct {
	ID           string
	ConnectionID string
	FromID       string // source console
	ToID         string // main console
	CustomerID   string
	CustomerName string // as it was when it started
	Domain       string
	Kind         Kind
	State        State
	StartedAt    time.Time
	StartedBy    string // name of the person, for the source only
	RunID        string // the operation that completes it; empty unless Migrating or Completed
	RunSeq       int64
	ReturnReason Code // why the last run could not move it; empty: never returned
	BillingDate  civil.Date
	EndedAt      time.Time
	EndedReason  string // CONNECTION_CLOSED, or empty: by hand
	Answers      string // of an undo: the migration that it answers
}

// ReasonConnectionClosed is why a migration was cancelled when nobody cancelled that one by hand (spec C6).
const ReasonConnectionClosed = "CONNECTION_CLOSED"

// Returned reports whether a run has tried to move it and could not.
func (m Migration) Returned() bool { return m.State == Started && m.ReturnReason != "" }

// Action is what a person does to a migration.
type Action string

// The actions on an open migration. Starting makes one; it has no state to start from.
const (
	Cancel   Action = "cancel"   // source
	Complete Action = "complete" // main
	Pause    Action = "pause"    // main: gives back what a run has not moved yet
	Schedule Action = "schedule" // main: completes it on a later billing date, or changes that date
	Withdraw Action = "withdraw" // main: takes the date back
)

// Actions are all actions.
var Actions = []Action{Cancel, Complete, Pause, Schedule, Withdraw}

// moves is the state machine of what people do; a run moves Migrating to Completed or back to Started.
var moves = map[Action]struct {
	from      []State
	to        State
	by        connection.Side
	privilege console.Privilege
}{
	Cancel:   {[]State{Started, Scheduled}, Cancelled, connection.Source, console.TransferCustomers},
	Complete: {[]State{Started}, Migrating, connection.Main, console.AddCustomers},
	Pause:    {[]State{Migrating}, Started, connection.Main, console.AddCustomers},
	Schedule: {[]State{Started, Scheduled}, Scheduled, connection.Main, console.AddCustomers},
	Withdraw: {[]State{Scheduled}, Started, connection.Main, console.AddCustomers},
}

// SideOf returns which side of the migration the console is; empty if it is neither.
func (m Migration) SideOf(consoleID string) connection.Side {
	switch consoleID {
	case m.FromID:
		return connection.Source
	case m.ToID:
		return connection.Main
	default:
		return ""
	}
}

// Next returns the state that the action leads to when the actor does it. It refuses a person without the privilege
// ("forbidden"), the wrong side ("migration.wrong_side") and the wrong state ("migration.state").
func (m Migration) Next(action Action, actor console.Actor) (State, error) {
	move := moves[action]
	if err := CheckActor(action, m.SideOf(actor.ConsoleID), actor); err != nil {
		return "", err
	}
	if !slices.Contains(move.from, m.State) {
		return "", fault.New(fault.Conflict, "migration.state", fault.Args{"State": string(m.State)})
	}
	return move.to, nil
}

// CheckActor refuses a person without the privilege for the action ("forbidden"), and the wrong side
// ("migration.wrong_side"). Use cases ask it for all migrations of a connection; the states are then guarded in SQL.
func CheckActor(action Action, side connection.Side, actor console.Actor) error {
	move := moves[action]
	if err := actor.May(move.privilege); err != nil {
		return err
	}
	if side != move.by {
		return fault.New(fault.Precondition, "migration.wrong_side", nil)
	}
	return nil
}

// ScheduleAhead is how many days ahead a billing date can be at the most (spec M11).
const ScheduleAhead = 31

// CheckSchedule refuses a billing date that is not between tomorrow and ScheduleAhead days from today, both inclusive
// (spec M11), as the field "date".
func CheckSchedule(d, today civil.Date) error {
	if first, last := today+1, today+ScheduleAhead; d < first || d > last {
		return fault.InvalidField("date", "migration.schedule_date", fault.Args{"From": first, "To": last})
	}
	return nil
}

// CheckStart refuses a start while the connection cannot take one: not connected, waiting (spec C5) or never evaluated.
func CheckStart(c connection.Connection, actor console.Actor, now time.Time) error {
	if err := actor.May(console.TransferCustomers); err != nil {
		return err
	}
	switch {
	case c.SideOf(actor.ConsoleID) != connection.Source:
		return fault.New(fault.Precondition, "migration.wrong_side", nil)
	case c.State != connection.Connected:
		return fault.New(fault.Precondition, "migration.not_connected", nil)
	case c.Waiting(now):
		return fault.New(fault.Precondition, "migration.waiting", fault.Args{"Until": c.MayStartAt})
	case c.EvaluatedAt.IsZero():
		return fault.New(fault.Precondition, "migration.not_evaluated", nil)
	default:
		return nil
	}
}
