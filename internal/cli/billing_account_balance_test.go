package cli_test

import (
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

func TestCreditBalancesFromTheCommandLine(t *testing.T) {
	w := newTerminal(t)
	w.AddIssuer()
	w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
		s.Plan, s.Seats, s.Price = catalog.AnnualYearlyPay, 10, money.Price{Num: 9_792, Den: 1}
		s.TermStart, s.TermEnd = civil.NewDate(2026, time.April, 1), civil.NewDate(2027, time.April, 1)
	})
	w.Move(w.Connect(w.A, w.B), w.A, w.B)
	w.Clock.Advance(31 * 24 * time.Hour)
	w.CloseMonthOf(w.B, civil.NewDate(2026, time.October, 1).Month())
	account, other := apptest.Account(w.B, "JPY", "le_1"), w.NewAccount(w.B, "JPY", "le_1")
	type statement struct {
		Balance int64 `json:"credit_balance_minor"`
		Terms   int64 `json:"payment_days"`
		Lines   []struct{ Kind string }
	}
	before := into[statement](w, in(w.B, "billing-account", "statement", account)...)
	if before.Balance <= 1000 || before.Terms != 30 || len(before.Lines) != 1 {
		t.Fatalf("%+v", before)
	}
	w.refused("balance.reason_missing", 2, in(w.B, "billing-account", "pay-out", account, "100")...)
	first := w.id(in(w.B, "billing-account", "pay-out", account, "100", "--reason", "x", "--key", "one")...)
	if again := w.id(in(w.B, "billing-account", "pay-out", account, "100", "--reason", "x", "--key", "one")...); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	w.refused("balance.key_used", 5, in(w.B, "billing-account", "pay-out", account, "101", "--reason", "x", "--key", "one")...)
	w.id(in(w.B, "billing-account", "transfer", account, other, "50", "--reason", "x")...)
	w.refused("balance.accounts_differ", 2, in(w.B, "billing-account", "transfer", account, apptest.Account(w.B, "JPY", "le_2"), "50", "--reason", "x")...)
	after := into[statement](w, in(w.B, "billing-account", "statement", account)...)
	if after.Balance != before.Balance-150 || len(after.Lines) != 3 {
		t.Errorf("%+v", after)
	}
	w.run(in(w.B, "billing-account", "set-terms", account, "45")...)
	w.refused("balance.payment_days", 2, in(w.B, "billing-account", "set-terms", account, "soon")...)
	if out := w.run(in(w.B, "billing-account", "statement", account)...); !contains(out, "Credit balance paid out") || !contains(out, "45") {
		t.Errorf("%s", out)
	}
	w.CheckBooks()
}
