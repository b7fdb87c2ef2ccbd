package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/migration"
	"psc/internal/money"
)

// Billed is a subscription as its console's invoices name it, with the history that its lines are computed from.
type Billed struct {
	SubscriptionID, CustomerID, CustomerName, Domain string
	SKUID, SKUName, PurchaseOrderID                  string
	Currency                                         money.Currency
	Plan                                             catalog.Plan
	AccountID                                        string // present, or that of the day it moved away
	History                                          []billing.Segment
	skuNames                                         map[string]string
}

// On returns what is billed as it was on a date: it may have another product or plan by now.
func (b Billed) On(d civil.Date) Billed {
	skuID, plan := billing.SoldOn(b.History, d)
	return b.Sold(skuID, plan)
}

// Sold returns what is billed with another product and plan.
func (b Billed) Sold(skuID string, plan catalog.Plan) Billed {
	b.Plan = plan
	if name, known := b.skuNames[skuID]; known {
		b.SKUID, b.SKUName = skuID, name
	}
	b.History, b.skuNames = nil, nil
	return b
}

const selectBilled = `SELECT s.id, s.customer_id, c.name, c.domain, s.sku_id, k.name, s.purchase_order_id, s.currency, s.plan,
	s.billing_account_id FROM subscriptions s
	JOIN customers c ON c.console_id = s.console_id AND c.id = s.customer_id
	JOIN skus k ON k.id = s.sku_id `

func scanBilled(r Rows) (b Billed, err error) {
	err = r.Scan(&b.SubscriptionID, &b.CustomerID, &b.CustomerName, &b.Domain, &b.SKUID, &b.SKUName, &b.PurchaseOrderID,
		&b.Currency, &b.Plan, &b.AccountID)
	return b, err
}

// BilledTo returns the IDs of the subscriptions of which days of the month are billed to the account on a monthly plan.
func (tx *Tx) BilledTo(ctx context.Context, consoleID, accountID string, m civil.Month) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT DISTINCT subscription_id FROM segments WHERE console_id = $1 AND billing_account_id = $2
		AND to_date > $3 AND from_date < $4 AND carried = 0 AND plan <> 'ANNUAL_YEARLY_PAY' ORDER BY subscription_id`,
		consoleID, accountID, m.First(), m.End())
}

// billedInMonth finds subscriptions s of which the console $1 bills days of a month, $2 to $3, by the month.
const billedInMonth = `EXISTS (SELECT 1 FROM segments g WHERE g.console_id = $1 AND g.subscription_id = s.id
	AND g.to_date > $2 AND g.from_date < $3 AND g.carried = 0 AND g.plan <> 'ANNUAL_YEARLY_PAY')`

// BilledInMonth returns the next subscriptions, after an ID, of which the console bills days of the month on a monthly plan, each
// with all rows of the month that the console has of it.
func (tx *Tx) BilledInMonth(ctx context.Context, consoleID string, m civil.Month, after string, limit int) ([]Billed, error) {
	list, err := all(ctx, tx, scanBilled, selectBilled+`WHERE s.console_id = $1 AND s.id > $4 AND `+billedInMonth+`
		ORDER BY s.id LIMIT $5`, consoleID, m.First(), m.End(), after, limit)
	if err != nil {
		return nil, err
	}
	return list, tx.addHistories(ctx, consoleID, list, m)
}

// CountBilled returns how many subscriptions and charges the invoices of a console's month are made of.
func (tx *Tx) CountBilled(ctx context.Context, consoleID string, m civil.Month) (int64, error) {
	return one(ctx, tx, scalar[int64], `SELECT (SELECT count(*) FROM subscriptions s WHERE s.console_id = $1 AND `+billedInMonth+`)
		+ (SELECT count(*) FROM charges WHERE console_id = $1 AND invoice_month = $2)`, consoleID, m.First(), m.End())
}

// ChargesOfMonth returns the next charges and credits of a console for an invoice month, after an ID.
func (tx *Tx) ChargesOfMonth(ctx context.Context, consoleID string, m civil.Month, after string, limit int) ([]Charge, error) {
	return all(ctx, tx, scanCharge(consoleID), selectCharge+`WHERE h.console_id = $1 AND h.invoice_month = $2 AND h.id > $3
		ORDER BY h.id LIMIT $4`, consoleID, m.First(), after, limit)
}

// BilledOfCustomers returns what customers of the console have that has not ended, each with its rows of the month.
func (tx *Tx) BilledOfCustomers(ctx context.Context, consoleID string, customerIDs []string, m civil.Month) ([]Billed, error) {
	list, err := all(ctx, tx, scanBilled, selectBilled+`WHERE s.console_id = $1 AND s.moved <> 1 AND s.state <> 'CANCELLED'
		AND s.customer_id IN (SELECT value->>'id' `+each("$2")+`) ORDER BY c.sort_name, c.id, s.id`, consoleID, idList(customerIDs))
	if err != nil {
		return nil, err
	}
	return list, tx.addHistories(ctx, consoleID, list, m)
}

// BilledSubscriptions returns subscriptions of the console, ended and moved ones too, each with its rows of the month.
func (tx *Tx) BilledSubscriptions(ctx context.Context, consoleID string, subscriptionIDs []string, m civil.Month) ([]Billed, error) {
	list, err := all(ctx, tx, scanBilled, selectBilled+`WHERE s.console_id = $1
		AND s.id IN (SELECT value->>'id' `+each("$2")+`) ORDER BY s.id`, consoleID, idList(subscriptionIDs))
	if err != nil {
		return nil, err
	}
	return list, tx.addHistories(ctx, consoleID, list, m)
}

// addHistories fills in the rows that each subscription has in the month, in the order in which they were written.
func (tx *Tx) addHistories(ctx context.Context, consoleID string, list []Billed, m civil.Month) error {
	at := make(map[string]*Billed, len(list))
	ids := make([]string, len(list))
	names, err := tx.skuNames(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		ids[i], list[i].skuNames = list[i].SubscriptionID, names
		at[ids[i]] = &list[i]
	}
	_, err = all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var carried int64
		g := billing.Segment{Owner: billing.Owner{ConsoleID: consoleID}}
		err := r.Scan(&id, &g.AccountID, &g.Period.From, &g.Period.To, &g.SKUID, &g.Plan, &g.State, &g.Suspension, &g.Channel, &g.Seats,
			&g.Price.Num, &g.Price.Den, &carried, &g.MigrationID)
		g.Carried = carried == 1
		if b := at[id]; b != nil {
			b.History = append(b.History, g)
		}
		return struct{}{}, err
	}, `SELECT subscription_id, billing_account_id, from_date, to_date, sku_id, plan, state, suspension_reason, channel,
			seats, price_num, price_den, carried, migration_id FROM segments
		WHERE console_id = $1 AND to_date > $3 AND from_date < $4 AND subscription_id IN (SELECT value->>'id' `+each("$2")+`)
		ORDER BY subscription_id, seq`, consoleID, idList(ids), m.First(), m.End())
	return err
}

// Charge is a line that was written when it came about: of a prepaid lot, or a correction.
type Charge struct {
	billing.Line
	ID             string
	Billed         Billed // without history
	CounterpartyID string // the other console of a transfer
}

// Charges returns what was charged and credited to an account for an invoice month, by subscription.
func (tx *Tx) Charges(ctx context.Context, consoleID, accountID string, m civil.Month) ([]Charge, error) {
	return all(ctx, tx, scanCharge(consoleID), selectCharge+`WHERE h.console_id = $1 AND h.billing_account_id = $2
		AND h.invoice_month = $3 ORDER BY h.subscription_id, h.id`, consoleID, accountID, m.First())
}

const selectCharge = `SELECT h.id, h.line_type, h.invoice_month, h.from_date, h.to_date, h.per_days, h.seats, h.price_num, h.price_den,
	h.currency, h.amount, h.supplied_date, h.lot_id, h.migration_id, h.counterparty_id, h.billing_account_id,
	h.subscription_id, h.customer_id, c.name, c.domain, h.sku_id, k.name, s.purchase_order_id, s.plan
	FROM charges h JOIN subscriptions s ON s.console_id = h.console_id AND s.id = h.subscription_id
	JOIN customers c ON c.console_id = h.console_id AND c.id = h.customer_id
	JOIN skus k ON k.id = h.sku_id `

func scanCharge(consoleID string) func(Rows) (Charge, error) {
	return func(r Rows) (c Charge, err error) {
		var month civil.Date
		b := &c.Billed
		err = r.Scan(&c.ID, &c.Type, &month, &c.Period.From, &c.Period.To, &c.PerDays, &c.Seats, &c.Price.Num, &c.Price.Den,
			&b.Currency, &c.Amount.Minor, &c.Supplied, &c.LotID, &c.MigrationID, &c.CounterpartyID, &c.AccountID,
			&b.SubscriptionID, &b.CustomerID, &b.CustomerName, &b.Domain, &b.SKUID, &b.SKUName, &b.PurchaseOrderID, &b.Plan)
		c.ConsoleID, c.Invoice, c.Amount.Currency, b.AccountID = consoleID, month.Month(), b.Currency, c.AccountID
		if c.LotID != "" {
			b.Plan = catalog.AnnualYearlyPay // it may have another by now
		}
		c.Credit = c.Type == billing.TransferCreditLine || c.Amount.Minor < 0
		return c, err
	}
}

// HeldLot is a prepaid lot with the subscription that it is of.
type HeldLot struct {
	billing.Lot
	SubscriptionID string
	AccountID      string
	HeldFrom       civil.Date // by this console
	SKUID          string
	Upgrade        bool // what a dearer product costs more of seats that other lots have paid for
}

// HeldLots returns the lots of these customers that the console holds and that have not ended on a date.
func (tx *Tx) HeldLots(ctx context.Context, consoleID string, customerIDs []string, on civil.Date) ([]HeldLot, error) {
	return all(ctx, tx, func(r Rows) (l HeldLot, err error) {
		var upgrade int64
		err = r.Scan(&l.ID, &l.SubscriptionID, &l.AccountID, &l.Period.From, &l.Period.To, &l.Seats, &l.Price.Num, &l.Price.Den,
			&l.TermDays, &l.Charged.Currency, &l.Charged.Minor, &l.HeldFrom, &l.SKUID, &upgrade)
		l.Upgrade = upgrade == 1
		return l, err
	}, `SELECT id, subscription_id, billing_account_id, from_date, to_date, seats, price_num, price_den, term_days, currency, charged,
			held_from, sku_id, upgrade FROM lots WHERE console_id = $1 AND held_to = $4 AND to_date > $3
		AND customer_id IN (SELECT value->>'id' `+each("$2")+`) ORDER BY subscription_id, id`,
		consoleID, idList(customerIDs), on, civil.Forever)
}

// ChargesOfCustomers returns what was charged and credited for an invoice month for these customers.
func (tx *Tx) ChargesOfCustomers(ctx context.Context, consoleID string, customerIDs []string, m civil.Month) ([]Charge, error) {
	return all(ctx, tx, scanCharge(consoleID), selectCharge+`WHERE h.console_id = $1 AND h.invoice_month = $3
		AND h.customer_id IN (SELECT value->>'id' `+each("$2")+`) ORDER BY h.subscription_id, h.id`,
		consoleID, idList(customerIDs), m.First())
}

type namedID struct {
	id     string
	cursor Cursor
}

func namedIDs(list []namedID) ([]string, Cursor) {
	ids := make([]string, len(list))
	var last Cursor
	for i, n := range list {
		ids[i], last = n.id, n.cursor
	}
	return ids, last
}

func scanNamedID(r Rows) (n namedID, err error) {
	err = r.Scan(&n.id, &n.cursor.SortName, &n.cursor.ID)
	return n, err
}

// StartedCustomers returns the next customers of a connection's migrations in the states and the scope (migration IDs), for
// the main, and where to go on.
func (tx *Tx) StartedCustomers(ctx context.Context, c connection.Connection, s Scope, states []migration.State, after Cursor, limit int) ([]string, Cursor, error) {
	cond, arg := s.where("m.id", "m.search_text", "$4")
	parts, args := byState(`SELECT m.customer_id, m.sort_name, m.id FROM migrations m
		WHERE m.console_id = $1 AND m.connection_id = $2 AND m.to_console_id = $3 AND `+cond, states, c.SourceID, c.ID, c.MainID, arg)
	list, err := pageOf(ctx, tx, scanNamedID, Page{After: after, Limit: limit}, parts, args...)
	ids, last := namedIDs(list.Rows)
	return ids, last, err
}

// MovableCustomers returns the next live customers of a connection's source in the scope (customer IDs) that are ready or in
// migration, and where to go on.
func (tx *Tx) MovableCustomers(ctx context.Context, c connection.Connection, s Scope, after Cursor, limit int) ([]string, Cursor, error) {
	cond, arg := s.where("id", "search_text", "$2")
	list, err := all(ctx, tx, scanNamedID, `SELECT id, sort_name, id FROM customers
		WHERE console_id = $1 AND state = 'LIVE' AND (migration_id <> '' OR blockers = 0 AND evaluated_at > 0) AND `+cond+`
		AND (sort_name, id) > ($3, $4) ORDER BY sort_name, id LIMIT $5`, c.SourceID, arg, after.SortName, after.ID, limit)
	ids, last := namedIDs(list)
	return ids, last, err
}
