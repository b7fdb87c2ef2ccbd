package store

import (
	"context"
	"errors"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
)

// dueOn is the day on which a term or trial is over; 0: there is none.
const dueOn = `CASE WHEN state = 'TRIAL' THEN trial_end ELSE term_end END`

// dueTerm asks in the words of the index subscriptions_due.
const dueTerm = `moved = 0 AND state <> 'CANCELLED' AND ` + dueOn + ` > 0 AND ` + dueOn + ` <= $1`

// ConsolesWithDueTerms returns the consoles in which the term or trial of a subscription is over on a date.
func (tx *Tx) ConsolesWithDueTerms(ctx context.Context, on civil.Date) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT c.id FROM consoles c WHERE EXISTS (
		SELECT 1 FROM subscriptions WHERE console_id = c.id AND `+dueTerm+`) ORDER BY c.id`, on)
}

// DueCursor is a subscription's place among those that are due.
type DueCursor struct {
	Due civil.Date
	ID  string
}

// DueTerms returns the next subscriptions of a console, after a place, of which the term or trial is over on a date.
func (tx *Tx) DueTerms(ctx context.Context, consoleID string, on civil.Date, after DueCursor, limit int) ([]customer.Subscription, error) {
	return all(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $2 AND `+dueTerm+`
		AND (`+dueOn+`, id) > ($3, $4) ORDER BY `+dueOn+`, id LIMIT $5`, on, consoleID, after.Due, after.ID, limit)
}

// DueTermsOf returns the subscriptions of some of a console's customers, after a place, of which the term or trial is over on a date.
func (tx *Tx) DueTermsOf(ctx context.Context, consoleID string, customerIDs []string, on civil.Date, after DueCursor) ([]customer.Subscription, error) {
	return all(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $2 AND `+dueTerm+` AND (`+dueOn+`, id) > ($3, $4)
		AND customer_id IN (SELECT value->>'id' FROM json_each($5)) ORDER BY `+dueOn+`, id`, on, consoleID, after.Due, after.ID, idList(customerIDs))
}

// ComingRenewals counts the live customers of a console of which a term or trial ends from one date to another, both
// inclusive, up to CountLimit, and returns when the first does.
func (tx *Tx) ComingRenewals(ctx context.Context, consoleID string, from, to civil.Date) (n int, first civil.Date, err error) {
	_, err = one(ctx, tx, func(r Rows) (struct{}, error) {
		return struct{}{}, r.Scan(&n, &first)
	}, `SELECT count(*), COALESCE(min(next_renewal), 0) FROM (SELECT next_renewal FROM customers WHERE console_id = $1
		AND state = 'LIVE' AND next_renewal >= $2 AND next_renewal <= $3 AND moved_at >= 0 ORDER BY next_renewal LIMIT $4) x`,
		consoleID, from, to, CountLimit)
	return n, first, err
}

// EndingTerms returns the subscriptions billed to an account of which the term or trial ends by a date.
func (tx *Tx) EndingTerms(ctx context.Context, consoleID, accountID string, on civil.Date) ([]customer.Subscription, error) {
	return all(ctx, tx, scanSubscription, selectSubscription+`WHERE console_id = $2 AND billing_account_id = $3 AND `+dueTerm+`
		ORDER BY id`, on, consoleID, accountID)
}

// Renew stores what became of subscriptions of one console on one day, and charges the lots of prepaid plans.
func (tx *Tx) Renew(ctx context.Context, list []billing.Renewed) error {
	if len(list) == 0 {
		return nil
	}
	var subs, ended []customer.Subscription
	var lots []heldLot
	for _, r := range list {
		if r.State == customer.SubCancelled {
			ended = append(ended, r.Subscription)
		} else {
			subs = append(subs, r.Subscription)
		}
		if !r.Buys() {
			continue
		}
		lot, err := r.Bought(LotID(r.Subscription))
		if err != nil {
			return err
		}
		month, err := tx.invoiceMonth(ctx, r.ConsoleID, lot.Period.From)
		if err != nil {
			return err
		}
		lots = append(lots, heldLot{r.Subscription, lot, r.As(), month, false})
	}
	from := list[0].From
	if err := tx.correctRenewed(ctx, list, func() error {
		// The day of a cancellation is billed, so that what ends with its term was cancelled on the term's last day.
		return errors.Join(tx.changeSubscriptions(ctx, subs, from), tx.changeSubscriptions(ctx, ended, from-1))
	}); err != nil {
		return err
	}
	return tx.insertLots(ctx, lots)
}

// RenewalsTold is the billing date on which a console was last told of renewals to come; 0: never.
type RenewalsTold struct {
	ConsoleID string
	On        civil.Date
}

// ConsolesToTellRenewals returns the consoles that have not been told on a date.
func (tx *Tx) ConsolesToTellRenewals(ctx context.Context, on civil.Date) ([]RenewalsTold, error) {
	return all(ctx, tx, func(r Rows) (t RenewalsTold, err error) {
		err = r.Scan(&t.ConsoleID, &t.On)
		return t, err
	}, `SELECT id, renewals_told FROM consoles WHERE renewals_told < $1 ORDER BY id`, on)
}

// SetRenewalsTold stores that the console is told on a date; it reports false if somebody was faster.
func (tx *Tx) SetRenewalsTold(ctx context.Context, was RenewalsTold, on civil.Date) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE consoles SET renewals_told = $3 WHERE id = $1 AND renewals_told = $2`, was.ConsoleID, was.On, on)
	return n == 1, err
}

// CountRenewals counts the subscriptions of a console of which the term, not the trial, ends from one date to another.
func (tx *Tx) CountRenewals(ctx context.Context, consoleID string, from, to civil.Date) (int64, error) {
	return one(ctx, tx, scalar[int64], `SELECT count(*) FROM subscriptions WHERE console_id = $2 AND `+dueTerm+`
		AND `+dueOn+` >= $3 AND state <> 'TRIAL'`, to, consoleID, from)
}
