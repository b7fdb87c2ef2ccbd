package apptest

import (
	"context"
	"errors"
	"fmt"

	"psc/internal/store"
)

// invariant is what holds in worlds of tests beside the rules of the store, as a query for what breaks it.
type invariant struct {
	name, sql string
}

var invariants = []invariant{
	{"customers are found by every part of their texts, and by nothing else", `SELECT term FROM (
		WITH RECURSIVE rest (console_id, customer_id, text) AS (SELECT console_id, id, search_text FROM customers
			UNION ALL SELECT console_id, customer_id, substr(text, 2) FROM rest WHERE length(text) > 1),
		due AS (SELECT DISTINCT console_id, substr(text, 1, 8) AS term, customer_id FROM rest WHERE text NOT LIKE ' %')
		SELECT d.term FROM due d LEFT JOIN customer_terms t ON t.console_id = d.console_id AND t.term = d.term AND t.customer_id = d.customer_id
			WHERE t.term IS NULL
		UNION ALL SELECT t.term FROM customer_terms t LEFT JOIN due d
			ON d.console_id = t.console_id AND d.term = t.term AND d.customer_id = t.customer_id WHERE d.term IS NULL) x`},
	{"an event of the other side names nobody", `SELECT id FROM audit_events
		WHERE side IN ('MAIN', 'SOURCE') AND (person_name <> '' OR person_id <> '' OR data LIKE '%` + personName + `%')`},
	{"a notice of the other side names nobody but who invites", `SELECT id FROM notices
		WHERE (kind LIKE 'connection.%' OR kind LIKE 'migration.%') AND kind <> 'connection.invited'
		AND data LIKE '%` + personName + `%'`},
}

// personName is how the names of all people of a world begin.
const personName = "Person of "

// Broken returns the invariants that do not hold, with what breaks them.
func (w *World) Broken() []string {
	w.T.Helper()
	var broken []string
	w.Must(w.DB.View(w.T.Context(), func(tx *store.Tx) error {
		breaches, err := tx.Breaches(w.T.Context(), 100)
		for _, b := range breaches {
			broken = append(broken, fmt.Sprintf("not so: %s: %v", b.Rule, b.Subjects))
		}
		return err
	}))
	for _, inv := range invariants {
		if ids := w.Texts(inv.sql); len(ids) > 0 {
			broken = append(broken, fmt.Sprintf("not so: %s: %v", inv.name, ids))
		}
	}
	return broken
}

// CheckInvariants fails the test if something does not hold that always must.
func (w *World) CheckInvariants() {
	w.T.Helper()
	for _, what := range w.Broken() {
		w.T.Error(what)
	}
}

// Texts returns the rows of a query with one column of text.
func (w *World) Texts(sql string) (list []string) {
	w.T.Helper()
	w.Must(w.DB.Engine().View(w.T.Context(), func(c store.Conn) (err error) {
		list, err = texts(w.T.Context(), c, sql)
		return err
	}))
	return list
}

// Exec changes rows behind the use cases' back.
func (w *World) Exec(sql string) {
	w.T.Helper()
	w.Must(w.DB.Engine().Update(w.T.Context(), func(c store.Conn) error {
		_, err := c.Exec(w.T.Context(), sql)
		return err
	}))
}

func texts(ctx context.Context, c store.Conn, sql string) (list []string, err error) {
	rows, err := c.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sql, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
