package civil_test

import (
	"testing"

	"pgregory.net/rapid"

	"psc/internal/civil"
)

func day(t *testing.T, text string) civil.Date {
	t.Helper()
	d, err := civil.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMonthsLaterKeepTheDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2026-01-31", 2, "2026-03-31"},
		{"2026-01-31", 3, "2026-04-30"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2026-01-31", -2, "2025-11-30"},
		{"2026-11-15", 14, "2028-01-15"},
		{"2026-12-31", 0, "2026-12-31"},
		{"2099-12-31", 2, "2100-02-28"},
	} {
		if got := day(t, c.from).AddMonths(c.months); got.String() != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

// A period has exactly the days that it contains.
func TestPeriodsAreTheirDays(t *testing.T) {
	t.Parallel()
	period := rapid.Custom(func(t *rapid.T) civil.Period {
		return civil.Period{From: civil.Date(rapid.Int32Range(0, 40).Draw(t, "from")), To: civil.Date(rapid.Int32Range(0, 40).Draw(t, "to"))}
	})
	rapid.Check(t, func(t *rapid.T) {
		p, q := period.Draw(t, "p"), period.Draw(t, "q")
		both := p.Intersect(q)
		var inP, inBoth int64
		for d := civil.Date(-1); d <= 41; d++ {
			if p.Contains(d) {
				inP++
				if d > p.Last() {
					t.Fatalf("%s is after the last day of %s", d, p)
				}
			}
			if both.Contains(d) != (p.Contains(d) && q.Contains(d)) {
				t.Fatalf("%s, %s: both are %s", p, q, both)
			}
			if both.Contains(d) {
				inBoth++
			}
		}
		if p.Days() != inP || both.Days() != inBoth || p.Empty() != (inP == 0) {
			t.Fatalf("%s has %d days, %s has %d", p, p.Days(), both, both.Days())
		}
	})
}

func TestPeriodsForLogs(t *testing.T) {
	t.Parallel()
	p := civil.Period{From: day(t, "2026-10-15"), To: day(t, "2026-11-01")}
	if p.String() != "2026-10-15..2026-10-31" || p.Days() != 17 || p.From.Month().Period().Days() != 31 {
		t.Errorf("%s has %d days", p, p.Days())
	}
	if got := (civil.Period{From: p.To, To: p.From}).String(); got != "no day from 2026-11-01" {
		t.Error(got)
	}
}
