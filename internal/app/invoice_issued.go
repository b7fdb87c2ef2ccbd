package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// IssuedInvoice is an invoice that will not change any more.
type IssuedInvoice = store.Invoice

// LineCursor is where a page of an issued invoice's lines ends.
type LineCursor = store.LineCursor

// IssuedInvoices returns the newest issued invoices of the actor's console.
func (a *App) IssuedInvoices(ctx context.Context, actor console.Actor, limit int) (list []IssuedInvoice, err error) {
	if err := actor.May(console.Billing); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Invoices(ctx, actor.ConsoleID, limit)
		return err
	})
	return list, err
}

// IssuedInvoice returns an issued invoice of the actor's console by its ID or number.
func (a *App) IssuedInvoice(ctx context.Context, actor console.Actor, idOrNumber string) (inv IssuedInvoice, err error) {
	if err := actor.May(console.Billing); err != nil {
		return inv, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		inv, err = tx.Invoice(ctx, actor.ConsoleID, idOrNumber)
		return found(err, "invoice.not_found")
	})
	return inv, err
}

// IssuedLines returns the next lines of an issued invoice, by customer, subscription and day, and where to go on.
func (a *App) IssuedLines(ctx context.Context, actor console.Actor, id string, after LineCursor, limit int) (list []InvoiceLine, next LineCursor, err error) {
	if err := actor.May(console.Billing); err != nil {
		return nil, after, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		inv, err := tx.Invoice(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "invoice.not_found")
		}
		list, next, err = tx.InvoiceLines(ctx, inv, after, limit)
		return err
	})
	return list, next, err
}
