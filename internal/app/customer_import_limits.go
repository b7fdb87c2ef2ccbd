package app

import (
	"cmp"
	"context"
	"slices"

	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/store"
)

// loadLimits reads what the product limits of the catalogue are held to.
func (b *importing) loadLimits(ctx context.Context, tx *store.Tx, customerIDs []string) (err error) {
	if b.skus, err = skusByID(ctx, tx); err != nil {
		return err
	}
	held, err := tx.SubscriptionsOf(ctx, b.actor.ConsoleID, customerIDs)
	b.held = map[string][]customer.Subscription{}
	for _, s := range held {
		b.held[s.CustomerID] = append(b.held[s.CustomerID], s)
	}
	return err
}

// takeAll compares records with what is there: add-ons after what they are added to, wherever they stand in the batch.
func (b *importing) takeAll(records []customercsv.Record) {
	var addOns []func()
	for _, rec := range records {
		c := b.takeCustomer(rec)
		switch {
		case rec.Subscription == nil:
		case b.skus[rec.Subscription.SKUID].AddOn:
			addOns = append(addOns, func() { b.takeSubscription(c, rec) })
		default:
			b.takeSubscription(c, rec)
		}
	}
	for _, take := range addOns {
		take()
	}
	slices.SortStableFunc(b.refused, func(x, y customercsv.Problem) int { return cmp.Compare(x.Line, y.Line) })
}

// limitColumns say in which column a row goes against a product limit.
var limitColumns = map[string]string{"order.edition_cap": "num_units", "order.needs_base": "sku_id", "order.base_needed": "status"}

// breaksLimits returns what is wrong if a row goes against a product limit of the catalogue.
func (b *importing) breaksLimits(s customer.Subscription, line int) (p customercsv.Problem, bad bool) {
	held := b.held[s.CustomerID]
	f := fault.As(customer.CheckLimitsNow(b.skus, held, with(held, s)))
	if f == nil {
		return p, false
	}
	return customercsv.Problem{Line: line, Column: limitColumns[f.Key], Key: "import." + f.Key, Args: f.Args}, true
}
