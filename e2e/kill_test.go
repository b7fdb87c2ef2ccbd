//go:build e2e

package e2e_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"psc/e2e/product"
)

// TestARunSurvivesItsProcess kills the serving process without warning while a run moves customers, starts it again, and
// finds the run ended by itself: everybody moved once. TestManyMachines does the same on PostgreSQL.
func TestARunSurvivesItsProcess(t *testing.T) {
	d := newRun(t, "sqlite:"+filepath.Join(t.TempDir(), "psc.db"))
	run := d.begin()
	d.first.Kill()
	product.Serve(t, d.serve...)
	d.ends(run)
}

// bigRun is a demo in which a source is connected and its customers have started.
type bigRun struct {
	t        *testing.T
	database string
	serve    []string
	first    *product.Process // what serves, to begin with
	main     string           // the account ID
}

func newRun(t *testing.T, database string) *bigRun {
	t.Helper()
	d := &bigRun{t: t, database: database, serve: []string{
		"demo", "--database", database, "--data", t.TempDir(), "--customers", "4000",
	}}
	product.Run(t, "schema", "up", "--database", database)
	d.first = product.Serve(t, d.serve...)
	var consoles []struct {
		AccountID string `json:"account_id"`
		Name      string
	}
	decode(t, d.psc("console", "list", "--json"), &consoles)
	account := func(name string) string {
		for _, c := range consoles {
			if strings.Contains(c.Name, name) {
				return c.AccountID
			}
		}
		t.Fatalf("no console %s in %+v", name, consoles)
		return ""
	}
	source := account("Seattle")
	d.main = account("東京")
	con := strings.TrimSpace(d.psc("connection", "invite", "-q", source, "--console", d.main))
	d.psc("connection", "accept", con, "--wait", "--console", source)
	d.psc("clock", "advance", "week")
	d.psc("migration", "start", "--all", "--console", source)
	return d
}

func (d *bigRun) psc(args ...string) string {
	d.t.Helper()
	return product.Run(d.t, append(args, "--database", d.database)...)
}

// begin completes everybody who has started, and returns the run.
func (d *bigRun) begin() string {
	d.t.Helper()
	said := strings.Fields(d.psc("migration", "complete", "-q", "--all", "--suggest", "--console", d.main))
	return said[len(said)-1] // after what was suggested
}

// ends waits for the end of the run and checks that everybody was moved once.
func (d *bigRun) ends(run string) {
	d.t.Helper()
	type report struct {
		State                 string
		Total, Done, Returned int
	}
	var r report
	for deadline := time.Now().Add(3 * time.Minute); r.State != "DONE"; time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			d.t.Fatalf("the run has not ended: %+v", r)
		}
		decode(d.t, d.psc("migration", "report", run, "--json", "--console", d.main), &r)
	}
	if r.Total == 0 || r.Done != r.Total || r.Returned != 0 {
		d.t.Errorf("run = %+v", r)
	}
	d.psc("ledger", "check")
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
