package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/console"
)

type importJSON struct {
	Rows         int
	Good         int   `json:"good_rows"`
	Added        int64 `json:"customers_added"`
	ProblemCount int   `json:"problem_count"`
	Problems     []struct {
		Line            int
		Column, Message string
	}
}

func TestImportAndExport(t *testing.T) {
	w := newTerminal(t)
	file := filepath.Join(t.TempDir(), "customers.csv")
	write := func(rows ...string) {
		text := "org_display_name,domain,subscription_external_id,sku_id,plan,num_units,currency,unit_price,billing_account_id,start_date\n"
		if err := os.WriteFile(file, []byte(text+strings.Join(rows, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	row := func(name, domain, external, account string) string {
		return strings.Join([]string{name, domain, external, apptest.Seats, "FLEXIBLE", "5", "JPY", "800", account, "2026-09-01"}, ",")
	}
	account := apptest.Account(w.B, "JPY", "le_1")
	customers := func() int { return strings.Count(w.id(in(w.B, "customer", "list")...), "cus_") }

	write(row("北浜精工", "kitahama.example", "S1", account), row("Bad", "bad.example", "S2", "ba_foreign"))
	out, errs, code := w.try(in(w.B, "import", file, "--check")...)
	if code != 2 || !contains(errs, "customers.csv, line 3, billing_account_id: ") || !contains(out, "2 rows checked") || !contains(errs, "Checking the file: 100%") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	w.refused("import.bad_rows", 2, in(w.B, "import", file)...)
	if n := customers(); n != 0 {
		t.Errorf("%d customers were written", n)
	}
	if r := into[importJSON](w, in(w.B, "import", file, "--skip-bad")...); r.Added != 1 || r.ProblemCount != 1 || r.Problems[0].Line != 3 || r.Problems[0].Message == "" {
		t.Errorf("%+v", r)
	}
	write(row("北浜精工", "kitahama.example", "S1", account), row("Good", "good.example", "S2", account))
	if r := into[importJSON](w, in(w.B, "import", file, "--check")...); r.Rows != 2 || r.Good != 2 || r.Added != 0 {
		t.Errorf("%+v", r)
	}
	for _, want := range []int64{1, 0} {
		if r := into[importJSON](w, in(w.B, "import", file)...); r.Added != want {
			t.Errorf("%+v, want %d added", r, want)
		}
	}
	if n := customers(); n != 2 {
		t.Errorf("%d customers, want 2", n)
	}

	exported := filepath.Join(t.TempDir(), "out.csv")
	w.run(in(w.B, "export", exported)...)
	text, err := os.ReadFile(exported)
	if err != nil || string(text) != w.run(in(w.B, "export")...) || !contains(string(text), "北浜精工") {
		t.Errorf("%v\n%s", err, text)
	}
	staff := w.member(w.B, console.RoleResellerAdmin)
	w.refused("forbidden", 4, in(w.B, "export", exported, "--as", staff)...)
	if after, err := os.ReadFile(exported); err != nil || string(after) != string(text) {
		t.Errorf("a refused export changed the file: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(exported), ".out*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	w.refused("cli.file", 2, in(w.B, "import", file+".missing")...)
}
