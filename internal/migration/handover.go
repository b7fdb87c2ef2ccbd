package migration

import (
	"psc/internal/civil"
	"psc/internal/money"
)

// Misfit is what does not fit where one console's days or money should go on as the other's (spec M12).
type Misfit string

// The misfits. A handover has at most one, the first of these.
const (
	MisfitMissing Misfit = "MISSING" // the main does not bill it at all
	MisfitGap     Misfit = "GAP"     // no day of the source comes right before the main's first
	MisfitDouble  Misfit = "DOUBLE"  // the source bills the main's first day too
	MisfitCredit  Misfit = "CREDIT"  // the source has not got exactly one credit for a lot
	MisfitCharge  Misfit = "CHARGE"  // the main has not got exactly one charge for it
	MisfitAmount  Misfit = "AMOUNT"  // credit, charge and what was left of the lot differ
)

// Handover is a subscription that went from one console to another, as the rows of both bear witness of it.
type Handover struct {
	Date   civil.Date     // the billing date of the move
	Source []civil.Period // the days that the source itself bills; empty ones mark what it lost on its first day
	First  civil.Date     // of the main; 0: it has none
	Lots   []LotHandover
}

// LotHandover is a prepaid lot that went along.
type LotHandover struct {
	ID               string
	Period           civil.Period
	Charged          money.Amount // X
	Held             bool         // by the main
	Credits, Charges int64        // how many lines there are
	Credit, Charge   money.Amount // their sums
	Value            money.Amount // V(D), what credit and charge should be
}

// Begins reports whether the lot begins with the move or later: its purchase is the main's alone, and nothing is credited (spec B5).
func (l LotHandover) Begins(d civil.Date) bool { return l.Period.From >= d }

// SourceLast returns the last day of the source before the main's first, false if it has none.
func (h *Handover) SourceLast() (civil.Date, bool) {
	for _, p := range h.Source {
		if !p.Empty() && p.To == h.First {
			return p.Last(), true
		}
	}
	return 0, false
}

// SourceDays returns how many days of the month of the move are the source's.
func (h *Handover) SourceDays() (n int64) {
	before := civil.Period{From: h.Date.Month().First(), To: h.Date}
	for _, p := range h.Source {
		n += p.Intersect(before).Days()
	}
	return n
}

// MainDays returns how many days of that month were left for the main.
func (h *Handover) MainDays() int64 {
	return civil.Period{From: max(h.Date, h.First), To: h.Date.Month().End()}.Days()
}

// Misfit returns what does not fit, or nothing.
func (h *Handover) Misfit() Misfit {
	if h.First == 0 {
		return MisfitMissing
	}
	meets := false
	for _, p := range h.Source {
		if p.From < h.First && p.To > h.First {
			return MisfitDouble
		}
		meets = meets || p.To == h.First
	}
	if !meets {
		return MisfitGap
	}
	for _, l := range h.Lots {
		if m := l.misfit(h.Date); m != "" {
			return m
		}
	}
	return ""
}

func (l LotHandover) misfit(d civil.Date) Misfit {
	want := int64(1)
	if l.Begins(d) {
		want = 0
	}
	switch {
	case !l.Held:
		return MisfitMissing
	case l.Credits != want:
		return MisfitCredit
	case l.Charges != want:
		return MisfitCharge
	case want == 1 && (l.Charge != l.Value || l.Credit.Minor != -l.Value.Minor):
		return MisfitAmount
	default:
		return ""
	}
}
