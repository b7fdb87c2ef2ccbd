package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"psc/internal/console"
	"psc/internal/support"
)

// InsertCase adds a case with its console's next number, and returns that.
func (tx *Tx) InsertCase(ctx context.Context, c support.Case) (int64, error) {
	return one(ctx, tx, scalar[int64], `INSERT INTO cases (console_id, id, number, kind, title, customer_id, customer_name, state,
			opened_by, by_operator, opened_at, changed_at)
		SELECT $1, $2, COALESCE(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, CAST($9 AS bigint), CAST($10 AS bigint), CAST($10 AS bigint)
		FROM cases WHERE console_id = $1 RETURNING number`,
		c.ConsoleID, c.ID, c.Kind, c.Title, c.CustomerID, c.CustomerName, c.State, c.OpenedBy, flag(c.ByOperator), micros(c.OpenedAt))
}

const caseColumns = `k.console_id, k.id, k.number, k.kind, k.title, k.customer_id, k.customer_name, k.state, k.opened_by,
	k.by_operator, k.opened_at, k.changed_at, k.assignee_id, k.assignee`

func caseFields(c *support.Case, operator, opened, changed *int64) []any {
	return []any{
		&c.ConsoleID, &c.ID, &c.Number, &c.Kind, &c.Title, &c.CustomerID, &c.CustomerName, &c.State, &c.OpenedBy, operator,
		opened, changed, &c.AssigneeID, &c.Assignee,
	}
}

func scanCase(r Rows) (c support.Case, err error) {
	var operator, opened, changed int64
	err = r.Scan(caseFields(&c, &operator, &opened, &changed)...)
	c.ByOperator, c.OpenedAt, c.ChangedAt = operator == 1, instant(opened), instant(changed)
	return c, err
}

// Case returns a case of the console by its ID or number, or ErrNone.
func (tx *Tx) Case(ctx context.Context, consoleID, idOrNumber string) (support.Case, error) {
	account, digits, whole := strings.Cut(idOrNumber, "-") // as it is shown: C6vbcsw3d-2
	if !whole {
		account, digits = "", idOrNumber
	}
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		number = 0
	}
	return one(ctx, tx, scanCase, `SELECT `+caseColumns+` FROM cases k WHERE k.console_id = $1 AND (k.id = $2 OR k.number = $3
		AND $4 IN ('', (SELECT c.account_id FROM consoles c WHERE c.id = $1)))`, consoleID, idOrNumber, number, account)
}

// CaseFilter says which cases are asked for; what is empty asks for nothing in particular.
type CaseFilter struct {
	States     []support.State
	CustomerID string
	AssigneeID string
}

func (f CaseFilter) stateList() string {
	return jsonList(f.States, func(s support.State) map[string]any { return map[string]any{"s": s} })
}

// Cases returns the next cases of a console, the newest first, before an ID (empty: from the newest).
func (tx *Tx) Cases(ctx context.Context, consoleID string, f CaseFilter, before string, limit int) ([]support.Case, error) {
	return all(ctx, tx, scanCase, `SELECT `+caseColumns+` FROM cases k WHERE k.console_id = $1
		AND k.state IN (SELECT value->>'s' FROM json_each($2)) AND ($3 = '' OR k.customer_id = $3) AND ($4 = '' OR k.id < $4)
		ORDER BY k.id DESC LIMIT $5`, consoleID, f.stateList(), f.CustomerID, before, limit)
}

// QueuedCase is a case with the console that it is of.
type QueuedCase struct {
	support.Case

	Console, Reseller string
	AccountID         console.AccountID
}

// CaseQueue returns the next cases of all consoles, the oldest first, after an ID.
func (tx *Tx) CaseQueue(ctx context.Context, f CaseFilter, after string, limit int) ([]QueuedCase, error) {
	return all(ctx, tx, func(r Rows) (q QueuedCase, err error) {
		var operator, opened, changed int64
		err = r.Scan(append(caseFields(&q.Case, &operator, &opened, &changed), &q.Console, &q.Reseller, &q.AccountID)...)
		q.ByOperator, q.OpenedAt, q.ChangedAt = operator == 1, instant(opened), instant(changed)
		return q, err
	}, `SELECT `+caseColumns+`, c.name, r.name, c.account_id FROM cases k
		JOIN consoles c ON c.id = k.console_id JOIN resellers r ON r.id = c.reseller_id
		WHERE k.state IN (SELECT value->>'s' FROM json_each($1)) AND ($2 = '' OR k.assignee_id = $2) AND k.id > $3
		ORDER BY k.id LIMIT $4`, f.stateList(), f.AssigneeID, after, limit)
}

// ChangeCase writes the state and the assignee of a case, and reports false if it is not as it was any more.
func (tx *Tx) ChangeCase(ctx context.Context, c, was support.Case, now time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE cases SET state = $3, assignee_id = $4, assignee = $5, changed_at = $6
		WHERE console_id = $1 AND id = $2 AND state = $7 AND assignee_id = $8`,
		c.ConsoleID, c.ID, c.State, c.AssigneeID, c.Assignee, micros(now), was.State, was.AssigneeID)
	return n == 1, err
}

// CaseEntry is something that was said or done in a case.
type CaseEntry struct {
	ConsoleID  string
	ID         string
	CaseID     string
	At         time.Time
	Action     support.Action // empty: the case was opened with it
	By         string
	ByOperator bool
	Internal   bool // operators alone read it
	Text       string
	Files      []support.File // without their bytes
}

// InsertCaseEntry adds to what was said in a case, with its files.
func (tx *Tx) InsertCaseEntry(ctx context.Context, e CaseEntry) error {
	if _, err := tx.exec(ctx, `INSERT INTO case_entries (console_id, id, case_id, at, action, by_name, by_operator, internal, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ConsoleID, e.ID, e.CaseID, micros(e.At), e.Action, e.By, flag(e.ByOperator), flag(e.Internal), e.Text); err != nil {
		return err
	}
	for _, f := range e.Files {
		if _, err := tx.exec(ctx, `INSERT INTO case_files (console_id, id, case_id, entry_id, name, type, size, bytes)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, e.ConsoleID, f.ID, e.CaseID, e.ID, f.Name, f.Type, f.Size, f.Bytes); err != nil {
			return err
		}
	}
	return nil
}

// CaseEntries returns what was said in a case, the oldest first: for operators what is internal too.
func (tx *Tx) CaseEntries(ctx context.Context, consoleID, caseID string, internal bool) ([]CaseEntry, error) {
	files := map[string][]support.File{}
	if _, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var f support.File
		err := r.Scan(&f.ID, &f.EntryID, &f.Name, &f.Type, &f.Size)
		files[f.EntryID] = append(files[f.EntryID], f)
		return struct{}{}, err
	}, `SELECT id, entry_id, name, type, size FROM case_files WHERE console_id = $1 AND case_id = $2 ORDER BY id`,
		consoleID, caseID); err != nil {
		return nil, err
	}
	return all(ctx, tx, func(r Rows) (e CaseEntry, err error) {
		var at, operator, hidden int64
		err = r.Scan(&e.ConsoleID, &e.ID, &e.CaseID, &at, &e.Action, &e.By, &operator, &hidden, &e.Text)
		e.At, e.ByOperator, e.Internal, e.Files = instant(at), operator == 1, hidden == 1, files[e.ID]
		return e, err
	}, `SELECT console_id, id, case_id, at, action, by_name, by_operator, internal, text FROM case_entries
		WHERE console_id = $1 AND case_id = $2 AND internal <= $3 ORDER BY id`, consoleID, caseID, flag(internal))
}

// CaseFile returns a file of a case of the console with its bytes, or ErrNone: for operators of an internal note too.
func (tx *Tx) CaseFile(ctx context.Context, consoleID, caseID, id string, internal bool) (support.File, error) {
	return one(ctx, tx, func(r Rows) (f support.File, err error) {
		err = r.Scan(&f.ID, &f.EntryID, &f.Name, &f.Type, &f.Size, &f.Bytes)
		return f, err
	}, `SELECT f.id, f.entry_id, f.name, f.type, f.size, f.bytes FROM case_files f
		JOIN case_entries e ON e.console_id = f.console_id AND e.id = f.entry_id
		WHERE f.console_id = $1 AND f.case_id = $2 AND f.id = $3 AND e.internal <= $4`, consoleID, caseID, id, flag(internal))
}
