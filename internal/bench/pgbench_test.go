//go:build e2e && bench

package bench_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"psc/internal/store"
)

// replay has pgbench run transactions of the product: the same statements, prepared, with the same arguments, which it reads from
// a table, one row a transaction. Only statements are left out for which leave says so.
type replay struct {
	script string
	calls  [][]string // the arguments of each transaction
}

// newReplay numbers the arguments of transactions that all run the same statements.
func newReplay(tb testing.TB, transactions [][]statement, leave func(sql string) bool) *replay {
	tb.Helper()
	r := &replay{calls: make([][]string, len(transactions))}
	var script strings.Builder
	columns := 0
	for i, first := range transactions[0] {
		if leave(first.sql) {
			continue
		}
		script.WriteString(numbered.ReplaceAllStringFunc(first.sql, func(arg string) string {
			n, err := strconv.Atoi(arg[1:])
			must(tb, err)
			return fmt.Sprintf(":v%d", columns+n)
		}) + ";\n")
		columns += len(first.args)
		for t, list := range transactions {
			if list[i].sql != first.sql {
				tb.Fatalf("transaction %d runs %s", t, list[i].sql)
			}
			r.calls[t] = append(r.calls[t], list[i].args...)
		}
	}
	r.script = "SELECT nextval('bench_call') AS call \\gset\nSELECT * FROM bench_calls WHERE call = :call \\gset\n" +
		"BEGIN;\n" + script.String() + "COMMIT;\n"
	return r
}

var numbered = regexp.MustCompile(`\$\d+`)

// load writes the arguments into the database.
func (r *replay) load(tb testing.TB, db *store.DB) {
	tb.Helper()
	var columns, values strings.Builder
	for i := range r.calls[0] {
		fmt.Fprintf(&columns, ", v%d text", i+1)
		fmt.Fprintf(&values, ", $%d", i+2)
	}
	command(tb, db, `CREATE SEQUENCE bench_call`)
	command(tb, db, `CREATE TABLE bench_calls (call bigint PRIMARY KEY`+columns.String()+`)`)
	must(tb, db.Engine().Update(tb.Context(), func(c store.Conn) error {
		for i, call := range r.calls {
			args := []any{int64(i + 1)}
			for _, a := range call {
				args = append(args, a)
			}
			if _, err := c.Exec(tb.Context(), `INSERT INTO bench_calls VALUES ($1`+values.String()+`)`, args...); err != nil {
				return err
			}
		}
		return nil
	}))
}

// run has clients run so many of the transactions together, and returns how many a second that were.
func (r *replay) run(tb testing.TB, d database, clients, transactions int) float64 {
	tb.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	must(tb, err)
	file := filepath.Join(tb.TempDir(), "script.sql")
	must(tb, os.WriteFile(file, []byte(r.script), 0o600))
	cmd := exec.CommandContext(tb.Context(), found[len(found)-1], "-n", "-M", "prepared", "-f", file,
		"-c", strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, 2)), "-t", strconv.Itoa(transactions/clients), string(d))
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	tps := perSecond.FindSubmatch(out)
	if tps == nil {
		tb.Fatalf("%s", out)
	}
	n, err := strconv.ParseFloat(string(tps[1]), 64)
	must(tb, err)
	return n
}

var perSecond = regexp.MustCompile(`tps = ([0-9.]+)`)
