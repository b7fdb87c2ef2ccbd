package billing_test

import (
	"testing"

	"pgregory.net/rapid"

	"psc/internal/billing"
	"psc/internal/civil"
)

func TestTermsKeepTheirAnchor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		anchor string
		months int
		on     string
		want   string
	}{
		{"2025-04-01", 12, "2025-04-01", "2025-04-01..2026-03-31"},
		{"2025-04-01", 12, "2026-03-31", "2025-04-01..2026-03-31"},
		{"2025-04-01", 12, "2026-04-01", "2026-04-01..2027-03-31"},
		{"2024-02-29", 12, "2025-02-27", "2024-02-29..2025-02-27"},
		{"2024-02-29", 12, "2025-02-28", "2025-02-28..2026-02-27"},
		{"2024-02-29", 12, "2028-02-28", "2027-02-28..2028-02-28"},
		{"2024-02-29", 12, "2028-02-29", "2028-02-29..2029-02-27"},
		{"2026-01-31", 1, "2026-02-27", "2026-01-31..2026-02-27"},
		{"2026-01-31", 1, "2026-03-30", "2026-02-28..2026-03-30"},
		{"2026-01-31", 1, "2026-03-31", "2026-03-31..2026-04-29"},
		{"2025-08-31", 6, "2026-02-28", "2026-02-28..2026-08-30"},
		{"2024-03-01", 36, "2025-10-15", "2024-03-01..2027-02-28"},
		{"2025-04-01", 12, "2020-01-01", "2025-04-01..2026-03-31"},
	} {
		if got := billing.TermAt(date(t, c.anchor), c.months, date(t, c.on)); got.String() != c.want {
			t.Errorf("%s by %d months, on %s: %s, want %s", c.anchor, c.months, c.on, got, c.want)
		}
	}
}

// Terms follow one another without gap or overlap, each contains the dates it is asked for, and each begins on the anchor's day or
// on the last of a month that lacks it.
func TestTermsFollowOneAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		anchor := civil.Date(rapid.Int32Range(19_000, 22_000).Draw(t, "anchor"))
		months := rapid.SampledFrom([]int{1, 3, 6, 12, 36}).Draw(t, "months")
		_, _, day := anchor.Civil()
		term := billing.TermAt(anchor, months, anchor)
		for range 30 {
			_, _, begins := term.From.Civil()
			if begins != min(day, term.From.Month().Days()) {
				t.Fatalf("from %s: %s", anchor, term)
			}
			on := term.From + civil.Date(rapid.Int32Range(0, int32(term.Days())-1).Draw(t, "on"))
			next := billing.TermAt(anchor, months, term.To)
			if billing.TermAt(anchor, months, on) != term || next.From != term.To || next.Empty() {
				t.Fatalf("from %s: %s, on %s %s, then %s", anchor, term, on, billing.TermAt(anchor, months, on), next)
			}
			term = next
		}
	})
}
