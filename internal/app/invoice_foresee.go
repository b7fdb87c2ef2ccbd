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

// outlook is what is known to come in a month: the ends of terms and trials, and what they renew to (spec M5).
type outlook struct {
	month  civil.Month
	offers []catalog.Offer
	ending map[string]customer.Subscription // what has not been foreseen yet, by ID
}

func newOutlook(ctx context.Context, tx *store.Tx, month civil.Month, list []customer.Subscription) (o outlook, err error) {
	o = outlook{month: month, ending: map[string]customer.Subscription{}}
	last := month.Period().Last()
	var due []customer.Subscription
	for _, s := range list {
		if _, ends := billing.Renew(s, last, priceOf(nil, s)); ends && !s.Moved {
			due = append(due, s)
		}
	}
	if len(due) == 0 {
		return o, nil
	}
	if o.offers, err = tx.Offers(ctx); err != nil {
		return o, err
	}
	stuck, err := stuckOf(ctx, tx, o.offers, due, last)
	for _, s := range due {
		if !stuck[s.ID] {
			o.ending[s.ID] = s
		}
	}
	return o, err
}

// renewals puts into the history of a subscription what is known to come, and returns it. It does so once.
func (o outlook) renewals(b *store.Billed) (list []billing.Renewed) {
	if s, ok := o.ending[b.SubscriptionID]; ok {
		delete(o.ending, b.SubscriptionID)
		b.History, list = billing.Foresee(s, b.History, o.month.Period().Last(), priceOf(o.offers, s))
	}
	return list
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
		line := InvoiceLine{Line: lot.Charge(owner, r.As()), Billed: *b}
		line.Plan, line.History = r.Plan, nil
		lines = append(lines, line)
	}
	return lines, nil
}

// left returns the IDs of what was not foreseen.
func (o outlook) left() []string { return slices.Sorted(maps.Keys(o.ending)) }
