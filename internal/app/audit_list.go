package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// operatorEventsShown is how many events of the vendor's own trail are listed.
const operatorEventsShown = 50

// OperatorTrail returns the newest of what operators did that concerns no console, such as adding people.
func (a *App) OperatorTrail(ctx context.Context, actor console.Actor) (list []Event, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.OperatorEvents(ctx, operatorEventsShown)
		return err
	})
	return list, err
}

// AuditTrail returns one page of what happened in the actor's console, the newest first, before the event ID before
// (empty: from the newest), and whether there is more.
func (a *App) AuditTrail(ctx context.Context, actor console.Actor, before string, limit int) (list []Event, more bool, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, false, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Events(ctx, actor.ConsoleID, before, limit+1)
		return err
	})
	if len(list) > limit {
		return list[:limit], true, err
	}
	return list, false, err
}
