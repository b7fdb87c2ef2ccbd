package billing

import (
	"slices"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

// Renewed is what the end of a term or of a trial makes of a subscription.
type Renewed struct {
	customer.Subscription
	Action customer.OrderAction
	From   civil.Date   // the first day on which it holds
	Lot    civil.Period // what a prepaid plan is charged for from then on; empty: nothing
}

// PriceOn returns what a seat of a subscription costs on a plan on a date, from its renewal on that of the product that is ordered for
// then; false without an offer of it.
type PriceOn func(catalog.Plan, civil.Date) (money.Price, bool)

// Renew returns what time makes of a subscription that is due on a date: a trial that is over becomes a paid subscription, and a
// term that is over its next one, on the original day of the month, or what its renewal settings say. Without an
// offer of another plan the plan stays; what cost the catalogue's price costs what that is by then. It returns false if nothing is due.
func Renew(s customer.Subscription, on civil.Date, price PriceOn) (Renewed, bool) {
	switch {
	case s.State == customer.SubTrial && s.TrialEnd > 0 && s.TrialEnd <= on:
		r := Renewed{Subscription: s, Action: customer.OrderActivated, From: s.TrialEnd}
		r.State = customer.SubActive
		if s.Plan == catalog.AnnualYearlyPay {
			r.Lot = civil.Period{From: max(s.TrialEnd, s.TermStart), To: s.TermEnd}
		}
		return r, true
	case s.State != customer.SubTrial && s.State != customer.SubCancelled && s.TermEnd > 0 && s.TermEnd <= on:
		return renewTerm(s, price), true
	default:
		return Renewed{}, false
	}
}

// Foresee returns what is known today of a subscription up to a date: its history with all that the ends of its terms and its trial
// will make of it, and each of these. It is what Renew does day by day if nothing else happens.
func Foresee(s customer.Subscription, history []Segment, until civil.Date, price PriceOn) ([]Segment, []Renewed) {
	var renewals []Renewed
	for r, due := Renew(s, until, price); due; r, due = Renew(s, until, price) {
		s = r.Subscription
		history = slices.Concat(history, Change(history, r.From, func(g *Segment) {
			g.SKUID, g.Plan, g.State, g.Suspension, g.Seats, g.Price = s.SKUID, s.Plan, s.State, s.SuspensionReason, s.Seats, s.Price
			g.MigrationID = "" // no move began it
		}))
		renewals = append(renewals, r)
	}
	return history, renewals
}

// Buys reports whether a lot is charged.
func (r Renewed) Buys() bool {
	return !r.Lot.Empty() && Prepaid(r.Subscription)
}

// MostCharged is the most that a stored lot may cost, so that what is left of it can be reckoned on every day.
const MostCharged = 1_000_000_000_000_000

// Bought returns the lot that is charged. What costs too much is the fault "money.overflow".
func (r Renewed) Bought(id string) (Lot, error) {
	lot, err := NewLot(id, r.Lot, r.Seats, r.Price, civil.Period{From: r.TermStart, To: r.TermEnd}, r.Currency)
	if err == nil && lot.Charged.Minor > MostCharged {
		err = fault.New(fault.Invalid, "money.overflow", nil)
	}
	return lot, err
}

// As returns the type of the lot's charge: a trial that is over begins with a commitment of its own.
func (r Renewed) As() LineType {
	if r.Action == customer.OrderActivated {
		return CommitmentLine
	}
	return RenewalLine
}

func renewTerm(s customer.Subscription, price PriceOn) Renewed {
	r := Renewed{Subscription: s, Action: customer.OrderRenewed, From: s.TermEnd}
	if s.Renewal == customer.RenewCancel {
		r.State, r.SuspensionReason, r.Action = customer.SubCancelled, "", customer.OrderEnded
		return r
	}
	if s.RenewalSeats > 0 {
		r.Seats, r.RenewalSeats = s.RenewalSeats, 0
	}
	if s.RenewalSKUID != "" {
		r.SKUID, r.RenewalSKUID = s.RenewalSKUID, ""
	}
	plan := planAfter(s)
	listed, ok := price(plan, r.From)
	switch before, _ := price(plan, s.TermStart); {
	case !ok:
		r.SKUID = s.SKUID
	case plan != s.Plan:
		r.Plan, r.Price, r.Action = plan, listed, customer.OrderPlanChanged
	case r.SKUID != s.SKUID || before.Equal(s.Price):
		r.Price = listed
	}
	if r.Plan == catalog.Flexible {
		r.TermStart, r.TermEnd, r.Renewal = 0, 0, ""
		return r
	}
	term := nextTerm(s)
	r.TermStart, r.TermEnd = term.From, term.To
	if r.Plan == catalog.AnnualYearlyPay {
		r.Lot = term
	}
	return r
}

// nextTerm is the term after the present one, counted from the first: its day of the month is the subscription's first if
// the terms fit to it, else that of the present term.
func nextTerm(s customer.Subscription) civil.Period {
	from, to := s.TermStart.Month(), s.TermEnd.Month()
	months := max(1, (to.Year-from.Year)*12+int(to.Month-from.Month))
	if TermAt(s.StartDate, months, s.TermStart) == (civil.Period{From: s.TermStart, To: s.TermEnd}) {
		return TermAt(s.StartDate, months, s.TermEnd)
	}
	return civil.Period{From: s.TermEnd, To: s.TermStart.AddMonths(2 * months)}
}

// planAfter returns the plan that a subscription renews to.
func planAfter(s customer.Subscription) catalog.Plan {
	switch s.Renewal {
	case customer.RenewFlexible:
		return catalog.Flexible
	case customer.RenewMonthly:
		return catalog.AnnualMonthlyPay
	case customer.RenewYearly:
		return catalog.AnnualYearlyPay
	case customer.RenewCancel:
	}
	return s.Plan
}
