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

// orderWords are what a person reads and clicks who orders.
type orderWords struct {
	newCustomer, add, buy, show, order, menu, seats, renewal, save, end, ended string
	added, removed, planned, taken                                             string
}

var ordering = map[string]orderWords{
	i18n.English: {
		newCustomer: "New customer", add: "Add customer", buy: "Order subscription", show: "Show what it costs", order: "Order now",
		menu: "Change", seats: "Change seats", renewal: "Renewal settings", save: "Save", end: "Cancel subscription", ended: "Subscription ended",
		added: "15, added 5", removed: "9, removed 6", planned: "7 from the renewal on", taken: "which this console has already",
	},
	i18n.Japanese: {
		newCustomer: "新しい顧客", add: "顧客を追加", buy: "サブスクリプションを注文", show: "料金を表示", order: "注文する",
		menu: "変更", seats: "シート数の変更", renewal: "更新設定", save: "保存", end: "サブスクリプションを終了", ended: "サブスクリプションの終了",
		added: "15、5 追加", removed: "9、6 削減", planned: "更新時から 7", taken: "すでに登録されている顧客",
	},
}

// TestOrdersInTheBrowser adds a customer, orders for it, changes what was ordered, and ends it.
func TestOrdersInTheBrowser(t *testing.T) {
	for _, c := range []struct {
		name, lang string
		phone, no  bool
	}{
		{name: "English", lang: i18n.English},
		{name: "Japanese, phone", lang: i18n.Japanese, phone: true},
		{name: "English, no JavaScript", lang: i18n.English, no: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			demo := product.Serve(t, "demo", "--data", t.TempDir(), "--customers", "60")
			u := &orderer{user: newUser(t, demo.URL, c.lang), orderWords: ordering[c.lang]}
			if c.phone {
				u.Size(390, 844)
			}
			if c.no {
				u.NoScript()
				u.script = false
			}
			u.signIn(boss)
			u.enter(tokyo)
			u.walk()
		})
	}
}

// orderer is a person who orders.
type orderer struct {
	*user
	orderWords
}

func (u *orderer) walk() {
	u.t.Helper()
	create := func() {
		u.visit(u.customers)
		u.ClickText("main a", u.newCustomer)
		u.Fill("[name=org_display_name]", "Oakridge Library")
		u.Fill("[name=domain]", "oakridge-library.example")
		u.Fill("[name=alternate_email]", "oakridge@mail.example")
		u.ClickText("main form button", u.add)
	}
	create()
	u.WaitText("main h1", "Oakridge Library")
	page := u.URL()
	create()
	u.WaitText("main [role=alert]", u.taken)

	for _, plan := range []string{"FLEXIBLE", "ANNUAL_YEARLY_PAY"} {
		u.Open(page)
		u.ClickText("main a", u.buy)
		u.choose("[name=sku]", "Business Standard")
		u.choose("[name=account]", "JPY · Google Workspace")
		u.Click("[name=plan][value=" + plan + "]")
		u.Fill("[name=seats]", "10")
		u.ClickText("main form button", u.show)
		u.Wait("#cost")
		u.ClickText("#cost button", u.order)
		u.Wait("#orders tbody tr")
	}
	u.Wait("#subscriptions tbody tr:nth-child(2)")
	if n := u.Count("#orders tbody tr"); n != 2 {
		u.t.Errorf("%d orders, want 2", n)
	}
	flexible, annual := 1, 2
	if strings.Contains(u.Text("#subscriptions tbody tr:nth-child(1)"), u.renewalWord()) {
		flexible, annual = 2, 1
	}
	u.orderSeats(flexible, "15", u.added)
	u.orderSeats(flexible, "9", u.removed)
	u.orderSeats(annual, "7", u.planned)

	u.open(annual, "renewal")
	u.Click("[name=renewal][value=SWITCH_TO_PAY_AS_YOU_GO]")
	u.ClickText("main form button", u.show)
	u.ClickText("#cost button", u.save)
	u.Wait("#orders")

	u.open(flexible, "end")
	u.ClickText("form[data-confirm] button", u.end)
	u.WaitText("#orders", u.ended)
}

// choose picks the option with the text.
func (u *orderer) choose(css, text string) {
	u.t.Helper()
	u.Fill(css, browser.Eval[string](u.Page, `[...document.querySelector("`+css+`").options].find(o => o.text.includes("`+text+`")).value`))
}

// renewalWord is in the row of an annual subscription.
func (u *orderer) renewalWord() string {
	if u.customers == say[i18n.Japanese].customers {
		return "自動更新"
	}
	return "Renews"
}

// open opens what the menu of a subscription's row leads to.
func (u *orderer) open(row int, action string) {
	u.t.Helper()
	css := "#subscriptions tbody tr:nth-child(" + strconv.Itoa(row) + ") td.act "
	u.Click(css + "button")
	u.Click(css + "a[href$='/" + action + "']")
}

// orderSeats orders a number of seats, and waits until the history tells it.
func (u *orderer) orderSeats(row int, seats, history string) {
	u.t.Helper()
	u.open(row, "seats")
	u.Fill("[name=seats]", seats)
	u.ClickText("main form button", u.show)
	u.ClickText("#cost button", u.order)
	u.WaitText("#orders tbody tr:first-child", history)
}
