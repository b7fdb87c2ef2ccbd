package app

import (
	"context"
	"regexp"
	"strings"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

var issuerCode = regexp.MustCompile(`^[A-Z0-9]{1,8}$`)

// CreateIssuer adds a company of the vendor that issues the invoices of a currency, or of all that no other has. With a
// registration number its invoices are Japan's qualified ones and bear consumption tax.
func (a *App) CreateIssuer(ctx context.Context, actor console.Actor, i billing.Issuer) (billing.Issuer, error) {
	if err := actor.MayOperate(); err != nil {
		return i, err
	}
	i, err := checkIssuer(i)
	if err != nil {
		return i, err
	}
	now := a.Clock.Now()
	i.ID = a.IDs.New("iss", now)
	return i, a.DB.Update(ctx, func(tx *store.Tx) error {
		err := tx.InsertIssuer(ctx, i, now)
		if tx.Duplicate(err) {
			return fault.New(fault.Conflict, "issuer.exists", fault.Args{"Code": i.Code})
		}
		if err != nil {
			return err
		}
		return a.recordForVendor(ctx, tx, now, actor, entry{
			Action: "issuer.created", Subject: i.ID, Data: map[string]string{"Issuer": i.Name},
		})
	})
}

// EditIssuer changes the name of an issuer, its registration number and how it rounds tax, for the invoices that it issues from now
// on. Its code and currency stay: its numbers begin with the one, and who issues what hangs on the other.
func (a *App) EditIssuer(ctx context.Context, actor console.Actor, i billing.Issuer) (billing.Issuer, error) {
	if err := actor.MayOperate(); err != nil {
		return i, err
	}
	now := a.Clock.Now()
	return i, a.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := issuerByID(ctx, tx, i.ID)
		if err != nil {
			return err
		}
		i.Code, i.Currency = was.Code, was.Currency
		if i, err = checkIssuer(i); err != nil || i == was {
			return err
		}
		if err := tx.UpdateIssuer(ctx, i); err != nil {
			return err
		}
		return a.recordForVendor(ctx, tx, now, actor, entry{
			Action: "issuer.changed", Subject: i.ID, Data: map[string]string{"Issuer": i.Name},
		})
	})
}

// Issuer returns an issuer.
func (a *App) Issuer(ctx context.Context, actor console.Actor, id string) (i billing.Issuer, err error) {
	if err := actor.MayOperate(); err != nil {
		return i, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		i, err = issuerByID(ctx, tx, id)
		return err
	})
	return i, err
}

func issuerByID(ctx context.Context, tx *store.Tx, id string) (billing.Issuer, error) {
	list, err := tx.Issuers(ctx)
	if err != nil {
		return billing.Issuer{}, err
	}
	for _, i := range list {
		if i.ID == id {
			return i, nil
		}
	}
	return billing.Issuer{}, fault.New(fault.NotFound, "issuer.not_found", nil)
}

func checkIssuer(i billing.Issuer) (_ billing.Issuer, err error) {
	i.Code = strings.ToUpper(strings.TrimSpace(i.Code))
	i.Currency = money.Currency(strings.ToUpper(strings.TrimSpace(string(i.Currency))))
	i.RegistrationNumber = strings.TrimSpace(i.RegistrationNumber)
	if i.TaxRounding == "" {
		i.TaxRounding = money.Floor
	}
	if i.Name, err = tidyName("name", i.Name); err != nil {
		return i, err
	}
	switch {
	case !issuerCode.MatchString(i.Code):
		return i, fault.InvalidField("code", "issuer.code", nil)
	case i.Currency != "" && !i.Currency.Valid():
		return i, fault.InvalidField("currency", "issuer.currency", fault.Args{"Value": string(i.Currency)})
	case i.RegistrationNumber != "" && !billing.ValidRegistrationNumber(i.RegistrationNumber):
		return i, fault.InvalidField("registration_number", "issuer.registration_number", nil)
	case !i.TaxRounding.Valid():
		return i, fault.InvalidField("tax_rounding", "issuer.tax_rounding", nil)
	}
	return i, nil
}

// Issuers returns who issues invoices.
func (a *App) Issuers(ctx context.Context, actor console.Actor) (list []billing.Issuer, err error) {
	if err := actor.May(console.Billing); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Issuers(ctx)
		return err
	})
	return list, err
}
