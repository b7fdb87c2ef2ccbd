package store

import (
	"context"

	"psc/internal/customer"
)

// ConnOf lets tests look at a transaction from below.
func ConnOf(tx *Tx) Conn { return tx.conn }

// CustomersPageOf is CustomersPage where so many customers are few.
func CustomersPageOf(ctx context.Context, tx *Tx, consoleID string, f CustomerFilter, by CustomerOrder, page Page, few int) (List[customer.Customer], error) {
	return tx.customersPage(ctx, consoleID, f, by, page, few)
}

// CountCustomersOf is CountCustomers where so many customers are few.
func CountCustomersOf(ctx context.Context, tx *Tx, consoleID string, f CustomerFilter, few int) (Count, error) {
	return tx.countCustomers(ctx, consoleID, f, few)
}
