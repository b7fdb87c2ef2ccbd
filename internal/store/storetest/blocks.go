package storetest

import (
	"context"
	"encoding/json"
	"errors"

	"psc/internal/store"
)

// Blocks counts how many blocks each statement of a writing transaction touches on PostgreSQL, in the order in which they run. It
// tells how much work a statement is on any machine: a plan that reads all there is shows, however quick the machine.
type Blocks struct {
	store.Engine

	By map[string][]int64 // by the statement's text
}

// Counted returns the database with its blocks counted from now on.
func Counted(db *store.DB) (*store.DB, *Blocks) {
	b := &Blocks{Engine: db.Engine(), By: map[string][]int64{}}
	return store.New(b), b
}

// Update implements store.Engine.
func (b *Blocks) Update(ctx context.Context, fn func(store.Conn) error) error {
	return b.Engine.Update(ctx, func(c store.Conn) error { return fn(counting{c, b}) })
}

type counting struct {
	store.Conn

	blocks *Blocks
}

// Exec implements store.Conn.
func (c counting) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if err := c.count(ctx, sql, args); err != nil {
		return 0, err
	}
	return c.Conn.Exec(ctx, sql, args...)
}

// Query implements store.Conn.
func (c counting) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	if err := c.count(ctx, sql, args); err != nil {
		return nil, err
	}
	return c.Conn.Query(ctx, sql, args...)
}

// count runs the statement once, counts, and undoes it.
func (c counting) count(ctx context.Context, sql string, args []any) (err error) {
	if _, err := c.Conn.Exec(ctx, "SAVEPOINT counting"); err != nil {
		return err
	}
	rows, err := c.Conn.Query(ctx, "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "+sql, args...)
	if err != nil {
		return err
	}
	var text string
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			return err
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	var plans []struct {
		Plan struct {
			Hit  int64 `json:"Shared Hit Blocks"`
			Read int64 `json:"Shared Read Blocks"`
		}
	}
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		return err
	}
	c.blocks.By[sql] = append(c.blocks.By[sql], plans[0].Plan.Hit+plans[0].Plan.Read)
	_, err = c.Conn.Exec(ctx, "ROLLBACK TO counting")
	return err
}
