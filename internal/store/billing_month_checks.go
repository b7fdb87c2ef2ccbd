package store

import (
	"context"

	"psc/internal/civil"
	"psc/internal/money"
)

// CountDueTerms returns how many terms and trials of a console are over on a date and not dealt with, up to CountLimit.
func (tx *Tx) CountDueTerms(ctx context.Context, consoleID string, on civil.Date) (int64, error) {
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM (SELECT 1 FROM subscriptions WHERE console_id = $2 AND `+dueTerm+` LIMIT $3) d`,
		on, consoleID, CountLimit)
}

// CountRunsUnderWay returns how many runs move customers into a console at this moment.
func (tx *Tx) CountRunsUnderWay(ctx context.Context, consoleID string) (int64, error) {
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM operations
		WHERE console_id = $1 AND kind = 'COMPLETE_MIGRATIONS' AND state = 'RUNNING'`, consoleID)
}

// CorrectionSum is what corrections of earlier days come to in one currency.
type CorrectionSum struct {
	Count  int64
	Amount money.Amount
}

// CorrectionSums adds up, by currency, the corrections that stand on a console's invoices of a month.
func (tx *Tx) CorrectionSums(ctx context.Context, consoleID string, m civil.Month) ([]CorrectionSum, error) {
	return all(ctx, tx, func(r Rows) (s CorrectionSum, err error) {
		err = r.Scan(&s.Amount.Currency, &s.Count, &s.Amount.Minor)
		return s, err
	}, `SELECT currency, count(*), CAST(sum(amount) AS bigint) FROM charges
		WHERE console_id = $1 AND invoice_month = $2 AND line_type = 'CORRECTION' GROUP BY currency ORDER BY currency`, consoleID, m.First())
}

// InvoicesOfMonth returns the invoices of a console that were issued for a month, by issuer and number.
func (tx *Tx) InvoicesOfMonth(ctx context.Context, consoleID string, m civil.Month) ([]Invoice, error) {
	return all(ctx, tx, scanInvoice, selectInvoice+`WHERE console_id = $1 AND month = $2 ORDER BY issuer_name, issuer_id, seq`,
		consoleID, m.First())
}
