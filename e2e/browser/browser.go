//go:build e2e

// Package browser drives a real Chromium in tests: one browser per test process, and for each page a profile of
// its own without cookies. A page fails its test by itself on what no page of ours may do: scripts that throw,
// requests to anywhere else, anything that the content security policy stops, parts that do not load.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long one step may take on a busy machine.
const patience = 30 * time.Second

// keep runs Chromium, which ends when the pipes to the test process break, and then removes its folder.
const keep = `dir=$1; shift
"$@" --user-data-dir="$dir"
rm -rf "$dir"`

// shared is the one browser of the process, started for the first page that is asked for.
var shared struct {
	sync.Mutex
	handle context.Context // it is chromedp's handle of the browser
}

func connect(tb testing.TB) context.Context {
	tb.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.handle == nil {
		handle, err := start(context.WithoutCancel(tb.Context()))
		if err != nil {
			tb.Fatalf("browser: %v", err)
		}
		shared.handle = handle //nolint:fatcontext // set once, nothing is nested
	}
	return shared.handle
}

func start(parent context.Context) (context.Context, error) {
	program, err := exec.LookPath("chromium")
	if err != nil {
		return nil, fmt.Errorf("no chromium: run tools/setup test: %w", err)
	}
	dir, err := os.MkdirTemp("", "psc-browser")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.UserDataDir(dir),
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
		chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) {
			cmd.Path, cmd.Args = "/bin/sh", append([]string{"sh", "-c", keep, "browser", dir, program}, cmd.Args[1:]...)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		}),
	)
	ctx, _ := chromedp.NewExecAllocator(parent, options...)
	ctx, _ = chromedp.NewContext(ctx) // both live as long as the process
	return ctx, chromedp.Do(ctx)
}

// Page is a tab with a profile of its own. Its methods fail the test when they cannot do what they are asked.
type Page struct {
	tb  testing.TB
	ctx context.Context // it is chromedp's handle of the tab

	leaving atomic.Bool // another page was asked for and has not loaded
	mute    bool        // JavaScript is off

	mu     sync.Mutex
	faults []string
}

// New returns an empty page of 1440x900, light, in English. It is closed when the test ends.
func New(tb testing.TB) *Page {
	tb.Helper()
	ctx, cancel := chromedp.NewContext(connect(tb), chromedp.WithNewBrowserContext())
	p := &Page{tb: tb, ctx: ctx}
	tb.Cleanup(func() {
		cancel()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, f := range p.faults {
			tb.Errorf("browser: %s", f)
		}
	})
	if err := chromedp.Listen(ctx, p.watch); err != nil {
		tb.Fatalf("browser: open a page: %v", err)
	}
	p.Size(1440, 900)
	p.Dark(false)
	p.Language("en")
	return p
}

// Size sets the size of the window.
func (p *Page) Size(width, height int) {
	p.tb.Helper()
	p.do("set the size", chromedp.EmulateViewport(int64(width), int64(height)))
}

// Dark says whether the person prefers a dark screen.
func (p *Page) Dark(dark bool) {
	p.tb.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	p.do("set the colour scheme", command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	}))
}

// Language sets the language that the browser asks for, from the next request on.
func (p *Page) Language(tag string) {
	p.tb.Helper()
	p.do("set the language", command(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Language": tag},
	}))
}

// Offline cuts the page off from the server, or connects it again.
func (p *Page) Offline(off bool) {
	p.tb.Helper()
	p.do("cut the network off or connect it", command(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
	}))
}

// NoScript switches JavaScript off.
func (p *Page) NoScript() {
	p.tb.Helper()
	p.do("switch JavaScript off", command(emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true}))
	p.mute = true
}

// do runs one step within the patience.
func (p *Page) do(what string, step chromedp.Action[chromedp.Void]) {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, step)
	for overtaken(err) && ctx.Err() == nil {
		err = chromedp.Do(ctx, step)
	}
	if err != nil {
		p.fatal(what, err)
	}
}

// overtaken reports whether a page that was on its way came between: the element that was found is gone, or the page that
// was asked for gave way.
func overtaken(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "Could not find node") || strings.Contains(err.Error(), "net::ERR_ABORTED"))
}

func (p *Page) fatal(what string, err error) {
	p.tb.Helper()
	at, locationErr := chromedp.Run(p.ctx, chromedp.Location())
	if locationErr != nil {
		at = "an unknown page"
	}
	text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 2000)"))
	p.tb.Fatalf("browser: %s at %s: %v\nThe page says:\n%s", what, at, err, text)
}

// quote writes v as JavaScript.
func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return string(b)
}
