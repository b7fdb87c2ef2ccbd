package app_test

import (
	"slices"
	"sync"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/store"
)

// credited is a world in which B's account has a credit balance of 41,385 yen since the close of October.
func credited(w *apptest.World) (account string) {
	w.AddIssuer()
	moveExample(w)
	at(w, november.First())
	w.CloseMonthOf(w.B, october)
	w.CloseMonthOf(w.A, october)
	return apptest.Account(w.B, "JPY", "le_1")
}

func TestACreditBalanceIsPaidOutAndTransferredOnce(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		account := credited(w)
		other := w.NewAccount(w.B, "JPY", "le_1")
		operator := apptest.Operator(w.B)
		use := func(in app.BalanceUse) error {
			in.AccountID = account
			if in.Reason == "" {
				in.Reason = "agreed by mail"
			}
			_, err := w.UseBalance(t.Context(), operator, in)
			return err
		}
		w.Must(use(app.BalanceUse{Amount: "1000", Key: "k1"}))
		w.Must(use(app.BalanceUse{Amount: "1000", Key: "k1"}))
		wantFault(t, use(app.BalanceUse{Amount: "1001", Key: "k1"}), "balance.key_used")
		wantFault(t, use(app.BalanceUse{Amount: "1000", ToID: other, Key: "k1"}), "balance.key_used")
		w.Must(use(app.BalanceUse{Amount: "385", ToID: other, Key: "k2"}))
		w.Must(use(app.BalanceUse{Amount: "385", ToID: other, Key: "k2"}))
		for _, c := range []struct {
			in  app.BalanceUse
			key string
		}{
			{app.BalanceUse{Amount: "40001"}, "balance.too_little"},
			{app.BalanceUse{Amount: "0"}, "balance.amount"},
			{app.BalanceUse{Amount: "-1"}, "balance.amount"},
			{app.BalanceUse{Amount: "1.5"}, "balance.amount"},
			{app.BalanceUse{Amount: "99999999999999999999"}, "balance.amount"},
			{app.BalanceUse{Amount: "1", Reason: " "}, "balance.reason_missing"},
			{app.BalanceUse{Amount: "1", Key: "a/b"}, "balance.key"},
			{app.BalanceUse{Amount: "1", ToID: account}, "balance.accounts_differ"},
			{app.BalanceUse{Amount: "1", ToID: apptest.Account(w.B, "USD", "le_1")}, "balance.accounts_differ"},
			{app.BalanceUse{Amount: "1", ToID: apptest.Account(w.B, "JPY", "le_2")}, "balance.accounts_differ"},
			{app.BalanceUse{Amount: "1", ToID: apptest.Account(w.A, "JPY", "le_1")}, "billing_account.not_found"},
		} {
			err := use(c.in)
			f := fault.As(err)
			if f == nil || f.Key != c.key && (len(f.Fields) == 0 || f.Fields[0].Key != c.key) {
				t.Errorf("%+v: %v, want %s", c.in, err, c.key)
			}
		}
		_, err := w.UseBalance(t.Context(), apptest.Admin(w.B), app.BalanceUse{AccountID: account, Amount: "1", Reason: "x"})
		wantFault(t, err, "forbidden_operator")

		s, err := w.AccountStatement(t.Context(), apptest.Admin(w.B), account)
		w.Must(err)
		if s.Credit().Minor != 40_000 || len(s.Lines) != 3 || s.Lines[0].Balance.Minor != -40_000 || s.Lines[2].Amount.Minor != -41_385 || !s.Lines[2].Invoice {
			t.Errorf("%+v", s)
		}
		o, err := w.AccountStatement(t.Context(), apptest.Admin(w.B), other)
		w.Must(err)
		if o.Credit().Minor != 385 || len(o.Lines) != 1 || o.Lines[0].Kind != store.StatementIn {
			t.Errorf("%+v", o)
		}
		_, err = w.AccountStatement(t.Context(), apptest.Admin(w.A), other)
		wantFault(t, err, "billing_account.not_found")
		if got := len(w.Texts(`SELECT id FROM audit_events WHERE action LIKE 'balance.%'`)); got != 2 {
			t.Errorf("%d events", got)
		}
		if want := []civil.Date{november.First(), november.First(), november.First()}; !slices.Equal([]civil.Date{s.Lines[0].Date, s.Lines[1].Date, s.Lines[2].Date}, want) {
			t.Errorf("booked on %+v, want the day of issue and of use", s.Lines)
		}
		w.CheckBooks()
	})
}

func TestABalanceIsNotUsedTwiceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		account := credited(w)
		var all sync.WaitGroup
		for range 4 { // each wants more than half
			all.Go(func() {
				_, err := w.UseBalance(t.Context(), apptest.Operator(w.B), app.BalanceUse{AccountID: account, Amount: "30000", Reason: "x"})
				if err != nil && !fault.Is(err, "balance.too_little") {
					t.Error(err)
				}
			})
		}
		all.Wait()
		balance, err := w.Balance(t.Context(), apptest.Admin(w.B), account)
		w.Must(err)
		if balance.Minor != 11_385 {
			t.Errorf("left: %v", balance)
		}
		w.CheckBooks()
	})
}

func TestWhatIsDueAndWhen(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		main := apptest.Account(w.A, "JPY", "le_1")
		wantFault(t, w.SetPaymentDays(t.Context(), apptest.Admin(w.A), main, 10), "forbidden_operator")
		if err := w.SetPaymentDays(t.Context(), apptest.Operator(w.A), main, 366); fault.As(err) == nil {
			t.Errorf("366 days: %v", err)
		}
		w.Must(w.SetPaymentDays(t.Context(), apptest.Operator(w.A), main, 10))
		credited(w)
		w.Must(w.SetPaymentDays(t.Context(), apptest.Operator(w.A), main, 60)) // which concerns later invoices
		s, err := w.AccountStatement(t.Context(), apptest.Admin(w.A), main)
		w.Must(err)
		if len(s.DueInvoices) != 1 || s.DueInvoices[0].DueOn != november.First()+10 || s.DueAmount().Minor != 49_545 || s.NextDue != november.First()+10 {
			t.Errorf("%+v", s)
		}
		at(w, november.First()+11)
		list, err := w.AccountOverviews(t.Context(), apptest.Admin(w.A))
		w.Must(err)
		if len(list) != 4 || list[0].Due != 0 || list[0].NextDue != 0 || list[0].PaymentDays != 60 {
			t.Errorf("%+v", list)
		}
		_, err = w.AccountOverviews(t.Context(), apptest.As(w.A, "VIEWER"))
		wantFault(t, err, "forbidden")
	})
}
