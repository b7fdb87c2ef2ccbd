package billing_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// However much comes late, the lines of a month and its corrections add up, for each owner, to what the lines would have been; each
// console works from its own rows. Nothing is negative but credits, and what changes nothing corrects nothing.
func TestCorrectionsMakeUpTheDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		drawn := lateStories.Draw(t, "late story")
		s, late, together := drawn.story, drawn.late, drawn.together
		rows := s.apart()
		got, want := map[billing.Owner]int64{}, map[billing.Owner]int64{}
		facts := s.facts(late...)
		costs, _ := s.naive(facts)
		for d, cost := range costs {
			want[facts[d].owner] += cost
		}
		for _, history := range rows {
			for _, l := range s.lines(t, history) {
				got[l.Owner] += l.Amount.Minor
			}
			due := history
			for i, e := range late {
				due = append(slices.Clone(due), billing.Change(due, e.on, e.edit)...)
				if together[i] {
					continue
				}
				for _, l := range s.correct(t, history, due) {
					got[l.Owner] += l.Amount.Minor
				}
				history = due
			}
		}
		for _, o := range owners {
			if got[o] != want[o] {
				t.Fatalf("%s pays %d, want %d", o.AccountID, got[o], want[o])
			}
		}
	})
}

// lateStory is a story of which something becomes known late, and of each whether it is known together with the next.
type lateStory struct {
	story

	late     []event
	together []bool
}

// lateStories are those that fit, however much of what comes late is known.
var lateStories = rapid.Custom(func(t *rapid.T) lateStory {
	s := lateStory{story: fittingStories.Draw(t, "story")}
	s.late, s.together = drawLate(t, s.start, s.months[len(s.months)-1].End())
	return s
}).Filter(func(s lateStory) bool {
	for n := range s.late {
		if !s.fits(s.late[:n+1]...) {
			return false
		}
	}
	return true
})

// drawLate draws what is known late: as a pause that is over, after which the days differ by their rounding only.
func drawLate(t *rapid.T, from, to civil.Date) (late []event, together []bool) {
	for range rapid.IntRange(1, 4).Draw(t, "late events") {
		e := drawEvent(t, from, to, owners[:1])
		if e.to != (billing.Owner{}) { // a move is never late
			end := e
			e.what = func(f *fact) { f.state, f.suspension = customer.SubSuspended, customer.SuspendedByReseller }
			end.on, end.what = e.on+civil.Date(rapid.Int32Range(1, 5).Draw(t, "paused days")), func(f *fact) { f.state, f.suspension = customer.SubActive, "" }
			e.to, end.to = billing.Owner{}, billing.Owner{}
			late, together = append(late, e, end), append(together, true, false)
			continue
		}
		late, together = append(late, e), append(together, false)
	}
	return late, together
}

func (s story) correct(t rapid.TB, billed, due []billing.Segment) []billing.Line {
	t.Helper()
	invoice := s.months[len(s.months)-1].Next()
	var lines []billing.Line
	for _, m := range s.months {
		of, err := billing.Corrections(m, s.currency, invoice, billed, due)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range of {
			if l.Type != billing.CorrectionLine || l.Invoice != invoice || l.Period.From.Month() != m || l.Period.Last().Month() != m ||
				l.Credit && l.Amount.Minor > 0 || !l.Credit && l.Amount.Minor < 0 {
				t.Fatalf("correction %+v", l)
			}
		}
		if none, err := billing.Corrections(m, s.currency, invoice, due, due); err != nil || len(none) != 0 {
			t.Fatalf("nothing came late, yet %+v, %v", none, err)
		}
		lines = append(lines, of...)
	}
	return lines
}

// Five seats more from the 6th, told after the month was closed: the days before stay, the others are given back and billed anew.
func TestLateSeats(t *testing.T) {
	t.Parallel()
	history := []billing.Segment{{
		Owner: ownerOf("A"), Period: civil.Period{From: date(t, "2025-01-01"), To: civil.Forever}, Plan: catalog.Flexible,
		State: customer.SubActive, Channel: customer.Online, Seats: 10, Price: money.Price{Num: 816, Den: 1},
	}}
	due := append(slices.Clone(history), billing.Change(history, date(t, "2025-10-06"), func(s *billing.Segment) { s.Seats = 15 })...)
	october := date(t, "2025-10-06").Month()
	lines, err := billing.Corrections(october, "JPY", october.Next(), history, due)
	if err != nil || len(lines) != 2 {
		t.Fatalf("%+v, %v", lines, err)
	}
	back, bill := lines[0], lines[1]
	if back.Seats != 10 || back.Amount.Minor != -(8160-1316) || !back.Credit || bill.Seats != 15 || bill.Amount.Minor != 10266 || bill.Credit ||
		back.Period.String() != "2025-10-06..2025-10-31" || bill.Period != back.Period || bill.Invoice.String() != "2025-11" {
		t.Errorf("%+v\n%+v", back, bill)
	}
	if back.Exact().FloatString(2) != "-6843.87" || bill.Exact().FloatString(2) != "10265.81" {
		t.Errorf("%s, %s", back.Exact().FloatString(2), bill.Exact().FloatString(2))
	}
}

// A pause from the 5th to the 9th, told late, carries another rounding into the days after it, which are billed anew for it.
func TestLatePause(t *testing.T) {
	t.Parallel()
	history := []billing.Segment{{
		Owner: ownerOf("A"), Period: civil.Period{From: date(t, "2025-01-01"), To: civil.Forever}, Plan: catalog.Flexible,
		State: customer.SubActive, Channel: customer.Online, Seats: 1, Price: money.Price{Num: 3, Den: 1},
	}}
	due := append(slices.Clone(history), billing.Change(history, date(t, "2025-10-05"), func(s *billing.Segment) { s.State = customer.SubSuspended })...)
	due = append(due, billing.Change(due, date(t, "2025-10-10"), func(s *billing.Segment) { s.State = customer.SubActive })...)
	october := date(t, "2025-10-05").Month()
	lines, err := billing.Corrections(october, "JPY", october.Next(), history, due)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, l.Period.String()+" "+l.Amount.String())
	}
	want := []string{"2025-10-05..2025-10-09 -1 JPY", "2025-10-10..2025-10-31 -2 JPY", "2025-10-10..2025-10-31 3 JPY"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
