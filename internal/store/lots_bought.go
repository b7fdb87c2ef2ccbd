package store

import (
	"context"
	"fmt"
	"strings"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
)

// buyLots charges what changed subscriptions of one console buy of the prepaid plan on a date; was are they as they were before.
func (tx *Tx) buyLots(ctx context.Context, was map[string]customer.Subscription, list []customer.Subscription, on civil.Date) error {
	var ids []string
	for _, s := range list {
		if billing.Prepaid(s) {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	bought, err := tx.lotsOf(ctx, list[0].ConsoleID, ids)
	if err != nil {
		return err
	}
	var lots []heldLot
	for _, s := range list {
		for _, p := range billing.Buys(was[s.ID], s, on, bought[s.ID].paidTo(s.TermEnd)) {
			lot, err := p.Lot(bought[s.ID].next(s, p.Period.From), s)
			if err != nil {
				return err
			}
			lots = append(lots, heldLot{s, lot, p.As, p.Period.From.Month(), p.Upgrade})
			bought[s.ID] = append(bought[s.ID], boughtLot{lot.Period, 0})
		}
	}
	return tx.insertLots(ctx, lots)
}

// boughtLot is what is asked of a lot when others are bought.
type boughtLot struct {
	period civil.Period
	seats  int64 // that it pays for; 0 of an upgrade
}

// boughtLots are those of a subscription.
type boughtLots []boughtLot

// lotsOf returns the lots of subscriptions that the console holds. What has not ended always is where the subscription is.
func (tx *Tx) lotsOf(ctx context.Context, consoleID string, ids []string) (map[string]boughtLots, error) {
	lots := map[string]boughtLots{}
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var l boughtLot
		err := r.Scan(&id, &l.period.From, &l.period.To, &l.seats)
		lots[id] = append(lots[id], l)
		return struct{}{}, err
	}, `SELECT subscription_id, from_date, to_date, CASE upgrade WHEN 1 THEN 0 ELSE seats END FROM lots WHERE console_id = $1 AND held_to = $3
		AND subscription_id IN (SELECT value->>'id' `+each("$2")+`)`, consoleID, idList(ids), civil.Forever)
	return lots, err
}

// paidTo returns how many seats are paid for to the end of a term.
func (l boughtLots) paidTo(end civil.Date) (seats int64) {
	for _, lot := range l {
		if lot.period.To == end {
			seats += lot.seats
		}
	}
	return seats
}

// next names the next lot of a subscription that begins on a date: by the date, and from the second on by a number.
func (l boughtLots) next(s customer.Subscription, from civil.Date) string {
	id := "lot_" + strings.TrimPrefix(s.ID, "sub_") + "-" + strings.ReplaceAll(from.String(), "-", "")
	n := 1
	for _, lot := range l {
		if lot.period.From == from {
			n++
		}
	}
	if n == 1 {
		return id
	}
	return fmt.Sprintf("%s-%d", id, n)
}
