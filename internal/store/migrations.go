package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"psc/internal/migration"
)

// Scope is a choice of rows of a list: these IDs, or all that match a search. A list of 4,000 is a scope, not 4,000 IDs.
type Scope struct {
	All    bool
	Search string   // with All; empty: everything
	IDs    []string // without All
}

// where returns the condition on the columns id and text, and its one argument as $n.
func (s Scope) where(id, text, n string) (string, any) {
	if s.All {
		return text + ` LIKE ` + n + ` ESCAPE '\'`, contains(s.Search)
	}
	return id + ` IN (SELECT value->>'id' ` + each(n) + `)`, idList(s.IDs)
}

// InsertMigrations starts a migration for every ready customer of the source in the scope and freezes it, in one
// INSERT .. SELECT. The IDs begin with batch. It returns how many there were.
func (tx *Tx) InsertMigrations(ctx context.Context, m migration.Migration, batch string, s Scope) (int64, error) {
	cond, arg := s.where("c.id", "c.search_text", "$7")
	n, err := tx.exec(ctx, `INSERT INTO migrations (console_id, id, connection_id, to_console_id, customer_id, customer_name,
			sort_name, search_text, domain, kind, state, started_at, started_by, marks)
		SELECT c.console_id, $2 || substr(CAST(10000000 + row_number() OVER (ORDER BY c.sort_name, c.id) AS text), 2),
			$3, $4, c.id, c.name, c.sort_name, c.search_text, c.domain, 'MOVE', 'STARTED', CAST($5 AS bigint), $6, $2
		FROM customers c
		WHERE c.console_id = $1 AND c.state = 'LIVE' AND c.migration_id = '' AND c.blockers = 0 AND c.evaluated_at > 0 AND `+cond,
		m.FromID, batch, m.ConnectionID, m.ToID, micros(m.StartedAt), m.StartedBy, arg)
	if err != nil || n == 0 {
		return n, err
	}
	_, err = tx.exec(ctx, `UPDATE customers SET migration_id = m.id, version = customers.version + 1
		FROM migrations m WHERE m.console_id = $1 AND m.id >= $2 AND m.id < $3
		AND customers.console_id = $1 AND customers.id = m.customer_id`, m.FromID, batch, batch+"~")
	return n, err
}

// NotStarted is a customer that was asked for and was not started, with what keeps it: its blockers, a migration that is
// open, that it has moved, or that the console has no such customer.
type NotStarted struct {
	CustomerID, Name string
	Blockers         int64
	InMigration      bool
	Moved            bool
	Unknown          bool
}

// NotStarted returns which of the console's customers among these have no migration of the batch, by name, and those that have.
func (tx *Tx) NotStarted(ctx context.Context, sourceID, batch string, ids []string) (list []NotStarted, started []string, err error) {
	_, err = all(ctx, tx, func(r Rows) (struct{}, error) {
		var n NotStarted
		var open, state string
		err := r.Scan(&n.CustomerID, &n.Name, &n.Blockers, &open, &state)
		n.InMigration, n.Moved = open != "", state == "MOVED"
		if strings.HasPrefix(open, batch) {
			started = append(started, n.CustomerID)
		} else {
			list = append(list, n)
		}
		return struct{}{}, err
	}, `SELECT id, name, blockers, migration_id, state FROM customers WHERE console_id = $1
		AND id IN (SELECT value->>'id' `+each("$2")+`) ORDER BY sort_name, id`, sourceID, idList(ids))
	return list, started, err
}

// cancellable are the migrations m out of the source $1 in the connection $2 that a scope may cancel.
const cancellable = `m.console_id = $1 AND m.connection_id = $2 AND m.state IN ('STARTED', 'SCHEDULED') AND `

// CustomersToCancel returns the customers of up to limit migrations that CancelMigrations would cancel.
func (tx *Tx) CustomersToCancel(ctx context.Context, sourceID, connectionID string, s Scope, limit int) ([]string, error) {
	cond, arg := s.where("m.id", "m.search_text", "$3")
	return all(ctx, tx, scalar[string], `SELECT m.customer_id FROM migrations m WHERE `+cancellable+cond+` LIMIT $4`,
		sourceID, connectionID, arg, limit)
}

// CancelMigrations thaws the customers of what is STARTED or SCHEDULED in the scope, cancels it, of which the event tells,
// and returns how much it was.
func (tx *Tx) CancelMigrations(ctx context.Context, sourceID, connectionID, reason, eventID string, s Scope, now time.Time) (int64, error) {
	cond, arg := s.where("m.id", "m.search_text", "$3")
	if _, err := tx.exec(ctx, `WITH thawed AS MATERIALIZED (SELECT m.console_id, m.customer_id FROM migrations m
			WHERE `+cancellable+cond+`)
		UPDATE customers SET migration_id = '', version = version + 1 FROM thawed t
		WHERE customers.console_id = t.console_id AND customers.id = t.customer_id`, sourceID, connectionID, arg); err != nil {
		return 0, err
	}
	return tx.exec(ctx, `UPDATE migrations AS m SET state = 'CANCELLED', ended_at = $4, ended_reason = $5, billing_date = 0,
		marks = marks || ' ' || $6 WHERE `+cancellable+cond, sourceID, connectionID, arg, micros(now), reason, eventID)
}

const selectMigration = `SELECT m.id, m.connection_id, m.console_id, m.to_console_id, m.customer_id, m.customer_name, m.domain,
	m.kind, m.state, m.started_at, m.started_by, m.run_id, m.run_seq, m.return_reason, m.billing_date, m.ended_at,
	m.ended_reason, m.answers_id, m.sort_name FROM migrations m `

// MigrationRow is a migration with its place in a list.
type MigrationRow struct {
	migration.Migration
	Cursor Cursor
}

func scanMigration(r Rows) (m MigrationRow, err error) {
	var started, ended int64
	err = r.Scan(&m.ID, &m.ConnectionID, &m.FromID, &m.ToID, &m.CustomerID, &m.CustomerName, &m.Domain, &m.Kind, &m.State,
		&started, &m.StartedBy, &m.RunID, &m.RunSeq, &m.ReturnReason, &m.BillingDate, &ended, &m.EndedReason, &m.Answers, &m.Cursor.SortName)
	m.StartedAt, m.EndedAt, m.Cursor.ID = instant(started), instant(ended), m.ID
	return m, err
}

// Migration returns a migration out of the source that the asking console is a side of, or ErrNone.
func (tx *Tx) Migration(ctx context.Context, consoleID, sourceID, id string) (migration.Migration, error) {
	m, err := one(ctx, tx, scanMigration, selectMigration+`WHERE m.console_id = $2 AND m.id = $3
		AND (m.console_id = $1 OR m.to_console_id = $1)`, consoleID, sourceID, id)
	return m.Migration, err
}

// MigrationFilter chooses the migrations of one connection.
type MigrationFilter struct {
	ConnectionID string
	SourceID     string
	States       []migration.State
	Search       string
}

// byState returns the statement once for each state, as its last condition: an index has the order of one state's list, not
// of several's.
func byState(sql string, states []migration.State, args ...any) ([]string, []any) {
	parts := make([]string, len(states))
	for i, s := range states {
		args = append(args, s)
		parts[i] = sql + ` AND m.state = $` + strconv.Itoa(len(args))
	}
	return parts, args
}

const migrationFilter = `WHERE m.console_id = $2 AND m.connection_id = $3 AND (m.console_id = $1 OR m.to_console_id = $1)
	AND m.search_text LIKE $4 ESCAPE '\'`

// Migrations returns a page of a connection's migrations, by customer name, for either side.
func (tx *Tx) Migrations(ctx context.Context, consoleID string, f MigrationFilter, p Page) (List[MigrationRow], error) {
	parts, args := byState(selectMigration+migrationFilter, f.States, consoleID, f.SourceID, f.ConnectionID, contains(f.Search))
	return pageOf(ctx, tx, scanMigration, p, parts, args...)
}

// CountMigrations counts a connection's migrations up to CountLimit.
func (tx *Tx) CountMigrations(ctx context.Context, consoleID string, f MigrationFilter) (int, error) {
	parts, args := byState(`SELECT 1 FROM migrations m `+migrationFilter, f.States,
		consoleID, f.SourceID, f.ConnectionID, contains(f.Search))
	limit := `LIMIT $` + strconv.Itoa(len(args)+1)
	return one(ctx, tx, scalar[int], `SELECT count(*) FROM (`+strings.Join(parts, ` UNION ALL `)+` `+limit+`) x`,
		append(args, CountLimit)...)
}

// CountReturned counts what a run gave back in a connection and still waits, up to CountLimit, for either side.
func (tx *Tx) CountReturned(ctx context.Context, consoleID, sourceID, connectionID string) (int, error) {
	return one(ctx, tx, scalar[int], `SELECT count(*) FROM (SELECT 1 FROM migrations m WHERE m.console_id = $2 AND m.connection_id = $3
		AND (m.console_id = $1 OR m.to_console_id = $1) AND m.state = 'STARTED' AND m.return_reason <> '' LIMIT $4) x`,
		consoleID, sourceID, connectionID, CountLimit)
}

// CountCancellable counts exactly what CancelMigrations would cancel in the scope, for either side.
func (tx *Tx) CountCancellable(ctx context.Context, consoleID, sourceID, connectionID string, s Scope) (int64, error) {
	cond, arg := s.where("id", "search_text", "$4")
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM migrations WHERE console_id = $2 AND connection_id = $3
		AND (console_id = $1 OR to_console_id = $1) AND state IN ('STARTED', 'SCHEDULED') AND `+cond,
		consoleID, sourceID, connectionID, arg)
}

// CountMigrating counts what runs have not moved yet in a connection.
func (tx *Tx) CountMigrating(ctx context.Context, sourceID, connectionID string) (int64, error) {
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM migrations
		WHERE console_id = $1 AND connection_id = $2 AND state = 'MIGRATING'`, sourceID, connectionID)
}

// MigrationsOfCustomer returns the migrations out of a console that moved or tried to move one customer, the newest first.
func (tx *Tx) MigrationsOfCustomer(ctx context.Context, consoleID, customerID string) ([]migration.Migration, error) {
	rows, err := all(ctx, tx, scanMigration, selectMigration+`WHERE m.console_id = $1 AND m.customer_id = $2 ORDER BY m.id DESC`,
		consoleID, customerID)
	list := make([]migration.Migration, len(rows))
	for i, r := range rows {
		list[i] = r.Migration
	}
	return list, err
}

// Candidate is a customer of a source on the list of those to start.
type Candidate struct {
	CustomerID, Name, Domain string
	Blockers                 int64
	Cursor                   Cursor
}

// Candidates returns a page of the source's customers that are not in migration, ready or not, by name. While the
// connection waits, nobody is ready and everybody is not.
func (tx *Tx) Candidates(ctx context.Context, sourceID string, f CandidateFilter, p Page) (List[Candidate], error) {
	return pageOf(ctx, tx, func(r Rows) (c Candidate, err error) {
		err = r.Scan(&c.CustomerID, &c.Name, &c.Domain, &c.Blockers, &c.Cursor.SortName)
		c.Cursor.ID = c.CustomerID
		return c, err
	}, p, []string{`SELECT c.id, c.name, c.domain, c.blockers, c.sort_name FROM customers c ` + f.where()}, sourceID, contains(f.Search))
}

// CandidateFilter chooses customers of a source that are not in migration.
type CandidateFilter struct {
	Ready   bool
	Waiting bool           // the connection is in its waiting period
	Blocker migration.Code // with Ready false: only those with this reason, of WaitingPeriod with no other; empty: any
	Curable bool           // with Ready false: only those without a reason that nobody can clear
	Search  string
}

func (f CandidateFilter) where() string {
	w := `WHERE c.console_id = $1 AND c.state = 'LIVE' AND c.migration_id = '' AND c.search_text LIKE $2 ESCAPE '\'`
	switch {
	case f.Ready && f.Waiting:
		return w + ` AND 1 = 0`
	case f.Ready:
		return w + ` AND c.blockers = 0 AND c.evaluated_at > 0`
	case f.Waiting && f.Blocker == migration.WaitingPeriod:
		return w + ` AND c.blockers = 0 AND c.evaluated_at > 0`
	case f.Waiting && f.Blocker == "":
		return w
	case f.Blocker != "":
		return w + ` AND c.blockers <> 0 AND c.blockers & ` + strconv.FormatInt(f.Blocker.Bit(), 10) + ` <> 0`
	case f.Curable:
		return w + withBits(` AND (c.blockers <> 0 OR c.evaluated_at = 0)
			AND c.blockers & ({HAS_GOOGLE_CLOUD} + {HAS_VOICE_COMMITMENT}) = 0`)
	default:
		return w + ` AND (c.blockers <> 0 OR c.evaluated_at = 0)`
	}
}

// CountCandidates counts the customers that the filter chooses, up to CountLimit.
func (tx *Tx) CountCandidates(ctx context.Context, sourceID string, f CandidateFilter) (int, error) {
	return one(ctx, tx, scalar[int], `SELECT count(*) FROM (SELECT 1 FROM customers c `+f.where()+` LIMIT $3) x`,
		sourceID, contains(f.Search), CountLimit)
}

// EntityCount is how many subscriptions of a scope are billed through a legal entity, in a currency.
type EntityCount struct {
	LegalEntityID, LegalEntity string
	Currency, Group            string
	Subscriptions              int64
	AtMain                     bool // the main has an account of the entity that can take them
}

// EntitiesToStart returns the present legal entities of the ready customers in the scope (spec M1).
func (tx *Tx) EntitiesToStart(ctx context.Context, sourceID, mainID string, s Scope) ([]EntityCount, error) {
	cond, arg := s.where("c.id", "c.search_text", "$3")
	return all(ctx, tx, scanEntityCount, `SELECT e.id, e.name, s.currency, s.product_group, count(*),
			max(CASE WHEN EXISTS (SELECT 1 FROM billing_accounts a JOIN agreements g
				ON g.console_id = a.console_id AND g.legal_entity_id = a.legal_entity_id
				WHERE a.console_id = $2 AND a.legal_entity_id = e.id AND a.currency = s.currency
				AND a.product_group = s.product_group AND a.state = 'ACTIVE') THEN 1 ELSE 0 END)
		FROM customers c CROSS JOIN subscriptions s
		JOIN billing_accounts b ON b.console_id = s.console_id AND b.id = s.billing_account_id
		JOIN legal_entities e ON e.id = b.legal_entity_id
		WHERE s.console_id = c.console_id AND s.customer_id = c.id AND s.moved <> 1 AND s.state <> 'CANCELLED'
			AND c.console_id = $1 AND c.state = 'LIVE' AND c.migration_id = '' AND c.blockers = 0 AND c.evaluated_at > 0 AND `+cond+`
		GROUP BY e.id, e.name, s.currency, s.product_group ORDER BY e.name, e.id, s.currency, s.product_group`, sourceID, mainID, arg)
}

func scanEntityCount(r Rows) (e EntityCount, err error) {
	var at int64
	err = r.Scan(&e.LegalEntityID, &e.LegalEntity, &e.Currency, &e.Group, &e.Subscriptions, &at)
	e.AtMain = at == 1
	return e, err
}

// codeList writes what a run gives back, each with its reason.
func codeList(list []Return) string {
	return jsonList(list, func(r Return) map[string]any { return map[string]any{"m": r.MigrationID, "c": r.Reason} })
}

// Return is a migration that a run could not complete.
type Return struct {
	MigrationID string
	Reason      migration.Code
}

// CountToStart counts the ready customers of the source in the scope.
func (tx *Tx) CountToStart(ctx context.Context, sourceID string, s Scope) (int64, error) {
	cond, arg := s.where("c.id", "c.search_text", "$2")
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM customers c WHERE c.console_id = $1 AND c.state = 'LIVE'
		AND c.migration_id = '' AND c.blockers = 0 AND c.evaluated_at > 0 AND `+cond, sourceID, arg)
}
