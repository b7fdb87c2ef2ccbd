package app

import (
	"context"
	"strings"

	"golang.org/x/text/language"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// CreateLegalEntity adds a company to the reseller of the console in which the operator acts. All consoles of the reseller
// see it. country is its ISO 3166-1 code of two letters.
func (a *App) CreateLegalEntity(ctx context.Context, actor console.Actor, name, country string) (e billing.LegalEntity, err error) {
	if err := actor.MayOperate(); err != nil {
		return e, err
	}
	if name, err = tidyName("name", name); err != nil {
		return e, err
	}
	country = strings.ToUpper(strings.TrimSpace(country))
	if region, err := language.ParseRegion(country); err != nil || len(country) != 2 || !region.IsCountry() {
		return e, fault.InvalidField("country", "legal_entity.country", fault.Args{"Value": country})
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		own, err := tx.Console(ctx, actor.ConsoleID)
		if err != nil {
			return found(err, "console.not_found")
		}
		consoles, err := consolesOf(ctx, tx, own.ResellerID)
		if err != nil {
			return err
		}
		if err := tx.LockConsoles(ctx, consoles...); err != nil { // of two at the same time, one sees the other's
			return err
		}
		list, err := tx.LegalEntities(ctx, own.ID)
		if err != nil {
			return err
		}
		for _, other := range list {
			if console.Fold(other.Name) == console.Fold(name) {
				return fault.New(fault.Conflict, "legal_entity.exists", fault.Args{"LegalEntity": other.Name})
			}
		}
		e = billing.LegalEntity{ID: a.IDs.New("leg", now), ResellerID: own.ResellerID, Name: name, Country: country}
		if err := tx.InsertLegalEntity(ctx, e, now); err != nil {
			return err
		}
		return a.recordIn(ctx, tx, now, actor, consoles, entry{
			Action: "legal_entity.created", Subject: e.ID, Data: map[string]string{"LegalEntity": name},
		})
	})
	return e, err
}
