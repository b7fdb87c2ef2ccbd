package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// EarlierOrders returns the orders that a customer of the actor's console had in the consoles it moved from, where these
// let the main read them, each up to the move (spec M9).
func (a *App) EarlierOrders(ctx context.Context, actor console.Actor, customerID string, limit int) (orders []OrderLine, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		orders = nil
		c, err := tx.Customer(ctx, actor.ConsoleID, customerID)
		if err != nil || c.State != customer.Live {
			return found(err, "customer.not_found")
		}
		connections, err := tx.Connections(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return err
		}
		for _, con := range connections {
			if con.MainID != actor.ConsoleID || !con.SharesOrders {
				continue
			}
			earlier, err := tx.EarlierOrders(ctx, con.MainID, con.SourceID, con.ID, customerID, limit)
			if err != nil {
				return err
			}
			for _, o := range earlier {
				orders = append(orders, OrderLine{o, skus[o.SKUID]})
			}
		}
		return nil
	})
	return orders, err
}
