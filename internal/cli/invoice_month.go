package cli

import (
	"context"

	"psc/internal/app"
	"psc/internal/money"
)

type monthInvoiceJSON struct {
	AccountID string           `json:"billing_account_id"`
	Account   string           `json:"billing_account"`
	Month     string           `json:"month"`
	State     app.InvoiceState `json:"state"`
	Number    string           `json:"number,omitempty"`
	Currency  money.Currency   `json:"currency"`
	Net       int64            `json:"net_minor"`
	Gross     int64            `json:"gross_minor"`
	Lines     int64            `json:"lines"`
}

// monthInvoices lists what each account is billed for a month: what is issued, and the drafts of what is not yet.
func monthInvoices(ctx context.Context, s *session, args []string) error {
	month, err := parseMonth(args[0])
	if err != nil {
		return err
	}
	list, err := s.MonthInvoices(ctx, s.actor, month)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"ident", "billing_account", "state", "invoice_number", "net", "gross"}}
	for _, i := range list {
		tab.add(i.Account.ID, i.Account.Name, word(s.Terminal, "invoice_state", i.State), i.Number, s.money(i.Totals.Net), s.money(i.Totals.Gross))
	}
	return s.Table(collected(list, func(i app.MonthStatus) monthInvoiceJSON {
		return monthInvoiceJSON{
			i.Account.ID, i.Account.Name, i.Month.String(), i.State, i.Number, i.Account.Currency, i.Totals.Net.Minor, i.Totals.Gross.Minor, i.Lines,
		}
	}), tab)
}

type draftJSON struct {
	AccountID string            `json:"billing_account_id"`
	Month     string            `json:"month"`
	Currency  money.Currency    `json:"currency"`
	Net       int64             `json:"net_minor"`
	Gross     int64             `json:"gross_minor"`
	Items     []invoiceLineJSON `json:"items"`
}

// showDraft shows what an account would be billed for a month as everything stands now.
func showDraft(ctx context.Context, s *session, args []string) error {
	month, err := parseMonth(args[1])
	if err != nil {
		return err
	}
	inv, err := s.DraftInvoice(ctx, s.actor, args[0], month)
	if err != nil {
		return err
	}
	if s.JSON || s.Quiet {
		return s.Result(draftJSON{
			inv.Account.ID, inv.Month.String(), inv.Account.Currency, inv.Totals.Net.Minor, inv.Totals.Gross.Minor, collected(inv.Lines, newInvoiceLineJSON),
		}, inv.Account.ID, "")
	}
	s.record("month", s.Say.Month(inv.Month), "billing_account", inv.Account.Name, "net", s.money(inv.Totals.Net), "gross", s.money(inv.Totals.Gross))
	s.lines(s.invoiceLines(inv.Lines))
	return nil
}
