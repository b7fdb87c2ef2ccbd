//go:build e2e && bench

package bench_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store"
)

// step moves the next chunk of a run.
func (w *world) step(op store.Operation) {
	w.T.Helper()
	w.Must(w.RunMoveChunk(w.T.Context(), app.MoveChunkJob{ConsoleID: op.ConsoleID, OperationID: op.ID, Seq: op.NextSeq}))
}

// stages are a world before it was evaluated, when everybody was ready, had started, and was chosen for a run.
type stages struct {
	*world

	connected, ready, started, chosen database
	evaluating, starting, choosing    time.Duration
}

// lead builds a world and leads it up to the run, keeping a copy of each stage.
func lead(tb testing.TB, engine string, n int) *stages {
	tb.Helper()
	d := newDatabase(tb, engine)
	db := d.open(tb)
	s := &stages{}
	took := timed(func() { s.world = born(tb, db, n) })
	tb.Logf("%s: %d customers with %d subscriptions built in %s", engine, n, s.subs, took.Round(time.Millisecond))
	s.demo()
	s.connect()
	keep := func() (kept database) {
		must(tb, s.DB.Analyze(tb.Context()))
		must(tb, s.DB.Close())
		kept = d.copied(tb)
		s.world = s.in(tb, d.open(tb))
		return kept
	}
	s.connected = keep()
	s.evaluating = timed(func() { s.RunJobs(app.EvaluateJob{}.Kind()) })
	s.ready = keep()
	s.starting = timed(func() {
		started, err := s.StartMigrations(tb.Context(), apptest.Admin(s.B), s.conn.ID, store.Scope{All: true})
		s.Must(err)
		if started.Count != int64(n) {
			tb.Fatalf("%d of %d started", started.Count, n)
		}
	})
	s.started = keep()
	s.choosing = timed(s.choose)
	must(tb, s.DB.Close())
	s.chosen = d
	return s
}

// opened opens a copy of a stage.
func (s *stages) opened(tb testing.TB, stage database) (*world, database) {
	tb.Helper()
	d := stage.copied(tb)
	db := d.open(tb)
	tb.Cleanup(func() { must(tb, db.Close()) })
	return s.in(tb, db), d
}

// completing is how many customers a second the real job engine moves.
func (s *stages) completing(tb testing.TB) float64 {
	tb.Helper()
	w, _ := s.opened(tb, s.chosen)
	took := timed(func() { w.working(w.moved) })
	return float64(s.n) / took.Seconds()
}

// shared reports whether every chunk of a run writes the same row by a statement: programs that move one customer each would not.
func shared(sql string) bool {
	return strings.Contains(sql, "UPDATE operations") || strings.Contains(sql, "billing_months") || strings.Contains(sql, "UPDATE billing_accounts")
}

func nothing(string) bool { return false }

// inSets is how many customers a second pgbench moves by the product's own statements, in sets of 500 as one client.
func (s *stages) inSets(tb testing.TB) float64 {
	tb.Helper()
	source, _ := s.opened(tb, s.chosen)
	list := source.chunks(tb, 500, s.n)
	list = list[:len(list)-1] // the last one also ends the run
	r := newReplay(tb, list, nothing)
	w, d := s.opened(tb, s.chosen)
	r.load(tb, w.DB)
	return 500 * r.run(tb, d, 1, len(list))
}

// clients are how many run one by one at the same time.
var clients = []int{1, 2, 4, 8, 16}

// oneByOne is the same for single customers by the best number of clients.
func (s *stages) oneByOne(tb testing.TB) (best float64, by int) {
	tb.Helper()
	each := min(s.n/10, 1_600) / 16 * 16
	source, _ := s.opened(tb, s.chosen)
	r := newReplay(tb, source.chunks(tb, 1, each*len(clients)), shared)
	w, d := s.opened(tb, s.chosen)
	r.load(tb, w.DB)
	for _, c := range clients {
		if rate := r.run(tb, d, c, each); rate > best {
			best, by = rate, c
		}
	}
	return best, by
}

// measureBulk measures the main job: evaluating, starting and completing.
func (r *report) measureBulk(tb testing.TB, s *stages) (completing float64) {
	tb.Helper()
	engine := s.chosen.engine()
	r.compare(engine, "readiness of "+count(s.n), s.evaluating, "bare UPDATE", s.bareUpdate(tb), goal{atMost: 2})
	r.compare(engine, "starting "+count(s.n), s.starting, "bare INSERT .. SELECT", s.bareInsert(tb), goal{atMost: 2})
	r.add(figure{engine: engine, what: "choosing accounts of " + count(s.n), value: short(s.choosing)})
	completing = max(s.completing(tb), s.completing(tb)) // twice: the machine has other work too
	if engine == sqlite {
		return completing
	}
	sets := max(s.inSets(tb), s.inSets(tb))
	r.add(figure{engine, "completing in bulk", rate(completing), "pgbench, sets of 500: " + rate(sets), completing / sets, goal{atLeast: 0.9}})
	single, by := s.oneByOne(tb)
	than := fmt.Sprintf("pgbench one by one, %d clients: %s", by, rate(single))
	r.add(figure{engine, "completing in bulk", rate(completing), than, completing / single, goal{atLeast: 3}})
	return completing
}

// compare tells a time as a multiple of another.
func (r *report) compare(engine, what string, took time.Duration, than string, reference time.Duration, g goal) {
	r.add(figure{engine, what, short(took), than + ": " + short(reference), took.Seconds() / reference.Seconds(), g})
}

// bareUpdate is how long one UPDATE takes of what an evaluation writes.
func (s *stages) bareUpdate(tb testing.TB) time.Duration {
	tb.Helper()
	w, _ := s.opened(tb, s.connected)
	return timed(func() {
		command(tb, w.DB, `UPDATE customers SET blockers = 0, evaluated_at = $2, told_ready = 1 WHERE console_id = $1`, w.B.ID, w.Clock.Now().UnixMicro())
	})
}

// bareInsert is how long one INSERT takes that copies the migrations that a start writes.
func (s *stages) bareInsert(tb testing.TB) time.Duration {
	tb.Helper()
	w, _ := s.opened(tb, s.ready)
	return timed(func() {
		command(tb, w.DB, `INSERT INTO migrations (console_id, id, connection_id, to_console_id, customer_id, customer_name, sort_name,
				search_text, domain, kind, state, started_at, started_by)
			SELECT console_id, 'mig_' || id, $2, $3, id, name, sort_name, search_text, domain, 'MOVE', 'STARTED', CAST($4 AS bigint), ''
			FROM customers WHERE console_id = $1 AND state = 'LIVE'`, w.B.ID, w.conn.ID, w.A.ID, w.Clock.Now().UnixMicro())
	})
}

func rate(perSecond float64) string { return count(int(perSecond)) + " customers/s" }

func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// count writes a number with its thousands apart.
func count(n int) string {
	if n < 1_000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", count(n/1_000), n%1_000)
}
