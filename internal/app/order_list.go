package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// Order returns an order of the actor's console.
func (a *App) Order(ctx context.Context, actor console.Actor, id string) (o customer.Order, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return o, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		o, err = tx.Order(ctx, actor.ConsoleID, id)
		return found(err, "order.not_found")
	})
	return o, err
}

// OrderFilter says which of a console's orders are asked for.
type OrderFilter = store.OrderFilter

// Orders lists the orders of the actor's console that are asked for, the newest first, before one (empty: from the newest).
func (a *App) Orders(ctx context.Context, actor console.Actor, f OrderFilter, before string, limit int) (list []customer.Order, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.OrdersPage(ctx, actor.ConsoleID, f, before, limit)
		return err
	})
	return list, err
}
