// Package store keeps everything in a database: one SQL text for SQLite and PostgreSQL. Every method hangs on a
// transaction, and those that read or write what belongs to a console take the console that asks.
package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"psc/internal/fault"
)

// Engine is one kind of database, opened: store/lite or store/pg.
type Engine interface {
	// Name is "sqlite" or "postgres".
	Name() string
	// Update runs fn in one read-write transaction and commits if fn returns nil.
	Update(ctx context.Context, fn func(Conn) error) error
	// View runs fn in one read-only transaction: a consistent snapshot.
	View(ctx context.Context, fn func(Conn) error) error
	// Lost reports whether err means that a race was lost and the transaction may be tried again.
	Lost(err error) bool
	// Duplicate reports whether err is a violated unique constraint.
	Duplicate(err error) bool
	// SchemaUp brings the schema up to date, River's included.
	SchemaUp(ctx context.Context) error
	// SchemaCurrent reports whether the schema is exactly the one this program knows.
	SchemaCurrent(ctx context.Context) (bool, error)
	// Analyze tells the planner how much there is by now.
	Analyze(ctx context.Context) error
	// Work starts working on jobs until stop is called; stop hands unfinished ones back.
	Work(ctx context.Context, workers Workers) (stop func(context.Context) error, err error)
	// JobPages returns the job queue's own pages, in English, to be served below a path. They work until ctx ends.
	JobPages(ctx context.Context, path string) (http.Handler, error)
	Close() error
}

// Conn is a transaction as an engine gives it.
type Conn interface {
	Exec(ctx context.Context, sql string, args ...any) (rowsAffected int64, err error)
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	Enqueue(ctx context.Context, kind string, args []byte, opts JobOptions) error
	// CompleteJob marks the job that ctx works on as done, in this transaction; outside a job it does nothing.
	CompleteJob(ctx context.Context) error
}

// Rows is a result being read.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// DB is a database.
type DB struct {
	engine Engine
}

// New wraps an opened engine.
func New(engine Engine) *DB { return &DB{engine: engine} }

// Engine returns the engine below.
func (db *DB) Engine() Engine { return db.engine }

// Lost reports whether err is the fault of a transaction that lost its race again and again: nothing is wrong with what it did.
func (db *DB) Lost(err error) bool { return db.engine.Lost(err) }

// Analyze tells the planner how much there is by now. Who loads a lot into an empty database calls it on the way: plans made
// for empty tables are slow on full ones, and the database itself looks only once in a while.
func (db *DB) Analyze(ctx context.Context) error { return db.engine.Analyze(ctx) }

// Close closes the database.
func (db *DB) Close() error { return db.engine.Close() }

// Tx is a transaction.
type Tx struct {
	conn      Conn
	duplicate func(error) bool
}

// updateTries is how often a transaction that lost a race runs before it gives up.
const updateTries = 12

// Update runs fn in a read-write transaction, again if it lost a race: fn has no effect outside the transaction. What loses
// again and again is the fault "changed_meanwhile". If ctx carries a Claim that was not written down yet, it is with fn.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	fn, committed := claimed(ctx, fn)
	for try := 1; ; try++ {
		err := db.engine.Update(ctx, func(c Conn) error { return fn(db.tx(c)) })
		switch {
		case err == nil:
			committed()
			return nil
		case !db.engine.Lost(err):
			return err
		case try == updateTries:
			return fault.Wrap(err, fault.Conflict, "changed_meanwhile", nil)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// View runs fn in a read-only transaction.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	return db.engine.View(ctx, func(c Conn) error { return fn(db.tx(c)) })
}

func (db *DB) tx(c Conn) *Tx { return &Tx{conn: c, duplicate: db.engine.Duplicate} }

// pause waits a random while that doubles with each try, so that those who raced do not meet again.
func pause(ctx context.Context, try int) error {
	most := time.Millisecond << min(try, 7)
	wait, cancel := context.WithTimeout(ctx, rand.N(most)) //nolint:gosec // jitter keeps no secret
	defer cancel()
	<-wait.Done()
	return ctx.Err()
}

// Duplicate reports whether err is a violated unique constraint.
func (tx *Tx) Duplicate(err error) bool { return tx.duplicate(err) }

// ErrNone is what reading one row returns when there is none. Use cases turn it into a fault.
var ErrNone = errors.New("no such row")

func (tx *Tx) exec(ctx context.Context, sql string, args ...any) (int64, error) {
	return tx.conn.Exec(ctx, sql, args...)
}

// all reads every row of a query through scan.
func all[T any](ctx context.Context, tx *Tx, scan func(Rows) (T, error), sql string, args ...any) (_ []T, err error) {
	rows, err := tx.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// one reads the first row of a query through scan, or returns ErrNone.
func one[T any](ctx context.Context, tx *Tx, scan func(Rows) (T, error), sql string, args ...any) (T, error) {
	list, err := all(ctx, tx, scan, sql, args...)
	if err != nil || len(list) == 0 {
		var none T
		if err == nil {
			err = ErrNone
		}
		return none, err
	}
	return list[0], nil
}

// scalar scans a row of one column.
func scalar[T any](r Rows) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// micros is how instants are stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant reads what micros wrote.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// flag is how yes and no are stored.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
