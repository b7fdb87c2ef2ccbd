package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// Notice tells the people of a console that something happened.
type Notice = store.Notice

// NoticeQuery says which notices are asked for.
type NoticeQuery = store.NoticeQuery

// Notices returns the next limit notices of the actor's console that the actor may see and has not switched off, and whether
// there are more.
func (a *App) Notices(ctx context.Context, actor console.Actor, q NoticeQuery, limit int) (list []Notice, more bool, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Notices(ctx, actor.ConsoleID, actor.PersonID, actor.Privileges(), q, limit+1)
		return err
	})
	if more = len(list) > limit; more {
		list = list[:limit]
	}
	return list, more, err
}

// ReadNotices marks the notices up to this one as read by the actor, and none that are still to come.
func (a *App) ReadNotices(ctx context.Context, actor console.Actor, until string) error {
	if err := personal(actor); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		newest, err := tx.Notices(ctx, actor.ConsoleID, actor.PersonID, actor.Privileges(), NoticeQuery{}, 1)
		if err != nil || len(newest) == 0 {
			return err
		}
		return tx.ReadNotices(ctx, actor.ConsoleID, actor.PersonID, min(until, newest[0].ID))
	})
}

// ReadNotice marks one notice as read by the actor, and returns it. A service account reads without a mark.
func (a *App) ReadNotice(ctx context.Context, actor console.Actor, id string) (n Notice, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if n, err = tx.Notice(ctx, actor.ConsoleID, actor.PersonID, actor.Privileges(), id); err != nil {
			return found(err, "notices.not_found")
		}
		if n.Read || actor.Service {
			return nil
		}
		return tx.ReadNotice(ctx, actor.ConsoleID, actor.PersonID, id)
	})
	return n, err
}
