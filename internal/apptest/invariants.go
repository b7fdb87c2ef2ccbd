package apptest

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"psc/internal/civil"
	"psc/internal/store"
)

// invariant is what holds after every transaction, as a query for what breaks it.
type invariant struct {
	name, sql string
}

var invariants = []invariant{
	{"each customer is live in exactly one console", `SELECT id FROM customers GROUP BY id
		HAVING sum(CASE WHEN state = 'LIVE' THEN 1 ELSE 0 END) <> 1`},
	{"a customer has at most one open migration", `SELECT customer_id FROM migrations
		WHERE state IN ('STARTED', 'SCHEDULED', 'MIGRATING') GROUP BY customer_id HAVING count(*) > 1`},
	{"an open migration freezes its live customer", `SELECT m.id FROM migrations m LEFT JOIN customers c
		ON c.console_id = m.console_id AND c.id = m.customer_id AND c.state = 'LIVE' AND c.migration_id = m.id
		WHERE m.state IN ('STARTED', 'SCHEDULED', 'MIGRATING') AND c.id IS NULL`},
	{"only an open migration freezes a customer", `SELECT c.id FROM customers c LEFT JOIN migrations m
		ON m.console_id = c.console_id AND m.id = c.migration_id AND m.state IN ('STARTED', 'SCHEDULED', 'MIGRATING')
		WHERE c.migration_id <> '' AND m.id IS NULL`},
	{"a source is connected to at most one main", `SELECT source_id FROM connections WHERE state = 'CONNECTED'
		GROUP BY source_id HAVING count(*) > 1`},
	{"no chains and no circles", `SELECT a.id FROM connections a JOIN connections b ON b.source_id = a.main_id
		WHERE a.state = 'CONNECTED' AND b.state = 'CONNECTED'`},
	{"the summary of a customer is what its subscriptions say", `SELECT c.id FROM customers c
		LEFT JOIN (SELECT console_id, customer_id, sum(seats) AS seats, min(CASE WHEN state = 'TRIAL' AND trial_end > 0
			THEN trial_end WHEN state <> 'TRIAL' AND term_end > 0 THEN term_end END) AS next
			FROM subscriptions WHERE state <> 'CANCELLED' GROUP BY console_id, customer_id) s
			ON s.console_id = c.console_id AND s.customer_id = c.id
		WHERE c.seats <> COALESCE(s.seats, 0) OR c.next_renewal <> COALESCE(s.next, ` + forever + `)`},
	{"customers are found by every part of their texts, and by nothing else", `SELECT term FROM (
		WITH RECURSIVE rest (console_id, customer_id, text) AS (SELECT console_id, id, search_text FROM customers
			UNION ALL SELECT console_id, customer_id, substr(text, 2) FROM rest WHERE length(text) > 1),
		due AS (SELECT DISTINCT console_id, substr(text, 1, 8) AS term, customer_id FROM rest WHERE text NOT LIKE ' %')
		SELECT d.term FROM due d LEFT JOIN customer_terms t ON t.console_id = d.console_id AND t.term = d.term AND t.customer_id = d.customer_id
			WHERE t.term IS NULL
		UNION ALL SELECT t.term FROM customer_terms t LEFT JOIN due d
			ON d.console_id = t.console_id AND d.term = t.term AND d.customer_id = t.customer_id WHERE d.term IS NULL) x`},
	{"an open migration has its connection", `SELECT m.id FROM migrations m JOIN connections n ON n.id = m.connection_id
		WHERE m.state IN ('STARTED', 'SCHEDULED', 'MIGRATING') AND n.state <> 'CONNECTED'`},
	{"a migration goes from the source to the main", `SELECT m.id FROM migrations m LEFT JOIN connections n
		ON n.id = m.connection_id AND (n.source_id = m.console_id AND n.main_id = m.to_console_id
			OR m.kind = 'UNDO' AND n.source_id = m.to_console_id AND n.main_id = m.console_id) WHERE n.id IS NULL`},
	{"an undo goes back the way that what it answers came", `SELECT m.id FROM migrations m LEFT JOIN migrations a
		ON a.console_id = m.to_console_id AND a.id = m.answers_id AND a.to_console_id = m.console_id AND a.customer_id = m.customer_id
			AND a.state = 'COMPLETED' AND a.connection_id = m.connection_id
		WHERE (m.kind = 'UNDO' OR m.answers_id <> '') AND a.id IS NULL`},
	{"a migration is undone once", `SELECT answers_id FROM migrations WHERE answers_id <> '' GROUP BY answers_id HAVING count(*) > 1`},
	{"nothing starts in the waiting period", `SELECT m.id FROM migrations m JOIN connections n ON n.id = m.connection_id
		WHERE m.started_at < n.may_start_at`},
	{"what is migrating has a run ahead that runs", `SELECT m.id FROM migrations m LEFT JOIN operations o
		ON o.console_id = m.to_console_id AND o.id = m.run_id AND o.state = 'RUNNING' AND o.next_seq <= m.run_seq
		WHERE m.state = 'MIGRATING' AND o.id IS NULL`},
	{"a run counts what it moved", `SELECT o.id FROM operations o WHERE o.kind = 'COMPLETE_MIGRATIONS' AND o.done <>
		(SELECT count(*) FROM migrations m WHERE m.console_id = o.source_id AND m.run_id = o.id AND m.state = 'COMPLETED')`},
	{"a run counts what it gave back", `SELECT o.id FROM operations o WHERE o.kind = 'COMPLETE_MIGRATIONS' AND o.returned <>
		(SELECT count(*) FROM operation_returns r WHERE r.console_id = o.console_id AND r.operation_id = o.id)`},
	{"a run does not do more than it took", `SELECT id FROM operations WHERE done + returned > total`},
	{"nothing is left of what moved", `SELECT s.id FROM subscriptions s
		JOIN customers c ON c.console_id = s.console_id AND c.id = s.customer_id
		WHERE c.state = 'MOVED' AND s.moved = 0 AND s.state <> 'CANCELLED'`},
	{"a moved record names the migration that moved it", `SELECT c.id FROM customers c LEFT JOIN migrations m
		ON m.console_id = c.console_id AND m.id = c.moved_by AND m.customer_id = c.id AND m.state = 'COMPLETED'
			AND m.ended_at = c.moved_at
		WHERE c.state = 'MOVED' AND m.id IS NULL`},
	{"each subscription is one console's", `SELECT id FROM subscriptions GROUP BY id
		HAVING sum(CASE WHEN moved = 0 THEN 1 ELSE 0 END) <> 1`},
	{"a completed migration names both accounts of what it moved", `SELECT m.id FROM migrations m
		JOIN migration_subscriptions x ON x.console_id = m.console_id AND x.migration_id = m.id
		LEFT JOIN billing_accounts f ON f.console_id = m.console_id AND f.id = x.from_account_id
			AND f.legal_entity_id = x.from_legal_entity_id
		LEFT JOIN billing_accounts t ON t.console_id = m.to_console_id AND t.id = x.to_account_id
			AND t.legal_entity_id = x.to_legal_entity_id
		WHERE m.state = 'COMPLETED' AND (f.id IS NULL OR t.id IS NULL OR f.currency <> t.currency)`},
	{"what is sold is billed to a fitting account of its console", `SELECT s.id FROM subscriptions s LEFT JOIN billing_accounts b
		ON b.console_id = s.console_id AND b.id = s.billing_account_id AND b.currency = s.currency
			AND b.product_group = s.product_group
		WHERE b.id IS NULL`},
	{"nothing is billed to a closed account", `SELECT s.id FROM subscriptions s
		JOIN billing_accounts b ON b.console_id = s.console_id AND b.id = s.billing_account_id
		WHERE s.moved = 0 AND s.state <> 'CANCELLED' AND b.state = 'CLOSED'`},
	{"each day is billed once", `SELECT subscription_id FROM (SELECT subscription_id, to_date,
			lead(from_date) OVER (PARTITION BY subscription_id ORDER BY from_date, to_date) AS next_date
			FROM segments WHERE from_date < to_date AND carried = 0) g WHERE next_date IS NOT NULL AND next_date <> to_date`},
	{"billing begins where the subscription began", `SELECT s.id FROM subscriptions s
		JOIN (SELECT subscription_id, min(from_date) AS first FROM segments WHERE carried = 0 GROUP BY subscription_id) g
			ON g.subscription_id = s.id
		WHERE s.start_date <> g.first`},
	{"who has the subscription is billed, and nobody else", `SELECT s.id FROM subscriptions s
		LEFT JOIN (SELECT subscription_id, count(*) AS n FROM segments WHERE to_date = ` + forever + ` GROUP BY subscription_id) g
			ON g.subscription_id = s.id
		WHERE s.moved = 0 AND COALESCE(g.n, 0) <> CASE WHEN s.state = 'CANCELLED' THEN 0 ELSE 1 END`},
	{"the open segment is what the subscription says", `SELECT id FROM (
		SELECT console_id, id, billing_account_id, seats FROM subscriptions WHERE moved = 0 AND state <> 'CANCELLED'
		EXCEPT SELECT console_id, subscription_id, billing_account_id, seats FROM segments WHERE to_date = ` + forever + `) s`},
	{"each prepaid lot is held once", `SELECT id FROM lots GROUP BY id
		HAVING sum(CASE WHEN held_to = ` + forever + ` THEN 1 ELSE 0 END) <> CASE WHEN EXISTS (SELECT 1 FROM charges h
			WHERE h.lot_id = lots.id AND h.line_type = 'TRANSFER_CREDIT' AND h.migration_id = '') THEN 0 ELSE 1 END`},
	{"what a move credits it charges", `SELECT migration_id FROM charges WHERE migration_id <> '' AND line_type LIKE 'TRANSFER%'
		GROUP BY migration_id, lot_id HAVING sum(amount) <> 0 OR count(*) <> 2`},
	{"what concerns two consoles is one event in both trails", `SELECT id FROM audit_events
		WHERE action LIKE 'connection.%' OR action LIKE 'migration.%'
		GROUP BY id HAVING count(*) <> 2 OR min(action) <> max(action) OR min(at) <> max(at)`},
	{"an event names at most one side's person", `SELECT id FROM audit_events GROUP BY id
		HAVING sum(CASE WHEN person_name <> '' OR person_id <> '' THEN 1 ELSE 0 END) > 1`},
	{"an event of the other side names nobody", `SELECT id FROM audit_events
		WHERE side IN ('MAIN', 'SOURCE') AND (person_name <> '' OR person_id <> '' OR data LIKE '%` + personName + `%')`},
	{"an own event names who it was", `SELECT id FROM audit_events WHERE side = 'OWN' AND person_name = ''`},
	{"a notice of the other side names nobody but who invites", `SELECT id FROM notices
		WHERE (kind LIKE 'connection.%' OR kind LIKE 'migration.%') AND kind <> 'connection.invited'
		AND data LIKE '%` + personName + `%'`},
}

// personName is how the names of all people of a world begin.
const personName = "Person of "

var forever = strconv.Itoa(int(civil.Forever))

// Broken returns the invariants that do not hold, with what breaks them.
func (w *World) Broken() []string {
	w.T.Helper()
	var broken []string
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
