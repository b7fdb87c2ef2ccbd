package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/console"
)

// Place names a console in a list over all of them.
type Place struct {
	Console, Reseller string
	AccountID         console.AccountID
}

// QueuedOrder is an order that waits for the vendor, with the console that it is of.
type QueuedOrder struct {
	OpenOrder
	Place
}

// OrderQueue returns the next open orders of the live customers of all consoles, the oldest first, after an ID.
func (tx *Tx) OrderQueue(ctx context.Context, after string, limit int) ([]QueuedOrder, error) {
	return all(ctx, tx, func(r Rows) (q QueuedOrder, err error) {
		at := int64(0)
		err = r.Scan(append(openOrderFields(&q.OpenOrder, &at), &q.Console, &q.Reseller, &q.AccountID)...)
		q.At = instant(at)
		return q, err
	}, `SELECT `+openOrderColumns+`, p.name, r.name, p.account_id FROM orders o `+joinOpenOrder+`
		JOIN consoles p ON p.id = o.console_id JOIN resellers r ON r.id = p.reseller_id
		WHERE o.state = 'OPEN' AND o.id > $1 ORDER BY o.id LIMIT $2`, after, limit)
}

// QueuedAccount is a billing account that waits for the vendor's approval, with the console that it is of.
type QueuedAccount struct {
	billing.Account
	Place
}

// AccountQueue returns the next billing accounts of all consoles that wait for approval, the oldest first, after an ID.
func (tx *Tx) AccountQueue(ctx context.Context, after string, limit int) ([]QueuedAccount, error) {
	return all(ctx, tx, func(r Rows) (q QueuedAccount, err error) {
		var at, signed int64
		err = r.Scan(append(billingAccountFields(&q.Account, &at, &signed), &q.Console, &q.Reseller, &q.AccountID)...)
		q.CreatedAt, q.Signed = instant(at), signed == 1
		return q, err
	}, `SELECT `+billingAccountColumns+`, p.name, r.name, p.account_id `+fromBillingAccounts+`
		JOIN consoles p ON p.id = b.console_id JOIN resellers r ON r.id = p.reseller_id
		WHERE b.state = 'PENDING' AND b.id > $1 ORDER BY b.id LIMIT $2`, after, limit)
}

// VendorCounts is how much waits for the vendor in all consoles, each up to CountLimit.
type VendorCounts struct {
	Cases, Undos     int // cases that wait for an operator: those that ask to undo a migration apart
	Orders, Accounts int
	GivenUp, Failing int // jobs that are not tried again, and those that are
}

// CountVendorWork counts what waits for the vendor.
func (tx *Tx) CountVendorWork(ctx context.Context) (c VendorCounts, err error) {
	for _, q := range []struct {
		n   *int
		sql string
	}{
		{&c.Cases, `cases WHERE state IN ('OPEN', 'WAITING_FOR_OPERATOR') AND kind <> 'UNDO_MIGRATION'`},
		{&c.Undos, `cases WHERE state IN ('OPEN', 'WAITING_FOR_OPERATOR') AND kind = 'UNDO_MIGRATION'`},
		{&c.Orders, `orders o ` + joinOpenOrder + ` WHERE o.state = 'OPEN'`},
		{&c.Accounts, `billing_accounts WHERE state = 'PENDING'`},
		{&c.GivenUp, `river_job WHERE state = 'discarded'`},
		{&c.Failing, `river_job WHERE state = 'retryable'`},
	} {
		if *q.n, err = one(ctx, tx, scalar[int], `SELECT count(*) FROM (SELECT 1 AS hit FROM `+q.sql+` LIMIT $1) AS hits`, CountLimit); err != nil {
			return c, err
		}
	}
	return c, nil
}

// VendorWorkOf counts for each of these consoles what waits there for the vendor: cases, open orders and accounts that want approval,
// each up to CountLimit. Consoles in which nothing waits are left out.
func (tx *Tx) VendorWorkOf(ctx context.Context, consoleIDs []string) (map[string]int, error) {
	count := func(from string) string {
		return `(SELECT count(*) FROM (SELECT 1 AS hit FROM ` + from + ` LIMIT $2) AS hits)`
	}
	waiting := map[string]int{}
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var id string
		var n int
		err := r.Scan(&id, &n)
		if n > 0 {
			waiting[id] = n
		}
		return struct{}{}, err
	}, `SELECT k.id, `+count(`cases t WHERE t.console_id = k.id AND t.state IN ('OPEN', 'WAITING_FOR_OPERATOR')`)+`
		+ `+count(`orders o `+joinOpenOrder+` WHERE o.console_id = k.id AND o.state = 'OPEN'`)+`
		+ `+count(`billing_accounts b WHERE b.console_id = k.id AND b.state = 'PENDING'`)+`
		FROM consoles k WHERE k.id IN (SELECT value->>'id' `+each("$1")+`)`, idList(consoleIDs), CountLimit)
	return waiting, err
}
