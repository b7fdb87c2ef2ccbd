//go:build e2e

package e2e_test

import (
	"testing"

	"psc/e2e/browser"
	"psc/e2e/product"
	"psc/internal/i18n"
)

// TestALostConnectionIsSaid: a page that keeps itself up to date says when no answer comes any more, and recovers by itself.
func TestALostConnectionIsSaid(t *testing.T) {
	demo := product.Serve(t, "demo", "--data", t.TempDir(), "--customers", "60")
	u := newUser(t, demo.URL, i18n.English)
	u.signIn(boss)
	u.enter(seattle)
	u.visit(u.customers)
	// What a page that waits for something does; here it waits for ever.
	browser.Eval[bool](u.Page, `(() => {
		document.querySelector("main h1").outerHTML = '<h1 class="again" hx-get="" hx-select="h1" hx-swap="innerHTML" hx-trigger="every 500ms"></h1>';
		htmx.process(document.querySelector(".again"));
		return true;
	})()`)
	u.WaitText(".again", u.customers)
	u.Offline(true)
	u.WaitText("#lost", "Connection lost, trying again")
	u.Offline(false)
	u.WaitHidden("#lost")
}
