package store

import (
	"context"

	"psc/internal/civil"
	"psc/internal/customer"
)

// InsertSubscriptions adds subscriptions. Each that has not ended gets its first segment: billed to its account from
// its start.
func (tx *Tx) InsertSubscriptions(ctx context.Context, list []customer.Subscription) error {
	if err := insertAll(ctx, tx, "subscriptions", list, subscriptionRow, ""); err != nil {
		return err
	}
	var billed []customer.Subscription
	for _, s := range list {
		if s.State != customer.SubCancelled {
			billed = append(billed, s)
		}
	}
	return insertAll(ctx, tx, "segments", billed, func(s customer.Subscription) map[string]any {
		return map[string]any{
			"console_id": s.ConsoleID, "subscription_id": s.ID, "seq": 1, "customer_id": s.CustomerID,
			"billing_account_id": s.BillingAccountID, "from_date": s.StartDate, "to_date": civil.Forever, "plan": s.Plan,
			"seats": s.Seats, "price_num": s.Price.Num, "price_den": s.Price.Den, "migration_id": "",
		}
	}, "")
}

func subscriptionRow(s customer.Subscription) map[string]any {
	return map[string]any{
		"console_id": s.ConsoleID, "id": s.ID, "customer_id": s.CustomerID, "external_id": s.ExternalID,
		"sku_id": s.SKUID, "product_group": s.Group, "plan": s.Plan, "state": s.State,
		"suspension_reason": s.SuspensionReason, "channel": s.Channel, "seats": s.Seats, "max_seats": s.MaxSeats,
		"currency": s.Currency, "price_num": s.Price.Num, "price_den": s.Price.Den,
		"billing_account_id": s.BillingAccountID, "purchase_order_id": s.PurchaseOrderID, "renewal": s.Renewal,
		"start_date": s.StartDate, "term_start": s.TermStart, "term_end": s.TermEnd, "trial_end": s.TrialEnd,
		"moved": flag(s.Moved), "created_at": micros(s.CreatedAt),
	}
}

const selectSubscription = `SELECT console_id, id, customer_id, external_id, sku_id, product_group, plan, state,
	suspension_reason, channel, seats, max_seats, currency, price_num, price_den, billing_account_id, purchase_order_id,
	renewal, start_date, term_start, term_end, trial_end, moved, created_at FROM subscriptions `

func scanSubscription(r Rows) (s customer.Subscription, err error) {
	var moved, created int64
	err = r.Scan(&s.ConsoleID, &s.ID, &s.CustomerID, &s.ExternalID, &s.SKUID, &s.Group, &s.Plan, &s.State,
		&s.SuspensionReason, &s.Channel, &s.Seats, &s.MaxSeats, &s.Currency, &s.Price.Num, &s.Price.Den,
		&s.BillingAccountID, &s.PurchaseOrderID, &s.Renewal, &s.StartDate, &s.TermStart, &s.TermEnd, &s.TrialEnd, &moved,
		&created)
	s.Moved, s.CreatedAt = moved == 1, instant(created)
	return s, err
}

// Subscription returns a subscription of the console, or ErrNone.
func (tx *Tx) Subscription(ctx context.Context, consoleID, id string) (customer.Subscription, error) {
	return one(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $1 AND id = $2`, consoleID, id)
}

// Subscriptions returns a customer's subscriptions in the console, the oldest first.
func (tx *Tx) Subscriptions(ctx context.Context, consoleID, customerID string) ([]customer.Subscription, error) {
	return tx.SubscriptionsOf(ctx, consoleID, []string{customerID})
}

// SubscriptionsOf returns the subscriptions of several customers in the console, by customer, the oldest first.
func (tx *Tx) SubscriptionsOf(ctx context.Context, consoleID string, customerIDs []string) ([]customer.Subscription, error) {
	return all(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $1
		AND customer_id IN (SELECT value->>'id' FROM json_each($2)) ORDER BY customer_id, created_at, id`,
		consoleID, idList(customerIDs))
}

// SubscriptionsOfExternal returns the console's subscriptions with the external IDs that did not move away.
func (tx *Tx) SubscriptionsOfExternal(ctx context.Context, consoleID string, externalIDs []string) ([]customer.Subscription, error) {
	return all(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $1 AND external_id <> '' AND moved = 0
		AND external_id IN (SELECT value->>'id' FROM json_each($2))`, consoleID, idList(externalIDs))
}

// SetSuspension stores a subscription's state and suspension reason; it reports false if they are not from's any more.
func (tx *Tx) SetSuspension(ctx context.Context, s, from customer.Subscription) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE subscriptions SET state = $3, suspension_reason = $4
		WHERE console_id = $1 AND id = $2 AND state = $5 AND suspension_reason = $6 AND moved = 0`,
		s.ConsoleID, s.ID, s.State, s.SuspensionReason, from.State, from.SuspensionReason)
	return n == 1, err
}

// VendorSuspension is a subscription that the vendor suspended, with whose it is.
type VendorSuspension struct {
	Subscription customer.Subscription
	Customer     string
	Domain       string
}

// VendorSuspended returns up to limit subscriptions of a console's live customers that the vendor suspended.
func (tx *Tx) VendorSuspended(ctx context.Context, consoleID string, limit int) ([]VendorSuspension, error) {
	return all(ctx, tx, func(r Rows) (v VendorSuspension, err error) {
		s := &v.Subscription
		err = r.Scan(&s.ConsoleID, &s.ID, &s.CustomerID, &s.SKUID, &s.State, &s.SuspensionReason, &v.Customer, &v.Domain)
		return v, err
	}, `SELECT s.console_id, s.id, s.customer_id, s.sku_id, s.state, s.suspension_reason, c.name, c.domain
		FROM subscriptions s JOIN customers c ON c.console_id = s.console_id AND c.id = s.customer_id
		WHERE s.console_id = $1 AND s.state = 'SUSPENDED' AND s.suspension_reason = 'VENDOR_INITIATED' AND s.moved = 0
		ORDER BY c.sort_name, c.id, s.id LIMIT $2`, consoleID, limit)
}
