package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/migration"
	"psc/internal/money"
)

// ReportRow is a subscription of a member of a run, as both consoles' own rows bear witness of its move.
type ReportRow struct {
	Seq                              int64 // the customer's number in the run
	MigrationID                      string
	State                            migration.State // Completed, or Cancelled while the run was paused
	CustomerID, CustomerName, Domain string
	SubscriptionID                   string // empty: the customer had none
	SKUName                          string
	Plan                             catalog.Plan
	Seats                            int64
	Currency                         money.Currency
	FromAccountID, ToAccountID       string
	FromEntity, ToEntity             string
	Ended                            bool // before the move, and so it did not move
	migration.Handover
}

// Report returns the rows of the next customers of a run, after a number, that it moved or that were cancelled while it was
// paused: up to limit numbers.
func (tx *Tx) Report(ctx context.Context, mainID, sourceID, runID string, after, limit int64) ([]ReportRow, error) {
	rows, err := all(ctx, tx, scanReportRow, reportSQL, mainID, sourceID, runID, after, after+limit)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := map[string]*ReportRow{}
	var migrations, subscriptions []string
	for i := range rows {
		r := &rows[i]
		at[r.MigrationID+r.SubscriptionID] = r
		subscriptions = append(subscriptions, r.SubscriptionID)
		if i == 0 || rows[i-1].MigrationID != r.MigrationID {
			migrations = append(migrations, r.MigrationID)
		}
	}
	if err := tx.addSourceDays(ctx, sourceID, rows, subscriptions); err != nil {
		return nil, err
	}
	return rows, tx.addReportLots(ctx, mainID, sourceID, at, migrations)
}

func scanReportRow(r Rows) (row ReportRow, err error) {
	var ended int64
	err = r.Scan(&row.Seq, &row.MigrationID, &row.State, &row.CustomerID, &row.CustomerName, &row.Domain, &row.Date,
		&row.SubscriptionID, &row.SKUName, &row.Plan, &row.Seats, &row.Currency, &row.FromAccountID, &row.ToAccountID,
		&row.FromEntity, &row.ToEntity, &ended, &row.First)
	row.Ended = ended == 1
	return row, err
}

// The main's row g that a migration began stays when it is lost again on the same day, and then is empty. What has no such
// row and ended at the source ended before the move.
const reportSQL = `SELECT m.run_seq, m.id, m.state, m.customer_id, m.customer_name, m.domain, m.billing_date,
		COALESCE(s.id, ''), COALESCE(k.name, ''), COALESCE(g.plan, s.plan, ''), COALESCE(g.seats, s.seats, 0), COALESCE(s.currency, ''),
		COALESCE(x.from_account_id, ''), COALESCE(x.to_account_id, ''), COALESCE(f.name, ''), COALESCE(t.name, ''),
		CASE WHEN g.from_date IS NULL AND s.state = 'CANCELLED' THEN 1 ELSE 0 END, COALESCE(g.from_date, 0)
	FROM migrations m
	LEFT JOIN migration_subscriptions x ON x.console_id = $2 AND x.migration_id = m.id AND m.state = 'COMPLETED'
	LEFT JOIN subscriptions s ON s.console_id = $2 AND s.id = x.subscription_id
	LEFT JOIN skus k ON k.id = s.sku_id
	LEFT JOIN legal_entities f ON f.id = x.from_legal_entity_id
	LEFT JOIN legal_entities t ON t.id = x.to_legal_entity_id
	LEFT JOIN segments g ON g.console_id = $1 AND g.subscription_id = x.subscription_id AND g.migration_id = m.id AND g.carried = 0
	WHERE m.console_id = $2 AND m.to_console_id = $1 AND m.run_id = $3 AND m.run_seq > $4 AND m.run_seq <= $5
		AND m.state IN ('COMPLETED', 'CANCELLED')
	ORDER BY m.run_seq, s.id`

// addSourceDays fills in which days of each subscription the source itself bills.
func (tx *Tx) addSourceDays(ctx context.Context, sourceID string, rows []ReportRow, subscriptions []string) error {
	days := map[string][]civil.Period{}
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var p civil.Period
		err := r.Scan(&id, &p.From, &p.To)
		days[id] = append(days[id], p)
		return struct{}{}, err
	}, `SELECT subscription_id, from_date, to_date FROM segments WHERE console_id = $1 AND carried = 0
		AND subscription_id IN (SELECT value->>'id' `+each("$2")+`) ORDER BY subscription_id, seq`, sourceID, idList(subscriptions))
	for i := range rows {
		rows[i].Source = days[rows[i].SubscriptionID]
	}
	return err
}

// addReportLots fills in the lots that the main holds by the migrations, and what was credited and charged for them. A line of a
// transfer is called by its migration, lot and side.
func (tx *Tx) addReportLots(ctx context.Context, mainID, sourceID string, at map[string]*ReportRow, migrations []string) error {
	of := ` FROM (SELECT value->>'id' AS m ` + each("$3") + `) i ` // first, so that each finds its rows by index
	line := of + `CROSS JOIN charges c WHERE c.id > i.m || '/' AND c.id < i.m || '0' AND c.console_id = `
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id, subscription string
		var held int64
		var l migration.LotHandover
		err := r.Scan(&id, &subscription, &l.ID, &held, &l.Credits, &l.Charges, &l.Credit.Minor, &l.Charge.Minor,
			&l.Period.From, &l.Period.To, &l.Charged.Minor)
		if row := at[id+subscription]; row != nil && err == nil {
			l.Held = held > 0
			row.Lots = append(row.Lots, row.valued(l))
		}
		return struct{}{}, err
	}, `SELECT m, s, lot, CAST(sum(held) AS bigint), CAST(sum(credits) AS bigint), CAST(sum(charges) AS bigint),
			CAST(sum(credit) AS bigint), CAST(sum(charge) AS bigint), max(from_date), max(to_date), max(charged)
		FROM (SELECT i.m AS m, l.subscription_id AS s, l.id AS lot, 1 AS held, 0 AS credits, 0 AS charges, 0 AS credit, 0 AS charge,
				l.from_date AS from_date, l.to_date AS to_date, l.charged AS charged`+of+`
			CROSS JOIN migration_subscriptions x CROSS JOIN lots l
			WHERE x.console_id = $2 AND x.migration_id = i.m
				AND l.console_id = $1 AND l.subscription_id = x.subscription_id AND l.migration_id = i.m
			UNION ALL SELECT i.m, c.subscription_id, c.lot_id, 0, 1, 0, c.amount, 0, 0, 0, 0`+line+`$2 AND c.line_type = 'TRANSFER_CREDIT'
			UNION ALL SELECT i.m, c.subscription_id, c.lot_id, 0, 0, 1, 0, c.amount, 0, 0, 0`+line+`$1 AND c.line_type = 'TRANSFER_CHARGE') h
		GROUP BY m, s, lot ORDER BY m, s, lot`, mainID, sourceID, idList(migrations))
	return err
}

// valued returns the lot in the currency of its subscription with what was left of it on the day of the move.
func (r *ReportRow) valued(l migration.LotHandover) migration.LotHandover {
	for _, a := range []*money.Amount{&l.Charged, &l.Credit, &l.Charge} {
		a.Currency = r.Currency
	}
	l.Value = money.Amount{Currency: r.Currency}
	if lot := (billing.Lot{Period: l.Period, Charged: l.Charged}); l.Held && !l.Begins(r.Date) {
		if value, err := lot.Value(r.Date); err == nil { // a lot that the day lies outside of has no value, and does not fit
			l.Value = value
		}
	}
	return l
}

// ReturnsAfter returns the next customers that a run could not move, after one of them, by name.
func (tx *Tx) ReturnsAfter(ctx context.Context, consoleID, id string, after OperationReturn, limit int) ([]OperationReturn, error) {
	return all(ctx, tx, scanReturn, selectReturn+` AND (customer_name, migration_id) > ($3, $4)
		ORDER BY customer_name, migration_id LIMIT $5`, consoleID, id, after.CustomerName, after.MigrationID, limit)
}
