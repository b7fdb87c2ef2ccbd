package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// Breach is a rule of what is stored that does not hold, with up to twenty IDs of what breaks it.
type Breach = store.Breach

// CheckReport is what a check of everything found.
type CheckReport struct {
	Rules    int      // how many were looked at
	Breaches []Breach // none: all hold
	Ledger   LedgerReport
}

// Sound reports whether nothing is wrong.
func (r CheckReport) Sound() bool { return len(r.Breaches) == 0 && len(r.Ledger.Discrepancies) == 0 }

// Check looks whether everything that is stored holds together, over all consoles: after a restore, an upgrade or a fault,
// and whenever an operator wants to know. It reads every row, and changes none.
func (a *App) Check(ctx context.Context, actor console.Actor) (r CheckReport, err error) {
	if r.Ledger, err = a.CheckLedger(ctx, actor); err != nil {
		return r, err
	}
	r.Rules = len(store.Rules())
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		r.Breaches, err = tx.Breaches(ctx, discrepanciesShown)
		return err
	})
	return r, err
}
