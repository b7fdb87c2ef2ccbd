// Package pg is the engine for production: PostgreSQL through pgx.
package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"psc/internal/store"
	"psc/internal/store/riverjob"
	"psc/internal/store/schema"
)

type engine struct {
	pool   *pgxpool.Pool
	steps  *sql.DB // the same database, as the schema's steps want it
	insert *river.Client[pgx.Tx]
	log    *slog.Logger
}

// Open connects to the database that url names.
func Open(ctx context.Context, url string, log *slog.Logger) (store.Engine, error) {
	config, err := configure(url)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	insert, err := river.NewClient(riverpgxv5.New(pool), riverjob.Config(nil, log))
	if err != nil {
		pool.Close()
		return nil, err
	}
	unbounded := config.ConnConfig.Copy() // a step of the schema takes as long as it takes
	for name := range bounds {
		delete(unbounded.RuntimeParams, name)
	}
	steps := stdlib.OpenDB(*unbounded)
	steps.SetMaxIdleConns(0)
	return &engine{pool: pool, steps: steps, insert: insert, log: log}, nil
}

// bounds are how a connection works, unless the URL says otherwise. No statement runs longer than a page may take. Whoever
// waits for a row that another transaction holds gives up after a while and tries again, as if the race were lost. And a transaction
// whose process hangs in the middle lets go of what it holds.
var bounds = map[string]string{
	"statement_timeout":                   "5min",
	"lock_timeout":                        "5s",
	"idle_in_transaction_session_timeout": "1min",
	// Rows are found by keys. A table that was empty when PostgreSQL last looked costs nothing to read whole, by its reckoning: while
	// accounts are chosen for many customers it would read all choices that the very statement has written, for each that it writes.
	"enable_seqscan": "off",
	"jit":            "off", // where there is no other way than to read all, that must not look like work worth compiling for
}

// Connections that a process has besides one for each job that it works on: River listens on one and keeps its queue with
// another, and so many requests of people and programs read and write at the same time for each core.
const (
	connsForQueue   = 2
	connsPerCore    = 4
	fewestForPeople = 8
)

// configure reads the URL; what it leaves open is derived.
func configure(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = int32(riverjob.AtOnce + connsForQueue + max(fewestForPeople, connsPerCore*runtime.GOMAXPROCS(0))) //nolint:gosec // cores are few
	}
	for name, bound := range bounds {
		if _, said := config.ConnConfig.RuntimeParams[name]; !said {
			config.ConnConfig.RuntimeParams[name] = bound
		}
	}
	return config, nil
}

func (e *engine) Name() string { return "postgres" }

// Update runs at repeatable read: two that change the same row do not both commit, one is told that it lost and runs
// again on what the other left. Rules over several rows take the consoles' locks (store.Tx.LockConsoles).
func (e *engine) Update(ctx context.Context, fn func(store.Conn) error) error {
	return e.run(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, fn)
}

func (e *engine) View(ctx context.Context, fn func(store.Conn) error) error {
	return e.run(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, fn)
}

func (e *engine) run(ctx context.Context, opts pgx.TxOptions, fn func(store.Conn) error) error {
	return pgx.BeginTxFunc(ctx, e.pool, opts, func(tx pgx.Tx) error {
		return fn(&conn{tx: tx, insert: e.insert})
	})
}

func (e *engine) Lost(err error) bool {
	switch code(err) {
	case "40001", "40P01", "55P03": // serialization_failure, deadlock_detected, lock_not_available
		return true
	default:
		return false
	}
}

func (e *engine) Duplicate(err error) bool { return code(err) == "23505" }

func code(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// provider returns the schema steps under a lock, so that processes that start together do not step on each other.
func (e *engine) provider() (*goose.Provider, error) {
	files, err := fs.Sub(schema.Files, "pg")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, e.steps, files, goose.WithSessionLocker(locker))
}

func (e *engine) SchemaUp(ctx context.Context) error {
	steps, err := e.provider()
	if err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	jobs, err := rivermigrate.New(riverpgxv5.New(e.pool), &rivermigrate.Config{Logger: e.log})
	if err != nil {
		return err
	}
	if _, err := jobs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("schema of jobs: %w", err)
	}
	return nil
}

func (e *engine) SchemaCurrent(ctx context.Context) (bool, error) {
	steps, err := e.provider()
	if err != nil {
		return false, err
	}
	have, want, err := steps.GetVersions(ctx)
	return have == want, err
}

func (e *engine) Analyze(ctx context.Context) error {
	_, err := e.pool.Exec(ctx, `ANALYZE`)
	return err
}

func (e *engine) Work(ctx context.Context, workers store.Workers) (func(context.Context) error, error) {
	client, err := river.NewClient(riverpgxv5.New(e.pool), riverjob.Config(workers, e.log))
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

func (e *engine) Close() error {
	err := e.steps.Close()
	e.pool.Close()
	return err
}

type conn struct {
	tx     pgx.Tx
	insert *river.Client[pgx.Tx]
}

func (c *conn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := c.tx.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

func (c *conn) Query(ctx context.Context, query string, args ...any) (store.Rows, error) {
	r, err := c.tx.Query(ctx, query, args...)
	return rows{r}, err
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
	_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, c.tx, job)
	return err
}

// rows gives pgx.Rows the Close that database/sql has.
type rows struct{ pgx.Rows }

func (r rows) Close() error { r.Rows.Close(); return r.Err() }
