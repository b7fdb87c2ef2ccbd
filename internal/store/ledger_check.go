package store

import (
	"context"
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
	{"deferred", `SELECT l.id, ` + lotValueAt(`l.released_to`) + `, CAST(COALESCE(e.deferred, 0) AS bigint) FROM lots l
		LEFT JOIN (SELECT lot_id, -sum(amount) AS deferred FROM ledger_entries WHERE account = 'DEFERRED' GROUP BY lot_id) e
			ON e.lot_id = l.id
		WHERE l.held_to = ` + forever + ` AND COALESCE(e.deferred, 0) <> ` + lotValueAt(`l.released_to`)},
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

// CheckLedger returns up to limit discrepancies of each kind, over all consoles.
func (tx *Tx) CheckLedger(ctx context.Context, limit int) ([]Discrepancy, error) {
	var found []Discrepancy
	for _, check := range ledgerChecks {
		list, err := all(ctx, tx, func(r Rows) (Discrepancy, error) {
			d := Discrepancy{Check: check.name}
			err := r.Scan(&d.Subject, &d.Expected, &d.Found)
			return d, err
		}, check.sql+` LIMIT $1`, limit)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", check.name, err)
		}
		found = append(found, list...)
	}
	return found, nil
}

// CountLedger returns how many entries and issued invoices there are.
func (tx *Tx) CountLedger(ctx context.Context) (entries, invoices int64, err error) {
	if entries, err = one(ctx, tx, scalar[int64], `SELECT count(*) FROM ledger_entries`); err != nil {
		return 0, 0, err
	}
	invoices, err = one(ctx, tx, scalar[int64], `SELECT count(*) FROM invoices`)
	return entries, invoices, err
}
