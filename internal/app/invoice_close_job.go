package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// CloseMonthJob does the next piece of closing a month, in one transaction, and enqueues the one after it.
type CloseMonthJob struct {
	ConsoleID   string `json:"console_id"`
	OperationID string `json:"operation_id"`
	Seq         int64  `json:"seq"`
}

// Kind implements store.Job.
func (CloseMonthJob) Kind() string { return "close_month" }

func enqueueClose(ctx context.Context, tx *store.Tx, op store.Operation) error {
	return tx.Enqueue(ctx, CloseMonthJob{ConsoleID: op.ConsoleID, OperationID: op.ID, Seq: op.NextSeq},
		store.JobOptions{Queue: store.QueueBulk, Once: true})
}

// The phases of a close, in order. Up to phaseCheck everything can be given up; after it, nothing can fail by itself.
const (
	phaseUsage   = "USAGE"   // lines of the days of monthly plans are written
	phaseCharges = "CHARGES" // lines of what was charged and credited
	phaseCheck   = "CHECK"   // all invoices can be added up
	phaseLots    = "LOTS"    // the used days of prepaid lots are earned
	phaseIssue   = "ISSUE"   // one invoice after the other is issued
)

// closing is where a close stands: what its operation keeps as its result.
type closing struct {
	Month    civil.Date `json:"month"` // its first day
	Phase    string     `json:"phase"`
	After    string     `json:"after,omitempty"` // the last ID that the phase has dealt with
	Invoices int64      `json:"invoices"`        // issued so far
	Failure  string     `json:"failure,omitempty"`
}

func (c closing) text() string {
	b, _ := json.Marshal(c) // of a struct of texts and numbers
	return string(b)
}

// nothingIssued reports whether the close can still be given up.
func (c closing) nothingIssued() bool {
	return c.Phase == phaseUsage || c.Phase == phaseCharges || c.Phase == phaseCheck
}

// next is the next phase, from its beginning.
func (c closing) next(phase string) closing {
	c.Phase, c.After = phase, ""
	return c
}

// RunCloseMonth works on one CloseMonthJob. However often a job runs or dies, each piece is done once: the operation's
// next_seq guards it.
func (a *App) RunCloseMonth(ctx context.Context, job CloseMonthJob) error {
	var c closing
	err := a.DB.Update(ctx, func(tx *store.Tx) error {
		c = closing{} // the transaction may run again
		op, err := tx.Operation(ctx, job.ConsoleID, job.OperationID)
		if err != nil {
			return err
		}
		if op.State == store.OperationRunning && op.NextSeq == job.Seq {
			if err := json.Unmarshal([]byte(op.Result), &c); err != nil {
				return fmt.Errorf("read the result of %s: %w", op.ID, err)
			}
			if err := a.closePiece(ctx, tx, op, c); err != nil {
				return err
			}
		}
		return tx.CompleteJob(ctx)
	})
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid && c.nothingIssued() {
		return a.giveUpClose(ctx, job, c, f.Key)
	}
	return err
}

// closePiece does one piece and books it.
func (a *App) closePiece(ctx context.Context, tx *store.Tx, op store.Operation, c closing) error {
	steps := map[string]func(context.Context, *store.Tx, store.Operation, closing) (closing, int64, error){
		phaseUsage: a.closeUsage, phaseCharges: a.closeCharges, phaseCheck: a.closeCheck, phaseLots: a.closeLots, phaseIssue: a.closeIssue,
	}
	c, done, err := steps[c.Phase](ctx, tx, op, c)
	if err != nil {
		return err
	}
	if ok, err := tx.AdvanceOperation(ctx, op, op.NextSeq+1, done, 0, 0); err != nil || !ok {
		return orTooLate(err)
	}
	if err := tx.SetOperationResult(ctx, op.ConsoleID, op.ID, c.text()); err != nil {
		return err
	}
	if c.Phase == "" {
		return a.finishClose(ctx, tx, op, c)
	}
	op.NextSeq++
	return enqueueClose(ctx, tx, op)
}

// closeUsage writes the lines of the next subscriptions on a monthly plan.
func (a *App) closeUsage(ctx context.Context, tx *store.Tx, op store.Operation, c closing) (closing, int64, error) {
	month := c.Month.Month()
	list, err := tx.BilledInMonth(ctx, op.ConsoleID, month, c.After, a.Config.ChunkSize)
	if err != nil || len(list) == 0 {
		return c.next(phaseCharges), 0, err
	}
	var lines []InvoiceLine
	for _, b := range list {
		more, err := usageLines(b, month)
		if err != nil {
			return c, 0, err
		}
		lines = append(lines, more...)
	}
	c.After = list[len(list)-1].SubscriptionID
	return c, int64(len(list)), tx.InsertInvoiceLines(ctx, op.ConsoleID, month, lines)
}

// closeCharges writes the lines of the next charges and credits.
func (a *App) closeCharges(ctx context.Context, tx *store.Tx, op store.Operation, c closing) (closing, int64, error) {
	month := c.Month.Month()
	charges, err := tx.ChargesOfMonth(ctx, op.ConsoleID, month, c.After, a.Config.ChunkSize)
	if err != nil || len(charges) == 0 {
		return c.next(phaseCheck), 0, err
	}
	lines, err := chargeLines(ctx, tx, charges)
	if err != nil {
		return c, 0, err
	}
	c.After = charges[len(charges)-1].ID
	return c, int64(len(charges)), tx.InsertInvoiceLines(ctx, op.ConsoleID, month, lines)
}

// closeCheck makes all invoices without issuing them, so that what cannot be added up stops the close before the first.
func (a *App) closeCheck(ctx context.Context, tx *store.Tx, op store.Operation, c closing) (closing, int64, error) {
	accounts, err := tx.BillingAccounts(ctx, op.ConsoleID)
	if err != nil {
		return c, 0, err
	}
	for _, account := range accounts {
		if _, err := a.invoiceOf(ctx, tx, op, c, account); err != nil {
			return c, 0, err
		}
	}
	return c.next(phaseLots), 0, nil
}

// closeLots books the used days of the next prepaid lots as earned.
func (a *App) closeLots(ctx context.Context, tx *store.Tx, op store.Operation, c closing) (closing, int64, error) {
	last, err := tx.ReleaseLots(ctx, op.ConsoleID, c.Month.Month(), c.After, a.Config.ChunkSize)
	if err != nil || last == "" {
		return c.next(phaseIssue), 0, err
	}
	c.After = last
	return c, 0, nil
}

// closeIssue issues the invoice of the next account that has lines.
func (a *App) closeIssue(ctx context.Context, tx *store.Tx, op store.Operation, c closing) (closing, int64, error) {
	accounts, err := tx.BillingAccounts(ctx, op.ConsoleID)
	if err != nil {
		return c, 0, err
	}
	passed := c.After == ""
	for _, account := range accounts {
		if !passed {
			passed = account.ID == c.After
			continue
		}
		made, err := a.invoiceOf(ctx, tx, op, c, account)
		if err != nil {
			return c, 0, err
		}
		c.After = account.ID
		if made.inv.Lines > 0 {
			c.Invoices++
			issued, err := tx.IssueInvoice(ctx, made.issuer, made.inv, made.sums.Charged)
			if err == nil {
				err = a.publishInvoice(ctx, tx, issued)
			}
			return c, 0, err
		}
	}
	return c.next(""), 0, nil
}

// made is an invoice before it is issued.
type made struct {
	inv    store.Invoice
	issuer billing.Issuer
	sums   store.LineSums
}

// invoiceOf makes the invoice of an account out of the lines that are written.
func (a *App) invoiceOf(ctx context.Context, tx *store.Tx, op store.Operation, c closing, account billing.Account) (m made, err error) {
	month := c.Month.Month()
	if m.issuer, err = tx.IssuerOf(ctx, account.Currency); err != nil {
		return m, err
	}
	id := store.InvoiceID(account.ID, month)
	if m.sums, err = tx.InvoiceSums(ctx, account.ConsoleID, id, account.Currency); err != nil {
		return m, err
	}
	totals, err := billing.TotalsOf(account.Currency, m.sums.Lines, m.issuer.Tax())
	if err != nil {
		return m, err
	}
	balance, err := tx.Balance(ctx, account)
	if err != nil {
		return m, err
	}
	settled, err := totals.Settle(balance)
	m.inv = store.Invoice{
		ConsoleID: account.ConsoleID, ID: id, AccountID: account.ID, Account: account.Name, LegalEntity: account.LegalEntity,
		Currency: account.Currency, Month: month, Totals: totals, Settlement: settled, Lines: m.sums.Count,
		IssuedOn: a.billingDate(op.StartedAt), IssuedAt: op.StartedAt,
	}
	return m, err
}

// finishClose closes the month and tells those who read invoices.
func (a *App) finishClose(ctx context.Context, tx *store.Tx, op store.Operation, c closing) error {
	now, month := a.Clock.Now(), c.Month.Month()
	if ok, err := tx.EndClose(ctx, op.ConsoleID, month, now); err != nil || !ok {
		return orTooLate(err)
	}
	if ok, err := tx.SetOperationState(ctx, op.ConsoleID, op.ID, store.OperationRunning, store.OperationDone, now); err != nil || !ok {
		return orTooLate(err)
	}
	data := map[string]string{"Month": month.String(), "Issued": count(c.Invoices), "Path": "/invoices"}
	return errors.Join(
		a.record(ctx, tx, now, system(op.ConsoleID), entry{Action: "invoice.closed", Subject: op.ID, Data: data}),
		a.notify(ctx, tx, now, store.Notice{
			ConsoleID: op.ConsoleID, Kind: "invoice.closed", Audience: console.Billing, Dedupe: op.ID, Data: data,
		}),
	)
}

// giveUpClose opens the month again when its invoices cannot be made; none of them was issued.
func (a *App) giveUpClose(ctx context.Context, job CloseMonthJob, c closing, why string) error {
	now, month := a.Clock.Now(), c.Month.Month()
	c.Failure = why
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		ok, err := tx.SetOperationState(ctx, job.ConsoleID, job.OperationID, store.OperationRunning, store.OperationFailed, now)
		if err != nil || !ok {
			return orTooLate(err)
		}
		if err := tx.DropInvoiceLines(ctx, job.ConsoleID, month); err != nil {
			return err
		}
		if ok, err := tx.EndClose(ctx, job.ConsoleID, month, time.Time{}); err != nil || !ok {
			return orTooLate(err)
		}
		return errors.Join(
			tx.SetOperationResult(ctx, job.ConsoleID, job.OperationID, c.text()),
			a.notify(ctx, tx, now, store.Notice{
				ConsoleID: job.ConsoleID, Kind: "invoice.close_failed", Audience: console.Billing,
				Dedupe: "invoice.close_failed/" + month.String() + "/" + why,
				Data:   map[string]string{"Month": month.String(), "Path": "/invoices"},
			}),
			tx.CompleteJob(ctx),
		)
	})
}
