// Package connection holds the rules by which a main console and a source console connect (spec section 3).
package connection

import (
	"slices"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
)

// State of a connection.
type State string

// The states (spec C3). Expired is stored when somebody first writes after ExpiresAt; until then it is derived.
const (
	Invited   State = "INVITED"
	Connected State = "CONNECTED"
	Closed    State = "CLOSED"
	Cancelled State = "CANCELLED"
	Declined  State = "DECLINED"
	Expired   State = "EXPIRED"
)

// Reasons why a connection ended other than by the hand of the person who ends such connections.
const (
	ReasonConnectedElsewhere = "CONNECTED_ELSEWHERE" // the source accepted another main's invite
	ReasonBecameSource       = "BECAME_SOURCE"       // the inviter was itself connected as a source
)

// Side is which end of a connection a console is.
type Side string

// The two sides.
const (
	Main   Side = "main"
	Source Side = "source"
)

// Connection of a main and a source console.
type Connection struct {
	ID            string
	MainID        string
	SourceID      string
	State         State
	Reason        string // why it ended, if not by hand
	InvitedByID   string // the person
	InvitedByName string
	InvitedAt     time.Time
	SentAt        time.Time // the same by the system's clock, which limits follow; written, not read
	ExpiresAt     time.Time
	AcceptedAt    time.Time // zero until accepted
	MayStartAt    time.Time // zero until accepted
	EndedAt       time.Time // zero while open
	EndedBy       Side      // who ended it; empty: time
	EvaluatedAt   time.Time // last full evaluation of readiness; zero until the first one
	SharesOrders  bool      // the source lets the main read earlier orders (spec M9)
	MainAtEnd     Named     // what the consoles were called when it ended; empty while open
	SourceAtEnd   Named
}

// Named is what a console was called.
type Named struct {
	Name, Reseller string
}

// OtherAtEnd returns what the console at the other end from consoleID was called when the connection ended: what it does
// afterwards does not show (spec C7).
func (c Connection) OtherAtEnd(consoleID string) (n Named, ended bool) {
	n = c.MainAtEnd
	if consoleID == c.MainID {
		n = c.SourceAtEnd
	}
	return n, n.Name != ""
}

// SideOf returns which side the console is; empty if it is neither.
func (c Connection) SideOf(consoleID string) Side {
	switch consoleID {
	case c.MainID:
		return Main
	case c.SourceID:
		return Source
	default:
		return ""
	}
}

// Other returns the console at the other end from consoleID.
func (c Connection) Other(consoleID string) string {
	if consoleID == c.MainID {
		return c.SourceID
	}
	return c.MainID
}

// At returns the state at now: an invitation whose time is over is Expired even if nobody has written it yet.
func (c Connection) At(now time.Time) State {
	if c.State == Invited && !now.Before(c.ExpiresAt) {
		return Expired
	}
	return c.State
}

// Waiting reports whether the connection is in its waiting period at now (spec C5).
func (c Connection) Waiting(now time.Time) bool {
	return c.State == Connected && now.Before(c.MayStartAt)
}

// Action is what a person does to a connection.
type Action string

// The actions.
const (
	Accept  Action = "accept"
	Decline Action = "decline"
	Cancel  Action = "cancel"
	Close   Action = "close"
)

// Actions are all actions.
var Actions = []Action{Accept, Decline, Cancel, Close}

// moves is the state machine: for each action the state it starts from, the one it leads to, and who may do it.
var moves = map[Action]struct {
	from, to State
	by       []Side
}{
	Accept:  {Invited, Connected, []Side{Source}},
	Decline: {Invited, Declined, []Side{Source}},
	Cancel:  {Invited, Cancelled, []Side{Main}},
	Close:   {Connected, Closed, []Side{Main, Source}},
}

// Next returns the state that the action leads to when the actor does it at now. It refuses a person without the
// privilege ("forbidden"), the wrong side ("connection.wrong_side") and the wrong state ("connection.state").
func (c Connection) Next(action Action, actor console.Actor, now time.Time) (State, error) {
	if err := actor.May(console.SuperAdmin); err != nil {
		return "", err
	}
	m := moves[action]
	if !slices.Contains(m.by, c.SideOf(actor.ConsoleID)) {
		return "", fault.New(fault.Precondition, "connection.wrong_side", nil)
	}
	if at := c.At(now); at != m.from {
		return "", fault.New(fault.Conflict, "connection.state", fault.Args{"State": string(at)})
	}
	return m.to, nil
}

// Allows reports whether the actor may do the action at now: what a page asks before it shows a button.
func (c Connection) Allows(action Action, actor console.Actor, now time.Time) bool {
	_, err := c.Next(action, actor, now)
	return err == nil
}

// Standing is what the rules of spec C2 ask about the consoles of an invitation. Expired invites do not count.
type Standing struct {
	MainID, SourceID   string
	SourceConnected    bool // the source is CONNECTED to some main
	SourceIsMain       bool // the source is CONNECTED as a main
	MainIsSource       bool // the main is CONNECTED as a source
	OpenBetween        bool // another open connection between the two, either way round
	MainSuspended      bool
	SourceSuspended    bool
	InvitationsLastDay int
}

// InvitationsPerDay is how many invitations a console may send in 24 hours (spec C2).
const InvitationsPerDay = 20

// CheckInvite applies spec C2 to an invitation.
func CheckInvite(s Standing) error {
	if s.InvitationsLastDay >= InvitationsPerDay {
		return fault.New(fault.Limited, "connection.invite.limit", fault.Args{"Limit": InvitationsPerDay})
	}
	if s.OpenBetween && s.MainID != s.SourceID {
		return refuse("connection.invite.open_between")
	}
	return CheckAccept(s)
}

// CheckAccept applies spec C2 again when the invitation is accepted (spec C4).
func CheckAccept(s Standing) error {
	switch {
	case s.MainID == s.SourceID:
		return refuse("connection.invite.self")
	case s.MainSuspended:
		return refuse("connection.invite.main_suspended")
	case s.SourceSuspended:
		return refuse("connection.invite.suspended")
	case s.SourceConnected:
		return refuse("connection.invite.source_connected")
	case s.SourceIsMain:
		return refuse("connection.invite.source_is_main")
	case s.MainIsSource:
		return refuse("connection.invite.main_is_source")
	default:
		return nil
	}
}

func refuse(key string) error { return fault.New(fault.Precondition, key, nil) }

// Terms are the spans that a connection's times are made from; the times are stored when they begin (spec C5).
type Terms struct {
	Waiting    time.Duration // from acceptance to the first start
	InviteLife time.Duration // from the invitation to its expiry
}

// Reminders are how long after the invitation the source is reminded (spec C3).
var Reminders = []time.Duration{7 * 24 * time.Hour, 23 * 24 * time.Hour}
