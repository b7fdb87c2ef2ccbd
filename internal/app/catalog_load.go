package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// Catalog lists what the vendor sells, for the operator.
func (a *App) Catalog(ctx context.Context, actor console.Actor) (items []catalog.Item, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		skus, err := tx.SKUs(ctx)
		if err != nil {
			return err
		}
		prices, err := tx.Prices(ctx)
		offers := prices.At(a.billingDate(a.Clock.Now()))
		items = make([]catalog.Item, len(skus))
		for i, s := range skus {
			items[i].SKU = s
			for _, o := range offers {
				if o.SKUID == s.ID {
					items[i].Offers = append(items[i].Offers, o)
				}
			}
		}
		return err
	})
	return items, err
}

// LoadCatalog adds SKUs with their prices, and brings those that are there up to date; what the list does not name stays.
// Prices of subscriptions do not change by it. With anything wrong, nothing is written.
func (a *App) LoadCatalog(ctx context.Context, actor console.Actor, items []catalog.Item) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		_, prices, err := a.catalogChange(ctx, tx, items)
		if err != nil {
			return err
		}
		return a.putCatalog(ctx, tx, now, actor, items, prices)
	})
}

// CatalogChange is what loading a catalogue changes.
type CatalogChange struct {
	New, Changed []catalog.SKU
	Same         int // SKUs that are as the file says, but perhaps for prices
	Prices       []PriceChange
}

// PriceChange is an offer that is new, or costs something else.
type PriceChange struct {
	catalog.Offer

	New bool
	Was money.Price
}

// PreviewCatalog returns what loading the list would change, and writes nothing. What is wrong in it is refused as loading it is.
func (a *App) PreviewCatalog(ctx context.Context, actor console.Actor, items []catalog.Item) (c CatalogChange, err error) {
	if err := actor.MayOperate(); err != nil {
		return c, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, _, err = a.catalogChange(ctx, tx, items)
		return err
	})
	return c, err
}

// catalogChange checks a list against the catalogue that is there and returns what it changes.
func (a *App) catalogChange(ctx context.Context, tx *store.Tx, items []catalog.Item) (c CatalogChange, prices catalog.Prices, err error) {
	there, err := skusByID(ctx, tx)
	if err != nil {
		return c, prices, err
	}
	if prices, err = tx.Prices(ctx); err != nil {
		return c, prices, err
	}
	today := a.billingDate(a.Clock.Now())
	wrong := slices.Concat(catalog.Check(items), steppedAlready(items, prices, today))
	for i, item := range items {
		was, ok := there[item.ID]
		switch {
		case !ok:
			c.New = append(c.New, item.SKU)
		case was.Group != item.Group:
			wrong = append(wrong, fault.Field{
				Name: fmt.Sprintf("skus[%d].product_group", i), Key: "catalog.group_changed",
				Args: fault.Args{"SKU": item.ID, "Group": string(was.Group)},
			})
		case was.Same(item.SKU):
			c.Same++
		default:
			c.Changed = append(c.Changed, item.SKU)
		}
		for _, o := range item.Offers {
			o.SKUID = item.ID
			if price, ok := prices.On(o, today); !ok || !price.Equal(o.Price) {
				c.Prices = append(c.Prices, PriceChange{Offer: o, New: !ok, Was: price})
			}
		}
	}
	if len(wrong) > 0 {
		return c, prices, InvalidCatalog(wrong)
	}
	return c, prices, nil
}

// steppedAlready finds the offers that cost something else than the file says, and that since a date: only another date changes them.
func steppedAlready(items []catalog.Item, prices catalog.Prices, today civil.Date) (wrong []fault.Field) {
	for i, item := range items {
		for j, o := range item.Offers {
			o.SKUID = item.ID
			if price, _ := prices.On(o, today); prices.Stepped(o) && !price.Equal(o.Price) {
				wrong = append(wrong, fault.Field{
					Name: fmt.Sprintf("skus[%d].offers[%d].price", i, j), Key: "catalog.stepped",
					Args: fault.Args{"Value": price.In(o.Currency)},
				})
			}
		}
	}
	return wrong
}

// InvalidCatalog refuses a catalogue with everything that is wrong in it.
func InvalidCatalog(wrong []fault.Field) error {
	return &fault.Error{Kind: fault.Invalid, Key: "catalog.invalid", Args: fault.Args{"Count": len(wrong)}, Fields: wrong}
}

func (a *App) putCatalog(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, items []catalog.Item, prices catalog.Prices) error {
	skus := make([]catalog.SKU, len(items))
	var offers []catalog.Offer
	for i, item := range items {
		skus[i] = item.SKU
		for _, o := range item.Offers {
			if o.SKUID = item.ID; !prices.Stepped(o) {
				offers = append(offers, o)
			}
		}
	}
	if err := tx.PutSKUs(ctx, skus); err != nil {
		return err
	}
	if err := tx.PutOffers(ctx, offers); err != nil {
		return err
	}
	consoles, err := consolesOf(ctx, tx, "")
	if err != nil {
		return err
	}
	if err := a.recordIn(ctx, tx, now, actor, consoles, entry{
		Action: "catalog.loaded", Subject: "catalog", Data: map[string]string{"SKUs": count(int64(len(skus)))},
	}); err != nil {
		return err
	}
	for _, id := range consoles { // what may migrate can have changed
		if err := a.evaluateSources(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}
