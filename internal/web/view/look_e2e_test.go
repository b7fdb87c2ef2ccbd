//go:build e2e

package view_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"psc/e2e/browser"
	"psc/internal/i18n"
)

// policy is as strict as that of the real server; what it stops fails the test.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'"

// serveGuide serves the styleguide in the browser's language, with what the build has of static files.
func serveGuide(t *testing.T) string {
	t.Helper()
	catalog, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	assets := func(name string) string {
		if _, err := os.Stat(filepath.Join("..", "static", name)); err != nil {
			return ""
		}
		return "/static/" + name
	}
	mux := http.NewServeMux()
	mux.Handle("/static/", http.StripPrefix("/static/", http.FileServerFS(os.DirFS("../static"))))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		page := guidePages[path.Base(r.URL.Path)]
		if page == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-store")
		s := catalog.For(i18n.Match(r.Header.Get("Accept-Language")))
		if err := page(guidePage(s, r.URL.RequestURI(), "", assets)).Render(r.Context(), w); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// TestLookOfEveryPart visits every page of the styleguide in both languages and themes: axe finds nothing,
// nothing is wider than a phone, and no words are smaller than 13 pixels. With LOOK=dir it leaves pictures there.
func TestLookOfEveryPart(t *testing.T) {
	url := serveGuide(t)
	p := browser.New(t)
	for name := range guidePages {
		for _, lang := range i18n.Languages {
			for _, dark := range []bool{false, true} {
				p.Language(lang)
				p.Dark(dark)
				p.Open(url + "/" + name + "?details=c")
				p.Axe(t)
				if small := browser.Eval[string](p, smallText); small != "" {
					t.Errorf("%s %s: smaller than 13 pixels: %s", name, lang, small)
				}
				for _, width := range []int{1440, 390, 320} {
					p.Size(width, 844)
					if wide := browser.Eval[string](p, tooWide); wide != "" {
						t.Errorf("%s %s: wider than %d: %s", name, lang, width, wide)
					}
				}
				if dir := os.Getenv("LOOK"); dir != "" {
					file := filepath.Join(dir, fmt.Sprintf("%s-%s-%v", name, lang, dark))
					p.Screenshot(file+"-d.png", 1440, 900)
					p.Screenshot(file+"-m.png", 390, 844)
				}
				p.Size(1440, 900)
			}
		}
	}
}

const tooWide = `document.documentElement.scrollWidth <= innerWidth ? "" :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
		.map(e => e.outerHTML.slice(0, 80)).slice(0, 3).join(" | ")`

const smallText = `[...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest(".vh, .badge") &&
	[...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 13 && parseFloat(getComputedStyle(e).fontSize) > 0)
	.map(e => e.outerHTML.slice(0, 80)).slice(0, 3).join(" | ")`

func TestRowsAreChosen(t *testing.T) {
	url := serveGuide(t)
	p := browser.New(t)
	p.Open(url + "/list")
	p.Wait("[data-needs-selection]:disabled")
	p.Click("td.ck input")
	p.WaitText("output.selected", "1 selected")
	p.Wait(".scope input")
	p.Click("[data-all]")
	p.WaitText("output.selected", "6 selected")
	p.Wait("[data-needs-selection]:enabled")
	p.Click("[data-all]")
	p.Wait("[data-needs-selection]:disabled")
}

func TestConfirmationsOpenAsDialog(t *testing.T) {
	url := serveGuide(t)
	p := browser.New(t)
	p.Open(url + "/list")
	p.Click("#row-a a[data-dialog]")
	p.WaitText("dialog[open] h1", "Close this connection?")
	p.Axe(t)
	p.Click("dialog [data-dialog-close]")
	p.WaitGone("dialog[open]")
	if got := browser.Eval[string](p, "document.activeElement.closest('tr')?.id ?? ''"); got != "row-a" {
		t.Errorf("the focus went to %q and not back to the button", got)
	}
	p.Click("td.ck input")
	p.Click("button[data-needs-selection]")
	p.WaitText("dialog[open] h1", "Close this connection?")
	if got := p.URL(); !strings.HasSuffix(got, "/list") {
		t.Errorf("left the list for %s", got)
	}
}

func TestFocusFollowsTheDetails(t *testing.T) {
	url := serveGuide(t)
	p := browser.New(t)
	p.Open(url + "/list")
	p.Click("#open-b")
	p.Wait("#details [data-autofocus]:focus")
	p.Wait("#row-b[aria-current]")
	if got := p.URL(); !strings.HasSuffix(got, "/list?details=b") {
		t.Errorf("the address is %s", got)
	}
	p.Press("\x1b")
	p.WaitGone("#details h2")
	p.Wait("#open-b:focus")
}

func TestListsUpdateInPlace(t *testing.T) {
	url := serveGuide(t)
	p := browser.New(t)
	p.Open(url + "/list")
	browser.Eval[bool](p, "(document.body.dataset.same = 'yes') === 'yes'")
	p.Click(".pager a")
	p.WaitText("body[data-same] .range", "51 to 100")
	if got := p.URL(); !strings.HasSuffix(got, "/list?after=x") {
		t.Errorf("the address is %s", got)
	}
}

func TestMenusOpenBesideTheirButtons(t *testing.T) {
	url := serveGuide(t)
	p := browser.New(t)
	for _, width := range []int{1440, 390} {
		p.Size(width, 844)
		p.Open(url + "/list")
		for _, id := range []string{"me", "consoles"} {
			p.Click("[popovertarget=" + id + "]")
			p.Wait("#" + id + ":popover-open")
			near := fmt.Sprintf(`(() => { const m = document.getElementById(%q).getBoundingClientRect(),
				b = document.querySelector("[popovertarget=%s]").getBoundingClientRect();
				return m.left >= 0 && m.right <= innerWidth && Math.abs(m.top - b.bottom) < 16 && m.left < b.right && m.right > b.left; })()`, id, id)
			if !browser.Eval[bool](p, near) {
				t.Errorf("%s at %d opens elsewhere", id, width)
			}
			if dir := os.Getenv("LOOK"); dir != "" {
				p.Screenshot(filepath.Join(dir, fmt.Sprintf("menu-%s-%d.png", id, width)), width, 844)
			}
			p.Axe(t)
			p.Press("\x1b")
		}
	}
}

func TestPagesWorkWithoutScripts(t *testing.T) {
	url := serveGuide(t)
	p := browser.New(t)
	p.NoScript()
	p.Open(url + "/list")
	p.Wait(".search button.nojs")
	p.Wait(".scope input")
	p.Click("#row-a a[data-dialog]")
	p.WaitText("main h1", "Close this connection?")
	p.Click("main [data-dialog-close]")
	p.Wait("#list")
	p.Click("[popovertarget=me]")
	p.Wait("#me .segments button")
}
