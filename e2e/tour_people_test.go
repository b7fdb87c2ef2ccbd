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

// accessing sees what programs sign in with: nothing at first, then a token and a service account with a secret.
func (x *tour) accessing() {
	x.t.Helper()
	access, own := x.main+"/users/access", x.main+"/tokens/new"
	made := func(u *user) {
		u.Fill("[name=name]", "夜間の同期 / nightly sync")
		u.Click("main form button[type=submit]")
		u.Wait("main .copy")
	}
	refused := func(u *user) {
		u.Fill("[name=name]", "　")
		u.Click("main form button[type=submit]")
		u.Wait("main [role=alert]")
	}
	x.stop("tokens-none", "/me/tokens")
	x.stop("token-new", own)
	x.stop("token-refused", own, refused)
	x.stop("token-made", own, made)
	x.stop("tokens", "/me/tokens")
	x.stop("token-revoke", x.link("/me/tokens", "main td.act a[href$='/revoke']"))
	x.stop("access", access)
	x.stop("access-revoke", x.link(access, "main td.act a[href$='/revoke']"))
	x.hooking(access + "/webhooks")
	x.stop("service-account-new", access+"/new")
	x.open(access + "/new")
	x.Fill("[name=name]", "基幹システム / ERP")
	x.Click("#scope-ADD_CUSTOMERS")
	x.Click("main form button[type=submit]")
	account := x.link(access, "main a[href*='/accounts/sva_']")
	x.stop("service-account-none", account)
	x.stop("key-new", account+"/key")
	x.stop("secret-new", account+"/secret")
	x.stop("secret-made", account+"/secret", made)
	x.stop("service-account", account)
	x.stop("service-account-remove", account+"/remove")
	x.stop("access-all", access)
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
	x.accessing()
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

// hooking sees webhooks: none at first, then one with a delivery, at an address where nobody answers.
func (x *tour) hooking(webhooks string) {
	x.t.Helper()
	x.stop("webhooks-none", webhooks)
	x.stop("webhook-new", webhooks+"/new")
	x.stop("webhook-refused", webhooks+"/new", func(u *user) {
		u.Fill("[name=url]", "http://example.com/")
		u.Click("main form button[type=submit]")
		u.Wait("main [role=alert]")
	})
	x.stop("webhook-made", webhooks+"/new", func(u *user) {
		u.Fill("[name=url]", "http://localhost:1/hooks")
		u.Fill("[name=note]", "基幹システム / ERP")
		u.Click("main form button[type=submit]")
		u.Wait("main .copy")
	})
	x.stop("webhooks", webhooks)
	hook := x.link(webhooks, "main a[href*='/webhooks/whk_']")
	x.stop("webhook-edit", hook+"/edit")
	x.stop("webhook-secret", hook+"/secret")
	x.stop("webhook-remove", hook+"/remove")
	x.stop("webhook-replay", hook+"/replay")
	x.open(hook)
	x.Click("main form[action$='/test'] button")
	x.WaitURL("/deliveries/msg_")
	x.stop("webhook", hook)
	x.stop("webhook-delivery", x.link(hook, "main a[href*='/deliveries/msg_']"))
}
