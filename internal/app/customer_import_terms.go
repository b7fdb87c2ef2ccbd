package app

import (
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/customer"
)

// breaksTerms returns the column and the message if a row goes against what an annual plan or a trial is bound to (spec B5), or
// says what was so before the last renewal.
func (b *importing) breaksTerms(was, s customer.Subscription) (column, key string) {
	on := b.billingDate(b.now)
	sameTerm := s.TermStart == was.TermStart && s.TermEnd == was.TermEnd
	sold := was.State == customer.SubActive || was.State == customer.SubSuspended && was.SuspensionReason != customer.SuspendedTrialEnded
	switch {
	case s.State == customer.SubCancelled:
		return b.breaksCommitment(was, s)
	case s.Plan.Annual() && s.TermEnd <= on && (!sameTerm || was.State == customer.SubCancelled):
		return "term_end", "import.term.over"
	case s.State == customer.SubTrial && sold:
		return "status", "import.trial.over"
	case s.State == customer.SubTrial && s.TrialEnd < was.TrialEnd:
		return "trial_end", "import.trial.earlier"
	case billing.Committed(was, on):
		return b.breaksCommitment(was, s)
	case billing.Renews(was, s, on) && b.shut[was.TermEnd.Month()]: // its days and its charge belong to issued invoices
		return "term_start", "import.term.closed"
	case !sold || sameTerm || !s.Plan.Annual():
		return "", ""
	case was.Plan.Annual() && !billing.Renews(was, s, on):
		return "term_start", "import.term.gap"
	case s.Plan == catalog.AnnualYearlyPay && s.TermStart > on:
		return "term_start", "import.term.later"
	default:
		return "", ""
	}
}

// breaksCommitment returns the column and the message if a row changes what an annual plan is bound to until its renewal. The
// operator may end one earlier, take seats from it, and correct the term of one that is not paid in advance.
func (b *importing) breaksCommitment(was, s customer.Subscription) (column, key string) {
	on, paidAhead := b.billingDate(b.now), was.Plan == catalog.AnnualYearlyPay
	switch {
	case !billing.Committed(was, on):
		return "", ""
	case s.State == customer.SubCancelled && !b.actor.Operator:
		return "status", "import.commitment.end"
	case s.State == customer.SubCancelled || b.actor.Operator && !paidAhead:
		return "", ""
	case s.Plan != was.Plan:
		return "plan", "import.commitment.plan"
	case s.TermStart != was.TermStart:
		return "term_start", "import.commitment.term"
	case s.TermEnd != was.TermEnd:
		return "term_end", "import.commitment.term"
	case s.Seats < was.Seats && !b.actor.Operator:
		return "num_units", "import.commitment.seats"
	default:
		return "", ""
	}
}
