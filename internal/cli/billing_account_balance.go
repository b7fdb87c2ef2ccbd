package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/money"
)

type statementJSON struct {
	billingAccountJSON

	PaymentDays int64               `json:"payment_days"`
	Due         int64               `json:"due_minor"`
	NextDue     string              `json:"next_due,omitempty"`
	Balance     int64               `json:"credit_balance_minor"`
	DueInvoices []dueJSON           `json:"due_invoices"`
	Lines       []statementLineJSON `json:"lines"`
}

type dueJSON struct {
	Number string `json:"number"`
	Month  string `json:"month"`
	DueOn  string `json:"due_on"`
	Due    int64  `json:"due_minor"`
}

func newDueJSON(i app.IssuedInvoice) dueJSON {
	return dueJSON{i.Number, i.Month.String(), i.DueOn.String(), i.Due.Minor}
}

type statementLineJSON struct {
	Date     string            `json:"date"`
	Document string            `json:"document"`
	Kind     app.StatementKind `json:"kind"`
	Amount   int64             `json:"amount_minor"`
	Balance  int64             `json:"balance_minor"`
}

func newStatementLineJSON(l app.StatementLine) statementLineJSON {
	return statementLineJSON{l.Date.String(), l.Document, l.Kind, l.Amount.Minor, l.Balance.Minor}
}

func showStatement(ctx context.Context, s *session, args []string) error {
	a, err := s.AccountStatement(ctx, s.actor, args[0])
	if err != nil {
		return err
	}
	if s.JSON || s.Quiet {
		return s.Result(statementJSON{
			newBillingAccountJSON(a.Account), a.PaymentDays, a.Due, isoDate(a.NextDue), a.Credit().Minor,
			collected(a.DueInvoices, newDueJSON), collected(a.Lines, newStatementLineJSON),
		}, a.ID, "")
	}
	s.record(
		"ident", a.ID, "name", a.Name, "state", word(s.Terminal, "account_state", a.State), "legal_entity", a.LegalEntity, "payment_days", s.Say.Num(a.PaymentDays),
		"due", s.money(a.DueAmount()), "due_on", s.date(a.NextDue), "balance", s.money(a.Credit()),
	)
	tab := table{columns: []string{"date", "document", "action", "amount", "balance_after"}}
	for _, l := range a.Lines {
		tab.add(s.date(l.Date), l.Document, s.Say.T("statement.kind."+string(l.Kind)), s.money(l.Amount), s.money(l.Balance))
	}
	if len(tab.rows) > 0 {
		s.lines(tab)
	}
	return nil
}

func setPaymentDays(ctx context.Context, s *session, args []string) error {
	days, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return fault.InvalidField("days", "balance.payment_days", fault.Args{"Limit": app.PaymentDaysLimit})
	}
	if err := s.SetPaymentDays(ctx, s.actor, args[0], days); err != nil {
		return err
	}
	return s.said(args[0], "cli.billing_account.terms_set", "ID", args[0], "Days", days)
}

type balanceUseJSON struct {
	ID       string         `json:"id"`
	Account  string         `json:"billing_account_id"`
	To       string         `json:"to_billing_account_id,omitempty"`
	Amount   int64          `json:"amount_minor"`
	Currency money.Currency `json:"currency"`
}

// useBalance pays a credit balance out or, with an account to go to, transfers it.
func useBalance(t *Terminal, use string, args cobra.PositionalArgs) *cobra.Command {
	var reason, key string
	cmd := t.verb("billing-account", use, inConsole, args, func(ctx context.Context, s *session, args []string) error {
		in := app.BalanceUse{AccountID: args[0], Amount: args[len(args)-1], Reason: reason, Key: key}
		if len(args) > 2 {
			in.ToID = args[1]
		}
		u, err := s.UseBalance(ctx, s.actor, in)
		if err != nil {
			return err
		}
		return s.Result(balanceUseJSON{u.ID, u.AccountID, u.ToID, u.Amount.Minor, u.Amount.Currency}, u.ID,
			s.Say.T("cli.billing_account.used", "Amount", s.money(u.Amount), "ID", u.ID))
	})
	t.text(cmd, &reason, "reason", "")
	t.text(cmd, &key, "key", "")
	return cmd
}
