package customercsv_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"iter"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/money"
)

func each(records []customercsv.Record) iter.Seq2[customercsv.Record, error] {
	return func(yield func(customercsv.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func written(t interface{ Fatal(args ...any) }, records []customercsv.Record) string {
	var out bytes.Buffer
	if err := customercsv.Write(&out, each(records)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		records := someRecords(rt)
		file := written(rt, records)
		report, err := customercsv.Check(t.Context(), strings.NewReader(file), reference(), nil)
		if err != nil || report.ProblemCount != 0 {
			rt.Fatalf("%v, problems %+v in\n%s", err, report.Problems, file)
		}
		var got []customercsv.Record
		err = customercsv.Rows(t.Context(), strings.NewReader(file), reference(), func(batch []customercsv.Record) error {
			for _, r := range batch {
				r.Line = 0
				got = append(got, r)
			}
			return nil
		})
		if err != nil || !slices.EqualFunc(got, records, func(a, b customercsv.Record) bool { return reflect.DeepEqual(a, b) }) {
			rt.Fatalf("%v, read\n%+v, written\n%+v, file\n%s", err, got, records, file)
		}
	})
}

// someRecords draws customers with any number of subscriptions, their rows mixed.
func someRecords(t *rapid.T) []customercsv.Record {
	var records []customercsv.Record
	domains := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9]{0,9}\.(example|test)`), 0, 6, rapid.ID).Draw(t, "domains")
	number := 0
	for _, domain := range domains {
		c := someCustomer(t, domain)
		count := rapid.IntRange(0, 3).Draw(t, "subscriptions")
		if count == 0 {
			records = append(records, customercsv.Record{Customer: c})
		}
		for range count {
			number++
			s := someSubscription(t)
			s.ExternalID = "S-" + time.Duration(number).String()
			records = append(records, customercsv.Record{Customer: c, Subscription: &s})
		}
	}
	return rapid.Permutation(records).Draw(t, "order")
}

// prose draws text that begins like a formula, holds what CSV must quote, or is empty.
func prose(t *rapid.T, label string, least, most int) string {
	drawn := rapid.Custom(func(t *rapid.T) string {
		start := rapid.SampledFrom([]string{"", "=", "+", "-", "@", "'", "''", "'=", "''@", "＝", "'＋", "－"}).Draw(t, "start")
		return start + rapid.StringOfN(rapid.RuneFrom([]rune("ab,;\"'=+-@ 北浜ｱ髙🗾é")), least, most-4, -1).Draw(t, "rest")
	}).Filter(func(s string) bool { return strings.TrimSpace(s) == s && len(s) >= least })
	return drawn.Draw(t, label)
}

func someCustomer(t *rapid.T, domain string) customer.Customer {
	return customer.Customer{
		Domain: domain, Name: prose(t, "name", 1, 200), ContactName: prose(t, "contact", 0, 20),
		ContactEmail:  rapid.SampledFrom([]string{"", "info@b.example", "+x@b.example", "=1@b.example"}).Draw(t, "email"),
		Phone:         rapid.SampledFrom([]string{"", "+81 3-5550-0101", "-1", "03"}).Draw(t, "phone"),
		Country:       rapid.SampledFrom([]string{"", "JP", "DE", "US"}).Draw(t, "country"),
		PostalCode:    prose(t, "postal", 0, 20),
		Address:       strings.Join([]string{"1", prose(t, "address", 0, 40), "2"}, "\n"),
		Language:      rapid.SampledFrom([]string{"", "ja", "en-US", "zh-Hant"}).Draw(t, "language"),
		CRMID:         prose(t, "crm", 0, 100),
		TOSAcceptedAt: someInstant(t, "tos"), CreatedAt: someInstant(t, "created"),
	}
}

func someInstant(t *rapid.T, label string) time.Time {
	micros := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(1_000_000_000_000_000, 2_000_000_000_000_000)).Draw(t, label)
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

func someSubscription(t *rapid.T) customer.Subscription {
	s := customer.Subscription{
		SKUID: rapid.SampledFrom([]string{starter, standard, plus, voice}).Draw(t, "sku"), Group: catalog.GoogleWorkspace,
		Plan:  rapid.SampledFrom(catalog.Plans).Draw(t, "plan"),
		State: customer.SubActive, Seats: rapid.Int64Range(1, 1_000_000).Draw(t, "seats"),
		Channel:   rapid.SampledFrom([]customer.Channel{customer.Online, customer.Offline}).Draw(t, "channel"),
		Price:     money.Price{Num: rapid.Int64Range(0, 100_000_000_000).Draw(t, "num"), Den: rapid.SampledFrom([]int64{1, 12, 365}).Draw(t, "den")},
		StartDate: civil.NewDate(2020, 1, 1) + civil.Date(rapid.IntRange(0, 3000).Draw(t, "start")),
		Currency:  "JPY", BillingAccountID: "BA-WORKSPACE-JPY", PurchaseOrderID: prose(t, "order", 0, 100),
	}
	if rapid.Bool().Draw(t, "dollars") {
		s.Currency, s.BillingAccountID = "USD", "BA-WORKSPACE-USD"
	}
	if s.Plan.Annual() {
		s.Renewal = rapid.SampledFrom([]customer.RenewalKind{
			customer.RenewYearly, customer.RenewMonthly, customer.RenewFlexible, customer.RenewCancel,
		}).Draw(t, "renewal")
		s.TermStart = s.StartDate + civil.Date(rapid.IntRange(0, 800).Draw(t, "term"))
		s.TermEnd = s.TermStart + 365
		s.Seats = min(s.Seats, 10_000) // more could be too dear for a term
	} else if rapid.Bool().Draw(t, "capped") {
		s.MaxSeats = min(1_000_000, s.Seats+5)
	}
	switch rapid.IntRange(0, 3).Draw(t, "state") {
	case 1:
		s.State = customer.SubSuspended
		s.SuspensionReason = rapid.SampledFrom([]customer.SuspensionReason{
			customer.SuspendedByReseller, customer.SuspendedByVendor, customer.SuspendedTrialEnded,
		}).Draw(t, "reason")
	case 2:
		s.State, s.TrialEnd = customer.SubTrial, max(s.StartDate+30, s.TermStart)
	case 3:
		s.State = customer.SubCancelled
	}
	return s
}

// No cell of a written file begins like a formula, whatever the names of customers begin with.
func TestWrittenCellsAreNoFormulas(t *testing.T) {
	t.Parallel()
	var records []customercsv.Record
	for _, start := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'=", "''@"} {
		name := start + `HYPERLINK("https://x.example")`
		records = append(records, customercsv.Record{Customer: customer.Customer{
			Name: name, Domain: "a.example", ContactName: name, Phone: name, Address: name, CRMID: name,
		}})
	}
	cells, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(written(t, records), "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	guarded := 0
	for _, line := range cells {
		for _, cell := range line {
			if regexp.MustCompile(`^[=+\-@\t\r\n＝＋－＠]`).MatchString(cell) {
				t.Errorf("cell %q is a formula", cell)
			}
			if strings.HasPrefix(cell, "'") {
				guarded++
			}
		}
	}
	if guarded != 5*len(records) {
		t.Errorf("%d cells are guarded, want %d", guarded, 5*len(records))
	}
}

func TestASubscriptionMadeHereIsWrittenWithItsOwnID(t *testing.T) {
	t.Parallel()
	s := customer.Subscription{ID: "sub_01", SKUID: starter, Price: money.Price{Num: 5, Den: 1}, Currency: "USD"}
	file := written(t, []customercsv.Record{{Customer: customer.Customer{ID: "cus_01"}, Subscription: &s}})
	for _, want := range []string{"\ncus_01,", ",sub_01,", ",0.05,"} {
		if !strings.Contains(file, want) {
			t.Errorf("no %q in %q", want, file)
		}
	}
}

func TestWriteStopsAtAnError(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection lost")
	err := customercsv.Write(&bytes.Buffer{}, func(yield func(customercsv.Record, error) bool) {
		yield(customercsv.Record{}, lost)
	})
	if !errors.Is(err, lost) {
		t.Errorf("error %v", err)
	}
}

// The table of docs/import.md has every column that is written, in order, and no other.
func TestColumnsAreDocumented(t *testing.T) {
	t.Parallel()
	header, _, _ := strings.Cut(strings.TrimPrefix(written(t, nil), "\uFEFF"), "\r\n")
	text, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllSubmatch(text, -1) {
		documented = append(documented, string(m[1]))
	}
	if got := strings.Join(documented, ","); got != header {
		t.Errorf("documented\n%s, written\n%s", got, header)
	}
}
