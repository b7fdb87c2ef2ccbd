package store

import (
	"context"
	"time"
)

// GrantSKUs lets a console sell the SKUs; it returns how many of them it could not sell before.
func (tx *Tx) GrantSKUs(ctx context.Context, consoleID string, skuIDs []string, at time.Time) (int64, error) {
	return tx.exec(ctx, `INSERT INTO sku_authorizations (console_id, sku_id, granted_at)
		SELECT $1, value->>'id', $3 FROM json_each($2) WHERE true ON CONFLICT (console_id, sku_id) DO NOTHING`,
		consoleID, idList(skuIDs), micros(at))
}

// AuthorizedSKUs returns since when a console may sell which SKUs.
func (tx *Tx) AuthorizedSKUs(ctx context.Context, consoleID string) (map[string]time.Time, error) {
	type grant struct {
		skuID string
		at    int64
	}
	list, err := all(ctx, tx, func(r Rows) (g grant, err error) {
		err = r.Scan(&g.skuID, &g.at)
		return g, err
	}, `SELECT sku_id, granted_at FROM sku_authorizations WHERE console_id = $1`, consoleID)
	granted := make(map[string]time.Time, len(list))
	for _, g := range list {
		granted[g.skuID] = instant(g.at)
	}
	return granted, err
}
