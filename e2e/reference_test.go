//go:build e2e

package e2e_test

import (
	"encoding/base64"
	"encoding/csv"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"psc/e2e/browser"
	"psc/e2e/product"
	"psc/internal/i18n"
)

// moneyWords are what a person reads and clicks on the way of the reference text's examples.
var moneyWords = map[string]struct {
	preview, invoices, draft, issued, yen, otherConsole string
}{
	i18n.English: {
		preview: "Preview billing effect", invoices: "Invoices", draft: "Draft", issued: "Issued",
		yen: "¥", otherConsole: "Billed by the other console",
	},
	i18n.Japanese: {
		preview: "請求への影響を確認", invoices: "請求書", draft: "下書き", issued: "発行済み",
		yen: "￥", otherConsole: "相手のコンソールで請求",
	},
}

// The two customers of the reference text in the demo, and the accounts that they are billed to.
const (
	monthly, monthlyName = "mihon-monthly.example", "株式会社見本商事 髙﨑𠮷野支店"
	yearly, yearlyName   = "mihon-yearly.example", "株式会社見本工業"
	sourceAccount        = "Japan desk JPY"
	mainAccount          = "東日本 Workspace 請求"
)

// billed is what an invoice has of a customer: an amount for a run of days.
type billed struct{ domain, from, to, amount string }

// The reference text's two examples, 15 October, to the yen.
var (
	sourceLines = []billed{
		{monthly, "2026-10-01", "2026-10-14", "3685"}, {yearly, "2026-10-15", "2027-03-31", "-93896"},
	}
	mainLines = []billed{
		{monthly, "2026-10-15", "2026-10-31", "4475"}, {yearly, "2026-10-15", "2027-03-31", "93896"},
	}
)

// TestTheReferenceTextsExamples follows the two examples of the reference text on screen: start, complete on the 15th, both previews,
// both drafts, the close of the month, both issued invoices with their files, and the ledger.
func TestTheReferenceTextsExamples(t *testing.T) {
	for _, lang := range i18n.Languages {
		t.Run(lang, func(t *testing.T) {
			data := t.TempDir()
			demo := product.Serve(t, "demo", "--data", data, "--customers", "75")
			u := newUser(t, demo.URL, lang)
			u.signIn(boss)
			u.inviteSeattle()
			u.acceptInvite()
			u.passWeek()
			u.passWeek()
			u.previews(seattle)
			u.moveExamples()
			u.invoice(seattle, sourceAccount, moneyWords[lang].draft, sourceLines)
			u.invoice(tokyo, mainAccount, moneyWords[lang].draft, mainLines)
			u.explained()
			u.nextMonth()
			u.invoice(seattle, sourceAccount, moneyWords[lang].issued, sourceLines)
			u.invoice(tokyo, mainAccount, moneyWords[lang].issued, mainLines)
			u.explained()
			product.Run(t, "check", "--database", "sqlite:"+filepath.Join(data, "demo.db"))
		})
	}
}

// yen writes an amount as the page does.
func (u *user) yen(digits string) string {
	sign, digits, negative := "", strings.TrimPrefix(digits, "-"), strings.HasPrefix(digits, "-")
	if negative {
		sign = "-"
	}
	if n := len(digits); n > 3 {
		digits = digits[:n-3] + "," + digits[n-3:]
	}
	return sign + moneyWords[u.lang()].yen + digits
}

func (u *user) lang() string {
	if u.customers == say[i18n.Japanese].customers {
		return i18n.Japanese
	}
	return i18n.English
}

// listExamples shows the two customers in the present list of migrations.
func (u *user) listExamples(console string) {
	u.t.Helper()
	u.enter(console)
	u.visit(u.migrations)
	u.until("there is a list", func() bool { return u.Count("main [type=search]") == 1 })
	u.search("mihon")
}

// previews looks at what the move of each will change.
func (u *user) previews(console string) {
	u.t.Helper()
	for name, figures := range map[string][]string{
		monthlyName: {"8160", "3685", "4475"}, yearlyName: {"0", "-93896", "93896"},
	} {
		u.listExamples(console)
		u.ClickText("tbody a", name)
		u.Wait("#details h2")
		u.ClickText("#details a", moneyWords[u.lang()].preview)
		u.WaitText("main h1", moneyWords[u.lang()].preview)
		for _, f := range figures {
			u.WaitText("#totals", u.yen(f))
			u.WaitText("#list", u.yen(f))
		}
	}
}

// moveExamples starts and completes both, on the accounts that are suggested; the main looks at the preview before.
func (u *user) moveExamples() {
	u.t.Helper()
	u.listExamples(seattle)
	u.Click("[data-all]")
	u.ClickText("main button", u.start)
	u.ClickText("form[data-confirm] button", u.startOne)
	u.WaitText("main", u.started)
	u.previews(tokyo)
	u.listExamples(tokyo)
	u.Click("[data-all]")
	u.ClickText("main button", u.complete)
	u.Wait("#choices")
	suggested := browser.Eval[string](u.Page, `document.querySelector(".choice-group select").value`)
	u.otherEntity()
	u.Fill(".choice-group select", suggested)
	u.until("what was suggested is chosen again", func() bool { return !strings.Contains(u.Text("main .choice-group"), u.changes) })
	u.ClickText("main button", u.goOn)
	u.Wait("#run-results")
	u.until("the run is finished", func() bool { return strings.Contains(u.Text("main"), u.finished) })
	if n := number(u.Text("#run-results .figures b")); n != 2 {
		u.t.Errorf("%d have moved", n)
	}
}

// nextMonth moves the clock to the first of the next month.
func (u *user) nextMonth() {
	u.t.Helper()
	u.moveClock("month")
}

// invoice opens an account's invoice of October from the list once it is so far, and holds page, CSV and PDF against the lines.
func (u *user) invoice(console, account, state string, lines []billed) {
	u.t.Helper()
	u.enter(console)
	u.visit(moneyWords[u.lang()].invoices)
	u.Fill("#month", "2026-10")
	u.WaitText(`#month option[value="2026-10"][selected]`, "2026") // until then the page is that of another month
	row := `[...document.querySelectorAll("tbody tr")].find(r => r.innerText.includes(` + "`" + account + "`" + `))?.innerText ?? ""`
	u.until("the invoice is "+state, func() bool {
		return strings.Contains(browser.Eval[string](u.Page, row), state)
	})
	u.ClickText("tbody a", account)
	u.WaitText("main .chip", state)
	for _, l := range lines {
		u.WaitText("#lines", u.yen(l.amount))
	}
	if got := u.csvLines(); !slices.Equal(got, lines) {
		u.t.Errorf("%s, %s: the file has %v, want %v", console, state, got, lines)
	}
	paper := pdfText(u.t, u.fetch(".pdf"))
	for _, l := range lines {
		if !strings.Contains(paper, u.yen(l.amount)) || !strings.Contains(paper, l.domain) {
			u.t.Errorf("%s, %s: the PDF does not show %v:\n%s", console, state, l, paper)
		}
	}
}

// csvLines returns what the CSV file of the invoice says of the examples, by domain.
func (u *user) csvLines() []billed {
	u.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(u.fetch(".csv")))).ReadAll()
	if err != nil {
		u.t.Fatal(err)
	}
	lines := map[string]billed{}
	for _, r := range rows {
		if r[0] == monthly || r[0] == yearly {
			lines[r[0]] = billed{r[0], r[6], r[7], r[10]}
		}
	}
	return slices.SortedFunc(maps.Values(lines), func(a, b billed) int { return strings.Compare(a.domain, b.domain) })
}

// fetch loads the present page's file of a kind.
func (u *user) fetch(kind string) []byte {
	u.t.Helper()
	text := browser.Eval[string](u.Page, `fetch(location.pathname + "`+kind+`").then(r => r.arrayBuffer())
		.then(b => btoa([...new Uint8Array(b)].map(c => String.fromCharCode(c)).join("")))`)
	file, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		u.t.Fatal(err)
	}
	return file
}

// explained opens the days behind the main's line, which begins where the other console's days end.
func (u *user) explained() {
	u.t.Helper()
	u.ClickText(`.how[href*="from=2026-10-15"]`, monthlyName)
	u.Wait("dialog[open] h1")
	text := u.Text("dialog[open]")
	for _, want := range []string{moneyWords[u.lang()].otherConsole, u.yen("3685"), u.yen("4475"), "3,685.1612…", "-0.1612…", u.yen("8160")} {
		if !strings.Contains(text, want) {
			u.t.Errorf("%q is not explained:\n%s", want, text)
		}
	}
	u.Click("dialog [data-dialog-close]")
}
