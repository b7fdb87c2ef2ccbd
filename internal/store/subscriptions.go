package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
)

// InsertSubscriptions adds subscriptions. Each that has not ended gets its first segment: billed to its account from
// its start.
func (tx *Tx) InsertSubscriptions(ctx context.Context, list []customer.Subscription) error {
	if err := insertAll(ctx, tx, "subscriptions", list, subscriptionRow, ""); err != nil {
		return err
	}
	if err := tx.keepSummaries(ctx, list); err != nil {
		return err
	}
	var billed []customer.Subscription
	for _, s := range list {
		if s.State != customer.SubCancelled {
			billed = append(billed, s)
		}
	}
	if err := tx.insertSegments(ctx, firstSegments(billed)); err != nil {
		return err
	}
	if err := tx.correctNew(ctx, billed); err != nil {
		return err
	}
	return tx.insertFirstLots(ctx, billed)
}

func firstSegments(list []customer.Subscription) []segmentRow {
	rows := make([]segmentRow, len(list))
	for i, s := range list {
		rows[i] = segmentRow{s, billing.SegmentOf(s, s.StartDate), 1}
	}
	return rows
}

func subscriptionRow(s customer.Subscription) map[string]any {
	return map[string]any{
		"console_id": s.ConsoleID, "id": s.ID, "customer_id": s.CustomerID, "external_id": s.ExternalID,
		"sku_id": s.SKUID, "product_group": s.Group, "plan": s.Plan, "state": s.State,
		"suspension_reason": s.SuspensionReason, "channel": s.Channel, "seats": s.Seats, "max_seats": s.MaxSeats,
		"currency": s.Currency, "price_num": s.Price.Num, "price_den": s.Price.Den,
		"billing_account_id": s.BillingAccountID, "purchase_order_id": s.PurchaseOrderID, "renewal": s.Renewal, "renewal_seats": s.RenewalSeats,
		"renewal_sku_id": s.RenewalSKUID,
		"start_date":     s.StartDate, "term_start": s.TermStart, "term_end": s.TermEnd, "trial_end": s.TrialEnd,
		"moved": flag(s.Moved), "created_at": micros(s.CreatedAt),
	}
}

const selectSubscription = `SELECT console_id, id, customer_id, external_id, sku_id, product_group, plan, state,
	suspension_reason, channel, seats, max_seats, currency, price_num, price_den, billing_account_id, purchase_order_id,
	renewal, renewal_seats, renewal_sku_id, start_date, term_start, term_end, trial_end, moved, created_at FROM subscriptions `

func scanSubscription(r Rows) (s customer.Subscription, err error) {
	var moved, created int64
	err = r.Scan(&s.ConsoleID, &s.ID, &s.CustomerID, &s.ExternalID, &s.SKUID, &s.Group, &s.Plan, &s.State,
		&s.SuspensionReason, &s.Channel, &s.Seats, &s.MaxSeats, &s.Currency, &s.Price.Num, &s.Price.Den,
		&s.BillingAccountID, &s.PurchaseOrderID, &s.Renewal, &s.RenewalSeats, &s.RenewalSKUID, &s.StartDate, &s.TermStart, &s.TermEnd, &s.TrialEnd, &moved,
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
		AND customer_id IN (SELECT value->>'id' `+each("$2")+`) ORDER BY customer_id, created_at, id`,
		consoleID, idList(customerIDs))
}

// SubscriptionsOfExternal returns the console's subscriptions that did not move away and are known outside by these IDs:
// their external ID or, without one, their own. The IDs are arguments of their own, because PostgreSQL without statistics,
// as after an import, would compare each subscription with each element of a JSON list.
func (tx *Tx) SubscriptionsOfExternal(ctx context.Context, consoleID string, ids []string) ([]customer.Subscription, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{consoleID}
	places := make([]string, len(ids))
	for i, id := range ids {
		args = append(args, id)
		places[i] = fmt.Sprintf("$%d", i+2)
	}
	in := strings.Join(places, ", ")
	return all(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $1 AND external_id <> '' AND moved = 0
			AND external_id IN (`+in+`)
		UNION ALL `+selectSubscription+`WHERE console_id = $1 AND external_id = '' AND moved = 0
			AND id IN (`+in+`)`, args...)
}

// SetSuspension stores a subscription's state and suspension reason, which hold for billing from the date d; it reports
// false if they are not from's any more.
func (tx *Tx) SetSuspension(ctx context.Context, s, from customer.Subscription, d civil.Date) (bool, error) {
	if err := tx.TouchMonth(ctx, s.ConsoleID, d); err != nil {
		return false, err
	}
	n, err := tx.exec(ctx, `UPDATE subscriptions SET state = $3, suspension_reason = $4
		WHERE console_id = $1 AND id = $2 AND state = $5 AND suspension_reason = $6 AND moved = 0`,
		s.ConsoleID, s.ID, s.State, s.SuspensionReason, from.State, from.SuspensionReason)
	if err != nil || n == 0 {
		return false, err
	}
	return true, tx.continueSegments(ctx, []customer.Subscription{s}, d, billing.Continue)
}

// VendorSuspension is a subscription that the vendor suspended, with whose it is.
type VendorSuspension struct {
	customer.Subscription
	Customer string
	Domain   string
	SKU      string
}

// VendorSuspended returns up to limit subscriptions of a console's live customers that the vendor suspended.
func (tx *Tx) VendorSuspended(ctx context.Context, consoleID string, limit int) ([]VendorSuspension, error) {
	return all(ctx, tx, func(r Rows) (v VendorSuspension, err error) {
		err = r.Scan(&v.ConsoleID, &v.ID, &v.CustomerID, &v.SKUID, &v.State, &v.SuspensionReason, &v.Customer, &v.Domain, &v.SKU)
		return v, err
	}, `SELECT s.console_id, s.id, s.customer_id, s.sku_id, s.state, s.suspension_reason, c.name, c.domain, k.name
		FROM subscriptions s CROSS JOIN customers c JOIN skus k ON k.id = s.sku_id
		WHERE s.console_id = $1 AND c.console_id = s.console_id AND c.id = s.customer_id AND s.suspension_reason = 'VENDOR_INITIATED' AND s.moved = 0
		ORDER BY c.sort_name, c.id, s.id LIMIT $2`, consoleID, limit)
}

// CountSubscriptions returns how many subscriptions that have not ended each of these customers has.
func (tx *Tx) CountSubscriptions(ctx context.Context, consoleID string, customerIDs []string) (map[string]int, error) {
	counts := make(map[string]int, len(customerIDs))
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var n int
		err := r.Scan(&id, &n)
		counts[id] = n
		return struct{}{}, err
	}, `SELECT customer_id, count(*) FROM subscriptions WHERE console_id = $1 AND state <> 'CANCELLED'
		AND customer_id IN (SELECT value->>'id' `+each("$2")+`) GROUP BY customer_id`, consoleID, idList(customerIDs))
	return counts, err
}

// ChangeSubscriptions stores new values of subscriptions of one console. What is billed otherwise from the billing date on gets
// a new segment, what is bought of the prepaid plan a lot, and what was billed before stays as it was. The renewal of a term holds
// from the day on which the term ended.
func (tx *Tx) ChangeSubscriptions(ctx context.Context, list []customer.Subscription, on civil.Date) error {
	if len(list) == 0 {
		return nil
	}
	was, err := tx.subscriptionsByID(ctx, list)
	if err != nil {
		return err
	}
	renewed := make(map[civil.Date][]customer.Subscription)
	var changed []customer.Subscription
	for _, s := range list {
		if billing.Renews(was[s.ID], s, on) {
			renewed[was[s.ID].TermEnd] = append(renewed[was[s.ID].TermEnd], s)
		} else {
			changed = append(changed, s)
		}
	}
	if err := tx.TouchMonth(ctx, list[0].ConsoleID, on); err != nil {
		return err
	}
	if err := tx.storeSubscriptions(ctx, changed, on, billing.Continue); err != nil {
		return err
	}
	for _, from := range slices.Sorted(maps.Keys(renewed)) {
		if err := tx.TouchMonth(ctx, list[0].ConsoleID, from); err != nil {
			return err
		}
		if err := tx.changeSubscriptions(ctx, renewed[from], from); err != nil {
			return err
		}
	}
	return tx.buyLots(ctx, was, list, on)
}

// subscriptionsByID returns subscriptions of one console as they are stored.
func (tx *Tx) subscriptionsByID(ctx context.Context, list []customer.Subscription) (map[string]customer.Subscription, error) {
	stored, err := all(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $1
		AND id IN (SELECT value->>'id' `+each("$2")+`)`, list[0].ConsoleID, idList(idsOf(list)))
	byID := make(map[string]customer.Subscription, len(stored))
	for _, s := range stored {
		byID[s.ID] = s
	}
	return byID, err
}

func idsOf(list []customer.Subscription) []string {
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	return ids
}

// changeSubscriptions stores what renewals make of subscriptions of one console from a day on.
func (tx *Tx) changeSubscriptions(ctx context.Context, list []customer.Subscription, from civil.Date) error {
	return tx.storeSubscriptions(ctx, list, from, billing.ContinueRenewed)
}

func (tx *Tx) storeSubscriptions(ctx context.Context, list []customer.Subscription, on civil.Date, as continuing) error {
	if len(list) == 0 {
		return nil
	}
	if err := insertAll(ctx, tx, "subscriptions", list, subscriptionRow, `ON CONFLICT (console_id, id) DO UPDATE SET
		sku_id = excluded.sku_id, product_group = excluded.product_group, plan = excluded.plan, state = excluded.state,
		suspension_reason = excluded.suspension_reason, channel = excluded.channel, seats = excluded.seats,
		max_seats = excluded.max_seats, currency = excluded.currency, price_num = excluded.price_num,
		price_den = excluded.price_den, billing_account_id = excluded.billing_account_id,
		purchase_order_id = excluded.purchase_order_id, renewal = excluded.renewal, renewal_seats = excluded.renewal_seats, renewal_sku_id = excluded.renewal_sku_id, start_date = excluded.start_date,
		term_start = excluded.term_start, term_end = excluded.term_end, trial_end = excluded.trial_end`); err != nil {
		return err
	}
	if err := tx.keepSummaries(ctx, list); err != nil {
		return err
	}
	return tx.continueSegments(ctx, list, on, as)
}

// keepSummaries is keepSummary of the customers of the subscriptions, which may be of several consoles.
func (tx *Tx) keepSummaries(ctx context.Context, list []customer.Subscription) error {
	of := make(map[string]map[string]bool)
	for _, s := range list {
		if of[s.ConsoleID] == nil {
			of[s.ConsoleID] = make(map[string]bool)
		}
		of[s.ConsoleID][s.CustomerID] = true
	}
	for _, consoleID := range slices.Sorted(maps.Keys(of)) {
		if err := tx.keepSummary(ctx, consoleID, slices.Sorted(maps.Keys(of[consoleID]))); err != nil {
			return err
		}
	}
	return nil
}
