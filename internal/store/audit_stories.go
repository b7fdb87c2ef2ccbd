package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
)

// StoryFilter says which events of all trails operators ask for; what is empty asks for nothing in particular.
type StoryFilter struct {
	EventFilter

	ConsoleID string
	EventID   string
}

// storyMark is an event with the number of trails that it is in.
type storyMark struct {
	id     string
	trails int64
}

func scanMark(r Rows) (m storyMark, err error) {
	err = r.Scan(&m.id, &m.trails)
	return m, err
}

// EventStory is one event as all trails tell it together.
type EventStory struct {
	Told   []Event // as the consoles' trails tell it, up to storyTrails of them; the vendor's own has no console
	Trails int64   // how many trails it is in
}

// storyTrails is how many trails of one event are read.
const storyTrails = 6

// Stories returns the newest events of all trails together, the vendor's own included: what stands in several of them once.
func (tx *Tx) Stories(ctx context.Context, f StoryFilter, limit int) ([]EventStory, error) {
	marks, err := tx.storyMarks(ctx, f, limit)
	if err != nil {
		return nil, err
	}
	own, err := tx.ownMarks(ctx, f, limit)
	if err != nil {
		return nil, err
	}
	marks = append(marks, own...)
	slices.SortFunc(marks, func(a, b storyMark) int {
		switch {
		case a.id > b.id:
			return -1
		case a.id < b.id:
			return 1
		}
		return 0
	})
	// The vendor's own trail may tell what consoles' do.
	marks = slices.CompactFunc(marks, func(a, b storyMark) bool { return a.id == b.id })
	marks = marks[:min(len(marks), limit)]
	stories := make([]EventStory, len(marks))
	for i, m := range marks {
		told, err := all(ctx, tx, scanEvent, selectEvent+`WHERE id = $1 ORDER BY person_name DESC, console_id LIMIT $2`, m.id, storyTrails)
		if err != nil {
			return nil, err
		}
		vendors, err := all(ctx, tx, scanEvent, selectOperatorEvent+`WHERE id = $1`, m.id)
		if err != nil {
			return nil, err
		}
		stories[i] = EventStory{Told: append(told, vendors...), Trails: m.trails}
	}
	return stories, nil
}

// storyMarks returns the newest events of the consoles' trails.
func (tx *Tx) storyMarks(ctx context.Context, f StoryFilter, limit int) ([]storyMark, error) {
	w := conditions{where: `WHERE 1 = 1`}
	w.and(f.ConsoleID != "", `console_id = %s`, f.ConsoleID)
	w.and(f.EventID != "", `id = %s`, f.EventID)
	w.events(f.ConsoleID, f.EventFilter)
	return all(ctx, tx, scanMark, `SELECT id, count(*) FROM audit_events `+w.where+` GROUP BY id ORDER BY id DESC LIMIT `+w.next(limit), w.args...)
}

// ownMarks returns the newest events of the vendor's own trail, which is about no console and no customer.
func (tx *Tx) ownMarks(ctx context.Context, f StoryFilter, limit int) ([]storyMark, error) {
	if f.ConsoleID != "" || f.OfCustomers || f.Side != "" && f.Side != SideOperator {
		return nil, nil
	}
	w := conditions{where: `WHERE 1 = 1`}
	w.and(f.EventID != "", `id = %s`, f.EventID)
	w.and(f.Topic != "", `action LIKE %s`, f.Topic+".%")
	w.and(f.PersonID != "", `person_id = %s`, f.PersonID)
	w.and(f.From != "", `id >= %s`, f.From)
	w.and(f.Until != "", `id < %s`, f.Until)
	return all(ctx, tx, scanMark, `SELECT id, 0 FROM operator_events `+w.where+` ORDER BY id DESC LIMIT `+w.next(limit), w.args...)
}

// conditions are a WHERE that grows, with its arguments.
type conditions struct {
	where string
	args  []any
}

// and adds a condition on a value, for which %s stands.
func (c *conditions) and(wanted bool, cond string, value any) {
	if wanted {
		c.where += ` AND ` + fmt.Sprintf(cond, c.next(value))
	}
}

// events adds what a filter asks of the trail of a console; empty: of all.
func (c *conditions) events(consoleID string, f EventFilter) {
	c.and(f.Topic != "", `topic = %s`, f.Topic)
	c.and(f.Side != "", `side = %s`, f.Side)
	c.and(f.PersonID != "", `person_id = %s`, f.PersonID)
	if f.OfCustomers {
		c.where += fmt.Sprintf(ofCustomers, c.next(consoleID), c.next(idList(f.CustomerIDs)), c.next(idList(f.Marks)))
	}
	c.and(f.From != "", `id >= %s`, f.From)
	c.and(f.Until != "", `id < %s`, f.Until)
}

// ofCustomers are the events of customers and of what was done to them in bulk.
var ofCustomers = ` AND id IN (SELECT value->>'id' ` + each("%[3]s") + `
	UNION SELECT e.id FROM consoles k CROSS JOIN audit_events e WHERE (%[1]s = '' OR k.id = %[1]s) AND e.console_id = k.id
		AND e.customer_id <> '' AND e.customer_id IN (SELECT value->>'id' ` + each("%[2]s") + `)
	UNION SELECT e.id FROM consoles k CROSS JOIN audit_events e WHERE (%[1]s = '' OR k.id = %[1]s) AND e.console_id = k.id
		AND e.customer_id = '' AND e.topic = 'migration' AND e.subject IN (SELECT value->>'id' ` + each("%[3]s") + `))`

// next adds an argument and returns its place.
func (c *conditions) next(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}
