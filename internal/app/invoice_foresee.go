package app

import (
	"context"
	"maps"
	"slices"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/store"
)

// outlook is what is known to come in a month: the ends of terms and trials, what they renew to, and prices (spec M5).
type outlook struct {
	month  civil.Month
	prices catalog.Prices
	steps  []catalog.Step                   // the prices that subscriptions are going to take
	ending map[string]customer.Subscription // what has not been foreseen yet, by ID
}

func newOutlook(ctx context.Context, tx *store.Tx, consoleID string, month civil.Month, list []customer.Subscription) (o outlook, err error) {
	o = outlook{month: month, ending: map[string]customer.Subscription{}}
	last := month.Period().Last()
	if o.prices, o.steps, err = duePrices(ctx, tx, consoleID, last); err != nil {
		return o, err
	}
	var due []customer.Subscription
	for _, s := range list {
		if _, ends := billing.Renew(s, last, priceOf(catalog.Prices{}, s)); ends && !s.Moved {
			due = append(due, s)
		}
	}
	if len(due) == 0 {
		return o, nil
	}
	stuck, err := stuckOf(ctx, tx, o.prices, due, last)
	for _, s := range due {
		if !stuck[s.ID] {
			o.ending[s.ID] = s
		}
	}
	return o, err
}

// renewals puts into the history of a subscription what is known to come, and returns what renews. It does so once.
func (o outlook) renewals(b *store.Billed) (list []billing.Renewed) {
	s, renews := o.ending[b.SubscriptionID]
	delete(o.ending, b.SubscriptionID)
	if s.ID == "" {
		s = customer.Subscription{SKUID: b.SKUID, Currency: b.Currency}
	}
	_, b.History, list = o.live(s, renews, b.History, civil.Period{From: o.month.First(), To: o.month.End()})
	return list
}

// live lets the days of a period come to a subscription: its terms and its trial end, unless they cannot be renewed, and then on
// each day new prices hold.
func (o outlook) live(s customer.Subscription, renews bool, history []billing.Segment, days civil.Period) (customer.Subscription, []billing.Segment, []billing.Renewed) {
	var list []billing.Renewed
	renew := func(until civil.Date) {
		if !renews {
			return
		}
		var more []billing.Renewed
		if history, more = billing.Foresee(s, history, until, priceOf(o.prices, s)); len(more) > 0 {
			s = more[len(more)-1].Subscription
			list = append(list, more...)
		}
	}
	for _, step := range o.steps {
		if step.SKUID != s.SKUID && step.SKUID != s.RenewalSKUID || step.Currency != s.Currency || !days.Contains(step.From) {
			continue
		}
		renew(step.From)
		was := o.prices.Before(step)
		if takes(s, step, was) {
			s.Price = step.Price
		}
		history = billing.Repriced(history, step.From, was, step.Price)
	}
	renew(days.Last())
	return s, history, list
}

// foresee does what renewals does, and returns the charges that they bring to the month's invoice.
func (o outlook) foresee(b *store.Billed) (lines []InvoiceLine, err error) {
	for _, r := range o.renewals(b) {
		if !r.Buys() || r.Lot.From.Month() != o.month {
			continue
		}
		lot, err := r.Bought(store.LotID(r.Subscription))
		if err != nil {
			return nil, err
		}
		owner := billing.Owner{ConsoleID: r.ConsoleID, AccountID: r.BillingAccountID}
		lines = append(lines, InvoiceLine{Line: lot.Charge(owner, r.As()), Billed: b.Sold(r.SKUID, r.Plan), ChargeID: lot.ID})
	}
	return lines, nil
}

// left returns the IDs of what was not foreseen.
func (o outlook) left() []string { return slices.Sorted(maps.Keys(o.ending)) }
