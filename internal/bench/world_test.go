//go:build e2e && bench

package bench_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/clock"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/pgtest"
	"psc/internal/store"
	"psc/internal/store/lite"
	"psc/internal/store/pg"
)

// database is a place where a world lives, as --database names it.
type database string

const (
	sqlite   = "sqlite"
	postgres = "postgres"
)

func newDatabase(tb testing.TB, engine string) database {
	tb.Helper()
	if engine == sqlite {
		return database("sqlite:" + filepath.Join(tb.TempDir(), "psc.db"))
	}
	return database(pgtest.URL(tb))
}

// path is the file of an SQLite database.
func (d database) path() string { return string(d)[len("sqlite:"):] }

func (d database) engine() string {
	if d[:len(sqlite)] == sqlite {
		return sqlite
	}
	return postgres
}

func (d database) open(tb testing.TB) *store.DB {
	tb.Helper()
	var engine store.Engine
	var err error
	quiet := slog.New(slog.DiscardHandler)
	if d.engine() == sqlite {
		engine, err = lite.Open(d.path(), quiet)
	} else {
		engine, err = pg.Open(tb.Context(), string(d), quiet)
	}
	must(tb, err)
	return store.New(engine)
}

// copied returns a copy of a database that nobody has open.
func (d database) copied(tb testing.TB) database {
	tb.Helper()
	if d.engine() == postgres {
		return database(pgtest.CopyOf(tb, string(d)))
	}
	to := newDatabase(tb, sqlite)
	from, err := os.Open(d.path())
	must(tb, err)
	defer from.Close()
	file, err := os.Create(to.path())
	must(tb, err)
	_, err = io.Copy(file, from)
	must(tb, err)
	must(tb, file.Close())
	return to
}

// world is the consoles, the clock and the state of the main job of a database, whichever copy of it is open.
type world struct {
	*apptest.World

	conn connection.Connection
	run  store.Operation
	n    int
	subs int
}

// born builds a world of n customers with one to five subscriptions each in the console B, a fourth of which are prepaid.
func born(tb testing.TB, db *store.DB, n int) *world {
	tb.Helper()
	must(tb, db.Engine().SchemaUp(tb.Context()))
	w := &world{World: apptest.New(tb, db), n: n}
	w.AddIssuer()
	w.Config.ChunkSize = 500
	if db.Engine().Name() == sqlite {
		w.Config.ChunkSize = 100
	}
	const batch = 2_000
	for from := 0; from < n; from += batch {
		var more []customer.Subscription
		w.AddCustomers(w.B, min(n-from, batch), func(i int, _ *customer.Customer, s *customer.Subscription) {
			if (from+i)%4 == 0 {
				s.Plan, s.TermStart, s.TermEnd, s.Renewal = catalog.AnnualYearlyPay, s.StartDate, s.StartDate+365, customer.RenewYearly
			}
			for j := range (from + i) % 5 {
				another := *s
				another.ID = fmt.Sprint(s.ID, "_", j)
				another.Currency, another.BillingAccountID = "USD", apptest.Account(w.B, "USD", "le_1")
				more = append(more, another)
			}
			w.subs++
		})
		w.Update(func(tx *store.Tx) error { return tx.InsertSubscriptions(tb.Context(), more) })
		w.subs += len(more)
		if from == 0 {
			must(tb, db.Analyze(tb.Context()))
		}
	}
	must(tb, db.Analyze(tb.Context()))
	return w
}

// in returns the world as it goes on in a copy of its database.
func (w *world) in(tb testing.TB, db *store.DB) *world {
	tb.Helper()
	a := *w.App
	a.DB = db
	inner := *w.World
	inner.App, inner.T = &a, tb
	copied := *w
	copied.World = &inner
	return &copied
}

// demo lets the pages of the real program be asked for by somebody of each console, at the world's business time.
func (w *world) demo() {
	w.T.Helper()
	w.Update(func(tx *store.Tx) error {
		ctx := w.T.Context()
		for key, value := range map[string]string{
			store.SettingDemo: "1", store.SettingSandbox: "1", store.SettingBillingZone: "Asia/Tokyo",
			store.SettingClockAhead: w.Clock.Now().Sub(clock.System{}.Now()).String(),
		} {
			if err := tx.SetSetting(ctx, key, value); err != nil {
				return err
			}
		}
		for _, c := range []console.Console{w.A, w.B} {
			p := console.Person{ID: personOf(c), Email: c.ID + "@reseller.example", Name: "Somebody", CreatedAt: apptest.Start}
			if err := tx.InsertPerson(ctx, p); err != nil {
				return err
			}
			if err := tx.SetMembership(ctx, console.Membership{
				ConsoleID: c.ID, PersonID: p.ID, Role: console.RoleSuperAdmin,
			}, apptest.Start); err != nil {
				return err
			}
		}
		return nil
	})
}

func personOf(c console.Console) string { return "per_bench_" + c.ID }

// connect connects B to A and lets the waiting period pass; nobody has been evaluated yet.
func (w *world) connect() {
	w.T.Helper()
	c, err := w.InviteConsole(w.T.Context(), apptest.Admin(w.A), string(w.B.AccountID))
	w.Must(err)
	w.conn, err = w.AcceptConnection(w.T.Context(), apptest.Admin(w.B), c.ID)
	w.Must(err)
	w.Clock.Advance(w.Config.Terms.Waiting)
}

// choose has the main complete everybody who has started: a run stands ready, of which nothing is moved.
func (w *world) choose() {
	w.T.Helper()
	op, err := w.CompleteMigrations(w.T.Context(), apptest.Admin(w.A), app.Completion{
		ConnectionID: w.conn.ID, Scope: store.Scope{All: true},
		Choices: store.Choices{Groups: []store.GroupChoice{
			apptest.Choose(w.A, "JPY", "le_1", "le_1"), apptest.Choose(w.A, "USD", "le_1", "le_1"),
		}},
	})
	w.Must(err)
	w.run = op
}

// moved waits until the run has ended, and fails if not everybody was moved.
func (w *world) moved() {
	w.T.Helper()
	for {
		op := w.run
		w.Read(func(tx *store.Tx) (err error) {
			op, err = tx.Operation(w.T.Context(), op.ConsoleID, op.ID)
			return err
		})
		if op.State == store.OperationDone {
			if op.Done != int64(w.n) {
				w.T.Fatalf("run = %+v", op)
			}
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// working has the real job engine work while call runs.
func (w *world) working(call func()) {
	w.T.Helper()
	ctx := context.WithoutCancel(w.T.Context())
	stop, err := w.DB.Engine().Work(ctx, w.Workers())
	w.Must(err)
	defer func() { w.Must(stop(ctx)) }()
	call()
}

// command runs one bare statement in a transaction and returns how many rows it touched.
func command(tb testing.TB, db *store.DB, sql string, args ...any) (n int64) {
	tb.Helper()
	must(tb, db.Engine().Update(tb.Context(), func(c store.Conn) (err error) {
		n, err = c.Exec(tb.Context(), sql, args...)
		return err
	}))
	return n
}

// timed is how long a call takes.
func timed(call func()) time.Duration {
	began := time.Now()
	call()
	return time.Since(began)
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
