package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// Quote is what an order would make of a subscription, and of the invoices that it is on, if nothing else happens.
type Quote struct {
	Customer customer.Customer
	SKU      catalog.SKU
	To       catalog.SKU // at once or from the renewal on; of a new one empty
	Account  billing.Account
	Was      customer.Subscription // zero for a new one
	Now      customer.Subscription
	Date     civil.Date // the billing date of the order
	Zone     string
	Months   []MonthQuote
}

// Waits reports whether what is ordered waits until the vendor has done it.
func (q *Quote) Waits() bool { return waitsForVendor(q.Was, q.Now) }

// AtRenewal reports whether what is ordered holds from the end of the term on.
func (q *Quote) AtRenewal() bool {
	was, now := q.Was, q.Now
	was.Renewal, was.RenewalSeats, was.RenewalSKUID = now.Renewal, now.RenewalSeats, now.RenewalSKUID
	return q.Was.ID != "" && q.Was != now && was == now
}

// MonthQuote is what the subscription costs on the invoice of a month, before tax in minor units.
type MonthQuote struct {
	Month         civil.Month
	Without, With int64
}

// QuoteChange returns what a change of a subscription would cost. It refuses what ChangeSubscription refuses.
func (a *App) QuoteChange(ctx context.Context, actor console.Actor, id string, change Change) (q Quote, err error) {
	if err := actor.May(console.EditCustomers); err != nil {
		return q, err
	}
	change.vendor = actor.Operator
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		was, err := tx.Subscription(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "subscription.not_found")
		}
		if q, err = a.newQuote(ctx, tx, was); err != nil {
			return err
		}
		prices, steps, err := duePrices(ctx, tx, actor.ConsoleID, civil.Forever)
		if err != nil {
			return err
		}
		price := priceOf(prices, was)
		before, err := outlookOf(ctx, tx, was, q.Date, price)
		if err != nil {
			return err
		}
		q.Was = before.Subscription
		if q.Now, err = changed(ctx, tx, before.Subscription, change, q.Date, prices); err != nil {
			return err
		}
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return err
		}
		q.To = skus[cmp.Or(q.Now.RenewalSKUID, q.Now.SKUID)]
		after, err := a.afterOrder(ctx, tx, before, q.Now, q.Date)
		if err != nil {
			return err
		}
		before.History, after.History = stepped(was, before.History, prices, steps), stepped(q.Now, after.History, prices, steps)
		return q.months(before, after, prices)
	})
	return q, err
}

// QuotePurchase returns what a new subscription would cost. It refuses what Buy refuses.
func (a *App) QuotePurchase(ctx context.Context, actor console.Actor, in Purchase) (q Quote, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return q, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if q, err = a.newQuote(ctx, tx, customer.Subscription{ConsoleID: actor.ConsoleID, CustomerID: in.CustomerID, SKUID: in.SKUID, BillingAccountID: in.AccountID}); err != nil {
			return err
		}
		if q.Now, err = a.bought(ctx, tx, actor, in, now); err != nil {
			return err
		}
		prices, steps, err := duePrices(ctx, tx, actor.ConsoleID, civil.Forever)
		if err != nil {
			return err
		}
		nothing := billing.Outlook{Charges: map[civil.Month]int64{}}
		nothing.Currency = q.Now.Currency
		after := nothing // which is what waits for the vendor costs, now and later
		if !in.Offline {
			after, err = a.afterOrder(ctx, tx, nothing, q.Now, q.Date)
		}
		if err != nil {
			return err
		}
		after.History = stepped(q.Now, after.History, prices, steps)
		return q.months(nothing, after, prices)
	})
	return q, err
}

// stepped returns the history of a subscription with the prices that are to come.
func stepped(s customer.Subscription, history []billing.Segment, prices catalog.Prices, steps []catalog.Step) []billing.Segment {
	for _, step := range steps {
		if step.SKUID == s.SKUID && step.Currency == s.Currency {
			history = billing.Repriced(history, step.From, prices.Before(step), step.Price)
		}
	}
	return history
}

// newQuote returns what is known of a quote before it is computed; it refuses while the customer moves.
func (a *App) newQuote(ctx context.Context, tx *store.Tx, s customer.Subscription) (q Quote, err error) {
	q.Date, q.Zone = a.billingDate(a.Clock.Now()), a.Config.BillingZone.String()
	if q.Customer, err = tx.Customer(ctx, s.ConsoleID, s.CustomerID); err != nil {
		return q, found(err, "customer.not_found")
	}
	if err := q.Customer.CheckFree(); err != nil {
		return q, err
	}
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return q, err
	}
	accounts, err := accountsByID(ctx, tx, s.ConsoleID)
	q.SKU, q.Account = skus[s.SKUID], accounts[s.BillingAccountID]
	return q, err
}

// outlookOf returns a subscription as it is on a date, what has come to its end by then renewed.
func outlookOf(ctx context.Context, tx *store.Tx, s customer.Subscription, on civil.Date, price billing.PriceOn) (o billing.Outlook, err error) {
	o = billing.Outlook{Subscription: s, Charges: map[civil.Month]int64{}}
	billed, err := tx.BilledSubscriptions(ctx, s.ConsoleID, []string{s.ID}, on.Month())
	if err != nil || len(billed) == 0 {
		return o, err
	}
	charged, err := tx.ChargesOfCustomers(ctx, s.ConsoleID, []string{s.CustomerID}, on.Month())
	for _, c := range charged {
		if c.Billed.SubscriptionID == s.ID {
			o.Charges[on.Month()] += c.Amount.Minor
		}
	}
	history, renewals := billing.Foresee(s, billed[0].History, on, price)
	o.History = history
	for _, r := range renewals {
		o.Subscription = r.Subscription
		if !r.Buys() {
			continue
		}
		lot, err := r.Bought("")
		if err != nil {
			return o, err
		}
		o.Charges[r.Lot.From.Month()] += lot.Charged.Minor
	}
	return o, err
}

// afterOrder returns what an order of the date makes of a subscription's outlook.
func (a *App) afterOrder(ctx context.Context, tx *store.Tx, before billing.Outlook, s customer.Subscription, on civil.Date) (billing.Outlook, error) {
	after := billing.Outlook{Subscription: s, History: before.History, Charges: map[civil.Month]int64{}}
	maps.Copy(after.Charges, before.Charges)
	if waitsForVendor(before.Subscription, s) {
		return after, nil
	}
	after.History = billing.Ordered(before.History, s, on)
	paid, err := paidSeats(ctx, tx, before, s, on)
	if err != nil {
		return after, err
	}
	for _, p := range billing.Buys(before.Subscription, s, on, paid) {
		lot, err := p.Lot("", s)
		if err != nil {
			return after, err
		}
		after.Charges[p.Period.From.Month()] += lot.Charged.Minor
	}
	return after, nil
}

// paidSeats returns how many seats of the prepaid plan are paid for to the end of the term. A term that is about to be renewed
// has no lot yet.
func paidSeats(ctx context.Context, tx *store.Tx, before billing.Outlook, s customer.Subscription, on civil.Date) (paid int64, err error) {
	if !billing.Prepaid(s) {
		return 0, nil
	}
	lots, err := tx.HeldLots(ctx, s.ConsoleID, []string{s.CustomerID}, on)
	for _, l := range lots {
		if l.SubscriptionID == s.ID && l.Period.To == s.TermEnd && !l.Upgrade {
			paid += l.Seats
		}
	}
	if paid == 0 && billing.Prepaid(before.Subscription) && before.TermEnd == s.TermEnd {
		paid = before.Seats
	}
	return paid, err
}

// months fills in what the invoices bear: of this month and the next, and of those around the end of an annual term.
func (q *Quote) months(before, after billing.Outlook, prices catalog.Prices) error {
	months := []civil.Month{q.Date.Month(), q.Date.Month().Next()}
	if end := q.Now.TermEnd; q.Now.Plan.Annual() && end > q.Date {
		months = append(months, end.Month(), end.Month().Next())
	}
	slices.SortFunc(months, func(x, y civil.Month) int { return cmp.Compare(x.First(), y.First()) })
	for _, m := range slices.Compact(months) {
		without, err := before.Month(m, priceOf(prices, before.Subscription))
		if err != nil {
			return err
		}
		with, err := after.Month(m, priceOf(prices, after.Subscription))
		if err != nil {
			return err
		}
		q.Months = append(q.Months, MonthQuote{Month: m, Without: without, With: with})
	}
	return nil
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
