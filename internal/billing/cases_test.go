package billing_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/money"
)

// TestProrationCases holds the rules against cases that an independent program computed: those of testdata, or of the file that
// PRORATION_CASES names. A kind or a field that it does not understand fails.
func TestProrationCases(t *testing.T) {
	path := cmp.Or(os.Getenv("PRORATION_CASES"), "testdata/proration_cases.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Version     int               `json:"version"`
		GeneratedBy string            `json:"generated_by"`
		Rules       map[string]string `json:"rules"`
		Cases       []json.RawMessage `json:"cases"`
	}
	decode(t, data, &file)
	if file.Version != 1 || len(file.Cases) == 0 {
		t.Fatalf("%s: version %d, %d cases", path, file.Version, len(file.Cases))
	}
	ran := map[string]int{}
	for _, raw := range file.Cases {
		var c struct{ ID, Kind string }
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		run, known := map[string]func(*testing.T, []byte){
			"monthly": monthlyCase, "prepaid": prepaidCase, "period": periodCase, "allocate": allocateCase, "tax": taxCase,
		}[c.Kind]
		if !known {
			t.Errorf("%s: unknown kind %q", c.ID, c.Kind)
			continue
		}
		t.Run(c.ID, func(t *testing.T) { run(t, raw) })
		ran[c.Kind]++
	}
	for _, kind := range slices.Sorted(maps.Keys(ran)) {
		t.Logf("%d cases of kind %s ran", ran[kind], kind)
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// anyCase is what cases of all kinds have. Title, source, note, policy and published are for readers.
type anyCase struct {
	ID          string
	Kind        string
	Title       string
	Source      string
	Note        string
	Policy      string
	Plan        string
	Currency    money.Currency
	MinorDigits int `json:"minor_digits"`
	Published   *struct {
		System, Ref, Expression, Amount string
		Agrees                          bool
		WhyNot                          string `json:"why_not"`
	}
}

func (c anyCase) check(t *testing.T, plans ...string) {
	t.Helper()
	if !c.Currency.Valid() || c.Currency.Digits() != c.MinorDigits {
		t.Errorf("%s has %d digits, want %d", c.Currency, c.Currency.Digits(), c.MinorDigits)
	}
	if !slices.Contains(plans, c.Plan) {
		t.Fatalf("plan %q", c.Plan)
	}
}

// movedCase is a case with moves at instants, which become billing dates in a zone.
type movedCase struct {
	anyCase
	BillingZone       string `json:"billing_zone"`
	MigrationInstants []struct {
		Instant     time.Time
		BillingDate string `json:"billing_date"`
	} `json:"migration_instants"`
}

func (c movedCase) checkInstants(t *testing.T, moved func(civil.Date) bool) {
	t.Helper()
	zone, err := time.LoadLocation(c.BillingZone)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range c.MigrationInstants {
		if d := civil.DateOf(m.Instant, zone); d.String() != m.BillingDate || !moved(d) {
			t.Errorf("%s has the billing date %s, want %s", m.Instant, d, m.BillingDate)
		}
	}
}

type fraction struct{ Num, Den string }

func (f fraction) price(t *testing.T) money.Price {
	t.Helper()
	return money.Price{Num: number(t, f.Num), Den: number(t, f.Den)}
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func date(t *testing.T, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// expectation is the part of a case that says what must come out.
type expectation struct {
	Lines  []expectedLine
	Totals map[string]string
	Whole  string
}

type expectedLine struct {
	Account      string
	Kind         string
	Lot          string
	InvoiceMonth string `json:"invoice_month"`
	From, To     string // inclusive
	Days         int64
	DaysInMonth  int64 `json:"days_in_month"` // of usage
	Seats        int64
	Amount       string
}

func (e expectation) check(t *testing.T, currency money.Currency, lines []billing.Line) {
	t.Helper()
	var got []expectedLine
	for _, l := range lines {
		line := expectedLine{
			Account: l.AccountID, Kind: strings.ToLower(string(l.Type)), Lot: l.LotID, InvoiceMonth: l.Invoice.String(),
			From: l.Period.From.String(), To: l.Period.Last().String(), Days: l.Period.Days(), Seats: l.Seats,
			Amount: strconv.FormatInt(l.Amount.Minor, 10),
		}
		if l.Type == billing.UsageLine {
			line.DaysInMonth = l.PerDays
		}
		if l.Amount.Currency != currency || l.ConsoleID != "console of "+l.AccountID {
			t.Errorf("line %+v", l)
		}
		got = append(got, line)
	}
	inOrder := func(a, b expectedLine) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Lot, b.Lot), cmp.Compare(a.Account, b.Account),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Amount, b.Amount))
	}
	slices.SortFunc(got, inOrder)
	want := slices.SortedFunc(slices.Values(e.Lines), inOrder)
	if !slices.Equal(got, want) {
		t.Errorf("lines\n%+v\nwant\n%+v", got, want)
	}
	totals, whole := map[string]*big.Int{}, new(big.Int)
	for _, l := range lines {
		if totals[l.AccountID] == nil {
			totals[l.AccountID] = new(big.Int)
		}
		totals[l.AccountID].Add(totals[l.AccountID], big.NewInt(l.Amount.Minor))
		whole.Add(whole, big.NewInt(l.Amount.Minor))
	}
	if whole.String() != e.Whole || len(totals) != len(e.Totals) {
		t.Errorf("whole %s of %d accounts, want %s of %d", whole, len(totals), e.Whole, len(e.Totals))
	}
	for name, want := range e.Totals {
		if totals[name] == nil || totals[name].String() != want {
			t.Errorf("%s: total %s, want %s", name, totals[name], want)
		}
	}
}

func ownerOf(account string) billing.Owner {
	return billing.Owner{ConsoleID: "console of " + account, AccountID: account}
}

// periodCase splits an amount at dates: the first part is rounded and the rest is what is left, or the other way round.
func periodCase(t *testing.T, raw []byte) {
	t.Helper()
	var c struct {
		anyCase
		Amount    fraction
		RoundSide string `json:"round_side"`
		Period    struct {
			From string
			To   string `json:"to_exclusive"`
			Days int64
		}
		Cuts     []string
		Expected expectation
	}
	decode(t, raw, &c)
	c.check(t, "ANY")
	all := civil.Period{From: date(t, c.Period.From), To: date(t, c.Period.To)}
	if all.Days() != c.Period.Days {
		t.Errorf("%s has %d days", all, all.Days())
	}
	price := c.Amount.price(t)
	share := func(part int64) int64 {
		n, err := price.For(1, part, all.Days())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	until := map[string]func(civil.Date) int64{
		"first": func(d civil.Date) int64 { return share(int64(d - all.From)) },
		"rest":  func(d civil.Date) int64 { return share(all.Days()) - share(int64(all.To-d)) },
	}[c.RoundSide]
	if until == nil {
		t.Fatalf("round side %q", c.RoundSide)
	}
	var got []expectedLine
	from := all.From
	for _, cut := range append(c.Cuts, c.Period.To) {
		part := civil.Period{From: from, To: date(t, cut)}
		got = append(got, expectedLine{
			From: from.String(), To: part.Last().String(), Days: part.Days(),
			Amount: strconv.FormatInt(until(part.To)-until(from), 10),
		})
		from = part.To
	}
	if !slices.Equal(got, c.Expected.Lines) || strconv.FormatInt(until(all.To), 10) != c.Expected.Whole || c.Expected.Totals != nil {
		t.Errorf("%+v of %d, want %+v", got, until(all.To), c.Expected)
	}
}

// allocateCase splits an amount by weights, which may be fractions.
func allocateCase(t *testing.T, raw []byte) {
	t.Helper()
	var c struct {
		anyCase
		Amount   string
		Weights  []string
		Expected struct{ Parts []string }
	}
	decode(t, raw, &c)
	c.check(t, "")
	weights, scale := make([]*big.Rat, len(c.Weights)), big.NewInt(1)
	for i, text := range c.Weights {
		w, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("weight %q", text)
		}
		weights[i] = w
		scale.Mul(scale, w.Denom())
	}
	whole := make([]int64, len(weights))
	for i, w := range weights {
		whole[i] = number(t, w.Mul(w, new(big.Rat).SetInt(scale)).RatString())
	}
	parts, err := money.Allocate(number(t, c.Amount), whole)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, len(parts))
	for i, p := range parts {
		got[i] = strconv.FormatInt(p, 10)
	}
	if !slices.Equal(got, c.Expected.Parts) {
		t.Errorf("%v, want %v", got, c.Expected.Parts)
	}
}

// taxCase is the tax of one document.
func taxCase(t *testing.T, raw []byte) {
	t.Helper()
	var c struct {
		anyCase
		NetAmounts []string `json:"net_amounts"`
		Rate       string
		Rounding   string
		Expected   struct {
			DocumentTax         string   `json:"document_tax"`
			CumulativeTaxByLine []string `json:"cumulative_tax_by_line"`
		}
	}
	decode(t, raw, &c)
	c.check(t, "")
	how, known := map[string]money.Rounding{
		"floor": money.Floor, "ceil": money.Ceiling, "ceiling": money.Ceiling,
		"round": money.HalfUp, "half_up": money.HalfUp, "half_away": money.HalfUp, "half_away_from_zero": money.HalfUp,
	}[c.Rounding]
	exact, ok := new(big.Rat).SetString(c.Rate)
	if !known || !ok {
		t.Fatalf("rate %q, rounding %q", c.Rate, c.Rounding)
	}
	rate := billing.TaxRate(number(t, exact.Mul(exact, big.NewRat(10_000, 1)).RatString()))
	nets := make([]money.Amount, len(c.NetAmounts))
	for i, n := range c.NetAmounts {
		nets[i] = money.Amount{Minor: number(t, n), Currency: c.Currency}
	}
	net, err := money.Sum(c.Currency, nets...)
	if err != nil {
		t.Fatal(err)
	}
	tax, err := rate.Of(net, how)
	if err != nil || strconv.FormatInt(tax.Minor, 10) != c.Expected.DocumentTax {
		t.Errorf("tax %s, %v; want %s", tax, err, c.Expected.DocumentTax)
	}
	shares, err := rate.ByLine(c.Currency, nets, how)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, len(shares))
	for i, s := range shares {
		got[i] = strconv.FormatInt(s.Minor, 10)
	}
	if !slices.Equal(got, c.Expected.CumulativeTaxByLine) {
		t.Errorf("by line %v, want %v", got, c.Expected.CumulativeTaxByLine)
	}
}

// plans are the short names of the cases.
var plans = map[string]catalog.Plan{
	"FLEXIBLE": catalog.Flexible, "ANNUAL_MONTHLY": catalog.AnnualMonthlyPay, "ANNUAL_YEARLY": catalog.AnnualYearlyPay,
}
