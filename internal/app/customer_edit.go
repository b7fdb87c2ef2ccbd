package app

import (
	"context"
	"strings"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/store"
)

// EditContact changes a customer's name and contact data; what else c says is not looked at. It may be done while the
// customer is being moved (spec M7).
func (a *App) EditContact(ctx context.Context, actor console.Actor, c customer.Customer) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Customer(ctx, actor.ConsoleID, c.ID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		if err := was.CheckLive(); err != nil {
			return err
		}
		c.ConsoleID, c.Domain = was.ConsoleID, was.Domain
		checked, fields := customercsv.Contact(c)
		if len(fields) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "customer.invalid", Fields: ofForm(fields)}
		}
		if ok, err := tx.SetContact(ctx, checked); err != nil || !ok {
			return orTooLate(err)
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "customer.edited", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": checked.Name},
		})
	})
}

// ofForm speaks of fields where the rules of the file speak of cells.
func ofForm(fields []fault.Field) []fault.Field {
	for i := range fields {
		if key, ok := strings.CutPrefix(fields[i].Key, "import.cell."); ok {
			fields[i].Key = "customer.field." + key
		}
	}
	return fields
}
