package billing_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

// prepaid is a random history of a prepaid subscription: what was bought by whom, who had it on each day, and the lines.
type prepaid struct {
	currency money.Currency
	term     civil.Period
	lots     []billing.Lot
	owner    map[civil.Date]billing.Owner // of each day of the term
	lines    []billing.Line
}

// prepaids draws terms of one to three years with added seats and up to eight moves, several on a day too.
var prepaids = rapid.Custom(func(t *rapid.T) prepaid {
	anchor := civil.Date(rapid.Int32Range(19_000, 22_000).Draw(t, "anchor"))
	p := prepaid{
		currency: currencies.Draw(t, "currency"), owner: make(map[civil.Date]billing.Owner),
		term: billing.TermAt(anchor, 12*rapid.IntRange(1, 3).Draw(t, "years"), anchor),
	}
	holder, n := owners[0], rapid.IntRange(1, len(owners)).Draw(t, "owners")
	days := rapid.SliceOfN(rapid.Int32Range(0, int32(p.term.Days())-1), 0, 12).Draw(t, "days")
	slices.Sort(days)
	p.buy(t, anchor, holder)
	for d := anchor; d < p.term.To; d++ {
		p.owner[d] = holder
		for _, on := range days {
			if anchor+civil.Date(on) != d {
				continue
			}
			if to := rapid.SampledFrom(owners[:n]).Draw(t, "to"); to != holder {
				p.move(t, d, holder, to)
				holder, p.owner[d] = to, to
			} else {
				p.buy(t, d, holder)
			}
		}
	}
	return p
})

func (p *prepaid) buy(t *rapid.T, d civil.Date, holder billing.Owner) {
	t.Helper()
	price := rapid.OneOf(
		rapid.Just(money.Price{Den: 1}), unitPrices, rapid.Just(money.Price{Num: 8_999_999_999_999_999_999, Den: 10_000_000}),
	).Draw(t, "price")
	period := civil.Period{From: d, To: p.term.To}
	lot, err := billing.NewLot("L"+d.String(), period, rapid.Int64Range(1, 1_000_000).Draw(t, "seats"), price, p.term, p.currency)
	if err != nil {
		t.Fatal(err)
	}
	p.lots = append(p.lots, lot)
	p.lines = append(p.lines, lot.Charge(holder, billing.CommitmentLine))
}

func (p *prepaid) move(t *rapid.T, d civil.Date, from, to billing.Owner) {
	t.Helper()
	lines, err := billing.Transfer{MigrationID: "mig", Date: d, From: from, To: to}.Lines(p.lots)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 2*len(p.lots) {
		t.Fatalf("%d lines for %d lots", len(lines), len(p.lots))
	}
	for i, lot := range p.lots {
		credit, charge := lines[2*i], lines[2*i+1]
		if credit.Owner != from || charge.Owner != to || credit.Amount.Minor != -charge.Amount.Minor || charge.Amount.Minor < 0 ||
			credit.LotID != lot.ID || charge.LotID != lot.ID || !credit.Credit || charge.Credit || credit.MigrationID != "mig" ||
			charge.MigrationID != "mig" || credit.Supplied != lot.Period.From || charge.Supplied != d ||
			credit.Period != (civil.Period{From: d, To: lot.Period.To}) || charge.Period != credit.Period ||
			credit.Type != billing.TransferCreditLine || charge.Type != billing.TransferChargeLine || credit.Invoice != d.Month() {
			t.Fatalf("lot %+v: %+v, %+v", lot, credit, charge)
		}
		if sum := new(big.Rat).Add(credit.Exact(), charge.Exact()); sum.Sign() != 0 {
			t.Fatalf("exact sums differ by %s", sum)
		}
	}
	p.lines = append(p.lines, lines...)
}

// naiveLeft is what is left of a lot at t, by counting its days.
func naiveLeft(l billing.Lot, t civil.Date) int64 {
	days, left := int64(0), int64(0)
	for d := l.Period.From; d < l.Period.To; d++ {
		days++
		if d >= t {
			left++
		}
	}
	x := new(big.Rat).SetInt64(l.Charged.Minor)
	return naiveRound(x.Mul(x, big.NewRat(left, days))).Int64()
}

// Each owner pays for the days on which it was the last to have the subscription, and all together what was charged.
func TestPrepaidDaysAreOnOneOwner(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := prepaids.Draw(t, "history")
		want, whole := map[billing.Owner]*big.Int{}, new(big.Int)
		for _, o := range owners {
			want[o] = new(big.Int)
		}
		for _, l := range p.lots {
			whole.Add(whole, big.NewInt(l.Charged.Minor))
			for from, d := l.Period.From, l.Period.From+1; d <= l.Period.To; d++ { // runs of days of one owner
				if d == l.Period.To || p.owner[d] != p.owner[from] {
					want[p.owner[from]].Add(want[p.owner[from]], big.NewInt(naiveLeft(l, from)-naiveLeft(l, d)))
					from = d
				}
			}
		}
		for _, l := range p.lines {
			if l.Amount.Minor < 0 && !l.Credit || l.Amount.Minor > 0 && l.Credit || l.Amount.Currency != p.currency {
				t.Fatalf("line %+v", l)
			}
			want[l.Owner].Sub(want[l.Owner], big.NewInt(l.Amount.Minor))
			whole.Sub(whole, big.NewInt(l.Amount.Minor))
		}
		for o, rest := range want {
			if rest.Sign() != 0 {
				t.Fatalf("%s pays %s less than its days", o.AccountID, rest)
			}
		}
		if whole.Sign() != 0 {
			t.Fatalf("%s of what was charged is lost", whole)
		}
	})
}

// What is left falls day by day from all to nothing, and no other date has a value.
func TestLotsLoseTheirValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := prepaids.Draw(t, "history")
		l := rapid.SampledFrom(p.lots).Draw(t, "lot")
		before := l.Charged.Minor
		for d := l.Period.From; d <= l.Period.To; d++ {
			v, err := l.Value(d)
			if err != nil || v.Minor > before || v.Minor < 0 || d == l.Period.From && v != l.Charged || d == l.Period.To && v.Minor != 0 {
				t.Fatalf("%+v is worth %s on %s, %v", l, v, d, err)
			}
			before = v.Minor
		}
		for _, d := range []civil.Date{l.Period.From - 1, l.Period.To + 1} {
			if v, err := l.Value(d); !fault.Is(err, "lot.outside_term") {
				t.Fatalf("%+v is worth %s on %s, %v", l, v, d, err)
			}
		}
	})
}

// yearLot is a year of 25 seats from April 2025 (the example of the case S-03).
func yearLot(t *testing.T) billing.Lot {
	t.Helper()
	term := civil.Period{From: date(t, "2025-04-01"), To: date(t, "2026-04-01")}
	lot, err := billing.NewLot("L1", term, 25, money.Price{Num: 8160, Den: 1}, term, "JPY")
	if err != nil {
		t.Fatal(err)
	}
	return lot
}

// A subscription that goes to the vendor gives a credit and charges nobody; one whose term is over gives none.
func TestTransfersToTheVendor(t *testing.T) {
	t.Parallel()
	lot := yearLot(t)
	move := billing.Transfer{Date: date(t, "2025-10-15"), From: ownerOf("A")}
	lines, err := move.Lines([]billing.Lot{lot})
	if err != nil || len(lines) != 1 || lines[0].Amount.Minor != -93896 || lines[0].Owner != ownerOf("A") {
		t.Errorf("%+v, %v", lines, err)
	}
	move.Date = lot.Period.To
	if lines, err = move.Lines([]billing.Lot{lot}); err != nil || len(lines) != 0 {
		t.Errorf("at the end of the term: %+v, %v", lines, err)
	}
	move.Date = lot.Period.From - 1
	if lines, err = move.Lines([]billing.Lot{lot}); !fault.Is(err, "lot.outside_term") || lines != nil {
		t.Errorf("before the term: %+v, %v", lines, err)
	}
}

// Ended early and by order, a lot gives back what is left; the days that were used stay paid.
func TestEarlyEndsGiveBack(t *testing.T) {
	t.Parallel()
	lot := yearLot(t)
	lines, err := billing.EndCredits([]billing.Lot{lot}, ownerOf("A"), date(t, "2025-10-15"))
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	if l := lines[0]; l.Type != billing.CorrectionLine || l.Amount.Minor != -93896 || !l.Credit || l.Supplied != lot.Period.From ||
		l.Exact().RatString() != "-34272000/365" && l.Exact().RatString() != "-6854400/73" || l.LotID != "L1" {
		t.Errorf("%+v (%s)", l, l.Exact())
	}
	for _, none := range []civil.Date{lot.Period.To, lot.Period.To + 30} {
		if lines, err := billing.EndCredits([]billing.Lot{lot}, ownerOf("A"), none); err != nil || len(lines) != 0 {
			t.Errorf("at %s: %+v, %v", none, lines, err)
		}
	}
	if _, err := billing.EndCredits([]billing.Lot{lot}, ownerOf("A"), lot.Period.From-1); !fault.Is(err, "lot.outside_term") {
		t.Errorf("before the term: %v", err)
	}
}

func TestSenselessLotsAreRefused(t *testing.T) {
	t.Parallel()
	term := civil.Period{From: 100, To: 465}
	price := money.Price{Num: 1, Den: 1}
	for name, lotOf := range map[string]func() (billing.Lot, error){
		"no seats": func() (billing.Lot, error) { return billing.NewLot("L", term, 0, price, term, "JPY") },
		"negative price": func() (billing.Lot, error) {
			return billing.NewLot("L", term, 1, money.Price{Num: -1, Den: 1}, term, "JPY")
		},
		"no days": func() (billing.Lot, error) {
			return billing.NewLot("L", civil.Period{From: 200, To: 200}, 1, price, term, "JPY")
		},
		"outside the term": func() (billing.Lot, error) {
			return billing.NewLot("L", civil.Period{From: 99, To: 465}, 1, price, term, "JPY")
		},
	} {
		if lot, err := lotOf(); err == nil {
			t.Errorf("%s: %+v", name, lot)
		}
	}
	huge := money.Price{Num: 1<<63 - 1, Den: 1}
	if lot, err := billing.NewLot("L", term, 2, huge, term, "JPY"); !fault.Is(err, "money.overflow") {
		t.Errorf("%+v, %v", lot, err)
	}
}

// What a purchase costs exactly is what is charged but for the rounding.
func TestChargesExplainThemselves(t *testing.T) {
	t.Parallel()
	term := civil.Period{From: date(t, "2025-04-01"), To: date(t, "2026-04-01")}
	lot, err := billing.NewLot("L2", civil.Period{From: date(t, "2025-07-10"), To: term.To}, 5, money.Price{Num: 8160, Den: 1}, term, "JPY")
	if err != nil {
		t.Fatal(err)
	}
	l := lot.Charge(ownerOf("A"), billing.RenewalLine)
	if l.Exact().FloatString(3) != "29621.918" || l.Amount.Minor != 29622 || l.PerDays != 365 || l.Type != billing.RenewalLine ||
		l.Invoice.String() != "2025-07" || l.Credit {
		t.Errorf("%+v (%s)", l, l.Exact())
	}
	sum := billing.Lot{ID: "L3", Period: term, Seats: 3, TermDays: 365, Charged: money.Amount{Minor: 100, Currency: "JPY"}}
	if l := sum.Charge(ownerOf("A"), billing.CommitmentLine); l.Exact().RatString() != "100" || l.Price != (money.Price{Num: 100, Den: 3}) {
		t.Errorf("%+v (%s)", l, l.Exact())
	}
}
