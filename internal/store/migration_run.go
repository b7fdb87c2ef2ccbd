package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"psc/internal/civil"
	"psc/internal/migration"
)

// BeginRun makes the started migrations of the scope MIGRATING members of the run, numbered from 1 by customer name, and
// returns how many there are.
func (tx *Tx) BeginRun(ctx context.Context, mainID, sourceID, connectionID, runID string, s Scope) (int64, error) {
	cond, arg := s.where("m.id", "m.search_text", "$5")
	return tx.beginRun(ctx, `m.state = 'STARTED' AND `+cond, sourceID, connectionID, mainID, runID, arg)
}

func (tx *Tx) beginRun(ctx context.Context, cond string, args ...any) (int64, error) {
	return tx.exec(ctx, `UPDATE migrations SET state = 'MIGRATING', run_id = $4, run_seq = n.seq, return_reason = '',
			marks = migrations.marks || ' ' || $4
		FROM (SELECT m.id, row_number() OVER (ORDER BY m.sort_name, m.id) AS seq FROM migrations m
			WHERE m.console_id = $1 AND m.connection_id = $2 AND m.to_console_id = $3 AND `+cond+`) n
		WHERE migrations.console_id = $1 AND migrations.id = n.id`, args...)
}

// PauseRun gives back what a run has not moved yet, with its choices; the members stay marked for ResumeRun.
func (tx *Tx) PauseRun(ctx context.Context, mainID, sourceID, runID string) (int64, error) {
	return tx.exec(ctx, `UPDATE migrations SET state = 'STARTED', billing_date = 0
		WHERE console_id = $1 AND run_id = $2 AND to_console_id = $3 AND state = 'MIGRATING'`, sourceID, runID, mainID)
}

// ResumeRun takes up those members of a paused run that are still STARTED.
func (tx *Tx) ResumeRun(ctx context.Context, mainID, sourceID, runID string) (int64, error) {
	return tx.exec(ctx, `UPDATE migrations SET state = 'MIGRATING'
		WHERE console_id = $1 AND run_id = $2 AND to_console_id = $3 AND state = 'STARTED'`, sourceID, runID, mainID)
}

// LeaveRuns takes out of their paused runs those of which one of these subscriptions would change its legal entity: nobody
// may have confirmed that for the accounts that are chosen now, so that they are completed anew, and not by ResumeRun
// (spec M4).
func (tx *Tx) LeaveRuns(ctx context.Context, mainID, sourceID, connectionID string, subscriptionIDs []string) error {
	_, err := tx.exec(ctx, `UPDATE migrations SET run_id = '', run_seq = 0
		WHERE console_id = $1 AND connection_id = $2 AND to_console_id = $3 AND state = 'STARTED' AND run_id <> ''
		AND EXISTS (SELECT 1 FROM migration_subscriptions x WHERE x.console_id = $1 AND x.migration_id = migrations.id
			AND x.subscription_id IN (SELECT value->>'id' FROM json_each($4))
			AND x.from_legal_entity_id <> x.to_legal_entity_id)`, sourceID, connectionID, mainID, idList(subscriptionIDs))
	return err
}

// RunItem is a member of a run.
type RunItem struct {
	MigrationID, CustomerID string
	BillingDate             civil.Date // that was chosen for it; zero: that of the transaction that moves it
}

func itemList(items []RunItem) string {
	return jsonList(items, func(i RunItem) map[string]any { return map[string]any{"m": i.MigrationID, "c": i.CustomerID} })
}

// RunItems returns the members of a run from one number to another, both inclusive, that wait to be moved.
func (tx *Tx) RunItems(ctx context.Context, sourceID, runID string, from, to int64) ([]RunItem, error) {
	return all(ctx, tx, func(r Rows) (i RunItem, err error) {
		err = r.Scan(&i.MigrationID, &i.CustomerID, &i.BillingDate)
		return i, err
	}, `SELECT id, customer_id, billing_date FROM migrations WHERE console_id = $1 AND run_id = $2 AND run_seq BETWEEN $3 AND $4
		AND state = 'MIGRATING' ORDER BY run_seq`, sourceID, runID, from, to)
}

// UnfitChoices returns which of the items have a subscription without a chosen account, or with one that cannot take it
// any more, with the reason. A choice is asked for by itself, so that it is found by its whole key (see movingSubs).
func (tx *Tx) UnfitChoices(ctx context.Context, mainID, sourceID string, items []RunItem) (map[string]migration.Code, error) {
	unfit := map[string]migration.Code{}
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var missing int64
		err := r.Scan(&id, &missing)
		unfit[id] = migration.AccountNotUsable
		if missing == 1 {
			unfit[id] = migration.ChoiceMissing
		}
		return struct{}{}, err
	}, `SELECT i.m, max(CASE WHEN i.a IS NULL THEN 1 ELSE 0 END)
		FROM (SELECT l.m, s.currency, s.product_group, (SELECT x.to_account_id FROM migration_subscriptions x
				WHERE x.console_id = $2 AND x.migration_id = l.m AND x.subscription_id = s.id) AS a
			FROM (SELECT value->>'m' AS m, value->>'c' AS c `+each("$3")+`) l CROSS JOIN migrations m CROSS JOIN subscriptions s
			WHERE m.console_id = $2 AND m.id = l.m AND m.to_console_id = $1
				AND s.console_id = $2 AND s.customer_id = l.c AND s.moved <> 1 AND s.state <> 'CANCELLED') i
		LEFT JOIN billing_accounts t ON t.console_id = $1 AND t.id = i.a AND t.currency = i.currency
			AND t.product_group = i.product_group AND t.state = 'ACTIVE'
		LEFT JOIN agreements g ON g.console_id = $1 AND g.legal_entity_id = t.legal_entity_id
		WHERE g.legal_entity_id IS NULL GROUP BY i.m`, mainID, sourceID, itemList(items))
	return unfit, err
}

// ReturnMigrations makes what a run could not move STARTED again, each with its reason, and notes it at the run.
func (tx *Tx) ReturnMigrations(ctx context.Context, mainID, sourceID, runID string, list []Return, now time.Time) error {
	if len(list) == 0 {
		return nil
	}
	codes := codeList(list)
	if _, err := tx.exec(ctx, `INSERT INTO operation_returns
			(console_id, operation_id, migration_id, customer_id, customer_name, domain, reason, at)
		SELECT $1, $3, m.id, m.customer_id, m.customer_name, m.domain, i.c, CAST($5 AS bigint)
		FROM (SELECT value->>'m' AS m, value->>'c' AS c `+each("$4")+`) i CROSS JOIN migrations m
		WHERE m.console_id = $2 AND m.id = i.m`, mainID, sourceID, runID, codes, micros(now)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE migrations SET state = 'STARTED', run_id = '', run_seq = 0, billing_date = 0, return_reason = i.c
		FROM (SELECT value->>'m' AS m, value->>'c' AS c `+each("$2")+`) i
		WHERE migrations.console_id = $1 AND migrations.id = i.m`, sourceID, codes)
	return err
}

// The columns of a record that travel with a customer and with a subscription: everything but the console, the billing
// account and what only says where the record stands. The summary of a customer travels too: it is of what moves.
const (
	customerColumns = `domain, name, sort_name, search_text, contact_name, contact_email, alternate_email, phone, country,
		postal_code, address, language, crm_id, tos_accepted_at, created_at, seats, next_renewal, identity_at, identity_admin`
	subscriptionColumns = `customer_id, external_id, sku_id, product_group, plan, state, suspension_reason, channel, seats,
		max_seats, currency, price_num, price_den, purchase_order_id, renewal, renewal_seats, renewal_sku_id, start_date, term_start,
		term_end, trial_end,
		created_at`
)

// movingSub is a subscription that moves, with the account that the main has chosen for it.
type movingSub struct {
	migrationID, id, accountID string
}

// movingSubs returns the subscriptions of the items that move: what has ended since an account was chosen for it does not. They
// are found by their choices, each by its whole key: PostgreSQL, whose statistics are older than the choices, would else look for
// them by the subscription alone, through all choices of the source. The text added to the customer's ID keeps it from that.
func (tx *Tx) movingSubs(ctx context.Context, sourceID string, items []RunItem) ([]movingSub, error) {
	return all(ctx, tx, func(r Rows) (s movingSub, err error) {
		err = r.Scan(&s.migrationID, &s.id, &s.accountID)
		return s, err
	}, `SELECT x.migration_id, s.id, x.to_account_id
		FROM (SELECT value->>'m' AS m, value->>'c' AS c `+each("$2")+`) i
		CROSS JOIN migration_subscriptions x CROSS JOIN subscriptions s
		WHERE x.console_id = $1 AND x.migration_id = i.m AND s.console_id = $1 AND s.id = x.subscription_id
			AND s.customer_id || '' = i.c AND s.moved <> 1 AND s.state <> 'CANCELLED'`, sourceID, itemList(items))
}

func movingList(subs []movingSub) string {
	return jsonList(subs, func(s movingSub) map[string]any {
		return map[string]any{"m": s.migrationID, "s": s.id, "a": s.accountID}
	})
}

// touchAccounts makes the transaction meet every other that changes an account to which the subscriptions are about to be
// billed, so that closing an account and moving to it cannot both succeed.
func (tx *Tx) touchAccounts(ctx context.Context, mainID string, subs []movingSub) error {
	ids := map[string]bool{}
	for _, s := range subs {
		ids[s.accountID] = true
	}
	_, err := tx.exec(ctx, `UPDATE billing_accounts SET state = state WHERE console_id = $1
		AND id IN (SELECT value->>'id' `+each("$2")+`)`, mainID, idList(slices.Sorted(maps.Keys(ids))))
	return err
}

// MoveCustomers moves the customers of the items from the source to the main with billing date d: rows of the main's own
// under the same IDs, reviving what it had before (spec M13); the source's rows become the record of that day (spec M9).
// The source is billed to d-1, the main from d (spec B2). All or nothing; every item must be MIGRATING.
func (tx *Tx) MoveCustomers(ctx context.Context, mainID, sourceID string, items []RunItem, d civil.Date, now time.Time) error {
	for _, consoleID := range slices.Sorted(slices.Values([]string{mainID, sourceID})) {
		if err := tx.TouchMonth(ctx, consoleID, d); err != nil {
			return err
		}
	}
	subs, err := tx.movingSubs(ctx, sourceID, items)
	if err != nil {
		return err
	}
	if err := tx.touchAccounts(ctx, mainID, subs); err != nil {
		return err
	}
	list, moving := itemList(items), movingList(subs)
	returning, err := tx.returning(ctx, mainID, sourceID, list)
	if err != nil {
		return err
	}
	steps := []step{
		{moveCustomersSQL, []any{mainID, sourceID, list}},
		{moveSubscriptionsSQL, []any{mainID, sourceID, moving}},
	}
	if len(returning) > 0 {
		steps = append(steps, step{endLeftBehindSQL, []any{mainID, idList(returning)}})
	}
	steps = append(steps, billingSteps(mainID, sourceID, moving, d, len(returning) > 0)...)
	steps = append(
		steps,
		step{recordSubscriptionsSQL, []any{sourceID, moving}},
		step{recordCustomersSQL, []any{sourceID, list, micros(now)}},
		step{completeMigrationsSQL, []any{sourceID, list, d, micros(now)}},
	)
	for _, step := range steps {
		if _, err := tx.exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.CustomerID
	}
	return tx.keepTerms(ctx, mainID, ids)
}

// returning returns which of the items' customers the main had before, and forgets by what it found those that had another
// name then.
func (tx *Tx) returning(ctx context.Context, mainID, sourceID, items string) (ids []string, err error) {
	var renamed []string
	_, err = all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var other int64
		err := r.Scan(&id, &other)
		ids = append(ids, id)
		if other == 1 {
			renamed = append(renamed, id)
		}
		return struct{}{}, err
	}, `SELECT m.id, CASE WHEN m.search_text <> s.search_text THEN 1 ELSE 0 END FROM (SELECT value->>'c' AS c `+each("$3")+`) i
		CROSS JOIN customers m CROSS JOIN customers s
		WHERE m.console_id = $1 AND m.id = i.c AND s.console_id = $2 AND s.id = i.c`, mainID, sourceID, items)
	if err != nil || len(renamed) == 0 {
		return ids, err
	}
	return ids, tx.dropTerms(ctx, mainID, renamed)
}

// step is one statement of a move.
type step struct {
	sql  string
	args []any
}

var (
	moveCustomersSQL = `INSERT INTO customers (console_id, id, state, ` + customerColumns + `)
		SELECT $1, id, 'LIVE', ` + customerColumns + ` FROM customers
		WHERE console_id = $2 AND id IN (SELECT value->>'c' ` + each("$3") + `)
		ON CONFLICT (console_id, id) DO UPDATE SET state = 'LIVE', moved_at = 0, moved_by = '', blockers = 0, evaluated_at = 0,
			version = customers.version + 1, ` + excluded(customerColumns)
	moveSubscriptionsSQL = `INSERT INTO subscriptions (console_id, id, billing_account_id, ` + subscriptionColumns + `)
		SELECT $1, s.id, x.to_account_id, ` + subscriptionColumns + `
		FROM ` + movedSubs + ` CROSS JOIN subscriptions s WHERE s.console_id = $2 AND s.id = x.subscription_id
		ON CONFLICT (console_id, id) DO UPDATE SET moved = 0, billing_account_id = excluded.billing_account_id, ` +
		excluded(subscriptionColumns)
	// What the main had before and does not come back with its customer has ended elsewhere, and is that console's.
	endLeftBehindSQL = `UPDATE subscriptions SET state = 'CANCELLED', suspension_reason = ''
		WHERE console_id = $1 AND moved = 1 AND customer_id IN (SELECT value->>'id' ` + each("$2") + `)`
	recordSubscriptionsSQL = `UPDATE subscriptions SET moved = 1
		WHERE console_id = $1 AND id IN (SELECT value->>'s' ` + each("$2") + `)`
	recordCustomersSQL = `UPDATE customers SET state = 'MOVED', migration_id = '', moved_at = $3, moved_by = i.m, version = version + 1
		FROM (SELECT value->>'m' AS m, value->>'c' AS c ` + each("$2") + `) i
		WHERE customers.console_id = $1 AND customers.id = i.c`
	completeMigrationsSQL = `UPDATE migrations SET state = 'COMPLETED', billing_date = $3, ended_at = $4
		WHERE console_id = $1 AND id IN (SELECT value->>'m' ` + each("$2") + `)`
)
