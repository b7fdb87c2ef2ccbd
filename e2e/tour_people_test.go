//go:build e2e

package e2e_test

import (
	"regexp"

	"psc/e2e/browser"
	"psc/internal/i18n"
)

// peopling sees the people of a console: somebody is invited, and a place changed.
func (x *tour) peopling() {
	x.t.Helper()
	list := x.main + "/users"
	x.stop("user-invite", list+"/invite")
	x.stop("user-invite-refused", list+"/invite", func(u *user) {
		u.Fill("[name=email]", "haruka.saeki@ouun.example")
		u.Click("main form button[type=submit]")
		u.Wait("main [role=alert]")
	})
	x.stop("user-invited", list+"/invite", func(u *user) {
		u.Fill("[name=email]", "new.colleague@ouun.example")
		u.Click("main form button[type=submit]")
		u.Wait("main .copy")
	})
	x.stop("users", list)
	person := x.link(list, "main td.act a[href*='/users/per_']")
	x.stop("user", person)
	x.stop("user-suspend", person+"/suspend")
	x.stop("user-remove", person+"/remove")
	x.stop("user-remove-dialog", person, opened("a[href$='/remove']"))
	x.open(list + "/invite")
	x.Fill("[name=email]", "another.colleague@ouun.example")
	x.Click("main form button[type=submit]")
	x.Wait("main .copy")
	link := regexp.MustCompile(`/join/[A-Za-z0-9_-]+`).FindString(browser.Eval[string](x.Page, `document.querySelector("main .copy code").textContent`))
	x.stop("join-other", link)
	boss := x.user
	x.user = newUser(x.t, x.url, i18n.English)
	x.stop("join", link)
	x.user = boss
}
