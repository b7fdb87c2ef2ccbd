package app

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// orderOffline has a purchase wait for the vendor. The subscription is the order's: until it is fulfilled there is none.
func (a *App) orderOffline(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c customer.Customer, s customer.Subscription) error {
	waiting, err := tx.Orders(ctx, s.ConsoleID, s.CustomerID, "", ordersSearched)
	if err != nil {
		return err
	}
	for _, o := range waiting {
		if o.SubscriptionID == s.ID { // the same form again
			return nil
		}
	}
	order := a.order(now, actor, operatorOf(actor), customer.OrderCreated, s)
	order.SeatsBefore, order.State = 0, customer.OrderOpen
	order.AccountID, order.PurchaseOrderID, order.Renewal, order.MaxSeats = s.BillingAccountID, s.PurchaseOrderID, s.Renewal, s.MaxSeats
	return a.tellOrdered(ctx, tx, now, actor, c, order, "order.placed")
}

// begin begins the subscription that an order of an offline one asks for: everything about the order is checked as of today.
func (a *App) begin(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, o customer.Order) error {
	in := Purchase{
		CustomerID: o.CustomerID, SKUID: o.SKUID, Plan: o.Plan, Seats: o.SeatsAfter, MaxSeats: o.MaxSeats, AccountID: o.AccountID,
		PurchaseOrderID: o.PurchaseOrderID, Renewal: o.Renewal, Offline: true,
	}
	if _, err := tx.TouchPayingAccounts(ctx, o.ConsoleID, []string{o.AccountID}); err != nil {
		return err
	}
	s, err := a.bought(ctx, tx, actor, in, now)
	if err != nil {
		return err
	}
	s.ID = o.SubscriptionID
	return errors.Join(tx.TouchMonth(ctx, o.ConsoleID, a.billingDate(now)), tx.InsertSubscriptions(ctx, []customer.Subscription{s}))
}

// rejectLimit is how long the reason of a rejected order may be.
const rejectLimit = 500

// RejectOrder has the vendor refuse what an open order asks for, with the reason.
func (a *App) RejectOrder(ctx context.Context, actor console.Actor, id, reason string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > rejectLimit {
		return fault.InvalidField("reason", "order.reason", fault.Args{"Limit": rejectLimit})
	}
	return a.closeOrder(ctx, actor, id, customer.OrderRejected, reason, byVendor)
}
