package app

import (
	"context"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/store"
)

// BillingAccounts lists the billing accounts of the actor's console, the oldest first. Whoever sees subscriptions sees
// who pays for them.
func (a *App) BillingAccounts(ctx context.Context, actor console.Actor) (list []billing.Account, err error) {
	if err := actor.May(console.Billing, console.ViewCustomers); err != nil {
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
	if err := actor.May(console.Billing, console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.LegalEntities(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}
