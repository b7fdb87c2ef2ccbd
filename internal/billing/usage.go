package billing

import (
	"fmt"
	"math/big"

	"psc/internal/civil"
	"psc/internal/money"
)

// MonthLines returns the usage lines of one calendar month of a subscription on a monthly plan, in the order of their days
// (spec B3): one row per run of billed days with the same owner, seats and price. With C(t) the exact sum of price*seats/N over the
// billed days of the month up to t, N the days of the month, the line of days a+1..b is R(C(b)) - R(C(a)): all lines together are
// what one owner would pay, and nothing that happens later changes a line. Days without seats have no line, days at price zero do.
// History may hold rows of one console or of all.
func MonthLines(month civil.Month, currency money.Currency, history []Segment) ([]Line, error) {
	u, err := newUsage(month, history)
	if err != nil || len(u.runs) == 0 {
		return nil, err
	}
	lines := make([]Line, 0, len(u.runs))
	err = u.walk(func(r run, _ *big.Int, before, after int64) {
		if !r.segment.Carried {
			lines = append(lines, u.line(r.segment, r.days, money.Amount{Minor: after - before, Currency: currency}))
		}
	})
	if err != nil {
		return nil, err
	}
	return lines, nil
}

// Step is how a run of days adds to what a subscription costs in a month: where a line's amount comes from.
type Step struct {
	Line             // of the run; what it bills is how much Rounded grows
	Carried bool     // another console bills these days
	Sum     *big.Rat // C up to the last day of the run, exact
	Rounded int64    // R(C)
}

// Carry returns how much more than the exact sum is billed up to the last day of the run. It lessens or adds to the next line.
func (s Step) Carry() *big.Rat {
	carry := new(big.Rat).SetInt64(s.Rounded)
	return carry.Sub(carry, s.Sum)
}

// Steps returns how the lines of MonthLines come about: all runs of the month in the order of their days, those of other consoles
// that the history knows included.
func Steps(month civil.Month, currency money.Currency, history []Segment) ([]Step, error) {
	u, err := newUsage(month, history)
	if err != nil {
		return nil, err
	}
	var steps []Step
	err = u.walk(func(r run, sum *big.Int, before, after int64) {
		steps = append(steps, Step{
			Line:    u.line(r.segment, r.days, money.Amount{Minor: after - before, Currency: currency}),
			Carried: r.segment.Carried, Sum: new(big.Rat).SetFrac(sum, u.den), Rounded: after,
		})
	})
	return steps, err
}

// usage is the billed days of a subscription in a calendar month, and what they cost.
type usage struct {
	month civil.Month
	days  civil.Period // of the month
	runs  []run        // in the order of their days
	den   *big.Int     // the common denominator of C: that of all prices times the days of the month
	scale *big.Int     // that of all prices
}

// run is days in a row that belong into one line.
type run struct {
	segment *Segment
	days    civil.Period
}

// walk hands out the runs with C up to the last day of each, in units of 1/den, and R(C) before and after it.
func (u *usage) walk(take func(r run, sum *big.Int, before, after int64)) error {
	sum, before := new(big.Int), int64(0)
	for _, r := range u.runs {
		sum.Add(sum, u.part(r.segment, r.days.Days()))
		after, err := money.Round(sum, u.den, money.HalfUp)
		if err != nil {
			return err
		}
		take(r, sum, before, after)
		before = after
	}
	return nil
}

// newUsage finds the segment that holds on each day, and joins the days into runs.
func newUsage(month civil.Month, history []Segment) (*usage, error) {
	u := &usage{month: month, days: month.Period()}
	var holds [31]*Segment
	for i := range history {
		s := &history[i]
		covered := s.Period.Intersect(u.days)
		for d := covered.From; d < covered.To; d++ {
			if at := &holds[d-u.days.From]; *at == nil || !s.Carried || (*at).Carried {
				*at = s
			}
		}
	}
	d := u.days.From
	for _, s := range holds[:u.days.Days()] {
		if err := u.add(d, s); err != nil {
			return nil, err
		}
		d++
	}
	u.scale = commonDenominator(u.runs)
	u.den = new(big.Int).Mul(u.scale, big.NewInt(u.days.Days()))
	return u, nil
}

// add puts the next day into the last run or begins another, if the segment that holds on it is billed.
func (u *usage) add(d civil.Date, s *Segment) error {
	var last *run
	if n := len(u.runs); n > 0 && u.runs[n-1].days.To == d {
		last = &u.runs[n-1]
	}
	switch {
	case last != nil && last.segment == s:
		last.days.To++
		return nil
	case s == nil || s.Seats == 0 || !s.Billed():
		return nil
	case s.Seats < 0 || !s.Price.Valid():
		return fmt.Errorf("billing: segment of %s with %d seats at %s", s.Period, s.Seats, s.Price)
	case last != nil && last.segment.sameTerms(s):
		last.days.To++
	default:
		u.runs = append(u.runs, run{s, civil.Period{From: d, To: d + 1}})
	}
	return nil
}

// commonDenominator returns the least common multiple of the denominators of the runs' prices.
func commonDenominator(runs []run) *big.Int {
	lcm := big.NewInt(1)
	for _, r := range runs {
		den := big.NewInt(r.segment.Price.Den)
		if lcm.Cmp(den) == 0 {
			continue
		}
		gcd := new(big.Int).GCD(nil, nil, lcm, den)
		lcm.Mul(lcm, den.Quo(den, gcd))
	}
	return lcm
}

// part returns price * seats * days as a part of C, in units of 1/den.
func (u *usage) part(s *Segment, days int64) *big.Int {
	n, factor := big.NewInt(s.Price.Num), big.NewInt(s.Price.Den)
	n.Mul(n, factor.Quo(u.scale, factor))
	n.Mul(n, factor.SetInt64(s.Seats))
	return n.Mul(n, factor.SetInt64(days))
}

// rounded returns R(C) over the days of the month before t.
func (u *usage) rounded(t civil.Date) (int64, error) {
	sum := new(big.Int)
	for _, r := range u.runs {
		sum.Add(sum, u.part(r.segment, r.days.Intersect(civil.Period{From: r.days.From, To: t}).Days()))
	}
	return money.Round(sum, u.den, money.HalfUp)
}

// line is the usage line of a segment for some of its days.
func (u *usage) line(s *Segment, days civil.Period, amount money.Amount) Line {
	l := Line{
		Owner: s.Owner, Type: UsageLine, Invoice: u.month, Period: days, PerDays: u.days.Days(),
		Seats: s.Seats, Price: s.Price, Amount: amount, Supplied: days.From,
	}
	if days.From == s.Period.From {
		l.MigrationID = s.MigrationID
	}
	return l
}
