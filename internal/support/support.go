// Package support holds the rules of support cases: who may do what in which state, and which files one may carry.
package support

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
)

// Kind says what a case is about.
type Kind string

// The kinds of case.
const (
	Question Kind = "QUESTION"
	Problem  Kind = "PROBLEM"
	Invoices Kind = "BILLING"
	Account  Kind = "ACCOUNT"

	// UndoMigration asks for a customer's latest move to be undone (spec M10). It is opened from that customer.
	UndoMigration Kind = "UNDO_MIGRATION"
)

// Kinds are those that a person chooses from.
var Kinds = []Kind{Question, Problem, Invoices, Account}

// State of a case.
type State string

// The states of a case. Whom it waits for is who can do something next.
const (
	Open     State = "OPEN" // nobody has answered yet
	Partner  State = "WAITING_FOR_PARTNER"
	Operator State = "WAITING_FOR_OPERATOR"
	Resolved State = "RESOLVED"
	Closed   State = "CLOSED"
)

// States are all of them.
var States = []State{Open, Partner, Operator, Resolved, Closed}

// Case is a matter that a console has brought before the vendor.
type Case struct {
	ConsoleID    string
	ID           string
	Number       int64 // counted within its console
	Kind         Kind
	Title        string
	CustomerID   string // empty: it is about the console
	CustomerName string // as it was called then
	State        State
	OpenedBy     string
	ByOperator   bool // an operator opened it in the console's place
	OpenedAt     time.Time
	ChangedAt    time.Time
	AssigneeID   string // the operator who has taken it; empty: nobody
	Assignee     string
}

// Reference is how people call the case of a console: "C2345678b-12".
func (c Case) Reference(account console.AccountID) string {
	return string(account) + "-" + strconv.FormatInt(c.Number, 10)
}

// Action is something that is done to a case.
type Action string

// The actions.
const (
	Reply   Action = "reply"
	Note    Action = "note" // an operator's, for operators
	Resolve Action = "resolve"
	Close   Action = "close"
	Reopen  Action = "reopen"
	Assign  Action = "assign"
	Release Action = "release"
)

// Actions are all of them.
var Actions = []Action{Reply, Note, Resolve, Close, Reopen, Assign, Release}

// move is one allowed action: in which states, and where it leads; empty: the case stays as it is.
type move struct {
	from     []State
	operator bool // for operators alone
	to       State
}

var (
	going = []State{Open, Partner, Operator}
	moves = map[Action]move{
		Reply:   {from: []State{Open, Partner, Operator, Resolved}}, // leads to whoever did not write it
		Note:    {from: States, operator: true},
		Resolve: {from: going, operator: true, to: Resolved},
		Close:   {from: []State{Open, Partner, Operator, Resolved}, to: Closed},
		Reopen:  {from: []State{Resolved, Closed}, to: Operator},
		Assign:  {from: States, operator: true},
		Release: {from: States, operator: true},
	}
)

// Next returns the state to which the actor's action leads, or the fault that says why it is refused: "forbidden",
// "forbidden_operator", or "case.state".
func (c Case) Next(action Action, actor console.Actor) (State, error) {
	m, known := moves[action]
	if !known {
		return c.State, fault.New(fault.Invalid, "case.action", nil)
	}
	if err := actor.May(console.SupportCases); err != nil {
		return c.State, err
	}
	if m.operator {
		if err := actor.MayOperate(); err != nil {
			return c.State, err
		}
	}
	switch {
	case !slices.Contains(m.from, c.State):
		return c.State, fault.New(fault.Precondition, "case.state", nil)
	case action == Reply && actor.Operator:
		return Partner, nil
	case action == Reply && c.State == Open:
		return Open, nil
	case action == Reply:
		return Operator, nil
	case m.to == "":
		return c.State, nil
	}
	return m.to, nil
}

// How long the texts of a case may be, in characters.
const (
	TitleLimit = 200
	TextLimit  = 10_000
)

// Going reports whether the case is neither resolved nor closed.
func (c Case) Going() bool { return slices.Contains(going, c.State) }

// CheckTitle returns the title as it is kept, or "case.title_missing" or "case.title_long".
func CheckTitle(typed string) (string, error) {
	title := strings.Join(strings.Fields(typed), " ")
	if title == "" {
		return "", fault.InvalidField("title", "case.title_missing", nil)
	}
	if len([]rune(title)) > TitleLimit {
		return "", fault.InvalidField("title", "case.title_long", fault.Args{"Limit": TitleLimit})
	}
	return title, nil
}

// CheckText returns a message as it is kept, or "case.text_missing" or "case.text_long".
func CheckText(typed string) (string, error) {
	text := strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n"))
	if text == "" {
		return "", fault.InvalidField("text", "case.text_missing", nil)
	}
	if len([]rune(text)) > TextLimit {
		return "", fault.InvalidField("text", "case.text_long", fault.Args{"Limit": TextLimit})
	}
	return text, nil
}
