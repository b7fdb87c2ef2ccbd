//go:build e2e

package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"psc/e2e/product"
	"psc/internal/i18n"
	"psc/internal/pgtest"
)

// ourCustomers is a list as a reseller keeps it in Excel in Japan. Four may move: the last one is on trial.
const ourCustomers = `org_display_name,domain,primary_contact_name,region_code,language_code,tos_accepted_at,subscription_external_id,sku_id,plan,num_units,currency,billing_account_id,start_date,trial_end,status
髙島①商店,takashima.example,髙島 花,JP,ja,2024-04-01T10:15:00+09:00,A-1,1010020027,FLEXIBLE,18,JPY,ACCOUNT,2025-02-01,,ACTIVE
有限会社さくら印刷,sakura-insatsu.example,桜井 誠,JP,ja,2024-04-01T10:15:00+09:00,A-2,1010020028,FLEXIBLE,7,JPY,ACCOUNT,2025-02-01,,ACTIVE
Willow Street Bakery,willowstreet.example,Ann Lowe,US,en,2024-04-01T10:15:00+09:00,A-3,1010020027,FLEXIBLE,4,JPY,ACCOUNT,2025-03-01,,ACTIVE
一般社団法人みなと,minato.example,港 一郎,JP,ja,2024-04-01T10:15:00+09:00,A-4,1010020028,FLEXIBLE,60,JPY,ACCOUNT,2025-02-01,,ACTIVE
合同会社ためし,tameshi.example,,JP,ja,,A-5,1010020027,FLEXIBLE,3,JPY,ACCOUNT,2026-11-01,2027-01-01,TRIAL
`

// TestServeInTheBrowser is the main job of two strangers on a product in earnest: one has a Shift_JIS file and a phone.
func TestServeInTheBrowser(t *testing.T) {
	day := newDay(t, pgtest.URL(t))
	setUp, _, found := strings.Cut(commandsOf(t, "../docs/first-day.md"), "psc import")
	if !found {
		t.Fatal("the first day imports nothing")
	}
	day.bash(setUp)
	harper, mori := day.person(t, "HARPER", i18n.English), day.person(t, "MORI", i18n.Japanese)
	harper.Size(390, 844)

	harper.visit(harper.customers)
	harper.ClickText("main a", "Import")
	harper.Upload("main [type=file]", day.ourFile())
	harper.ClickText("main form button", "Check and import")
	harper.until("everything is imported", func() bool { return strings.Contains(harper.Text("main"), "To the customers") })
	harper.visit(harper.customers)
	harper.WaitText("tbody", "髙島①商店")

	harper.visit(harper.account)
	id := harper.Text("main .copy code")
	mori.visit(mori.unify)
	mori.ClickText("main a", mori.add)
	mori.Fill("[name=account_id]", id)
	mori.ClickText("main button", mori.invite)
	mori.WaitText("main", mori.invited)

	harper.visit(harper.unify)
	harper.ClickText("main a", harper.review)
	harper.ClickText("main button", harper.accept)
	harper.WaitText("main", harper.connected)
	product.Run(t, "clock", "advance", "week", "--database", day.database)

	harper.visit(harper.migrations)
	harper.until("there are customers", func() bool { return harper.Count("[data-all]") == 1 })
	harper.Click("[data-all]")
	harper.ClickText("main button", harper.start)
	harper.ClickText("form[data-confirm] button", harper.startOne)
	harper.WaitText("main .banner", "4 ")

	mori.visit(mori.migrations)
	mori.until("there are customers", func() bool { return mori.Count("[data-all]") == 1 })
	mori.Click("[data-all]")
	mori.ClickText("main button", mori.complete)
	mori.ClickText("main button", mori.goOn)
	mori.Wait("#run-results")
	mori.until("the run is finished", func() bool { return strings.Contains(mori.Text("main"), mori.finished) })
	if moved := number(mori.Text("#run-results .figures b")); moved != 4 {
		t.Errorf("%d have moved, want 4", moved)
	}
	mori.visit(mori.customers)
	mori.search("takashima")
	mori.ClickText("tbody a", "髙島①商店")
	mori.WaitText("main h1", "髙島①商店")
	harper.visit(harper.customers)
	harper.ClickText(".tabs a", harper.moved)
	harper.WaitText(".tabs [aria-current]", harper.moved)
	if moved := number(harper.Text(".tabs [aria-current] .count")); moved != 4 {
		t.Errorf("%d are kept as moved, want 4", moved)
	}
}

// ourFile writes our customers, billed to Seattle's account in yen, as Excel in Japan does.
func (d *day) ourFile() string {
	d.tb.Helper()
	type account struct{ ID, Name string }
	var id string
	for _, a := range read[[]account](d, "billing-account", "list", "--console", d.said("SEATTLE")) {
		if a.Name == "Yen" {
			id = a.ID
		}
	}
	text, err := japanese.ShiftJIS.NewEncoder().String(strings.ReplaceAll(ourCustomers, "ACCOUNT", id))
	if err != nil {
		d.tb.Fatal(err)
	}
	path := filepath.Join(d.dir, "ours.csv")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "\n", "\r\n")), 0o600); err != nil {
		d.tb.Fatal(err)
	}
	return path
}

// person is the one whose address the script has in a variable, who chooses a password and so is signed in.
func (d *day) person(t *testing.T, variable, lang string) *user {
	t.Helper()
	type reset struct {
		PasswordLink string `json:"password_link"`
	}
	link := read[reset](d, "user", "reset-password", d.said(variable), "--base-url", "http://"+d.addr).PasswordLink
	u := newUser(t, "http://"+d.addr, lang)
	u.Open(link)
	u.Fill("[name=password]", "correct horse battery staple")
	u.Click("main form button")
	u.Wait(".appbar .avatar")
	return u
}
