package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
)

// segmentRow is a row of a subscription's history, of its own console.
type segmentRow struct {
	customer.Subscription
	billing.Segment

	seq int64
}

func (tx *Tx) insertSegments(ctx context.Context, list []segmentRow) error {
	return insertAll(ctx, tx, "segments", list, segmentRow.row, "")
}

// endSegments stores where rows that are there end. As an upsert it finds each by its key, where an UPDATE .. FROM would have
// SQLite go through all rows of the console.
func (tx *Tx) endSegments(ctx context.Context, list []segmentRow) error {
	return insertAll(ctx, tx, "segments", list, segmentRow.row,
		"ON CONFLICT (console_id, subscription_id, seq) DO UPDATE SET to_date = excluded.to_date")
}

func (r segmentRow) row() map[string]any {
	g := r.Segment
	return map[string]any{
		"console_id": r.ConsoleID, "subscription_id": r.ID, "seq": r.seq, "customer_id": r.CustomerID,
		"billing_account_id": g.AccountID, "from_date": g.Period.From, "to_date": g.Period.To, "sku_id": g.SKUID, "plan": g.Plan,
		"state": g.State, "suspension_reason": g.Suspension, "channel": g.Channel,
		"seats": g.Seats, "price_num": g.Price.Num, "price_den": g.Price.Den, "migration_id": "",
	}
}

// continuing is billing.Continue or billing.ContinueRenewed.
type continuing func(held []billing.Segment, now billing.Segment, on civil.Date) ([]civil.Date, []billing.Segment)

// continueSegments has subscriptions of one console billed as what they are by now.
func (tx *Tx) continueSegments(ctx context.Context, list []customer.Subscription, on civil.Date, as continuing) error {
	known, err := tx.segmentsFrom(ctx, list, on)
	if err != nil {
		return err
	}
	var ended, added []segmentRow
	for _, s := range list {
		var rows []segmentRow
		var held []billing.Segment
		last := int64(0)
		for _, r := range known[s.ID] {
			last = r.seq
			if r.Period.To > on && !r.Period.Empty() && !r.Carried {
				rows, held = append(rows, r), append(held, r.Segment)
			}
		}
		ends, more := as(held, billing.SegmentOf(s, s.StartDate), on)
		for i, end := range ends {
			if r := rows[i]; r.Period.To != end {
				r.Subscription, r.Period.To = s, end
				ended = append(ended, r)
			}
		}
		for _, g := range more {
			last++
			added = append(added, segmentRow{s, g, last})
		}
	}
	if err := tx.endSegments(ctx, ended); err != nil {
		return err
	}
	return tx.insertSegments(ctx, added)
}

// segmentsFrom returns, by subscription and in the order in which they were written, the rows that reach beyond a date, and always
// the last one.
func (tx *Tx) segmentsFrom(ctx context.Context, list []customer.Subscription, on civil.Date) (map[string][]segmentRow, error) {
	rows := map[string][]segmentRow{}
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var g segmentRow
		var carried int64
		err := r.Scan(&g.ID, &g.seq, &g.AccountID, &g.Period.From, &g.Period.To, &g.Segment.SKUID, &g.Segment.Plan, &g.Segment.State, &g.Suspension,
			&g.Segment.Channel, &g.Segment.Seats, &g.Segment.Price.Num, &g.Segment.Price.Den, &carried)
		g.Owner.ConsoleID, g.Carried = list[0].ConsoleID, carried == 1
		rows[g.ID] = append(rows[g.ID], g)
		return struct{}{}, err
	}, `SELECT g.subscription_id, g.seq, g.billing_account_id, g.from_date, g.to_date, g.sku_id, g.plan, g.state, g.suspension_reason, g.channel,
			g.seats, g.price_num, g.price_den, g.carried FROM segments g
		WHERE g.console_id = $1 AND g.subscription_id IN (SELECT value->>'id' `+each("$2")+`) AND (g.to_date > $3 OR g.seq =
			(SELECT max(l.seq) FROM segments l WHERE l.console_id = $1 AND l.subscription_id = g.subscription_id))
		ORDER BY g.subscription_id, g.seq`, list[0].ConsoleID, idList(idsOf(list)), on)
	return rows, err
}
