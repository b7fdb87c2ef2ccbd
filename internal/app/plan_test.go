package app_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// planned asks SQLite how it will find the rows of every statement, before it runs.
type planned struct {
	store.Engine

	mu    sync.Mutex
	plans map[string][]string // by statement
}

// Update implements store.Engine.
func (e *planned) Update(ctx context.Context, fn func(store.Conn) error) error {
	return e.Engine.Update(ctx, func(c store.Conn) error { return fn(planning{c, e}) })
}

// View implements store.Engine.
func (e *planned) View(ctx context.Context, fn func(store.Conn) error) error {
	return e.Engine.View(ctx, func(c store.Conn) error { return fn(planning{c, e}) })
}

type planning struct {
	store.Conn

	engine *planned
}

// Exec implements store.Conn.
func (p planning) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if err := p.plan(ctx, sql, args); err != nil {
		return 0, err
	}
	return p.Conn.Exec(ctx, sql, args...)
}

// Query implements store.Conn.
func (p planning) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	if err := p.plan(ctx, sql, args); err != nil {
		return nil, err
	}
	return p.Conn.Query(ctx, sql, args...)
}

func (p planning) plan(ctx context.Context, sql string, args []any) (err error) {
	p.engine.mu.Lock()
	defer p.engine.mu.Unlock()
	if p.engine.plans[sql] != nil {
		return nil
	}
	rows, err := p.Conn.Query(ctx, "EXPLAIN QUERY PLAN "+sql, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	steps := []string{""}
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return err
		}
		steps = append(steps, step)
	}
	p.engine.plans[sql] = steps
	return rows.Err()
}

// big are the tables that grow with the customers.
const big = `customers|subscriptions|segments|lots|charges|orders|migrations|migration_subscriptions|ledger_entries`

// walks are the steps of a plan that look at every row that a console, or everybody, has.
var walks = regexp.MustCompile(`^SCAN (` + big + `)\b|USING (COVERING )?INDEX (sqlite_autoindex_)?(` + big + `)_\w+ \(console_id=\?\)`)

// parentCheck is planned for every row that comes into subscriptions, and done only while a foreign key is broken.
const parentCheck = `SEARCH charges USING INDEX charges_month (console_id=?)`

// TestBulkStatementsFindTheirRows looks at how each statement of a run finds its rows: by what it is about, never by
// walking through everything that a console has, which would make the time grow with the square of the customers.
func TestBulkStatementsFindTheirRows(t *testing.T) {
	t.Parallel()
	engine := &planned{Engine: storetest.SQLite(t).Engine(), plans: map[string][]string{}}
	w := apptest.New(t, store.New(engine))
	ctx := t.Context()
	w.AddCustomers(w.B, 25, mixed)
	w.AddCustomers(w.C, 5, nil)
	w.Connect(w.A, w.C)
	c := w.Connect(w.A, w.B)
	on(w, 15)
	engine.plans = map[string][]string{}
	_, err := w.PreviewStart(ctx, apptest.Admin(w.B), c.ID, store.Scope{All: true})
	w.Must(err)
	_, err = w.StartMigrations(ctx, apptest.Admin(w.B), c.ID, store.Scope{All: true})
	w.Must(err)
	_, err = w.CancelMigrations(ctx, apptest.Admin(w.B), c.ID, store.Scope{All: true, Search: "1"})
	w.Must(err)
	_, err = w.ChoicePage(ctx, apptest.Admin(w.A), c.ID, store.Scope{All: true}, store.Choices{}, store.Cursor{}, 50)
	w.Must(err)
	op, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), w.Confirm(w.A, app.Completion{
		ConnectionID: c.ID, Scope: store.Scope{All: true},
		Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_1"), apptest.Choose(w.A, "USD", "le_1", "le_1")}},
	}))
	w.Must(err)
	w.Must(w.PauseRun(ctx, apptest.Admin(w.A), op.ID))
	w.Must(w.ResumeRun(ctx, apptest.Admin(w.A), op.ID))
	w.RunJobs(app.EvaluateJob{}.Kind())
	w.RunJobs(chunkKind)
	w.Must(w.CloseConnection(ctx, apptest.Admin(w.A), c.ID, true))
	if len(engine.plans) < 50 {
		t.Fatalf("%d statements were planned: the test shows nothing", len(engine.plans))
	}
	for sql, steps := range engine.plans {
		if slices.ContainsFunc(steps, func(s string) bool { return walks.MatchString(s) && s != parentCheck }) {
			t.Errorf("%s%s\n", sql, strings.Join(steps, "\n\t-> "))
		}
	}
}
