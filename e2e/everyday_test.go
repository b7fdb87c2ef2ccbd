//go:build e2e

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"psc/e2e/browser"
	"psc/e2e/product"
	"psc/internal/i18n"
)

// TestEverydayPages visits the pages of customers, billing, agreements and the operator in both languages and themes: axe
// finds nothing, and nothing is wider than a phone. With LOOK=dir it leaves pictures there.
func TestEverydayPages(t *testing.T) {
	demo := product.Serve(t, "demo", "--data", t.TempDir(), "--customers", "300")
	for _, lang := range i18n.Languages {
		u := newUser(t, demo.URL, lang)
		u.signIn(boss)
		u.enter(seattle)
		console := u.consolePath()
		u.Open(console + "/customers/import")
		u.Upload("#file", importFile(t))
		u.Click("main form button[type=submit]")
		u.until("the import has ended", func() bool { return u.Count("#import .banner.bad") == 1 })
		run := u.URL()
		u.Open(console + "/customers")
		customer := browser.Eval[string](u.Page, `document.querySelector("#list tbody a").href`)
		pages := map[string]string{
			"customers": console + "/customers", "customers-none": console + "/customers?q=zzzz",
			"customers-moved": console + "/customers?state=MOVED", "customer": customer, "customer-edit": customer + "/edit",
			"import": console + "/customers/import", "import-run": run, "billing": console + "/billing",
			"billing-new": console + "/billing/new?currency=USD", "agreements": console + "/agreements",
			"skus": console + "/sku-authorizations",
		}
		u.look(lang, pages)

		operator := newUser(t, demo.URL, lang)
		operator.signIn(operatorName)
		operator.look(lang, map[string]string{
			"operator": demo.URL + "/operator/consoles", "operator-console": demo.URL + "/operator/consoles/" + filepath.Base(console),
			"operator-customer": customer,
		})
	}
}

// operatorName is the demo's operator.
const operatorName = "Robin Ashgrove"

// consolePath is the address of the present console.
func (u *user) consolePath() string {
	u.t.Helper()
	return browser.Eval[string](u.Page, `document.querySelector("#nav a").href.replace(/\/[^/]*$/, "")`)
}

func importFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "customers.csv")
	text := "org_display_name,domain,primary_contact_email\nGood,good.example,a@good.example\nBad,not a domain,nobody\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const tooWide = `document.documentElement.scrollWidth <= innerWidth ? "" :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
		.map(e => e.outerHTML.slice(0, 80)).slice(0, 3).join(" | ")`

// look opens each page in both themes and at every width.
func (u *user) look(lang string, pages map[string]string) {
	u.t.Helper()
	for name, url := range pages {
		for _, dark := range []bool{false, true} {
			u.Dark(dark)
			u.Open(url)
			u.Axe(u.t)
			for _, width := range []int{390, 320, 1440} {
				u.Size(width, 844)
				if wide := browser.Eval[string](u.Page, tooWide); wide != "" {
					u.t.Errorf("%s %s: wider than %d: %s", name, lang, width, wide)
				}
			}
			if dir := os.Getenv("LOOK"); dir != "" {
				file := filepath.Join(dir, fmt.Sprintf("%s-%s-%v", name, lang, dark))
				u.Screenshot(file+"-d.png", 1440, 900)
				u.Screenshot(file+"-m.png", 390, 844)
				u.Size(1440, 900)
			}
		}
	}
}
