//go:build e2e

package e2e_test

import "strings"

// undoing sees how a console asks for a migration to be undone, and what the operator decides by.
func (x *tour) undoing() {
	x.t.Helper()
	moved := x.first(x.source + "/customers?state=MOVED")
	form := x.link(moved, `a[href$="/undo"]`)
	x.stop("undo-ask", form)
	x.stop("undo-ask-refused", form, func(u *user) {
		u.Fill("[name=text]", " ")
		u.Click("main form button[type=submit]")
		u.Wait("main [role=alert]")
	})
	x.open(form)
	x.Fill("[name=text]", "It was the wrong customer.")
	x.Click("main form button[type=submit]")
	x.Wait("main .thread")
	page := strings.TrimPrefix(x.URL(), x.url)
	x.as(operator)
	x.stop("undo", page+"/undo")
	x.open(page + "/undo")
	x.Fill("#against", "The other side does not agree.")
	x.Click(`form[action$="/undo/reject"] button[type=submit]`)
	x.Wait("main .thread")
	x.stop("undo-rejected", page+"/undo")
	x.as(boss)
}
