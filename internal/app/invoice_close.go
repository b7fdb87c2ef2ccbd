package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// namedMoves is how many of the moves that hold up a close are named.
const namedMoves = 10

// CloseMonth begins to close a month of the console in which the operator acts: its drafts become invoices. The month must be
// over in the billing zone, the months before it closed, and no move scheduled in it (spec B2, B6). The work is an operation.
func (a *App) CloseMonth(ctx context.Context, actor console.Actor, month civil.Month) (op store.Operation, err error) {
	if err := actor.MayOperate(); err != nil {
		return op, err
	}
	now := a.Clock.Now()
	if a.billingDate(now) < month.End() {
		return op, fault.New(fault.Precondition, "invoice.month_not_over", fault.Args{
			"Month": month, "From": month.End(), "Zone": a.Config.BillingZone.String(),
		})
	}
	if err := a.timeBrought(ctx, now, actor.ConsoleID); err != nil {
		return op, err
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		op, err = a.beginClose(ctx, tx, now, actor, month)
		return err
	})
	return op, err
}

// timeBrought has a console take what the days brought so far: it belongs to their month's invoices.
func (a *App) timeBrought(ctx context.Context, now time.Time, consoleID string) error {
	if err := a.renewDueOf(ctx, now, consoleID); err != nil {
		return err
	}
	return a.repriceDueOf(ctx, now, consoleID)
}

func (a *App) beginClose(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, month civil.Month) (op store.Operation, err error) {
	if err := checkClosable(ctx, tx, actor.ConsoleID, month); err != nil {
		return op, err
	}
	if ok, err := tx.BeginClose(ctx, actor.ConsoleID, month); err != nil || !ok {
		return op, orTooLate(err)
	}
	total, err := tx.CountBilled(ctx, actor.ConsoleID, month)
	if err != nil {
		return op, err
	}
	c := closing{Month: month.First(), Phase: phaseUsage}
	op = store.Operation{
		ConsoleID: actor.ConsoleID, ID: a.IDs.New("opr", now), Kind: store.CloseMonth, State: store.OperationRunning, Total: total,
		NextSeq: 1, Result: c.text(), StartedByID: actor.PersonID, StartedBy: actor.Name, StartedAt: now,
	}
	return op, errors.Join(
		tx.InsertOperation(ctx, op),
		a.record(ctx, tx, now, actor, entry{
			Action: "invoice.close_begun", Subject: op.ID, Data: map[string]string{"Month": month.String()},
		}),
		enqueueClose(ctx, tx, op),
	)
}

// checkClosable says why a month that is over cannot be closed.
func checkClosable(ctx context.Context, tx *store.Tx, consoleID string, month civil.Month) error {
	args := fault.Args{"Month": month}
	months, err := tx.BillingMonths(ctx, consoleID)
	if err != nil {
		return err
	}
	if open, ok := firstOpen(months); ok && open.First() < month.First() {
		return fault.New(fault.Precondition, "invoice.earlier_open", fault.Args{"Month": month, "Open": open})
	}
	for _, m := range months {
		switch {
		case m.Month == month && m.State == store.MonthClosed:
			return fault.New(fault.Conflict, "invoice.closed_already", args)
		case m.Month == month && m.State == store.MonthClosing:
			return fault.New(fault.Conflict, "invoice.closing_already", args)
		}
	}
	if len(months) > 0 && month.First() < months[0].Month.First() {
		return fault.New(fault.Precondition, "invoice.before_first", fault.Args{"Month": month, "First": months[0].Month})
	}
	moves, err := tx.ScheduledMoves(ctx, consoleID, month.End(), namedMoves)
	if err != nil {
		return err
	}
	if len(moves) > 0 {
		return fault.New(fault.Precondition, "invoice.moves_scheduled", fault.Args{
			"Month": month, "Customers": strings.Join(moves, ", "),
		})
	}
	return checkIssuers(ctx, tx, consoleID)
}

// firstOpen returns the first month of a console that is not closed, false before anything was written in any. Months between
// those that were touched are months like others.
func firstOpen(months []store.BillingMonth) (open civil.Month, ok bool) {
	for i, m := range months {
		if i > 0 && m.Month != open {
			break
		}
		if m.State != store.MonthClosed {
			return m.Month, true
		}
		open, ok = m.Month.Next(), true
	}
	return open, ok
}

// checkIssuers refuses to close while nobody can issue the invoices of an account's currency.
func checkIssuers(ctx context.Context, tx *store.Tx, consoleID string) error {
	missing, err := uncovered(ctx, tx, consoleID)
	if err == nil && len(missing) > 0 {
		err = fault.New(fault.Precondition, "invoice.no_issuer", fault.Args{"Currency": string(missing[0])})
	}
	return err
}

// closeDue begins to close the oldest month of each console that is over and not closed, and tells what holds one up. What goes
// wrong in one console, or keeps it from renewing what the month's days brought, holds up no other.
func (a *App) closeDue(ctx context.Context, now time.Time) error {
	over := a.billingDate(now).Month()
	var consoles []string
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		consoles, err = tx.ConsolesToClose(ctx, over)
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, id := range consoles {
		err := a.timeBrought(ctx, now, id)
		if err == nil {
			err = a.DB.Update(ctx, func(tx *store.Tx) error { return a.closeDueOf(ctx, tx, now, id, over) })
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (a *App) closeDueOf(ctx context.Context, tx *store.Tx, now time.Time, consoleID string, over civil.Month) error {
	months, err := tx.BillingMonths(ctx, consoleID)
	if err != nil {
		return err
	}
	month, ok := firstOpen(months)
	if !ok || month.First() >= over.First() {
		return nil
	}
	err = checkClosable(ctx, tx, consoleID, month)
	switch {
	case fault.Is(err, "invoice.closing_already"):
		return resumeClose(ctx, tx, consoleID)
	case fault.Is(err, "invoice.moves_scheduled"):
		return a.notify(ctx, tx, now, store.Notice{
			ConsoleID: consoleID, Kind: "invoice.moves_scheduled", Audience: console.Billing,
			Dedupe: "invoice.moves_scheduled/" + month.String(),
			Data:   map[string]string{"Month": month.String(), "Path": "/invoices"},
		})
	case fault.Is(err, "invoice.no_issuer"):
		return a.notify(ctx, tx, now, store.Notice{
			ConsoleID: consoleID, Kind: "invoice.no_issuer", Audience: console.Billing,
			Dedupe: "invoice.no_issuer/" + month.String(),
			Data:   map[string]string{"Month": month.String(), "Path": "/invoices"},
		})
	case err != nil:
		return err
	}
	last, err := tx.ClosesOfMonths(ctx, consoleID, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 && last[0].State == store.OperationFailed && a.billingDate(last[0].EndedAt) == a.billingDate(now) {
		return nil // what failed is tried again on another day, unless somebody does before
	}
	_, err = a.beginClose(ctx, tx, now, system(consoleID), month)
	return err
}

// resumeClose sees to it that a close that has begun has its job: the engine gives up what failed too often.
func resumeClose(ctx context.Context, tx *store.Tx, consoleID string) error {
	last, err := tx.ClosesOfMonths(ctx, consoleID, 1)
	if err != nil || len(last) == 0 || last[0].State != store.OperationRunning {
		return err
	}
	return enqueueClose(ctx, tx, last[0])
}

// taxOf returns the tax on an account's invoices: none before there is anybody to issue them.
func taxOf(ctx context.Context, tx *store.Tx, account billing.Account) (billing.Tax, error) {
	issuer, err := tx.IssuerOf(ctx, account.Currency)
	if errors.Is(err, store.ErrNone) {
		return billing.NoTax{}, nil
	}
	return issuer.Tax(), err
}
