//go:build e2e

package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Open goes to an address and waits until it has loaded.
func (p *Page) Open(url string) {
	p.tb.Helper()
	p.do("open "+url, chromedp.Navigate(url))
}

// URL returns the address of the page.
func (p *Page) URL() string {
	p.tb.Helper()
	return Eval[string](p, "location.href")
}

// Click clicks with the mouse once the element can be seen, and lets a page that the click asks for load. What a
// script brings may take a moment more: Wait for it.
func (p *Page) Click(css string) {
	p.tb.Helper()
	p.settle()
	p.still("click "+css, fmt.Sprintf("document.querySelector(%s)", quote(css)))
	p.do("click "+css, chromedp.Click(chromedp.CSS(css)))
	p.arrive()
}

// ClickText clicks, as Click does, the first element that matches, can be seen and has the text, once there is one.
func (p *Page) ClickText(css, text string) {
	p.tb.Helper()
	p.settle()
	what := fmt.Sprintf("click %s with %q", css, text)
	element := fmt.Sprintf("([...document.querySelectorAll(%s)].find(e => e.checkVisibility() && e.innerText.includes(%s)) ?? null)", quote(css), quote(text))
	p.still(what, element)
	p.do(what, chromedp.Click(chromedp.JSPath(element)))
	p.arrive()
}

// Visible says whether a person sees the element, once it is there.
func (p *Page) Visible(css string) bool {
	p.tb.Helper()
	return await[bool](p, "look at "+css, fmt.Sprintf("document.querySelector(%s)?.checkVisibility()", quote(css)))
}

// Fill sets the value of a field or a select, and tells the page as typing would.
func (p *Page) Fill(css, value string) {
	p.tb.Helper()
	p.settle()
	await[bool](p, "fill "+css, fmt.Sprintf(`(() => {
		const e = document.querySelector(%s), v = %s;
		if (!e) return null;
		e.value = v;
		if (e.value !== v) throw new Error("the field does not take the value");
		e.dispatchEvent(new Event("input", {bubbles: true}));
		e.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	})()`, quote(css), quote(value)))
}

// Upload puts files into a file field.
func (p *Page) Upload(css string, paths ...string) {
	p.tb.Helper()
	p.do("upload to "+css, chromedp.SetUploadFiles(chromedp.CSS(css), paths))
}

// Press presses keys on what has the focus; package kb of chromedp names those that are not letters.
func (p *Page) Press(keys string) {
	p.tb.Helper()
	p.do("press keys", chromedp.KeyEvent(keys))
}

// Wait waits until an element is there and can be seen.
func (p *Page) Wait(css string) {
	p.tb.Helper()
	await[bool](p, "wait for "+css, fmt.Sprintf("document.querySelector(%s)?.checkVisibility() || null", quote(css)))
}

// WaitText waits until the text of an element contains part.
func (p *Page) WaitText(css, part string) {
	p.tb.Helper()
	await[bool](p, fmt.Sprintf("wait for %s with %q", css, part),
		fmt.Sprintf("document.querySelector(%s)?.innerText.includes(%s) || null", quote(css), quote(part)))
}

// WaitURL waits until the address contains part.
func (p *Page) WaitURL(part string) {
	p.tb.Helper()
	await[bool](p, "wait for an address with "+part, fmt.Sprintf("location.href.includes(%s) || null", quote(part)))
}

// WaitGone waits until no element matches.
func (p *Page) WaitGone(css string) {
	p.tb.Helper()
	await[bool](p, "wait until gone "+css, fmt.Sprintf("document.querySelector(%s) ? null : true", quote(css)))
}

// WaitHidden waits until an element that is there cannot be seen.
func (p *Page) WaitHidden(css string) {
	p.tb.Helper()
	await[bool](p, "wait until hidden "+css, fmt.Sprintf("document.querySelector(%s)?.checkVisibility() === false || null", quote(css)))
}

// Text returns the text of an element as a person sees it, once the element is there.
func (p *Page) Text(css string) string {
	p.tb.Helper()
	return strings.TrimSpace(await[string](p, "read "+css, fmt.Sprintf("document.querySelector(%s)?.innerText ?? null", quote(css))))
}

// Count returns how many elements match now.
func (p *Page) Count(css string) int {
	p.tb.Helper()
	return Eval[int](p, fmt.Sprintf("document.querySelectorAll(%s).length", quote(css)))
}

// Eval returns what an expression of JavaScript gives on the page, which works with its own scripts switched off too.
func Eval[T any](p *Page, expression string) T {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fatal("evaluate "+expression, err)
	}
	return v
}

// Screenshot writes what a window of the size shows as a PNG; the window keeps the size.
func (p *Page) Screenshot(path string, width, height int) {
	p.tb.Helper()
	p.Size(width, height)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, png, 0o600))
	}
	if err != nil {
		p.fatal("take the picture "+path, err)
	}
}

// settle waits while parts of the page are on their way: no person is quick enough to use what is just being replaced.
func (p *Page) settle() {
	p.tb.Helper()
	await[bool](p, "wait for the parts of the page", `document.readyState === "complete" &&
		!document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling") || null`)
}

// arrive waits while another page is on its way: a form is sent a moment after its button was pressed.
func (p *Page) arrive() {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if !p.mute { // a page that goes away meanwhile gives no answer, which is one too
		_, _ = chromedp.Run(ctx, chromedp.Evaluate[bool](
			`new Promise(done => setTimeout(() => setTimeout(() => done(true))))`, chromedp.EvalAwaitPromise))
	}
	for p.leaving.Load() {
		if err := chromedp.Do(ctx, chromedp.Sleep(5*time.Millisecond)); err != nil {
			p.fatal("wait for the next page", err)
		}
	}
}

// still waits until an element stands still, as one does not in a menu that is just opening.
func (p *Page) still(what, element string) {
	p.tb.Helper()
	if p.mute {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	var stands bool
	var err error
	for ctx.Err() == nil { // an error may come from a page that is just going away
		stands, err = chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`new Promise(done => {
			const e = %s;
			if (!e) return done(true);
			e.scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"});
			const place = () => JSON.stringify(e.getBoundingClientRect()), before = place();
			setTimeout(() => done(place() === before), 20);
		})`, element), chromedp.EvalAwaitPromise))
		if err == nil && stands {
			return
		}
	}
	p.fatal(what, errors.Join(errors.New("it does not stand still"), err))
}

// await evaluates until the result is not null. An error may come from a page that is just going away, so it counts
// only if it lasts.
func await[T any](p *Page, what, expression string) T {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	var last error
	for {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[*T](expression))
		if err == nil && v != nil {
			return *v
		}
		if ctx.Err() != nil {
			p.fatal(what, errors.Join(ctx.Err(), last))
		}
		last = err
		_ = chromedp.Do(ctx, chromedp.Sleep(20*time.Millisecond))
	}
}

// command makes a step of a bare command of the protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}
