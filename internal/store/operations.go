package store

import (
	"context"
	"time"

	"psc/internal/civil"
)

// OperationState of a long-running operation.
type OperationState string

// The states of an operation.
const (
	OperationRunning OperationState = "RUNNING"
	OperationPaused  OperationState = "PAUSED"
	OperationDone    OperationState = "DONE"
	OperationFailed  OperationState = "FAILED"
)

// OperationKind says what an operation does.
type OperationKind string

// The kinds of operations.
const (
	CompleteMigrations OperationKind = "COMPLETE_MIGRATIONS"
	ImportCustomers    OperationKind = "IMPORT"
	CloseMonth         OperationKind = "CLOSE_MONTH"
)

// Operation is long work with progress. It belongs to the console that began it; a run that completes migrations
// belongs to the main and names the connection and the source.
type Operation struct {
	ConsoleID        string
	ID               string
	Kind             OperationKind
	State            OperationState
	ConnectionID     string
	SourceID         string
	Total            int64
	Done             int64 // moved, or imported
	Returned         int64 // could not be moved, or had errors
	NextSeq          int64
	Result           string // JSON of the kind's own; empty: none
	StartedByID      string
	StartedBy        string
	StartedAt        time.Time
	EndedAt          time.Time
	FirstBillingDate civil.Date
	LastBillingDate  civil.Date
}

// InsertOperation adds an operation that runs.
func (tx *Tx) InsertOperation(ctx context.Context, o Operation) error {
	_, err := tx.exec(ctx, `INSERT INTO operations
		(console_id, id, kind, state, connection_id, source_id, total, result, started_by_id, started_by, started_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		o.ConsoleID, o.ID, o.Kind, o.State, o.ConnectionID, o.SourceID, o.Total, o.Result, o.StartedByID, o.StartedBy,
		micros(o.StartedAt))
	return err
}

const selectOperation = `SELECT console_id, id, kind, state, connection_id, source_id, total, done, returned, next_seq,
	result, started_by_id, started_by, started_at, ended_at, first_billing_date, last_billing_date FROM operations `

func scanOperation(r Rows) (o Operation, err error) {
	var started, ended int64
	err = r.Scan(&o.ConsoleID, &o.ID, &o.Kind, &o.State, &o.ConnectionID, &o.SourceID, &o.Total, &o.Done, &o.Returned,
		&o.NextSeq, &o.Result, &o.StartedByID, &o.StartedBy, &started, &ended, &o.FirstBillingDate, &o.LastBillingDate)
	o.StartedAt, o.EndedAt = instant(started), instant(ended)
	return o, err
}

// Operation returns an operation of the console, or ErrNone.
func (tx *Tx) Operation(ctx context.Context, consoleID, id string) (Operation, error) {
	return one(ctx, tx, scanOperation, selectOperation+`WHERE console_id = $1 AND id = $2`, consoleID, id)
}

// OperationsOf returns the newest operations of one connection: those of its main, and the undos, which are the source's.
func (tx *Tx) OperationsOf(ctx context.Context, mainID, sourceID, connectionID string, limit int) ([]Operation, error) {
	return all(ctx, tx, scanOperation, selectOperation+`WHERE console_id IN ($1, $2) AND connection_id = $3
		ORDER BY id DESC LIMIT $4`, mainID, sourceID, connectionID, limit)
}

// AdvanceOperation books a piece of work of a running operation that went from NextSeq from to the one before next; it
// reports false if the operation is not running or has been advanced already, and then nothing else of the transaction
// may be kept.
func (tx *Tx) AdvanceOperation(ctx context.Context, o Operation, next, done, returned int64, billingDate civil.Date) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE operations SET next_seq = $4, done = done + $5, returned = returned + $6,
		first_billing_date = CASE WHEN first_billing_date = 0 THEN CAST($7 AS bigint) ELSE first_billing_date END,
		last_billing_date = CAST($7 AS bigint)
		WHERE console_id = $1 AND id = $2 AND state = 'RUNNING' AND next_seq = $3`,
		o.ConsoleID, o.ID, o.NextSeq, next, done, returned, billingDate)
	return n == 1, err
}

// SetOperationState moves an operation from one state to another; it reports false if it is not in the state from.
func (tx *Tx) SetOperationState(ctx context.Context, consoleID, id string, from, to OperationState, endedAt time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE operations SET state = $4, ended_at = $5 WHERE console_id = $1 AND id = $2 AND state = $3`,
		consoleID, id, from, to, micros(endedAt))
	return n == 1, err
}

// SetOperationResult stores the kind's own result.
func (tx *Tx) SetOperationResult(ctx context.Context, consoleID, id, result string) error {
	_, err := tx.exec(ctx, `UPDATE operations SET result = $3 WHERE console_id = $1 AND id = $2`, consoleID, id, result)
	return err
}

// OperationReturn is a customer that a run could not move.
type OperationReturn struct {
	MigrationID  string
	CustomerID   string
	CustomerName string
	Domain       string
	Reason       string
	At           time.Time
}

const selectReturn = `SELECT migration_id, customer_id, customer_name, domain, reason, at FROM operation_returns
	WHERE console_id = $1 AND operation_id = $2`

func scanReturn(r Rows) (o OperationReturn, err error) {
	var at int64
	err = r.Scan(&o.MigrationID, &o.CustomerID, &o.CustomerName, &o.Domain, &o.Reason, &at)
	o.At = instant(at)
	return o, err
}

// OperationReturns returns what a run could not move, by name.
func (tx *Tx) OperationReturns(ctx context.Context, consoleID, id string, limit int) ([]OperationReturn, error) {
	return all(ctx, tx, scanReturn, selectReturn+` ORDER BY customer_name, migration_id LIMIT $3`, consoleID, id, limit)
}

// OpenRuns returns the runs of a connection that run or are paused.
func (tx *Tx) OpenRuns(ctx context.Context, mainID, connectionID string) ([]Operation, error) {
	return all(ctx, tx, scanOperation, selectOperation+`WHERE console_id = $1 AND connection_id = $2
		AND state IN ('RUNNING', 'PAUSED') ORDER BY id`, mainID, connectionID)
}

// SetOperationTotal stores how much there is to do, once that is known.
func (tx *Tx) SetOperationTotal(ctx context.Context, consoleID, id string, total int64) error {
	_, err := tx.exec(ctx, `UPDATE operations SET total = $3 WHERE console_id = $1 AND id = $2`, consoleID, id, total)
	return err
}

// Imports returns the newest imports of a console.
func (tx *Tx) Imports(ctx context.Context, consoleID string, limit int) ([]Operation, error) {
	return all(ctx, tx, scanOperation, selectOperation+`WHERE console_id = $1 AND kind = 'IMPORT' ORDER BY id DESC LIMIT $2`,
		consoleID, limit)
}

// ClosesOfMonths returns the newest closes of a console's months.
func (tx *Tx) ClosesOfMonths(ctx context.Context, consoleID string, limit int) ([]Operation, error) {
	return all(ctx, tx, scanOperation, selectOperation+`WHERE console_id = $1 AND kind = 'CLOSE_MONTH' ORDER BY id DESC LIMIT $2`,
		consoleID, limit)
}
