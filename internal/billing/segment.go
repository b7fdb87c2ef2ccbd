package billing

import (
	"slices"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// Owner is who is billed: an account of a console.
type Owner struct {
	ConsoleID string
	AccountID string
}

// Segment says of some days of a subscription who is billed for them, how many seats at what price, and how the subscription
// stood. A console's rows of a subscription, in the order in which they were written, are its history: where rows cover the same
// day the later one holds, and a row of the console's own always holds before a carried one.
type Segment struct {
	Owner
	Period      civil.Period // billing dates; To is exclusive, civil.Forever while it is open
	SKUID       string
	Plan        catalog.Plan
	State       customer.SubscriptionState
	Suspension  customer.SuspensionReason // empty unless suspended
	Channel     customer.Channel
	Seats       int64
	Price       money.Price // per seat and calendar month, of a monthly plan
	Carried     bool        // of another console's days, brought along by a move: it counts into C(t) and has no line here (spec B3)
	MigrationID string      // the move that began it; empty if none did
}

// SegmentOf says what a subscription is from a day on.
func SegmentOf(s customer.Subscription, from civil.Date) Segment {
	return Segment{
		Owner:  Owner{ConsoleID: s.ConsoleID, AccountID: s.BillingAccountID},
		Period: civil.Period{From: from, To: civil.Forever}, SKUID: s.SKUID, Plan: s.Plan, State: s.State, Suspension: s.SuspensionReason,
		Channel: s.Channel, Seats: s.Seats, Price: s.Price,
	}
}

// Billed reports whether the days of the segment are billed by the month (spec B5): a trial is free, an offline subscription makes
// no lines, a suspended flexible one pauses while a suspended commitment goes on, and the prepaid plan is billed by lots.
func (s *Segment) Billed() bool {
	if s.Channel == customer.Offline || s.Plan == catalog.AnnualYearlyPay {
		return false
	}
	switch s.State {
	case customer.SubActive:
		return true
	case customer.SubSuspended:
		return s.Plan.Annual() && s.Suspension != customer.SuspendedTrialEnded
	case customer.SubTrial, customer.SubCancelled:
		return false
	default:
		return false
	}
}

// sameTerms reports whether days of both belong into one line: same owner, product, seats and price.
func (s *Segment) sameTerms(o *Segment) bool {
	return s.Owner == o.Owner && s.SKUID == o.SKUID && s.Carried == o.Carried && s.Seats == o.Seats && s.Price.Equal(o.Price)
}

// SoldOn returns the product and the plan of a subscription on a date, empty where its history does not know.
func SoldOn(history []Segment, d civil.Date) (skuID string, plan catalog.Plan) {
	carried := true
	for i := range history {
		if s := &history[i]; s.Period.Contains(d) && (!s.Carried || carried) {
			skuID, plan, carried = s.SKUID, s.Plan, s.Carried
		}
	}
	return skuID, plan
}

// SeatsFrom returns the billing date from which another number of seats is billed that was ordered on a date: added ones from
// that day, removed ones from the day after, as the last day of a removed seat is billed (spec B5). Before is what is billed for
// that day so far.
func SeatsFrom(ordered civil.Date, before, after int64) civil.Date {
	if after < before {
		return ordered + 1
	}
	return ordered
}

// Change returns the rows to append to a history so that from a billing date on it holds with an edit: a new price, seats, state,
// or an end (customer.SubCancelled from the day after the cancellation). No row that is there already is touched, so that
// a date in the past makes a late change, which Corrections bills.
func Change(history []Segment, from civil.Date, edit func(*Segment)) []Segment {
	rows := within(history, civil.Period{From: from, To: civil.Forever})
	for i := range rows {
		edit(&rows[i])
	}
	return rows
}

// Move gives billing date d and all later ones to another owner (spec B2). Left is the history of the console that is left, which
// ends before d; came are the rows to append to the receiving console's own: what is known of d's month before d as carried rows,
// so that each console computes its lines from its own rows (spec B3), and then those from d on.
func Move(history []Segment, d civil.Date, to Owner, migrationID string) (left, came []Segment) {
	left = slices.Clone(history)
	for i, s := range left {
		left[i].Period.To = max(s.Period.From, min(s.Period.To, d))
	}
	came = within(history, civil.Period{From: d.Month().First(), To: d})
	for i := range came {
		came[i].Carried = true
	}
	for _, s := range within(history, civil.Period{From: d, To: civil.Forever}) {
		s.Owner, s.MigrationID = to, migrationID
		came = append(came, s)
	}
	return left, came
}

// within returns copies of the rows of a history as far as they lie in a period, without those that a later row hides there.
func within(history []Segment, period civil.Period) []Segment {
	var rows []Segment
	for i, s := range history {
		s.Period = s.Period.Intersect(period)
		hidden := slices.ContainsFunc(history[i+1:], func(later Segment) bool {
			return later.Period.Intersect(s.Period) == s.Period && (s.Carried || !later.Carried)
		})
		if !s.Period.Empty() && !hidden {
			rows = append(rows, s)
		}
	}
	return rows
}
