package store

import (
	"context"

	"psc/internal/civil"
)

// WentTo returns the name of the main to which a completed migration of the source brought its customer, and the
// billing date; ErrNone if there is no such migration.
func (tx *Tx) WentTo(ctx context.Context, sourceID, migrationID string) (main string, d civil.Date, err error) {
	_, err = one(ctx, tx, func(r Rows) (struct{}, error) {
		return struct{}{}, r.Scan(&main, &d)
	}, `SELECT c.name, m.billing_date FROM migrations m JOIN consoles c ON c.id = m.to_console_id
		WHERE m.console_id = $1 AND m.id = $2 AND m.state = 'COMPLETED'`, sourceID, migrationID)
	return main, d, err
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
