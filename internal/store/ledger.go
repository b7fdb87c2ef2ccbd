package store

import (
	"context"
	"slices"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/money"
)

// The accounts of the ledger. An amount above zero is a debit. What is charged waits in UNBILLED for its invoice; what is
// prepaid waits in DEFERRED, lot by lot, for its days to be used; CLEARING is between the consoles of one migration.
const (
	accountReceivable = "RECEIVABLE"
	accountBalance    = "BALANCE"
	accountUnbilled   = "UNBILLED"
	accountDeferred   = "DEFERRED"
	accountRevenue    = "REVENUE"
	accountTax        = "TAX"
	accountClearing   = "CLEARING"
	accountPaidOut    = "PAID_OUT"
)

const ledgerColumns = `console_id, group_id, account, billing_account_id, lot_id, migration_id, currency, amount, booked_on`

// ledgerEntry is one side of a group of entries that add up to nothing. Console, group and account are its key, so
// that nothing is booked twice.
type ledgerEntry struct {
	consoleID, group, account string
	accountID, lotID          string
	clears                    string // the migration, or the transfer of a balance, of an entry of CLEARING
	amount                    money.Amount
	on                        civil.Date
}

func (e ledgerEntry) row() map[string]any {
	return map[string]any{
		"console_id": e.consoleID, "group_id": e.group, "account": e.account, "billing_account_id": e.accountID,
		"lot_id": e.lotID, "migration_id": e.clears, "currency": e.amount.Currency, "amount": e.amount.Minor, "booked_on": e.on,
	}
}

// bookPurchases books what was charged for new lots: none of it is earned yet.
func (tx *Tx) bookPurchases(ctx context.Context, lots []heldLot) error {
	var entries []ledgerEntry
	for _, l := range lots {
		e := ledgerEntry{
			consoleID: l.ConsoleID, group: l.Lot.ID + "/purchase", account: accountUnbilled,
			accountID: l.BillingAccountID, lotID: l.Lot.ID, amount: l.Charged, on: l.Period.From,
		}
		deferred := e
		deferred.account, deferred.amount.Minor = accountDeferred, -e.amount.Minor
		entries = append(entries, e, deferred)
	}
	return insertAll(ctx, tx, "ledger_entries", entries, ledgerEntry.row, "")
}

// legs are both sides of a group, for statements that book many at once.
func legs(debit, credit string) string {
	return `CROSS JOIN (SELECT '` + debit + `' AS account, 1 AS sign UNION ALL SELECT '` + credit + `', -1) leg `
}

// lotAt is the billing date $4, or the day on which a lot begins that begins later.
const lotAt = `CASE WHEN l.from_date > $4 THEN l.from_date ELSE CAST($4 AS bigint) END`

// What a move books, for the held lots of a whole chunk: the days used at the source are earned, and what is left is credited
// there and charged at the main through the migration's clearing account. The deferred rest is the lot's, whoever holds it.
var (
	releaseMovedSQL = `INSERT INTO ledger_entries (` + ledgerColumns + `)
	SELECT $2, l.id || '/used/' || CAST(CAST($4 AS bigint) AS text), leg.account, l.billing_account_id, l.id, '', l.currency,
		leg.sign * (` + lotValueAt(`l.released_to`) + ` - ` + lotValueAt(`$4`) + `), CAST($4 AS bigint)
	FROM ` + heldLots + legs(accountDeferred, accountRevenue) + held + `AND l.released_to < $4 AND $1 <> $2`

	bookCreditsSQL = `INSERT INTO ledger_entries (` + ledgerColumns + `)
	SELECT $2, x.migration_id || '/' || l.id || '/credit', leg.account, l.billing_account_id, l.id, x.migration_id, l.currency,
		leg.sign * (` + lotValueAt(lotAt) + `), CAST($4 AS bigint)
	FROM ` + heldLots + legs("CLEARING", accountUnbilled) + held + `AND $1 <> $2`

	bookChargesSQL = `INSERT INTO ledger_entries (` + ledgerColumns + `)
	SELECT $1, x.migration_id || '/' || l.id || '/charge', leg.account, x.to_account_id, l.id, x.migration_id, l.currency,
		leg.sign * (` + lotValueAt(lotAt) + `), CAST($4 AS bigint)
	FROM ` + heldLots + legs(accountUnbilled, "CLEARING") + held
)

// usedUntil is how far a lot's days are used when a month that ends before $2 is closed.
const usedUntil = `CASE WHEN l.to_date < $2 THEN l.to_date ELSE CAST($2 AS bigint) END`

var releaseUsedSQL = `INSERT INTO ledger_entries (` + ledgerColumns + `)
	SELECT l.console_id, l.id || '/used/' || CAST(` + usedUntil + ` AS text), leg.account, l.billing_account_id, l.id, '', l.currency,
		leg.sign * (` + lotValueAt(`l.released_to`) + ` - ` + lotValueAt(usedUntil) + `), ` + usedUntil + `
	FROM lots l ` + legs(accountDeferred, accountRevenue) + `
	WHERE l.console_id = $1 AND l.held_to = $3 AND l.released_to < $2 AND l.released_to < l.to_date AND l.id > $4 AND l.id <= $5`

// ReleaseLots books the days of the next prepaid lots of a console, after a lot ID, as earned up to the end of a month that is
// being closed. It returns the last lot's ID, or nothing when there are no more.
func (tx *Tx) ReleaseLots(ctx context.Context, consoleID string, m civil.Month, after string, limit int) (last string, err error) {
	if err := tx.whileClosing(ctx, consoleID, m); err != nil {
		return "", err
	}
	until := m.End()
	ids, err := all(ctx, tx, scalar[string], `SELECT id FROM lots WHERE console_id = $1 AND held_to = $3 AND released_to < $2
		AND released_to < to_date AND id > $4 ORDER BY id LIMIT $5`, consoleID, until, civil.Forever, after, limit)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	last = ids[len(ids)-1]
	if _, err := tx.exec(ctx, releaseUsedSQL, consoleID, until, civil.Forever, after, last); err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `UPDATE lots SET released_to = CASE WHEN to_date < $2 THEN to_date ELSE CAST($2 AS bigint) END
		WHERE console_id = $1 AND held_to = $3 AND released_to < $2 AND released_to < to_date AND id > $4 AND id <= $5`,
		consoleID, until, civil.Forever, after, last)
	return last, err
}

// bookInvoice books an issued invoice, of which charged was booked as unbilled when it was charged; the rest of
// the net amount is earned with the month.
func (tx *Tx) bookInvoice(ctx context.Context, inv Invoice, charged money.Amount) error {
	balance := inv.Applied.Minor
	if inv.Gross.Minor < 0 {
		balance = inv.Gross.Minor
	}
	var entries []ledgerEntry
	for _, side := range []struct {
		account string
		minor   int64
	}{
		{accountReceivable, inv.Due.Minor},
		{accountBalance, balance},
		{accountUnbilled, -charged.Minor},
		{accountRevenue, charged.Minor - inv.Net.Minor},
		{accountTax, inv.Net.Minor - inv.Gross.Minor},
	} {
		entries = append(entries, ledgerEntry{
			consoleID: inv.ConsoleID, group: inv.ID, account: side.account, accountID: inv.AccountID,
			amount: money.Amount{Minor: side.minor, Currency: inv.Currency}, on: inv.Month.End() - 1,
		})
	}
	entries = slices.DeleteFunc(entries, func(e ledgerEntry) bool { return e.amount.Minor == 0 })
	return insertAll(ctx, tx, "ledger_entries", entries, ledgerEntry.row, "")
}

// moveBalance appends to the credit balance of an account what an invoice adds or takes.
func (tx *Tx) moveBalance(ctx context.Context, inv Invoice) error {
	amount := -inv.Applied.Minor
	if inv.Gross.Minor < 0 {
		amount = -inv.Gross.Minor
	}
	if amount == 0 {
		return nil
	}
	if err := tx.touchBalance(ctx, inv.ConsoleID, inv.AccountID); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO balance_movements (console_id, id, billing_account_id, currency, amount, invoice_id, at)
		VALUES ($1, $2, $3, $4, $5, $2, $6)`, inv.ConsoleID, inv.ID, inv.AccountID, inv.Currency, amount, micros(inv.IssuedAt))
	return err
}

// Balance returns the credit balance of an account.
func (tx *Tx) Balance(ctx context.Context, a billing.Account) (money.Amount, error) {
	minor, err := one(ctx, tx, scalar[int64], `SELECT CAST(COALESCE(sum(amount), 0) AS bigint) FROM balance_movements
		WHERE console_id = $1 AND billing_account_id = $2`, a.ConsoleID, a.ID)
	return money.Amount{Minor: minor, Currency: a.Currency}, err
}
