package app

import (
	"context"
	"errors"

	"psc/internal/console"
	"psc/internal/store"
)

// Agreement is what a console has or has not signed for one legal entity.
type Agreement = store.Agreement

// Agreements lists the agreements of the actor's console, one for each legal entity.
func (a *App) Agreements(ctx context.Context, actor console.Actor) (list []Agreement, err error) {
	if err := actor.May(console.Billing, console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Agreements(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}

// SignAgreement signs the agreement for a legal entity; that somebody has signed it already is no error.
func (a *App) SignAgreement(ctx context.Context, actor console.Actor, legalEntityID string) error {
	if err := actor.May(console.SuperAdmin); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		entity, err := tx.LegalEntity(ctx, actor.ConsoleID, legalEntityID)
		if err != nil {
			return found(err, "legal_entity.not_found")
		}
		signed, err := tx.SignAgreement(ctx, actor.ConsoleID, entity.ID, actor.Name, now)
		if err != nil || !signed {
			return err
		}
		return errors.Join(
			a.record(ctx, tx, now, actor, entry{
				Action: "agreement.signed", Subject: entity.ID, Data: map[string]string{"LegalEntity": entity.Name},
			}),
			a.evaluateSources(ctx, tx, actor.ConsoleID),
		)
	})
}
