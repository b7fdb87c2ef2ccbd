package billing

import (
	"slices"

	"psc/internal/civil"
	"psc/internal/customer"
)

// Continue returns what becomes of a console's own rows of a subscription that hold on a date or later, in their order, when on
// that date it is made what now says, from its first day at the earliest: where each of the rows ends, and the rows to append.
// The day of a cancellation and the last day of a removed seat are billed, whatever else changes on that day (spec B5): such a
// day gets a row of its own, and the next change of the day takes its place.
func Continue(held []Segment, now Segment, on civil.Date) (ends []civil.Date, rows []Segment) {
	at := slices.IndexFunc(held, func(s Segment) bool { return s.Period.Contains(on) })
	open := openRow(held)
	same := open >= 0 && held[open].says(now)
	if at < 0 { // it begins later, or again
		begins := max(on, now.Period.From)
		return replace(held, now, begins, same && held[open].Period.From == begins)
	}
	day, was := now, held[at]
	if was.Billed() {
		day.Seats = max(day.Seats, was.Seats)
	}
	switch {
	case now.State == customer.SubCancelled || was.says(day):
		return replace(held, now, on+1, same)
	case day.Seats > now.Seats:
		day.Period = civil.Period{From: on, To: on + 1}
		ends, _ = replace(held, day, on, false)
		now.Period = civil.Period{From: on + 1, To: civil.Forever}
		return ends, []Segment{day, now}
	default:
		return replace(held, now, on, false)
	}
}

// ContinueRenewed is Continue for what holds from a date on without a last day before it, as after the renewal of a term. What
// began later stays as it began, and what ends had its last day, which is billed, on the date.
func ContinueRenewed(held []Segment, now Segment, from civil.Date) (ends []civil.Date, rows []Segment) {
	open := openRow(held)
	if now.State == customer.SubCancelled {
		from++
	}
	if open >= 0 {
		from = max(from, held[open].Period.From)
	}
	return replace(held, now, from, open >= 0 && held[open].says(now))
}

// ContinueTransferred is Continue for what goes to the vendor on a date: from that day on the vendor has it, as another console would
// have after a move (spec B5).
func ContinueTransferred(held []Segment, gone Segment, on civil.Date) (ends []civil.Date, rows []Segment) {
	gone.State = customer.SubCancelled
	return replace(held, gone, on, false)
}

func openRow(held []Segment) int {
	return slices.IndexFunc(held, func(s Segment) bool { return s.Period.To == civil.Forever })
}

// replace puts what now says in the place of all rows from a date on, unless it is the same.
func replace(held []Segment, now Segment, from civil.Date, same bool) (ends []civil.Date, rows []Segment) {
	for _, s := range held {
		if !same {
			s.Period.To = max(s.Period.From, min(s.Period.To, from))
		}
		ends = append(ends, s.Period.To)
	}
	if !same && now.State != customer.SubCancelled {
		now.Period = civil.Period{From: from, To: civil.Forever}
		rows = append(rows, now)
	}
	return ends, rows
}

// says reports whether the row says the same of its days as another.
func (s *Segment) says(o Segment) bool {
	return s.Owner == o.Owner && s.SKUID == o.SKUID && s.Plan == o.Plan && s.State == o.State && s.Suspension == o.Suspension && s.Channel == o.Channel &&
		s.Seats == o.Seats && s.Price == o.Price
}
