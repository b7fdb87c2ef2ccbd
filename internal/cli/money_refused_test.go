package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/money"
	"psc/internal/store"
)

// wrongMoney is input about money that is wrong, through its use case and as a command line. One of the two is left out where only
// the other can be given it.
type wrongMoney struct {
	key    string
	detail string // what is wrong in a field, or in a row of a file
	code   int    // the exit code
	use    func() (rows []string, err error)
	line   []string
}

// moneyWorld is a world on 1 November in which October is closed, the console B has a credit balance in yen, and has started to
// move a customer on its prepaid plan to A.
type moneyWorld struct {
	*terminal

	connection, folder string
}

func newMoneyWorld(t *testing.T) *moneyWorld {
	w := &moneyWorld{terminal: newTerminal(t), folder: t.TempDir()}
	prepaid := func(_ int, _ *customer.Customer, s *customer.Subscription) {
		s.Plan, s.Price, s.Renewal = catalog.AnnualYearlyPay, money.Price{Num: 9_792, Den: 1}, customer.RenewYearly
		s.TermStart, s.TermEnd = civil.NewDate(2026, time.April, 1), civil.NewDate(2027, time.April, 1)
		s.StartDate = s.TermStart
	}
	w.AddIssuer()
	w.AddCustomers(w.B, 1, prepaid)
	c := w.Connect(w.A, w.B)
	w.connection = c.ID
	w.Move(c, w.A, w.B)
	w.AddCustomers(w.B, 1, prepaid)
	w.Clock.Advance(31 * 24 * time.Hour)
	w.CloseMonthOf(w.B, october)
	w.Evaluate(c)
	_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
	w.Must(err)
	return w
}

var (
	october  = civil.NewDate(2026, time.October, 1).Month()
	november = october.Next()
)

// rows is a file of one customer with the subscription that the cells say, from the currency on.
func (w *moneyWorld) rows(detail, cells string) wrongMoney {
	text := "org_display_name,domain,subscription_external_id,sku_id,currency,billing_account_id,plan,num_units,unit_price," +
		"start_date,term_start,term_end,trial_end,renewal_settings,status\nA,a.example,S-1," + apptest.Seats + "," + cells + "\n"
	file := filepath.Join(w.folder, detail+".csv")
	w.Must(os.WriteFile(file, []byte(text), 0o600))
	return wrongMoney{
		"import.bad_rows", detail, 2,
		func() (rows []string, err error) {
			r, err := w.ImportCustomers(w.T.Context(), apptest.Admin(w.B), strings.NewReader(text), false, nil)
			for _, p := range r.Report.Problems {
				rows = append(rows, p.Key)
			}
			return rows, err
		},
		in(w.B, "import", file),
	}
}

// catalogue is a file of the catalogue with one offer.
func (w *moneyWorld) catalogue(detail, currency, price string) wrongMoney {
	text := `{"skus":[{"sku_id":"s","product":"P","name":"N","product_group":"GOOGLE_WORKSPACE","offers":[` +
		`{"plan":"FLEXIBLE","currency":"` + currency + `","price":"` + price + `"}]}]}`
	file := filepath.Join(w.folder, detail+".json")
	w.Must(os.WriteFile(file, []byte(text), 0o600))
	return wrongMoney{"catalog.invalid", detail, 2, nil, []string{"catalog", "load", file}}
}

// does is a use case that returns nothing but its error.
func does(err func() error) func() ([]string, error) {
	return func() ([]string, error) { return nil, err() }
}

func (w *moneyWorld) wrongCurrencies() map[string]wrongMoney {
	yen, dollars := apptest.Account(w.B, "JPY", "le_1"), apptest.Account(w.B, "USD", "le_1")
	create := func() error {
		_, err := w.CreateBillingAccount(w.T.Context(), apptest.Admin(w.B), app.NewBillingAccount{
			Name: "A", Currency: "YEN", Group: catalog.GoogleWorkspace, LegalEntityID: "le_1",
		})
		return err
	}
	issuer := func() error {
		_, err := w.CreateIssuer(w.T.Context(), apptest.Operator(w.B), billing.Issuer{Code: "Y", Name: "N", Currency: "YEN"})
		return err
	}
	transfer := func() error {
		_, err := w.UseBalance(w.T.Context(), apptest.Operator(w.B), app.BalanceUse{AccountID: yen, ToID: dollars, Amount: "1", Reason: "x"})
		return err
	}
	complete := func() error {
		_, err := w.CompleteMigrations(w.T.Context(), apptest.Admin(w.A), w.completion(apptest.Account(w.A, "USD", "le_1")))
		return err
	}
	return map[string]wrongMoney{
		"an account in a currency that does not exist": {
			"billing_account.invalid", "billing_account.currency_unknown", 2, does(create),
			in(w.B, "billing-account", "create", "--name", "A", "--currency", "YEN", "--legal-entity", "le_1"),
		},
		"a request for an account in one": {"billing_account.currency_unknown", "", 2, does(func() error {
			return w.RequestBillingAccount(w.T.Context(), apptest.Admin(w.A), "YEN", catalog.GoogleWorkspace)
		}), nil},
		"an issuer in one": {"issuer.currency", "", 2, does(issuer), []string{"issuer", "create", "--code", "Y", "--name", "N", "--currency", "YEN"}},
		"a price in one":   w.catalogue("catalog.currency", "YEN", "1"),
		"a row in one":     w.rows("import.currency", "YEN,"+yen+",FLEXIBLE,1,100,2026-10-01,,,,,"),
		"a row in another currency than its account": w.rows(
			"import.account.currency", "JPY,"+dollars+",FLEXIBLE,1,100,2026-10-01,,,,,"),
		"a balance for an account in another": {
			"balance.accounts_differ", "", 2, does(transfer),
			in(w.B, "billing-account", "transfer", yen, dollars, "1", "--reason", "x"),
		},
		"a move to an account in another": {
			"migration.choice_missing", "migration.choice_missing_one", 2, does(complete),
			in(w.A, "migration", "complete", "--all", "--account", "JPY="+apptest.Account(w.A, "USD", "le_1")),
		},
		"a move to an account in none": {
			"cli.account", "", 2, nil, in(w.A, "migration", "complete", "--all", "--account", "YEN="+apptest.Account(w.A, "JPY", "le_1")),
		},
	}
}

func (w *moneyWorld) completion(account string) app.Completion {
	choice := apptest.Choose(w.A, "JPY", "le_1", "le_1")
	choice.AccountID = account
	return app.Completion{
		ConnectionID: w.connection, Scope: store.Scope{All: true}, Choices: store.Choices{Groups: []store.GroupChoice{choice}},
	}
}

func (w *moneyWorld) wrongDates() map[string]wrongMoney {
	yen := apptest.Account(w.B, "JPY", "le_1")
	schedule := func(d civil.Date) wrongMoney {
		return wrongMoney{"migration.schedule_date", "", 2, does(func() error {
			_, err := w.ScheduleMigrations(w.T.Context(), apptest.Admin(w.A), w.completion(apptest.Account(w.A, "JPY", "le_1")), d)
			return err
		}), in(w.A, "migration", "complete", "--all", "--suggest", "--on", d.String())}
	}
	preview := func(d civil.Date) wrongMoney {
		return wrongMoney{"migration.preview_date", "", 2, does(func() error {
			_, err := w.PreviewMigration(w.T.Context(), apptest.Admin(w.A), w.connection, store.Scope{All: true}, d, 0)
			return err
		}), nil}
	}
	const annual = ",ANNUAL_YEARLY_PAY,1,100,"
	return map[string]wrongMoney{
		"the value of a lot after its end": {"lot.outside_term", "", 2, does(func() error {
			l := billing.Lot{Period: october.Period(), Charged: money.Amount{Minor: 1, Currency: "JPY"}}
			_, err := l.Value(november.End())
			return err
		}), nil},
		"a trial that ends after the term":  w.rows("import.trial.term", "JPY,"+yen+annual+"2026-10-01,2026-10-01,2027-10-01,2027-10-02,AUTO_RENEW_YEARLY_PAY,TRIAL"),
		"a trial that ends before it began": w.rows("import.trial.order", "JPY,"+yen+",FLEXIBLE,1,100,2026-10-01,,,2026-09-30,,TRIAL"),
		"a term that ends before it begins": w.rows("import.term.order", "JPY,"+yen+annual+"2026-10-01,2026-10-01,2026-10-01,,AUTO_RENEW_YEARLY_PAY,ACTIVE"),
		"a term before the subscription":    w.rows("import.term.start", "JPY,"+yen+annual+"2026-10-02,2026-10-01,2027-10-01,,AUTO_RENEW_YEARLY_PAY,ACTIVE"),
		"a term of eleven years":            w.rows("import.term.long", "JPY,"+yen+annual+"2026-10-01,2026-10-01,2037-10-01,,AUTO_RENEW_YEARLY_PAY,ACTIVE"),
		"a day that is in no calendar":      w.rows("import.date", "JPY,"+yen+",FLEXIBLE,1,100,2026-02-29,,,,,"),
		"a move scheduled for today":        schedule(november.First()),
		"a move scheduled for the past":     schedule(october.First()),
		"a move scheduled too far ahead":    schedule(november.First() + 32),
		"a move scheduled for no day": {
			"cli.date", "", 2, nil, in(w.A, "migration", "complete", "--all", "--suggest", "--on", "2026-11-31"),
		},
		"a preview of yesterday":     preview(november.First() - 1),
		"a preview too far ahead":    preview(november.First() + 32),
		"terms of more than a year":  w.terms("366", 366),
		"terms of less than nothing": {"balance.payment_days", "", 2, does(func() error { return w.SetPaymentDays(w.T.Context(), apptest.Operator(w.B), yen, -1) }), nil},
		"terms of no number":         {"balance.payment_days", "", 2, nil, in(w.B, "billing-account", "set-terms", yen, "soon")},
	}
}

func (w *moneyWorld) terms(text string, days int64) wrongMoney {
	yen := apptest.Account(w.B, "JPY", "le_1")
	return wrongMoney{
		"balance.payment_days", "", 2, does(func() error { return w.SetPaymentDays(w.T.Context(), apptest.Operator(w.B), yen, days) }),
		in(w.B, "billing-account", "set-terms", yen, text),
	}
}

func (w *moneyWorld) wrongMonths() map[string]wrongMoney {
	closes := func(key string, code int, m civil.Month) wrongMoney {
		return wrongMoney{key, "", code, does(func() error {
			_, err := w.CloseMonth(w.T.Context(), apptest.Operator(w.B), m)
			return err
		}), in(w.B, "invoice", "close", m.String())}
	}
	cases := map[string]wrongMoney{
		"closing a month that is not over":   closes("invoice.month_not_over", 6, november),
		"closing a month that has not begun": closes("invoice.month_not_over", 6, november.Next()),
		"closing a month twice":              closes("invoice.closed_already", 5, october),
		"closing a month before the first":   closes("invoice.before_first", 6, (october.First() - 1).Month()),
		"the invoices of a month that is to come": {"invoice.month_ahead", "", 2, does(func() error {
			_, err := w.MonthInvoices(w.T.Context(), apptest.Admin(w.B), november.Next())
			return err
		}), nil},
	}
	for _, text := range []string{"October", "2026-13", "2026-1", "2026-10-01", "10/2026", ""} {
		cases["closing the month "+text] = wrongMoney{"invoice.month_text", "", 2, nil, in(w.B, "invoice", "close", text)}
	}
	return cases
}

func (w *moneyWorld) tooMuch() map[string]wrongMoney {
	yen := apptest.Account(w.B, "JPY", "le_1")
	payOut := func(key string, code int, amount string) wrongMoney {
		return wrongMoney{key, "", code, does(func() error {
			_, err := w.UseBalance(w.T.Context(), apptest.Operator(w.B), app.BalanceUse{AccountID: yen, Amount: amount, Reason: "x"})
			return err
		}), in(w.B, "billing-account", "pay-out", yen, amount, "--reason", "x")}
	}
	const huge = "99999999999999999999"
	term := ",2026-10-01,2026-10-01,2027-10-01,,AUTO_RENEW_YEARLY_PAY,ACTIVE"
	return map[string]wrongMoney{
		"all seats of a year together": w.rows("import.price.too_dear", "JPY,"+yen+",ANNUAL_YEARLY_PAY,1000000,99999999999"+term),
		"a price":                      w.rows("import.price.syntax", "JPY,"+yen+",FLEXIBLE,1,"+huge+",2026-10-01,,,,,"),
		"a price below zero":           w.rows("import.price.syntax", "JPY,"+yen+",FLEXIBLE,1,-1,2026-10-01,,,,,"),
		"seats":                        w.rows("import.seats", "JPY,"+yen+",FLEXIBLE,"+huge+",1,2026-10-01,,,,,"),
		"decimals of a yen":            w.rows("import.price.decimals", "JPY,"+yen+",FLEXIBLE,1,1.5,2026-10-01,,,,,"),
		"the catalogue's price":        w.catalogue("catalog.price", "JPY", huge),
		"the catalogue's decimals":     w.catalogue("catalog.decimals", "JPY", "1.5"),
		"a balance":                    payOut("balance.amount", 2, huge),
		"a balance of nothing":         payOut("balance.amount", 2, "0"),
		"more than there is":           payOut("balance.too_little", 6, "1000000"),
	}
}

// notOurs are accounts and invoices that the console does not have: unknown ones and another console's, which are one answer.
func (w *moneyWorld) notOurs() map[string]wrongMoney {
	yen := apptest.Account(w.B, "JPY", "le_1")
	cases := map[string]wrongMoney{}
	for what, id := range map[string]string{"an unknown account": "bac_none", "another console's account": apptest.Account(w.A, "JPY", "le_1")} {
		ctx, operator := w.T.Context(), apptest.Operator(w.B)
		add := func(verb string, use func() error, line ...string) {
			c := wrongMoney{"billing_account.not_found", "", 3, does(use), nil}
			if line != nil {
				c.line = in(w.B, append([]string{"billing-account"}, line...)...)
			}
			cases[what+": "+verb] = c
		}
		add("its statement", func() error {
			_, err := w.AccountStatement(ctx, operator, id)
			return err
		}, "statement", id)
		add("its terms", func() error { return w.SetPaymentDays(ctx, operator, id, 10) }, "set-terms", id, "10")
		add("its state", func() error { return w.SetBillingAccountState(ctx, operator, id, billing.CloseAccount) }, "set-state", id, "close")
		add("its balance", func() error {
			_, err := w.UseBalance(ctx, operator, app.BalanceUse{AccountID: id, Amount: "1", Reason: "x"})
			return err
		}, "pay-out", id, "1", "--reason", "x")
		add("its draft", func() error {
			_, err := w.DraftInvoice(ctx, operator, id, november)
			return err
		})
		add("its credit", func() error {
			_, err := w.Balance(ctx, operator, id)
			return err
		})
		add("how its lines were computed", func() error {
			_, err := w.ComputeLines(ctx, operator, id, november, "sub_000001")
			return err
		})
		to := wrongMoney{"billing_account.not_found", "", 2, does(func() error {
			_, err := w.UseBalance(ctx, operator, app.BalanceUse{AccountID: yen, ToID: id, Amount: "1", Reason: "x"})
			return err
		}), in(w.B, "billing-account", "transfer", yen, id, "1", "--reason", "x")}
		cases[what+": a balance for it"] = to
		cases[what+": a row for it"] = w.rows("import.account.unknown", "JPY,"+id+",FLEXIBLE,1,100,2026-10-01,,,,,")
	}
	theirs := wrongMoney{"invoice.not_found", "", 3, does(func() error {
		_, err := w.IssuedInvoice(w.T.Context(), apptest.Admin(w.A), "V-2026-000001")
		return err
	}), in(w.A, "invoice", "show", "V-2026-000001")}
	cases["another console's invoice"] = theirs
	cases["a move to the source's own account"] = wrongMoney{
		"migration.choice_missing", "migration.choice_missing_one", 2, does(func() error {
			_, err := w.CompleteMigrations(w.T.Context(), apptest.Admin(w.A), w.completion(yen))
			return err
		}), in(w.A, "migration", "complete", "--all", "--account", "JPY="+yen),
	}
	return cases
}

// everything is all rows of all tables, and the jobs that wait.
func (w *moneyWorld) everything() []string {
	return append(w.Texts(w.DumpSQL("")), w.Texts(`SELECT kind || CAST(id AS text) FROM river_job ORDER BY id`)...)
}

// Wrong input about money is told what it is, in both languages and whoever is asked, and nothing of it is written.
func TestWrongMoneyIsRefusedWhole(t *testing.T) {
	w := newMoneyWorld(t)
	before := w.everything()
	for about, cases := range map[string]map[string]wrongMoney{
		"currency": w.wrongCurrencies(), "date": w.wrongDates(), "month": w.wrongMonths(), "too much": w.tooMuch(), "not ours": w.notOurs(),
	} {
		for what, c := range cases {
			t.Run(about+": "+what, func(t *testing.T) {
				if c.use == nil && c.line == nil {
					t.Fatal("nothing is asked")
				}
				if c.use != nil {
					rows, err := c.use()
					w.wants(t, c, rows, err)
				}
				if c.line != nil {
					w.wantsLine(t, c)
				}
				if after := w.everything(); !slices.Equal(before, after) {
					t.Error("something was written")
					before = after
				}
			})
		}
	}
}

func (w *moneyWorld) wants(t *testing.T, c wrongMoney, rows []string, err error) {
	t.Helper()
	f := fault.As(err)
	if f == nil {
		t.Fatalf("no fault: %v", err)
	}
	details := rows
	for _, field := range f.Fields {
		details = append(details, field.Key)
	}
	if f.Key != c.key && !slices.Contains(details, c.key) || c.detail != "" && !slices.Contains(details, c.detail) {
		t.Errorf("%v with %q, want %s with %s", err, details, c.key, c.detail)
	}
	for _, lang := range i18n.Languages {
		messages, err := i18n.New()
		w.Must(err)
		say := messages.For(lang)
		sentences := []string{say.Fault(f)}
		for _, field := range f.Fields {
			sentences = append(sentences, say.Field(field))
		}
		for _, s := range sentences {
			wantSentence(t, lang, s)
		}
	}
}

func (w *moneyWorld) wantsLine(t *testing.T, c wrongMoney) {
	t.Helper()
	type told struct {
		Error struct {
			Key, Message string
			Fields       []struct{ Key, Message string }
		}
	}
	type imported struct {
		Problems []struct{ Key, Message string }
	}
	for _, lang := range i18n.Languages {
		w.Language = lang
		out, errs, code := w.try(append(c.line, "--json")...)
		var f told
		if err := json.Unmarshal([]byte(errs), &f); err != nil || code != c.code {
			t.Fatalf("psc %s: exit code %d, want %d\n%s%s", strings.Join(c.line, " "), code, c.code, errs, out)
		}
		wantSentence(t, lang, f.Error.Message)
		details := []string{}
		for _, field := range f.Error.Fields {
			details = append(details, field.Key)
			wantSentence(t, lang, field.Message)
		}
		if out != "" {
			var r imported
			w.Must(json.Unmarshal([]byte(out), &r))
			for _, p := range r.Problems {
				details = append(details, p.Key)
				wantSentence(t, lang, p.Message)
			}
		}
		if f.Error.Key != c.key || c.detail != "" && !slices.Contains(details, c.detail) {
			t.Errorf("psc %s: %s with %q, want %s with %s", strings.Join(c.line, " "), f.Error.Key, details, c.key, c.detail)
		}
	}
}

// wantSentence wants words of the language that end as a sentence does.
func wantSentence(t *testing.T, lang, text string) {
	t.Helper()
	japanese := strings.ContainsFunc(text, func(r rune) bool { return r >= 0x3040 && r < 0x30ff })
	if end := strings.TrimSuffix(strings.TrimSuffix(text, "."), "。"); end == text && !strings.Contains(text, "psc ") || japanese != (lang == i18n.Japanese) {
		t.Errorf("%s: %q is no sentence", lang, text)
	}
}
