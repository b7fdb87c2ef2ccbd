package storetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"psc/internal/store"
)

// Plan is a statement that ran and the steps by which its engine found the rows.
type Plan struct {
	SQL, Steps string
}

// Plans asks an engine before each statement how it will find the rows.
type Plans struct {
	store.Engine

	mu   sync.Mutex
	list []Plan
}

// Planned returns the database with the plans of all that runs on it from now on.
func Planned(db *store.DB) (*store.DB, *Plans) {
	p := &Plans{Engine: db.Engine()}
	return store.New(p), p
}

// Of returns the plans of the statements that call runs.
func (p *Plans) Of(tb testing.TB, call func() error) []Plan {
	tb.Helper()
	p.take()
	if err := call(); err != nil {
		tb.Fatal(err)
	}
	return p.take()
}

func (p *Plans) take() []Plan {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.list
	p.list = nil
	return list
}

// Update implements store.Engine.
func (p *Plans) Update(ctx context.Context, fn func(store.Conn) error) error {
	return p.Engine.Update(ctx, func(c store.Conn) error { return fn(planning{c, p}) })
}

// View implements store.Engine.
func (p *Plans) View(ctx context.Context, fn func(store.Conn) error) error {
	return p.Engine.View(ctx, func(c store.Conn) error { return fn(planning{c, p}) })
}

type planning struct {
	store.Conn

	plans *Plans
}

// Exec implements store.Conn.
func (c planning) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if err := c.plan(ctx, sql, args); err != nil {
		return 0, err
	}
	return c.Conn.Exec(ctx, sql, args...)
}

// Query implements store.Conn.
func (c planning) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	if err := c.plan(ctx, sql, args); err != nil {
		return nil, err
	}
	return c.Conn.Query(ctx, sql, args...)
}

// plan asks for the steps; SQLite tells each with three numbers before it.
func (c planning) plan(ctx context.Context, sql string, args []any) (err error) {
	ask, scan := "EXPLAIN ", func(r store.Rows, step *string) error { return r.Scan(step) }
	if c.plans.Name() == "sqlite" {
		ask, scan = "EXPLAIN QUERY PLAN ", func(r store.Rows, step *string) error { return r.Scan(new(int), new(int), new(int), step) }
	}
	rows, err := c.Conn.Query(ctx, ask+sql, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var steps []string
	for rows.Next() {
		var step string
		if err := scan(rows, &step); err != nil {
			return err
		}
		steps = append(steps, step)
	}
	c.plans.mu.Lock()
	defer c.plans.mu.Unlock()
	c.plans.list = append(c.plans.list, Plan{sql, strings.Join(steps, "\n")})
	return rows.Err()
}
