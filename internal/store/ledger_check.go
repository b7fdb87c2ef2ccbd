package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"psc/internal/civil"
)

// Discrepancy is something that the ledger, the invoices or what they are made of say differently.
type Discrepancy struct {
	Check    string // which check found it
	Subject  string // what it is about: the ID of a group, migration, lot, invoice or account
	Expected int64
	Found    int64
}

// ledgerCheck is a query for what breaks a rule: a text that names it, what should be, and what is.
type ledgerCheck struct {
	name, sql string
}

// forever is the end of what is still held, in SQL.
var forever = strconv.Itoa(int(civil.Forever))

// issued are the lines of issued invoices.
const issued = `invoice_lines l JOIN invoices i ON i.console_id = l.console_id AND i.id = l.invoice_id`

// booked is what the ledger has for an invoice in one account.
func booked(accounts string) string {
	return `COALESCE((SELECT CAST(sum(e.amount) AS bigint) FROM ledger_entries e WHERE e.console_id = i.console_id
		AND e.group_id = i.id AND e.account IN (` + accounts + `)), 0)`
}

var ledgerChecks = []ledgerCheck{
	{"group", `SELECT console_id || ' ' || group_id, 0, CAST(sum(amount) AS bigint) FROM ledger_entries
		GROUP BY console_id, group_id, currency HAVING sum(amount) <> 0`},
	{"clearing", `SELECT migration_id, 0, CAST(sum(amount) AS bigint) FROM ledger_entries WHERE account = 'CLEARING'
		GROUP BY migration_id, currency HAVING sum(amount) <> 0`},
	{"lines", `SELECT i.number, i.net, CAST(COALESCE(sum(l.amount), 0) AS bigint) FROM invoices i
		LEFT JOIN invoice_lines l ON l.console_id = i.console_id AND l.invoice_id = i.id
		GROUP BY i.console_id, i.id, i.number, i.net HAVING COALESCE(sum(l.amount), 0) <> i.net`},
	{"count", `SELECT i.number, i.line_count, count(l.id) FROM invoices i
		LEFT JOIN invoice_lines l ON l.console_id = i.console_id AND l.invoice_id = i.id
		GROUP BY i.console_id, i.id, i.number, i.line_count HAVING count(l.id) <> i.line_count`},
	{"receivable", `SELECT i.number, i.due, ` + booked(`'RECEIVABLE'`) + ` FROM invoices i WHERE i.due <> ` + booked(`'RECEIVABLE'`)},
	{"net", `SELECT i.number, -i.net, ` + booked(`'UNBILLED', 'REVENUE'`) + ` FROM invoices i
		WHERE -i.net <> ` + booked(`'UNBILLED', 'REVENUE'`)},
	{"tax", `SELECT i.number, i.net - i.gross, ` + booked(`'TAX'`) + ` FROM invoices i WHERE i.net - i.gross <> ` + booked(`'TAX'`)},
	{"settled", `SELECT number, gross, due + applied FROM invoices WHERE gross >= 0 AND due + applied <> gross`},
	{"balance", `SELECT b.console_id || ' ' || b.billing_account_id, b.balance, CAST(COALESCE(e.balance, 0) AS bigint) FROM
			(SELECT console_id, billing_account_id, sum(amount) AS balance FROM balance_movements GROUP BY console_id, billing_account_id) b
		LEFT JOIN (SELECT console_id, billing_account_id, -sum(amount) AS balance FROM ledger_entries WHERE account = 'BALANCE'
			GROUP BY console_id, billing_account_id) e
			ON e.console_id = b.console_id AND e.billing_account_id = b.billing_account_id
		WHERE b.balance < 0 OR COALESCE(e.balance, 0) <> b.balance`},
	{"unbilled", `SELECT b.console_id || ' ' || b.id, CAST(COALESCE(c.amount, 0) AS bigint), CAST(COALESCE(e.amount, 0) AS bigint)
		FROM billing_accounts b
		LEFT JOIN (SELECT h.console_id, h.billing_account_id, sum(h.amount) AS amount FROM charges h
			WHERE NOT EXISTS (SELECT 1 FROM ` + issued + ` WHERE l.console_id = h.console_id AND l.charge_id = h.id)
			GROUP BY h.console_id, h.billing_account_id) c ON c.console_id = b.console_id AND c.billing_account_id = b.id
		LEFT JOIN (SELECT console_id, billing_account_id, sum(amount) AS amount FROM ledger_entries WHERE account = 'UNBILLED'
			GROUP BY console_id, billing_account_id) e ON e.console_id = b.console_id AND e.billing_account_id = b.id
		WHERE COALESCE(c.amount, 0) <> COALESCE(e.amount, 0)`},
	{"late", `SELECT h.console_id || ' ' || h.id, h.amount, 0 FROM charges h
		JOIN billing_months m ON m.console_id = h.console_id AND m.month = h.invoice_month AND m.state = 'CLOSED'
		WHERE NOT EXISTS (SELECT 1 FROM ` + issued + ` WHERE l.console_id = h.console_id AND l.charge_id = h.id)`},
	{"numbers", `SELECT n.issuer_id || ' ' || CAST(n.year AS text), n.last, count(DISTINCT i.seq) FROM invoice_numbers n
		LEFT JOIN invoices i ON i.issuer_id = n.issuer_id AND i.year = n.year
		GROUP BY n.issuer_id, n.year, n.last HAVING count(DISTINCT i.seq) <> n.last OR count(*) <> n.last OR max(i.seq) <> n.last`},
}

// deferredSQL finds lots of which another rest is deferred than what is left of them: on the day up to which their days are
// earned, which is at least that of their last move and, if they were there by then, the end of the holder's last closed month.
var deferredSQL = `SELECT id, CASE WHEN deferred <> due THEN due ELSE said END, deferred FROM (
	SELECT l.id AS id, CAST(COALESCE(e.deferred, 0) AS bigint) AS deferred, ` + lotValueAt(`l.due`) + ` AS due, ` + lotValueAt(`l.released_to`) + ` AS said
	FROM (SELECT r.id, r.from_date, r.to_date, r.charged, r.released_to, CASE
			WHEN r.released_to < r.to_date AND r.released_to < m.until AND s.created_at < m.closed_at
				AND NOT EXISTS (SELECT 1 FROM charges h WHERE h.console_id = r.console_id AND h.lot_id = r.id
					AND h.line_type <> 'CORRECTION' AND h.invoice_month >= m.until)
			THEN CASE WHEN r.to_date < m.until THEN r.to_date ELSE m.until END
			WHEN r.released_to < r.held_from THEN r.held_from ELSE r.released_to END AS due
		FROM (SELECT value->>'c' AS console_id, CAST(value->>'u' AS bigint) AS until, CAST(value->>'a' AS bigint) AS closed_at
			FROM json_each($2)) m
		JOIN lots r ON r.console_id = m.console_id AND r.held_to = ` + forever + `
		JOIN subscriptions s ON s.console_id = r.console_id AND s.id = r.subscription_id) l
	LEFT JOIN (SELECT lot_id, -sum(amount) AS deferred FROM ledger_entries WHERE account = 'DEFERRED' GROUP BY lot_id) e
		ON e.lot_id = l.id) x
	WHERE deferred <> due OR deferred <> said`

// CheckLedger returns up to limit discrepancies of each kind, over all consoles.
func (tx *Tx) CheckLedger(ctx context.Context, limit int) ([]Discrepancy, error) {
	closed, err := tx.closedUntil(ctx)
	if err != nil {
		return nil, err
	}
	found, err := tx.check(ctx, ledgerCheck{"deferred", deferredSQL}, limit, closed)
	for _, c := range ledgerChecks {
		list, one := tx.check(ctx, c, limit)
		found, err = append(found, list...), errors.Join(err, one)
	}
	return found, err
}

func (tx *Tx) check(ctx context.Context, c ledgerCheck, args ...any) ([]Discrepancy, error) {
	list, err := all(ctx, tx, func(r Rows) (Discrepancy, error) {
		d := Discrepancy{Check: c.name}
		err := r.Scan(&d.Subject, &d.Expected, &d.Found)
		return d, err
	}, c.sql+` LIMIT $1`, args...)
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", c.name, err)
	}
	return list, nil
}

// closedUntil lists where the last closed month of each console ends, and when it was closed.
func (tx *Tx) closedUntil(ctx context.Context) (string, error) {
	type end struct {
		console string
		until   civil.Date
		at      int64
	}
	list, err := all(ctx, tx, func(r Rows) (e end, err error) {
		err = r.Scan(&e.console, &e.until, &e.at)
		if e.until > 0 {
			e.until = e.until.Month().End()
		}
		return e, err
	}, `SELECT c.id, COALESCE(max(m.month), 0), COALESCE(max(m.closed_at), 0) FROM consoles c
		LEFT JOIN billing_months m ON m.console_id = c.id AND m.state = 'CLOSED' GROUP BY c.id ORDER BY c.id`)
	return jsonList(list, func(e end) map[string]any {
		return map[string]any{"c": e.console, "u": e.until, "a": e.at}
	}), err
}

// CountLedger returns how many entries and issued invoices there are.
func (tx *Tx) CountLedger(ctx context.Context) (entries, invoices int64, err error) {
	if entries, err = one(ctx, tx, scalar[int64], `SELECT count(*) FROM ledger_entries`); err != nil {
		return 0, 0, err
	}
	invoices, err = one(ctx, tx, scalar[int64], `SELECT count(*) FROM invoices`)
	return entries, invoices, err
}
