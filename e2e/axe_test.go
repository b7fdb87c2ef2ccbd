//go:build e2e

package e2e_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"psc/e2e/browser"
	"psc/internal/i18n"
	"psc/internal/web"
)

// TestAxeOnEveryPage lets axe look at every page and state in both languages, in one theme and size each. Nothing may
// be wider than the window, and no words smaller than 13 pixels. A route that no stop visits fails the test.
func TestAxeOnEveryPage(t *testing.T) {
	looks := []appearance{{lang: i18n.Japanese, width: 1440, height: 900}, {lang: i18n.English, dark: true, width: 390, height: 844}}
	x := newTour(t, "300", looks, func(u *user, name string, as appearance) {
		t.Helper()
		u.Axe(t)
		if small := browser.Eval[string](u.Page, tooSmall); small != "" {
			t.Errorf("%s in %s: smaller than 13 pixels: %s", name, as.lang, small)
		}
		for _, width := range []int{as.width, as.width - 70} { // a phone of 320 pixels too
			u.Size(width, as.height)
			if wide := browser.Eval[string](u.Page, tooWide); wide != "" {
				t.Errorf("%s in %s: wider than %d: %s", name, as.lang, width, wide)
			}
		}
	})
	x.walk()
	for _, path := range unvisited(t, x.seen) {
		t.Errorf("no stop visits GET %s", path)
	}
}

const tooWide = `document.documentElement.scrollWidth <= innerWidth ? "" :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
		.map(e => e.outerHTML.slice(0, 120)).slice(0, 3).join(" | ")`

const tooSmall = `[...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest(".vh, .badge") &&
	[...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 13 && parseFloat(getComputedStyle(e).fontSize) > 0)
	.map(e => e.outerHTML.slice(0, 120)).slice(0, 3).join(" | ")`

// noPages are routes that answer with something else than a page.
var noPages = []string{
	"/{$}", "/c/{account}/{$}", // lead on
	"/c/{account}/customers/import/template",           // a file
	"/c/{account}/customers/import/runs/{op}/problems", // a file
	"/c/{account}/migrations/{con}/runs/{op}/report.csv",
	"/c/{account}/audit/download", // a file
	"/operator/audit/download",    // a file
	"/c/{account}/cases/{case}/files/{file}",
	"/c/{account}/notices/{notice}", // leads on
	"/operator/jobs/{path...}",      // River's own pages, in English; the tour opens them without a look
}

// unvisited returns the routes of pages to which none of the paths leads.
func unvisited(t *testing.T, seen map[string]bool) []string {
	t.Helper()
	mux, open := http.NewServeMux(), map[string]bool{}
	for _, pattern := range web.Routes() {
		if path, ok := strings.CutPrefix(strings.TrimPrefix(pattern, "GET "), "/"); ok {
			mux.Handle("GET /"+path, http.NotFoundHandler())
			open["/"+path] = true
		}
	}
	for _, path := range noPages {
		if !open[path] {
			t.Errorf("there is no route for GET %s", path)
		}
		delete(open, path)
	}
	for path := range seen {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		_, pattern := mux.Handler(r)
		delete(open, strings.TrimPrefix(pattern, "GET "))
	}
	return slices.Sorted(maps.Keys(open))
}
