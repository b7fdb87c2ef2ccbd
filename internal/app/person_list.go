package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// People lists everybody, for operators.
func (a *App) People(ctx context.Context, actor console.Actor) (list []console.Person, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.People(ctx)
		return err
	})
	return list, err
}
