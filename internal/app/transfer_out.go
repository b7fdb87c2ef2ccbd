package app

import (
	"context"
	"errors"
	"slices"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// TransferQuote is what it means that all subscriptions of a customer go to the vendor on a billing date.
type TransferQuote struct {
	Customer customer.Customer
	Date     civil.Date // the vendor's first day
	Zone     string
	Lines    []TransferLine
}

// TransferLine is one subscription that goes to the vendor.
type TransferLine struct {
	SubscriptionLine

	Credit int64        // for what is left of its prepaid lots, minor units
	Months []MonthQuote // what it costs on the invoices of this month and the next
}

// QuoteTransferOut returns what transferring a customer's subscriptions to the vendor would do to the invoices. It refuses what
// TransferOut refuses.
func (a *App) QuoteTransferOut(ctx context.Context, actor console.Actor, customerID string) (q TransferQuote, err error) {
	if err := actor.May(console.TransferCustomers); err != nil {
		return q, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		q = TransferQuote{Date: a.billingDate(a.Clock.Now()), Zone: a.Config.BillingZone.String()}
		if q.Customer, err = tx.Customer(ctx, actor.ConsoleID, customerID); err != nil {
			return found(err, "customer.not_found")
		}
		if err := q.Customer.CheckFree(); err != nil {
			return err
		}
		subs, err := transferable(ctx, tx, actor.ConsoleID, customerID)
		if err != nil {
			return err
		}
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return err
		}
		accounts, err := accountsByID(ctx, tx, actor.ConsoleID)
		if err != nil {
			return err
		}
		prices, steps, err := duePrices(ctx, tx, actor.ConsoleID, civil.Forever)
		if err != nil {
			return err
		}
		for _, s := range subs {
			l := TransferLine{SubscriptionLine: SubscriptionLine{Subscription: s, SKU: skus[s.SKUID], Account: accounts[s.BillingAccountID]}}
			if err := l.quote(ctx, tx, q.Date, prices, steps); err != nil {
				return err
			}
			q.Lines = append(q.Lines, l)
		}
		return nil
	})
	return q, err
}

// quote fills in what the transfer of a subscription on a date does to the invoices.
func (l *TransferLine) quote(ctx context.Context, tx *store.Tx, on civil.Date, prices catalog.Prices, steps []catalog.Step) error {
	before, err := outlookOf(ctx, tx, l.Subscription, on, priceOf(prices, l.Subscription))
	if err != nil {
		return err
	}
	before.History = stepped(before.Subscription, before.History, prices, steps)
	lots, err := tx.HeldLots(ctx, l.ConsoleID, []string{l.CustomerID}, on)
	if err != nil {
		return err
	}
	for _, lot := range lots {
		if lot.SubscriptionID != l.ID {
			continue
		}
		credit, err := lot.CreditOf(l.ConsoleID, on)
		if err != nil {
			return err
		}
		l.Credit += credit.Amount.Minor
	}
	after := before
	after.State = customer.SubCancelled
	after.History, _ = billing.Move(before.History, on, billing.Owner{}, "")
	price := priceOf(prices, before.Subscription)
	for i, m := range []civil.Month{on.Month(), on.Month().Next()} {
		q := MonthQuote{Month: m}
		if q.Without, err = before.Month(m, price); err != nil {
			return err
		}
		if q.With, err = after.Month(m, price); err != nil {
			return err
		}
		if i == 0 {
			q.With += l.Credit
		}
		l.Months = append(l.Months, q)
	}
	return nil
}

// transferable returns the subscriptions of a customer that go to the vendor: all that have not ended. Refused are nothing to transfer,
// what the vendor suspended, and orders that wait.
func transferable(ctx context.Context, tx *store.Tx, consoleID, customerID string) ([]customer.Subscription, error) {
	all, err := tx.Subscriptions(ctx, consoleID, customerID)
	if err != nil {
		return nil, err
	}
	var list []customer.Subscription
	for _, s := range all {
		switch {
		case s.SuspensionReason == customer.SuspendedByVendor:
			return nil, fault.New(fault.Precondition, "transfer.suspended", nil)
		case s.State != customer.SubCancelled:
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Precondition, "transfer.nothing", nil)
	}
	orders, err := tx.Orders(ctx, consoleID, customerID, "", ordersSearched)
	if slices.ContainsFunc(orders, func(o customer.Order) bool { return o.State == customer.OrderOpen }) {
		return nil, fault.New(fault.Precondition, "transfer.open_order", nil)
	}
	return list, err
}

// TransferOut has all subscriptions of a customer go to the vendor from today's billing date on: they end here, and what is left of
// prepaid ones is credited as by a move (spec B5). Refused while the customer moves (spec M7).
func (a *App) TransferOut(ctx context.Context, actor console.Actor, customerID string) error {
	if err := actor.May(console.TransferCustomers); err != nil {
		return err
	}
	now := a.Clock.Now()
	on := a.billingDate(now)
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := touch(ctx, tx, actor.ConsoleID, customerID, byReseller)
		if err != nil {
			return err
		}
		if err := a.renewMoving(ctx, tx, now, actor.ConsoleID, []string{c.ID}, on); err != nil { // a term that is over by now is renewed first
			return err
		}
		list, err := transferable(ctx, tx, actor.ConsoleID, customerID)
		if err != nil {
			return err
		}
		orders := make([]customer.Order, len(list))
		for i := range list {
			list[i].State, list[i].SuspensionReason = customer.SubCancelled, ""
			orders[i] = a.order(now, actor, operatorOf(actor), customer.OrderTransferred, list[i])
		}
		if _, err := tx.TransferOut(ctx, list, on); err != nil {
			return err
		}
		return errors.Join(
			tx.InsertOrders(ctx, orders),
			a.record(ctx, tx, now, actor, entry{
				Action: "customer.transferred_out", Subject: c.ID, Customer: c.ID,
				Data: map[string]string{"Customer": c.Name, "Subscriptions": count(int64(len(list))), "Date": on.String()},
			}),
			a.evaluateCustomers(ctx, tx, now, c.ConsoleID, []string{c.ID}),
		)
	})
}
