package migration_test

import (
	"testing"
	"time"

	"psc/internal/civil"
	"psc/internal/migration"
	"psc/internal/money"
)

func TestHandoversThatFitAndThatDoNot(t *testing.T) {
	t.Parallel()
	d := civil.NewDate(2026, time.October, 15)
	yen := func(n int64) money.Amount { return money.Amount{Minor: n, Currency: "JPY"} }
	lot := migration.LotHandover{
		ID: "lot", Period: civil.Period{From: d - 100, To: d + 265}, Charged: yen(365), Held: true, Credits: 1, Charges: 1,
		Credit: yen(-265), Charge: yen(265), Value: yen(265),
	}
	with := func(change func(*migration.LotHandover)) []migration.LotHandover {
		l := lot
		change(&l)
		return []migration.LotHandover{l}
	}
	until := []civil.Period{{From: d - 40, To: d}}
	for name, c := range map[string]struct {
		h    migration.Handover
		want migration.Misfit
	}{
		"days":                       {migration.Handover{Source: until, First: d}, ""},
		"a lot":                      {migration.Handover{Source: until, First: d, Lots: []migration.LotHandover{lot}}, ""},
		"begun on the day":           {migration.Handover{Source: []civil.Period{{From: d, To: d}}, First: d}, ""},
		"back on the same day":       {migration.Handover{Source: append(until, civil.Period{From: d, To: civil.Forever}), First: d}, ""},
		"not at the main":            {migration.Handover{Source: until}, migration.MisfitMissing},
		"a day too late":             {migration.Handover{Source: until, First: d + 1}, migration.MisfitGap},
		"a day too early":            {migration.Handover{Source: until, First: d - 1}, migration.MisfitDouble},
		"the source goes on":         {migration.Handover{Source: []civil.Period{{From: d - 40, To: civil.Forever}}, First: d}, migration.MisfitDouble},
		"no row of the source":       {migration.Handover{First: d}, migration.MisfitGap},
		"a lot that did not arrive":  {migration.Handover{Source: until, First: d, Lots: with(func(l *migration.LotHandover) { l.Held = false })}, migration.MisfitMissing},
		"two credits":                {migration.Handover{Source: until, First: d, Lots: with(func(l *migration.LotHandover) { l.Credits = 2 })}, migration.MisfitCredit},
		"no charge":                  {migration.Handover{Source: until, First: d, Lots: with(func(l *migration.LotHandover) { l.Charges = 0 })}, migration.MisfitCharge},
		"credit and charge differ":   {migration.Handover{Source: until, First: d, Lots: with(func(l *migration.LotHandover) { l.Credit.Minor++ })}, migration.MisfitAmount},
		"not what was left":          {migration.Handover{Source: until, First: d, Lots: with(func(l *migration.LotHandover) { l.Value.Minor++ })}, migration.MisfitAmount},
		"a credit for a lot of then": {migration.Handover{Source: until, First: d, Lots: with(func(l *migration.LotHandover) { l.Period.From = d })}, migration.MisfitCredit},
	} {
		c.h.Date = d
		if got := c.h.Misfit(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	h := migration.Handover{Date: d, First: d, Source: []civil.Period{{From: d - 40, To: d - 10}, {From: d - 5, To: d}}}
	if last, ok := h.SourceLast(); !ok || last != d-1 || h.SourceDays() != 4+5 || h.MainDays() != 17 {
		t.Errorf("%s %d %d", last, h.SourceDays(), h.MainDays())
	}
}
