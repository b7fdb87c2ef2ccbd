package app

import (
	"context"
	"slices"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// OfferLine is an offer with what is sold. A trial is free for as long as the product says, and then what the offer says.
type OfferLine struct {
	catalog.Offer

	SKU   catalog.SKU
	Trial bool
}

// Offers lists what the actor's console may sell, at what it costs on the present billing date.
func (a *App) Offers(ctx context.Context, actor console.Actor) (list []OfferLine, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = a.offers(ctx, tx, actor.ConsoleID)
		return err
	})
	return list, err
}

func (a *App) offers(ctx context.Context, tx *store.Tx, consoleID string) (list []OfferLine, err error) {
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return nil, err
	}
	granted, err := tx.AuthorizedSKUs(ctx, consoleID)
	if err != nil {
		return nil, err
	}
	prices, err := tx.Prices(ctx)
	for _, o := range prices.At(a.billingDate(a.Clock.Now())) {
		if granted[o.SKUID].IsZero() {
			continue
		}
		l := OfferLine{Offer: o, SKU: skus[o.SKUID]}
		list = append(list, l)
		if l.SKU.TrialDays > 0 {
			l.Trial = true
			list = append(list, l)
		}
	}
	return list, err
}

// OffersToBuy lists what can be bought for a customer now, to be paid by the account; empty: by any of the console's.
func (a *App) OffersToBuy(ctx context.Context, actor console.Actor, customerID, accountID string) (list []OfferLine, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		if err := free(ctx, tx, actor.ConsoleID, customerID); err != nil {
			return err
		}
		accounts, err := tx.BillingAccounts(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		offers, err := a.offers(ctx, tx, actor.ConsoleID)
		for _, o := range offers {
			payer, ok := payerOf(o, accounts, accountID)
			if !ok {
				continue
			}
			_, err := a.bought(ctx, tx, actor, Purchase{
				CustomerID: customerID, SKUID: o.SKUID, Plan: o.Plan, Seats: 1, AccountID: payer.ID, Trial: o.Trial,
			}, now)
			if list, err = unlessRefused(list, o, err); err != nil {
				return err
			}
		}
		return err
	})
	return list, err
}

// OffersToBecome lists what a subscription can be changed to now, its present offer left out.
func (a *App) OffersToBecome(ctx context.Context, actor console.Actor, subscriptionID string) (list []OfferLine, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	on := a.billingDate(a.Clock.Now())
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		s, err := tx.Subscription(ctx, actor.ConsoleID, subscriptionID)
		if err != nil {
			return found(err, "subscription.not_found")
		}
		if err := free(ctx, tx, actor.ConsoleID, s.CustomerID); err != nil {
			return err
		}
		prices, err := tx.Prices(ctx)
		if err != nil {
			return err
		}
		offers, err := a.offers(ctx, tx, actor.ConsoleID)
		for _, o := range offers {
			if o.Trial || o.Currency != s.Currency {
				continue
			}
			is, err := changed(ctx, tx, s, Change{Action: ChangeOffer, SKUID: o.SKUID, Plan: o.Plan}, on, prices)
			if err == nil && is == s {
				continue
			}
			if list, err = unlessRefused(list, o, err); err != nil {
				return err
			}
		}
		return err
	})
	return list, err
}

// free refuses a customer whose subscriptions cannot be changed now.
func free(ctx context.Context, tx *store.Tx, consoleID, customerID string) error {
	c, err := tx.Customer(ctx, consoleID, customerID)
	if err != nil {
		return found(err, "customer.not_found")
	}
	return c.CheckFree()
}

// payerOf returns the account that would pay for an offer: the one that is asked for, or else the oldest that can.
func payerOf(o OfferLine, accounts []billing.Account, asked string) (billing.Account, bool) {
	i := slices.IndexFunc(accounts, func(b billing.Account) bool {
		return b.Usable() && b.Group == o.SKU.Group && b.Currency == o.Currency && (asked == "" || b.ID == asked)
	})
	if i < 0 {
		return billing.Account{}, false
	}
	return accounts[i], true
}

// unlessRefused adds an offer to a list unless ordering it is refused.
func unlessRefused(list []OfferLine, o OfferLine, err error) ([]OfferLine, error) {
	switch {
	case err == nil:
		return append(list, o), nil
	case fault.KindOf(err) == fault.Internal:
		return nil, err
	default:
		return list, nil
	}
}

// PayerFor returns the account that would pay for an offer: the one that is asked for if its currency is the offer's, or else the oldest
// of the actor's console that can.
func (a *App) PayerFor(ctx context.Context, actor console.Actor, o catalog.Offer, asked string) (payer billing.Account, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return payer, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return err
		}
		accounts, err := tx.BillingAccounts(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		if _, known := skus[o.SKUID]; !known {
			return fault.InvalidField("sku", "order.sku_missing", nil)
		}
		var ok bool
		if payer, ok = payerOf(OfferLine{Offer: o, SKU: skus[o.SKUID]}, accounts, asked); !ok {
			return fault.InvalidField("account", "order.account_missing", nil)
		}
		return nil
	})
	return payer, err
}
