package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// Notice tells the people of a console that something happened.
type Notice = store.Notice

// noticesShown is how many notices the page of notices shows; older ones have had their day.
const noticesShown = 100

// Notices returns the newest notices of the actor's console that the actor may see.
func (a *App) Notices(ctx context.Context, actor console.Actor) (list []Notice, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Notices(ctx, actor.ConsoleID, actor.PersonID, actor.Privileges(), noticesShown)
		return err
	})
	return list, err
}

// ReadNotices marks the notices up to this one as read by the actor, and none that are still to come.
func (a *App) ReadNotices(ctx context.Context, actor console.Actor, until string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		newest, err := tx.Notices(ctx, actor.ConsoleID, actor.PersonID, actor.Privileges(), 1)
		if err != nil || len(newest) == 0 {
			return err
		}
		return tx.ReadNotices(ctx, actor.ConsoleID, actor.PersonID, min(until, newest[0].ID))
	})
}
