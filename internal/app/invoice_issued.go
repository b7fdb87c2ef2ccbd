package app

import (
	"context"
	"iter"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
)

// IssuedInvoice is an invoice that will not change any more.
type IssuedInvoice = store.Invoice

// InvoiceID returns the ID of the one invoice that an account has of a month.
func InvoiceID(accountID string, month civil.Month) string { return store.InvoiceID(accountID, month) }

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

// linesAtOnce is how many lines of an invoice are in memory at a time when all are read.
const linesAtOnce = 1_000

// AllIssuedLines returns all lines of an issued invoice, by customer, subscription and day, as they are read.
func (a *App) AllIssuedLines(ctx context.Context, actor console.Actor, id string) iter.Seq2[InvoiceLine, error] {
	return func(yield func(InvoiceLine, error) bool) {
		for after := (LineCursor{}); ; {
			page, next, err := a.IssuedLines(ctx, actor, id, after, linesAtOnce)
			if err != nil {
				yield(InvoiceLine{}, err)
				return
			}
			for _, l := range page {
				if !yield(l, nil) {
					return
				}
			}
			if len(page) < linesAtOnce {
				return
			}
			after = next
		}
	}
}

// BillingMonth is a month of a console with its state.
type BillingMonth = store.BillingMonth

// BillingMonths returns the months of the actor's console that anything was billed in, the oldest first.
func (a *App) BillingMonths(ctx context.Context, actor console.Actor) (list []BillingMonth, err error) {
	if err := actor.May(console.Billing); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.BillingMonths(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}

// MonthClose returns how far the close of a month of the actor's console is.
func (a *App) MonthClose(ctx context.Context, actor console.Actor, id string) (op Operation, err error) {
	if err := actor.May(console.Billing); err != nil {
		return op, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		op, err = tx.Operation(ctx, actor.ConsoleID, id)
		if err == nil && op.Kind != store.CloseMonth {
			err = store.ErrNone
		}
		return found(err, "operation.not_found")
	})
	return op, err
}

// Balance returns the credit balance of an account of the actor's console.
func (a *App) Balance(ctx context.Context, actor console.Actor, accountID string) (balance money.Amount, err error) {
	if err := actor.May(console.Billing); err != nil {
		return balance, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		account, err := tx.BillingAccount(ctx, actor.ConsoleID, accountID)
		if err != nil {
			return found(err, "billing_account.not_found")
		}
		balance, err = tx.Balance(ctx, account)
		return err
	})
	return balance, err
}
