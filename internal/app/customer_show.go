package app

import (
	"context"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// historyShown is how many orders and events a customer's page shows.
const historyShown = PageSize

// HistoryPlace is where the pages of a customer's orders and events begin: before these IDs; empty: at the newest.
type HistoryPlace struct{ Orders, Events string }

// CustomerRecord is everything that a console knows of one customer.
type CustomerRecord struct {
	Customer      customer.Customer
	Subscriptions []SubscriptionLine
	Orders        []OrderLine // a page of them, the newest first
	Events        []Event     // a page of them, the newest first
	MoreOrders    bool        // there are older ones
	MoreEvents    bool
	Move          *Move     // where a moved customer went; nil while live
	Passages      []Passage // the migrations that brought it here or away, the newest first
}

// SubscriptionLine is a subscription with what is sold and who pays.
type SubscriptionLine struct {
	customer.Subscription
	SKU        catalog.SKU
	RenewalSKU catalog.SKU // what it becomes at its renewal, if that is another product
	Account    billing.Account
}

// OrderLine is an order with what is sold.
type OrderLine struct {
	customer.Order
	SKU catalog.SKU
}

// Move is what a source sees of where its customer went (spec C9, M4, M9): the main, the billing date, and both legal
// entities.
type Move struct {
	store.Went

	Entities []store.MovedEntities
}

// Passage is a completed migration of a customer, as one of its two consoles sees it.
type Passage = store.Passage

// Customer returns the console's record of a customer, live or moved, with its newest orders and events.
func (a *App) Customer(ctx context.Context, actor console.Actor, id string) (CustomerRecord, error) {
	return a.CustomerAt(ctx, actor, id, HistoryPlace{})
}

// CustomerAt is Customer with an older page of its orders and events.
func (a *App) CustomerAt(ctx context.Context, actor console.Actor, id string, at HistoryPlace) (r CustomerRecord, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return r, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if r.Customer, err = tx.Customer(ctx, actor.ConsoleID, id); err != nil {
			return found(err, "customer.not_found")
		}
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return err
		}
		if r.Subscriptions, err = subscriptionLines(ctx, tx, skus, actor.ConsoleID, id); err != nil {
			return err
		}
		orders, err := tx.Orders(ctx, actor.ConsoleID, id, at.Orders, historyShown+1)
		if err != nil {
			return err
		}
		orders, r.MoreOrders = page(orders)
		r.Orders = orderLines(skus, orders)
		if r.Passages, err = tx.Passages(ctx, actor.ConsoleID, id); err != nil {
			return err
		}
		if r.Customer.State == customer.Moved {
			if r.Move, err = moveOf(ctx, tx, r.Customer); err != nil {
				return err
			}
		}
		events, err := tx.CustomerEvents(ctx, actor.ConsoleID, id, at.Events, historyShown+1)
		r.Events, r.MoreEvents = page(events)
		return err
	})
	return r, err
}

func skusByID(ctx context.Context, tx *store.Tx) (map[string]catalog.SKU, error) {
	list, err := tx.SKUs(ctx)
	byID := make(map[string]catalog.SKU, len(list))
	for _, s := range list {
		byID[s.ID] = s
	}
	return byID, err
}

func accountsByID(ctx context.Context, tx *store.Tx, consoleID string) (map[string]billing.Account, error) {
	list, err := tx.BillingAccounts(ctx, consoleID)
	byID := make(map[string]billing.Account, len(list))
	for _, a := range list {
		byID[a.ID] = a
	}
	return byID, err
}

func subscriptionLines(ctx context.Context, tx *store.Tx, skus map[string]catalog.SKU, consoleID, customerID string) ([]SubscriptionLine, error) {
	accounts, err := accountsByID(ctx, tx, consoleID)
	if err != nil {
		return nil, err
	}
	list, err := tx.Subscriptions(ctx, consoleID, customerID)
	lines := make([]SubscriptionLine, len(list))
	for i, s := range list {
		lines[i] = SubscriptionLine{Subscription: s, SKU: skus[s.SKUID], RenewalSKU: skus[s.RenewalSKUID], Account: accounts[s.BillingAccountID]}
	}
	return lines, err
}

// page returns what a page of history shows of a list that was asked for one row more.
func page[T any](list []T) (shown []T, more bool) {
	return list[:min(len(list), historyShown)], len(list) > historyShown
}

func orderLines(skus map[string]catalog.SKU, list []customer.Order) []OrderLine {
	lines := make([]OrderLine, len(list))
	for i, o := range list {
		lines[i] = OrderLine{Order: o, SKU: skus[o.SKUID]}
	}
	return lines
}

func moveOf(ctx context.Context, tx *store.Tx, c customer.Customer) (*Move, error) {
	var m Move
	var err error
	if m.Went, err = tx.WentTo(ctx, c.ConsoleID, c.MovedBy); err != nil {
		return nil, err
	}
	m.Entities, err = tx.MovedEntities(ctx, c.ConsoleID, c.MovedBy)
	return &m, err
}
