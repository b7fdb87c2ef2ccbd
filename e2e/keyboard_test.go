//go:build e2e

package e2e_test

import (
	"strconv"
	"strings"
	"testing"

	"psc/e2e/browser"
	"psc/e2e/product"
	"psc/internal/i18n"
)

// Keys, as chromedp types them.
const (
	tab    = "\t"
	enter  = "\r"
	space  = " "
	escape = "\u001b"
)

// at reports whether the focus is on an element that matches and has the text.
func (u *user) at(css, text string) bool {
	u.t.Helper()
	return browser.Eval[bool](u.Page, `(e => e.matches(`+strconv.Quote(css)+`) && (e.innerText ?? "").includes(`+strconv.Quote(text)+`))(document.activeElement)`)
}

// press goes on with Tab until the focus is there, where it has to be seen, and presses a key.
func (u *user) press(css, text, key string) {
	u.t.Helper()
	for range 400 {
		if u.at(css, text) {
			if !browser.Eval[bool](u.Page, `document.activeElement.matches(":focus-visible") && getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
				u.t.Errorf("%s %q has the focus, which cannot be seen", css, text)
			}
			u.Press(key)
			return
		}
		u.Press(tab)
	}
	u.t.Fatalf("Tab does not lead to %s %q at %s", css, text, u.URL())
}

func (u *user) enterByKeys(console string) {
	u.t.Helper()
	u.press(".switcher", "", enter)
	u.press("#consoles a", console, enter)
	u.WaitText(".switcher", console)
}

func (u *user) visitByKeys(label string) {
	u.t.Helper()
	u.press("#nav a", label, enter)
	u.WaitText("main h1", label)
}

// TestTheMainJobByKeyboardAlone never touches the mouse.
func TestTheMainJobByKeyboardAlone(t *testing.T) {
	demo := product.Serve(t, "demo", "--data", t.TempDir(), "--customers", "150")
	u := newUser(t, demo.URL, i18n.English)
	u.Open(u.url)
	u.press(`form[action="/sign-in/as"] button`, boss, enter)
	u.Wait(".appbar .avatar")
	u.press("main a", seattle, enter)
	u.WaitText(".switcher", seattle)
	u.visitByKeys(u.account)
	id := u.Text("main .copy code")

	u.enterByKeys(tokyo)
	u.visitByKeys(u.unify)
	u.press("main a", u.add, enter)
	u.Wait("[name=account_id]")
	u.press("[name=account_id]", "", id+enter)
	u.WaitText("main", u.invited)
	u.enterByKeys(seattle)
	u.visitByKeys(u.unify)
	u.press("main a", u.review, enter)
	u.WaitText("main h1", u.review)
	u.press("main button", u.accept, enter)
	u.WaitText("main", u.connected)
	u.press(".clock button[value=week]", "", enter)
	u.WaitText(".clock time", "Oct 8")

	u.visitByKeys(u.migrations)
	u.until("somebody is ready", func() bool { return u.Count("[data-all]") == 1 })
	u.press("[data-all]", "", space)
	u.press("main button", u.start, enter)
	u.Wait("dialog[open]")
	u.Press(escape)
	u.WaitGone("dialog[open]")
	if !u.at("button", u.start) {
		t.Error("the focus has not come back to the button that asked")
	}
	u.Press(enter)
	u.Wait("dialog[open]")
	u.press("dialog button", u.startOne, enter)
	u.WaitText("main", u.started)
	started := number(u.Text("main .banner"))

	u.enterByKeys(tokyo)
	u.visitByKeys(u.migrations)
	u.press("[data-all]", "", space)
	u.press("main button", u.complete, enter)
	u.Wait("#choices")
	u.press("main button", u.goOn, enter)
	u.Wait("#run-results")
	u.until("the run is finished", func() bool { return strings.Contains(u.Text("main"), u.finished) })
	if moved := number(u.Text("#run-results .figures b")); started == 0 || moved != started {
		t.Errorf("%d started, %d moved", started, moved)
	}
}
