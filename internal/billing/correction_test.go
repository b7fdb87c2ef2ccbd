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
		s := stories.Draw(t, "story")
		end := s.months[len(s.months)-1].End()
		rows := s.apart()
		var late []event
		for range rapid.IntRange(1, 4).Draw(t, "late events") {
			if e := drawEvent(t, s.start, end, owners[:1]); e.to == (billing.Owner{}) {
				late = append(late, e)
			}
		}
		for n := range len(late) + 1 {
			if _, fits := s.naive(s.facts(late[:n]...)); !fits {
				t.Skip("does not fit")
			}
		}
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
			for _, e := range late {
				due := append(slices.Clone(history), billing.Change(history, e.on, e.edit)...)
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
