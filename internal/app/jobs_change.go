package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// NoteJobs writes into the vendor's trail what an operator asks of the pages about jobs, before it is done: what those pages do is
// the queue's own business, and no use case.
func (a *App) NoteJobs(ctx context.Context, actor console.Actor, asked string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		return a.recordForVendor(ctx, tx, now, actor, entry{Action: "job.asked", Data: map[string]string{"Asked": asked}})
	})
}
