package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// PersonList returns one page of the people whose e-mail address contains a text, for operators.
func (a *App) PersonList(ctx context.Context, actor console.Actor, search string, page Page) (list List[console.Person], err error) {
	if err := actor.MayOperate(); err != nil {
		return list, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.PersonPage(ctx, search, page)
		return err
	})
	return list, err
}

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
