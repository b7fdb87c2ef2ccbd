package store

import (
	"context"
	"strings"

	"psc/internal/customer"
)

// InsertOrders adds entries to the order history.
func (tx *Tx) InsertOrders(ctx context.Context, list []customer.Order) error {
	return insertAll(ctx, tx, "orders", list, func(o customer.Order) map[string]any {
		return map[string]any{
			"console_id": o.ConsoleID, "id": o.ID, "customer_id": o.CustomerID, "subscription_id": o.SubscriptionID,
			"at": micros(o.At), "billing_date": o.BillingDate, "operator_type": o.By, "by_name": o.ByName,
			"action": o.Action, "sku_id": o.SKUID, "plan": o.Plan, "seats_before": o.SeatsBefore,
			"seats_after": o.SeatsAfter, "state": o.State, "billing_account_id": o.AccountID,
			"purchase_order_id": o.PurchaseOrderID, "renewal": o.Renewal, "max_seats": o.MaxSeats, "reason": o.Reason,
		}
	}, "")
}

const selectOrder = `SELECT console_id, id, customer_id, subscription_id, at, billing_date, operator_type, by_name,
	action, sku_id, plan, seats_before, seats_after, state, billing_account_id, purchase_order_id, renewal, max_seats, reason
	FROM orders `

func scanOrder(r Rows) (o customer.Order, err error) {
	var at int64
	err = r.Scan(&o.ConsoleID, &o.ID, &o.CustomerID, &o.SubscriptionID, &at, &o.BillingDate, &o.By, &o.ByName, &o.Action,
		&o.SKUID, &o.Plan, &o.SeatsBefore, &o.SeatsAfter, &o.State, &o.AccountID, &o.PurchaseOrderID, &o.Renewal, &o.MaxSeats, &o.Reason)
	o.At = instant(at)
	return o, err
}

// Order returns an order of the console, or ErrNone.
func (tx *Tx) Order(ctx context.Context, consoleID, id string) (customer.Order, error) {
	return one(ctx, tx, scanOrder, selectOrder+`WHERE console_id = $1 AND id = $2`, consoleID, id)
}

// Orders returns a customer's order history in the console, the newest first, before the order before (empty: from
// the newest).
func (tx *Tx) Orders(ctx context.Context, consoleID, customerID, before string, limit int) ([]customer.Order, error) {
	return all(ctx, tx, scanOrder, selectOrder+`WHERE console_id = $1 AND customer_id = $2 AND ($3 = '' OR id < $3)
		ORDER BY id DESC LIMIT $4`, consoleID, customerID, before, limit)
}

// OrderFilter says which of a console's orders are asked for; what is empty asks for nothing in particular.
type OrderFilter struct {
	CustomerID     string
	SubscriptionID string
}

// OrdersPage returns the orders of a console that are asked for, the newest first, before the order before (empty: from the newest).
func (tx *Tx) OrdersPage(ctx context.Context, consoleID string, f OrderFilter, before string, limit int) ([]customer.Order, error) {
	a := arguments{consoleID}
	var where strings.Builder
	where.WriteString(`WHERE console_id = $1`)
	for _, asked := range []struct{ column, value string }{
		{"customer_id =", f.CustomerID}, {"subscription_id =", f.SubscriptionID}, {"id <", before},
	} {
		if asked.value != "" {
			where.WriteString(" AND " + asked.column + " " + a.add(asked.value))
		}
	}
	return all(ctx, tx, scanOrder, selectOrder+where.String()+` ORDER BY id DESC LIMIT `+a.add(limit), a...)
}

// OpenOrder is an order that waits, with whose it is.
type OpenOrder struct {
	customer.Order
	Customer string
	Domain   string
	SKU      string
}

// OpenOrders returns up to limit open orders of a console's live customers, the oldest first.
func (tx *Tx) OpenOrders(ctx context.Context, consoleID string, limit int) ([]OpenOrder, error) {
	return all(ctx, tx, func(r Rows) (o OpenOrder, err error) {
		var at int64
		err = r.Scan(openOrderFields(&o, &at)...)
		o.At = instant(at)
		return o, err
	}, `SELECT `+openOrderColumns+` FROM orders o `+joinOpenOrder+`
		WHERE o.console_id = $1 AND o.state = 'OPEN' ORDER BY o.id LIMIT $2`, consoleID, limit)
}

const (
	openOrderColumns = `o.console_id, o.id, o.customer_id, o.subscription_id, o.at, o.action, o.plan, o.sku_id, o.seats_before,
		o.seats_after, o.max_seats, o.purchase_order_id, o.billing_account_id, c.name, c.domain, COALESCE(s.name, '')`
	joinOpenOrder = `JOIN customers c ON c.console_id = o.console_id AND c.id = o.customer_id AND c.state = 'LIVE'
		LEFT JOIN skus s ON s.id = o.sku_id`
)

func openOrderFields(o *OpenOrder, at *int64) []any {
	o.State = customer.OrderOpen
	return []any{
		&o.ConsoleID, &o.ID, &o.CustomerID, &o.SubscriptionID, at, &o.Action, &o.Plan, &o.SKUID, &o.SeatsBefore,
		&o.SeatsAfter, &o.MaxSeats, &o.PurchaseOrderID, &o.AccountID, &o.Customer, &o.Domain, &o.SKU,
	}
}

// CloseOrder ends an open order as fulfilled, cancelled or rejected; it reports false if it is not open any more.
func (tx *Tx) CloseOrder(ctx context.Context, o customer.Order) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE orders SET state = $3, reason = $4 WHERE console_id = $1 AND id = $2 AND state = 'OPEN'`,
		o.ConsoleID, o.ID, o.State, o.Reason)
	return n == 1, err
}

// EarlierOrders returns the orders of a customer up to its moves to the main through a connection whose source shares
// them, the newest first and without the names of the source's people (spec M9).
func (tx *Tx) EarlierOrders(ctx context.Context, mainID, sourceID, connectionID, customerID string, limit int) ([]customer.Order, error) {
	return all(ctx, tx, scanOrder, `SELECT console_id, id, customer_id, subscription_id, at, billing_date, operator_type, '',
			action, sku_id, plan, seats_before, seats_after, state, '', '', '', 0, '' FROM orders
		WHERE console_id = $2 AND customer_id = $4 AND at <= (SELECT max(m.ended_at) FROM migrations m
			JOIN connections c ON c.id = m.connection_id AND c.shares_orders = 1
			WHERE m.console_id = $2 AND m.customer_id = $4 AND m.connection_id = $3 AND m.to_console_id = $1 AND m.state = 'COMPLETED')
		ORDER BY id DESC LIMIT $5`, mainID, sourceID, connectionID, customerID, limit)
}
