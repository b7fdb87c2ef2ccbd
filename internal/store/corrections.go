package store

import (
	"context"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

// correction is a line about days of a month that was closed before they were known.
type correction struct {
	customer.Subscription
	billing.Line

	cause string // tells corrections of the same days apart; empty: the subscription itself came late
}

func (c correction) id() string {
	id := c.ID + "/" + c.Period.From.String() + "/late" + c.cause
	if c.Credit {
		id += "/back"
	}
	return id
}

func (c correction) charge() map[string]any {
	l := c.Line
	return map[string]any{
		"console_id": c.ConsoleID, "id": c.id(), "billing_account_id": l.AccountID, "invoice_month": l.Invoice.First(),
		"line_type": l.Type, "customer_id": c.CustomerID, "subscription_id": c.ID, "lot_id": "", "migration_id": "",
		"counterparty_id": "", "from_date": l.Period.From, "to_date": l.Period.To, "per_days": l.PerDays, "seats": l.Seats,
		"price_num": l.Price.Num, "price_den": l.Price.Den, "currency": l.Amount.Currency, "amount": l.Amount.Minor,
		"supplied_date": l.Supplied, "sku_id": c.SKUID,
	}
}

// correctNew bills the days of new subscriptions that lie in closed months on the next open invoices (spec B3, B6). A month that is
// being closed at this moment takes nothing, and cannot be corrected yet.
func (tx *Tx) correctNew(ctx context.Context, list []customer.Subscription) error {
	if len(list) == 0 {
		return nil
	}
	months, err := tx.BillingMonths(ctx, list[0].ConsoleID)
	if err != nil {
		return err
	}
	var lines []correction
	for _, m := range months {
		late, err := tx.correctMonth(ctx, m, list)
		if err != nil {
			return err
		}
		lines = append(lines, late...)
	}
	return tx.insertCorrections(ctx, lines)
}

func (tx *Tx) correctMonth(ctx context.Context, m BillingMonth, list []customer.Subscription) (lines []correction, err error) {
	var invoice civil.Month
	for _, s := range list {
		switch {
		case s.StartDate >= m.Month.End():
			continue
		case m.State == MonthClosing:
			return nil, fault.New(fault.Precondition, "invoice.month_closed", fault.Args{"Month": m.Month})
		case invoice == civil.Month{}: // an open one is touched, so that it is not closed meanwhile
			if invoice, err = tx.invoiceMonth(ctx, s.ConsoleID, m.Month.First()); err != nil {
				return nil, err
			}
		}
		if m.State == MonthOpen {
			return nil, nil
		}
		late, err := billing.Corrections(m.Month, s.Currency, invoice, nil, []billing.Segment{billing.SegmentOf(s, s.StartDate)})
		if err != nil {
			return nil, err
		}
		for _, l := range late {
			lines = append(lines, correction{s, l, ""})
		}
	}
	return lines, nil
}

// correctRenewed has renewals of one day change what is billed, and bills what that changes in closed months on the next open
// invoice. A month that is being closed at this moment cannot be corrected yet.
func (tx *Tx) correctRenewed(ctx context.Context, list []billing.Renewed, change func() error) error {
	consoleID, from := list[0].ConsoleID, list[0].From
	months, err := tx.BillingMonths(ctx, consoleID)
	if err != nil {
		return err
	}
	was := map[civil.Month][]Billed{}
	for _, m := range months {
		switch {
		case m.Month.End() <= from || m.State == MonthOpen:
			continue
		case m.State == MonthClosing:
			return fault.New(fault.Precondition, "invoice.month_closed", fault.Args{"Month": m.Month})
		}
		if was[m.Month], err = tx.historiesOf(ctx, list, m.Month); err != nil {
			return err
		}
	}
	if err := change(); err != nil {
		return err
	}
	var lines []correction
	for _, m := range months {
		if was[m.Month] == nil {
			continue
		}
		late, err := tx.correctionsOf(ctx, list, m.Month, was[m.Month])
		if err != nil {
			return err
		}
		lines = append(lines, late...)
	}
	return tx.insertCorrections(ctx, lines)
}

// correctionsOf compares what is billed of a closed month with what was.
func (tx *Tx) correctionsOf(ctx context.Context, list []billing.Renewed, m civil.Month, was []Billed) (lines []correction, err error) {
	is, err := tx.historiesOf(ctx, list, m)
	if err != nil {
		return nil, err
	}
	invoice, err := tx.invoiceMonth(ctx, list[0].ConsoleID, m.First())
	if err != nil {
		return nil, err
	}
	for i, r := range list {
		late, err := billing.Corrections(m, r.Currency, invoice, was[i].History, is[i].History)
		if err != nil {
			return nil, err
		}
		for _, l := range late {
			lines = append(lines, correction{r.Subscription, l, "/" + r.From.String()})
		}
	}
	return lines, nil
}

// historiesOf returns the rows of a month that the console has of each subscription.
func (tx *Tx) historiesOf(ctx context.Context, list []billing.Renewed, m civil.Month) ([]Billed, error) {
	billed := make([]Billed, len(list))
	for i, r := range list {
		billed[i].SubscriptionID = r.ID
	}
	return billed, tx.addHistories(ctx, list[0].ConsoleID, billed, m)
}

// insertCorrections writes corrections, which are earned already, and books them until their invoice is issued.
func (tx *Tx) insertCorrections(ctx context.Context, lines []correction) error {
	if err := insertAll(ctx, tx, "charges", lines, correction.charge, ""); err != nil {
		return err
	}
	var entries []ledgerEntry
	for _, c := range lines {
		e := ledgerEntry{
			consoleID: c.ConsoleID, group: c.id(), account: accountUnbilled, accountID: c.AccountID,
			amount: c.Amount, on: c.Invoice.First(),
		}
		earned := e
		earned.account, earned.amount.Minor = accountRevenue, -e.amount.Minor
		entries = append(entries, e, earned)
	}
	return insertAll(ctx, tx, "ledger_entries", entries, ledgerEntry.row, "")
}

// Corrected returns what was charged later for days of a month that an account's invoice of it does not have.
func (tx *Tx) Corrected(ctx context.Context, a billing.Account, m civil.Month) (money.Amount, error) {
	minor, err := one(ctx, tx, scalar[int64], `SELECT CAST(COALESCE(sum(amount), 0) AS bigint) FROM charges
		WHERE console_id = $1 AND billing_account_id = $2 AND line_type = 'CORRECTION' AND lot_id = ''
		AND from_date >= $3 AND from_date < $4`, a.ConsoleID, a.ID, m.First(), m.End())
	return money.Amount{Minor: minor, Currency: a.Currency}, err
}
