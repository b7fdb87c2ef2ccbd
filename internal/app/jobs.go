package app

import (
	"context"

	"psc/internal/store"
)

// Workers returns what works on each kind of job: the list of everything the product does in the background.
func (a *App) Workers() store.Workers {
	w := store.Workers{}
	store.Handle(w, a.RunDueJob)
	store.Handle(w, a.RunEvaluate)
	store.Handle(w, a.RunMoveChunk)
	store.Handle(w, a.RunImport)
	store.Handle(w, a.RunCloseMonth)
	if a.Post != nil {
		store.Handle(w, a.RunMail)
	}
	if a.Courier != nil {
		store.Handle(w, a.RunWebhook)
	}
	for kind, work := range w {
		w[kind] = func(ctx context.Context, args []byte) error {
			if err := a.FollowClock(ctx); err != nil {
				return err
			}
			return work(ctx, args)
		}
	}
	return w
}
