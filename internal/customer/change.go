package customer

import (
	"slices"

	"psc/internal/fault"
)

// Suspend returns the subscription suspended for the reason. The vendor's suspension takes the place of a reseller's,
// never the other way round; a trial and what has ended cannot be suspended ("subscription.state").
func (s Subscription) Suspend(reason SuspensionReason) (Subscription, error) {
	overrides := reason == SuspendedByVendor && s.SuspensionReason == SuspendedByReseller
	if s.State != SubActive && !overrides {
		return s, subscriptionState(s)
	}
	s.State, s.SuspensionReason = SubSuspended, reason
	return s, nil
}

// Lift returns the subscription active again; only who suspended it lifts the suspension ("subscription.state").
func (s Subscription) Lift(reason SuspensionReason) (Subscription, error) {
	if s.State != SubSuspended || s.SuspensionReason != reason {
		return s, subscriptionState(s)
	}
	s.State, s.SuspensionReason = SubActive, ""
	return s, nil
}

func subscriptionState(s Subscription) error {
	return fault.New(fault.Conflict, "subscription.state", fault.Args{"State": string(s.State)})
}

// Close returns an open order fulfilled or cancelled; another is the fault "order.state".
func (o Order) Close(to OrderState) (Order, error) {
	if o.State != OrderOpen {
		return o, fault.New(fault.Conflict, "order.state", fault.Args{"State": string(o.State)})
	}
	o.State = to
	return o, nil
}

// Apply returns the subscription as a fulfilled order leaves it: only a change of seats waits to be applied.
func (o Order) Apply(s Subscription) Subscription {
	if o.Action == OrderSeatsChanged {
		s.Seats = o.SeatsAfter
	}
	return s
}

// CheckLive refuses to change the record of a customer that moved away ("customer.moved") or was deleted ("customer.deleted").
func (c Customer) CheckLive() error {
	switch c.State {
	case Moved:
		return fault.New(fault.Precondition, "customer.moved", fault.Args{"Customer": c.Name})
	case Deleted:
		return fault.New(fault.Precondition, "customer.deleted", fault.Args{"Customer": c.Name})
	case Live:
	}
	return nil
}

// CheckDelete refuses to delete a customer that still has something: subscriptions that have not ended ("customer.has_subscriptions"),
// or orders that wait ("customer.has_orders").
func (c Customer) CheckDelete(subs []Subscription, orders []Order) error {
	switch {
	case len(living(subs)) > 0:
		return fault.New(fault.Precondition, "customer.has_subscriptions", fault.Args{"Customer": c.Name})
	case slices.ContainsFunc(orders, func(o Order) bool { return o.State == OrderOpen }):
		return fault.New(fault.Precondition, "customer.has_orders", fault.Args{"Customer": c.Name})
	}
	return c.CheckFree()
}

// CheckFree refuses what people do to a customer's subscriptions while it moves ("customer.migration_in_progress",
// spec M7) and after it moved away.
func (c Customer) CheckFree() error {
	if err := c.CheckLive(); err != nil {
		return err
	}
	if c.MigrationID != "" {
		return fault.New(fault.Precondition, "customer.migration_in_progress", fault.Args{"Customer": c.Name})
	}
	return nil
}
