package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// SKUAuthorization is a SKU, and since when the console may sell it.
type SKUAuthorization struct {
	catalog.SKU
	GrantedAt time.Time // zero: it may not
}

// SKUAuthorizations lists the whole catalogue with what the actor's console may sell.
func (a *App) SKUAuthorizations(ctx context.Context, actor console.Actor) (list []SKUAuthorization, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		skus, err := tx.SKUs(ctx)
		if err != nil {
			return err
		}
		granted, err := tx.AuthorizedSKUs(ctx, actor.ConsoleID)
		for _, s := range skus {
			list = append(list, SKUAuthorization{SKU: s, GrantedAt: granted[s.ID]})
		}
		return err
	})
	return list, err
}

// GrantSKUs lets the console in which the operator acts sell the SKUs; those that it sells already are no error.
func (a *App) GrantSKUs(ctx context.Context, actor console.Actor, skuIDs []string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		skus, err := skusByID(ctx, tx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(skuIDs, func(id string) bool { _, known := skus[id]; return !known }) {
			return fault.New(fault.NotFound, "sku.not_found", nil)
		}
		n, err := tx.GrantSKUs(ctx, actor.ConsoleID, skuIDs, now)
		if err != nil || n == 0 {
			return err
		}
		if err := a.record(ctx, tx, now, actor, entry{
			Action: "sku.granted", Subject: actor.ConsoleID,
			Data: map[string]string{"SKUs": strings.Join(names(skus, skuIDs), ", ")},
		}); err != nil {
			return err
		}
		return a.evaluateSources(ctx, tx, actor.ConsoleID)
	})
}

// names of the SKUs, for the audit trail.
func names(skus map[string]catalog.SKU, ids []string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = skus[id].Name
	}
	return list
}
