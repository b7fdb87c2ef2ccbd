package store

import (
	"context"
	"strings"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
)

// insertFirstLots gives each prepaid subscription the lot of its present term and the charge for it.
func (tx *Tx) insertFirstLots(ctx context.Context, list []customer.Subscription) error {
	var lots []heldLot
	months := map[civil.Month]civil.Month{} // of a term's first day, and of the invoice
	for _, s := range list {
		if !billing.Prepaid(s) {
			continue
		}
		term := civil.Period{From: s.TermStart, To: s.TermEnd}
		lot, err := billing.NewLot(LotID(s), term, s.Seats, s.Price, term, s.Currency)
		if err != nil {
			return err
		}
		month, known := months[term.From.Month()]
		if !known {
			if month, err = tx.invoiceMonth(ctx, s.ConsoleID, term.From); err != nil {
				return err
			}
			months[term.From.Month()] = month
		}
		lots = append(lots, heldLot{s, lot, billing.CommitmentLine, month, false})
	}
	return tx.insertLots(ctx, lots)
}

// insertLots adds lots with the charges for them.
func (tx *Tx) insertLots(ctx context.Context, lots []heldLot) error {
	if err := insertAll(ctx, tx, "lots", lots, heldLot.row, ""); err != nil {
		return err
	}
	if err := insertAll(ctx, tx, "charges", lots, heldLot.purchase, ""); err != nil {
		return err
	}
	return tx.bookPurchases(ctx, lots)
}

// LotID names the lot of a subscription's present term.
func LotID(s customer.Subscription) string {
	return "lot_" + strings.TrimPrefix(s.ID, "sub_") + "-" + strings.ReplaceAll(s.TermStart.String(), "-", "")
}

// heldLot is a lot that its subscription's console has held from the first day.
type heldLot struct {
	customer.Subscription
	billing.Lot

	as      billing.LineType
	invoice civil.Month // on which it is charged
	upgrade bool        // what a dearer product costs more
}

func (l heldLot) row() map[string]any {
	s, lot := l.Subscription, l.Lot
	return map[string]any{
		"console_id": s.ConsoleID, "id": lot.ID, "seq": 1, "subscription_id": s.ID, "customer_id": s.CustomerID,
		"billing_account_id": s.BillingAccountID, "from_date": lot.Period.From, "to_date": lot.Period.To, "seats": lot.Seats,
		"price_num": lot.Price.Num, "price_den": lot.Price.Den, "term_days": lot.TermDays, "currency": s.Currency,
		"charged": lot.Charged.Minor, "held_from": lot.Period.From, "held_to": civil.Forever,
		"released_to": lot.Period.From, "migration_id": "", "sku_id": s.SKUID, "upgrade": flag(l.upgrade),
	}
}

func (l heldLot) purchase() map[string]any {
	s, lot := l.Subscription, l.Lot
	line := lot.Charge(billing.Owner{ConsoleID: s.ConsoleID, AccountID: s.BillingAccountID}, l.as)
	return map[string]any{
		"console_id": s.ConsoleID, "id": lot.ID, "billing_account_id": s.BillingAccountID,
		"invoice_month": l.invoice.First(), "line_type": line.Type, "customer_id": s.CustomerID, "subscription_id": s.ID,
		"lot_id": lot.ID, "migration_id": "", "counterparty_id": "", "from_date": line.Period.From, "to_date": line.Period.To,
		"per_days": line.PerDays, "seats": line.Seats, "price_num": line.Price.Num, "price_den": line.Price.Den,
		"currency": s.Currency, "amount": line.Amount.Minor, "supplied_date": line.Supplied, "sku_id": s.SKUID,
	}
}

// LotsThere returns which of these lots the console has, or has had.
func (tx *Tx) LotsThere(ctx context.Context, consoleID string, ids []string) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT DISTINCT id FROM lots WHERE console_id = $1
		AND id IN (SELECT value->>'id' FROM json_each($2))`, consoleID, idList(ids))
}
