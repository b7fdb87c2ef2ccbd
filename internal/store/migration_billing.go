package store

import "psc/internal/civil"

// billingSteps are the statements that give the moving subscriptions to the main from billing date d: billing.Move and
// billing.Transfer, for a whole chunk at once (spec B2 to B4). The main's rows of the subscriptions are there already. The
// last owner on a date owns it: who has a row that begins on d and loses it again keeps an empty one. Segments and lots go
// on counting where the source stopped: a console that a subscription comes back to has only lower numbers.
// returning says whether the main had any of the customers before: of others it knows no day.
func billingSteps(mainID, sourceID, moving string, d civil.Date, returning bool) []step {
	month := d.Month().First()
	return []step{
		{openSegmentsSQL, []any{mainID, sourceID, moving, d, civil.Forever, month, flag(returning)}},
		{closeSegmentsSQL, []any{sourceID, moving, d}},
		{purchaseOfTheDaySQL, []any{mainID, sourceID, moving, d, civil.Forever}},
		{dropPurchaseOfTheDaySQL, []any{sourceID, moving, d, civil.Forever}},
		{creditLotsSQL, []any{mainID, sourceID, moving, d, civil.Forever, month}},
		{chargeLotsSQL, []any{mainID, sourceID, moving, d, civil.Forever, month}},
		{releaseMovedSQL, []any{mainID, sourceID, moving, d, civil.Forever}},
		{bookCreditsSQL, []any{mainID, sourceID, moving, d, civil.Forever}},
		{bookChargesSQL, []any{mainID, sourceID, moving, d, civil.Forever}},
		{openLotsSQL, []any{mainID, sourceID, moving, d, civil.Forever}},
		{closeLotsSQL, []any{sourceID, moving, d, civil.Forever}},
	}
}

// movedSubs are the moving subscriptions $3 with the account that the main $1 has chosen; $2 is the source. CROSS JOIN has
// SQLite begin with them, as each does with PostgreSQL.
var movedSubs = `(SELECT value->>'m' AS migration_id, value->>'s' AS subscription_id, value->>'a' AS to_account_id ` + each("$3") + `) x`

// openSegmentsSQL gives the main the segments from d on, the open ones and, where seats were removed on d, the one of that day;
// and before them, as carried, what the source knows of the days of d's month before d: those are not billed at the main. Days
// of which the main has a row, of its own or brought by an earlier move, it knows already: that is asked if $7 says that it may be.
// PostgreSQL takes a main that was empty for empty still, and would read all that the run has brought there, for each.
var openSegmentsSQL = `INSERT INTO segments (console_id, subscription_id, seq, customer_id, billing_account_id, from_date,
		to_date, plan, state, suspension_reason, channel, seats, price_num, price_den, carried, migration_id, sku_id)
	SELECT $1, g.subscription_id,
		(SELECT max(l.seq) FROM segments l WHERE l.console_id = $2 AND l.subscription_id = g.subscription_id)
			+ row_number() OVER (PARTITION BY g.subscription_id ORDER BY part.carried DESC, g.seq),
		g.customer_id, CASE part.carried WHEN 1 THEN g.billing_account_id ELSE x.to_account_id END,
		CASE WHEN g.from_date > part.from_date THEN g.from_date ELSE part.from_date END,
		CASE WHEN g.to_date < part.to_date THEN g.to_date ELSE part.to_date END,
		g.plan, g.state, g.suspension_reason, g.channel, g.seats, g.price_num, g.price_den, part.carried,
		CASE part.carried WHEN 1 THEN g.migration_id ELSE x.migration_id END, g.sku_id
	FROM ` + movedSubs + ` CROSS JOIN segments g
	CROSS JOIN (SELECT 0 AS carried, CAST($4 AS bigint) AS from_date, CAST($5 AS bigint) AS to_date
		UNION ALL SELECT 1, CAST($6 AS bigint), CAST($4 AS bigint)) part
	WHERE g.console_id = $2 AND g.subscription_id = x.subscription_id
		AND g.from_date < g.to_date AND g.to_date > part.from_date
		AND (part.carried = 0 OR $6 < $4 AND g.from_date < $4
			AND ($7 = 0 OR NOT EXISTS (SELECT 1 FROM segments h WHERE h.console_id = $1 AND h.subscription_id = g.subscription_id
				AND h.from_date < h.to_date AND h.from_date <= CASE WHEN g.from_date > $6 THEN g.from_date ELSE $6 END
				AND h.to_date >= CASE WHEN g.to_date < $4 THEN g.to_date ELSE $4 END)))`

var closeSegmentsSQL = `UPDATE segments SET to_date = CASE WHEN from_date > $3 THEN from_date ELSE CAST($3 AS bigint) END
	WHERE console_id = $1 AND to_date > $3 AND subscription_id IN (SELECT value->>'s' ` + each("$2") + `)`

// heldLots are the lots of what moves, and held those of them that the source holds and that have not ended on d.
var heldLots = movedSubs + ` CROSS JOIN lots l `

const held = ` WHERE l.console_id = $2 AND l.subscription_id = x.subscription_id AND l.held_to = $5 AND l.to_date > $4 `

const chargeColumns = `id, billing_account_id, invoice_month, line_type, customer_id, subscription_id, lot_id, migration_id,
	counterparty_id, from_date, to_date, per_days, seats, price_num, price_den, currency, amount, supplied_date, sku_id`

// purchaseOfTheDaySQL gives the main the purchase of a lot that begins on d or later: a renewal on d is the main's alone
// (spec B5).
var purchaseOfTheDaySQL = `INSERT INTO charges (console_id, ` + chargeColumns + `)
	SELECT $1, c.id, x.to_account_id, c.invoice_month, c.line_type, c.customer_id, c.subscription_id, c.lot_id, x.migration_id,
		c.counterparty_id, c.from_date, c.to_date, c.per_days, c.seats, c.price_num, c.price_den, c.currency, c.amount, c.supplied_date, c.sku_id
	FROM ` + heldLots + ` CROSS JOIN charges c` + held + `AND l.from_date >= $4
		AND c.console_id = $2 AND c.lot_id = l.id AND c.line_type IN ('COMMITMENT', 'RENEWAL')`

var dropPurchaseOfTheDaySQL = `DELETE FROM charges WHERE console_id = $1 AND line_type IN ('COMMITMENT', 'RENEWAL')
	AND from_date >= $3 AND lot_id IN (SELECT l.id FROM lots l WHERE l.console_id = $1 AND l.from_date >= $3 AND l.held_to = $4
		AND l.subscription_id IN (SELECT value->>'s' ` + each("$2") + `))`

// lotValueAt is V(t) = R(X * (e-t)/(e-a)), half away from zero (spec B4); the schema bounds X so that nothing overflows.
func lotValueAt(t string) string {
	return `(2 * l.charged * (l.to_date - ` + t + `) + (l.to_date - l.from_date)) / (2 * (l.to_date - l.from_date))`
}

// creditLotsSQL credits what the source paid for when it bought the lot or, after an earlier move, when it received it.
var creditLotsSQL = `INSERT INTO charges (console_id, ` + chargeColumns + `)
	SELECT $2, x.migration_id || '/' || l.id || '/credit', l.billing_account_id, CAST($6 AS bigint), 'TRANSFER_CREDIT',
		l.customer_id, l.subscription_id, l.id, x.migration_id, $1, CAST($4 AS bigint), l.to_date, l.to_date - l.from_date,
		l.seats, l.charged, l.seats, l.currency, -(` + lotValueAt(`$4`) + `),
		CASE WHEN l.held_from > l.from_date THEN l.held_from ELSE l.from_date END, l.sku_id
	FROM ` + heldLots + held + `AND l.from_date < $4`

var chargeLotsSQL = `INSERT INTO charges (console_id, ` + chargeColumns + `)
	SELECT $1, x.migration_id || '/' || l.id || '/charge', x.to_account_id, CAST($6 AS bigint), 'TRANSFER_CHARGE',
		l.customer_id, l.subscription_id, l.id, x.migration_id, $2, CAST($4 AS bigint), l.to_date, l.to_date - l.from_date,
		l.seats, l.charged, l.seats, l.currency, ` + lotValueAt(`$4`) + `, CAST($4 AS bigint), l.sku_id
	FROM ` + heldLots + held + `AND l.from_date < $4`

var openLotsSQL = `INSERT INTO lots (console_id, id, seq, subscription_id, customer_id, billing_account_id, from_date, to_date,
		seats, price_num, price_den, term_days, currency, charged, held_from, held_to,
		released_to, migration_id, sku_id, upgrade)
	SELECT $1, l.id, l.seq + 1, l.subscription_id, l.customer_id, x.to_account_id, l.from_date, l.to_date,
		l.seats, l.price_num, l.price_den, l.term_days, l.currency, l.charged, CAST($4 AS bigint), CAST($5 AS bigint),
		` + lotAt + `, x.migration_id, l.sku_id, l.upgrade
	FROM ` + heldLots + held

var closeLotsSQL = `UPDATE lots SET held_to = CASE WHEN held_from > $3 THEN held_from ELSE CAST($3 AS bigint) END,
		released_to = CASE WHEN released_to > $3 THEN released_to ELSE CAST($3 AS bigint) END
	WHERE console_id = $1 AND held_to = $4 AND to_date > $3 AND subscription_id IN (SELECT value->>'s' ` + each("$2") + `)`
