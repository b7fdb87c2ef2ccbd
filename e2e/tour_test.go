//go:build e2e

package e2e_test

import (
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"psc/e2e/browser"
	"psc/e2e/product"
	"psc/internal/i18n"
)

// appearance is how a page is looked at.
type appearance struct {
	lang          string
	dark          bool
	width, height int
}

// tour goes through the product from nothing to the end of the main job, and stops at every page and state.
type tour struct {
	*user // who walks

	demo   *product.Process
	data   string
	people map[string]*user
	seen   map[string]bool // the paths of the stops
	looks  []appearance
	show   func(u *user, name string, as appearance)
	source string // the path of Seattle, of Tokyo, and of the connection below either
	main   string
	con    string
}

func newTour(t *testing.T, customers string, looks []appearance, show func(u *user, name string, as appearance)) *tour {
	t.Helper()
	x := &tour{data: t.TempDir(), people: map[string]*user{}, seen: map[string]bool{}, looks: looks, show: show}
	x.demo = product.Serve(t, "demo", "--data", x.data, "--customers", customers)
	x.user = newUser(t, x.demo.URL, i18n.English)
	return x
}

// stop opens a page in each appearance, does what leads to the state, and shows it.
func (x *tour) stop(name, path string, do ...func(u *user)) {
	x.t.Helper()
	x.seen[strings.TrimPrefix(path, x.url)] = true
	for _, as := range x.looks {
		x.speak(as.lang)
		x.Dark(as.dark)
		x.Size(as.width, as.height)
		x.Open(x.url + strings.TrimPrefix(path, x.url))
		x.Wait("main h1")
		for _, f := range do {
			f(x.user)
		}
		x.WaitGone(".htmx-request") // what is on its way is drawn pale
		x.show(x.user, name, as)
	}
	x.work()
}

// work goes back to how things are done between the stops.
func (x *tour) work() {
	x.t.Helper()
	x.speak(i18n.English)
	x.Size(1440, 900)
	x.Open(x.url + "/consoles")
}

// speak changes the language: of the browser, and of a person who has chosen one.
func (x *tour) speak(lang string) {
	x.t.Helper()
	x.Language(lang)
	x.words = say[lang]
	if x.user == x.people[reader] {
		browser.Eval[bool](x.Page, `fetch("/preferences", {method: "POST", body: new URLSearchParams({language: "`+lang+`"})}).then(r => r.ok)`)
	}
}

// as goes on as another person.
func (x *tour) as(name string) {
	x.t.Helper()
	if x.people[name] == nil {
		u := newUser(x.t, x.demo.URL, i18n.English)
		u.signIn(name)
		x.people[name] = u
	}
	x.user = x.people[name]
}

// walk is the whole tour.
func (x *tour) walk() {
	x.t.Helper()
	x.strangers()
	x.as(boss)
	x.source, x.main = "/c/"+x.accountID(seattle), "/c/"+x.accountID(tokyo)
	x.atRest()
	x.everyday()
	x.operating()
	x.inviting()
	x.mails()
	x.waitingPeriod()
	x.readiness()
	x.completing()
	x.customersAfter()
	x.undoing()
	x.ending()
	x.billing()
}

// strangers sees what one sees who is not signed in, on an installation that is new too.
func (x *tour) strangers() {
	x.t.Helper()
	x.stop("sign-in", "/sign-in")
	x.stop("api", "/api")
	x.stop("api-service", "/api/NoticeService")
	x.stop("sign-in-refused", "/sign-in", func(u *user) {
		u.Fill("[name=email]", "haruka.saeki@ouun.example")
		u.Fill("[name=password]", "not this one")
		u.Click(`form[action="/sign-in"] button[type=submit]`)
		u.Wait("[role=alert]")
	})
	database := "sqlite:" + filepath.Join(x.t.TempDir(), "new.db")
	fresh := product.Serve(x.t, "serve", "--database", database)
	link := fresh.Find(regexp.MustCompile(`/setup/\S+`))
	demo := x.user
	x.user = newUser(x.t, fresh.URL, i18n.English)
	x.stop("set-up", link)
	x.stop("set-up-refused", link, func(u *user) {
		u.Fill("[name=name]", "Robin")
		u.Fill("[name=email]", "robin@vendor.example")
		u.Fill("[name=password]", "short")
		u.Click("main button[type=submit]")
		u.Wait("main [aria-invalid=true], main [role=alert]")
	})
	x.user = demo
	reset := product.Run(x.t, "user", "reset-password", "aoi.onodera@ouun.example", "--database", "sqlite:"+filepath.Join(x.data, "demo.db"))
	x.stop("reset", regexp.MustCompile(`/reset/\S+`).FindString(reset))
}

// atRest sees every page before anything is connected.
func (x *tour) atRest() {
	x.t.Helper()
	x.stop("consoles", "/consoles")
	x.stop("nowhere", "/nowhere")
	x.stop("home-nothing", x.main)
	x.stop("unify-empty", x.main+"/unification")
	x.stop("switcher", x.main+"/unification", func(u *user) { u.Click(".switcher"); u.Wait("#consoles") })
	x.stop("person-menu", x.main+"/unification", func(u *user) { u.Click("[popovertarget=me]"); u.Wait("#me") })
	x.stop("add", x.main+"/unification/add")
	x.stop("advice", x.main+"/unification/advice?domain=example.jp")
	x.stop("add-refused", x.main+"/unification/add", func(u *user) {
		u.Fill("[name=account_id]", "C2345678l")
		u.Click("main form button")
		u.Wait("[aria-invalid=true]")
	})
	x.stop("migrations-empty", x.main+"/migrations")
	x.stop("notices-empty", x.main+"/notices")
	x.stop("audit-first", x.main+"/audit")
	x.peopling()
	x.helping()
	x.stop("account", x.main+"/account")
	x.stop("me", "/me")
	x.stop("me-refused", "/me", func(u *user) {
		u.Fill("[name=present]", "cherry-cloud-2026")
		u.Fill("[name=password]", "short")
		u.Click(`form[action="/me/password"] button[type=submit]`)
		u.Wait("main [role=alert]") // the field, or after some tries that they are too many
	})
}

// inviting sees an invite at both ends, and the questions before it ends.
func (x *tour) inviting() {
	x.t.Helper()
	x.inviteSeattle()
	x.stop("unify-sent", x.main+"/unification")
	x.con = "/" + browser.Eval[string](x.open(x.main+"/unification"), `document.querySelector(".linkact a").href.split("/").pop()`)
	x.stop("sent", x.main+"/unification"+x.con)
	x.stop("sent-cancel", x.main+"/unification"+x.con+"/cancel")
	x.stop("sent-cancel-dialog", x.main+"/unification"+x.con, opened(`a[href$="/cancel"]`))
	x.stop("unify-received", x.source+"/unification")
	x.stop("home-invite", x.source)
	x.stop("review", x.source+"/unification"+x.con)
	x.stop("decline", x.source+"/unification"+x.con+"/decline")
	x.acceptInvite()
}

func (x *tour) open(path string) *browser.Page {
	x.t.Helper()
	x.Open(x.url + path)
	return x.Page
}

// opened clicks what opens a dialog.
func opened(css string) func(*user) {
	return func(u *user) {
		u.t.Helper()
		u.Click(css)
		u.Wait("dialog[open] h1")
	}
}

// waitingPeriod sees the seven days from both ends.
func (x *tour) waitingPeriod() {
	x.t.Helper()
	x.open(x.source + "/migrations")
	x.until("everybody is evaluated", func() bool { return x.Count(".evaluated") == 1 })
	x.stop("home-waiting", x.source)
	x.stop("unify-waiting", x.main+"/unification")
	x.stop("waiting-main", x.main+"/unification"+x.con)
	x.stop("waiting-source", x.source+"/unification"+x.con)
	x.stop("close", x.source+"/unification"+x.con+"/close")
	x.stop("close-dialog", x.source+"/unification", opened(`a[href$="/close"]`))
	x.stop("migrations-waiting", x.source+"/migrations")
	x.stop("notices", x.main+"/notices")
	x.stop("notices-unread", x.main+"/notices?tab=unread")
	x.open(x.main + "/unification")
	x.passWeek()
}

// list is the address of a tab of the migrations.
func (x *tour) list(end, tab string) string {
	return end + "/migrations?connection=" + x.con[1:] + "&tab=" + tab
}

// first returns the address that the first row of a list leads to.
func (x *tour) first(path string) string {
	x.t.Helper()
	x.open(path)
	x.until("there is a row", func() bool { return x.Count("tbody th a") > 0 })
	return strings.TrimPrefix(browser.Eval[string](x.Page, `document.querySelector("tbody th a").href`), x.url)
}

// readiness sees who is ready and who is not and why, and what is asked before migrations start.
func (x *tour) readiness() {
	x.t.Helper()
	ready := x.list(x.source, "ready")
	detail := x.first(ready)
	x.stop("ready", ready)
	x.reading()
	x.stop("ready-panel", ready, func(u *user) { u.Click("tbody th a"); u.Wait("#details h2") })
	x.stop("ready-detail", detail)
	x.stop("ready-selected", ready, func(u *user) { u.Click("[data-all]"); u.Wait(".scope input") })
	x.stop("ready-no-match", ready+"&q=zzzz")
	x.stop("start-dialog", ready, func(u *user) {
		u.Click("[data-all]")
		u.Click(".scope input")
		opened("main [data-needs-selection]")(u)
	})
	x.stop("start", strings.TrimPrefix(browser.Eval[string](x.open(ready), `document.querySelector("td.act a").href`), x.url))
	x.stop("preview", x.source+"/migrations"+x.con+"/preview?scope=all")
	x.stop("not-ready", x.list(x.source, "not_ready"))
	for _, code := range []string{"NO_BILLING_ACCOUNT_IN_CURRENCY", "OPEN_ORDER", "HAS_GOOGLE_CLOUD"} {
		x.stop("not-ready-"+strings.ToLower(code), x.first(x.list(x.source, "not_ready")+"&reason="+code))
	}
	x.stop("home-ready", x.source)
	x.stop("unify-ready", x.main+"/unification")
	x.startTwo()
	x.startAll()
	started := x.list(x.source, "started")
	detail = x.first(started)
	x.stop("started", started)
	x.stop("started-detail", detail)
	x.stop("cancel-dialog", started, opened("td.act a"))
	x.stop("cancel", strings.TrimPrefix(browser.Eval[string](x.open(started), `document.querySelector("td.act a").href`), x.url))
	x.stop("ready-empty", ready)
}

// startTwo asks for one customer who is ready and one who is not, and sees what came of it.
func (x *tour) startTwo() {
	x.t.Helper()
	scope := url.Values{}
	for _, tab := range []string{"ready", "not_ready"} {
		customer, _, _ := strings.Cut(x.first(x.list(x.source, tab)), "?")
		scope.Add("id", path.Base(customer))
	}
	x.open(x.source + "/migrations" + x.con + "/start?" + scope.Encode())
	x.Click("form.confirm button[type=submit]")
	x.WaitText("main h1", "Migrations started")
	x.stop("started-partly", x.source+"/migrations"+x.con+"/started")
}

// completing sees how accounts are chosen, and what a run tells at both ends. One customer cannot move: the vendor
// suspends it on the way.
func (x *tour) completing() {
	x.t.Helper()
	x.stop("home-complete", x.main)
	x.stop("waiting-list", x.list(x.main, "started"))
	x.stop("waiting-detail", x.first(x.list(x.main, "started")))
	all := x.main + "/migrations" + x.con + "/complete?scope=all"
	x.stop("complete", all)
	x.stop("preview-main", strings.Replace(all, "/complete?", "/preview?", 1))
	x.stop("complete-warned", all, (*user).otherEntity)
	x.stop("complete-refused", all, (*user).otherEntity, (*user).refused)
	x.stop("complete-missing", all, func(u *user) {
		u.Fill(".choice-group select", "")
		u.Wait(".summary .error")
		u.ClickText("main button", u.goOn)
		u.Wait("main [role=alert]")
	})
	x.scheduleOne()
	x.suspendOne()
	x.completeAll()
	run := strings.TrimPrefix(x.URL(), x.url)
	x.stop("run-done", run)
	x.stop("run-done-source", strings.Replace(run, x.main, x.source, 1))
	x.stop("report", run+"/report")
	x.stop("report-source", strings.Replace(run, x.main, x.source, 1)+"/report")
	x.stop("runs", run[:strings.LastIndex(run, "/")])
	x.stop("home-returned", x.main)
	x.stop("returned", x.list(x.main, "started"))
	x.stop("returned-detail", x.first(x.list(x.main, "started")))
	x.stop("done-main", x.list(x.main, "done"))
	x.stop("done-source", x.list(x.source, "done"))
	x.stop("audit", x.source+"/audit")
}

// scheduleOne lets the main schedule the first customer, and withdraw the date again.
func (x *tour) scheduleOne() {
	x.t.Helper()
	list := x.list(x.main, "started")
	x.Open(browser.Eval[string](x.open(list), `document.querySelector("td.act a").href`))
	x.Fill("[name=date]", browser.Eval[string](x.Page, `document.querySelector("[name=date]").max`))
	x.ClickText("main button", x.goOn)
	x.Wait("main .chip")
	form := strings.TrimPrefix(browser.Eval[string](x.open(list), `[...document.querySelectorAll("td.act a")].find(a => a.href.includes("/schedule")).href`), x.url)
	x.stop("scheduled", list)
	x.stop("schedule", form)
	x.open(form)
	x.Click(`form[action$="/withdraw"] button`)
	x.Wait(".flash, [role=status]")
}

// suspendOne lets the vendor suspend a subscription of the first customer that waits.
func (x *tour) suspendOne() {
	x.t.Helper()
	choice := browser.Eval[string](x.open(x.main+"/migrations"+x.con+"/complete?scope=all"), `document.querySelector(".choice-row select").id`)
	_, subscription, _ := strings.Cut(choice, ":")
	product.Run(x.t, "customer", "suspend", subscription, "--vendor", "--console", strings.TrimPrefix(x.source, "/c/"),
		"--database", "sqlite:"+filepath.Join(x.data, "demo.db"))
}

// ending sees what is left when the connection is closed with a migration still open.
func (x *tour) ending() {
	x.t.Helper()
	x.stop("unify-done", x.source+"/unification")
	x.stop("close-with-open", x.source+"/unification"+x.con+"/close")
	x.open(x.source + "/unification" + x.con + "/close")
	x.Click("form.confirm button[type=submit]")
	x.WaitText("main", x.closed)
	x.stop("unify-ended", x.source+"/unification")
	x.stop("ended", x.source+"/unification"+x.con)
	x.stop("migrations-ended", x.list(x.source, "done"))
	x.stop("cancelled", x.list(x.source, "cancelled"))
}

// billing sees what is billed once the month is closed.
func (x *tour) billing() {
	x.t.Helper()
	x.open(x.source + "/invoices")
	x.nextMonth()
	list := x.source + "/invoices?month=2026-10"
	x.open(list)
	x.until("the month is closed", func() bool { return x.Count("tbody .chip.ok") > 0 })
	x.stop("invoices-issued", list)
	invoice := x.link(list, "tbody tr:has(.chip.ok) th a")
	x.stop("invoice-issued", invoice)
	x.stop("invoice-nothing", x.link(list, "tbody tr:has(.chip.muted) th a"))
	x.stop("invoice-issued-how", invoice, opened(".how"))
	x.operatingMonths()
}
