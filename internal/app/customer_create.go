package app

import (
	"context"
	"errors"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/store"
)

// CreateCustomer adds a customer of the domain and contact data in c to the actor's console. A domain that a live customer of
// the console has already is the fault "customer.domain_taken", so that a form sent twice adds nothing twice.
func (a *App) CreateCustomer(ctx context.Context, actor console.Actor, c customer.Customer) (customer.Customer, error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return c, err
	}
	now := a.Clock.Now()
	c, fields := customercsv.Contact(c)
	if len(fields) > 0 {
		return c, &fault.Error{Kind: fault.Invalid, Key: "customer.invalid", Fields: ofForm(fields)}
	}
	c.ConsoleID, c.ID, c.State, c.CreatedAt = actor.ConsoleID, a.IDs.New("cus", now), customer.Live, now
	return c, a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, c.ConsoleID); err != nil { // imports take their turns with it
			return err
		}
		there, err := tx.CustomersOfDomains(ctx, c.ConsoleID, []string{c.Domain})
		if err != nil {
			return err
		}
		if len(there) > 0 {
			return fault.InvalidField("domain", "customer.domain_taken", fault.Args{"Domain": c.Domain, "Customer": there[0].Name})
		}
		if err := tx.InsertCustomers(ctx, []customer.Customer{c}); err != nil {
			if tx.Duplicate(err) { // one of the domain has just arrived by a migration
				return tooLate()
			}
			return err
		}
		return errors.Join(
			a.record(ctx, tx, now, actor, entry{
				Action: "customer.created", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name},
			}),
			a.evaluateCustomers(ctx, tx, now, c.ConsoleID, []string{c.ID}),
			evaluateNamesakes(ctx, tx, now, c.ConsoleID, "", []string{c.ID}),
		)
	})
}
