package store

import (
	"context"

	"psc/internal/catalog"
)

// skuBlock is a block with the SKU it belongs to.
type skuBlock struct {
	skuID string
	catalog.Block
}

// PutSKUs adds SKUs, or changes those that are there, with exactly their blocks.
func (tx *Tx) PutSKUs(ctx context.Context, list []catalog.SKU) error {
	ids := make([]string, len(list))
	var blocks []skuBlock
	for i, s := range list {
		ids[i] = s.ID
		for _, b := range s.Blocks {
			blocks = append(blocks, skuBlock{s.ID, b})
		}
	}
	if err := insertAll(ctx, tx, "skus", list, func(s catalog.SKU) map[string]any {
		return map[string]any{
			"id": s.ID, "product": s.Product, "name": s.Name, "product_group": s.Group, "add_on": flag(s.AddOn),
			"edition": s.Edition, "edition_seats": s.EditionSeats, "trial_days": s.TrialDays,
		}
	}, `ON CONFLICT (id) DO UPDATE SET product = excluded.product, name = excluded.name,
		product_group = excluded.product_group, add_on = excluded.add_on, edition = excluded.edition,
		edition_seats = excluded.edition_seats, trial_days = excluded.trial_days`); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM sku_blocks WHERE sku_id IN (SELECT value->>'id' FROM json_each($1))`,
		idList(ids)); err != nil {
		return err
	}
	return insertAll(ctx, tx, "sku_blocks", blocks, func(b skuBlock) map[string]any {
		return map[string]any{"sku_id": b.skuID, "plan": b.Plan, "code": b.Code}
	}, "")
}

// SKUs returns the catalogue by product and name, each SKU with its blocks.
func (tx *Tx) SKUs(ctx context.Context) ([]catalog.SKU, error) {
	list, err := all(ctx, tx, func(r Rows) (s catalog.SKU, err error) {
		var addOn int64
		err = r.Scan(&s.ID, &s.Product, &s.Name, &s.Group, &addOn, &s.Edition, &s.EditionSeats, &s.TrialDays)
		s.AddOn = addOn == 1
		return s, err
	}, `SELECT id, product, name, product_group, add_on, edition, edition_seats, trial_days FROM skus ORDER BY product, name, id`)
	if err != nil {
		return nil, err
	}
	blocks, err := all(ctx, tx, func(r Rows) (b skuBlock, err error) {
		err = r.Scan(&b.skuID, &b.Plan, &b.Code)
		return b, err
	}, `SELECT sku_id, plan, code FROM sku_blocks ORDER BY sku_id, plan`)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(list))
	for i, s := range list {
		at[s.ID] = i
	}
	for _, b := range blocks {
		s := &list[at[b.skuID]]
		s.Blocks = append(s.Blocks, b.Block)
	}
	return list, nil
}

// PutOffers adds offers, or changes the prices of those that are there.
func (tx *Tx) PutOffers(ctx context.Context, list []catalog.Offer) error {
	return insertAll(ctx, tx, "offers", list, func(o catalog.Offer) map[string]any {
		return map[string]any{
			"sku_id": o.SKUID, "plan": o.Plan, "currency": o.Currency, "price_num": o.Price.Num, "price_den": o.Price.Den,
		}
	}, `ON CONFLICT (sku_id, plan, currency) DO UPDATE SET price_num = excluded.price_num, price_den = excluded.price_den`)
}

// Offers returns all offers of the catalogue.
func (tx *Tx) Offers(ctx context.Context) ([]catalog.Offer, error) {
	return all(ctx, tx, func(r Rows) (o catalog.Offer, err error) {
		err = r.Scan(&o.SKUID, &o.Plan, &o.Currency, &o.Price.Num, &o.Price.Den)
		return o, err
	}, `SELECT sku_id, plan, currency, price_num, price_den FROM offers ORDER BY sku_id, plan, currency`)
}

// skuNames returns what the products are called, by ID.
func (tx *Tx) skuNames(ctx context.Context) (map[string]string, error) {
	names := map[string]string{}
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id, name string
		err := r.Scan(&id, &name)
		names[id] = name
		return struct{}{}, err
	}, `SELECT id, name FROM skus`)
	return names, err
}
