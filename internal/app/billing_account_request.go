package app

import (
	"context"

	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// RequestBillingAccount asks the people of the console who may, to open a billing account (spec M3). While a
// request stands open, asking again tells nobody anything.
func (a *App) RequestBillingAccount(ctx context.Context, actor console.Actor, currency money.Currency, group catalog.ProductGroup) error {
	if err := actor.May(console.AddCustomers); err != nil {
		return err
	}
	if !currency.Valid() {
		return fault.InvalidField("currency", "billing_account.currency_unknown", nil)
	}
	if !group.Valid() {
		return fault.InvalidField("product_group", "billing_account.group_unknown", nil)
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		about := string(currency) + "&product_group=" + string(group)
		told, err := a.request(ctx, tx, now, store.Notice{
			ConsoleID: actor.ConsoleID, Kind: "billing_account.requested", Audience: console.Billing,
			Dedupe: "billing_account.requested/" + about,
			Data: map[string]string{
				"Person": actor.Name, "Currency": string(currency), "Group": group.Name(),
				"Path": "/billing/new?currency=" + about,
			},
		})
		if err != nil || !told {
			return err
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "billing_account.requested", Subject: actor.ConsoleID,
			Data: map[string]string{"Currency": string(currency), "Group": group.Name()},
		})
	})
}
