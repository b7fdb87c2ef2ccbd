package store

import (
	"context"
	"errors"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
)

// TransferOut ends subscriptions of one customer because they go to the vendor, who has them from the billing date on, and credits what
// is left of their prepaid lots as a move does, without anybody in the product who would be charged for it (spec B5). It returns
// the credits.
func (tx *Tx) TransferOut(ctx context.Context, list []customer.Subscription, on civil.Date) ([]billing.Line, error) {
	if len(list) == 0 {
		return nil, nil
	}
	s := list[0]
	if err := tx.TouchMonth(ctx, s.ConsoleID, on); err != nil {
		return nil, err
	}
	lots, err := tx.HeldLots(ctx, s.ConsoleID, []string{s.CustomerID}, on)
	if err != nil {
		return nil, err
	}
	if err := tx.storeSubscriptions(ctx, list, on, billing.ContinueTransferred); err != nil {
		return nil, err
	}
	byID := map[string]customer.Subscription{}
	for _, s := range list {
		byID[s.ID] = s
	}
	var credits []transferCredit
	var lines []billing.Line
	for _, l := range lots {
		s, goes := byID[l.SubscriptionID]
		if !goes {
			continue
		}
		line, err := l.CreditOf(s.ConsoleID, on)
		if err != nil {
			return nil, err
		}
		credits, lines = append(credits, transferCredit{s, l, line}), append(lines, line)
	}
	moving := movingList(movingOf(list))
	if _, err := tx.exec(ctx, releaseMovedSQL, "", s.ConsoleID, moving, on, civil.Forever); err != nil {
		return nil, err
	}
	if err := insertAll(ctx, tx, "charges", credits, transferCredit.charge, ""); err != nil {
		return nil, err
	}
	var entries []ledgerEntry
	for _, c := range credits {
		entries = append(entries, c.entries(on)...)
	}
	_, err = tx.exec(ctx, closeLotsSQL, s.ConsoleID, moving, on, civil.Forever)
	return lines, errors.Join(err, insertAll(ctx, tx, "ledger_entries", entries, ledgerEntry.row, ""))
}

// CreditOf returns what is given back of the lot when its subscription goes to the vendor on a date.
func (l HeldLot) CreditOf(consoleID string, on civil.Date) (billing.Line, error) {
	out := billing.Transfer{Date: max(on, l.Period.From), From: billing.Owner{ConsoleID: consoleID, AccountID: l.AccountID}}
	lines, err := out.Lines([]billing.Lot{l.Lot})
	if err != nil {
		return billing.Line{}, err
	}
	line := lines[0]
	line.Invoice, line.Supplied = on.Month(), max(l.HeldFrom, l.Period.From)
	return line, nil
}

func movingOf(list []customer.Subscription) []movingSub {
	subs := make([]movingSub, len(list))
	for i, s := range list {
		subs[i] = movingSub{id: s.ID}
	}
	return subs
}

// transferCredit is what is given back of a lot.
type transferCredit struct {
	customer.Subscription
	lot  HeldLot
	line billing.Line
}

func (c transferCredit) charge() map[string]any {
	l := c.line
	return map[string]any{
		"console_id": c.ConsoleID, "id": "out/" + c.lot.ID, "billing_account_id": l.AccountID, "invoice_month": l.Invoice.First(),
		"line_type": l.Type, "customer_id": c.CustomerID, "subscription_id": c.ID, "lot_id": c.lot.ID, "migration_id": "",
		"counterparty_id": "", "from_date": l.Period.From, "to_date": l.Period.To, "per_days": l.PerDays, "seats": l.Seats,
		"price_num": l.Price.Num, "price_den": l.Price.Den, "currency": l.Amount.Currency, "amount": l.Amount.Minor,
		"supplied_date": l.Supplied, "sku_id": c.lot.SKUID,
	}
}

// entries book the credit: what was deferred of the lot is owed no more.
func (c transferCredit) entries(on civil.Date) []ledgerEntry {
	e := ledgerEntry{
		consoleID: c.ConsoleID, group: "out/" + c.lot.ID, account: accountUnbilled, accountID: c.lot.AccountID, lotID: c.lot.ID,
		amount: c.line.Amount, on: on,
	}
	deferred := e
	deferred.account, deferred.amount.Minor = accountDeferred, -e.amount.Minor
	return []ledgerEntry{e, deferred}
}
