package app

import (
	"context"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// changed returns what an order of a date makes of a subscription; it is held to the product limits of the catalogue.
func changed(ctx context.Context, tx *store.Tx, s customer.Subscription, c Change, on civil.Date, prices catalog.Prices) (is customer.Subscription, err error) {
	if c.Action == ChangeOffer {
		is = s
		if c.Seats != 0 {
			is, err = billing.OrderSeats(s, c.Seats, on)
		}
		if err == nil {
			is, err = reoffered(ctx, tx, is, c, on, prices)
		}
	} else {
		is, err = c.apply(s, on, priceOf(prices, s))
	}
	if err != nil || is == s {
		return is, err
	}
	return is, checkLimits(ctx, tx, s, is)
}

// reoffered returns a subscription with another plan or product; what the change leaves empty stays as it is.
func reoffered(ctx context.Context, tx *store.Tx, s customer.Subscription, c Change, on civil.Date, prices catalog.Prices) (customer.Subscription, error) {
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return s, err
	}
	sku, plan := skus[s.SKUID], s.Plan
	if c.Plan != "" {
		plan = c.Plan
	}
	if c.SKUID != "" && c.SKUID != s.SKUID {
		was := sku
		if sku, err = authorized(ctx, tx, s.ConsoleID, skus, c.SKUID); err != nil {
			return s, err
		}
		if !was.Becomes(sku) {
			return s, fault.InvalidField("sku", "order.other_product", fault.Args{"From": was.Name, "SKU": sku.Name})
		}
	}
	other := s
	other.SKUID, other.RenewalSKUID = sku.ID, ""
	return billing.OrderOffer(s, sku, plan, on, priceOf(prices, s), priceOf(prices, other))
}

// authorized returns a SKU if the console may sell it.
func authorized(ctx context.Context, tx *store.Tx, consoleID string, skus map[string]catalog.SKU, id string) (catalog.SKU, error) {
	sku, known := skus[id]
	if !known {
		return sku, fault.InvalidField("sku", "order.sku_missing", nil)
	}
	granted, err := tx.AuthorizedSKUs(ctx, consoleID)
	if err == nil && granted[sku.ID].IsZero() {
		err = fault.InvalidField("sku", "order.sku_not_authorized", fault.Args{"SKU": sku.Name})
	}
	return sku, err
}

// ProductsFor returns what a subscription of the actor's console can become, itself included: what the console may sell of the same
// product, by name.
func (a *App) ProductsFor(ctx context.Context, actor console.Actor, id string) (list []catalog.SKU, err error) {
	if err := actor.May(console.EditCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		s, err := tx.Subscription(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "subscription.not_found")
		}
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return err
		}
		all, err := tx.SKUs(ctx)
		if err != nil {
			return err
		}
		granted, err := tx.AuthorizedSKUs(ctx, actor.ConsoleID)
		for _, sku := range all {
			if sku.ID == s.SKUID || !granted[sku.ID].IsZero() && skus[s.SKUID].Becomes(sku) {
				list = append(list, sku)
			}
		}
		return err
	})
	return list, err
}
