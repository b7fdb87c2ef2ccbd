package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// OfferSetup returns the secret of a one-time link with which the first operator is made, or nothing once there is
// anybody.
func (a *App) OfferSetup(ctx context.Context) (secret string, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		secret = ""
		if some, err := tx.AnyPeople(ctx); err != nil || some {
			return err
		}
		secret, err = a.newLink(ctx, tx, store.LinkSetup, "")
		return err
	})
	return secret, err
}

// CheckSetup refuses a set-up link once there is anybody ("setup.over"), and one that cannot be used ("link.over").
func (a *App) CheckSetup(ctx context.Context, secret string) error {
	return a.DB.View(ctx, func(tx *store.Tx) error {
		if err := checkNobody(ctx, tx); err != nil {
			return err
		}
		_, err := tx.OpenLink(ctx, secretHash(secret), store.LinkSetup, a.Wall.Now())
		return found(err, "link.over")
	})
}

// SetUp makes the first operator and uses every set-up link up.
func (a *App) SetUp(ctx context.Context, secret string, p console.Person, password string) (console.Person, error) {
	if err := a.CheckSetup(ctx, secret); err != nil {
		return p, err
	}
	p, err := console.CheckPerson(p)
	if err != nil {
		return p, err
	}
	if p.PasswordHash, err = HashPassword(ctx, password, p); err != nil {
		return p, err
	}
	now := a.Clock.Now()
	p.ID, p.Operator, p.CreatedAt = a.IDs.New("per", now), true, now
	return p, a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.OpenLink(ctx, secretHash(secret), store.LinkSetup, a.Wall.Now()); err != nil {
			return found(err, "link.over")
		}
		// All links together, so that of two people with different links one comes too late.
		if err := tx.UseLinksOf(ctx, "", a.Wall.Now()); err != nil {
			return err
		}
		if err := checkNobody(ctx, tx); err != nil {
			return err
		}
		if err := tx.InsertPerson(ctx, p); err != nil {
			return err
		}
		return a.recordPerson(ctx, tx, self(p), p, "person.created")
	})
}

func checkNobody(ctx context.Context, tx *store.Tx) error {
	some, err := tx.AnyPeople(ctx)
	if err == nil && some {
		err = fault.New(fault.Conflict, "setup.over", nil)
	}
	return err
}
