package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// CustomerQuery asks for a page of customers.
type CustomerQuery struct {
	State  customer.State // Live if empty
	Search string         // a part of the name or the domain
	Page   Page
}

// CustomerList is a page of customers.
type CustomerList struct {
	List[customer.Customer]
	Counts        map[customer.State]int // that match the search, up to CountLimit
	Subscriptions map[string]int         // how many that have not ended, by customer ID
}

// Customers lists the customers of the actor's console.
func (a *App) Customers(ctx context.Context, actor console.Actor, q CustomerQuery) (l CustomerList, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return l, err
	}
	if q.State == "" {
		q.State = customer.Live
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if l.List, err = tx.CustomersPage(ctx, actor.ConsoleID, q.State, q.Search, q.Page); err != nil {
			return err
		}
		l.Counts = make(map[customer.State]int)
		for _, state := range []customer.State{customer.Live, customer.Moved} {
			if l.Counts[state], err = tx.CountCustomers(ctx, actor.ConsoleID, state, q.Search); err != nil {
				return err
			}
		}
		ids := make([]string, len(l.Rows))
		for i, c := range l.Rows {
			ids[i] = c.ID
		}
		l.Subscriptions, err = tx.CountSubscriptions(ctx, actor.ConsoleID, ids)
		return err
	})
	return l, err
}
