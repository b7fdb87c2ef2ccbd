package billing

import (
	"slices"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/money"
)

// Reprice returns what becomes of a console's own rows of a subscription, in their order, when what cost one price on the flexible
// plan costs another from a date on, however late that is found: where each of the rows ends, and the rows to append. Who pays a price
// of its own keeps it.
func Reprice(held []Segment, from civil.Date, was, price money.Price) (ends []civil.Date, rows []Segment) {
	for _, s := range held {
		if !s.Carried && s.Plan == catalog.Flexible && s.Price.Equal(was) && s.Period.To > from && !s.Period.Empty() {
			dearer := s
			dearer.Period.From, dearer.Price, dearer.MigrationID = max(from, s.Period.From), price, ""
			rows = append(rows, dearer)
			s.Period.To = dearer.Period.From
		}
		ends = append(ends, s.Period.To)
	}
	return ends, rows
}

// Repriced returns a history after Reprice.
func Repriced(history []Segment, from civil.Date, was, price money.Price) []Segment {
	ends, rows := Reprice(history, from, was, price)
	history = slices.Clone(history)
	for i, end := range ends {
		history[i].Period.To = end
	}
	return append(history, rows...)
}
