//go:build e2e

package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// run asks axe for everything it knows to check, and keeps what a person needs to mend it.
const run = `axe.run(document).then(r => ({
	passes: r.passes.length,
	violations: r.violations.map(v => v.id + " (" + v.impact + "): " + v.help + "\n" +
		v.nodes.map(n => "    " + n.target.join(" ") + "  " + n.html.slice(0, 200)).join("\n")),
}))`

type axeResult struct {
	Passes     int      `json:"passes"`
	Violations []string `json:"violations"`
}

// Axe fails the test with every accessibility violation that axe-core finds on the page.
func (p *Page) Axe(tb testing.TB) {
	tb.Helper()
	source, err := axeSource()
	if err != nil {
		tb.Fatalf("browser: %v", err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, inject(source)); err != nil {
		tb.Fatalf("browser: load axe: %v", err)
	}
	result, err := chromedp.Run(ctx, chromedp.Evaluate[axeResult](run, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatalf("browser: run axe: %v", err)
	}
	if result.Passes == 0 {
		tb.Fatalf("browser: axe looked at nothing on %s", p.URL())
	}
	for _, v := range result.Violations {
		tb.Errorf("axe on %s: %s", p.URL(), v)
	}
}

// inject evaluates from outside the page, where its security policy does not reach.
func inject(source string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](source + "\n;undefined")
}

// axeSource reads axe-core where npm has put it for this repository.
var axeSource = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		source, err := os.ReadFile(filepath.Join(dir, "node_modules/axe-core/axe.min.js"))
		if err == nil {
			return strings.TrimSpace(string(source)), nil
		}
	}
	return "", errors.New("there is no axe-core: run make assets")
})
