//go:build e2e && bench

// Package bench_test measures the product against what its databases can do at all, and writes docs/performance.md.
package bench_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"psc/e2e/product"
	"psc/internal/pgtest"
)

// size is how many customers are measured: N, with FULL=1 100,000, else 10,000.
func size(tb testing.TB) int {
	tb.Helper()
	n := 10_000
	if os.Getenv("FULL") != "" {
		n = 100_000
	}
	if text := os.Getenv("N"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		must(tb, err)
	}
	return n
}

// TestBench measures everything once, and what may grow also at a tenth of the size, or at 100. Each part is a subtest, so that its
// databases go when it ends.
func TestBench(t *testing.T) {
	pgtest.Durable()
	n := size(t)
	r := &report{tb: t, began: time.Now()}
	completing := map[string]float64{}
	for _, engine := range []string{postgres, sqlite} {
		var few float64
		t.Run(engine+"/few", func(t *testing.T) {
			s := lead(t, engine, n/10)
			few = max(s.completing(t), s.completing(t))
		})
		var small pageTimes
		t.Run(engine+"/100", func(t *testing.T) { small = lead(t, engine, 100).pages(t) })
		t.Run(engine+"/many", func(t *testing.T) {
			s := lead(t, engine, n)
			t.Run("bulk", func(t *testing.T) { completing[engine] = r.measureBulk(t, s) })
			many := completing[engine]
			r.add(figure{engine, "completing, time per customer", rate(many), "at " + count(n/10) + ": " + rate(few), few / many, goal{atMost: 1.1}})
			t.Run("pages", func(t *testing.T) { r.measurePages(small, s.pages(t), engine, n) })
			t.Run("busy", func(t *testing.T) { r.measureBusy(t, s) })
			t.Run("month", func(t *testing.T) { r.measureMonth(t, s) })
		})
		t.Run(engine+"/import", func(t *testing.T) { r.measureImport(t, engine, n) })
	}
	lite, server := completing[sqlite], completing[postgres]
	r.add(figure{sqlite, "completing in bulk", rate(lite), "PostgreSQL: " + rate(server), lite / server, goal{atLeast: 1}})
	binary, err := os.Stat(product.Binary(t))
	must(t, err)
	r.add(figure{what: "binary", value: count(int(binary.Size()>>20)) + " MB"})
	if !t.Failed() {
		r.write(fmt.Sprintf("%s customers with one to five subscriptions each, on %d cores, in %s, on %s.",
			count(n), runtime.NumCPU(), time.Since(r.began).Round(time.Second), r.began.Format(time.DateOnly)))
	}
}
