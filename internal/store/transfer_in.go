package store

import (
	"context"
	"slices"
	"strings"

	"psc/internal/civil"
	"psc/internal/customer"
)

// Handover is subscriptions of a customer of one console that become those of another console's own customer.
type Handover struct {
	ID            string // the lines of both sides name it, as they name a migration
	From, To      string // the customers
	Subscriptions []customer.Subscription
	Date          civil.Date // the new console's first day
}

// HandOver gives subscriptions of the source's customer to the main's own customer, with the billing of a move: what is left of prepaid
// lots is credited there and charged here (spec B4). The billing account of each subscription is that of the main. At the source the
// subscriptions have ended. Neither side's lines name the other: the consoles are strangers.
func (tx *Tx) HandOver(ctx context.Context, mainID, sourceID string, h Handover) error {
	for _, consoleID := range slices.Sorted(slices.Values([]string{mainID, sourceID})) {
		if err := tx.TouchMonth(ctx, consoleID, h.Date); err != nil {
			return err
		}
	}
	subs := make([]movingSub, len(h.Subscriptions))
	ids := make([]string, len(h.Subscriptions))
	for i, s := range h.Subscriptions {
		subs[i], ids[i] = movingSub{migrationID: h.ID, id: s.ID, accountID: s.BillingAccountID}, s.ID
	}
	if err := tx.touchAccounts(ctx, mainID, subs); err != nil {
		return err
	}
	moving, list := movingList(subs), idList(ids)
	steps := []step{{receiveSubscriptionsSQL, []any{mainID, sourceID, moving, h.To, h.From}}}
	steps = append(steps, billingSteps(mainID, sourceID, moving, h.Date, true)...)
	for _, table := range []string{"segments", "lots", "charges"} {
		steps = append(steps, step{`UPDATE ` + table + ` SET customer_id = $4 WHERE console_id = $1 AND customer_id = $3
			AND subscription_id IN (SELECT value->>'id' ` + each("$2") + `)`, []any{mainID, list, h.From, h.To}})
	}
	for _, consoleID := range []string{mainID, sourceID} {
		steps = append(steps, step{`UPDATE charges SET counterparty_id = '' WHERE console_id = $1 AND migration_id = $3
			AND subscription_id IN (SELECT value->>'id' ` + each("$2") + `)`, []any{consoleID, list, h.ID}})
	}
	steps = append(steps, step{`UPDATE subscriptions SET state = 'CANCELLED', suspension_reason = '', moved = 1 WHERE console_id = $1
		AND id IN (SELECT value->>'id' ` + each("$2") + `)`, []any{sourceID, list}})
	for _, step := range steps {
		if _, err := tx.exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	if err := tx.keepSummary(ctx, sourceID, []string{h.From}); err != nil {
		return err
	}
	return tx.keepSummary(ctx, mainID, []string{h.To})
}

var receiveSubscriptionsSQL = `INSERT INTO subscriptions (console_id, id, billing_account_id, ` + subscriptionColumns + `)
	SELECT $1, s.id, x.to_account_id, CAST($4 AS text)` + strings.TrimPrefix(subscriptionColumns, "customer_id") + `
	FROM ` + movedSubs + ` CROSS JOIN subscriptions s WHERE s.console_id = $2 AND s.id = x.subscription_id AND s.customer_id = $5
	ON CONFLICT (console_id, id) DO UPDATE SET moved = 0, billing_account_id = excluded.billing_account_id, ` +
	excluded(subscriptionColumns)
