package app

import (
	"context"

	"psc/internal/customer"
	"psc/internal/store"
)

// checkLimits holds a customer's subscriptions to the product limits of the catalogue when one of them becomes what an order says;
// was is empty if it is new.
func checkLimits(ctx context.Context, tx *store.Tx, was, is customer.Subscription) error {
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return err
	}
	before, err := tx.Subscriptions(ctx, is.ConsoleID, is.CustomerID)
	if err != nil {
		return err
	}
	return customer.CheckLimits(skus, with(before, was), with(before, is))
}

// with returns a customer's subscriptions with one of them as it says; an empty one changes nothing.
func with(list []customer.Subscription, s customer.Subscription) []customer.Subscription {
	if s == (customer.Subscription{}) {
		return list
	}
	changed := make([]customer.Subscription, 0, len(list)+1)
	for _, one := range list {
		if one.ID != s.ID {
			changed = append(changed, one)
		}
	}
	return append(changed, s)
}
