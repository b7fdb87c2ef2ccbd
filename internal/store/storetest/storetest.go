// Package storetest is what tests of the store share: an empty database of each engine.
package storetest

import (
	"log/slog"
	"path/filepath"
	"testing"

	"psc/internal/pgtest"
	"psc/internal/store"
	"psc/internal/store/lite"
	"psc/internal/store/pg"
)

// Each runs the test once on an empty database of each engine, as a subtest.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, Postgres(t)) })
}

// SQLite returns an empty database in a file.
func SQLite(tb testing.TB) *store.DB {
	tb.Helper()
	engine, err := lite.Open(filepath.Join(tb.TempDir(), "psc.db"), quiet())
	return ready(tb, engine, err)
}

// Postgres returns an empty database on a real PostgreSQL.
func Postgres(tb testing.TB) *store.DB {
	tb.Helper()
	engine, err := pg.Open(tb.Context(), pgtest.URL(tb), quiet())
	return ready(tb, engine, err)
}

func ready(tb testing.TB, engine store.Engine, err error) *store.DB {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
	db := store.New(engine)
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	if err := engine.SchemaUp(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return db
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
