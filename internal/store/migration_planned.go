package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/civil"
)

// PlannedMove is a subscription that is scheduled to move on a billing date, with the account that the main has chosen for it.
type PlannedMove struct {
	MigrationID, SourceID, MainID, CustomerID, SubscriptionID string
	Date                                                      civil.Date
	ToAccountID                                               string
}

// To is who is billed from the billing date on.
func (p PlannedMove) To() billing.Owner {
	return billing.Owner{ConsoleID: p.MainID, AccountID: p.ToAccountID}
}

// PlannedMoves returns what is scheduled to move from the console or to it on a billing date of the month, as far as the invoice of
// the account will say anything of it: it pays until then or from then on, or holds a prepaid lot. What has ended since does not
// move. CROSS JOIN has SQLite begin with the console's connections and find the rest by index.
func (tx *Tx) PlannedMoves(ctx context.Context, consoleID, accountID string, m civil.Month) ([]PlannedMove, error) {
	return all(ctx, tx, func(r Rows) (p PlannedMove, err error) {
		err = r.Scan(&p.MigrationID, &p.SourceID, &p.MainID, &p.CustomerID, &p.SubscriptionID, &p.Date, &p.ToAccountID)
		return p, err
	}, `SELECT m.id, m.console_id, m.to_console_id, m.customer_id, s.id, m.billing_date, x.to_account_id
		FROM connections n CROSS JOIN migrations m CROSS JOIN migration_subscriptions x CROSS JOIN subscriptions s
		WHERE (n.source_id = $1 OR n.main_id = $1) AND n.state = 'CONNECTED'
			AND m.console_id = n.source_id AND m.connection_id = n.id AND m.state IN ('SCHEDULED', 'MIGRATING')
			AND m.billing_date >= $3 AND m.billing_date < $4
			AND x.console_id = m.console_id AND x.migration_id = m.id
			AND s.console_id = x.console_id AND s.id = x.subscription_id AND s.moved <> 1 AND s.state <> 'CANCELLED'
			AND (x.to_account_id = $2 OR s.billing_account_id = $2 OR EXISTS (SELECT 1 FROM lots l
				WHERE l.console_id = s.console_id AND l.subscription_id = s.id AND l.billing_account_id = $2))
		ORDER BY m.console_id, m.billing_date, m.customer_id, s.id`, consoleID, accountID, m.First(), m.End())
}
