package cli

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/invoicecsv"
	"psc/internal/money"
)

type invoiceJSON struct {
	ID        string         `json:"id"`
	Number    string         `json:"number"`
	Month     string         `json:"month"`
	Issuer    string         `json:"issuer"`
	AccountID string         `json:"billing_account_id"`
	Account   string         `json:"billing_account"`
	Currency  money.Currency `json:"currency"`
	Net       int64          `json:"net_minor"`
	Tax       int64          `json:"tax_minor"`
	Gross     int64          `json:"gross_minor"`
	Applied   int64          `json:"balance_applied_minor"`
	Due       int64          `json:"due_minor"`
	Balance   int64          `json:"balance_after_minor"`
	Lines     int64          `json:"lines"`
	IssuedOn  string         `json:"issued_on"`
}

func newInvoiceJSON(i app.IssuedInvoice) invoiceJSON {
	return invoiceJSON{
		i.ID, i.Number, i.Month.String(), i.Issuer, i.AccountID, i.Account, i.Currency, i.Net.Minor, i.Gross.Minor - i.Net.Minor,
		i.Gross.Minor, i.Applied.Minor, i.Due.Minor, i.Balance.Minor, i.Lines, i.IssuedOn.String(),
	}
}

func invoiceCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"invoice",
		listInvoices(t),
		t.verb("invoice", "month YYYY-MM", inConsole, cobra.ExactArgs(1), monthInvoices),
		t.verb("invoice", "draft BILLING_ACCOUNT_ID YYYY-MM", inConsole, cobra.ExactArgs(2), showDraft),
		t.verb("invoice", "show NUMBER", inConsole, cobra.ExactArgs(1), showInvoice),
		closeMonth(t),
		t.verb("invoice", "check", inConsole, cobra.NoArgs, checkMonth),
		t.verb("invoice", "closes", inConsole, cobra.NoArgs, listCloses),
		t.verb("invoice", "waiting", outside, cobra.NoArgs, listWaiting),
		exportInvoice(t),
	)
}

// defaultInvoices is how many invoices are listed unless more are asked for.
const defaultInvoices = 100

func listInvoices(t *Terminal) *cobra.Command {
	var limit int64
	cmd := t.verb("invoice", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		list, err := s.IssuedInvoices(ctx, s.actor, int(limit))
		if err != nil {
			return err
		}
		tab := table{columns: []string{"invoice_number", "month", "billing_account", "currency", "net", "gross", "due"}}
		for _, i := range list {
			tab.add(i.Number, s.Say.Month(i.Month), i.Account, string(i.Currency), s.money(i.Net), s.money(i.Gross), s.money(i.Due))
		}
		return s.Table(collected(list, newInvoiceJSON), tab)
	})
	t.number(cmd, &limit, "limit", defaultInvoices)
	return cmd
}

func (t *Terminal) money(a money.Amount) string { return t.Say.Money(a.Minor, string(a.Currency)) }

type invoiceLineJSON struct {
	Type           string         `json:"line_type"`
	CustomerID     string         `json:"customer_id"`
	Customer       string         `json:"customer"`
	SubscriptionID string         `json:"subscription_id"`
	SKU            string         `json:"sku"`
	From           string         `json:"from"`
	To             string         `json:"to"`
	Seats          int64          `json:"seats"`
	Amount         int64          `json:"amount_minor"`
	Currency       money.Currency `json:"currency"`
	MigrationID    string         `json:"migration_id,omitempty"`
	Counterparty   string         `json:"counterparty_account_id,omitempty"`
	LotID          string         `json:"lot_id,omitempty"`
}

type wholeInvoiceJSON struct {
	invoiceJSON

	Items []invoiceLineJSON `json:"items"`
}

func showInvoice(ctx context.Context, s *session, args []string) error {
	inv, err := s.IssuedInvoice(ctx, s.actor, args[0])
	if err != nil {
		return err
	}
	var lines []app.InvoiceLine
	for l, err := range s.AllIssuedLines(ctx, s.actor, inv.ID) {
		if err != nil {
			return err
		}
		lines = append(lines, l)
	}
	out := wholeInvoiceJSON{newInvoiceJSON(inv), collected(lines, newInvoiceLineJSON)}
	if s.JSON || s.Quiet {
		return s.Result(out, inv.Number, "")
	}
	s.record(
		"invoice_number", inv.Number, "month", s.Say.Month(inv.Month), "issuer", inv.Issuer, "billing_account", inv.Account,
		"net", s.money(inv.Net), "gross", s.money(inv.Gross), "applied", s.money(inv.Applied), "due", s.money(inv.Due),
		"balance", s.money(inv.Balance), "issued", s.date(inv.IssuedOn),
	)
	s.lines(s.invoiceLines(lines))
	return nil
}

func newInvoiceLineJSON(l app.InvoiceLine) invoiceLineJSON {
	return invoiceLineJSON{
		string(l.Type), l.CustomerID, l.CustomerName, l.SubscriptionID, l.SKUName, l.Period.From.String(),
		l.Period.Last().String(), l.Seats, l.Amount.Minor, l.Amount.Currency, l.MigrationID, l.CounterpartyID, l.LotID,
	}
}

func (s *session) invoiceLines(lines []app.InvoiceLine) table {
	tab := table{columns: []string{"customer", "product", "line_type", "from", "to", "seats", "amount"}}
	for _, l := range lines {
		tab.add(l.CustomerName, l.SKUName, word(s.Terminal, "line_type", l.Type), l.Period.From.String(), l.Period.Last().String(), s.Say.Num(l.Seats), s.money(l.Amount))
	}
	return tab
}

// exportInvoice writes the lines of an issued invoice as CSV (spec B8).
func exportInvoice(t *Terminal) *cobra.Command {
	var bom bool
	cmd := t.verb("invoice", "export NUMBER [FILE]", inConsole, cobra.RangeArgs(1, 2), func(ctx context.Context, s *session, args []string) error {
		inv, err := s.IssuedInvoice(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		file := invoicecsv.File{
			ConsoleID: string(s.console.AccountID), Number: inv.Number, BOM: bom,
			Describe: func(l app.InvoiceLine) string { return s.Say.T("line_type." + string(l.Type)) },
		}
		return s.export(args[1:], func(w io.Writer) error { return file.Write(w, s.AllIssuedLines(ctx, s.actor, inv.ID)) })
	})
	t.yes(cmd, &bom, "bom")
	return cmd
}

func parseMonth(text string) (civil.Month, error) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return civil.Month{}, fault.InvalidField("month", "invoice.month_text", fault.Args{"Value": text})
	}
	return civil.Month{Year: t.Year(), Month: t.Month()}, nil
}
