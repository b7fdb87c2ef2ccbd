package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/money"
)

// buyCommand orders a subscription, or with --quote says what it would cost.
func buyCommand(t *Terminal) *cobra.Command {
	var in app.Purchase
	var plan, renewal string
	var quote bool
	cmd := t.verb("order", "buy", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		in.Plan, in.Renewal = catalog.Plan(plan), customer.RenewalKind(renewal)
		q, err := s.QuotePurchase(ctx, s.actor, in)
		if err != nil {
			return err
		}
		if quote {
			return s.quote(q)
		}
		bought, err := s.Buy(ctx, s.actor, in)
		if err != nil {
			return err
		}
		if in.Offline {
			return s.Result(map[string]string{"subscription_id": bought.ID}, bought.ID, s.Say.T("cli.order_buy.waits", "SKU", q.SKU.Name))
		}
		line := app.SubscriptionLine{Subscription: bought, SKU: q.SKU, Account: q.Account}
		return s.Result(newSubscriptionJSON(line), bought.ID,
			s.Say.T("cli.order_buy.bought", "SKU", q.SKU.Name, "Seats", bought.Seats, "ID", bought.ID))
	})
	for name, value := range map[string]*string{
		"customer": &in.CustomerID, "sku": &in.SKUID, "plan": &plan, "billing-account": &in.AccountID,
		"purchase-order": &in.PurchaseOrderID, "renewal": &renewal, "key": &in.Key,
	} {
		t.text(cmd, value, name, "")
	}
	t.number(cmd, &in.Seats, "seats", 0)
	t.number(cmd, &in.MaxSeats, "max-seats", 0)
	t.yes(cmd, &quote, "quote")
	t.yes(cmd, &in.Trial, "trial")
	t.yes(cmd, &in.Offline, "offline")
	return cmd
}

type quoteJSON struct {
	CustomerID   string               `json:"customer_id"`
	Subscription string               `json:"subscription_id,omitempty"`
	SKUID        string               `json:"sku_id"`
	Plan         catalog.Plan         `json:"plan"`
	Seats        int64                `json:"num_units"`
	RenewalSeats int64                `json:"renewal_num_units,omitempty"`
	RenewalSKUID string               `json:"renewal_sku_id,omitempty"`
	Renewal      customer.RenewalKind `json:"renewal_settings,omitempty"`
	BillingDate  string               `json:"billing_date"`
	Zone         string               `json:"billing_time_zone"`
	Currency     money.Currency       `json:"currency"`
	Months       []monthQuoteJSON     `json:"months"`
}

type monthQuoteJSON struct {
	Month   string `json:"invoice_month"`
	Without string `json:"without_minor"` // before tax
	With    string `json:"with_minor"`
}

// quote writes what an order would cost.
func (s *session) quote(q app.Quote) error {
	out := quoteJSON{
		q.Customer.ID, q.Now.ID, q.Now.SKUID, q.Now.Plan, q.Now.Seats, q.Now.RenewalSeats, q.Now.RenewalSKUID, q.Now.Renewal, isoDate(q.Date), q.Zone,
		q.Now.Currency, nil,
	}
	tab := table{columns: []string{"month", "without", "with_order"}}
	for _, m := range q.Months {
		out.Months = append(out.Months, monthQuoteJSON{m.Month.String(), strconv.FormatInt(m.Without, 10), strconv.FormatInt(m.With, 10)})
		currency := string(q.Now.Currency)
		tab.add(s.Say.Month(m.Month), s.Say.Money(m.Without, currency), s.Say.Money(m.With, currency))
	}
	if !s.JSON && !s.Quiet {
		s.Line(s.Say.T("quote.date") + ": " + s.Say.T("quote.date_zone", "Date", q.Date, "Zone", q.Zone))
		s.Line(s.Say.T("quote.what"))
	}
	return s.Table(out, tab)
}
