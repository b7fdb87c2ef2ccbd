// Package lite is the embedded engine: SQLite through a pure Go driver, one writer and many readers.
package lite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"psc/internal/store"
	"psc/internal/store/riverjob"
	"psc/internal/store/schema"
)

// readers is how many pages may read at the same time; SQLite's readers do not wait for the writer.
const readers = 8

type engine struct {
	write  *sql.DB // one connection: SQLite has one writer, and River must not meet it as "busy"
	read   *sql.DB
	insert *river.Client[*sql.Tx]
	log    *slog.Logger
}

// Open opens the database file at path and creates it if needed.
func Open(path string, log *slog.Logger) (store.Engine, error) {
	write, err := open(path, "immediate", 1)
	if err != nil {
		return nil, err
	}
	read, err := open(path, "deferred", readers)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	insert, err := river.NewClient(riversqlite.New(write), riverjob.Config(nil, log))
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	return &engine{write: write, read: read, insert: insert, log: log}, nil
}

func open(path, lock string, conns int) (*sql.DB, error) {
	q := url.Values{
		"_txlock": {lock},
		"_pragma": {
			"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)",
			"temp_store(MEMORY)", "cache_size(-32000)",
		},
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func (e *engine) Name() string { return "sqlite" }

func (e *engine) Update(ctx context.Context, fn func(store.Conn) error) error {
	return e.run(ctx, e.write, nil, fn)
}

func (e *engine) View(ctx context.Context, fn func(store.Conn) error) error {
	return e.run(ctx, e.read, &sql.TxOptions{ReadOnly: true}, fn)
}

func (e *engine) run(ctx context.Context, db *sql.DB, opts *sql.TxOptions, fn func(store.Conn) error) error {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(&conn{tx: tx, insert: e.insert}); err != nil {
		return err
	}
	return tx.Commit()
}

func (e *engine) Lost(err error) bool {
	code := code(err)
	return code&0xff == lib.SQLITE_BUSY || code&0xff == lib.SQLITE_LOCKED
}

func (e *engine) Duplicate(err error) bool {
	code := code(err)
	return code == lib.SQLITE_CONSTRAINT_UNIQUE || code == lib.SQLITE_CONSTRAINT_PRIMARYKEY
}

func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

func (e *engine) provider() (*goose.Provider, error) {
	files, err := fs.Sub(schema.Files, "lite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, e.write, files)
}

func (e *engine) SchemaUp(ctx context.Context) error {
	steps, err := e.provider()
	if err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	for _, sql := range statistics {
		if _, err := e.write.ExecContext(ctx, sql); err != nil {
			return fmt.Errorf("statistics: %w", err)
		}
	}
	jobs, err := rivermigrate.New(riversqlite.New(e.write), &rivermigrate.Config{Logger: e.log})
	if err != nil {
		return err
	}
	if _, err := jobs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("schema of jobs: %w", err)
	}
	return nil
}

// statistics tell the planner that nearly all customers of a console are LIVE. Without them it takes that for a choice of
// ten rows, and walks through all customers wherever a few are named by ID or domain.
var statistics = []string{
	`ANALYZE`,
	`DELETE FROM sqlite_stat1 WHERE tbl = 'customers'`,
	`INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
		('customers', 'sqlite_autoindex_customers_1', '1000000 100000 1'),
		('customers', 'customers_domain', '1000000 100000 1'),
		('customers', 'customers_list', '1000000 100000 99000 2 1')`,
	`ANALYZE sqlite_schema`,
}

// Analyze has nothing to do: the statistics that matter are those that every database gets.
func (e *engine) Analyze(context.Context) error { return nil }

func (e *engine) SchemaCurrent(ctx context.Context) (bool, error) {
	steps, err := e.provider()
	if err != nil {
		return false, err
	}
	have, want, err := steps.GetVersions(ctx)
	return have == want, err
}

// Work hands back at once what a process that died was working on: on SQLite there is only one process that works.
func (e *engine) Work(ctx context.Context, workers store.Workers) (func(context.Context) error, error) {
	if _, err := e.write.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`); err != nil {
		return nil, err
	}
	client, err := river.NewClient(riversqlite.New(e.write), riverjob.Config(workers, e.log))
	if err != nil {
		return nil, err
	}
	if err := client.Start(ctx); err != nil {
		return nil, err
	}
	return client.StopAndCancel, nil
}

func (e *engine) JobPages(ctx context.Context, path string) (http.Handler, error) {
	return riverjob.Pages(ctx, e.insert, path, e.log)
}

func (e *engine) Close() error { return errors.Join(e.read.Close(), e.write.Close()) }

type conn struct {
	tx     *sql.Tx
	insert *river.Client[*sql.Tx]
}

func (c *conn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := c.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c *conn) Query(ctx context.Context, query string, args ...any) (store.Rows, error) {
	return c.tx.QueryContext(ctx, query, args...) //nolint:rowserrcheck // the store closes and checks
}

func (c *conn) Enqueue(ctx context.Context, kind string, args []byte, o store.JobOptions) error {
	_, err := c.insert.InsertTx(ctx, c.tx, riverjob.NewArgs(kind, args), riverjob.Options(o))
	return err
}

func (c *conn) CompleteJob(ctx context.Context) error {
	job := riverjob.Job(ctx)
	if job == nil {
		return nil
	}
	_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, c.tx, job)
	return err
}
