package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
)

// CloseStanding says whether the next month of a console can be closed.
type CloseStanding string

// The standings of a month.
const (
	CloseNothing CloseStanding = "NOTHING" // nothing was billed in the console yet
	CloseAhead   CloseStanding = "AHEAD"   // the month is not over
	CloseReady   CloseStanding = "READY"
	CloseHeld    CloseStanding = "HELD"    // something hinders
	CloseRunning CloseStanding = "RUNNING" // it is being closed
)

// CorrectionSum is what corrections of earlier days come to in one currency.
type CorrectionSum = store.CorrectionSum

// CloseChecks is the next month of a console to be closed, what hinders that, and what it brings with it.
type CloseChecks struct {
	Month civil.Month
	Over  bool // it can be closed, as far as the days go

	// What hinders.
	Moves     []string         // customers who are scheduled to move in it, a few of them by name
	Uncovered []money.Currency // in which there are accounts and nobody issues invoices

	// What comes with it, and does not hinder.
	Billed      int64 // subscriptions, charges and credits for its invoices, so far
	Renewals    int64 // terms and trials that are over and dealt with first, up to CountLimit
	Prices      int   // of which subscriptions take the new one first
	Corrections []CorrectionSum
	Runs        int64 // that move customers at this moment, from today's billing date

	Running Operation // the close under way
	Failed  Closed    // the close of this month that was given up last
}

// Standing says whether the month can be closed.
func (c CloseChecks) Standing() CloseStanding {
	switch {
	case c.Month == civil.Month{}:
		return CloseNothing
	case c.Running.ID != "":
		return CloseRunning
	case !c.Over:
		return CloseAhead
	case len(c.Moves)+len(c.Uncovered) > 0:
		return CloseHeld
	}
	return CloseReady
}

// CloseChecks returns what there is to know before the next month of the actor's console is closed.
func (a *App) CloseChecks(ctx context.Context, actor console.Actor) (c CloseChecks, err error) {
	if err := actor.MayOperate(); err != nil {
		return c, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if c, err = a.closeChecks(ctx, tx, actor.ConsoleID); err != nil || c.Standing() == CloseNothing {
			return err
		}
		return addWhatComes(ctx, tx, actor.ConsoleID, a.billingDate(a.Clock.Now()), &c)
	})
	return c, err
}

// closeChecks returns the next month of a console and what hinders its close.
func (a *App) closeChecks(ctx context.Context, tx *store.Tx, consoleID string) (c CloseChecks, err error) {
	months, err := tx.BillingMonths(ctx, consoleID)
	if err != nil {
		return c, err
	}
	month, ok := firstOpen(months)
	if !ok {
		return c, nil
	}
	c = CloseChecks{Month: month, Over: a.billingDate(a.Clock.Now()) >= month.End()}
	if c.Moves, err = tx.ScheduledMoves(ctx, consoleID, month.End(), namedMoves); err != nil {
		return c, err
	}
	if c.Uncovered, err = uncovered(ctx, tx, consoleID); err != nil {
		return c, err
	}
	last, err := tx.ClosesOfMonths(ctx, consoleID, 1)
	if err != nil || len(last) == 0 {
		return c, err
	}
	closed, err := closedOf(last[0])
	switch {
	case err != nil || closed.Month != month:
	case closed.State == store.OperationRunning:
		c.Running = closed.Operation
	case closed.State == store.OperationFailed:
		c.Failed = closed
	}
	return c, err
}

// uncovered returns the currencies of a console's accounts in which nobody issues invoices.
func uncovered(ctx context.Context, tx *store.Tx, consoleID string) (list []money.Currency, err error) {
	accounts, err := tx.BillingAccounts(ctx, consoleID)
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		if slices.Contains(list, account.Currency) {
			continue
		}
		if _, err := tx.IssuerOf(ctx, account.Currency); errors.Is(err, store.ErrNone) {
			list = append(list, account.Currency)
		} else if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func addWhatComes(ctx context.Context, tx *store.Tx, consoleID string, today civil.Date, c *CloseChecks) (err error) {
	if c.Billed, err = tx.CountBilled(ctx, consoleID, c.Month); err != nil {
		return err
	}
	if c.Renewals, err = tx.CountDueTerms(ctx, consoleID, today); err != nil {
		return err
	}
	_, due, err := duePrices(ctx, tx, consoleID, today)
	if err != nil {
		return err
	}
	c.Prices = len(due)
	if c.Corrections, err = tx.CorrectionSums(ctx, consoleID, c.Month); err != nil {
		return err
	}
	c.Runs, err = tx.CountRunsUnderWay(ctx, consoleID)
	return err
}

// Closed is a close of a month of a console.
type Closed struct {
	Operation

	Month   civil.Month
	Issued  int64  // invoices, so far
	Failure string // the key of why it was given up
}

func closedOf(op store.Operation) (Closed, error) {
	var c closing
	if err := json.Unmarshal([]byte(op.Result), &c); err != nil {
		return Closed{}, fmt.Errorf("read the result of %s: %w", op.ID, err)
	}
	return Closed{Operation: op, Month: c.Month.Month(), Issued: c.Invoices, Failure: c.Failure}, nil
}

// closesShown is how many closes of a console are listed.
const closesShown = 60

// Closes returns the closes of the actor's console, the newest first.
func (a *App) Closes(ctx context.Context, actor console.Actor) (list []Closed, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		ops, err := tx.ClosesOfMonths(ctx, actor.ConsoleID, closesShown)
		list = nil
		for _, op := range ops {
			c, e := closedOf(op)
			list, err = append(list, c), errors.Join(err, e)
		}
		return err
	})
	return list, err
}

// IssuedSum is what one issuer's invoices of a month come to in one currency.
type IssuedSum struct {
	Issuer          string
	Invoices        int
	Net, Gross, Due money.Amount
}

// CloseResult is a close with what it has issued.
type CloseResult struct {
	Closed

	Sums     []IssuedSum
	Invoices []IssuedInvoice
}

// CloseResult returns a close of the actor's console, with the invoices and their sums by issuer and currency.
func (a *App) CloseResult(ctx context.Context, actor console.Actor, id string) (r CloseResult, err error) {
	if err := actor.MayOperate(); err != nil {
		return r, err
	}
	op, err := a.MonthClose(ctx, actor, id)
	if err != nil {
		return r, err
	}
	if r.Closed, err = closedOf(op); err != nil {
		return r, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if r.Invoices, err = tx.InvoicesOfMonth(ctx, actor.ConsoleID, r.Month); err != nil {
			return err
		}
		r.Sums, err = issuedSums(r.Invoices)
		return err
	})
	return r, err
}

// issuedSums adds invoices up by issuer and currency, in their order.
func issuedSums(list []IssuedInvoice) (sums []IssuedSum, err error) {
	for _, inv := range list {
		i := slices.IndexFunc(sums, func(s IssuedSum) bool { return s.Issuer == inv.Issuer && s.Net.Currency == inv.Currency })
		if i < 0 {
			none := money.Amount{Currency: inv.Currency}
			sums, i = append(sums, IssuedSum{Issuer: inv.Issuer, Net: none, Gross: none, Due: none}), len(sums)
		}
		s := &sums[i]
		s.Invoices++
		for sum, more := range map[*money.Amount]money.Amount{&s.Net: inv.Net, &s.Gross: inv.Gross, &s.Due: inv.Due} {
			if *sum, err = money.Sum(inv.Currency, *sum, more); err != nil {
				return nil, err
			}
		}
	}
	return sums, nil
}

// NextMonth is the next month of a console to be closed, and how that stands.
type NextMonth struct {
	Console console.Console
	CloseChecks
}

// waitingShown is how many consoles are looked at whose month is over and not closed.
const waitingShown = 200

// NextMonths returns one page of all consoles, each with its next month.
func (a *App) NextMonths(ctx context.Context, actor console.Actor, search string, page Page) (list List[NextMonth], err error) {
	if err := actor.MayOperate(); err != nil {
		return list, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		consoles, err := tx.ConsolePage(ctx, search, page)
		if err != nil {
			return err
		}
		list = List[NextMonth]{HasPrevious: consoles.HasPrevious, HasNext: consoles.HasNext}
		list.Rows, err = a.nextMonths(ctx, tx, consoles.Rows)
		return err
	})
	return list, err
}

// MonthsToClose returns the consoles whose next month is over and not closed, up to 200 of them.
func (a *App) MonthsToClose(ctx context.Context, actor console.Actor) (list []NextMonth, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		ids, err := tx.ConsolesToClose(ctx, a.billingDate(a.Clock.Now()).Month())
		if err != nil {
			return err
		}
		var consoles []console.Console
		for _, id := range ids[:min(len(ids), waitingShown)] {
			c, err := tx.Console(ctx, id)
			if err != nil {
				return err
			}
			consoles = append(consoles, c)
		}
		list, err = a.nextMonths(ctx, tx, consoles)
		return err
	})
	return list, err
}

func (a *App) nextMonths(ctx context.Context, tx *store.Tx, consoles []console.Console) (list []NextMonth, err error) {
	for _, c := range consoles {
		checks, err := a.closeChecks(ctx, tx, c.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, NextMonth{c, checks})
	}
	return list, nil
}
