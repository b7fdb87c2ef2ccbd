package store

import (
	"context"
	"time"

	"psc/internal/civil"
	"psc/internal/fault"
)

// MonthState of a console's billing month.
type MonthState string

// The states of a month. A month that nobody has touched is open.
const (
	MonthOpen    MonthState = "OPEN"
	MonthClosing MonthState = "CLOSING"
	MonthClosed  MonthState = "CLOSED"
)

// TouchMonth is what every transaction calls that writes money: it refuses a month that is not open any more with the fault
// "invoice.month_closed", and of the transaction and one that closes the month, one runs again on what the other left (spec B2).
func (tx *Tx) TouchMonth(ctx context.Context, consoleID string, d civil.Date) error {
	month := d.Month()
	n, err := tx.exec(ctx, `INSERT INTO billing_months (console_id, month, state, writes) VALUES ($1, $2, 'OPEN', 1)
		ON CONFLICT (console_id, month) DO UPDATE SET writes = billing_months.writes + 1 WHERE billing_months.state = 'OPEN'`,
		consoleID, month.First())
	if err == nil && n == 0 {
		return fault.New(fault.Precondition, "invoice.month_closed", fault.Args{"Month": month})
	}
	return err
}

// BillingMonth is a console's month.
type BillingMonth struct {
	Month    civil.Month
	State    MonthState
	ClosedAt time.Time
}

// BillingMonths returns the months of a console that anything was written in, the oldest first.
func (tx *Tx) BillingMonths(ctx context.Context, consoleID string) ([]BillingMonth, error) {
	return all(ctx, tx, func(r Rows) (m BillingMonth, err error) {
		var first civil.Date
		var closed int64
		err = r.Scan(&first, &m.State, &closed)
		m.Month, m.ClosedAt = first.Month(), instant(closed)
		return m, err
	}, `SELECT month, state, closed_at FROM billing_months WHERE console_id = $1 ORDER BY month`, consoleID)
}

// invoiceMonth returns the month on whose invoice something of a date comes: its own or, if that is closed already, the first
// open one after it.
func (tx *Tx) invoiceMonth(ctx context.Context, consoleID string, d civil.Date) (civil.Month, error) {
	months, err := tx.BillingMonths(ctx, consoleID)
	m := d.Month()
	for _, b := range months {
		if b.Month != m {
			continue
		}
		if b.State == MonthOpen {
			return m, tx.TouchMonth(ctx, consoleID, m.First())
		}
		m = m.Next()
	}
	return m, err
}

// BeginClose makes an open month CLOSING; it reports false if somebody was faster.
func (tx *Tx) BeginClose(ctx context.Context, consoleID string, m civil.Month) (bool, error) {
	n, err := tx.exec(ctx, `INSERT INTO billing_months (console_id, month, state) VALUES ($1, $2, 'CLOSING')
		ON CONFLICT (console_id, month) DO UPDATE SET state = 'CLOSING' WHERE billing_months.state = 'OPEN'`, consoleID, m.First())
	return n == 1, err
}

// EndClose makes a month that is CLOSING closed or, without an instant, open again; it reports false if it is not CLOSING.
func (tx *Tx) EndClose(ctx context.Context, consoleID string, m civil.Month, closedAt time.Time) (bool, error) {
	state := MonthClosed
	if closedAt.IsZero() {
		state = MonthOpen
	}
	n, err := tx.exec(ctx, `UPDATE billing_months SET state = $3, closed_at = $4
		WHERE console_id = $1 AND month = $2 AND state = 'CLOSING'`, consoleID, m.First(), state, micros(closedAt))
	return n == 1, err
}

// whileClosing refuses with ErrNotClosing unless the month is being closed, and holds it so until the transaction ends.
func (tx *Tx) whileClosing(ctx context.Context, consoleID string, m civil.Month) error {
	n, err := tx.exec(ctx, `UPDATE billing_months SET writes = writes + 1
		WHERE console_id = $1 AND month = $2 AND state = 'CLOSING'`, consoleID, m.First())
	if err == nil && n == 0 {
		return ErrNotClosing
	}
	return err
}

// ConsolesToClose returns the consoles that have a month before the given one that is not closed, or of which the months
// after the last closed one were never touched.
func (tx *Tx) ConsolesToClose(ctx context.Context, before civil.Month) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT console_id FROM billing_months WHERE month < $1 GROUP BY console_id
		HAVING max(month) < $2 OR max(CASE WHEN state <> 'CLOSED' THEN 1 ELSE 0 END) = 1 ORDER BY console_id`,
		before.First(), (before.First() - 1).Month().First())
}

// ScheduledMoves returns the names of up to limit customers that are scheduled to move from or to the console before a
// date, those whose run has begun and has not moved them yet included.
func (tx *Tx) ScheduledMoves(ctx context.Context, consoleID string, before civil.Date, limit int) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT customer_name FROM migrations WHERE state IN ('SCHEDULED', 'MIGRATING')
		AND billing_date > 0 AND billing_date < $2
		AND (console_id = $1 OR to_console_id = $1 AND console_id IN (SELECT source_id FROM connections WHERE main_id = $1))
		ORDER BY customer_name, id LIMIT $3`, consoleID, before, limit)
}
