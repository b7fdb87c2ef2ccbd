//go:build e2e

package e2e_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"psc/e2e/product"
	"psc/internal/pgtest"
)

// TestARunSurvivesItsProcess kills the serving process without warning while a run moves customers, starts it again, and
// finds the run ended by itself: everybody moved once.
func TestARunSurvivesItsProcess(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killRun(t, "sqlite:"+filepath.Join(t.TempDir(), "psc.db")) })
	t.Run("postgres", func(t *testing.T) { killRun(t, pgtest.URL(t)) })
}

func killRun(t *testing.T, database string) {
	t.Helper()
	serve := []string{"demo", "--database", database, "--data", t.TempDir(), "--customers", "4000"}
	product.Run(t, "schema", "up", "--database", database)
	p := product.Serve(t, serve...)
	psc := func(args ...string) string { return product.Run(t, append(args, "--database", database)...) }

	var consoles []struct {
		AccountID string `json:"account_id"`
		Name      string
	}
	decode(t, psc("console", "list", "--json"), &consoles)
	account := func(name string) string {
		for _, c := range consoles {
			if strings.Contains(c.Name, name) {
				return c.AccountID
			}
		}
		t.Fatalf("no console %s in %+v", name, consoles)
		return ""
	}
	tokyo, seattle := account("東京"), account("Seattle")
	con := strings.TrimSpace(psc("connection", "invite", "-q", seattle, "--console", tokyo))
	psc("connection", "accept", con, "--wait", "--console", seattle)
	psc("clock", "advance", "week")
	psc("migration", "start", "--all", "--console", seattle)
	said := strings.Fields(psc("migration", "complete", "-q", "--all", "--suggest", "--console", tokyo))
	run := said[len(said)-1] // after what was suggested
	p.Kill()

	product.Serve(t, serve...)
	type report struct {
		State                 string
		Total, Done, Returned int
	}
	var r report
	for deadline := time.Now().Add(3 * time.Minute); r.State != "DONE"; time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			t.Fatalf("the run has not ended: %+v", r)
		}
		decode(t, psc("migration", "report", run, "--json", "--console", tokyo), &r)
	}
	if r.Total == 0 || r.Done != r.Total || r.Returned != 0 {
		t.Errorf("run = %+v", r)
	}
	psc("check")
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
