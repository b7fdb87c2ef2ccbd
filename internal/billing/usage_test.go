package billing_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

// Each day is on exactly one line of its owner, each line is what its days cost, one row per run, nothing is negative, and the lines
// of all consoles, each from its own rows, are those of one console that knows all.
func TestMonthsAgreeWithCountingDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := fittingStories.Draw(t, "story")
		facts := s.facts()
		costs, _ := s.naive(facts)
		lines := s.lines(t, s.together(civil.Forever))
		s.compare(t, lines, facts, costs)

		var each []billing.Line
		for _, rows := range s.apart() {
			each = append(each, s.lines(t, rows)...)
		}
		slices.SortFunc(each, func(a, b billing.Line) int { return int(a.Period.From - b.Period.From) })
		s.compare(t, each, facts, costs)
	})
}

func (s story) lines(t rapid.TB, rows []billing.Segment) []billing.Line {
	t.Helper()
	var lines []billing.Line
	for _, m := range s.months {
		of, err := billing.MonthLines(m, s.currency, rows)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, of...)
	}
	return lines
}

// compare holds lines against the days of a story.
func (s story) compare(t *rapid.T, lines []billing.Line, facts map[civil.Date]fact, costs map[civil.Date]int64) {
	t.Helper()
	seen := make(map[civil.Date]bool)
	for i, l := range lines {
		if l.Type != billing.UsageLine || l.Credit || l.Amount.Minor < 0 || l.Amount.Currency != s.currency || l.Period.Empty() ||
			l.Invoice != l.Period.From.Month() || l.Invoice != l.Period.Last().Month() || l.PerDays != int64(l.Invoice.Days()) ||
			l.Supplied != l.Period.From {
			t.Fatalf("line %+v", l)
		}
		sum, exact := int64(0), new(big.Rat)
		for d := l.Period.From; d < l.Period.To; d++ {
			f := facts[d]
			cost, billed := costs[d]
			if !billed || seen[d] || f.owner != l.Owner || f.seats != l.Seats || !f.price.Equal(l.Price) {
				t.Fatalf("%s: %+v on the line %+v, seen before: %v", d, f, l, seen[d])
			}
			seen[d] = true
			sum += cost
			exact.Add(exact, f.price.Exact(f.seats, 1, l.PerDays))
		}
		if sum != l.Amount.Minor || exact.Cmp(l.Exact()) != 0 {
			t.Fatalf("line %+v (%s), its days %d (%s)", l, l.Exact(), sum, exact)
		}
		if i > 0 {
			p := lines[i-1]
			if p.Invoice == l.Invoice && p.Period.To == l.Period.From && p.Owner == l.Owner && p.Seats == l.Seats && p.Price.Equal(l.Price) {
				t.Fatalf("two rows for one run: %+v, %+v", p, l)
			}
		}
	}
	for d := range costs {
		if !seen[d] {
			t.Fatalf("%s is on no line of %+v", d, lines)
		}
	}
}

// What one owner would pay for a month is what all owners pay together, however often it moves.
func TestMovesConserveTheMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := fittingStories.Draw(t, "story")
		stays := s
		stays.events = slices.DeleteFunc(slices.Clone(s.events), func(e event) bool { return e.to != billing.Owner{} })
		for _, m := range s.months {
			whole := totalOf(t, s.currency, m, stays.together(civil.Forever))
			var parts int64
			for _, rows := range s.apart() {
				parts += totalOf(t, s.currency, m, rows)
			}
			if parts != whole {
				t.Fatalf("%s: the parts are %d, the whole is %d", m, parts, whole)
			}
		}
	})
}

// The steps of a month are its lines and the runs of others between them, and each adds to what is billed so far what it is billed.
func TestStepsAreWhatTheLinesComeFrom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := fittingStories.Draw(t, "story")
		for _, rows := range s.apart() {
			for _, m := range s.months {
				steps, err := billing.Steps(m, s.currency, rows)
				if err != nil {
					t.Fatal(err)
				}
				var own []billing.Line
				sum, rounded := new(big.Rat), int64(0)
				for _, step := range steps {
					sum.Add(sum, step.Exact())
					rounded += step.Amount.Minor
					half := new(big.Rat).Sub(new(big.Rat).SetInt64(rounded), sum)
					if step.Sum.Cmp(sum) != 0 || step.Rounded != rounded || step.Carry().Cmp(half) != 0 || half.Abs(half).Cmp(big.NewRat(1, 2)) > 0 {
						t.Fatalf("%+v after %s, %d", step, sum, rounded)
					}
					if !step.Carried {
						own = append(own, step.Line)
					}
				}
				if lines := s.lines(t, rows); !slices.Equal(own, filter(lines, func(l billing.Line) bool { return l.Invoice == m })) {
					t.Fatalf("the steps %+v are not the lines %+v", steps, lines)
				}
			}
		}
	})
}

func totalOf(t *rapid.T, currency money.Currency, m civil.Month, rows []billing.Segment) int64 {
	t.Helper()
	lines, err := billing.MonthLines(m, currency, rows)
	if err != nil {
		t.Fatal(err)
	}
	totals, err := billing.TotalsOf(currency, lines, billing.NoTax{})
	if err != nil || totals.Net != totals.Gross {
		t.Fatal(totals, err)
	}
	return totals.Net.Minor
}

// What happens on a day or later changes no line that ended before it; and the same rows give the same lines, unchanged.
func TestNothingLaterChangesALine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := fittingStories.Filter(story.fitsAllAlong).Draw(t, "story")
		all := s.together(civil.Forever)
		kept := slices.Clone(all)
		lines := s.lines(t, all)
		if again := s.lines(t, all); !slices.Equal(lines, again) || !slices.Equal(all, kept) {
			t.Fatalf("%+v, then %+v of %+v", lines, again, all)
		}
		for _, e := range s.events {
			endsBefore := func(l billing.Line) bool { return l.Period.To < e.on }
			before := filter(s.lines(t, s.together(e.on)), endsBefore)
			if after := filter(lines, endsBefore); !slices.Equal(before, after) {
				t.Fatalf("before %s: %+v, then %+v", e.on, before, after)
			}
		}
	})
}

func filter(lines []billing.Line, keep func(billing.Line) bool) []billing.Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l billing.Line) bool { return !keep(l) })
}

// What does not fit into 64 bits is refused, by all consoles together and never wrapped.
func TestHugeMonthsAreRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := stories.Draw(t, "story")
		s.first.price.Num = rapid.Int64Range(1<<60, 1<<63-1).Draw(t, "huge price")
		facts := s.facts()
		_, fits := s.naive(facts)
		refused := false
		for _, m := range s.months {
			_, err := billing.MonthLines(m, s.currency, s.together(civil.Forever))
			if err != nil && !fault.Is(err, "money.overflow") {
				t.Fatal(err)
			}
			refused = refused || err != nil
		}
		if refused == fits {
			t.Fatalf("it fits: %v, refused: %v", fits, refused)
		}
	})
}

// TestWhatIsBilled holds every plan, state, reason of suspension and channel against spec B5.
func TestWhatIsBilled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state      customer.SubscriptionState
		suspension customer.SuspensionReason
		billed     [3]bool // flexible, annual paid monthly, annual prepaid
	}{
		{customer.SubActive, "", [3]bool{true, true, false}},
		{customer.SubTrial, "", [3]bool{}},
		{customer.SubCancelled, "", [3]bool{}},
		{customer.SubSuspended, customer.SuspendedByReseller, [3]bool{false, true, false}},
		{customer.SubSuspended, customer.SuspendedByVendor, [3]bool{false, true, false}},
		{customer.SubSuspended, customer.SuspendedTrialEnded, [3]bool{}},
	} {
		for i, plan := range catalog.Plans {
			s := billing.Segment{Plan: plan, State: c.state, Suspension: c.suspension, Channel: customer.Online, Seats: 1}
			if s.Billed() != c.billed[i] {
				t.Errorf("%s %s %s: billed %v", plan, c.state, c.suspension, s.Billed())
			}
			if s.Channel = customer.Offline; s.Billed() {
				t.Errorf("%s %s is billed offline", plan, c.state)
			}
		}
	}
}

func TestSeatsAreBilledOnTheirLastDay(t *testing.T) {
	t.Parallel()
	day := date(t, "2026-10-10")
	for _, c := range []struct {
		before, after int64
		want          civil.Date
	}{{5, 6, day}, {5, 5, day}, {5, 4, day + 1}, {5, 0, day + 1}, {0, 5, day}} {
		if got := billing.SeatsFrom(day, c.before, c.after); got != c.want {
			t.Errorf("%d to %d seats from %s, want %s", c.before, c.after, got, c.want)
		}
	}
}

// A segment that makes no sense is refused, not billed.
func TestSenselessSegmentsAreRefused(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(*billing.Segment){
		"negative seats":  func(s *billing.Segment) { s.Seats = -1 },
		"negative price":  func(s *billing.Segment) { s.Price.Num = -1 },
		"no denominator":  func(s *billing.Segment) { s.Price.Den = 0 },
		"negative nought": func(s *billing.Segment) { s.Price.Den = -1 },
	} {
		s := billing.Segment{
			Owner: ownerOf("A"), Period: civil.Period{From: 0, To: civil.Forever}, Plan: catalog.Flexible, State: customer.SubActive,
			Seats: 1, Price: money.Price{Num: 1, Den: 1},
		}
		broken(&s)
		if lines, err := billing.MonthLines(civil.Date(0).Month(), "JPY", []billing.Segment{s}); err == nil {
			t.Errorf("%s: %+v", name, lines)
		}
	}
}

// The line that a move begins names it, in that month only.
func TestTheFirstLineAfterAMoveNamesIt(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-10-15")
	s := story{
		currency: "JPY", plan: catalog.Flexible, months: []civil.Month{d.Month(), d.Month().Next()}, start: d - 40,
		first:  fact{owner: owners[0], alive: true, state: customer.SubActive, seats: 10, price: money.Price{Num: 816, Den: 1}},
		events: []event{{on: d, to: owners[1], what: func(f *fact) { f.owner = owners[1] }}},
	}
	var got []string
	rows := s.apart()
	for _, owner := range owners[:2] {
		for _, l := range s.lines(t, rows[owner]) {
			got = append(got, l.AccountID+" "+l.Period.String()+" "+l.Amount.String()+" "+l.MigrationID)
		}
	}
	want := []string{
		"A 2026-10-01..2026-10-14 3685 JPY ",
		"B 2026-10-15..2026-10-31 4475 JPY mig", "B 2026-11-01..2026-11-30 8160 JPY ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
