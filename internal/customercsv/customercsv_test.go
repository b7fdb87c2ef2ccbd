package customercsv_test

import (
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/money"
)

const (
	starter  = "1010020027"
	standard = "1010020028"
	plus     = "1010020025"
	voice    = "1010330003"
	cloud    = "1010500001"
)

// reference is a console with accounts of every kind and a small catalogue.
func reference() customercsv.Reference {
	ref := customercsv.Reference{
		SKUs: map[string]catalog.SKU{}, Prices: map[customercsv.Offer]money.Price{}, Accounts: map[string]billing.Account{},
	}
	for _, id := range []string{starter, standard, plus, voice} {
		ref.SKUs[id] = catalog.SKU{ID: id, Group: catalog.GoogleWorkspace}
		ref.Prices[customercsv.Offer{SKUID: id, Plan: catalog.Flexible, Currency: "JPY"}] = money.Price{Num: 960, Den: 1}
	}
	ref.SKUs[cloud] = catalog.SKU{ID: cloud, Group: catalog.GoogleCloud}
	for _, a := range []billing.Account{
		{ID: "BA-WORKSPACE-JPY", Currency: "JPY", Group: catalog.GoogleWorkspace, State: billing.AccountActive},
		{ID: "BA-WORKSPACE-USD", Currency: "USD", Group: catalog.GoogleWorkspace, State: billing.AccountProbation},
		{ID: "BA-CLOUD-JPY", Currency: "JPY", Group: catalog.GoogleCloud, State: billing.AccountActive},
		{ID: "BA-CLOSED", Currency: "JPY", Group: catalog.GoogleWorkspace, State: billing.AccountClosed},
		{ID: "BA-PENDING", Currency: "JPY", Group: catalog.GoogleWorkspace, State: billing.AccountPending},
	} {
		a.Name = a.ID
		ref.Accounts[a.ID] = a
	}
	return ref
}

func check(t *testing.T, file string) customercsv.Report {
	t.Helper()
	report, err := customercsv.Check(t.Context(), strings.NewReader(file), reference(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func rows(t *testing.T, file string) []customercsv.Record {
	t.Helper()
	var all []customercsv.Record
	err := customercsv.Rows(t.Context(), strings.NewReader(file), reference(), func(batch []customercsv.Record) error {
		all = append(all, batch...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheExampleIsGood(t *testing.T) {
	t.Parallel()
	file := read(t, "../../docs/import-example.csv")
	report := check(t, file)
	want := customercsv.Report{Encoding: "UTF-8", Rows: 7, Good: 7, Customers: 6, Subscriptions: 6}
	if !reflect.DeepEqual(report, want) {
		t.Fatalf("report %+v, want %+v", report, want)
	}
	all := rows(t, file)
	first := customercsv.Record{
		Line: 2,
		Customer: customer.Customer{
			Domain: "kitahama-seiko.example", Name: "株式会社北浜精工", ContactName: "髙橋 美咲",
			ContactEmail: "misaki.takahashi@kitahama-seiko.example", Phone: "06-5550-0101", Country: "JP",
			PostalCode: "541-0041", Address: "大阪府大阪市中央区北浜 9-9-1", Language: "ja", CRMID: "K-1001",
			TOSAcceptedAt: time.Date(2024, 4, 1, 1, 15, 0, 0, time.UTC),
		},
		Subscription: &customer.Subscription{
			ExternalID: "SUB-1001-1", SKUID: standard, Group: catalog.GoogleWorkspace, Plan: catalog.AnnualMonthlyPay,
			State: customer.SubActive, Channel: customer.Online, Seats: 45, Currency: "JPY", Price: money.Price{Num: 1600, Den: 1},
			BillingAccountID: "BA-WORKSPACE-JPY", PurchaseOrderID: "PO-2026-0417", Renewal: customer.RenewMonthly,
			StartDate: civil.NewDate(2024, 4, 1), TermStart: civil.NewDate(2026, 4, 1), TermEnd: civil.NewDate(2027, 4, 1),
		},
	}
	if !reflect.DeepEqual(all[0], first) {
		t.Errorf("first record\n%+v, want\n%+v", all[0], first)
	}
	if got := all[1].Subscription.Price; got != (money.Price{Num: 960, Den: 1}) {
		t.Errorf("a row without unit_price costs %v, want the catalogue's price", got)
	}
	if got := all[2].Customer.Address; got != "宮城県仙台市青葉区一番町 9-8\nみどりビル 3 階" {
		t.Errorf("address in two lines: %q", got)
	}
	if got := all[3].Line; got != 6 {
		t.Errorf("the row after an address in two lines is on line %d, want 6", got)
	}
	if all[6].Subscription != nil {
		t.Errorf("a customer without subscription has %+v", all[6].Subscription)
	}
}

func TestShiftJISAsExcelWritesIt(t *testing.T) {
	t.Parallel()
	file := read(t, "testdata/shift_jis.csv")
	if report := check(t, file); report.Encoding != "Shift_JIS" || report.Good != 7 {
		t.Fatalf("report %+v", report)
	}
	all := rows(t, file)
	if got := all[0].Customer.ContactName; got != "髙橋 美咲" {
		t.Errorf("contact %q", got)
	}
	if got := all[2].Customer.Address; got != "宮城県仙台市青葉区一番町 9-8\nみどりﾋﾞﾙ③階" {
		t.Errorf("address %q", got)
	}
}

func TestEveryEncodingReadsTheSame(t *testing.T) {
	t.Parallel()
	unix := read(t, "../../docs/import-example.csv")
	want := rows(t, unix)
	for name, c := range map[string]struct {
		enc  encoding.Encoding
		bom  string
		want string
	}{
		"UTF-8 with mark":     {unicode.UTF8, "\xEF\xBB\xBF", "UTF-8"},
		"UTF-16 LE with mark": {unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "\xFF\xFE", "UTF-16"},
		"UTF-16 BE with mark": {unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "\xFE\xFF", "UTF-16"},
		"UTF-16 LE, no mark":  {unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "", "UTF-16"},
		"UTF-16 BE, no mark":  {unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "", "UTF-16"},
		"Shift_JIS":           {japanese.ShiftJIS, "", "Shift_JIS"},
		"UTF-8":               {unicode.UTF8, "", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			windows := strings.ReplaceAll(unix, "\n", "\r\n")
			encoded, err := c.enc.NewEncoder().String(windows)
			if err != nil {
				t.Fatal(err)
			}
			encoded = c.bom + encoded
			if report := check(t, encoded); report.Encoding != c.want || report.ProblemCount != 0 {
				t.Fatalf("report %+v", report)
			}
			if got := rows(t, encoded); !reflect.DeepEqual(got, want) {
				t.Errorf("records differ:\n%+v\nwant\n%+v", got, want)
			}
		})
	}
}

// The encoding is found in pieces; a character that two pieces share is one all the same.
func TestACharacterBetweenTwoPiecesIsOne(t *testing.T) {
	t.Parallel()
	header := "org_display_name,domain\n"
	for before := range 4 {
		filling := strings.Repeat("\n", 64<<10-before-len(header))
		report := check(t, header+filling+"髙,a.example\n")
		if report.Encoding != "UTF-8" || report.Good != 1 {
			t.Errorf("%d bytes before the edge: %+v", before, report)
		}
	}
}

// A file that is UTF-8 but for one damaged character is not taken for Shift_JIS: the damage is told where it is.
func TestDamagedUTF8IsReportedAtItsCell(t *testing.T) {
	t.Parallel()
	file := strings.Replace(read(t, "../../docs/import-example.csv"), "髙橋", "髙\xE6\xA9", 1)
	report := check(t, file)
	if report.Encoding != "UTF-8" || report.Good != 6 {
		t.Fatalf("report %+v", report)
	}
	if p := report.Problems[0]; p.Line != 2 || p.Column != "primary_contact_name" || p.Key != "import.cell.encoding" {
		t.Errorf("problem %+v", p)
	}
}

func TestRowsLeavesOutBadRowsAndHandsOutBatches(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("org_display_name,domain\n")
	for i := range 1201 {
		domain := "customer-" + strings.Repeat("x", i%40) + string(rune('a'+i%26)) + "-" + time.Duration(i).String() + ".example"
		if i == 700 {
			domain = "bad domain"
		}
		file.WriteString("Name," + domain + "\n")
	}
	var sizes, lines []int
	take := func(batch []customercsv.Record) error {
		sizes = append(sizes, len(batch))
		for _, r := range batch {
			lines = append(lines, r.Line)
		}
		return nil
	}
	if err := customercsv.Rows(t.Context(), strings.NewReader(file.String()), reference(), take); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(sizes, []int{500, 500, 200}) || slices.Contains(lines, 702) || !slices.IsSorted(lines) {
		t.Errorf("batches %v, line 702 in them: %v", sizes, slices.Contains(lines, 702))
	}
}

func TestRowsRefusesABrokenFile(t *testing.T) {
	t.Parallel()
	never := func([]customercsv.Record) error { return errors.New("rows of a broken file") }
	err := customercsv.Rows(t.Context(), strings.NewReader("domain\nkitahama.example\n"), reference(), never)
	if !fault.Is(err, "import.broken") {
		t.Errorf("error %v", err)
	}
}

func TestRowsStopsWhenTheTakerFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	err := customercsv.Rows(t.Context(), strings.NewReader(read(t, "../../docs/import-example.csv")), reference(),
		func([]customercsv.Record) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

func TestProgressGrowsToTheWhole(t *testing.T) {
	t.Parallel()
	file := "org_display_name,domain\n" + strings.Repeat("A,a.example\n", 5000)
	var last, total int64
	_, err := customercsv.Check(t.Context(), strings.NewReader(file), reference(), func(done, of int64) {
		if done < last {
			t.Errorf("progress went back from %d to %d", last, done)
		}
		last, total = done, of
	})
	if err != nil || last != total || total != int64(len(file)) {
		t.Errorf("progress ended at %d of %d, file has %d: %v", last, total, len(file), err)
	}
}

type failing struct{ *strings.Reader }

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAReadingErrorIsAnErrorAndNotAProblem(t *testing.T) {
	t.Parallel()
	_, err := customercsv.Check(t.Context(), failing{strings.NewReader("x")}, reference(), nil)
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}
