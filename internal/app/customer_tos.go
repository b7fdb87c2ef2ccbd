package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// RecordTOS records that the customer accepted the terms of service; that it did so before is no error.
func (a *App) RecordTOS(ctx context.Context, actor console.Actor, customerID string) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(ctx, actor.ConsoleID, customerID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		if err := c.CheckLive(); err != nil {
			return err
		}
		if !c.TOSAcceptedAt.IsZero() {
			return nil
		}
		c.TOSAcceptedAt = now
		if ok, err := tx.AcceptTOS(ctx, c); err != nil || !ok {
			return orTooLate(err)
		}
		if err := a.record(ctx, tx, now, actor, entry{
			Action: "customer.tos_accepted", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name},
		}); err != nil {
			return err
		}
		return a.evaluateCustomers(ctx, tx, now, actor.ConsoleID, []string{c.ID})
	})
}
