package billing

import (
	"slices"

	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
)

// OrderSeats returns the subscription with another number of seats. More of them hold at once, and so do fewer unless an annual
// plan binds: then they fall at its renewal (spec B5). What was ordered for the renewal before is forgotten. Refused are a
// subscription that cannot be used ("subscription.state"), no number ("order.seats"), more than the cap ("order.cap") and
// what is too dear ("order.too_dear").
func OrderSeats(s customer.Subscription, seats int64, on civil.Date) (customer.Subscription, error) {
	switch {
	case s.State != customer.SubActive && s.State != customer.SubTrial:
		return s, badState(s)
	case seats < 1 || seats > customer.MostSeats:
		return s, fault.InvalidField("seats", "order.seats", fault.Args{"Most": customer.MostSeats})
	case s.MaxSeats > 0 && seats > s.MaxSeats:
		return s, fault.InvalidField("seats", "order.cap", fault.Args{"Cap": s.MaxSeats})
	case seats < s.Seats && Committed(s, on):
		s.RenewalSeats = seats
		return s, nil
	}
	s.Seats, s.RenewalSeats = seats, 0
	return s, affordable(s)
}

// OrderRenewal returns an annual subscription with what happens at the end of its term.
func OrderRenewal(s customer.Subscription, kind customer.RenewalKind, price PriceOn) (customer.Subscription, error) {
	switch {
	case !s.Plan.Annual() || s.State == customer.SubCancelled || s.SuspensionReason == customer.SuspendedByVendor:
		return s, badState(s)
	case !slices.Contains(customer.RenewalKinds, kind):
		return s, fault.InvalidField("renewal", "order.renewal", nil)
	}
	s.Renewal = kind
	if plan := planAfter(s); plan != s.Plan {
		if _, offered := price(plan, s.TermEnd); !offered {
			return s, fault.InvalidField("renewal", "order.not_offered", fault.Args{"Plan": fault.Word("plan." + string(plan))})
		}
	}
	return s, nil
}

// StartPaid returns a trial, present or over, as a subscription that is paid from the date on; the term of an annual plan
// begins with it.
func StartPaid(s customer.Subscription, on civil.Date) (customer.Subscription, error) {
	switch {
	case s.State == customer.SubTrial:
		s.TrialEnd = on
		if on <= s.StartDate {
			s.TrialEnd = 0
		}
	case s.SuspensionReason != customer.SuspendedTrialEnded:
		return s, badState(s)
	}
	s.State, s.SuspensionReason = customer.SubActive, ""
	if s.Plan.Annual() {
		s.TermStart, s.TermEnd = on, on.AddMonths(12)
	}
	return s, affordable(s)
}

// OrderEnd returns the subscription ended on a date, which is billed. An annual plan ends only at its renewal
// ("order.committed_end"), and what the vendor suspended not by the reseller.
func OrderEnd(s customer.Subscription, on civil.Date) (customer.Subscription, error) {
	switch {
	case s.State == customer.SubCancelled || s.SuspensionReason == customer.SuspendedByVendor:
		return s, badState(s)
	case Committed(s, on):
		return s, fault.New(fault.Precondition, "order.committed_end", fault.Args{"Date": s.TermEnd})
	}
	return VendorEnd(s)
}

// VendorEnd returns the subscription ended for the vendor, who may end an annual plan before its renewal and what it has suspended;
// nothing is given back (spec B5).
func VendorEnd(s customer.Subscription) (customer.Subscription, error) {
	if s.State == customer.SubCancelled {
		return s, badState(s)
	}
	s.State, s.SuspensionReason = customer.SubCancelled, ""
	return s, nil
}

func affordable(s customer.Subscription) error {
	if TooDear(s) {
		return fault.InvalidField("seats", "order.too_dear", nil)
	}
	return nil
}

func badState(s customer.Subscription) error {
	return fault.New(fault.Conflict, "subscription.state", fault.Args{"State": string(s.State)})
}

// Ordered returns the history of a subscription that is made what it says on a date.
func Ordered(history []Segment, s customer.Subscription, on civil.Date) []Segment {
	history = slices.Clone(history)
	var held []Segment
	var at []int
	for i, g := range history {
		if g.Period.To > on && !g.Period.Empty() && !g.Carried {
			held, at = append(held, g), append(at, i)
		}
	}
	ends, rows := Continue(held, SegmentOf(s, s.StartDate), on)
	for i, end := range ends {
		history[at[i]].Period.To = end
	}
	return append(history, rows...)
}

// Outlook is a subscription with its history, and what the orders that stand charge for it beside, by month.
type Outlook struct {
	customer.Subscription
	History []Segment
	Charges map[civil.Month]int64 // minor units
}

// Month returns what the invoice of a month bears of the subscription before tax if nothing else happens: its days, what was
// charged, and what its terms and its trial will be charged when they end (spec M5).
func (o Outlook) Month(m civil.Month, price PriceOn) (int64, error) {
	history, renewals := Foresee(o.Subscription, o.History, m.Period().Last(), price)
	lines, err := MonthLines(m, o.Currency, history)
	if err != nil {
		return 0, err
	}
	sum := o.Charges[m]
	for _, l := range lines {
		sum += l.Amount.Minor
	}
	for _, r := range renewals {
		if !r.Buys() || r.Lot.From.Month() != m {
			continue
		}
		lot, err := r.Bought("")
		if err != nil {
			return 0, err
		}
		sum += lot.Charged.Minor
	}
	return sum, nil
}
