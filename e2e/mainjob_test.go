//go:build e2e

// Package e2e_test uses the product as people do: the real binary, a real browser.
package e2e_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"psc/e2e/browser"
	"psc/e2e/product"
	"psc/internal/i18n"
)

// words are what a person reads and clicks, as the specification has them.
type words struct {
	unify, migrations, customers, account           string
	add, invite, invited, received, review, accept  string
	connected, start, startOne, started, cancelOne  string
	confirmCancel, waiting, complete, goOn, changes string
	finished, done, closed, moved                   string
}

var say = map[string]words{
	i18n.English: {
		unify: "Unify consoles", migrations: "Manage customer migrations", customers: "Customers", account: "Account information",
		add: "Add console", invite: "Save & invite", invited: "Sent, pending invite acceptance",
		received: "Invite received, waiting for you", review: "Review connection invite", accept: "Accept connection invite",
		connected: "Invite accepted, console connected", start: "Start migration for selected items", startOne: "Start migration",
		started: "Started, waiting for the main console", cancelOne: "Cancel migration", confirmCancel: "Confirm cancellation",
		waiting: "Waiting for completion", complete: "Migrate selected items", goOn: "Select & continue",
		changes: "Legal entity changes", finished: "The run is finished", done: "Migrated",
		closed: "Connection closed", moved: "Moved",
	},
	i18n.Japanese: {
		unify: "コンソールの統合", migrations: "お客様の移行の管理", customers: "顧客", account: "アカウント情報",
		add: "コンソールの追加", invite: "保存して招待", invited: "送信が完了し、招待の承諾待ち",
		received: "招待が届いています(承諾待ち)", review: "接続の招待を確認", accept: "接続の招待を承諾",
		connected: "招待が承諾され、コンソールが接続されました", start: "選択した項目の移行を開始", startOne: "移行を開始",
		started: "移行を開始しました(メイン コンソールでの完了待ち)", cancelOne: "移行をキャンセル", confirmCancel: "キャンセルを確定",
		waiting: "移行の完了待ち", complete: "選択したアイテムを移行", goOn: "選択して続行",
		changes: "法人が変わります", finished: "移行の処理が完了しました", done: "移行が完了しました",
		closed: "接続は終了しました", moved: "移行済み",
	},
}

// The demo's consoles and some of its people.
const (
	tokyo    = "桜雲パートナーズ 東京"
	seattle  = "Ouun Partners Seattle"
	boss     = "Rei Hanabusa" // a super admin of all consoles
	reader   = "Hannah Birch" // a viewer of Seattle
	operator = "Robin Ashgrove"
)

// user is a person at a browser.
type user struct {
	*browser.Page
	words

	t      *testing.T
	url    string
	script bool
}

func newUser(t *testing.T, url, lang string) *user {
	t.Helper()
	u := &user{Page: browser.New(t), words: say[lang], t: t, url: url, script: true}
	u.Language(lang)
	return u
}

func (u *user) signIn(name string) {
	u.t.Helper()
	u.Open(u.url)
	u.ClickText(`form[action="/sign-in/as"] button`, name)
	u.Wait(".appbar .avatar")
}

// enter goes to a console: from another by the switcher, else from the list of all.
func (u *user) enter(console string) {
	u.t.Helper()
	if u.Count(".switcher") > 0 {
		u.Click(".switcher")
		u.ClickText("#consoles a", console)
	} else {
		u.ClickText("main a", console)
	}
	u.WaitText(".switcher", console)
}

// visit opens a page by the navigation, which on a phone is behind a button.
func (u *user) visit(label string) {
	u.t.Helper()
	if u.Visible(".navtoggle") {
		u.Click(".navtoggle")
	}
	u.ClickText("#nav a", label)
	u.WaitText("main h1", label)
}

// passWeek moves the sandbox clock by 7 days.
func (u *user) passWeek() {
	u.t.Helper()
	u.moveClock("week")
}

// moveClock presses a button of the sandbox clock, and waits for the page that tells another day.
func (u *user) moveClock(button string) {
	u.t.Helper()
	before := u.today()
	if u.Visible(".clockopen") {
		u.Click(".clockopen")
	}
	u.Click(`.clock button[value=` + button + `]`)
	for u.today() == before {
		time.Sleep(50 * time.Millisecond)
	}
}

var hour = regexp.MustCompile(`\d+:\d\d`)

// today is the day that the sandbox clock shows.
func (u *user) today() string {
	u.t.Helper()
	text := u.Text(".clock time")
	return text[:hour.FindStringIndex(text)[0]]
}

// until reloads the page, as people do, until something is so.
func (u *user) until(what string, so func() bool) {
	u.t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			u.t.Fatalf("waited in vain: %s\n%s", what, u.Text("main"))
		}
		u.Open(u.URL())
	}
}

// chooseAll ticks all that match, not only what the page shows.
func (u *user) chooseAll() {
	u.t.Helper()
	u.until("there are customers", func() bool { return u.Count(".scope input") == 1 })
	if u.script {
		u.Click("[data-all]")
	}
	u.Click(".scope input")
}

// accountID reads the account ID of a console on its page.
func (u *user) accountID(console string) string {
	u.t.Helper()
	u.enter(console)
	u.visit(u.account)
	return u.Text("main .copy code")
}

// inviteSeattle lets Tokyo invite Seattle, as somebody types who writes Japanese.
func (u *user) inviteSeattle() {
	u.t.Helper()
	id := u.accountID(seattle)
	u.enter(tokyo)
	u.visit(u.unify)
	u.ClickText("main a", u.add)
	u.Wait("[name=account_id]")
	u.Fill("[name=account_id]", " "+fullWidth(strings.ToUpper(id)))
	u.ClickText("main button", u.invite)
	u.WaitText("main", u.invited)
}

// acceptInvite lets Seattle review the invite and accept it.
func (u *user) acceptInvite() {
	u.t.Helper()
	u.enter(seattle)
	u.visit(u.unify)
	u.WaitText("main", u.received)
	u.ClickText("main a", u.review)
	u.ClickText("main button", u.accept)
	u.WaitText("main", u.connected)
}

// startAll starts the migration of all ready customers and returns how many they are.
func (u *user) startAll() int {
	u.t.Helper()
	u.enter(seattle)
	u.visit(u.migrations)
	u.chooseAll()
	u.ClickText("main button", u.start)
	u.ClickText("form[data-confirm] button", u.startOne)
	u.WaitText("main", u.started)
	return number(u.Text("main .banner"))
}

// completeAll chooses accounts for all that wait and returns one customer's name, its domain and how many have moved.
func (u *user) completeAll() (name, domain string, moved int) {
	u.t.Helper()
	u.enter(tokyo)
	u.visit(u.migrations)
	u.chooseAll()
	name, domain = u.Text("tbody th a"), u.Text("tbody th small")
	u.ClickText("main button", u.complete)
	u.Wait("#choices")
	u.otherEntity()
	u.refused()
	u.Click("#entities")
	u.ClickText("main button", u.goOn)
	u.Wait("#run-results")
	if u.script {
		u.WaitText("main", u.finished)
	}
	u.until("the run is finished", func() bool { return strings.Contains(u.Text("main"), u.finished) })
	return name, domain, number(u.Text("#run-results .figures b"))
}

// otherEntity chooses for the first group an account of another legal entity.
func (u *user) otherEntity() {
	u.t.Helper()
	u.Fill(".choice-group select", browser.Eval[string](u.Page,
		`[...document.querySelector(".choice-group select").options].find(o => o.value && !o.selected).value`))
	if !u.script {
		u.Click("main [value=update]")
	}
	u.WaitText("main .choice-group", u.changes)
}

// refused tries to go on without confirming that.
func (u *user) refused() {
	u.t.Helper()
	u.ClickText("main button", u.goOn)
	u.Wait("main [role=alert]")
}

// migrated reads how many have moved, as either end counts them.
func (u *user) migrated(console string) int {
	u.t.Helper()
	u.enter(console)
	u.visit(u.migrations)
	u.ClickText(".tabs a", u.done)
	u.WaitText(".tabs [aria-current]", u.done)
	return number(u.Text(".tabs [aria-current] .count"))
}

// find looks a moved customer up at both ends.
func (u *user) find(name, domain string) {
	u.t.Helper()
	u.enter(tokyo)
	u.visit(u.customers)
	u.search(domain)
	u.ClickText("tbody a", name)
	u.WaitText("main h1", name)
	u.enter(seattle)
	u.visit(u.customers)
	u.ClickText(".tabs a", u.moved)
	u.WaitText(".tabs [aria-current]", u.moved)
	u.search(domain)
	u.ClickText("tbody a", name)
	u.WaitText("main .chip", u.moved)
}

func (u *user) search(text string) {
	u.t.Helper()
	u.Fill("main [type=search]", text)
	if !u.script { // where scripts run, what was typed is searched for by itself
		u.Click("main .search button")
	}
	u.WaitURL("q=" + url.QueryEscape(text))
	u.WaitText("tbody", text)
}

// fullWidth writes ASCII as a Japanese keyboard may.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r + 0xFEE0 }, s)
}

// number reads the first number of a text.
func number(text string) int {
	n, found := 0, false
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			n, found = n*10+int(r-'0'), true
		case r == ',' && found:
		case found:
			return n
		}
	}
	return n
}

func TestMainJobInTheBrowser(t *testing.T) {
	for _, c := range []struct {
		name, lang      string
		customers       string
		least           int
		phone, dark, no bool
	}{
		{name: "English, the whole demo", lang: i18n.English, customers: "1660", least: 300},
		{name: "Japanese, phone", lang: i18n.Japanese, customers: "300", least: 40, phone: true},
		{name: "English, no JavaScript", lang: i18n.English, customers: "300", least: 40, no: true},
		{name: "Japanese, dark", lang: i18n.Japanese, customers: "300", least: 40, dark: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			demo := product.Serve(t, "demo", "--data", t.TempDir(), "--customers", c.customers)
			u := newUser(t, demo.URL, c.lang)
			if c.phone {
				u.Size(390, 844)
			}
			u.Dark(c.dark)
			if c.no {
				u.NoScript()
				u.script = false
			}
			u.signIn(boss)
			u.inviteSeattle()
			u.acceptInvite()
			u.passWeek()
			started := u.startAll()
			name, domain, moved := u.completeAll()
			if started < c.least || moved != started {
				t.Errorf("%d started, %d moved, at least %d were expected", started, moved, c.least)
			}
			u.find(name, domain)
			if at, to := u.migrated(seattle), u.migrated(tokyo); at != started || to != started {
				t.Errorf("of %d, Seattle counts %d and Tokyo %d", started, at, to)
			}
		})
	}
}
