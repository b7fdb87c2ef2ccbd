package billing

import (
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// Prepaid reports whether a subscription is paid by lots: on the prepaid plan, unless it is billed offline, has ended, or is or
// was nothing but a trial (spec B4, B5).
func Prepaid(s customer.Subscription) bool {
	return s.Plan == catalog.AnnualYearlyPay && s.Channel != customer.Offline && s.Seats > 0 && binding(s)
}

// TooDear reports whether a term of the prepaid plan costs more than can be charged.
func TooDear(s customer.Subscription) bool {
	if s.Plan != catalog.AnnualYearlyPay || !s.Price.Valid() {
		return false
	}
	charged, err := s.Price.For(s.Seats, 1, 1)
	return err != nil || charged > MostCharged
}

// binding reports whether a subscription is more than a free trial and has not ended.
func binding(s customer.Subscription) bool {
	return s.State == customer.SubActive || s.State == customer.SubSuspended && s.SuspensionReason != customer.SuspendedTrialEnded
}

// Committed reports whether an annual plan binds a subscription on a date: its seats fall, and it ends, only at the renewal
// (spec B5).
func Committed(s customer.Subscription, on civil.Date) bool {
	return s.Plan.Annual() && binding(s) && on < s.TermEnd
}

// Renews reports whether what changes on a date is the renewal of a term that is over by then: it holds from the term's end.
func Renews(was, s customer.Subscription, on civil.Date) bool {
	return was.Plan.Annual() && binding(was) && binding(s) && was.TermEnd <= on &&
		(s.Plan == catalog.Flexible || s.TermStart == was.TermEnd)
}

// Purchase is what a change of a subscription buys of the prepaid plan.
type Purchase struct {
	Period  civil.Period
	Seats   int64
	Price   money.Price // per seat and whole term
	As      LineType
	Upgrade bool // what a dearer product costs more of seats that are paid for already
}

// Lot returns the lot that is bought for a subscription.
func (p Purchase) Lot(id string, s customer.Subscription) (Lot, error) {
	return NewLot(id, p.Period, p.Seats, p.Price, civil.Period{From: s.TermStart, To: s.TermEnd}, s.Currency)
}

// Buys returns what a change on a date buys: the seats that are not paid for yet to the end of the term, from that date or from
// the first day of a term that begins later or was renewed late. So added seats are paid for as well as all of a plan that
// becomes the prepaid one, leaves its trial or comes back from being billed offline, and nothing is paid for twice. Paid are the
// seats of the lots to the end of the term. Seats that are paid for and become seats of a dearer product cost the difference
// of the prices: their lots go on to the end of the term, so that nothing has to be given back. There is nothing to buy of what has
// come to its end, which is paid for when it is renewed.
func Buys(was, s customer.Subscription, on civil.Date, paid int64) (list []Purchase) {
	if !Prepaid(s) || on >= s.TermEnd {
		return nil
	}
	p := Purchase{Period: civil.Period{From: max(on, s.TermStart), To: s.TermEnd}, Price: s.Price, As: CommitmentLine}
	if Renews(was, s, on) {
		p.Period.From, p.As = s.TermStart, RenewalLine
	}
	if more, dearer := s.Price.Minus(was.Price); dearer && paid > 0 && upgraded(was, s) {
		up := p
		up.Seats, up.Price, up.Upgrade = paid, more, true
		list = append(list, up)
	}
	if p.Seats = s.Seats - paid; p.Seats > 0 {
		list = append(list, p)
	}
	return list
}

// upgraded reports whether a change is one of the product within a term of the prepaid plan.
func upgraded(was, s customer.Subscription) bool {
	return Prepaid(was) && was.SKUID != s.SKUID && was.TermStart == s.TermStart && was.TermEnd == s.TermEnd
}
