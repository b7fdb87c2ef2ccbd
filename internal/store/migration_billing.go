package store

import "psc/internal/civil"

// billingSteps are the statements that give the subscriptions of the items to the main from billing date d: billing.Move and
// billing.Transfer, for a whole chunk at once (spec B2 to B4). The main's rows of the subscriptions are there already. The
// last owner on a date owns it: who has a row that begins on d and loses it again keeps an empty one.
func billingSteps(mainID, sourceID, list string, d civil.Date) []step {
	month := d.Month().First()
	var steps []step
	if month < d {
		steps = []step{{carrySegmentsSQL, []any{mainID, sourceID, list, d, month}}}
	}
	return append(
		steps,
		step{openSegmentsSQL, []any{mainID, sourceID, list, d}},
		step{closeSegmentsSQL, []any{sourceID, list, d}},
		step{purchaseOfTheDaySQL, []any{mainID, sourceID, list, d, civil.Forever}},
		step{dropPurchaseOfTheDaySQL, []any{sourceID, list, d, civil.Forever}},
		step{creditLotsSQL, []any{mainID, sourceID, list, d, civil.Forever, month}},
		step{chargeLotsSQL, []any{mainID, sourceID, list, d, civil.Forever, month}},
		step{releaseMovedSQL, []any{mainID, sourceID, list, d, civil.Forever}},
		step{bookCreditsSQL, []any{mainID, sourceID, list, d, civil.Forever}},
		step{bookChargesSQL, []any{mainID, sourceID, list, d, civil.Forever}},
		step{openLotsSQL, []any{mainID, sourceID, list, d, civil.Forever}},
		step{closeLotsSQL, []any{sourceID, list, d, civil.Forever}},
	)
}

// movedSubs are the subscriptions of the items $3 with the account that the main $1 has chosen; $2 is the source. last are the
// highest numbers of the main's segments of them.
const movedSubs = `(SELECT value->>'m' AS m FROM json_each($3)) i
	JOIN migration_subscriptions x ON x.console_id = $2 AND x.migration_id = i.m
	JOIN subscriptions s ON s.console_id = $2 AND s.id = x.subscription_id AND s.moved = 0 AND s.state <> 'CANCELLED'`

const lastSegment = `LEFT JOIN (SELECT subscription_id, max(seq) AS seq FROM segments WHERE console_id = $1 AND subscription_id IN (
			SELECT y.subscription_id FROM migration_subscriptions y
			WHERE y.console_id = $2 AND y.migration_id IN (SELECT value->>'m' FROM json_each($3)))
		GROUP BY subscription_id) last ON last.subscription_id = g.subscription_id`

// carrySegmentsSQL brings what the source knows of the days of d's month before d; they are not billed at the main. Days of which
// the main has a row, of its own or brought by an earlier move, it knows already.
const carrySegmentsSQL = `INSERT INTO segments (console_id, subscription_id, seq, customer_id, billing_account_id, from_date,
		to_date, plan, state, suspension_reason, channel, seats, price_num, price_den, carried, migration_id)
	SELECT $1, g.subscription_id,
		COALESCE(last.seq, 0) + row_number() OVER (PARTITION BY g.subscription_id ORDER BY g.seq),
		g.customer_id, g.billing_account_id,
		CASE WHEN g.from_date > $5 THEN g.from_date ELSE CAST($5 AS bigint) END,
		CASE WHEN g.to_date < $4 THEN g.to_date ELSE CAST($4 AS bigint) END,
		g.plan, g.state, g.suspension_reason, g.channel, g.seats, g.price_num, g.price_den, 1, g.migration_id
	FROM ` + movedSubs + `
	JOIN segments g ON g.console_id = $2 AND g.subscription_id = x.subscription_id
		AND g.from_date < $4 AND g.to_date > $5 AND g.from_date < g.to_date
		AND NOT EXISTS (SELECT 1 FROM segments h WHERE h.console_id = $1 AND h.subscription_id = g.subscription_id
			AND h.from_date < h.to_date AND h.from_date <= CASE WHEN g.from_date > $5 THEN g.from_date ELSE $5 END
			AND h.to_date >= CASE WHEN g.to_date < $4 THEN g.to_date ELSE $4 END)
	` + lastSegment

// openSegmentsSQL gives the main the segments from d on: the open ones and, where seats were removed on d, the one of that day.
const openSegmentsSQL = `INSERT INTO segments (console_id, subscription_id, seq, customer_id, billing_account_id, from_date,
		to_date, plan, state, suspension_reason, channel, seats, price_num, price_den, carried, migration_id)
	SELECT $1, g.subscription_id,
		COALESCE(last.seq, 0) + row_number() OVER (PARTITION BY g.subscription_id ORDER BY g.seq), g.customer_id, x.to_account_id,
		CASE WHEN g.from_date > $4 THEN g.from_date ELSE CAST($4 AS bigint) END, g.to_date,
		g.plan, g.state, g.suspension_reason, g.channel, g.seats, g.price_num, g.price_den, 0, x.migration_id
	FROM ` + movedSubs + `
	JOIN segments g ON g.console_id = $2 AND g.subscription_id = x.subscription_id AND g.to_date > $4 AND g.from_date < g.to_date
	` + lastSegment

const closeSegmentsSQL = `UPDATE segments SET to_date = CASE WHEN from_date > $3 THEN from_date ELSE CAST($3 AS bigint) END
	WHERE console_id = $1 AND to_date > $3 AND subscription_id IN (SELECT y.subscription_id FROM migration_subscriptions y
		JOIN subscriptions s ON s.console_id = $1 AND s.id = y.subscription_id AND s.moved = 0 AND s.state <> 'CANCELLED'
		WHERE y.console_id = $1 AND y.migration_id IN (SELECT value->>'m' FROM json_each($2)))`

// heldLots are the lots of what moves that the source holds and that have not ended on d.
const heldLots = movedSubs + `
	JOIN lots l ON l.console_id = $2 AND l.subscription_id = x.subscription_id AND l.held_to = $5 AND l.to_date > $4`

const chargeColumns = `id, billing_account_id, invoice_month, line_type, customer_id, subscription_id, lot_id, migration_id,
	counterparty_id, from_date, to_date, per_days, seats, price_num, price_den, currency, amount, supplied_date`

// purchaseOfTheDaySQL gives the main the purchase of a lot that begins on d or later: a renewal on d is the main's alone
// (spec B5).
const purchaseOfTheDaySQL = `INSERT INTO charges (console_id, ` + chargeColumns + `)
	SELECT $1, c.id, x.to_account_id, c.invoice_month, c.line_type, c.customer_id, c.subscription_id, c.lot_id, x.migration_id,
		c.counterparty_id, c.from_date, c.to_date, c.per_days, c.seats, c.price_num, c.price_den, c.currency, c.amount, c.supplied_date
	FROM ` + heldLots + ` AND l.from_date >= $4
	JOIN charges c ON c.console_id = $2 AND c.lot_id = l.id AND c.line_type IN ('COMMITMENT', 'RENEWAL')`

const dropPurchaseOfTheDaySQL = `DELETE FROM charges WHERE console_id = $1 AND line_type IN ('COMMITMENT', 'RENEWAL')
	AND from_date >= $3 AND lot_id IN (SELECT l.id FROM lots l WHERE l.console_id = $1 AND l.from_date >= $3 AND l.held_to = $4
		AND l.subscription_id IN (SELECT y.subscription_id FROM migration_subscriptions y
			WHERE y.console_id = $1 AND y.migration_id IN (SELECT value->>'m' FROM json_each($2))))`

// lotValueAt is V(t) = R(X * (e-t)/(e-a)), half away from zero (spec B4); the schema bounds X so that nothing overflows.
func lotValueAt(t string) string {
	return `(2 * l.charged * (l.to_date - ` + t + `) + (l.to_date - l.from_date)) / (2 * (l.to_date - l.from_date))`
}

// creditLotsSQL credits what the source paid for when it bought the lot or, after an earlier move, when it received it.
var creditLotsSQL = `INSERT INTO charges (console_id, ` + chargeColumns + `)
	SELECT $2, x.migration_id || '/' || l.id || '/credit', l.billing_account_id, CAST($6 AS bigint), 'TRANSFER_CREDIT',
		l.customer_id, l.subscription_id, l.id, x.migration_id, $1, CAST($4 AS bigint), l.to_date, l.to_date - l.from_date,
		l.seats, l.charged, l.seats, l.currency, -(` + lotValueAt(`$4`) + `),
		CASE WHEN l.held_from > l.from_date THEN l.held_from ELSE l.from_date END
	FROM ` + heldLots + ` AND l.from_date < $4`

var chargeLotsSQL = `INSERT INTO charges (console_id, ` + chargeColumns + `)
	SELECT $1, x.migration_id || '/' || l.id || '/charge', x.to_account_id, CAST($6 AS bigint), 'TRANSFER_CHARGE',
		l.customer_id, l.subscription_id, l.id, x.migration_id, $2, CAST($4 AS bigint), l.to_date, l.to_date - l.from_date,
		l.seats, l.charged, l.seats, l.currency, ` + lotValueAt(`$4`) + `, CAST($4 AS bigint)
	FROM ` + heldLots + ` AND l.from_date < $4`

const openLotsSQL = `INSERT INTO lots (console_id, id, seq, subscription_id, customer_id, billing_account_id, from_date, to_date,
		seats, price_num, price_den, term_days, currency, charged, held_from, held_to,
		released_to, migration_id)
	SELECT $1, l.id, COALESCE(last.seq, 0) + 1, l.subscription_id, l.customer_id, x.to_account_id, l.from_date, l.to_date,
		l.seats, l.price_num, l.price_den, l.term_days, l.currency, l.charged, CAST($4 AS bigint), CAST($5 AS bigint),
		` + lotAt + `, x.migration_id
	FROM ` + heldLots + `
	LEFT JOIN (SELECT id, max(seq) AS seq FROM lots WHERE console_id = $1 GROUP BY id) last ON last.id = l.id`

const closeLotsSQL = `UPDATE lots SET held_to = CASE WHEN held_from > $3 THEN held_from ELSE CAST($3 AS bigint) END,
		released_to = CASE WHEN released_to > $3 THEN released_to ELSE CAST($3 AS bigint) END
	WHERE console_id = $1 AND held_to = $4 AND to_date > $3 AND subscription_id IN (
		SELECT y.subscription_id FROM migration_subscriptions y
		WHERE y.console_id = $1 AND y.migration_id IN (SELECT value->>'m' FROM json_each($2)))`
