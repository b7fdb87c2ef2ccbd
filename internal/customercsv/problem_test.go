package customercsv_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"psc/internal/customercsv"
	"psc/internal/i18n"
)

// good are the cells of a row without fault, by column.
var good = map[string]string{
	"org_display_name": "Kitahama", "domain": "kitahama.example", "subscription_external_id": "S-1", "sku_id": starter,
	"plan": "ANNUAL_YEARLY_PAY", "num_units": "10", "currency": "JPY", "unit_price": "9600",
	"billing_account_id": "BA-WORKSPACE-JPY", "renewal_settings": "CANCEL", "start_date": "2026-04-01",
	"term_start": "2026-04-01", "term_end": "2027-04-01",
}

// file makes a CSV of rows, each of them good but for the cells named.
func file(changes ...map[string]string) string {
	names := []string{
		"org_display_name", "domain", "primary_contact_name", "primary_contact_email", "phone", "region_code",
		"postal_code", "address", "language_code", "crm_id", "tos_accepted_at", "created_at", "subscription_external_id",
		"sku_id", "plan", "num_units", "max_units", "currency", "unit_price", "billing_account_id", "purchase_order_id",
		"renewal_settings", "start_date", "term_start", "term_end", "trial_end", "status", "suspension_reason", "channel",
	}
	lines := []string{strings.Join(names, ",")}
	for _, change := range changes {
		cells := make([]string, len(names))
		for i, n := range names {
			text, changed := change[n]
			if !changed {
				text = good[n]
			}
			cells[i] = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		lines = append(lines, strings.Join(cells, ","))
	}
	return strings.Join(lines, "\n") + "\n"
}

type cells = map[string]string

// flexible is what makes the good row one of a flexible plan.
func flexible(more cells) cells {
	c := cells{"plan": "FLEXIBLE", "term_start": "", "term_end": "", "renewal_settings": ""}
	maps.Copy(c, more)
	return c
}

func TestWrongCellsAreReportedWithLineAndColumn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		row    cells
		column string
		key    string
	}{
		"no name":                   {cells{"org_display_name": " "}, "org_display_name", "import.cell.required"},
		"long name":                 {cells{"org_display_name": strings.Repeat("長", 201)}, "org_display_name", "import.cell.too_long"},
		"zero byte":                 {cells{"phone": "03\x00"}, "phone", "import.cell.control"},
		"line break":                {cells{"crm_id": "a\nb"}, "crm_id", "import.cell.control"},
		"text turned round":         {cells{"address": "\u202egnp.exe"}, "address", "import.cell.control"},
		"replacement character":     {cells{"address": "\uFFFD"}, "address", "import.cell.encoding"},
		"no domain":                 {cells{"domain": ""}, "domain", "import.cell.required"},
		"domain with a space":       {cells{"domain": "kita hama.example"}, "domain", "import.domain"},
		"domain without a dot":      {cells{"domain": "kitahama"}, "domain", "import.domain"},
		"domain with underscore":    {cells{"domain": "kita_hama.example"}, "domain", "import.domain"},
		"address of a page":         {cells{"domain": "https://kitahama.example/"}, "domain", "import.domain"},
		"IP address":                {cells{"domain": "192.0.2.7"}, "domain", "import.domain"},
		"long label":                {cells{"domain": strings.Repeat("a", 64) + ".example"}, "domain", "import.domain"},
		"empty label":               {cells{"domain": "kitahama..example"}, "domain", "import.domain"},
		"e-mail without host":       {cells{"primary_contact_email": "info@"}, "primary_contact_email", "import.email"},
		"e-mail without dot":        {cells{"primary_contact_email": "info@localhost"}, "primary_contact_email", "import.email"},
		"e-mail with a name":        {cells{"primary_contact_email": "A <a@b.example>"}, "primary_contact_email", "import.email"},
		"two e-mails":               {cells{"primary_contact_email": "a@b.example,c@d.example"}, "primary_contact_email", "import.email"},
		"no such region":            {cells{"region_code": "XX"}, "region_code", "import.region"},
		"region by custom":          {cells{"region_code": "UK"}, "region_code", "import.region"},
		"no such language":          {cells{"language_code": "Japanese!"}, "language_code", "import.language"},
		"day without time":          {cells{"tos_accepted_at": "2026-04-01"}, "tos_accepted_at", "import.instant"},
		"time without zone":         {cells{"created_at": "2026-04-01T09:00:00"}, "created_at", "import.instant"},
		"year nought":               {cells{"created_at": "0001-01-01T00:00:00Z"}, "created_at", "import.instant"},
		"no external ID":            {cells{"subscription_external_id": ""}, "subscription_external_id", "import.cell.required"},
		"no SKU":                    {cells{"sku_id": ""}, "sku_id", "import.cell.required"},
		"unknown SKU":               {cells{"sku_id": "4711"}, "sku_id", "import.sku"},
		"unknown plan":              {cells{"plan": "MONTHLY"}, "plan", "import.choice"},
		"no plan":                   {cells{"plan": ""}, "plan", "import.cell.required"},
		"no seats":                  {cells{"num_units": "0"}, "num_units", "import.seats"},
		"fewer than no seats":       {cells{"num_units": "-3"}, "num_units", "import.seats"},
		"half a seat":               {cells{"num_units": "2.5"}, "num_units", "import.seats"},
		"too many seats":            {cells{"num_units": "1000001"}, "num_units", "import.seats"},
		"seats past 64 bits":        {cells{"num_units": "99999999999999999999"}, "num_units", "import.seats"},
		"cap on an annual plan":     {cells{"max_units": "20"}, "max_units", "import.max_units.annual"},
		"cap below seats":           {flexible(cells{"max_units": "9"}), "max_units", "import.max_units.less"},
		"unknown currency":          {cells{"currency": "JPX"}, "currency", "import.currency"},
		"sign of a currency":        {cells{"unit_price": "¥1360"}, "unit_price", "import.price.syntax"},
		"thousands":                 {cells{"unit_price": "1,360"}, "unit_price", "import.price.syntax"},
		"negative price":            {cells{"unit_price": "-1"}, "unit_price", "import.price.syntax"},
		"price without digits":      {cells{"unit_price": "."}, "unit_price", "import.price.syntax"},
		"price in sen":              {cells{"unit_price": "1360.5"}, "unit_price", "import.price.decimals"},
		"price past 64 bits":        {cells{"unit_price": "92233720368547758080"}, "unit_price", "import.price.syntax"},
		"dear beyond belief":        {cells{"unit_price": "100000000001"}, "unit_price", "import.price.syntax"},
		"a term past 10 years":      {cells{"term_end": "2036-04-02"}, "term_end", "import.term.long"},
		"too dear for a term":       {cells{"plan": "ANNUAL_YEARLY_PAY", "num_units": "1000000", "unit_price": "1000000001"}, "unit_price", "import.price.too_dear"},
		"trial before its term":     {cells{"status": "TRIAL", "start_date": "2026-03-01", "trial_end": "2026-03-31"}, "trial_end", "import.trial.term"},
		"trial as long as its term": {cells{"status": "TRIAL", "trial_end": "2027-04-01"}, "trial_end", "import.trial.term"},
		"divided by nought":         {cells{"unit_price": "1360/0"}, "unit_price", "import.price.syntax"},
		"price of no offer":         {cells{"unit_price": ""}, "unit_price", "import.price.no_offer"},
		"no account":                {cells{"billing_account_id": ""}, "billing_account_id", "import.cell.required"},
		"foreign account":           {cells{"billing_account_id": "BA-OTHER"}, "billing_account_id", "import.account.unknown"},
		"other currency":            {cells{"billing_account_id": "BA-WORKSPACE-USD"}, "billing_account_id", "import.account.currency"},
		"other product group":       {cells{"billing_account_id": "BA-CLOUD-JPY"}, "billing_account_id", "import.account.group"},
		"closed account":            {cells{"billing_account_id": "BA-CLOSED"}, "billing_account_id", "import.account.state"},
		"pending account":           {cells{"billing_account_id": "BA-PENDING"}, "billing_account_id", "import.account.state"},
		"unknown renewal":           {cells{"renewal_settings": "MAYBE"}, "renewal_settings", "import.choice"},
		"no renewal":                {cells{"renewal_settings": ""}, "renewal_settings", "import.term.missing"},
		"renewal of a flexible":     {flexible(cells{"renewal_settings": "CANCEL"}), "renewal_settings", "import.term.flexible"},
		"no start":                  {cells{"start_date": ""}, "start_date", "import.cell.required"},
		"30 February":               {cells{"start_date": "2026-02-30"}, "start_date", "import.date"},
		"date that counts as none":  {cells{"start_date": "1970-01-01"}, "start_date", "import.date"},
		"no term":                   {cells{"term_start": ""}, "term_start", "import.term.missing"},
		"no end of term":            {cells{"term_end": ""}, "term_end", "import.term.missing"},
		"term of a flexible":        {flexible(cells{"term_end": "2027-04-01"}), "term_end", "import.term.flexible"},
		"term of no days":           {cells{"term_end": "2026-04-01"}, "term_end", "import.term.order"},
		"term before start":         {cells{"start_date": "2026-04-02"}, "term_start", "import.term.start"},
		"trial without end":         {cells{"status": "TRIAL"}, "trial_end", "import.trial.missing"},
		"trial of no days":          {cells{"status": "TRIAL", "trial_end": "2026-04-01"}, "trial_end", "import.trial.order"},
		"unknown status":            {cells{"status": "PAUSED"}, "status", "import.choice"},
		"suspended for no reason":   {cells{"status": "SUSPENDED"}, "suspension_reason", "import.suspension.missing"},
		"reason, not suspended":     {cells{"suspension_reason": "VENDOR_INITIATED"}, "suspension_reason", "import.suspension.unexpected"},
		"unknown reason":            {cells{"status": "SUSPENDED", "suspension_reason": "RAIN"}, "suspension_reason", "import.choice"},
		"unknown channel":           {cells{"channel": "PHONE"}, "channel", "import.choice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := cells{"domain": "fine.example", "subscription_external_id": "S-0"}
			report := check(t, file(other, c.row))
			if report.Broken || report.Good != 1 || report.ProblemCount != 1 {
				t.Fatalf("%d good rows, problems %+v", report.Good, report.Problems)
			}
			if p := report.Problems[0]; p.Line != 3 || p.Column != c.column || p.Key != c.key {
				t.Errorf("line %d, column %s, %s; want line 3, column %s, %s", p.Line, p.Column, p.Key, c.column, c.key)
			}
			speak(t, report)
		})
	}
}

// speak fails unless every problem has its sentence, with all that it names, in both languages.
func speak(t *testing.T, report customercsv.Report) {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Problems {
		args := make([]any, 0, 2*len(p.Args))
		for k, v := range p.Args {
			args = append(args, k, v)
		}
		for _, lang := range i18n.Languages {
			if said := catalogue.For(lang).T(p.Key, args...); said == "" || said == p.Key {
				t.Errorf("%s has no sentence in %s", p.Key, lang)
			}
		}
	}
}

func TestRowsMayBeWrittenInManyWays(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]cells{
		"full-width typing":    {"num_units": "１０", "unit_price": "９６００", "sku_id": starter, "currency": "ｊｐｙ"},
		"lower case":           {"plan": "annual_yearly_pay", "status": "active", "currency": "jpy", "region_code": "jp"},
		"dates of Excel":       {"start_date": "2026/4/1", "term_start": "2026/4/1", "term_end": "2027/4/1"},
		"spaces around":        {"domain": "  kitahama.example ", "num_units": " 10 ", "org_display_name": "　Kitahama　"},
		"every status":         {"status": "SUSPENDED", "suspension_reason": "TRIAL_ENDED", "trial_end": "2026-05-01"},
		"offline":              {"channel": "OFFLINE"},
		"fraction of a price":  {"unit_price": "100000/12"},
		"free":                 {"unit_price": "0"},
		"account on probation": {"billing_account_id": "BA-WORKSPACE-USD", "currency": "USD", "unit_price": "12.00"},
		"cloud":                {"billing_account_id": "BA-CLOUD-JPY", "sku_id": cloud},
		"cap":                  flexible(cells{"max_units": "10"}),
		"price of the offer":   flexible(cells{"unit_price": ""}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if report := check(t, file(row)); report.Good != 1 {
				t.Errorf("problems %+v", report.Problems)
			}
		})
	}
}

func TestDomainsAreKeptInLowerCaseAndASCII(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"KITAHAMA.Example":  "kitahama.example",
		"ｋｉｔａ．ｅｘａｍｐｌｅ":      "kita.example",
		"北浜。example":        "xn--djr442d.example",
		"bücher.example":    "xn--bcher-kva.example",
		"xn--djr442d.test":  "xn--djr442d.test",
		"reserved.invalid":  "reserved.invalid",
		"a-b.c-d.e.example": "a-b.c-d.e.example",
	} {
		all := rows(t, file(cells{"domain": typed}))
		if len(all) != 1 || all[0].Customer.Domain != want {
			t.Errorf("%s: %+v, want %s", typed, all, want)
		}
	}
}

// What is wrong is quoted as it stands in the file.
func TestWrongSeatsAreQuotedAsTheyStand(t *testing.T) {
	t.Parallel()
	report := check(t, file(cells{"num_units": "abc"}))
	if len(report.Problems) != 1 || report.Problems[0].Args["Value"] != "abc" {
		t.Errorf("%+v", report.Problems)
	}
}

func TestRowsOfOneCustomerMustAgree(t *testing.T) {
	t.Parallel()
	report := check(t, file(
		cells{},
		cells{"domain": "other.example", "subscription_external_id": "S-2", "phone": "1"},
		cells{"domain": "KITAHAMA.example", "subscription_external_id": "S-3"},
		cells{"subscription_external_id": "S-4", "phone": "2"},
		cells{"subscription_external_id": "S-1"},
		cells{"domain": "third.example", "subscription_external_id": "S-1"},
		cells{"domain": "third.example", "subscription_external_id": "S-1"},
	))
	type at struct {
		line   int
		column string
		key    string
		first  any
	}
	var got []at
	for _, p := range report.Problems {
		got = append(got, at{p.Line, p.Column, p.Key, p.Args["Line"]})
	}
	want := []at{
		{5, "phone", "import.customer.conflict", 2},
		{6, "subscription_external_id", "import.subscription.duplicate", 2},
		{8, "subscription_external_id", "import.subscription.duplicate", 7},
	}
	if !slices.Equal(got, want) || report.Customers != 3 {
		t.Errorf("%d customers, problems %+v, want %+v", report.Customers, got, want)
	}
	speak(t, report)
}

func TestFilesThatAreNotTables(t *testing.T) {
	t.Parallel()
	type problem struct {
		line        int
		column, key string
	}
	for name, c := range map[string]struct {
		file   string
		broken bool
		want   []problem
	}{
		"nothing":           {"", true, []problem{{1, "", "import.header.empty"}}},
		"empty lines":       {"\n\n", true, []problem{{1, "", "import.header.empty"}}},
		"a mark only":       {"\xEF\xBB\xBF", true, []problem{{1, "", "import.header.empty"}}},
		"unknown column":    {"domain,org_display_name,colour\n", true, []problem{{1, "colour", "import.header.unknown"}}},
		"escape sequence":   {"domain,org_display_name,\x1b[2J\n", true, []problem{{1, "\uFFFD[2j", "import.header.unknown"}}},
		"column twice":      {"domain,org_display_name,Domain\n", true, []problem{{1, "domain", "import.header.duplicate"}}},
		"column missing":    {"\ndomain\n", true, []problem{{2, "org_display_name", "import.header.missing"}}},
		"quote in a name":   {"dom\"ain,org_display_name\n", true, []problem{{1, "#1", "import.row.quote"}}},
		"quote in a cell":   {"domain,org_display_name\na.example,x\"y\nb.example,z\n", false, []problem{{2, "org_display_name", "import.row.quote"}}},
		"text after quotes": {"domain,org_display_name\n\"a.example\"x,y\nb.example,z\n", false, []problem{{2, "domain", "import.row.quote"}}},
		"unclosed quote":    {"domain,org_display_name\na.example,\"y\nb.example,z\n", true, []problem{{2, "org_display_name", "import.row.unclosed"}}},
		"quotes that meet":  {"domain,org_display_name\na.example,\"y\nb.example,\"z\"\n", true, []problem{{2, "org_display_name", "import.row.unclosed"}}},
		"cell missing":      {"domain,org_display_name\na.example\n", false, []problem{{2, "org_display_name", "import.row.columns"}}},
		"cell too many":     {"domain,org_display_name\na.example,x,y\n", false, []problem{{2, "#3", "import.row.columns"}}},
		"cell without name": {"domain,,org_display_name\na.example,y,x\n", false, []problem{{2, "#2", "import.row.columns"}}},
		"endless row":       {"domain,org_display_name\na.example,x\nb.example," + strings.Repeat("x", 2<<20), true, []problem{{3, "", "import.row.too_long"}}},
		"endless quote":     {"domain,org_display_name\na.example,\"" + strings.Repeat("x\n", 2<<20), true, []problem{{2, "", "import.row.too_long"}}},
		"semicolons": {"domain;org_display_name\n", true, []problem{
			{1, "domain;org_display_name", "import.header.unknown"},
			{1, "domain;org_display_name", "import.header.separator"},
			{1, "org_display_name", "import.header.missing"},
			{1, "domain", "import.header.missing"},
		}},
		"half a subscription": {"domain,org_display_name,sku_id,plan,num_units,currency,start_date\n", true, []problem{
			{1, "subscription_external_id", "import.header.missing"}, {1, "billing_account_id", "import.header.missing"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := check(t, c.file)
			var got []problem
			for _, p := range report.Problems {
				got = append(got, problem{p.Line, p.Column, p.Key})
			}
			if report.Broken != c.broken || !slices.Equal(got, c.want) {
				t.Errorf("broken %v, problems %+v; want %v, %+v", report.Broken, got, c.broken, c.want)
			}
			speak(t, report)
		})
	}
}

func TestWhatSpreadsheetsAddIsNoProblem(t *testing.T) {
	t.Parallel()
	text := "customer_id,domain,org_display_name,,\nsomething,a.example,A,,\n,,,,\n\nelse,b.example,B,,,,\n"
	report := check(t, text)
	want := customercsv.Report{Encoding: "UTF-8", Rows: 2, Good: 2, Customers: 2}
	if !reflect.DeepEqual(report, want) {
		t.Errorf("report %+v, want %+v", report, want)
	}
	if all := rows(t, text); all[0].Customer.ID != "" {
		t.Errorf("an ID was read from the file: %+v", all[0])
	}
}

func TestMoreProblemsAreCountedThanKept(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("domain,org_display_name\n")
	for i := range 1500 {
		fmt.Fprintf(&text, "no domain %d,\n", i)
	}
	report := check(t, text.String())
	if report.ProblemCount != 3000 || len(report.Problems) != customercsv.Kept || report.Rows != 1500 || report.Good != 0 {
		t.Errorf("%d problems, %d kept, %d rows", report.ProblemCount, len(report.Problems), report.Rows)
	}
}
