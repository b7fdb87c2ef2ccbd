package billing

import (
	"slices"

	"psc/internal/civil"
	"psc/internal/money"
)

// Corrections returns what is billed of a past calendar month because something came late: for the runs of days that are not as
// they were billed, a line that gives back what was billed and one that bills what is due, both on the invoice of a later month.
// Billed is the history as it was when the month was last billed or corrected, due as it is known now. So the lines of the month
// and its corrections add up to what the lines would have been; an issued line never changes (spec B3, B6).
func Corrections(month civil.Month, currency money.Currency, invoice civil.Month, billed, due []Segment) ([]Line, error) {
	was, err := newUsage(month, billed)
	if err != nil {
		return nil, err
	}
	is, err := newUsage(month, due)
	if err != nil {
		return nil, err
	}
	var lines []Line
	cuts := cutsOf(was, is)
	for i := 1; i < len(cuts); i++ {
		days := civil.Period{From: cuts[i-1], To: cuts[i]}
		back, bill, err := was.correct(is, days, currency)
		if err != nil {
			return nil, err
		}
		for _, l := range append(back, bill...) {
			l.Type, l.Invoice, l.MigrationID = CorrectionLine, invoice, ""
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// cutsOf returns the dates at which runs of either begin or end, in order.
func cutsOf(all ...*usage) []civil.Date {
	var cuts []civil.Date
	for _, u := range all {
		for _, r := range u.runs {
			cuts = append(cuts, r.days.From, r.days.To)
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// correct returns the lines that replace what was billed for days that lie in one run of either.
func (u *usage) correct(due *usage, days civil.Period, currency money.Currency) (back, bill []Line, err error) {
	back, err = u.linesOf(days, currency)
	if err != nil {
		return nil, nil, err
	}
	bill, err = due.linesOf(days, currency)
	if err != nil {
		return nil, nil, err
	}
	if len(back) == 1 && len(bill) == 1 && sameCharge(back[0], bill[0]) {
		return nil, nil, nil
	}
	for i := range back {
		back[i].Credit = true
		back[i].Amount.Minor = -back[i].Amount.Minor // of a line that is not negative
	}
	return back, bill, nil
}

// sameCharge reports whether two lines of the same days bill the same.
func sameCharge(a, b Line) bool {
	return a.Owner == b.Owner && a.Seats == b.Seats && a.Price.Equal(b.Price) && a.Amount == b.Amount
}

// linesOf returns the line of days that lie in one run, or nothing if the console has none for them.
func (u *usage) linesOf(days civil.Period, currency money.Currency) ([]Line, error) {
	at := slices.IndexFunc(u.runs, func(r run) bool { return r.days.Contains(days.From) })
	if at < 0 || u.runs[at].segment.Carried {
		return nil, nil
	}
	before, err := u.rounded(days.From)
	if err != nil {
		return nil, err
	}
	after, err := u.rounded(days.To)
	if err != nil {
		return nil, err
	}
	return []Line{u.line(u.runs[at].segment, days, money.Amount{Minor: after - before, Currency: currency})}, nil
}
