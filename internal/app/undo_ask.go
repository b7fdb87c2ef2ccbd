package app

import (
	"context"
	"errors"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
	"psc/internal/support"
)

// AskUndo opens a case that asks the operator to undo the latest move of a customer (spec M10), from either of the two
// consoles. What is refused here is what the console can see for itself: that the customer has moved on is told to the operator
// alone.
func (a *App) AskUndo(ctx context.Context, actor console.Actor, customerID, text string) (c support.Case, err error) {
	if err := mayAskUndo(actor); err != nil {
		return c, err
	}
	if text, err = support.CheckText(text); err != nil {
		return c, err
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		about, err := tx.Customer(ctx, actor.ConsoleID, customerID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		last, err := undoable(ctx, tx, about)
		if err != nil {
			return err
		}
		m, err := tx.Migration(ctx, actor.ConsoleID, last.FromID, last.MigrationID)
		if err != nil {
			return err
		}
		asked, err := tx.UndoAsked(ctx, actor.ConsoleID, m.ID)
		if err == nil {
			at, err := tx.Console(ctx, actor.ConsoleID)
			return errors.Join(err, fault.New(fault.Conflict, "undo.asked", fault.Args{"Case": asked.Reference(at.AccountID)}))
		}
		if !errors.Is(err, store.ErrNone) {
			return err
		}
		c = a.newCase(now, actor, support.UndoMigration, about.Name, about)
		if err := a.openCase(ctx, tx, now, actor, &c, text, nil); err != nil {
			return err
		}
		return tx.InsertCaseUndo(ctx, store.Undo{ConsoleID: c.ConsoleID, CaseID: c.ID, MigrationID: m.ID, FromID: m.FromID, ToID: m.ToID})
	})
	return c, err
}

func mayAskUndo(actor console.Actor) error {
	if err := actor.May(console.SupportCases); err != nil {
		return err
	}
	return actor.May(console.ViewCustomers)
}

// CanAskUndo returns the move that AskUndo would ask to undo, or why it would not.
func (r CustomerRecord) CanAskUndo(actor console.Actor) (Passage, error) {
	if err := errors.Join(mayAskUndo(actor), actor.MayChange()); err != nil {
		return Passage{}, err
	}
	return latest(r.Customer, r.Passages)
}

func undoable(ctx context.Context, tx *store.Tx, c customer.Customer) (Passage, error) {
	list, err := tx.Passages(ctx, c.ConsoleID, c.ID)
	if err != nil {
		return Passage{}, err
	}
	return latest(c, list)
}

// latest returns the customer's latest move as its console sees it.
func latest(c customer.Customer, passages []Passage) (Passage, error) {
	switch {
	case len(passages) == 0:
		return Passage{}, fault.New(fault.Precondition, "undo.never_moved", nil)
	case passages[0].Out != (c.State == customer.Moved) || c.State == customer.Deleted:
		return Passage{}, fault.New(fault.Precondition, "undo.not_latest", nil)
	case c.MigrationID != "":
		return Passage{}, fault.New(fault.Precondition, "undo.in_migration", nil)
	}
	return passages[0], nil
}
