package app

import (
	"context"
	"errors"

	"psc/internal/console"
	"psc/internal/store"
)

// DeleteCustomer takes a customer that has no subscriptions any more out of the console's customers. Its record stays to be read, and
// its domain is free. Refused while the customer moves (spec M7).
func (a *App) DeleteCustomer(ctx context.Context, actor console.Actor, id string) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := touch(ctx, tx, actor.ConsoleID, id, byReseller)
		if err != nil {
			return err
		}
		subs, err := tx.Subscriptions(ctx, actor.ConsoleID, id)
		if err != nil {
			return err
		}
		orders, err := tx.Orders(ctx, actor.ConsoleID, id, "", ordersSearched)
		if err != nil {
			return err
		}
		if err := c.CheckDelete(subs, orders); err != nil {
			return err
		}
		if ok, err := tx.DeleteCustomer(ctx, actor.ConsoleID, id, now); err != nil || !ok {
			return orTooLate(err)
		}
		return errors.Join(
			a.record(ctx, tx, now, actor, entry{
				Action: "customer.deleted", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name},
			}),
			evaluateNamesakes(ctx, tx, now, actor.ConsoleID, "", []string{id}),
		)
	})
}
