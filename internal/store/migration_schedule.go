package store

import (
	"context"

	"psc/internal/civil"
)

// ScheduleMigrations makes the started migrations of the scope SCHEDULED for the billing date, out of any run that is
// paused. It returns how many there are; the event tells of them.
func (tx *Tx) ScheduleMigrations(ctx context.Context, mainID, sourceID, connectionID, eventID string, d civil.Date, s Scope) (int64, error) {
	return tx.schedule(ctx, `'STARTED'`, mainID, sourceID, connectionID, eventID, d, s)
}

// RescheduleMigrations gives the scheduled migrations of the scope another billing date and returns how many there are.
func (tx *Tx) RescheduleMigrations(ctx context.Context, mainID, sourceID, connectionID, eventID string, d civil.Date, s Scope) (int64, error) {
	return tx.schedule(ctx, `'SCHEDULED'`, mainID, sourceID, connectionID, eventID, d, s)
}

func (tx *Tx) schedule(ctx context.Context, from, mainID, sourceID, connectionID, eventID string, d civil.Date, s Scope) (int64, error) {
	cond, arg := s.where("id", "search_text", "$5")
	return tx.exec(ctx, `UPDATE migrations SET state = 'SCHEDULED', billing_date = $4, run_id = '', run_seq = 0, return_reason = '',
			marks = marks || ' ' || $6
		WHERE console_id = $1 AND connection_id = $2 AND to_console_id = $3 AND state = `+from+` AND `+cond,
		sourceID, connectionID, mainID, d, arg, eventID)
}

// WithdrawSchedules makes the scheduled migrations of the scope STARTED again, with the accounts that were chosen, and
// returns how many there are.
func (tx *Tx) WithdrawSchedules(ctx context.Context, mainID, sourceID, connectionID, eventID string, s Scope) (int64, error) {
	cond, arg := s.where("id", "search_text", "$4")
	return tx.exec(ctx, `UPDATE migrations SET state = 'STARTED', billing_date = 0, marks = marks || ' ' || $5
		WHERE console_id = $1 AND connection_id = $2 AND to_console_id = $3 AND state = 'SCHEDULED' AND `+cond,
		sourceID, connectionID, mainID, arg, eventID)
}

// Schedule is the migrations of a connection that are scheduled for one billing date.
type Schedule struct {
	ConnectionID, MainID, SourceID string
	Date                           civil.Date
}

// DueSchedules returns what is scheduled for a billing date up to today, inclusive, the earliest first.
func (tx *Tx) DueSchedules(ctx context.Context, today civil.Date) ([]Schedule, error) {
	return all(ctx, tx, func(r Rows) (s Schedule, err error) {
		err = r.Scan(&s.ConnectionID, &s.MainID, &s.SourceID, &s.Date)
		return s, err
	}, `SELECT DISTINCT connection_id, to_console_id, console_id, billing_date FROM migrations
		WHERE state = 'SCHEDULED' AND billing_date <= $1 ORDER BY billing_date, connection_id`, today)
}

// BeginScheduledRun makes the migrations that are scheduled for the billing date MIGRATING members of the run, numbered from 1 by customer name,
// and returns how many there are.
func (tx *Tx) BeginScheduledRun(ctx context.Context, mainID, sourceID, connectionID, runID string, d civil.Date) (int64, error) {
	return tx.beginRun(ctx, `m.state = 'SCHEDULED' AND m.billing_date = $5`, sourceID, connectionID, mainID, runID, d)
}
