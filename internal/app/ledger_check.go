package app

import (
	"context"
	"slices"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/store"
)

// Discrepancy is something that the ledger, the invoices or what they are made of say differently.
type Discrepancy = store.Discrepancy

// LedgerReport is what a check of the ledger found.
type LedgerReport struct {
	Entries, Invoices int64
	Discrepancies     []Discrepancy // none: everything agrees
}

// discrepanciesShown is how many discrepancies of each kind are named.
const discrepanciesShown = 20

// CheckLedger proves that every group of the ledger adds up to nothing, that each migration's clearing account is empty, that what
// is deferred of each lot is V(t), and that invoices, their lines, what was charged, the days of closed months and the ledger
// agree (spec B7), and that what is due is renewed. It names what does not.
func (a *App) CheckLedger(ctx context.Context, actor console.Actor) (r LedgerReport, err error) {
	if err := actor.MayOperate(); err != nil {
		return r, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if r.Entries, r.Invoices, err = tx.CountLedger(ctx); err != nil {
			return err
		}
		if r.Discrepancies, err = tx.CheckLedger(ctx, discrepanciesShown); err != nil {
			return err
		}
		late, err := a.lateDays(ctx, tx)
		if err != nil {
			return err
		}
		stuck, err := a.notRenewed(ctx, tx)
		r.Discrepancies = slices.Concat(r.Discrepancies, late, stuck)
		return err
	})
	return r, err
}

// lateDays finds closed months of which the lines would be others today: something came late and is not corrected.
func (a *App) lateDays(ctx context.Context, tx *store.Tx) (found []store.Discrepancy, err error) {
	consoles, err := tx.Consoles(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range consoles {
		months, err := tx.BillingMonths(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		accounts, err := tx.BillingAccounts(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range months {
			if m.State != store.MonthClosed {
				continue
			}
			for _, account := range accounts {
				if found, err = a.lateDaysOf(ctx, tx, account, m, found); err != nil {
					return nil, err
				}
			}
		}
	}
	return found, nil
}

func (a *App) lateDaysOf(ctx context.Context, tx *store.Tx, account billing.Account, m store.BillingMonth, found []store.Discrepancy) ([]store.Discrepancy, error) {
	if len(found) >= discrepanciesShown {
		return found, nil
	}
	now, err := a.draft(ctx, tx, account, m.Month)
	if err != nil {
		return found, err
	}
	then, err := tx.InvoiceSums(ctx, account.ConsoleID, store.InvoiceID(account.ID, m.Month), account.Currency)
	if err != nil {
		return found, err
	}
	issued, err := billing.TotalsOf(account.Currency, then.Lines, billing.NoTax{})
	if err != nil {
		return found, err
	}
	corrected, err := tx.Corrected(ctx, account, m.Month)
	if err != nil {
		return found, err
	}
	billed, err := issued.Net.Add(corrected)
	if err == nil && billed != now.Totals.Net {
		found = append(found, store.Discrepancy{
			Check: "days", Subject: account.ConsoleID + " " + account.ID + " " + m.Month.String(),
			Expected: now.Totals.Net.Minor, Found: billed.Minor,
		})
	}
	return found, err
}
