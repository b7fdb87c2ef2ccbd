// Package civil holds dates without a time of day, half-open periods of them, and the billing zone
// that turns an instant into its billing date (spec B1).
package civil

import (
	"fmt"
	"time"
)

// Date is a day of the proleptic Gregorian calendar, counted from 1970-01-01 as day 0.
type Date int32

// Forever is the exclusive end of what has no end yet: 9999-12-31.
const Forever Date = 2932896

// NewDate returns the date; out-of-range months and days roll over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400) //nolint:gosec // 5 million years fit
}

// Parse reads YYYY-MM-DD.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("parse date %q: %w", s, err)
	}
	return NewDate(t.Date()), nil
}

// DateOf returns the date of t in zone.
func DateOf(t time.Time, zone *time.Location) Date { return NewDate(t.In(zone).Date()) }

func (d Date) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String returns YYYY-MM-DD.
func (d Date) String() string { return d.time().Format(time.DateOnly) }

// Civil returns year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) { return d.time().Date() }

// Start returns the first instant of the day in zone.
func (d Date) Start(zone *time.Location) time.Time {
	y, m, day := d.Civil()
	start := time.Date(y, m, day, 0, 0, 0, 0, zone)
	if DateOf(start, zone) < d { // there is no midnight: the clocks went forward over it
		_, start = start.ZoneBounds()
	}
	return start
}

// Month returns the month that d lies in.
func (d Date) Month() Month {
	y, m, _ := d.Civil()
	return Month{Year: y, Month: m}
}

// Month is a calendar month.
type Month struct {
	Year  int
	Month time.Month
}

// First returns the first day of the month.
func (m Month) First() Date { return NewDate(m.Year, m.Month, 1) }

// Next returns the following month.
func (m Month) Next() Month { return m.End().Month() }

// End returns the first day of the following month: the exclusive end of this one.
func (m Month) End() Date { return NewDate(m.Year, m.Month+1, 1) }

// Days returns how many days the month has.
func (m Month) Days() int { return int(m.End() - m.First()) }

// String returns YYYY-MM.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, m.Month) }
