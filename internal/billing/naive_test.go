package billing_test

import (
	"math/big"
	"slices"
	"time"

	"pgregory.net/rapid"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// fact is how a subscription stands on one day. The naive implementation keeps one for each day, and knows no runs, rows or moves.
type fact struct {
	owner      billing.Owner
	alive      bool
	state      customer.SubscriptionState
	suspension customer.SuspensionReason
	channel    customer.Channel
	seats      int64
	price      money.Price
}

// event changes how the subscription stands from a day on.
type event struct {
	on   civil.Date
	to   billing.Owner // of a move; else empty
	what func(*fact)
}

// edit does to a segment what the event does to a day.
func (e event) edit(s *billing.Segment) {
	f := fact{
		owner: s.Owner, alive: s.State != customer.SubCancelled, state: s.State, suspension: s.Suspension, channel: s.Channel,
		seats: s.Seats, price: s.Price,
	}
	e.what(&f)
	s.Owner, s.State, s.Suspension, s.Channel, s.Seats, s.Price = f.owner, f.state, f.suspension, f.channel, f.seats, f.price
	if !f.alive {
		s.State = customer.SubCancelled
	}
}

// story is a random history of a subscription on a monthly plan over a few months.
type story struct {
	currency money.Currency
	plan     catalog.Plan
	months   []civil.Month
	start    civil.Date // its first day
	first    fact
	events   []event // in the order of their dates
}

var (
	seatCounts = rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(1, 2000), rapid.Int64Range(1, 10_000_000))
	unitPrices = rapid.Custom(func(t *rapid.T) money.Price {
		return money.Price{
			Num: rapid.OneOf(rapid.Int64Range(0, 20), rapid.Int64Range(0, 1_000_000), rapid.Int64Range(0, 900_000_000_000)).Draw(t, "num"),
			Den: rapid.SampledFrom([]int64{1, 1, 1, 3, 4, 12, 365, 999_983}).Draw(t, "den"),
		}
	})
	currencies = rapid.SampledFrom([]money.Currency{"JPY", "USD", "KWD"})
	// consoles are where a subscription goes, back and forth, some with two accounts.
	owners = []billing.Owner{
		ownerOf("A"), ownerOf("B"), ownerOf("C"), ownerOf("D"), ownerOf("E"), ownerOf("F"),
	}
)

// monthsFrom draws one to three months in a row, of leap years too.
func monthsFrom(t *rapid.T) []civil.Month {
	m := civil.Month{Year: rapid.IntRange(2023, 2029).Draw(t, "year"), Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month"))}
	months := []civil.Month{m}
	for range rapid.IntRange(0, 2).Draw(t, "more months") {
		m = m.Next()
		months = append(months, m)
	}
	return months
}

// stories draws histories of up to six owners.
var stories = rapid.Custom(func(t *rapid.T) story {
	s := story{
		currency: currencies.Draw(t, "currency"), months: monthsFrom(t),
		plan: rapid.SampledFrom([]catalog.Plan{catalog.Flexible, catalog.AnnualMonthlyPay}).Draw(t, "plan"),
	}
	begin, end := s.months[0].First(), s.months[len(s.months)-1].End()
	s.start = begin + civil.Date(rapid.OneOf(rapid.Just(int32(-40)), rapid.Int32Range(-5, 20)).Draw(t, "start"))
	s.first = fact{
		owner: owners[0], alive: true, channel: customer.Online, seats: seatCounts.Draw(t, "seats"), price: unitPrices.Draw(t, "price"),
		state: rapid.SampledFrom([]customer.SubscriptionState{customer.SubActive, customer.SubActive, customer.SubTrial}).Draw(t, "state"),
	}
	n := rapid.IntRange(1, len(owners)).Draw(t, "owners")
	for range rapid.IntRange(0, 10).Draw(t, "events") {
		s.events = append(s.events, drawEvent(t, s.start, end, owners[:n]))
	}
	slices.SortStableFunc(s.events, func(a, b event) int { return int(a.on - b.on) })
	return s
})

// fittingStories are those of which every sum fits into 64 bits.
var fittingStories = stories.Filter(func(s story) bool { return s.fits() })

func (s story) fits(late ...event) bool {
	_, fits := s.naive(s.facts(late...))
	return fits
}

// fitsAllAlong reports whether the story fits before each of its events too: without what comes later, a subscription may go on
// to cost too much.
func (s story) fitsAllAlong() bool {
	return !slices.ContainsFunc(s.events, func(e event) bool {
		early := s
		early.events = slices.DeleteFunc(slices.Clone(s.events), func(later event) bool { return later.on >= e.on })
		return !early.fits()
	})
}

func drawEvent(t *rapid.T, from, to civil.Date, owners []billing.Owner) event {
	e := event{on: from + civil.Date(rapid.Int32Range(0, int32(max(1, to-from))).Draw(t, "day"))}
	switch kind := rapid.SampledFrom([]string{"move", "move", "move", "seats", "seats", "price", "suspend", "resume", "end"}).Draw(t, "event"); kind {
	case "move":
		e.to = rapid.SampledFrom(owners).Draw(t, "to")
		e.what = func(f *fact) { f.owner = e.to }
	case "seats":
		n := seatCounts.Draw(t, "seats")
		e.what = func(f *fact) { f.seats = n }
	case "price":
		p := unitPrices.Draw(t, "price")
		e.what = func(f *fact) { f.price = p }
	case "suspend":
		why := rapid.SampledFrom([]customer.SuspensionReason{
			customer.SuspendedByReseller, customer.SuspendedByVendor, customer.SuspendedTrialEnded,
		}).Draw(t, "why")
		e.what = func(f *fact) { f.state, f.suspension = customer.SubSuspended, why }
	case "resume":
		e.what = func(f *fact) { f.state, f.suspension = customer.SubActive, "" }
	case "end":
		e.what = func(f *fact) { f.alive = false }
	}
	return e
}

// facts writes down each day of the story's months.
func (s story) facts(late ...event) map[civil.Date]fact {
	days := make(map[civil.Date]fact)
	end := s.months[len(s.months)-1].End()
	for d := s.start; d < end; d++ {
		days[d] = s.first
	}
	for _, e := range slices.Concat(s.events, late) {
		for d := e.on; d < end; d++ {
			f := days[d]
			e.what(&f)
			days[d] = f
		}
	}
	return days
}

// naiveBilled says whether a day is billed, in other words than the product does.
func (s story) naiveBilled(f fact) bool {
	free := !f.alive || f.state == customer.SubTrial || f.seats == 0
	paused := f.state == customer.SubSuspended && (s.plan == catalog.Flexible || f.suspension == customer.SuspendedTrialEnded)
	return !free && !paused
}

// naive returns what each billed day costs: how much the month's rounded sum grows by it. It is false if a month does not fit.
func (s story) naive(facts map[civil.Date]fact) (costs map[civil.Date]int64, fits bool) {
	costs = make(map[civil.Date]int64)
	for _, m := range s.months {
		sum, before := new(big.Rat), new(big.Int)
		for d := m.First(); d < m.End(); d++ {
			f, known := facts[d]
			if !known || !s.naiveBilled(f) {
				continue
			}
			a := new(big.Rat).Mul(big.NewRat(f.price.Num, f.price.Den), new(big.Rat).SetInt64(f.seats))
			sum.Add(sum, a.Quo(a, new(big.Rat).SetInt64(int64(m.Days()))))
			after := naiveRound(sum)
			if !after.IsInt64() {
				return nil, false
			}
			costs[d] = after.Int64() - before.Int64()
			before = after
		}
	}
	return costs, true
}

// naiveRound rounds what is not negative: a half up.
func naiveRound(x *big.Rat) *big.Int {
	y := new(big.Rat).Add(x, big.NewRat(1, 2))
	return new(big.Int).Quo(y.Num(), y.Denom())
}

// together writes the story down as the rows of all consoles at once, from the events before a date.
func (s story) together(before civil.Date) []billing.Segment {
	rows := []billing.Segment{s.row()}
	for _, e := range s.events {
		if e.on < before {
			rows = append(rows, billing.Change(rows, e.on, e.edit)...)
		}
	}
	return rows
}

func (s story) row() billing.Segment {
	return billing.Segment{
		Owner: s.first.owner, Period: civil.Period{From: s.start, To: civil.Forever}, Plan: s.plan, State: s.first.state,
		Channel: s.first.channel, Seats: s.first.seats, Price: s.first.price,
	}
}

// apart writes the story down as each console has it, with what moves bring along.
func (s story) apart() map[billing.Owner][]billing.Segment {
	holder := s.first.owner
	rows := map[billing.Owner][]billing.Segment{holder: {s.row()}}
	for _, e := range s.events {
		switch {
		case e.to == (billing.Owner{}):
			rows[holder] = append(rows[holder], billing.Change(rows[holder], e.on, e.edit)...)
		case e.to != holder:
			left, came := billing.Move(rows[holder], e.on, e.to, "mig")
			rows[holder] = left
			holder = e.to
			rows[holder] = append(rows[holder], came...)
		}
	}
	return rows
}
