package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// operationNeeds is what one needs to see an operation of a kind, as on the pages about it.
var operationNeeds = map[store.OperationKind]console.Privilege{
	store.CompleteMigrations: console.ViewCustomers,
	store.ImportCustomers:    console.AddCustomers,
	store.CloseMonth:         console.Billing,
}

// Operation returns long work of whatever kind: the console's own, or a run that moves its customers to a main. What the actor
// may not see is the fault "operation.not_found", like what is not there.
func (a *App) Operation(ctx context.Context, actor console.Actor, id string) (op Operation, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		op, err = tx.Operation(ctx, actor.ConsoleID, id)
		if errors.Is(err, store.ErrNone) {
			op, err = runFromSource(ctx, tx, actor, id)
		}
		if err != nil {
			return found(err, "operation.not_found")
		}
		if actor.May(operationNeeds[op.Kind]) != nil {
			return fault.New(fault.NotFound, "operation.not_found", nil)
		}
		return nil
	})
	if err != nil {
		return Operation{}, err
	}
	return op, nil
}

// runFromSource returns a run that moved customers of the actor's console to another, as it may see it.
func runFromSource(ctx context.Context, tx *store.Tx, actor console.Actor, id string) (Operation, error) {
	connections, err := tx.Connections(ctx, actor.ConsoleID)
	if err != nil {
		return Operation{}, err
	}
	for _, c := range connections {
		if c.AcceptedAt.IsZero() {
			continue
		}
		op, err := tx.Operation(ctx, c.Other(actor.ConsoleID), id)
		if err == nil && op.ConnectionID == c.ID {
			return seenFrom(actor.ConsoleID, op), nil
		}
		if err != nil && !errors.Is(err, store.ErrNone) {
			return Operation{}, err
		}
	}
	return Operation{}, store.ErrNone
}

// Operations returns the newest operations that the actor may see, of whatever kind, the newest first: of each connection,
// of imports and of closes of months as many as their pages list.
func (a *App) Operations(ctx context.Context, actor console.Actor) (list []Operation, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		connections, err := tx.Connections(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		for _, c := range connections {
			runs, err := tx.OperationsOf(ctx, c.MainID, c.SourceID, c.ID, runsShown)
			if err != nil {
				return err
			}
			for _, run := range runs {
				list = append(list, seenFrom(actor.ConsoleID, run))
			}
		}
		if actor.May(console.AddCustomers) == nil {
			imports, err := tx.Imports(ctx, actor.ConsoleID, importsShown)
			if err != nil {
				return err
			}
			list = append(list, imports...)
		}
		if actor.May(console.Billing) == nil {
			closes, err := tx.ClosesOfMonths(ctx, actor.ConsoleID, closesShown)
			if err != nil {
				return err
			}
			list = append(list, closes...)
		}
		slices.SortFunc(list, func(x, y Operation) int {
			return cmp.Or(y.StartedAt.Compare(x.StartedAt), cmp.Compare(y.ID, x.ID))
		})
		return nil
	})
	return list, err
}
