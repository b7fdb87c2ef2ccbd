//go:build e2e && bench

package bench_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"psc/e2e/product"
	"psc/internal/console"
	"psc/internal/store"
)

// visitor is somebody's browser at the real program.
type visitor struct {
	tb   testing.TB
	http *http.Client
	base string
}

func visit(tb testing.TB, base string, c console.Console) *visitor {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	must(tb, err)
	v := &visitor{tb, &http.Client{Jar: jar}, base}
	answer, err := v.http.PostForm(base+"/sign-in/as", url.Values{"person": {personOf(c)}})
	must(tb, err)
	must(tb, answer.Body.Close())
	return v
}

// get is how long a page takes until its last byte.
func (v *visitor) get(path string) time.Duration {
	v.tb.Helper()
	return timed(func() {
		answer, err := v.http.Get(v.base + path)
		must(v.tb, err)
		_, err = io.Copy(io.Discard, answer.Body)
		must(v.tb, err)
		must(v.tb, answer.Body.Close())
		if answer.StatusCode != http.StatusOK {
			v.tb.Fatalf("%s: %s", path, answer.Status)
		}
	})
}

// list is a page with what its reader sees of the database: the rows of one statement.
type list struct{ what, path, sql string }

func (w *world) lists() []list {
	at := func(path string) string { return "/c/" + string(w.B.AccountID) + path }
	return []list{
		{"customers", at("/customers"), `SELECT id, name, domain, state, seats, next_renewal FROM customers
			WHERE console_id = $1 AND moved_at >= 0 ORDER BY sort_name, id LIMIT 50`},
		{"migrations", at("/migrations?connection=" + w.conn.ID + "&tab=started"), `SELECT id, customer_name, domain, state, started_at, started_by
			FROM migrations WHERE console_id = $1 AND connection_id = '` + w.conn.ID + `' AND state = 'STARTED' ORDER BY sort_name, id LIMIT 50`},
		{"audit", at("/audit"), `SELECT id, at, person_name, action, subject, data FROM audit_events
			WHERE console_id = $1 ORDER BY id DESC LIMIT 50`},
	}
}

// fillAudit gives the source's trail as many events as there are customers.
func (w *world) fillAudit() {
	w.T.Helper()
	command(w.T, w.DB, `INSERT INTO audit_events (console_id, id, at, side, person_id, person_name, action, topic, subject, customer_id, data)
		SELECT console_id, 'evt_' || id, created_at, 'OWN', 'per_1', 'Somebody', 'customer.edited', 'customer', id, id, '{}'
		FROM customers WHERE console_id = $1`, w.B.ID)
}

// typical is the median of 31 visits, after some to warm up.
func typical(get func() time.Duration) time.Duration {
	var took []time.Duration
	for i := range 36 {
		if d := get(); i >= 5 {
			took = append(took, d)
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// pageTimes are the typical times of the lists through the real program, and of their bare statements through HTTP.
type pageTimes struct {
	pages, bare map[string]time.Duration
	start       time.Duration // from the start of the program to the first page
	rest        int           // kB that the program holds when nobody asks
}

func (s *stages) pages(tb testing.TB) pageTimes {
	tb.Helper()
	w, d := s.opened(tb, s.started)
	w.fillAudit()
	must(tb, w.DB.Analyze(tb.Context()))
	lists := w.lists()
	t := pageTimes{pages: map[string]time.Duration{}, bare: map[string]time.Duration{}}
	for _, l := range lists {
		server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			must(tb, w.DB.Engine().View(r.Context(), func(c store.Conn) error { return printRows(r, out, c, l.sql, w.B.ID) }))
		}))
		bare := &visitor{tb, server.Client(), server.URL}
		t.bare[l.what] = typical(func() time.Duration { return bare.get("/") })
		server.Close()
	}
	must(tb, w.DB.Close())
	product.Binary(tb)
	began := time.Now()
	p := product.Serve(tb, "serve", "--database", string(d))
	v := visit(tb, p.URL, w.B)
	v.get(lists[0].path)
	t.start = time.Since(began)
	for _, l := range lists {
		t.pages[l.what] = typical(func() time.Duration { return v.get(l.path) })
	}
	time.Sleep(5 * time.Second)
	t.rest = resident(tb, p.PID())
	p.Stop()
	return t
}

func printRows(r *http.Request, out io.Writer, c store.Conn, sql, consoleID string) error {
	rows, err := c.Query(r.Context(), sql, consoleID)
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, 6)
		into := make([]any, 6)
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, values...); err != nil {
			return err
		}
	}
	return rows.Close()
}

var residentSize = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// resident is how many kB of memory a process has.
func resident(tb testing.TB, pid int) int {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	must(tb, err)
	kb, err := strconv.Atoi(string(residentSize.FindSubmatch(text)[1]))
	must(tb, err)
	return kb
}

// measurePages compares pages with those of a small world, and with their bare statements.
func (r *report) measurePages(few, many pageTimes, engine string, n int) {
	r.tb.Helper()
	for _, what := range []string{"customers", "migrations", "audit"} {
		r.compare(engine, "page of "+what+" with "+count(n), many.pages[what], "with 100", few.pages[what], goal{atMost: 1.3})
		r.compare(engine, "page of "+what+" with "+count(n), many.pages[what], "bare query through HTTP", many.bare[what], goal{atMost: 3})
	}
	r.add(figure{engine, "memory at rest", count(many.rest/1024) + " MB", "150 MB", float64(many.rest) / (150 << 10), goal{atMost: 1}})
	r.compare(engine, "cold start to the first page", many.start, "1 s", time.Second, goal{atMost: 1})
}

// late is the 95th percentile of the pages of the real program over a copy of a stage, until something is so.
func (s *stages) late(tb testing.TB, stage database, until func(w *world) bool) time.Duration {
	tb.Helper()
	w, d := s.opened(tb, stage)
	p := product.Serve(tb, "serve", "--database", string(d))
	defer p.Kill()
	v, lists := visit(tb, p.URL, w.B), w.lists()
	var took []time.Duration
	for i := 0; i < 60 || !until(w); i++ {
		took = append(took, v.get(lists[i%len(lists)].path))
	}
	slices.Sort(took)
	return took[len(took)*95/100]
}

// measureBusy compares the pages while the program moves everybody with those while nothing happens.
func (r *report) measureBusy(tb testing.TB, s *stages) {
	tb.Helper()
	most := goal{atMost: 2}
	if s.chosen.engine() == sqlite {
		most.atMost = 5
	}
	idle := s.late(tb, s.started, func(*world) bool { return true })
	busy := s.late(tb, s.chosen, func(w *world) bool {
		var op store.Operation
		w.Read(func(tx *store.Tx) (err error) {
			op, err = tx.Operation(tb.Context(), w.run.ConsoleID, w.run.ID)
			return err
		})
		return op.State == store.OperationDone
	})
	r.compare(s.chosen.engine(), "95% of pages during a bulk run within", busy, "idle", idle, most)
}
