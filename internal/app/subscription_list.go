package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// SubscriptionQuery asks for subscriptions of a console that have not ended, by domain.
type SubscriptionQuery struct {
	CustomerID string // of this customer only, who must be there; empty: of all
	Domain     string // how the customers' domains begin
	After      SubscriptionPlace
	Limit      int
}

// SubscriptionPlace is where a page of subscriptions ends: after this one of the customer; without an ID, after all of the customer's.
type SubscriptionPlace struct{ Domain, CustomerID, ID string }

// CustomerSubscription is a subscription with whose it is.
type CustomerSubscription struct {
	SubscriptionLine

	Customer customer.Customer
}

// customersWalked is how many customers are looked at for one page of subscriptions, lest those without any hold it up.
const customersWalked = 200

// Subscriptions returns a page of the subscriptions of the actor's console, and where it ends if there may be more. A page can be
// shorter than asked for, or empty, and still not be the last.
func (a *App) Subscriptions(ctx context.Context, actor console.Actor, q SubscriptionQuery) (list []CustomerSubscription, next SubscriptionPlace, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, next, err
	}
	q.Domain = console.Fold(q.Domain)
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, next, err = subscriptionPage(ctx, tx, actor.ConsoleID, q)
		return err
	})
	return list, next, err
}

func subscriptionPage(ctx context.Context, tx *store.Tx, consoleID string, q SubscriptionQuery) (list []CustomerSubscription, next SubscriptionPlace, err error) {
	customers, more, err := customersFrom(ctx, tx, consoleID, q)
	if err != nil || len(customers) == 0 {
		return nil, next, err
	}
	lines, err := linesOf(ctx, tx, consoleID, customers)
	if err != nil {
		return nil, next, err
	}
	for _, c := range customers {
		for _, l := range lines[c.ID] {
			if c.ID == q.After.CustomerID && l.ID <= q.After.ID {
				continue
			}
			if len(list) == q.Limit {
				last := list[len(list)-1]
				return list, SubscriptionPlace{last.Customer.Domain, last.CustomerID, last.ID}, nil
			}
			list = append(list, CustomerSubscription{l, c})
		}
	}
	if more {
		last := customers[len(customers)-1]
		next = SubscriptionPlace{Domain: last.Domain, CustomerID: last.ID}
	}
	return list, next, nil
}

// customersFrom returns the customers with whom the page begins, and whether there are more of them.
func customersFrom(ctx context.Context, tx *store.Tx, consoleID string, q SubscriptionQuery) (list []customer.Customer, more bool, err error) {
	if q.CustomerID != "" {
		list, err = liveCustomer(ctx, tx, consoleID, q.CustomerID)
		if err == nil && len(list) == 0 {
			err = fault.New(fault.NotFound, "customer.not_found", nil)
		}
		return beginning(list, q.Domain), false, err
	}
	if q.After.ID != "" { // some of this customer's are left, if it has not gone since
		if list, err = liveCustomer(ctx, tx, consoleID, q.After.CustomerID); err != nil {
			return nil, false, err
		}
	}
	after := Cursor{SortName: max(q.Domain, q.After.Domain), ID: q.After.CustomerID}
	rest, err := tx.CustomersPage(ctx, consoleID, CustomerFilter{State: customer.Live}, CustomerOrder{Key: ByDomain}, Page{After: after, Limit: customersWalked})
	begin := beginning(rest.Rows, q.Domain)
	return append(beginning(list, q.Domain), begin...), rest.HasNext && len(begin) == len(rest.Rows), err
}

// liveCustomer returns a customer if the console has it.
func liveCustomer(ctx context.Context, tx *store.Tx, consoleID, id string) ([]customer.Customer, error) {
	c, err := tx.Customer(ctx, consoleID, id)
	if errors.Is(err, store.ErrNone) || err == nil && c.State != customer.Live {
		return nil, nil
	}
	return []customer.Customer{c}, err
}

// beginning returns those at the start of a list whose domains begin like this.
func beginning(list []customer.Customer, domain string) []customer.Customer {
	i := slices.IndexFunc(list, func(c customer.Customer) bool { return !strings.HasPrefix(c.Domain, domain) })
	if i < 0 {
		return list
	}
	return list[:i]
}

// linesOf returns the subscriptions that customers have, by customer, each one's by ID.
func linesOf(ctx context.Context, tx *store.Tx, consoleID string, customers []customer.Customer) (map[string][]SubscriptionLine, error) {
	ids := make([]string, len(customers))
	for i, c := range customers {
		ids[i] = c.ID
	}
	subs, err := tx.SubscriptionsOf(ctx, consoleID, ids)
	if err != nil {
		return nil, err
	}
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return nil, err
	}
	accounts, err := accountsByID(ctx, tx, consoleID)
	slices.SortFunc(subs, func(x, y customer.Subscription) int { return cmp.Compare(x.ID, y.ID) })
	lines := map[string][]SubscriptionLine{}
	for _, s := range subs {
		if s.State != customer.SubCancelled {
			lines[s.CustomerID] = append(lines[s.CustomerID], SubscriptionLine{
				Subscription: s, SKU: skus[s.SKUID], RenewalSKU: skus[s.RenewalSKUID], Account: accounts[s.BillingAccountID],
			})
		}
	}
	return lines, err
}
