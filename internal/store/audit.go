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
	Marks       []string // with OfCustomers: what CustomerMarks has of them
	From, Until string   // event IDs: From inclusive, Until exclusive
}

// Events returns what of a console's trail the filter asks for, the newest first.
func (tx *Tx) Events(ctx context.Context, consoleID string, f EventFilter, limit int) ([]Event, error) {
	w := conditions{where: `WHERE console_id = $1`, args: []any{consoleID}}
	w.events(consoleID, f)
	return all(ctx, tx, scanEvent, selectEvent+w.where+` ORDER BY id DESC LIMIT `+w.next(limit), w.args...)
}

// EventOf returns the newest event of an action on a subject in a console's trail.
func (tx *Tx) EventOf(ctx context.Context, consoleID, subject, action string) (Event, error) {
	return one(ctx, tx, scanEvent, selectEvent+`WHERE console_id = $1 AND subject = $2 AND action = $3
		ORDER BY id DESC LIMIT 1`, consoleID, subject, action)
}

// CustomerEvents returns what a console's trail says of one customer, done to it alone or in bulk, the newest first, before the
// event ID before (empty: from the newest).
func (tx *Tx) CustomerEvents(ctx context.Context, consoleID, customerID, before string, limit int) ([]Event, error) {
	f := EventFilter{OfCustomers: true, CustomerIDs: []string{customerID}, Until: before}
	var err error
	if f.Marks, err = tx.CustomerMarks(ctx, consoleID, f.CustomerIDs); err != nil {
		return nil, err
	}
	return tx.Events(ctx, consoleID, f, limit)
}

// CustomerMarks returns by what to find the events of bulk actions that concerned these customers in a console: the IDs of
// events, or what they are about. Their migrations, of which the console was a side, have kept them.
func (tx *Tx) CustomerMarks(ctx context.Context, consoleID string, customerIDs []string) ([]string, error) {
	return tx.marks(ctx, `SELECT m.marks FROM migrations m WHERE m.console_id IN
			(SELECT main_id FROM connections WHERE source_id = $1 UNION SELECT source_id FROM connections WHERE main_id = $1 UNION SELECT $1)
		AND (m.console_id = $1 OR m.to_console_id = $1) AND m.customer_id IN (SELECT value->>'id' `+each("$2")+`)`, consoleID, idList(customerIDs))
}

// MarksOfCustomers is CustomerMarks in all consoles.
func (tx *Tx) MarksOfCustomers(ctx context.Context, customerIDs []string) ([]string, error) {
	return tx.marks(ctx, `SELECT m.marks FROM consoles k CROSS JOIN migrations m
		WHERE m.console_id = k.id AND m.customer_id IN (SELECT value->>'id' `+each("$1")+`)`, idList(customerIDs))
}

func (tx *Tx) marks(ctx context.Context, sql string, args ...any) ([]string, error) {
	list, err := all(ctx, tx, scalar[string], sql, args...)
	return strings.Fields(strings.Join(list, " ")), err
}
