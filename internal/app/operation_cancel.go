package app

import (
	"context"
	"errors"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// CancelOperation ends long work of the actor's console for good. What it has done stays, in whole chunks: of a run the customers
// who have not moved wait for completion again, with their choices; of an import the rows that were read stay. A month that is
// being closed cannot go back.
func (a *App) CancelOperation(ctx context.Context, actor console.Actor, id string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		op, err := tx.Operation(ctx, actor.ConsoleID, id)
		if err == nil && actor.May(operationNeeds[op.Kind]) != nil {
			err = store.ErrNone
		}
		if err != nil {
			return found(err, "operation.not_found")
		}
		switch op.Kind {
		case store.CompleteMigrations:
			return a.cancelRun(ctx, tx, actor, op.ID)
		case store.ImportCustomers:
			return a.cancelImport(ctx, tx, actor, op)
		case store.CloseMonth:
		}
		return fault.New(fault.Precondition, "operation.not_cancellable", nil)
	})
}

func (a *App) cancelRun(ctx context.Context, tx *store.Tx, actor console.Actor, id string) error {
	op, err := a.runOf(ctx, tx, actor, id)
	if err != nil {
		return err
	}
	if op.State == store.OperationRunning {
		if _, err := tx.PauseRun(ctx, op.ConsoleID, op.SourceID, op.ID); err != nil {
			return err
		}
	}
	if err := a.endOperation(ctx, tx, op); err != nil {
		return err
	}
	return a.recordRun(ctx, tx, actor, op, "migration.run_cancelled", op.Total-op.Done-op.Returned)
}

// endOperation makes an operation DONE that runs or is paused.
func (a *App) endOperation(ctx context.Context, tx *store.Tx, op store.Operation) error {
	if op.State != store.OperationRunning && op.State != store.OperationPaused {
		return fault.New(fault.Precondition, "operation.ended", nil)
	}
	ok, err := tx.SetOperationState(ctx, op.ConsoleID, op.ID, op.State, store.OperationDone, a.Clock.Now())
	if err == nil && !ok {
		err = tooLate()
	}
	return err
}

func (a *App) cancelImport(ctx context.Context, tx *store.Tx, actor console.Actor, op store.Operation) error {
	if err := actor.MayChange(); err != nil {
		return err
	}
	i, err := importOf(op)
	if err != nil {
		return err
	}
	if err := a.endOperation(ctx, tx, op); err != nil {
		return err
	}
	i.Cancelled = true
	now := a.Clock.Now()
	return errors.Join(
		saveResult(ctx, tx, i),
		a.endImport(ctx, tx, now, actor, i.ID, i.ImportResult),
		a.record(ctx, tx, now, actor, entry{Action: "customer.import_cancelled", Subject: i.ID, Data: map[string]string{"File": i.File}}),
		a.dropUpload(ctx, tx, i),
	)
}

// Cut reports whether an operation was ended before it had done all its work.
func Cut(op Operation) bool {
	switch op.Kind {
	case store.CompleteMigrations:
		return op.State == store.OperationDone && op.Done+op.Returned < op.Total
	case store.ImportCustomers:
		i, err := importOf(op)
		return err == nil && i.Cancelled
	case store.CloseMonth:
	}
	return false
}
