package boot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"psc/internal/boot"
	"psc/internal/demo"
	"psc/internal/pgtest"
)

// output is what a process writes while others read it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// process is `psc` while it runs within the test.
type process struct {
	t        *testing.T
	out, err output
	stop     context.CancelFunc
	code     chan int
}

func start(t *testing.T, env map[string]string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := &process{t: t, stop: cancel, code: make(chan int, 1)}
	go func() {
		p.code <- boot.Run(ctx, boot.Process{Args: args, Env: func(name string) string { return env[name] }, Out: &p.out, Err: &p.err})
	}()
	t.Cleanup(cancel)
	return p
}

// ends waits for the exit code.
func (p *process) ends(want int) *process {
	p.t.Helper()
	select {
	case code := <-p.code:
		if code != want {
			p.t.Fatalf("exit %d, want %d\n%s\n%s", code, want, p.out.String(), p.err.String())
		}
	case <-time.After(30 * time.Second):
		p.t.Fatalf("still runs\n%s\n%s", p.out.String(), p.err.String())
	}
	return p
}

// says waits until the process has written what matches, and returns its first group.
func (p *process) says(pattern string) string {
	p.t.Helper()
	for range 300 {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(p.out.String()); m != nil {
			return m[len(m)-1]
		}
		select {
		case code := <-p.code:
			p.t.Fatalf("exit %d\n%s\n%s", code, p.out.String(), p.err.String())
		case <-time.After(100 * time.Millisecond):
		}
	}
	p.t.Fatalf("never said %s\n%s\n%s", pattern, p.out.String(), p.err.String())
	return ""
}

const address = `(http://localhost:\d+)\n`

func get(t *testing.T, url string, want int) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != want {
		t.Fatalf("%s: %d %v\n%s", url, a.StatusCode, err, body)
	}
	return string(body)
}

func TestServeFromNothing(t *testing.T) {
	t.Parallel()
	database := "sqlite:" + filepath.Join(t.TempDir(), "new", "psc.db")
	p := start(t, map[string]string{"PSC_ADDR": "127.0.0.1:0", "PSC_DATABASE": database}, "serve")
	url := p.says(address)
	link := p.says(`(http://localhost:\d+/setup/\S+)`)
	get(t, url+"/readyz", http.StatusOK)
	get(t, link, http.StatusOK)
	p.stop()
	p.ends(0)
	if !strings.Contains(p.err.String(), "no TLS") {
		t.Error("without TLS, nothing is said of it")
	}
}

func TestTheDemoIsMadeOnceAndStaysWhereItsClockWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		p := start(t, nil, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--customers", "75")
		page := get(t, p.says(address)+"/sign-in", http.StatusOK)
		if !strings.Contains(page, "Oct 1, 2026, 9:0") || strings.Count(page, `action="/sign-in/as"`) < 15 {
			t.Error(page)
		}
		if !strings.Contains(p.out.String(), demo.Password) {
			t.Error("the demo's password is not told")
		}
		p.stop()
		p.ends(0)
	}
	database := "sqlite:" + filepath.Join(dir, "demo.db")
	start(t, nil, "demo", "--addr", "no address", "--database", database, "--data", dir).ends(1)
}

func TestTheDemoLeavesOtherDatabasesAlone(t *testing.T) {
	t.Parallel()
	database := "sqlite:" + filepath.Join(t.TempDir(), "psc.db")
	first := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--database", database)
	link := first.says(`(http://localhost:\d+/setup/\S+)`)
	form := "name=Robin&email=robin%40vendor.example&password=a+long+enough+password"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, link, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	first.stop()
	first.ends(0)
	p := start(t, nil, "demo", "--addr", "127.0.0.1:0", "--database", database, "--data", t.TempDir()).ends(6)
	if !strings.Contains(p.err.String(), "something other than the demo") {
		t.Error(p.err.String())
	}
}

func TestPostgresWantsItsSchemaBroughtUp(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	p := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--database", database).ends(6)
	if !strings.Contains(p.err.String(), "psc schema up") {
		t.Error(p.err.String())
	}
	start(t, nil, "schema", "up", "--database", database).ends(0)
	serves := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--database", database)
	works := start(t, nil, "work", "--database", database)
	get(t, serves.says(address)+"/readyz", http.StatusOK)
	works.says("Working")
	for _, p := range []*process{serves, works} {
		p.stop()
		p.ends(0)
	}
}

// Two processes over one PostgreSQL share sessions and the sandbox's clock.
func TestTwoProcessesShareOneDatabase(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	start(t, nil, "schema", "up", "--database", database).ends(0)
	first := start(t, nil, "demo", "--addr", "127.0.0.1:0", "--database", database, "--data", t.TempDir(), "--customers", "75")
	one := first.says(address)
	second := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--database", database)
	two := second.says(address)

	jar, err := cookiejar.New(nil) // of the host, whatever the port
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	ask := func(method, url, form string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		a, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		body, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %d %v", method, url, a.StatusCode, err)
		}
		return string(body)
	}
	// The pages of the job queue are there in each, for operators.
	ask(http.MethodPost, one+"/sign-in", "email=robin.ashgrove%40vendor.example&return=%2Foperator&password="+demo.Password)
	for _, url := range []string{one, two} {
		if page := ask(http.MethodGet, url+"/operator/jobs/", ""); !strings.Contains(page, `/operator/jobs/assets/`) {
			t.Error(page)
		}
		if list := ask(http.MethodGet, url+"/operator/jobs/api/queues?limit=9", ""); !strings.Contains(list, `"interactive"`) {
			t.Error(list)
		}
	}
	ask(http.MethodPut, two+"/operator/jobs/api/queues/bulk/pause", "")
	if list := ask(http.MethodGet, one+"/operator/jobs/api/queues?limit=9", ""); !strings.Contains(list, `"paused_at":"`) {
		t.Error(list)
	}
	ask(http.MethodPut, one+"/operator/jobs/api/queues/bulk/resume", "")

	ask(http.MethodPost, one+"/sign-in", "email=haruka.saeki%40ouun.example&return=%2Fconsoles&password="+demo.Password)
	ask(http.MethodPost, one+"/sandbox/clock", "to=month&return=%2Fconsoles")
	moved := func() bool { return strings.Contains(ask(http.MethodGet, two+"/consoles", ""), "2026年11月1日 0:0") }
	for range 50 {
		if moved() {
			break
		}
		<-time.After(100 * time.Millisecond)
	}
	if !moved() {
		t.Error("the other process did not follow the clock")
	}
	for _, p := range []*process{first, second} {
		p.stop()
		p.ends(0)
	}
}

func TestWhatIsNotUnderstoodIsToldInTheLanguageOfTheTerminal(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"no-such-command"},
		{"serve", "--no-such-flag"},
		{"serve", "too", "many"},
		{"serve", "--database", "mysql:x"},
		{"serve", "--log-level", "loud", "--database", "sqlite:" + filepath.Join(t.TempDir(), "x.db")},
		{"demo", "--customers", "-1"},
	} {
		p := start(t, map[string]string{"LANG": "ja_JP.UTF-8"}, args...).ends(2)
		if !strings.Contains(p.err.String(), "ません") {
			t.Errorf("%v: %s", args, p.err.String())
		}
	}
	p := start(t, nil, "serve", "--database", "mysql:x", "--json").ends(2)
	var told struct {
		Error struct{ Kind, Key, Message string }
	}
	if err := json.Unmarshal([]byte(p.err.String()), &told); err != nil || told.Error.Kind != "INVALID" || told.Error.Message == "" {
		t.Errorf("%v %+v: %s", err, told, p.err.String())
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "version").ends(0)
	if !strings.HasPrefix(p.out.String(), "psc ") {
		t.Error(p.out.String())
	}
}

// TestAMistypedPathMakesNoDatabase asks for a list at a path where nothing is.
func TestAMistypedPathMakesNoDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "psc.db")
	p := start(t, map[string]string{"PSC_DATABASE": "sqlite:" + path}, "console", "list").ends(3)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(p.err.String(), path) {
		t.Errorf("%v; the command said %s", err, p.err.String())
	}
}

// TestMisreadCommandsAreToldInTheReadersLanguage looks for the library's own English in Japanese sentences.
func TestMisreadCommandsAreToldInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--nope というオプション":              {"customer", "list", "--nope"},
		"-5 というオプション":                  {"customer", "list", "-5"},
		"--sku に値が":                    {"customer", "list", "--sku"},
		"「abc」は --limit の値":            {"customer", "list", "--limit", "abc"},
		"「psc customer」にはそのコマンドやオプション": {"customer", "foo"},
		"「psc」にはそのコマンドやオプション":          {"foo"},
		"「psc customer show ID":        {"customer", "show"},
	} {
		p := start(t, map[string]string{"LANG": "ja_JP.UTF-8"}, args...).ends(2)
		if said := p.err.String(); !strings.Contains(said, want) {
			t.Errorf("psc %s: %s", strings.Join(args, " "), said)
		}
	}
}

// TestAStoppedCommandSaysNothing has a command wait for what no process works on.
func TestAStoppedCommandSaysNothing(t *testing.T) {
	t.Parallel()
	env := map[string]string{"PSC_DATABASE": "sqlite:" + filepath.Join(t.TempDir(), "psc.db")}
	id := func(args ...string) string {
		return strings.TrimSpace(start(t, env, append(args, "--quiet")...).ends(0).out.String())
	}
	start(t, env, "schema", "up").ends(0)
	main := id("console", "create", "--reseller", "R", "--name", "Main")
	source := id("console", "create", "--reseller", "R", "--name", "Source")
	invite := id("connection", "invite", source, "--console", main)
	p := start(t, env, "connection", "accept", invite, "--wait", "--console", source)
	for range 100 {
		if strings.Contains(start(t, env, "connection", "list", "--console", main).ends(0).out.String(), "connected") {
			break
		}
		<-time.After(50 * time.Millisecond)
	}
	p.stop()
	if p.ends(130); p.out.String() != "" || p.err.String() != "" {
		t.Errorf("%s\n%s", p.out.String(), p.err.String())
	}
}
