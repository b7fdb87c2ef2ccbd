//go:build e2e && bench

package bench_test

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"testing"

	"psc/internal/store"
)

// statement is one that the product ran, with its arguments as text.
type statement struct {
	sql  string
	args []string
}

// recorder is an engine that keeps the statements of each transaction that writes.
type recorder struct {
	store.Engine

	transactions [][]statement
}

// recorded returns the database with a recorder in it.
func recorded(db *store.DB) (*store.DB, *recorder) {
	r := &recorder{Engine: db.Engine()}
	return store.New(r), r
}

// Update implements store.Engine.
func (r *recorder) Update(ctx context.Context, fn func(store.Conn) error) error {
	list := []statement{}
	err := r.Engine.Update(ctx, func(c store.Conn) error { return fn(listening{c, &list}) })
	if err == nil {
		r.transactions = append(r.transactions, list)
	}
	return err
}

type listening struct {
	store.Conn

	list *[]statement
}

// Exec implements store.Conn.
func (c listening) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	c.keep(sql, args)
	return c.Conn.Exec(ctx, sql, args...)
}

// Query implements store.Conn.
func (c listening) Query(ctx context.Context, sql string, args ...any) (store.Rows, error) {
	c.keep(sql, args)
	return c.Conn.Query(ctx, sql, args...)
}

func (c listening) keep(sql string, args []any) {
	s := statement{sql: sql}
	for _, a := range args {
		v := reflect.ValueOf(a)
		switch {
		case v.Kind() == reflect.String:
			s.args = append(s.args, v.String())
		case v.CanInt():
			s.args = append(s.args, strconv.FormatInt(v.Int(), 10))
		default:
			panic(fmt.Sprintf("argument %v of %s", a, sql))
		}
	}
	*c.list = append(*c.list, s)
}

// chunks returns the statements by which the product moves the customers of the world's run, so many a transaction, for up to
// most transactions.
func (w *world) chunks(tb testing.TB, size, most int) [][]statement {
	tb.Helper()
	db, r := recorded(w.DB)
	own := w.in(tb, db)
	own.Config.ChunkSize = size
	for len(r.transactions) < most {
		var op store.Operation
		own.Read(func(tx *store.Tx) (err error) {
			op, err = tx.Operation(tb.Context(), w.run.ConsoleID, w.run.ID)
			return err
		})
		if op.State != store.OperationRunning {
			break
		}
		own.step(op)
	}
	return r.transactions
}
