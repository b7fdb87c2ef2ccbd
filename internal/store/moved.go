package store

import (
	"context"
	"time"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/migration"
)

// Went is where a completed migration brought a customer.
type Went struct {
	Console             string // the main's name
	BillingDate         civil.Date
	ConnectionID, RunID string
}

// WentTo returns where a completed migration of the source brought its customer; ErrNone if there is no such migration.
func (tx *Tx) WentTo(ctx context.Context, sourceID, migrationID string) (Went, error) {
	return one(ctx, tx, func(r Rows) (w Went, err error) {
		err = r.Scan(&w.Console, &w.BillingDate, &w.ConnectionID, &w.RunID)
		return w, err
	}, `SELECT COALESCE(NULLIF(CASE WHEN m.to_console_id = n.main_id THEN n.main_name ELSE n.source_name END, ''), c.name), m.billing_date, m.connection_id, m.run_id FROM migrations m
		JOIN consoles c ON c.id = m.to_console_id JOIN connections n ON n.id = m.connection_id
		WHERE m.console_id = $1 AND m.id = $2 AND m.state = 'COMPLETED'`, sourceID, migrationID)
}

// Passage is a completed migration of a customer, as one of its two consoles sees it: the other is called what it was when
// their connection ended, or is (spec C7).
type Passage struct {
	MigrationID  string
	ConnectionID string
	Kind         migration.Kind
	FromID       string // the console that has the migration's row
	Out          bool   // away from the console that asks
	Console      string
	AccountID    console.AccountID
	BillingDate  civil.Date
	At           time.Time
}

// Passages returns the migrations that brought a customer into the console or out of it, the newest first.
func (tx *Tx) Passages(ctx context.Context, consoleID, customerID string) ([]Passage, error) {
	return all(ctx, tx, func(r Rows) (p Passage, err error) {
		var out, at int64
		err = r.Scan(&p.MigrationID, &p.ConnectionID, &p.Kind, &p.FromID, &out, &p.Console, &p.AccountID, &p.BillingDate, &at)
		p.Out, p.At = out == 1, instant(at)
		return p, err
	}, `SELECT m.id, m.connection_id, m.kind, m.console_id, CASE WHEN m.console_id = $1 THEN 1 ELSE 0 END,
			COALESCE(NULLIF(CASE WHEN n.main_id = $1 THEN n.source_name ELSE n.main_name END, ''), o.name), o.account_id,
			m.billing_date, m.ended_at
		FROM connections n JOIN migrations m ON m.connection_id = n.id AND m.console_id IN (n.source_id, n.main_id)
		JOIN consoles o ON o.id = CASE WHEN n.main_id = $1 THEN n.source_id ELSE n.main_id END
		WHERE (n.main_id = $1 OR n.source_id = $1) AND m.customer_id = $2 AND m.state = 'COMPLETED'
		ORDER BY m.ended_at DESC, m.id DESC`, consoleID, customerID)
}

// MovedEntities are the legal entities by which a subscription was billed before and after it moved (spec M4).
type MovedEntities struct {
	SubscriptionID string
	From, To       string // names
}

// MovedEntities returns the legal entities of every subscription that a completed migration of the source moved.
func (tx *Tx) MovedEntities(ctx context.Context, sourceID, migrationID string) ([]MovedEntities, error) {
	return all(ctx, tx, func(r Rows) (m MovedEntities, err error) {
		err = r.Scan(&m.SubscriptionID, &m.From, &m.To)
		return m, err
	}, `SELECT m.subscription_id, f.name, t.name FROM migration_subscriptions m
		JOIN legal_entities f ON f.id = m.from_legal_entity_id JOIN legal_entities t ON t.id = m.to_legal_entity_id
		WHERE m.console_id = $1 AND m.migration_id = $2 ORDER BY m.subscription_id`, sourceID, migrationID)
}
