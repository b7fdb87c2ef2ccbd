package app

import (
	"cmp"
	"context"
	"slices"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// Computation is how the lines of one subscription on an account's invoice of a month come about.
type Computation struct {
	store.Billed

	Account billing.Account
	Month   civil.Month
	Steps   []billing.Step // the days on a monthly plan, of other accounts and consoles too: rounding is carried over all of them
	Charges []InvoiceLine  // prepaid lots and corrections
}

// Own reports whether the days of a step are on the invoice.
func (c *Computation) Own(s billing.Step) bool { return !s.Carried && s.AccountID == c.Account.ID }

// ComputeLines returns how the lines of a subscription on the invoice of an account and month come about, be it issued or a draft:
// from the same rows and by the same rules as the lines.
func (a *App) ComputeLines(ctx context.Context, actor console.Actor, accountID string, month civil.Month, subscriptionID string) (c Computation, err error) {
	if err := actor.May(console.Billing); err != nil {
		return c, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		account, err := tx.BillingAccount(ctx, actor.ConsoleID, accountID)
		if err != nil {
			return found(err, "billing_account.not_found")
		}
		if err := a.checkBilled(ctx, tx, account.ConsoleID, month); err != nil {
			return err
		}
		c = Computation{Account: account, Month: month}
		moves, err := plannedMoves(ctx, tx, account, month)
		if err != nil {
			return err
		}
		if move, ok := moves[subscriptionID]; ok {
			return c.moving(ctx, tx, move)
		}
		list, err := tx.BilledSubscriptions(ctx, actor.ConsoleID, []string{subscriptionID}, month)
		if err != nil || len(list) == 0 {
			return orNone(err)
		}
		c.Billed = list[0]
		return c.staying(ctx, tx)
	})
	return c, err
}

// moving computes what is scheduled to move.
func (c *Computation) moving(ctx context.Context, tx *store.Tx, move store.PlannedMove) error {
	moves := movesAhead{move.SubscriptionID: move}
	sides, err := moves.sides(ctx, tx, c.Account.ConsoleID, c.Month)
	if err != nil || len(sides) == 0 {
		return orNone(err)
	}
	c.Billed = sides[0].Billed
	foreseen, err := chargeLines(ctx, tx, slices.DeleteFunc(sides[0].Charges, func(h store.Charge) bool { return h.AccountID != c.Account.ID }))
	if err != nil {
		return err
	}
	return c.add(ctx, tx, moves, foreseen)
}

// orNone is the fault of what is on no invoice, unless something else went wrong.
func orNone(err error) error {
	if err == nil {
		return fault.New(fault.NotFound, "invoice.not_found", nil)
	}
	return err
}

func (c *Computation) staying(ctx context.Context, tx *store.Tx) error {
	s, err := tx.Subscription(ctx, c.Account.ConsoleID, c.SubscriptionID)
	if err != nil {
		return err
	}
	ahead, err := newOutlook(ctx, tx, c.Account.ConsoleID, c.Month, []customer.Subscription{s})
	if err != nil {
		return err
	}
	foreseen, err := ahead.foresee(&c.Billed)
	if err != nil {
		return err
	}
	return c.add(ctx, tx, nil, foreseen)
}

// add computes the days of the history, and adds what was charged and what is foreseen.
func (c *Computation) add(ctx context.Context, tx *store.Tx, moves movesAhead, foreseen []InvoiceLine) (err error) {
	if c.Steps, err = billing.Steps(c.Month, c.Currency, c.History); err != nil {
		return err
	}
	c.History = nil
	charges, err := tx.ChargesOfCustomers(ctx, c.Account.ConsoleID, []string{c.CustomerID}, c.Month)
	if err != nil {
		return err
	}
	charges = slices.DeleteFunc(charges, func(h store.Charge) bool {
		return h.Billed.SubscriptionID != c.SubscriptionID || h.AccountID != c.Account.ID || moves.takes(c.Account.ConsoleID, h)
	})
	if c.Charges, err = chargeLines(ctx, tx, charges); err != nil {
		return err
	}
	c.Charges = append(c.Charges, foreseen...)
	slices.SortStableFunc(c.Charges, func(x, y InvoiceLine) int {
		return cmp.Or(cmp.Compare(x.Period.From, y.Period.From), cmp.Compare(x.ChargeID, y.ChargeID))
	})
	if len(c.Charges) == 0 && !slices.ContainsFunc(c.Steps, c.Own) {
		return orNone(nil)
	}
	return nil
}
