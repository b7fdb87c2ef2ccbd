// Package golden compares what a test made with a file that a person has read. Tests only.
package golden

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference before committing it")

// Table compares rows of cells, set out in columns, with testdata/name.
func Table(t *testing.T, name string, rows [][]string) {
	t.Helper()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := io.WriteString(w, strings.Join(row, "\t")+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	Check(t, name, b.String())
}

// Check compares got with testdata/name, or writes it there under -update.
func Check(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(path) //nolint:gosec // tests only, and the names stand in them
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	was, is := strings.Split(string(text), "\n"), strings.Split(got, "\n")
	for i := range max(len(was), len(is)) {
		if line(was, i) != line(is, i) {
			t.Fatalf("%s differs at line %d:\n want %s\n  got %s", path, i+1, line(was, i), line(is, i))
		}
	}
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}
