package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/pdf"
)

// moved is a site in which the two customers of the reference text have moved from B to A on 15 October.
func moved(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.AddCustomers(s.B, 2, reference)
	c := s.Connect(s.A, s.B)
	s.Clock.Advance(s.Clock.Ahead() + 7*24*time.Hour)
	s.Move(c, s.A, s.B)
	return s
}

func invoiceOf(c console.Console, suffix string) string {
	return at(c, "/invoices/"+apptest.Account(c, "JPY", "le_1")+"/2026-10"+suffix)
}

func TestTheReferenceExampleOnTheInvoicePages(t *testing.T) {
	t.Parallel()
	s := moved(t)
	main, source := s.sides()
	list := source.get(at(s.B, "/invoices")).want(http.StatusOK).shows("October 2026", "Draft", "-¥41,385", "Asia/Tokyo")
	left := source.open(list, "JPY").want(http.StatusOK)
	left.shows(
		"Oct 1, 2026 – Oct 14, 2026", "14 of 31", "¥816", "¥3,685", "Credits", "-¥45,070",
		"Other console: "+string(s.A.AccountID), "Migration: mig_", "Total before tax -¥41,385", "before tax",
	)
	main.get(invoiceOf(s.A, "")).want(http.StatusOK).shows(
		"Oct 15, 2026 – Oct 31, 2026", "17 of 31", "¥4,475", "¥45,070", "Total before tax ¥49,545",
		"Charge for a transferred subscription", "Other console: "+string(s.B.AccountID),
	).lacks("-¥45,070")
}

// How a line was computed is told alike of drafts and of issued invoices, at both consoles.
func TestHowALineWasComputed(t *testing.T) {
	t.Parallel()
	for state, s := range map[string]*site{"draft": moved(t), "issued": closedOctober(t)} {
		main, source := s.sides()
		const how = "How was this computed?"
		source.open(source.get(invoiceOf(s.B, "")).want(http.StatusOK), how).want(http.StatusOK).shows(
			"Customer 000001", "c000001.example", "Flexible", "Days of October 2026",
			"Oct 1, 2026 – Oct 14, 2026 On this invoice 14 of 31 10 ¥816 3,685.1612… 3,685.1612… ¥3,685 -0.1612… ¥3,685",
		).lacks("other console", "Paid in advance")
		main.open(main.get(invoiceOf(s.A, "")).want(http.StatusOK), how).want(http.StatusOK).shows(
			"Oct 1, 2026 – Oct 14, 2026 Billed by the other console 14 of 31 10 ¥816 3,685.1612… 3,685.1612… ¥3,685 -0.1612… ¥3,685",
			"Oct 15, 2026 – Oct 31, 2026 On this invoice · Migration: mig_", "17 of 31 10 ¥816 4,474.8387… ¥8,160 ¥8,160 ¥0 ¥4,475",
		)
		prepaid := invoiceOf(s.B, "/sub_000002?from=2026-10-15")
		page := source.get(prepaid).want(http.StatusOK).shows(
			"Paid in advance", "Credit for a transferred subscription · Other console: "+string(s.A.AccountID),
			"168 of 365 10 ¥9,792 -45,070.0273… 0.0273… -¥45,070",
		)
		if strings.Contains(page.Body, "Days of October") || !strings.Contains(page.Body, `id="charge-0" aria-current="true"`) {
			t.Errorf("%s: the page has other days, or does not mark the line:\n%s", state, page.Body)
		}
		for _, path := range []string{
			invoiceOf(s.B, "/sub_none"), strings.Replace(prepaid, "2026-10/", "2026-09/", 1), strings.Replace(prepaid, "JPY", "USD", 1),
			at(s.A, strings.TrimPrefix(prepaid, at(s.B, ""))),
		} {
			source.get(path).want(http.StatusNotFound)
		}
		viewer := s.as(s.person("vi", s.B, console.RoleViewer))
		viewer.get(prepaid).want(http.StatusForbidden)
	}
}

func TestTheInvoiceAsAFile(t *testing.T) {
	t.Parallel()
	s := moved(t)
	_, source := s.sides()
	file := source.get(invoiceOf(s.B, ".csv")).want(http.StatusOK)
	if got := file.Header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="invoice-draft-`) {
		t.Errorf("Content-Disposition %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(file.Body)).ReadAll()
	s.Must(err)
	if len(rows) != 3 || rows[1][10] != "3685" || rows[1][15] != "114240/31" || rows[2][10] != "-45070" || rows[2][22] != string(s.A.AccountID) || rows[2][20] != string(s.B.AccountID) {
		t.Errorf("rows are %v", rows)
	}
	if page := source.get(invoiceOf(s.B, ".csv?bom=1")); page.Body != "\uFEFF"+file.Body {
		t.Error("the byte order mark is not all that differs")
	}
}

// closedOctober is that site after October, with an issuer of qualified invoices: the source's month and then the main's is closed.
func closedOctober(t *testing.T) *site {
	t.Helper()
	s := moved(t)
	_, err := s.CreateIssuer(t.Context(), apptest.Operator(s.A), billing.Issuer{
		Code: "J", Name: "Vendor Japan KK", RegistrationNumber: "T1234567890123",
	})
	s.Must(err)
	november := time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)
	s.Clock.Advance(s.Clock.Ahead() + november.Sub(s.Clock.Now()))
	for _, c := range []console.Console{s.B, s.A} {
		s.CloseMonthOf(c, civil.Month{Year: 2026, Month: time.October})
	}
	return s
}

func TestAClosedMonthShowsTheIssuedInvoice(t *testing.T) {
	t.Parallel()
	s := closedOctober(t)
	main, source := s.sides()
	october := func(c console.Console) string { return at(c, "/invoices?month=2026-10") }
	list := source.get(october(s.B)).want(http.StatusOK).shows("Issued", "J-2026-000001", "-¥41,385", "¥0 due", "Nothing billed")
	source.open(list, "JPY").want(http.StatusOK).shows(
		"Issued", "J-2026-000001", "Vendor Japan KK", "Registration number T1234567890123", "Date of issue Nov 1, 2026",
		"Tax 10% on -¥41,385", "-¥4,139", "Total with tax -¥45,524", "Added to the credit balance ¥45,524", "Amount due ¥0",
		"Credit balance afterwards ¥45,524", "Oct 1, 2026 – Oct 14, 2026", "¥3,685", "-¥45,070", "Originally supplied on Apr 1, 2026",
		"Other console: "+string(s.A.AccountID),
	).lacks("draft", "Draft")
	main.get(october(s.A)).want(http.StatusOK).shows("J-2026-000002", "¥49,545", "¥54,499 due")
	main.get(invoiceOf(s.A, "")).want(http.StatusOK).shows("J-2026-000002", "Total before tax ¥49,545", "Tax 10% on ¥49,545", "¥4,954", "Amount due ¥54,499").lacks("Draft", "Credit balance")
	main.get(at(s.A, "/invoices")).want(http.StatusOK).shows("November 2026", "Draft").lacks("Issued")

	file := source.get(invoiceOf(s.B, ".csv")).want(http.StatusOK)
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="invoice-J-2026-000001.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(file.Body)).ReadAll()
	s.Must(err)
	if len(rows) != 3 || rows[1][10] != "3685" || rows[1][15] != "114240/31" || rows[2][10] != "-45070" || rows[2][24] != "J-2026-000001" || rows[2][22] != string(s.A.AccountID) {
		t.Errorf("rows are %v", rows)
	}
	foreign := at(s.A, "/invoices/"+apptest.Account(s.B, "JPY", "le_1")+"/2026-10")
	main.get(foreign).want(http.StatusNotFound)

	empty := strings.Replace(invoiceOf(s.B, ""), "JPY", "USD", 1)
	source.get(empty).want(http.StatusOK).shows("No invoice was issued", "Nothing billed").lacks("Download", "This is a draft")
	source.get(empty + ".csv").want(http.StatusNotFound)
	if pdf.Available() {
		if got := source.get(invoiceOf(s.B, ".pdf")).want(http.StatusOK).Header.Get("Content-Disposition"); got != `attachment; filename="invoice-J-2026-000001.pdf"` {
			t.Errorf("Content-Disposition %q", got)
		}
	}
}

func TestALongInvoiceIsTurnedByPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 450, func(_ int, _ *customer.Customer, sub *customer.Subscription) {
		sub.Price = money.Price{Num: 31, Den: 1}
	})
	_, source := s.sides()
	page := source.get(invoiceOf(s.B, "")).want(http.StatusOK).shows("Lines 1 to 200 of 450", "450 lines for 450 customers", "¥139,500").lacks("Customer 000201")
	if n := strings.Count(page.Body, `<tr class="line"`); n != 200 {
		t.Errorf("%d lines on a page", n)
	}
	source.get(invoiceOf(s.B, "?from=400")).want(http.StatusOK).shows("Lines 401 to 450 of 450", "Customer 000450").lacks("Customer 000400")
	source.get(invoiceOf(s.B, "?from=x")).want(http.StatusOK).shows("Lines 1 to 200 of 450")
}

func TestWhoSeesInvoicesAndOfWhat(t *testing.T) {
	t.Parallel()
	s := moved(t)
	s.as(s.person("bill", s.B, console.RoleBilling)).get(at(s.B, "/invoices")).want(http.StatusOK)
	viewer := s.as(s.person("vi", s.B, console.RoleViewer))
	for _, path := range []string{at(s.B, "/invoices"), invoiceOf(s.B, ""), invoiceOf(s.B, ".csv")} {
		viewer.get(path).want(http.StatusForbidden)
	}
	if viewer.get(at(s.B, "/users")).has("Invoices") {
		t.Error("a viewer is led to invoices")
	}
	_, source := s.sides()
	foreign := at(s.B, "/invoices/"+apptest.Account(s.A, "JPY", "le_1")+"/2026-10")
	for _, path := range []string{foreign, foreign + ".csv", at(s.B, "/invoices/ba_none/2026-10"), invoiceOf(s.B, ".txt"), invoiceOf(s.B, "-01"), at(s.B, "/invoices?month=soon")} {
		source.get(path).want(http.StatusNotFound)
	}
	source.get(strings.Replace(invoiceOf(s.B, ""), "2026-10", "2026-11", 1)).want(http.StatusUnprocessableEntity).shows("has not")
}

// Customers began in September, before their console was billed here: that month is no draft, and can never be closed.
func TestMonthsBeforeBillingBeganAreNotShown(t *testing.T) {
	t.Parallel()
	s := closedOctober(t)
	_, source := s.sides()
	page := source.get(at(s.B, "/invoices")).want(http.StatusOK).lacks(">September 2026</option>", ">2026-09<")
	if n := strings.Count(page.Body, "<option value=\"2026-"); n != 2 {
		t.Errorf("%d months are offered, want October and November", n)
	}
	september := strings.Replace(invoiceOf(s.B, ""), "2026-10", "2026-09", 1)
	for _, path := range []string{at(s.B, "/invoices?month=2026-09"), september, september + ".csv", september + "/sub_000001"} {
		source.get(path).want(http.StatusNotFound).shows("Invoices of this console begin with October 2026. September 2026 is not billed here")
	}
}

func TestNoticesAndEventsWriteMonthsByTheLanguage(t *testing.T) {
	t.Parallel()
	s := closedOctober(t)
	_, source := s.sides()
	source.get(at(s.B, "/notices")).want(http.StatusOK).shows("October 2026 is closed. Invoices issued: 1.")
	source.get(at(s.B, "/audit")).want(http.StatusOK).shows("Closing of October 2026 begun", "October 2026 closed: invoices issued: 1")
	source.post("/preferences", map[string][]string{"language": {"ja"}, "return": {"/me"}})
	source.get(at(s.B, "/notices")).want(http.StatusOK).shows("2026年10月を締めました。発行した請求書: 1 件。")
	source.get(at(s.B, "/audit")).want(http.StatusOK).shows("2026年10月の締めを開始")
}

func TestInvoicesSpeakJapanese(t *testing.T) {
	t.Parallel()
	s := moved(t)
	_, source := s.sides()
	source.post("/preferences", map[string][]string{"language": {"ja"}, "return": {"/me"}})
	source.get(invoiceOf(s.B, "")).want(http.StatusOK).shows("2026年10月1日〜2026年10月14日", "クレジット(払い戻し)", "-￥45,070", "下書き")
	source.get(invoiceOf(s.B, ".csv")).want(http.StatusOK).shows("移行したサブスクリプションのクレジット")
}

func TestTheInvoiceOnPaper(t *testing.T) {
	t.Parallel()
	s := moved(t)
	_, source := s.sides()
	if !pdf.Available() { // a build without the font says so, and leads nobody there
		source.get(invoiceOf(s.B, ".pdf")).want(http.StatusConflict).shows("built without the font")
		source.get(invoiceOf(s.B, "")).want(http.StatusOK).lacks(".pdf")
		return
	}
	source.get(invoiceOf(s.B, "")).want(http.StatusOK).shows("Download PDF CSV CSV for Excel")
	file := source.get(invoiceOf(s.B, ".pdf")).want(http.StatusOK)
	if file.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.Body, "%PDF-") {
		t.Errorf("%v %.8q", file.Header, file.Body)
	}
}
