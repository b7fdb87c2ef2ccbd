package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/civil"
)

// InsertBillingAccounts adds billing accounts.
func (tx *Tx) InsertBillingAccounts(ctx context.Context, list []billing.Account) error {
	return insertAll(ctx, tx, "billing_accounts", list, func(a billing.Account) map[string]any {
		return map[string]any{
			"console_id": a.ConsoleID, "id": a.ID, "name": a.Name, "currency": a.Currency, "product_group": a.Group,
			"legal_entity_id": a.LegalEntityID, "state": a.State, "payment_days": a.PaymentDays, "created_at": micros(a.CreatedAt),
		}
	}, "")
}

const (
	billingAccountColumns = `b.console_id, b.id, b.name, b.currency, b.product_group, b.legal_entity_id, e.name,
		b.state, b.payment_days, b.created_at, CASE WHEN g.signed_at IS NULL THEN 0 ELSE 1 END`
	fromBillingAccounts = `FROM billing_accounts b JOIN legal_entities e ON e.id = b.legal_entity_id
		LEFT JOIN agreements g ON g.console_id = b.console_id AND g.legal_entity_id = b.legal_entity_id `
	selectBillingAccount = `SELECT ` + billingAccountColumns + ` ` + fromBillingAccounts
)

func billingAccountFields(a *billing.Account, at, signed *int64) []any {
	return []any{&a.ConsoleID, &a.ID, &a.Name, &a.Currency, &a.Group, &a.LegalEntityID, &a.LegalEntity, &a.State, &a.PaymentDays, at, signed}
}

func scanBillingAccount(r Rows) (a billing.Account, err error) {
	var at, signed int64
	err = r.Scan(billingAccountFields(&a, &at, &signed)...)
	a.CreatedAt, a.Signed = instant(at), signed == 1
	return a, err
}

// BillingAccounts returns the billing accounts of a console, the oldest first.
func (tx *Tx) BillingAccounts(ctx context.Context, consoleID string) ([]billing.Account, error) {
	return all(ctx, tx, scanBillingAccount, selectBillingAccount+`WHERE b.console_id = $1 ORDER BY b.created_at, b.id`,
		consoleID)
}

// BillingAccount returns a billing account of the console, or ErrNone.
func (tx *Tx) BillingAccount(ctx context.Context, consoleID, id string) (billing.Account, error) {
	return one(ctx, tx, scanBillingAccount, selectBillingAccount+`WHERE b.console_id = $1 AND b.id = $2`, consoleID, id)
}

// SetBillingAccountState gives the account a new state; it reports false if it is not in the state from any more.
func (tx *Tx) SetBillingAccountState(ctx context.Context, a billing.Account, from billing.AccountState) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE billing_accounts SET state = $3 WHERE console_id = $1 AND id = $2 AND state = $4`,
		a.ConsoleID, a.ID, a.State, from)
	return n == 1, err
}

// TouchPayingAccounts makes the transaction meet every other that changes one of the accounts, and returns those that can
// pay: who has something billed to an account calls it, so that closing the account and using it cannot both succeed.
func (tx *Tx) TouchPayingAccounts(ctx context.Context, consoleID string, accountIDs []string) ([]string, error) {
	return all(ctx, tx, scalar[string], `UPDATE billing_accounts SET state = state WHERE console_id = $1
		AND id IN (SELECT value->>'id' FROM json_each($2)) AND state IN ('ACTIVE', 'PROBATION') RETURNING id`,
		consoleID, idList(accountIDs))
}

// BillingAccountUsed reports whether something is still billed to the account: a subscription that has not ended, or days and
// charges from the beginning of the first month that is not closed.
func (tx *Tx) BillingAccountUsed(ctx context.Context, consoleID, id string, open civil.Date) (bool, error) {
	n, err := one(ctx, tx, scalar[int], `SELECT count(*) FROM (
			SELECT 1 FROM subscriptions WHERE console_id = $1 AND billing_account_id = $2 AND state <> 'CANCELLED' AND moved = 0
			UNION ALL SELECT 1 FROM segments WHERE console_id = $1 AND billing_account_id = $2 AND carried = 0
				AND to_date > $3 AND from_date < to_date
			UNION ALL SELECT 1 FROM charges WHERE console_id = $1 AND billing_account_id = $2 AND invoice_month >= $3 LIMIT 1) x`,
		consoleID, id, open)
	return n > 0, err
}
