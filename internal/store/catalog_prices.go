package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// Prices returns what all offers cost, with what they are going to cost and did.
func (tx *Tx) Prices(ctx context.Context) (p catalog.Prices, err error) {
	if p.Offers, err = tx.Offers(ctx); err != nil {
		return p, err
	}
	p.Steps, err = all(ctx, tx, func(r Rows) (s catalog.Step, err error) {
		err = r.Scan(&s.SKUID, &s.Plan, &s.Currency, &s.From, &s.Price.Num, &s.Price.Den)
		return s, err
	}, `SELECT sku_id, plan, currency, from_date, price_num, price_den FROM offer_prices ORDER BY from_date, sku_id, plan, currency`)
	return p, err
}

// PutPriceStep adds a step, or changes the price of the one of that day.
func (tx *Tx) PutPriceStep(ctx context.Context, s catalog.Step) error {
	return insertAll(ctx, tx, "offer_prices", []catalog.Step{s}, func(s catalog.Step) map[string]any {
		return map[string]any{
			"sku_id": s.SKUID, "plan": s.Plan, "currency": s.Currency, "from_date": s.From,
			"price_num": s.Price.Num, "price_den": s.Price.Den,
		}
	}, `ON CONFLICT (sku_id, plan, currency, from_date) DO UPDATE SET price_num = excluded.price_num, price_den = excluded.price_den`)
}

// PricedConsoles returns the consoles whose subscriptions have not taken all prices up to a date.
func (tx *Tx) PricedConsoles(ctx context.Context, until civil.Date) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT id FROM consoles WHERE priced_to < $1
		AND EXISTS (SELECT 1 FROM offer_prices WHERE from_date > priced_to AND from_date <= $1) ORDER BY id`, until)
}

// PricedTo returns the date up to which the subscriptions of a console have taken the prices that hold from a date on.
func (tx *Tx) PricedTo(ctx context.Context, consoleID string) (civil.Date, error) {
	return one(ctx, tx, scalar[civil.Date], `SELECT priced_to FROM consoles WHERE id = $1`, consoleID)
}

// SetPricedTo stores that date.
func (tx *Tx) SetPricedTo(ctx context.Context, consoleID string, to civil.Date) error {
	_, err := tx.exec(ctx, `UPDATE consoles SET priced_to = $2 WHERE id = $1 AND priced_to < $2`, consoleID, to)
	return err
}

// whoPays asks for the subscriptions of console $1 that pay the price $5/$6 for SKU $2 on plan $3 in currency $4.
const whoPays = `WHERE console_id = $1 AND sku_id = $2 AND plan = $3 AND currency = $4 AND price_num * $6 = $5 * price_den
	AND moved = 0 AND state <> 'CANCELLED' `

func paying(consoleID string, o catalog.Offer, price money.Price, more ...any) []any {
	return append([]any{consoleID, o.SKUID, o.Plan, o.Currency, price.Num, price.Den}, more...)
}

// CountPaying returns how many subscriptions of a console pay a price for an offer.
func (tx *Tx) CountPaying(ctx context.Context, consoleID string, o catalog.Offer, price money.Price) (int64, error) {
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM subscriptions `+whoPays, paying(consoleID, o, price)...)
}

// Paying returns the next subscriptions of a console, after an ID, that pay a price for an offer.
func (tx *Tx) Paying(ctx context.Context, consoleID string, o catalog.Offer, price money.Price, after string, limit int) ([]customer.Subscription, error) {
	return all(ctx, tx, scanSubscription, selectSubscription+whoPays+`AND id > $7 ORDER BY id LIMIT $8`,
		paying(consoleID, o, price, after, limit)...)
}

// Reprice has subscriptions of one console pay the price of a step from its date on, instead of another.
func (tx *Tx) Reprice(ctx context.Context, list []customer.Subscription, s catalog.Step, was money.Price) error {
	if len(list) == 0 {
		return nil
	}
	if err := tx.TouchMonth(ctx, list[0].ConsoleID, s.From); err != nil {
		return err
	}
	for i := range list {
		list[i].Price = s.Price
	}
	return tx.storeSubscriptions(ctx, list, s.From, func(held []billing.Segment, _ billing.Segment, on civil.Date) ([]civil.Date, []billing.Segment) {
		return billing.Reprice(held, on, was, s.Price)
	})
}

// PayingTerm is how many subscriptions of a console pay a price for an offer whose terms end on one day.
type PayingTerm struct {
	TermEnd civil.Date // 0: they have no term
	Renewal customer.RenewalKind
	Count   int64
	Seats   int64 // that are billed, as many as there will be after the term
}

// PayingTerms returns who pays a price for an offer by the end of the term and what happens then.
func (tx *Tx) PayingTerms(ctx context.Context, consoleID string, o catalog.Offer, price money.Price) ([]PayingTerm, error) {
	return all(ctx, tx, func(r Rows) (p PayingTerm, err error) {
		err = r.Scan(&p.TermEnd, &p.Renewal, &p.Count, &p.Seats)
		return p, err
	}, `SELECT term_end, renewal, count(*), CAST(sum(CASE WHEN channel = 'OFFLINE' OR (state = 'SUSPENDED' AND plan = 'FLEXIBLE') THEN 0
			WHEN renewal_seats > 0 THEN renewal_seats ELSE seats END) AS bigint)
		FROM subscriptions `+whoPays+`GROUP BY term_end, renewal ORDER BY term_end, renewal`, paying(consoleID, o, price)...)
}
