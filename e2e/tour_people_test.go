//go:build e2e

package e2e_test

import (
	"regexp"

	"psc/e2e/browser"
	"psc/internal/i18n"
)

// helping sees the help: closed, open, searched, and an opinion that is refused.
func (x *tour) helping() {
	x.t.Helper()
	help := x.main + "/help"
	x.stop("help", help)
	x.stop("help-all", help+"?open=all")
	x.stop("help-answer", help+"?open=effect")
	x.stop("help-no-match", help+"?q=zzzz")
	x.stop("help-search", help, func(u *user) {
		u.Fill("#help-q", "12")
		u.Wait("#help details[open]")
	})
	x.stop("help-refused", help, func(u *user) {
		u.Click("[name=helpful][value=no]")
		browser.Eval[bool](u.Page, `{const c = document.querySelector("[name=comment]"); c.maxLength = 5000; c.value = "x".repeat(1200); true}`)
		u.Click(`form[action$="/help"][method=post] button[type=submit]`)
		u.Wait("main [role=alert]")
	})
}

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
	roles := list + "/roles"
	x.stop("role-new", roles+"/new")
	x.stop("role-refused", roles+"/new", func(u *user) {
		u.Fill("[name=name]", "　")
		u.Click("main form button[type=submit]")
		u.Wait("main [role=alert]")
	})
	x.open(roles + "/new")
	x.Fill("[name=name]", "移行の担当者 / Movers")
	x.Click("#privilege-TRANSFER_CUSTOMERS")
	x.Click("main form button[type=submit]")
	x.stop("roles", roles)
	x.stop("role", x.link(roles, "main td.act a[href$='/edit']"))
	x.stop("role-archive", x.link(roles, "main td.act a[href$='/archive']"))
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
