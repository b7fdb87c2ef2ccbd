//go:build e2e

package e2e_test

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"psc/e2e/product"
	"psc/internal/pgtest"
)

// TestFirstDay does what docs/first-day.md says, word for word, on an empty database of each engine.
func TestFirstDay(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { firstDay(t, "sqlite:first-day.db") })
	t.Run("postgres", func(t *testing.T) { firstDay(t, pgtest.URL(t)) })
}

func firstDay(t *testing.T, database string) {
	t.Helper()
	day := newDay(t, database)
	day.bash(commandsOf(t, "../docs/first-day.md"))
	tokyo, seattle, mori := day.said("TOKYO"), day.said("SEATTLE"), day.said("MORI")

	type customer struct {
		ID, Name, Domain string
		Subscriptions    int `json:"subscription_count"`
	}
	moved := read[[]customer](day, "customer", "list", "--console", tokyo, "--as", mori)
	if len(moved) != 4 {
		t.Errorf("Tokyo has %d customers, want the 4 that were ready: %+v", len(moved), moved)
	}
	for state, want := range map[string]int{"LIVE": 2, "MOVED": 4} {
		if list := read[[]customer](day, "customer", "list", "--state", state, "--console", seattle); len(list) != want {
			t.Errorf("Seattle has %d customers that are %s, want %d: %+v", len(list), state, want, list)
		}
	}
	day.checkRun(tokyo)
	export, err := os.ReadFile(filepath.Join(day.dir, "tokyo.csv"))
	if err != nil || !strings.Contains(string(export), "株式会社北浜精工") || strings.Contains(string(export), "hamakaze.example") {
		t.Errorf("the export: %v\n%s", err, export)
	}
	response, err := http.Get("http://" + day.addr + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	if _ = response.Body.Close(); response.StatusCode != http.StatusOK {
		t.Errorf("the server answers %s", response.Status)
	}
	if out, err := product.Try(t, "migration", "start", "--all", "--console", seattle, "--as", mori, "--database", day.database); err == nil {
		t.Errorf("Tokyo's person acted in Seattle: %s", out)
	}
}

// checkRun looks at the report of the run: business time went forward, although commands and server are several processes.
func (d *day) checkRun(tokyo string) {
	d.tb.Helper()
	type migrations struct {
		Migrations []struct {
			RunID       string `json:"run_id"`
			BillingDate string `json:"billing_date"`
		}
	}
	type run struct {
		State     string
		Done      int
		StartedAt time.Time `json:"started_at"`
		EndedAt   time.Time `json:"ended_at"`
	}
	list := read[migrations](d, "migration", "list", "--list", "done", "--console", tokyo).Migrations
	if len(list) != 4 {
		d.tb.Fatalf("%+v", list)
	}
	r := read[run](d, "migration", "report", list[0].RunID, "--console", tokyo)
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		d.tb.Fatal(err)
	}
	if r.State != "DONE" || r.Done != 4 || r.EndedAt.Before(r.StartedAt) {
		d.tb.Errorf("%+v", r)
	}
	if want := r.StartedAt.In(zone).Format(time.DateOnly); list[0].BillingDate < want {
		d.tb.Errorf("billed to Tokyo from %s, before %s", list[0].BillingDate, want)
	}
}

// commandsOf returns the commands that a document shows.
func commandsOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var commands strings.Builder
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		commands.WriteString(block[1])
	}
	if commands.Len() == 0 {
		t.Fatalf("%s shows no commands", path)
	}
	return commands.String()
}

// day is a folder with the documents, and a database, in which a person works.
type day struct {
	tb                  testing.TB
	dir, database, addr string
	who                 string
}

func newDay(t *testing.T, database string) *day {
	t.Helper()
	dir := t.TempDir()
	docs, err := filepath.Abs("../docs")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(docs, filepath.Join(dir, "docs")); err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
		database = "sqlite:" + filepath.Join(dir, path)
	}
	return &day{tb: t, dir: dir, database: database, addr: l.Addr().String()}
}

// bash runs the script as a person would. The server that it leaves running ends with the test.
func (d *day) bash(script string) {
	d.tb.Helper()
	output, err := os.Create(filepath.Join(d.dir, "output"))
	if err != nil {
		d.tb.Fatal(err)
	}
	defer output.Close()
	bash := exec.Command("bash", "-euo", "pipefail", "-c", `trap 'kill $(jobs -p); wait' EXIT`+"\n"+script+`
		for name in TOKYO SEATTLE MORI HARPER; do echo "$name=${!name}"; done >said
		mv said who
		cat`)
	bash.Dir, bash.Stdout, bash.Stderr = d.dir, output, output
	bash.Env = append(os.Environ(), "LANG=en_US.UTF-8", "PSC_DATABASE="+d.database, "PSC_ADDR="+d.addr,
		"PATH="+filepath.Dir(product.Binary(d.tb))+":"+os.Getenv("PATH"))
	hold, err := bash.StdinPipe()
	if err != nil {
		d.tb.Fatal(err)
	}
	if err := bash.Start(); err != nil {
		d.tb.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = bash.Wait() // what it says stands in the output
		close(ended)
	}()
	d.tb.Cleanup(func() {
		_ = hold.Close() // the kernel does the same if the test dies
		<-ended
	})
	d.who = d.await(ended)
}

// await returns what the script says of itself when it has done its work.
func (d *day) await(ended <-chan struct{}) string {
	d.tb.Helper()
	for {
		if who, err := os.ReadFile(filepath.Join(d.dir, "who")); err == nil {
			return string(who)
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(filepath.Join(d.dir, "output"))
			d.tb.Fatalf("the commands ended early:\n%s", text)
		case <-d.tb.Context().Done():
			d.tb.Fatal(d.tb.Context().Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// said returns a variable of the script.
func (d *day) said(name string) string {
	d.tb.Helper()
	for line := range strings.Lines(d.who) {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return strings.TrimSpace(value)
		}
	}
	d.tb.Fatalf("the commands give no %s", name)
	return ""
}

// read runs a command and reads what it writes as JSON.
func read[T any](d *day, args ...string) (v T) {
	d.tb.Helper()
	out := product.Run(d.tb, append(args, "--json", "--database", d.database)...)
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		d.tb.Fatalf("psc %v: %v\n%s", args, err, out)
	}
	return v
}
