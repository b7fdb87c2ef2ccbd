package app

import (
	"context"
	"errors"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// ChangeAction is what a reseller orders of a subscription.
type ChangeAction string

// The actions. Suspending and reactivating are use cases of their own; as actions they can be quoted.
const (
	ChangeSeats   ChangeAction = "seats"
	ChangeRenewal ChangeAction = "renewal"
	ChangeOffer   ChangeAction = "offer"
	StartPaid     ChangeAction = "start-paid"
	EndNow        ChangeAction = "end"
	Suspend       ChangeAction = "suspend"
	Reactivate    ChangeAction = "reactivate"
)

// Change is an order about a subscription that is there.
type Change struct {
	Action  ChangeAction
	Seats   int64                // of ChangeSeats; of ChangeOffer, 0: as many as there are
	Seen    int64                // of ChangeSeats, the seats that the person had in view; 0: however many there are
	Renewal customer.RenewalKind // of ChangeRenewal
	SKUID   string               // of ChangeOffer; empty: the present product
	Plan    catalog.Plan         // of ChangeOffer; empty: the present plan

	vendor bool // an operator orders it
}

// apply returns what the order makes of the subscription on a date.
func (c Change) apply(s customer.Subscription, on civil.Date, price billing.PriceOn) (customer.Subscription, error) {
	switch c.Action {
	case ChangeOffer: // asks the catalogue too: reoffered does it
		return s, fault.New(fault.NotFound, "subscription.not_found", nil)
	case ChangeSeats:
		if c.Seen != 0 && c.Seen != s.Seats && c.Seats != s.Seats {
			return s, fault.New(fault.Conflict, "order.seats_meanwhile", fault.Args{"Seats": s.Seats})
		}
		return billing.OrderSeats(s, c.Seats, on)
	case ChangeRenewal:
		return billing.OrderRenewal(s, c.Renewal, price)
	case StartPaid:
		return billing.StartPaid(s, on)
	case EndNow:
		if c.vendor {
			return billing.VendorEnd(s)
		}
		return billing.OrderEnd(s, on)
	case Suspend:
		return s.Suspend(customer.SuspendedByReseller)
	case Reactivate:
		return s.Lift(customer.SuspendedByReseller)
	default:
		return s, fault.New(fault.NotFound, "subscription.not_found", nil)
	}
}

// ordered is how the order history and the audit trail name a change of a subscription.
func (c Change) ordered(was, s customer.Subscription) (action customer.OrderAction, event string) {
	switch {
	case c.Action == StartPaid:
		return customer.OrderPaid, "subscription.paid"
	case c.Action == EndNow:
		return customer.OrderEnded, "subscription.ended"
	case s.Plan != was.Plan:
		return customer.OrderPlanChanged, "subscription.plan_changed"
	case s.SKUID != was.SKUID:
		return customer.OrderSKUChanged, "subscription.sku_changed"
	case s.Seats != was.Seats:
		return customer.OrderSeatsChanged, "subscription.seats_changed"
	default:
		return customer.OrderRenewalSet, "subscription.renewal_changed"
	}
}

// ChangeSubscription does for the reseller what is ordered of a subscription; refused while its customer moves (spec M7). More
// or fewer seats of an offline subscription wait for the operator. An order of what is so already does nothing.
func (a *App) ChangeSubscription(ctx context.Context, actor console.Actor, id string, change Change) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	if change.Action == Suspend {
		return a.SuspendSubscription(ctx, actor, id)
	}
	if change.Action == Reactivate {
		return a.ReactivateSubscription(ctx, actor, id)
	}
	change.vendor = actor.Operator
	now := a.Clock.Now()
	on := a.billingDate(now)
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Subscription(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "subscription.not_found")
		}
		c, err := touch(ctx, tx, actor.ConsoleID, was.CustomerID, byReseller)
		if err != nil {
			return err
		}
		if err := a.renewMoving(ctx, tx, now, actor.ConsoleID, []string{c.ID}, on); err != nil { // a term that is over by now is not what is changed
			return err
		}
		if was, err = tx.Subscription(ctx, actor.ConsoleID, id); err != nil {
			return err
		}
		prices, err := tx.Prices(ctx)
		if err != nil {
			return err
		}
		s, err := changed(ctx, tx, was, change, on, prices)
		if err != nil || s == was {
			return err
		}
		action, event := change.ordered(was, s)
		order := a.order(now, actor, operatorOf(actor), action, s)
		order.SeatsBefore = was.Seats
		if s.RenewalSeats != was.RenewalSeats && s.RenewalSeats > 0 {
			order.SeatsAfter = s.RenewalSeats
		}
		if s.RenewalSKUID != was.RenewalSKUID && s.RenewalSKUID != "" {
			order.SKUID = s.RenewalSKUID
		}
		if waitsForVendor(was, s) {
			order.State = customer.OrderOpen
			if again, err := waits(ctx, tx, order); err != nil || again {
				return err
			}
		} else if err := tx.ChangeSubscriptions(ctx, []customer.Subscription{s}, on); err != nil {
			return err
		}
		return a.tellOrdered(ctx, tx, now, actor, c, order, event)
	})
}

// waitsForVendor reports whether the vendor has to do what is ordered: other seats, another plan or product of an offline subscription.
func waitsForVendor(was, s customer.Subscription) bool {
	return s.Channel == customer.Offline && (s.Seats != was.Seats || s.Plan != was.Plan || s.SKUID != was.SKUID)
}

// waits reports whether the same order is open already; with another number of seats it is the fault "order.waits".
func waits(ctx context.Context, tx *store.Tx, o customer.Order) (bool, error) {
	orders, err := tx.Orders(ctx, o.ConsoleID, o.CustomerID, "", ordersSearched)
	for _, was := range orders {
		if was.State == customer.OrderOpen && was.SubscriptionID == o.SubscriptionID {
			if was.SeatsAfter != o.SeatsAfter || was.SKUID != o.SKUID || was.Plan != o.Plan {
				return false, fault.New(fault.Precondition, "order.waits", fault.Args{"Seats": was.SeatsAfter})
			}
			return true, err
		}
	}
	return false, err
}

// ordersSearched is how many of a customer's newest orders are looked through for an open one.
const ordersSearched = 1_000

// operatorOf says for whom an actor orders.
func operatorOf(actor console.Actor) customer.OperatorType {
	if actor.Operator {
		return customer.ByVendor
	}
	return customer.ByReseller
}

// tellOrdered writes an order into history and audit trail, and has the customer evaluated.
func (a *App) tellOrdered(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c customer.Customer, o customer.Order, event string) error {
	sku, err := skuName(ctx, tx, o.SKUID)
	return errors.Join(err,
		tx.InsertOrders(ctx, []customer.Order{o}),
		a.record(ctx, tx, now, actor, entry{
			Action: event, Subject: o.SubscriptionID, Customer: c.ID,
			Data: map[string]string{"Customer": c.Name, "SKU": sku, "From": number(o.SeatsBefore), "To": number(o.SeatsAfter)},
		}),
		a.evaluateCustomers(ctx, tx, now, o.ConsoleID, []string{c.ID}),
	)
}
