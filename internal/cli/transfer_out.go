package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/money"
)

// transferOutCommand has a customer's subscriptions go to the vendor, or with --quote says what that does to the invoices.
func transferOutCommand(t *Terminal) *cobra.Command {
	var quote bool
	cmd := t.verb("customer", "transfer-out ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if quote {
			q, err := s.QuoteTransferOut(ctx, s.actor, args[0])
			if err != nil {
				return err
			}
			return s.transferQuote(q)
		}
		if err := s.TransferOut(ctx, s.actor, args[0]); err != nil {
			return err
		}
		return s.said(args[0], "transfer_page.done")
	})
	t.yes(cmd, &quote, "quote")
	return cmd
}

type transferJSON struct {
	Subscription string           `json:"subscription_id"`
	SKUID        string           `json:"sku_id"`
	Currency     money.Currency   `json:"currency"`
	BillingDate  string           `json:"billing_date"` // the vendor's first day
	Credit       string           `json:"credit_minor"`
	Months       []monthQuoteJSON `json:"months"`
}

func (s *session) transferQuote(q app.TransferQuote) error {
	var list []transferJSON
	tab := table{columns: []string{"ident", "name", "month", "without", "with_order"}}
	for _, l := range q.Lines {
		out := transferJSON{l.ID, l.SKUID, l.Currency, isoDate(q.Date), strconv.FormatInt(l.Credit, 10), nil}
		for _, m := range l.Months {
			out.Months = append(out.Months, monthQuoteJSON{m.Month.String(), strconv.FormatInt(m.Without, 10), strconv.FormatInt(m.With, 10)})
			currency := string(l.Currency)
			tab.add(l.ID, l.SKU.Name, s.Say.Month(m.Month), s.Say.Money(m.Without, currency), s.Say.Money(m.With, currency))
		}
		list = append(list, out)
	}
	return s.Table(list, tab)
}
