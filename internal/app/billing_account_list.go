package app

import (
	"context"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/store"
)

// BillingAccounts lists the billing accounts of the actor's console, the oldest first, for who keeps them and who
// chooses among them for an order. Others read with a subscription who pays for it.
func (a *App) BillingAccounts(ctx context.Context, actor console.Actor) (list []billing.Account, err error) {
	if err := actor.May(console.Billing, console.AddCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.BillingAccounts(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}

// LegalEntities lists the companies of the reseller of the actor's console.
func (a *App) LegalEntities(ctx context.Context, actor console.Actor) (list []billing.LegalEntity, err error) {
	if err := actor.May(console.Billing, console.AddCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.LegalEntities(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}
