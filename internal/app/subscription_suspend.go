package app

import (
	"context"
	"errors"
	"time"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// SuspendSubscription suspends a subscription for the reseller; refused while its customer moves (spec M7).
func (a *App) SuspendSubscription(ctx context.Context, actor console.Actor, id string) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	return a.suspend(ctx, actor, id, byReseller, func(s customer.Subscription) (customer.Subscription, error) {
		return s.Suspend(customer.SuspendedByReseller)
	})
}

// ReactivateSubscription lifts the reseller's own suspension; refused while its customer moves.
func (a *App) ReactivateSubscription(ctx context.Context, actor console.Actor, id string) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	return a.suspend(ctx, actor, id, byReseller, func(s customer.Subscription) (customer.Subscription, error) {
		return s.Lift(customer.SuspendedByReseller)
	})
}

// VendorSuspend suspends a subscription for the vendor, moving or not: the vendor's doing goes on (spec M7).
func (a *App) VendorSuspend(ctx context.Context, actor console.Actor, id string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	return a.suspend(ctx, actor, id, byVendor, func(s customer.Subscription) (customer.Subscription, error) {
		return s.Suspend(customer.SuspendedByVendor)
	})
}

// LiftVendorSuspension lifts the vendor's suspension of a subscription.
func (a *App) LiftVendorSuspension(ctx context.Context, actor console.Actor, id string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	return a.suspend(ctx, actor, id, byVendor, func(s customer.Subscription) (customer.Subscription, error) {
		return s.Lift(customer.SuspendedByVendor)
	})
}

// doer is for whom a subscription changes.
type doer struct {
	operator customer.OperatorType
	moving   bool // may act while the customer moves
}

var (
	byReseller = doer{customer.ByReseller, false}
	byVendor   = doer{customer.ByVendor, true}
)

func (a *App) suspend(ctx context.Context, actor console.Actor, id string, by doer, change func(customer.Subscription) (customer.Subscription, error)) error {
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Subscription(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "subscription.not_found")
		}
		c, err := touch(ctx, tx, actor.ConsoleID, was.CustomerID, by)
		if err != nil {
			return err
		}
		s, err := change(was)
		if err != nil {
			return err
		}
		if ok, err := tx.SetSuspension(ctx, s, was, a.billingDate(now)); err != nil || !ok {
			return orTooLate(err)
		}
		return a.tellSuspended(ctx, tx, now, actor, c, s, by)
	})
}

// touch returns the customer whose subscriptions are about to change, or says why they may not. The transaction then
// cannot succeed together with one that starts a migration.
func touch(ctx context.Context, tx *store.Tx, consoleID, customerID string, by doer) (customer.Customer, error) {
	c, err := tx.Customer(ctx, consoleID, customerID)
	if err != nil {
		return c, found(err, "customer.not_found")
	}
	check, write := c.CheckFree, tx.TouchFree
	if by.moving {
		check, write = c.CheckLive, tx.TouchLive
	}
	if err := check(); err != nil {
		return c, err
	}
	if ok, err := write(ctx, consoleID, customerID); err != nil || !ok {
		return c, orTooLate(err)
	}
	return c, nil
}

// tellSuspended writes the change into order history and audit trail, and has the customer evaluated.
func (a *App) tellSuspended(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c customer.Customer, s customer.Subscription, by doer) error {
	action, event := customer.OrderActivated, "subscription.activated"
	if s.State == customer.SubSuspended {
		action, event = customer.OrderSuspended, "subscription.suspended"
	}
	sku, err := skuName(ctx, tx, s.SKUID)
	return errors.Join(err,
		tx.InsertOrders(ctx, []customer.Order{a.order(now, actor, by.operator, action, s)}),
		a.record(ctx, tx, now, actor, entry{
			Action: event, Subject: s.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name, "SKU": sku},
		}),
		a.evaluateCustomers(ctx, tx, now, s.ConsoleID, []string{c.ID}),
	)
}

// order is an entry of the order history about something that is done already.
func (a *App) order(now time.Time, actor console.Actor, by customer.OperatorType, action customer.OrderAction, s customer.Subscription) customer.Order {
	return customer.Order{
		ConsoleID: s.ConsoleID, ID: a.IDs.New("ord", now), CustomerID: s.CustomerID, SubscriptionID: s.ID, At: now,
		BillingDate: a.billingDate(now), By: by, ByName: actor.Name, Action: action, SKUID: s.SKUID, Plan: s.Plan,
		SeatsBefore: s.Seats, SeatsAfter: s.Seats, State: customer.OrderFulfilled,
	}
}

func skuName(ctx context.Context, tx *store.Tx, id string) (string, error) {
	skus, err := skusByID(ctx, tx)
	return skus[id].Name, err
}
