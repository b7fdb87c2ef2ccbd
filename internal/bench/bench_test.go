//go:build e2e && bench

// Package bench_test measures the product against what its databases can do at all, and writes docs/performance.md.
package bench_test

import (
	"os"
	"strconv"
	"testing"
	"time"

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

// TestBench measures each thing once, and what grows also at a tenth of the size.
func TestBench(t *testing.T) {
	pgtest.Durable()
	n := size(t)
	r := &report{tb: t, began: time.Now()}
	completing := map[string]float64{}
	for _, engine := range []string{postgres, sqlite} {
		few := lead(t, engine, n/10).completing(t)
		many := r.measureBulk(t, lead(t, engine, n))
		completing[engine] = many
		r.add(figure{engine, "completing in bulk, time per customer", rate(many), "at " + count(n/10) + ": " + rate(few), few / many, goal{atMost: 1.1}})
	}
	r.add(figure{sqlite, "completing in bulk", rate(completing[sqlite]), "PostgreSQL: " + rate(completing[postgres]),
		completing[sqlite] / completing[postgres], goal{atLeast: 1}})
}
