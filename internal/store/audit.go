package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// Event is one entry of a console's audit trail. What concerns two consoles is one event with one ID in both trails,
// each with the other side's people left out (spec section 7).
type Event struct {
	ConsoleID  string
	ID         string
	At         time.Time
	Side       EventSide
	PersonID   string
	PersonName string
	Action     string // a message key below "audit."; up to the first dot it says what it is about: its topic
	Subject    string // the ID of what changed
	CustomerID string // empty: no customer in particular
	Data       map[string]string
}

// EventSide says who did it, as the console of the trail sees it.
type EventSide string

// The sides of an event.
const (
	SideOwn      EventSide = "OWN"
	SideMain     EventSide = "MAIN"
	SideSource   EventSide = "SOURCE"
	SideOperator EventSide = "OPERATOR"
	SideSystem   EventSide = "SYSTEM"
)

// InsertEvent appends an event to its console's trail.
func (tx *Tx) InsertEvent(ctx context.Context, e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO audit_events
		(console_id, id, at, side, person_id, person_name, action, topic, subject, customer_id, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ConsoleID, e.ID, micros(e.At), e.Side, e.PersonID, e.PersonName, e.Action, topic(e.Action), e.Subject, e.CustomerID, string(data))
	return err
}

func topic(action string) string {
	before, _, _ := strings.Cut(action, ".")
	return before
}

// InsertOperatorEvent appends an event to the vendor's own trail: what concerns no console, such as that somebody was added.
func (tx *Tx) InsertOperatorEvent(ctx context.Context, e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO operator_events (id, at, person_id, person_name, action, subject, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, e.ID, micros(e.At), e.PersonID, e.PersonName, e.Action, e.Subject, string(data))
	return err
}

const selectOperatorEvent = `SELECT '', id, at, '` + string(SideOwn) + `', person_id, person_name, action, subject, '', data
	FROM operator_events `

func scanEvent(r Rows) (e Event, err error) {
	var at int64
	var data string
	if err = r.Scan(&e.ConsoleID, &e.ID, &at, &e.Side, &e.PersonID, &e.PersonName, &e.Action, &e.Subject,
		&e.CustomerID, &data); err != nil {
		return e, err
	}
	e.At = instant(at)
	return e, json.Unmarshal([]byte(data), &e.Data)
}

const selectEvent = `SELECT console_id, id, at, side, person_id, person_name, action, subject, customer_id, data
	FROM audit_events `

// EventFilter says which events of a trail are asked for; what is empty asks for nothing in particular.
type EventFilter struct {
	Topic       string
	Side        EventSide
	PersonID    string
	OfCustomers bool // those of CustomerIDs only
	CustomerIDs []string
	From, Until string // event IDs: From inclusive, Until exclusive
}

// Events returns what of a console's trail the filter asks for, the newest first.
func (tx *Tx) Events(ctx context.Context, consoleID string, f EventFilter, limit int) ([]Event, error) {
	w := conditions{where: `WHERE console_id = $1`, args: []any{consoleID}}
	w.events(f)
	return all(ctx, tx, scanEvent, selectEvent+w.where+` ORDER BY id DESC LIMIT `+w.next(limit), w.args...)
}

// EventOf returns the newest event of an action on a subject in a console's trail.
func (tx *Tx) EventOf(ctx context.Context, consoleID, subject, action string) (Event, error) {
	return one(ctx, tx, scanEvent, selectEvent+`WHERE console_id = $1 AND subject = $2 AND action = $3
		ORDER BY id DESC LIMIT 1`, consoleID, subject, action)
}

// CustomerEvents returns what a console's trail says of one customer, the newest first, before the event ID before (empty:
// from the newest).
func (tx *Tx) CustomerEvents(ctx context.Context, consoleID, customerID, before string, limit int) ([]Event, error) {
	return all(ctx, tx, scanEvent, selectEvent+`WHERE console_id = $1 AND customer_id = $2 AND ($3 = '' OR id < $3)
		ORDER BY id DESC LIMIT $4`, consoleID, customerID, before, limit)
}
