package apptest

import (
	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/store"
)

// AddIssuer adds who issues all invoices, without tax.
func (w *World) AddIssuer() {
	w.T.Helper()
	_, err := w.CreateIssuer(w.T.Context(), Operator(w.A), billing.Issuer{Code: "V", Name: "Vendor"})
	w.Must(err)
}

// CloseMonthOf closes a month of a console, and returns the finished close.
func (w *World) CloseMonthOf(c console.Console, m civil.Month) store.Operation {
	w.T.Helper()
	op, err := w.CloseMonth(w.T.Context(), Operator(c), m)
	w.Must(err)
	return w.FinishClose(op)
}

// FinishClose does what the jobs of a close would, until it has ended, and returns it.
func (w *World) FinishClose(op store.Operation) store.Operation {
	w.T.Helper()
	for {
		w.Read(func(tx *store.Tx) (err error) {
			op, err = tx.Operation(w.T.Context(), op.ConsoleID, op.ID)
			return err
		})
		if op.State != store.OperationRunning {
			return op
		}
		w.Must(w.RunCloseMonth(w.T.Context(), app.CloseMonthJob{ConsoleID: op.ConsoleID, OperationID: op.ID, Seq: op.NextSeq}))
	}
}

// CheckBooks fails the test if the ledger, the invoices and what they are made of do not agree.
func (w *World) CheckBooks() app.LedgerReport {
	w.T.Helper()
	r, err := w.CheckLedger(w.T.Context(), Operator(w.A))
	w.Must(err)
	for _, d := range r.Discrepancies {
		w.T.Errorf("%s of %s: %d should be %d", d.Check, d.Subject, d.Found, d.Expected)
	}
	return r
}
