package customer_test

import (
	"testing"

	"psc/internal/customer"
	"psc/internal/fault"
)

// TestSuspensions holds every state against every action.
func TestSuspensions(t *testing.T) {
	type state struct {
		state  customer.SubscriptionState
		reason customer.SuspensionReason
	}
	active := state{customer.SubActive, ""}
	ours := state{customer.SubSuspended, customer.SuspendedByReseller}
	vendors := state{customer.SubSuspended, customer.SuspendedByVendor}
	trialEnded := state{customer.SubSuspended, customer.SuspendedTrialEnded}
	trial := state{customer.SubTrial, ""}
	cancelled := state{customer.SubCancelled, ""}
	refused := state{}

	actions := []func(customer.Subscription) (customer.Subscription, error){
		func(s customer.Subscription) (customer.Subscription, error) {
			return s.Suspend(customer.SuspendedByReseller)
		},
		func(s customer.Subscription) (customer.Subscription, error) {
			return s.Lift(customer.SuspendedByReseller)
		},
		func(s customer.Subscription) (customer.Subscription, error) {
			return s.Suspend(customer.SuspendedByVendor)
		},
		func(s customer.Subscription) (customer.Subscription, error) {
			return s.Lift(customer.SuspendedByVendor)
		},
	}
	for from, want := range map[state][4]state{
		// reseller suspends, reseller lifts, vendor suspends, vendor lifts
		active:     {ours, refused, vendors, refused},
		ours:       {refused, active, vendors, refused},
		vendors:    {refused, refused, refused, active},
		trialEnded: {refused, refused, refused, refused},
		trial:      {refused, refused, refused, refused},
		cancelled:  {refused, refused, refused, refused},
	} {
		for i, act := range actions {
			s, err := act(customer.Subscription{State: from.state, SuspensionReason: from.reason})
			if want[i] == refused {
				if !fault.Is(err, "subscription.state") {
					t.Errorf("%v, action %d: %v, want a refusal", from, i, err)
				}
				continue
			}
			if got := (state{s.State, s.SuspensionReason}); err != nil || got != want[i] {
				t.Errorf("%v, action %d: %v, %v; want %v", from, i, got, err, want[i])
			}
		}
	}
}

func TestOrderClosesOnce(t *testing.T) {
	open := customer.Order{State: customer.OrderOpen, Action: customer.OrderSeatsChanged, SeatsAfter: 12}
	done, err := open.Close(customer.OrderFulfilled)
	if err != nil || done.State != customer.OrderFulfilled {
		t.Fatalf("%v, %v", done.State, err)
	}
	if s := done.Apply(customer.Subscription{Seats: 10}); s.Seats != 12 {
		t.Errorf("%d seats", s.Seats)
	}
	if _, err := done.Close(customer.OrderCancelled); !fault.Is(err, "order.state") {
		t.Errorf("closed twice: %v", err)
	}
}

func TestSortNameLeavesLegalFormsOut(t *testing.T) {
	for name, want := range map[string]string{
		"株式会社北浜商事":         "北浜商事",
		"㈱ 北浜商事":           "北浜商事",
		"株式会社":             "株式会社",
		"北浜商事株式会社":         "北浜商事株式会社",
		" ＮＰＯ法人 みなと ":      "みなと",
		"Harbor Point Inc": "harbor point inc",
	} {
		if got := customer.SortName(name); got != want {
			t.Errorf("%q sorts as %q, want %q", name, got, want)
		}
	}
}
