package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/money"
)

// touchBalance makes the transaction meet every other that uses the credit balance of the account.
func (tx *Tx) touchBalance(ctx context.Context, consoleID, accountID string) error {
	_, err := tx.exec(ctx, `UPDATE billing_accounts SET state = state WHERE console_id = $1 AND id = $2`, consoleID, accountID)
	return err
}

// BalanceUse is credit balance of an account that is paid out, or goes to another account of the console.
type BalanceUse struct {
	ConsoleID string
	ID        string
	AccountID string
	ToID      string // empty: it is paid out
	Amount    money.Amount
	Note      string // why; BalanceUsed does not return it
}

// UseBalance books what an account's credit balance is used for; it reports false if that was booked before under the same ID. The
// two accounts of a transfer are two groups of the ledger, with the transfer's own clearing account between them.
func (tx *Tx) UseBalance(ctx context.Context, u BalanceUse, on civil.Date, now int64) (bool, error) {
	if err := tx.TouchMonth(ctx, u.ConsoleID, on); err != nil {
		return false, err
	}
	for _, id := range []string{u.AccountID, u.ToID} {
		if err := tx.touchBalance(ctx, u.ConsoleID, id); err != nil {
			return false, err
		}
	}
	minus := money.Amount{Minor: -u.Amount.Minor, Currency: u.Amount.Currency}
	entry := func(group, account, of string, amount money.Amount) ledgerEntry {
		e := ledgerEntry{consoleID: u.ConsoleID, group: u.ID + group, account: account, accountID: of, amount: amount, on: on}
		if account == accountClearing {
			e.clears = u.ID
		}
		return e
	}
	entries := []ledgerEntry{entry("", accountBalance, u.AccountID, u.Amount), entry("", accountPaidOut, u.AccountID, minus)}
	moves := []balanceMove{{u.ID, u.AccountID, minus}}
	if u.ToID != "" {
		entries = []ledgerEntry{
			entry("/out", accountBalance, u.AccountID, u.Amount), entry("/out", accountClearing, u.AccountID, minus),
			entry("/in", accountClearing, u.ToID, u.Amount), entry("/in", accountBalance, u.ToID, minus),
		}
		moves = []balanceMove{{u.ID + "/out", u.AccountID, minus}, {u.ID + "/in", u.ToID, u.Amount}}
	}
	for _, m := range moves {
		n, err := tx.exec(ctx, `INSERT INTO balance_movements (console_id, id, billing_account_id, currency, amount, invoice_id, at, note)
			VALUES ($1, $2, $3, $4, $5, '', $6, $7) ON CONFLICT (console_id, id) DO NOTHING`,
			u.ConsoleID, m.id, m.accountID, m.amount.Currency, m.amount.Minor, now, u.Note)
		if err != nil || n == 0 {
			return false, err
		}
	}
	return true, insertAll(ctx, tx, "ledger_entries", entries, ledgerEntry.row, "")
}

type balanceMove struct {
	id, accountID string
	amount        money.Amount
}

// BalanceUsed returns what was booked under the ID of a use of a credit balance, or ErrNone.
func (tx *Tx) BalanceUsed(ctx context.Context, consoleID, id string) (BalanceUse, error) {
	return one(ctx, tx, func(r Rows) (u BalanceUse, err error) {
		u.ConsoleID, u.ID = consoleID, id
		err = r.Scan(&u.AccountID, &u.ToID, &u.Amount.Currency, &u.Amount.Minor)
		return u, err
	}, `SELECT f.billing_account_id, COALESCE(t.billing_account_id, ''), f.currency, -f.amount FROM balance_movements f
		LEFT JOIN balance_movements t ON t.console_id = $1 AND t.id = $2 || '/in'
		WHERE f.console_id = $1 AND f.id IN ($2, $2 || '/out')`, consoleID, id)
}

// AccountSums are what an account owes by its issued invoices, and what it has.
type AccountSums struct {
	AccountID string
	Due       int64      // by invoices that are due on a date or later, in minor units
	NextDue   civil.Date // the first of those dates; 0: nothing is due
	Balance   int64      // credit balance
}

// AccountSums returns the sums of each account of a console that has any.
func (tx *Tx) AccountSums(ctx context.Context, consoleID string, from civil.Date) (map[string]AccountSums, error) {
	sums := map[string]AccountSums{}
	_, err := all(ctx, tx, func(r Rows) (struct{}, error) {
		var s AccountSums
		err := r.Scan(&s.AccountID, &s.Due, &s.NextDue, &s.Balance)
		sums[s.AccountID] = s
		return struct{}{}, err
	}, `SELECT b.id, COALESCE(i.due, 0), COALESCE(i.next, 0), COALESCE(m.balance, 0) FROM billing_accounts b
		LEFT JOIN (SELECT billing_account_id, CAST(sum(due) AS bigint) AS due, min(due_on) AS next FROM invoices
			WHERE console_id = $1 AND due > 0 AND due_on >= $2 GROUP BY billing_account_id) i ON i.billing_account_id = b.id
		LEFT JOIN (SELECT billing_account_id, CAST(sum(amount) AS bigint) AS balance FROM balance_movements
			WHERE console_id = $1 GROUP BY billing_account_id) m ON m.billing_account_id = b.id
		WHERE b.console_id = $1`, consoleID, from)
	return sums, err
}

// DueInvoices returns the invoices of an account that are due on a date or later, the first first.
func (tx *Tx) DueInvoices(ctx context.Context, consoleID, accountID string, from civil.Date) ([]Invoice, error) {
	return all(ctx, tx, scanInvoice, selectInvoice+`WHERE console_id = $1 AND billing_account_id = $2 AND due > 0 AND due_on >= $3
		ORDER BY due_on, month`, consoleID, accountID, from)
}

// InvoicesDue counts the invoices of a console that are due on a date of a period, and returns the first of those dates.
func (tx *Tx) InvoicesDue(ctx context.Context, consoleID string, from, to civil.Date) (n int, first civil.Date, err error) {
	_, err = one(ctx, tx, func(r Rows) (struct{}, error) {
		return struct{}{}, r.Scan(&n, &first)
	}, `SELECT count(*), COALESCE(min(due_on), 0) FROM invoices WHERE console_id = $1 AND due > 0 AND due_on BETWEEN $2 AND $3`,
		consoleID, from, to)
	return n, first, err
}

// StatementLine is what one document did to an account: above zero is owed by it, below zero is credit that it has.
type StatementLine struct {
	Date     civil.Date
	Document string      // the number of an invoice, or the ID of a use of the credit balance
	Note     string      // why the credit balance was used
	Month    civil.Month // of an invoice
	Invoice  bool
	Kind     StatementKind
	Amount   money.Amount
	Balance  money.Amount // of the account after it
}

// StatementKind says what a line of a statement is.
type StatementKind string

// The kinds.
const (
	StatementInvoice StatementKind = "INVOICE"
	StatementPaidOut StatementKind = "PAID_OUT"
	StatementOut     StatementKind = "TRANSFER_OUT"
	StatementIn      StatementKind = "TRANSFER_IN"
)

// Statement returns the newest lines of an account's statement, the newest first, out of the ledger. An invoice
// stands on its date of issue, before what the day brought besides.
func (tx *Tx) Statement(ctx context.Context, a billing.Account, limit int) ([]StatementLine, error) {
	return all(ctx, tx, func(r Rows) (l StatementLine, err error) {
		var month civil.Date
		var n int64
		err = r.Scan(&l.Date, &l.Document, &l.Note, &month, &n, &l.Kind, &l.Amount.Minor, &l.Balance.Minor)
		l.Amount.Currency, l.Balance.Currency, l.Invoice = a.Currency, a.Currency, n == 1
		if l.Invoice {
			l.Month = month.Month()
		}
		return l, err
	}, `SELECT e.on_date, COALESCE(i.number, e.grp), COALESCE(b.note, ''), COALESCE(i.month, 0), CASE WHEN i.id IS NULL THEN 0 ELSE 1 END,
			CASE WHEN i.id IS NOT NULL THEN 'INVOICE' WHEN e.grp LIKE '%/out' THEN 'TRANSFER_OUT' WHEN e.grp LIKE '%/in' THEN 'TRANSFER_IN'
				ELSE 'PAID_OUT' END,
			e.amount, e.balance
		FROM (SELECT grp, on_date, later, amount, CAST(sum(amount) OVER (ORDER BY on_date, later, grp) AS bigint) AS balance
			FROM (SELECT l.group_id AS grp, COALESCE(max(v.issued_on), max(l.booked_on)) AS on_date,
					CASE WHEN max(v.id) IS NULL THEN 1 ELSE 0 END AS later, CAST(sum(l.amount) AS bigint) AS amount
				FROM ledger_entries l LEFT JOIN invoices v ON v.console_id = l.console_id AND v.id = l.group_id
				WHERE l.console_id = $1 AND l.billing_account_id = $2 AND l.account IN ('RECEIVABLE', 'BALANCE') GROUP BY l.group_id) g) e
		LEFT JOIN invoices i ON i.console_id = $1 AND i.id = e.grp LEFT JOIN balance_movements b ON b.console_id = $1 AND b.id = e.grp
		ORDER BY e.on_date DESC, e.later DESC, e.grp DESC LIMIT $3`, a.ConsoleID, a.ID, limit)
}

// SetPaymentDays stores how many days after its issue an invoice of the account is due.
func (tx *Tx) SetPaymentDays(ctx context.Context, a billing.Account) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE billing_accounts SET payment_days = $3 WHERE console_id = $1 AND id = $2`, a.ConsoleID, a.ID, a.PaymentDays)
	return n == 1, err
}
