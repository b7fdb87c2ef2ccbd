package app

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/store"
)

// Identity is what a customer's organisation is given accounts with. What it says of contact data is kept where the customer has none.
type Identity struct {
	CustomerID     string
	Admin          string // the e-mail address of the first administrator, in the customer's domain
	AdminName      string
	AlternateEmail string
	Phone          string
	Language       string
}

// ProvisionIdentity records that the accounts of a customer's organisation were set up in its domain: the fact goes along when the
// customer moves. It happens once ("customer.identity_there").
func (a *App) ProvisionIdentity(ctx context.Context, actor console.Actor, in Identity) (c customer.Customer, err error) {
	if err := actor.May(console.EditCustomers); err != nil {
		return c, err
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		var was customer.Customer
		if was, c, err = identified(ctx, tx, actor.ConsoleID, in); err != nil {
			return err
		}
		if ContactMark(was) != ContactMark(c) {
			if ok, err := tx.SetContact(ctx, c); err != nil || !ok {
				return orTooLate(err)
			}
		}
		c.IdentityAt = now
		if ok, err := tx.SetIdentity(ctx, c); err != nil || !ok {
			return orTooLate(err)
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "customer.identity_provisioned", Subject: c.ID, Customer: c.ID,
			Data: map[string]string{"Customer": c.Name, "Email": c.IdentityAdmin},
		})
	})
	return c, err
}

// CheckIdentity refuses what ProvisionIdentity would refuse, and writes nothing.
func (a *App) CheckIdentity(ctx context.Context, actor console.Actor, in Identity) (c customer.Customer, err error) {
	if err := errors.Join(actor.May(console.EditCustomers), actor.MayChange()); err != nil {
		return c, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		_, c, err = identified(ctx, tx, actor.ConsoleID, in)
		return err
	})
	return c, err
}

// identified returns a customer as it is and as its identity leaves it.
func identified(ctx context.Context, tx *store.Tx, consoleID string, in Identity) (was, c customer.Customer, err error) {
	if was, err = tx.Customer(ctx, consoleID, in.CustomerID); err != nil {
		return was, c, found(err, "customer.not_found")
	}
	if err := was.CheckLive(); err != nil {
		return was, c, err
	}
	if !was.IdentityAt.IsZero() {
		return was, c, fault.New(fault.Conflict, "customer.identity_there", fault.Args{"Customer": was.Name})
	}
	c = was
	c.AlternateEmail, c.Phone = cmp.Or(c.AlternateEmail, in.AlternateEmail), cmp.Or(c.Phone, in.Phone)
	c.Language, c.ContactName = cmp.Or(c.Language, in.Language), cmp.Or(c.ContactName, strings.TrimSpace(in.AdminName))
	c, fields := customercsv.Contact(c)
	if len(fields) > 0 {
		return was, c, &fault.Error{Kind: fault.Invalid, Key: "customer.invalid", Fields: ofForm(fields)}
	}
	admin, err := console.CheckEmail(in.Admin)
	if err == nil && !strings.HasSuffix(admin, "@"+c.Domain) {
		err = fault.InvalidField("email", "customer.identity_domain", fault.Args{"Domain": c.Domain})
	}
	c.IdentityAdmin = admin
	return was, c, err
}

// CustomerOfDomain returns the console's live customer of a domain, or the fault "customer.not_found".
func (a *App) CustomerOfDomain(ctx context.Context, actor console.Actor, domain string) (c customer.Customer, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return c, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err := tx.CustomersOfDomains(ctx, actor.ConsoleID, []string{console.Fold(domain)})
		if err == nil && len(list) == 0 {
			err = fault.New(fault.NotFound, "customer.not_found", nil)
		}
		if err == nil {
			c = list[0]
		}
		return err
	})
	return c, err
}
