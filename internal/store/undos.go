package store

import (
	"context"

	"psc/internal/civil"
	"psc/internal/migration"
	"psc/internal/support"
)

// Undo is what a case asks for: that a completed migration be undone.
type Undo struct {
	ConsoleID   string // of the case
	CaseID      string
	MigrationID string // the move that is to be undone
	FromID      string // from where it brought the customer, and whither the customer would go back
	ToID        string // where the customer is
	support.Decided
	UndoID string // the migration that undid it
}

// Other returns the console that did not ask.
func (u Undo) Other() string {
	if u.ConsoleID == u.FromID {
		return u.ToID
	}
	return u.FromID
}

// InsertCaseUndo adds to a case what it asks for.
func (tx *Tx) InsertCaseUndo(ctx context.Context, u Undo) error {
	_, err := tx.exec(ctx, `INSERT INTO case_undos (console_id, case_id, migration_id, from_console_id, to_console_id)
		VALUES ($1, $2, $3, $4, $5)`, u.ConsoleID, u.CaseID, u.MigrationID, u.FromID, u.ToID)
	return err
}

// CaseUndo returns what a case of the console asks for, or ErrNone.
func (tx *Tx) CaseUndo(ctx context.Context, consoleID, caseID string) (Undo, error) {
	return one(ctx, tx, func(r Rows) (u Undo, err error) {
		var at int64
		err = r.Scan(&u.ConsoleID, &u.CaseID, &u.MigrationID, &u.FromID, &u.ToID, &u.Decision, &u.Consent, &u.Reason, &u.UndoID,
			&u.BillingDate, &at)
		u.At = instant(at)
		return u, err
	}, `SELECT console_id, case_id, migration_id, from_console_id, to_console_id, decision, consent, reason, undo_id, billing_date,
		decided_at FROM case_undos WHERE console_id = $1 AND case_id = $2`, consoleID, caseID)
}

// UndoAsked returns the console's case that asks for the migration to be undone and is not decided, or ErrNone.
func (tx *Tx) UndoAsked(ctx context.Context, consoleID, migrationID string) (support.Case, error) {
	return one(ctx, tx, scanCase, `SELECT `+caseColumns+` FROM case_undos u
		JOIN cases k ON k.console_id = u.console_id AND k.id = u.case_id
		WHERE u.console_id = $1 AND u.migration_id = $2 AND u.decision = '' AND k.state NOT IN ('RESOLVED', 'CLOSED')`,
		consoleID, migrationID)
}

// DecideUndo writes what was decided, and reports false if something is decided already.
func (tx *Tx) DecideUndo(ctx context.Context, u Undo) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE case_undos SET decision = $3, consent = $4, reason = $5, undo_id = $6, billing_date = $7, decided_at = $8
		WHERE console_id = $1 AND case_id = $2 AND decision = ''`,
		u.ConsoleID, u.CaseID, u.Decision, u.Consent, u.Reason, u.UndoID, u.BillingDate, micros(u.At))
	return n == 1, err
}

// InsertUndo starts, as the only member of a run, the migration that brings a live customer of its FromID, which no other moves, back to where the answered
// one took it from; it reports false if there is no such customer.
func (tx *Tx) InsertUndo(ctx context.Context, m migration.Migration) (bool, error) {
	n, err := tx.exec(ctx, `INSERT INTO migrations (console_id, id, connection_id, to_console_id, customer_id, customer_name,
			sort_name, search_text, domain, kind, state, started_at, started_by, answers_id, run_id, run_seq)
		SELECT console_id, $3, $4, $5, id, name, sort_name, search_text, domain, 'UNDO', 'STARTED', CAST($6 AS bigint), '', $7, $8, 1
		FROM customers WHERE console_id = $1 AND id = $2 AND state = 'LIVE' AND migration_id = ''`,
		m.FromID, m.CustomerID, m.ID, m.ConnectionID, m.ToID, micros(m.StartedAt), m.Answers, m.RunID)
	return n == 1, err
}

// Undone is a migration that a later one has undone.
type Undone struct {
	MigrationID string
	On          civil.Date // the billing date of the undo
	RunID       string     // of the undo; empty: it was made before undos were runs
}

// UndoneMigrations returns those migrations from a source to a main that later ones of these customers, from the main, have undone.
func (tx *Tx) UndoneMigrations(ctx context.Context, mainID, sourceID string, customerIDs []string) ([]Undone, error) {
	return all(ctx, tx, func(r Rows) (u Undone, err error) {
		err = r.Scan(&u.MigrationID, &u.On, &u.RunID)
		return u, err
	}, `SELECT answers_id, billing_date, run_id FROM migrations WHERE console_id = $1 AND to_console_id = $2
		AND customer_id IN (SELECT value->>'id' `+each("$3")+`) AND kind = 'UNDO' AND state = 'COMPLETED'`, mainID, sourceID, idList(customerIDs))
}
