package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// renewDue renews what has come to the end of its term or trial, whether its customer moves or not (spec M7), day by day.
func (a *App) renewDue(ctx context.Context, now time.Time) error {
	today := a.billingDate(now)
	var consoles []string
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		consoles, err = tx.ConsolesWithDueTerms(ctx, today)
		return err
	}); err != nil {
		return err
	}
	for _, id := range consoles {
		for left := true; left; {
			if err := a.DB.Update(ctx, func(tx *store.Tx) (err error) {
				left, err = a.renewSome(ctx, tx, now, id, today)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// renewSome renews the next subscriptions of a console, all of one day, and reports whether there may be more.
func (a *App) renewSome(ctx context.Context, tx *store.Tx, now time.Time, consoleID string, today civil.Date) (bool, error) {
	due, err := tx.DueTerms(ctx, consoleID, today, a.Config.ChunkSize)
	if err != nil || len(due) == 0 {
		return false, err
	}
	if err := tx.TouchMonth(ctx, consoleID, today); err != nil {
		return false, err
	}
	offers, err := tx.Offers(ctx)
	if err != nil {
		return false, err
	}
	var list []billing.Renewed
	var orders []customer.Order
	customers := map[string]bool{}
	for _, s := range due {
		r, ok := billing.Renew(s, today, priceOf(offers, s))
		if !ok || len(list) > 0 && r.From != list[0].From {
			break
		}
		list = append(list, r)
		orders = append(orders, a.order(now, system(consoleID), customer.BySystem, r.Action, r.Subscription))
		customers[s.CustomerID] = true
	}
	if err := tx.Renew(ctx, list); err != nil {
		return false, err
	}
	if err := tx.InsertOrders(ctx, orders); err != nil {
		return false, err
	}
	return len(list) > 0, a.evaluateCustomers(ctx, tx, now, consoleID, slices.Sorted(maps.Keys(customers)))
}

// priceOf returns what a seat of the subscription's product costs on another plan.
func priceOf(offers []catalog.Offer, s customer.Subscription) func(catalog.Plan) (money.Price, bool) {
	return func(plan catalog.Plan) (money.Price, bool) {
		at := slices.IndexFunc(offers, func(o catalog.Offer) bool {
			return o.SKUID == s.SKUID && o.Plan == plan && o.Currency == s.Currency
		})
		if at < 0 {
			return money.Price{}, false
		}
		return offers[at].Price, true
	}
}
