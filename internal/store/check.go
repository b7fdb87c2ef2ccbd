package store

import (
	"context"
	"fmt"
)

// Breach is a rule of what is stored that does not hold.
type Breach struct {
	Rule     string   // which: one of Rules
	Subjects []string // IDs of what breaks it, not all of many
}

// rule is what holds after every transaction, as a query for the IDs of what breaks it.
type rule struct {
	name, sql string
}

var rules = []rule{
	{"live_once", `SELECT id FROM customers GROUP BY id
		HAVING sum(CASE WHEN state = 'LIVE' THEN 1 ELSE 0 END) <> 1 - max(CASE WHEN state = 'MOVED' AND moved_by = '' THEN 1 ELSE 0 END)`},
	{"one_open_migration", `SELECT customer_id FROM migrations
		WHERE state IN ('STARTED', 'SCHEDULED', 'MIGRATING') GROUP BY customer_id HAVING count(*) > 1`},
	{"open_freezes", `SELECT m.id FROM migrations m LEFT JOIN customers c
		ON c.console_id = m.console_id AND c.id = m.customer_id AND c.state = 'LIVE' AND c.migration_id = m.id
		WHERE m.state IN ('STARTED', 'SCHEDULED', 'MIGRATING') AND c.id IS NULL`},
	{"frozen_by_open", `SELECT c.id FROM customers c LEFT JOIN migrations m
		ON m.console_id = c.console_id AND m.id = c.migration_id AND m.state IN ('STARTED', 'SCHEDULED', 'MIGRATING')
		WHERE c.migration_id <> '' AND m.id IS NULL`},
	{"one_main", `SELECT source_id FROM connections WHERE state = 'CONNECTED'
		GROUP BY source_id HAVING count(*) > 1`},
	{"no_chains", `SELECT a.id FROM connections a JOIN connections b ON b.source_id = a.main_id
		WHERE a.state = 'CONNECTED' AND b.state = 'CONNECTED'`},
	{"summary", `SELECT c.id FROM customers c
		LEFT JOIN (SELECT console_id, customer_id, sum(seats) AS seats, min(CASE WHEN state = 'TRIAL' AND trial_end > 0
			THEN trial_end WHEN state <> 'TRIAL' AND term_end > 0 THEN term_end END) AS next
			FROM subscriptions WHERE state <> 'CANCELLED' GROUP BY console_id, customer_id) s
			ON s.console_id = c.console_id AND s.customer_id = c.id
		WHERE c.seats <> COALESCE(s.seats, 0) OR c.next_renewal <> COALESCE(s.next, ` + forever + `)`},
	{"open_connected", `SELECT m.id FROM migrations m JOIN connections n ON n.id = m.connection_id
		WHERE m.state IN ('STARTED', 'SCHEDULED', 'MIGRATING') AND n.state <> 'CONNECTED'`},
	{"direction", `SELECT m.id FROM migrations m LEFT JOIN connections n
		ON n.id = m.connection_id AND (n.source_id = m.console_id AND n.main_id = m.to_console_id
			OR m.kind = 'UNDO' AND n.source_id = m.to_console_id AND n.main_id = m.console_id) WHERE n.id IS NULL`},
	{"undo_way", `SELECT m.id FROM migrations m LEFT JOIN migrations a
		ON a.console_id = m.to_console_id AND a.id = m.answers_id AND a.to_console_id = m.console_id AND a.customer_id = m.customer_id
			AND a.state = 'COMPLETED' AND a.connection_id = m.connection_id
		WHERE (m.kind = 'UNDO' OR m.answers_id <> '') AND a.id IS NULL`},
	{"undone_once", `SELECT answers_id FROM migrations WHERE answers_id <> '' GROUP BY answers_id HAVING count(*) > 1`},
	{"waiting_period", `SELECT m.id FROM migrations m JOIN connections n ON n.id = m.connection_id
		WHERE m.started_at < n.may_start_at`},
	{"migrating_has_run", `SELECT m.id FROM migrations m LEFT JOIN operations o
		ON o.console_id = m.to_console_id AND o.id = m.run_id AND o.state = 'RUNNING' AND o.next_seq <= m.run_seq
		WHERE m.state = 'MIGRATING' AND o.id IS NULL`},
	{"run_moved", `SELECT o.id FROM operations o WHERE o.kind = 'COMPLETE_MIGRATIONS' AND o.done <>
		(SELECT count(*) FROM migrations m WHERE m.console_id = o.source_id AND m.run_id = o.id AND m.state = 'COMPLETED')`},
	{"run_returned", `SELECT o.id FROM operations o WHERE o.kind = 'COMPLETE_MIGRATIONS' AND o.returned <>
		(SELECT count(*) FROM operation_returns r WHERE r.console_id = o.console_id AND r.operation_id = o.id)`},
	{"run_total", `SELECT id FROM operations WHERE done + returned > total`},
	{"nothing_left", `SELECT s.id FROM subscriptions s
		JOIN customers c ON c.console_id = s.console_id AND c.id = s.customer_id
		WHERE c.state = 'MOVED' AND s.moved = 0 AND s.state <> 'CANCELLED'`},
	{"moved_by", `SELECT c.id FROM customers c LEFT JOIN migrations m
		ON m.console_id = c.console_id AND m.id = c.moved_by AND m.customer_id = c.id AND m.state = 'COMPLETED'
			AND m.ended_at = c.moved_at
		WHERE c.state = 'MOVED' AND c.moved_by <> '' AND m.id IS NULL`},
	{"subscription_once", `SELECT id FROM subscriptions GROUP BY id
		HAVING sum(CASE WHEN moved = 0 THEN 1 ELSE 0 END) <> 1`},
	{"both_accounts", `SELECT m.id FROM migrations m
		JOIN migration_subscriptions x ON x.console_id = m.console_id AND x.migration_id = m.id
		LEFT JOIN billing_accounts f ON f.console_id = m.console_id AND f.id = x.from_account_id
			AND f.legal_entity_id = x.from_legal_entity_id
		LEFT JOIN billing_accounts t ON t.console_id = m.to_console_id AND t.id = x.to_account_id
			AND t.legal_entity_id = x.to_legal_entity_id
		WHERE m.state = 'COMPLETED' AND (f.id IS NULL OR t.id IS NULL OR f.currency <> t.currency)`},
	{"fitting_account", `SELECT s.id FROM subscriptions s LEFT JOIN billing_accounts b
		ON b.console_id = s.console_id AND b.id = s.billing_account_id AND b.currency = s.currency
			AND b.product_group = s.product_group
		WHERE b.id IS NULL`},
	{"closed_account", `SELECT s.id FROM subscriptions s
		JOIN billing_accounts b ON b.console_id = s.console_id AND b.id = s.billing_account_id
		WHERE s.moved = 0 AND s.state <> 'CANCELLED' AND b.state = 'CLOSED'`},
	{"days_once", `SELECT subscription_id FROM (SELECT subscription_id, to_date,
			lead(from_date) OVER (PARTITION BY subscription_id ORDER BY from_date, to_date) AS next_date
			FROM segments WHERE from_date < to_date AND carried = 0) g WHERE next_date IS NOT NULL AND next_date <> to_date`},
	{"billed_from", `SELECT s.id FROM subscriptions s
		JOIN (SELECT subscription_id, min(from_date) AS first FROM segments WHERE carried = 0 GROUP BY subscription_id) g
			ON g.subscription_id = s.id
		WHERE s.start_date <> g.first`},
	{"holder_billed", `SELECT s.id FROM subscriptions s
		LEFT JOIN (SELECT subscription_id, count(*) AS n FROM segments WHERE to_date = ` + forever + ` GROUP BY subscription_id) g
			ON g.subscription_id = s.id
		WHERE s.moved = 0 AND COALESCE(g.n, 0) <> CASE WHEN s.state = 'CANCELLED' THEN 0 ELSE 1 END`},
	{"open_segment", `SELECT id FROM (
		SELECT console_id, id, billing_account_id, seats FROM subscriptions WHERE moved = 0 AND state <> 'CANCELLED'
		EXCEPT SELECT console_id, subscription_id, billing_account_id, seats FROM segments WHERE to_date = ` + forever + `) s`},
	{"lot_once", `SELECT id FROM lots GROUP BY id
		HAVING sum(CASE WHEN held_to = ` + forever + ` THEN 1 ELSE 0 END) <> CASE WHEN EXISTS (SELECT 1 FROM charges h
			WHERE h.lot_id = lots.id AND h.line_type = 'TRANSFER_CREDIT' AND h.migration_id = '') THEN 0 ELSE 1 END`},
	{"credit_is_charge", `SELECT migration_id FROM charges WHERE migration_id <> '' AND line_type LIKE 'TRANSFER%'
		GROUP BY migration_id, lot_id HAVING sum(amount) <> 0 OR count(*) <> 2`},
	{"event_in_both", `SELECT id FROM audit_events
		WHERE action LIKE 'connection.%' OR action LIKE 'migration.%'
		GROUP BY id HAVING count(*) <> 2 OR min(action) <> max(action) OR min(at) <> max(at)`},
	{"event_of_one_side", `SELECT id FROM audit_events GROUP BY id
		HAVING sum(CASE WHEN person_name <> '' OR person_id <> '' THEN 1 ELSE 0 END) > 1`},
	{"own_event_named", `SELECT id FROM audit_events WHERE side = 'OWN' AND person_name = ''`},
}

// Rules returns the names of all rules that Breaches looks at.
func Rules() (names []string) {
	for _, r := range rules {
		names = append(names, r.name)
	}
	return names
}

// Breaches returns the rules that do not hold, over all consoles, each with up to limit of what breaks it.
func (tx *Tx) Breaches(ctx context.Context, limit int) (broken []Breach, err error) {
	for _, r := range rules {
		ids, err := all(ctx, tx, scalar[string], r.sql+` LIMIT $1`, limit)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", r.name, err)
		}
		if len(ids) > 0 {
			broken = append(broken, Breach{r.name, ids})
		}
	}
	return broken, nil
}
