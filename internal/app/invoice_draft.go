package app

import (
	"cmp"
	"context"
	"slices"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// InvoiceLine is a line of an invoice with what it names.
type InvoiceLine = store.InvoiceLine

// Invoice is what an account is billed for a calendar month.
type Invoice struct {
	Account billing.Account
	Month   civil.Month
	Lines   []InvoiceLine // by customer and subscription; credits are told by Line.Credit
	Totals  billing.Totals
}

// DraftInvoice computes the invoice of an account for a month as everything stands now (spec B6).
func (a *App) DraftInvoice(ctx context.Context, actor console.Actor, accountID string, month civil.Month) (inv Invoice, err error) {
	if err := actor.May(console.Billing); err != nil {
		return inv, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		account, err := tx.BillingAccount(ctx, actor.ConsoleID, accountID)
		if err != nil {
			return found(err, "billing_account.not_found")
		}
		inv, err = a.draft(ctx, tx, account, month)
		return err
	})
	return inv, err
}

// draftChunk is how many subscriptions' histories are in memory at a time.
const draftChunk = 1_000

func (a *App) draft(ctx context.Context, tx *store.Tx, account billing.Account, month civil.Month) (Invoice, error) {
	inv := Invoice{Account: account, Month: month}
	owner := billing.Owner{ConsoleID: account.ConsoleID, AccountID: account.ID}
	for after := ""; ; {
		list, err := tx.BilledByAccount(ctx, account.ConsoleID, account.ID, month, after, draftChunk)
		if err != nil {
			return inv, err
		}
		for _, b := range list {
			lines, err := usageLines(b, month)
			if err != nil {
				return inv, err
			}
			for _, l := range lines {
				if l.Owner == owner {
					inv.Lines = append(inv.Lines, l)
				}
			}
		}
		if len(list) < draftChunk {
			break
		}
		after = list[len(list)-1].SubscriptionID
	}
	if err := a.addCharges(ctx, tx, &inv); err != nil {
		return inv, err
	}
	slices.SortStableFunc(inv.Lines, func(x, y InvoiceLine) int {
		return cmp.Or(cmp.Compare(x.CustomerName, y.CustomerName), cmp.Compare(x.CustomerID, y.CustomerID),
			cmp.Compare(x.SubscriptionID, y.SubscriptionID), cmp.Compare(x.Period.From, y.Period.From))
	})
	tax, err := taxOf(ctx, tx, account)
	if err != nil {
		return inv, err
	}
	inv.Totals, err = billing.TotalsOf(account.Currency, plainLines(inv.Lines), tax)
	return inv, err
}

// usageLines returns what a console bills for the days of a month of one subscription on a monthly plan.
func usageLines(b store.Billed, month civil.Month) ([]InvoiceLine, error) {
	lines, err := billing.MonthLines(month, b.Currency, b.History)
	if err != nil {
		return nil, err
	}
	b.History = nil
	own := make([]InvoiceLine, len(lines))
	for i, l := range lines {
		own[i] = InvoiceLine{Line: l, Billed: b}
	}
	return own, nil
}

func (a *App) addCharges(ctx context.Context, tx *store.Tx, inv *Invoice) error {
	charges, err := tx.Charges(ctx, inv.Account.ConsoleID, inv.Account.ID, inv.Month)
	if err != nil {
		return err
	}
	lines, err := chargeLines(ctx, tx, charges)
	inv.Lines = append(inv.Lines, lines...)
	return err
}

// chargeLines returns the lines of charges and credits, which name other consoles by their account IDs.
func chargeLines(ctx context.Context, tx *store.Tx, charges []store.Charge) ([]InvoiceLine, error) {
	names := map[string]string{"": ""}
	lines := make([]InvoiceLine, len(charges))
	for i, c := range charges {
		name, ok := names[c.CounterpartyID]
		if !ok {
			other, err := tx.Console(ctx, c.CounterpartyID)
			if err != nil {
				return nil, err
			}
			name = string(other.AccountID)
			names[c.CounterpartyID] = name
		}
		lines[i] = InvoiceLine{Line: c.Line, Billed: c.Billed, ChargeID: c.ID, CounterpartyID: name}
	}
	return lines, nil
}

func plainLines(lines []InvoiceLine) []billing.Line {
	plain := make([]billing.Line, len(lines))
	for i, l := range lines {
		plain[i] = l.Line
	}
	return plain
}

// MonthStatus is an account's draft of a month in short.
type MonthStatus struct {
	Account billing.Account
	Month   civil.Month
	Lines   int
	Totals  billing.Totals
}

// DraftInvoices returns the drafts of all accounts of the actor's console for a month, in short.
func (a *App) DraftInvoices(ctx context.Context, actor console.Actor, month civil.Month) (list []MonthStatus, err error) {
	if err := actor.May(console.Billing); err != nil {
		return nil, err
	}
	if month.First() > a.billingDate(a.Clock.Now()) {
		return nil, fault.New(fault.Invalid, "invoice.month_ahead", fault.Args{"Month": month.String()})
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		accounts, err := tx.BillingAccounts(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			inv, err := a.draft(ctx, tx, account, month)
			if err != nil {
				return err
			}
			list = append(list, MonthStatus{Account: account, Month: month, Lines: len(inv.Lines), Totals: inv.Totals})
		}
		return nil
	})
	return list, err
}
