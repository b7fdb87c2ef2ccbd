package app

import (
	"context"
	"errors"
	"maps"
	"time"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// CancelOrder cancels an open order for the reseller; refused while its customer moves (spec M7).
func (a *App) CancelOrder(ctx context.Context, actor console.Actor, id string) error {
	if err := actor.May(console.EditCustomers); err != nil {
		return err
	}
	return a.closeOrder(ctx, actor, id, customer.OrderCancelled, "", byReseller)
}

// FulfilOrder does for the vendor what an open order asks for.
func (a *App) FulfilOrder(ctx context.Context, actor console.Actor, id string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	return a.closeOrder(ctx, actor, id, customer.OrderFulfilled, "", byVendor)
}

func (a *App) closeOrder(ctx context.Context, actor console.Actor, id string, to customer.OrderState, reason string, by doer) error {
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "order.not_found")
		}
		c, err := touch(ctx, tx, actor.ConsoleID, o.CustomerID, by)
		if err != nil {
			return err
		}
		if o, err = o.Close(to); err != nil {
			return err
		}
		o.Reason = reason
		if ok, err := tx.CloseOrder(ctx, o); err != nil || !ok {
			return orTooLate(err)
		}
		if to == customer.OrderFulfilled {
			if err := a.apply(ctx, tx, now, actor, o); err != nil {
				return err
			}
		}
		return a.tellClosed(ctx, tx, now, actor, c, o)
	})
}

// apply changes the subscription as the order says; an order without one has nothing to change.
func (a *App) apply(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, o customer.Order) error {
	s, err := tx.Subscription(ctx, o.ConsoleID, o.SubscriptionID)
	if errors.Is(err, store.ErrNone) && o.Action == customer.OrderCreated && o.AccountID != "" {
		return a.begin(ctx, tx, now, actor, o)
	}
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	is, on := o.Apply(s), a.billingDate(now)
	if is.Seats < s.Seats && billing.Committed(s, on) { // annual seats fall only at the renewal (spec B5)
		return fault.New(fault.Precondition, "order.committed", fault.Args{"Date": s.TermEnd.String()})
	}
	if o.Action == customer.OrderPlanChanged || o.Action == customer.OrderSKUChanged {
		prices, err := tx.Prices(ctx)
		if err != nil {
			return err
		}
		change := Change{Action: ChangeOffer, SKUID: o.SKUID, Plan: o.Plan}
		if o.SeatsAfter != o.SeatsBefore {
			change.Seats = o.SeatsAfter
		}
		if is, err = changed(ctx, tx, s, change, on, prices); err != nil {
			return err
		}
	}
	if err := checkLimits(ctx, tx, s, is); err != nil {
		return err
	}
	return tx.ChangeSubscriptions(ctx, []customer.Subscription{is}, on)
}

func (a *App) tellClosed(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c customer.Customer, o customer.Order) error {
	event := "order.fulfilled"
	switch o.State {
	case customer.OrderCancelled:
		event = "order.cancelled"
	case customer.OrderRejected:
		event = "order.rejected"
	case customer.OrderFulfilled, customer.OrderOpen:
	}
	sku, err := skuName(ctx, tx, o.SKUID)
	data := map[string]string{"Customer": c.Name, "SKU": sku, "Reason": o.Reason}
	return errors.Join(err,
		a.record(ctx, tx, now, actor, entry{Action: event, Subject: o.ID, Customer: c.ID, Data: data}),
		a.noticeClosed(ctx, tx, now, o, data),
		a.evaluateCustomers(ctx, tx, now, o.ConsoleID, []string{c.ID}),
	)
}

// noticeClosed tells the people of the console what the vendor did with their order.
func (a *App) noticeClosed(ctx context.Context, tx *store.Tx, now time.Time, o customer.Order, data map[string]string) error {
	n := store.Notice{ConsoleID: o.ConsoleID, Audience: console.AddCustomers, Dedupe: o.ID, Data: maps.Clone(data)}
	switch o.State {
	case customer.OrderFulfilled:
		n.Kind = "order.fulfilled"
	case customer.OrderRejected:
		n.Kind = "order.rejected"
	case customer.OrderCancelled, customer.OrderOpen:
		return nil
	}
	n.Data["Path"] = "/customers/" + o.CustomerID
	return a.notify(ctx, tx, now, n)
}
