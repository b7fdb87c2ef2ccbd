package civil

import "time"

// Period is a run of days: From is its first day, To the first day after it. It has no days if To is not after From.
type Period struct {
	From, To Date
}

// Days returns how many days the period has.
func (p Period) Days() int64 { return max(0, int64(p.To)-int64(p.From)) }

// Empty reports whether the period has no days.
func (p Period) Empty() bool { return p.To <= p.From }

// Last returns the last day of a period that is not empty.
func (p Period) Last() Date { return p.To - 1 }

// Contains reports whether d is a day of the period.
func (p Period) Contains(d Date) bool { return p.From <= d && d < p.To }

// Intersect returns the days that are in both, or an empty period.
func (p Period) Intersect(q Period) Period {
	return Period{From: max(p.From, q.From), To: min(p.To, q.To)}
}

// String is for logs and tests: both ends, the last day inclusive.
func (p Period) String() string {
	if p.Empty() {
		return "no day from " + p.From.String()
	}
	return p.From.String() + ".." + p.Last().String()
}

// Period returns the days of the month.
func (m Month) Period() Period { return Period{From: m.First(), To: m.End()} }

// AddMonths returns the same day of another month, n months later or, below zero, earlier; in a month without that day, the
// month's last. So it is always asked from the original day: 31 January and two months are 31 March.
func (d Date) AddMonths(n int) Date {
	year, month, day := d.Civil()
	target := NewDate(year, month+time.Month(n), 1).Month()
	return NewDate(target.Year, target.Month, min(day, target.Days()))
}
