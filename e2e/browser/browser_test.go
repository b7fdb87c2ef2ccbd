//go:build e2e

package browser_test

import (
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"psc/e2e/browser"
)

const good = `<!DOCTYPE html><html lang="en"><title>Desk</title>
<style>:root { color-scheme: light dark; } body { background: light-dark(white, black); color: light-dark(black, white); }</style>
<main><h1>Desk</h1>
<form><label>Name <input name="name"></label><button>Send</button></form>
<button type="button" id="late">Later</button><p id="out">nothing</p></main>
<script>
document.querySelector("#late").onclick = () => setTimeout(() => { document.querySelector("#out").textContent = "something"; }, 100);
</script></html>`

// site serves the good page, greets who sends the form, and says which languages it was asked for.
func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		page := good
		if name := r.FormValue("name"); name != "" {
			page = strings.Replace(page, "nothing", "Hello "+name, 1)
		}
		fmt.Fprint(w, page)
	})
	mux.HandleFunc("GET /language", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<p>%s</p>", r.Header.Get("Accept-Language"))
	})
	for path, page := range map[string]string{
		"/unlabelled": `<!DOCTYPE html><html lang="en"><title>Desk</title><main><h1>Desk</h1><input><img src="data:,"></main></html>`,
		"/throws":     `<!DOCTYPE html><script>throw new Error("planted")</script>`,
		"/leaves":     `<!DOCTYPE html><img src="http://elsewhere.example/x.png" alt="">`,
		"/lacks":      `<!DOCTYPE html><img src="/missing.png" alt="">`,
	} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page) })
	}
	mux.HandleFunc("GET /forbids", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		fmt.Fprint(w, good)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestPageDoesWhatAPersonDoes(t *testing.T) {
	p := browser.New(t)
	p.Open(site(t))
	p.Click("#late")
	p.WaitText("#out", "something")
	p.Fill("[name=name]", "Aoi")
	p.Click("form button")
	p.WaitText("#out", "Hello Aoi")
	if !strings.HasSuffix(p.URL(), "?name=Aoi") {
		t.Errorf("the form led to %s", p.URL())
	}
	p.Click("[name=name]")
	p.Press("Rin" + kb.Enter)
	p.WaitText("#out", "Hello Rin")
	p.Axe(t)
}

func TestPageWithoutScript(t *testing.T) {
	p := browser.New(t)
	p.NoScript()
	p.Open(site(t))
	p.Click("#late")
	p.Fill("[name=name]", "Aoi")
	p.Click("form button")
	p.WaitText("#out", "Hello Aoi")
	if ran := browser.Eval[bool](p, `typeof document.querySelector("#late").onclick === "function"`); ran {
		t.Error("the page's script ran")
	}
}

func TestPageLooksAsAsked(t *testing.T) {
	p := browser.New(t)
	p.Dark(true)
	p.Open(site(t))
	if got := browser.Eval[string](p, `getComputedStyle(document.body).backgroundColor`); got != "rgb(0, 0, 0)" {
		t.Errorf("the dark page is %s", got)
	}
	p.Dark(false)
	if got := browser.Eval[string](p, `getComputedStyle(document.body).backgroundColor`); got != "rgb(255, 255, 255)" {
		t.Errorf("the light page is %s", got)
	}
	path := filepath.Join(t.TempDir(), "look", "desk.png")
	p.Screenshot(path, 390, 844)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	if picture.Width != 390 || picture.Height != 844 {
		t.Errorf("the picture is %d x %d", picture.Width, picture.Height)
	}
}

func TestPageAsksForItsLanguage(t *testing.T) {
	p, url := browser.New(t), site(t)
	for _, tag := range []string{"ja", "en"} {
		p.Language(tag)
		p.Open(url + "/language")
		if got := p.Text("p"); got != tag {
			t.Errorf("asked for %s, the server saw %q", tag, got)
		}
	}
}

func TestPagesShareNoCookies(t *testing.T) {
	url := site(t)
	first, second := browser.New(t), browser.New(t)
	first.Open(url)
	browser.Eval[string](first, `document.cookie = "who=first"`)
	second.Open(url)
	if got := browser.Eval[string](second, `document.cookie`); got != "" {
		t.Errorf("the second page has the cookie %q", got)
	}
}

func TestAxeFindsAPlantedViolation(t *testing.T) {
	p := browser.New(t)
	p.Open(site(t) + "/unlabelled")
	got := failures(t, func(tb testing.TB) {
		tb.Helper()
		p.Axe(tb)
	})
	if !strings.Contains(got, "label (critical)") || !strings.Contains(got, "image-alt (critical)") {
		t.Errorf("axe said: %s", got)
	}
}

func TestPageFailsOnWhatNoPageMayDo(t *testing.T) {
	url := site(t)
	for path, want := range map[string]string{
		"/throws":  "planted",
		"/leaves":  "elsewhere.example",
		"/lacks":   "404 http",
		"/forbids": "security policy",
	} {
		got := failures(t, func(tb testing.TB) {
			tb.Helper()
			p := browser.New(tb)
			p.Open(url + path)
			p.Open(url + "/language")
		})
		if !strings.Contains(got, want) {
			t.Errorf("%s: the test fails with %q, not with %q", path, got, want)
		}
	}
}

func TestAStepThatCannotBeDoneFails(t *testing.T) {
	got := failures(t, func(tb testing.TB) {
		tb.Helper()
		p := browser.New(tb)
		p.Open("http://127.0.0.1:1")
	})
	if !strings.Contains(got, "open http://127.0.0.1:1") {
		t.Errorf("the test fails with %q", got)
	}
}

// recorder is a test whose failures are expected.
type recorder struct {
	testing.TB
	said     strings.Builder
	cleanups []func()
}

func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(&r.said, format+"\n", args...) }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }
func (r *recorder) Cleanup(f func())                  { r.cleanups = append(r.cleanups, f) }

func failures(t *testing.T, run func(testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(r)
	}()
	<-done
	for _, f := range r.cleanups {
		f()
	}
	return r.said.String()
}
