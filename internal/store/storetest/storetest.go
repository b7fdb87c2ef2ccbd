// Package storetest is what tests of the store share: an empty database of each engine.
package storetest

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/pgtest"
	"psc/internal/store"
	"psc/internal/store/lite"
	"psc/internal/store/pg"
	"psc/internal/store/schema"
)

// Each runs the test once on an empty database of each engine, as a subtest.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, Postgres(t)) })
}

// EachRandom runs a property test on each engine, one after the other, each time on an empty database; so many random
// cases on SQLite and on PostgreSQL, unless the command line says how many.
func EachRandom(t *testing.T, onSQLite, onPostgres int, property func(t *testing.T, rt *rapid.T, db *store.DB)) {
	t.Helper()
	for _, c := range []struct {
		name   string
		open   func(testing.TB) *store.DB
		checks int
	}{{"sqlite", SQLite, onSQLite}, {"postgres", Postgres, onPostgres}} {
		t.Run(c.name, func(t *testing.T) {
			db := c.open(t)
			setUnlessGiven(t, "rapid.checks", strconv.Itoa(c.checks))
			rapid.Check(t, func(rt *rapid.T) {
				Empty(t, db)
				property(t, rt, db)
			})
		})
	}
}

// setUnlessGiven sets a flag for one test, unless somebody has set it on the command line.
func setUnlessGiven(tb testing.TB, name, value string) {
	tb.Helper()
	f := flag.Lookup(name)
	given := false
	flag.Visit(func(g *flag.Flag) { given = given || g == f })
	if given {
		return
	}
	was := f.Value.String()
	if err := f.Value.Set(value); err != nil { // not flag.Set, after which the flag would count as given
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := f.Value.Set(was); err != nil {
			tb.Error(err)
		}
	})
}

// SQLite returns an empty database in a file.
func SQLite(tb testing.TB) *store.DB {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "psc.db")
	emptySQLite.once.Do(func() {
		emptySQLite.file, emptySQLite.err = makeEmptySQLite(context.WithoutCancel(tb.Context()), tb.TempDir())
	})
	if err := emptySQLite.err; err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(file, emptySQLite.file, 0o600); err != nil {
		tb.Fatal(err)
	}
	engine, err := lite.Open(file, quiet())
	return opened(tb, engine, err)
}

// emptySQLite is the file of a database with the schema and nothing else: made once, for that takes longer than many
// tests do.
var emptySQLite struct {
	once sync.Once
	file []byte
	err  error
}

func makeEmptySQLite(ctx context.Context, dir string) ([]byte, error) {
	engine, err := lite.Open(filepath.Join(dir, "empty.db"), quiet())
	if err != nil {
		return nil, err
	}
	if err := errors.Join(engine.SchemaUp(ctx), engine.Close()); err != nil {
		return nil, err
	}
	return fs.ReadFile(os.DirFS(dir), "empty.db")
}

// Postgres returns an empty database on a real PostgreSQL.
func Postgres(tb testing.TB) *store.DB {
	tb.Helper()
	engine, err := pg.Open(tb.Context(), pgtest.Copy(tb, emptyPostgres), quiet())
	return opened(tb, engine, err)
}

func emptyPostgres(ctx context.Context, url string) error {
	engine, err := pg.Open(ctx, url, quiet())
	if err != nil {
		return err
	}
	return errors.Join(engine.SchemaUp(ctx), engine.Close())
}

func opened(tb testing.TB, engine store.Engine, err error) *store.DB {
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
	return db
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Empty removes every row, so that a test of many worlds needs one database.
func Empty(tb testing.TB, db *store.DB) {
	tb.Helper()
	tables := schema.Tables()
	err := db.Engine().Update(tb.Context(), func(c store.Conn) error {
		_, err := c.Exec(tb.Context(), `DELETE FROM river_job`)
		for _, table := range slices.Backward(tables) {
			_, one := c.Exec(tb.Context(), `DELETE FROM `+table.Name)
			err = errors.Join(err, one)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}
