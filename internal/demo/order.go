package demo

import (
	"time"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
)

// history writes the orders of one subscription, from its first day on.
type history struct {
	*draft
	sub    *customer.Subscription
	plan   catalog.Plan
	seats  int64
	quiet  civil.Date // from this day on nothing is changed by chance any more
	lastAt time.Time
}

// step is one order to be written; at is set where the hour matters.
type step struct {
	on     civil.Date
	at     time.Time
	action customer.OrderAction
	by     customer.OperatorType
	seats  int64               // afterwards; 0: as before
	state  customer.OrderState // empty: fulfilled
}

// live writes the order history of a subscription and leaves in it the seats and the term to which it led.
func (d *draft) live(s *customer.Subscription, w wish) {
	h := &history{draft: d, sub: s, plan: s.Plan, quiet: d.today - 4}
	origin := h.origin(w)
	if origin != s.StartDate {
		h.plan = catalog.Flexible
	}
	h.write(step{on: s.StartDate, at: s.CreatedAt, action: customer.OrderCreated, by: customer.ByReseller, seats: s.Seats})
	if origin != s.StartDate {
		h.plan = s.Plan
		h.write(step{on: origin, action: customer.OrderPlanChanged, by: customer.ByReseller})
	}
	switch {
	case s.TrialEnd != 0:
		h.trial()
	case w.state == customer.SubCancelled:
		h.cancelled()
	case w.state == customer.SubSuspended:
		h.suspended()
	default:
		h.changes(origin, d.today)
		if w.opensOrder {
			h.write(step{
				on: d.today - h.days(1, 3), action: customer.OrderSeatsChanged, by: customer.ByReseller,
				seats: h.grown(), state: customer.OrderOpen,
			})
		}
	}
	s.Seats = h.seats
}

// origin is the first day of the plan: a few customers of annual plans began with a flexible one.
func (h *history) origin(w wish) civil.Date {
	start := h.sub.StartDate
	if w.state == customer.SubActive && h.plan.Annual() && start < h.today-300 && !w.fixed && h.chance(10) {
		return start + h.days(60, 200)
	}
	return start
}

// trial writes what follows the first order of a trial: nothing, or its end.
func (h *history) trial() {
	if h.sub.State == customer.SubSuspended {
		h.write(step{
			on: h.sub.TrialEnd, at: h.overnight(h.sub.TrialEnd), action: customer.OrderSuspended, by: customer.BySystem,
		})
	}
}

// cancelled ends a flexible subscription on some day, an annual one with one of its terms.
func (h *history) cancelled() {
	start := h.sub.StartDate
	if !h.plan.Annual() {
		end := start + h.days(90, int32(h.today-start)-10)
		h.quiet = end
		h.changes(start, end)
		h.write(step{on: end, action: customer.OrderEnded, by: customer.ByReseller})
		return
	}
	years := 1
	for anniversary(start, years+1) <= h.today && h.chance(60) {
		years++
	}
	end := anniversary(start, years)
	h.quiet = end
	h.changes(start, end-1)
	h.write(step{on: end, at: h.overnight(end), action: customer.OrderEnded, by: customer.BySystem})
}

func (h *history) suspended() {
	on := h.today - h.days(5, 60)
	h.quiet = on
	h.changes(h.sub.StartDate, h.today)
	by := customer.ByReseller
	if h.sub.SuspensionReason == customer.SuspendedByVendor {
		by = customer.ByVendor
	}
	h.write(step{on: on, action: customer.OrderSuspended, by: by})
}

// changes writes what happens from the first day of the plan to the last one.
func (h *history) changes(origin, last civil.Date) {
	if h.plan.Annual() {
		h.terms(origin, last)
		return
	}
	for on := origin + h.days(30, 250); on < h.quiet; on += h.days(60, 320) {
		switch {
		case h.chance(8) && on+21 < h.quiet:
			h.write(step{on: on, action: customer.OrderSuspended, by: customer.ByReseller})
			on += h.days(3, 20)
			h.write(step{on: on, action: customer.OrderActivated, by: customer.ByReseller})
		case h.chance(35):
			h.change(on, h.shrunk())
		default:
			h.change(on, h.grown())
		}
	}
}

// terms goes from term to term: seats rise at any time and fall only with a renewal.
func (h *history) terms(origin, last civil.Date) {
	for year := 0; ; year++ {
		from, to := anniversary(origin, year), anniversary(origin, year+1)
		h.sub.TermStart, h.sub.TermEnd = from, to
		if year > 0 {
			seats := h.seats
			if h.chance(25) {
				seats = h.shrunk()
			}
			h.write(step{on: from, at: h.overnight(from), action: customer.OrderRenewed, by: customer.BySystem, seats: seats})
		}
		if on := from + h.days(15, 330); on < h.quiet && h.chance(50) {
			h.change(on, h.grown())
		}
		if to > last {
			return
		}
	}
}

// change orders other seats; now and then the order is withdrawn and changes nothing.
func (h *history) change(on civil.Date, seats int64) {
	if seats == h.seats {
		return
	}
	by := draw(h.dice, []weighted[customer.OperatorType]{{customer.ByReseller, 80}, {customer.ByCustomer, 20}})
	if h.chance(4) {
		h.write(step{on: on, action: customer.OrderSeatsChanged, by: by, seats: seats, state: customer.OrderCancelled})
		return
	}
	h.write(step{on: on, action: customer.OrderSeatsChanged, by: by, seats: seats})
}

func (h *history) grown() int64 {
	seats := h.seats + max(1, h.seats*int64(h.between(3, 25))/100)
	if isBusiness(h.sub.SKUID) {
		return min(seats, mostBusiness)
	}
	return seats
}

func (h *history) shrunk() int64 { return max(1, h.seats-max(1, h.seats*int64(h.between(3, 20))/100)) }

// overnight is when the system does what a day brings.
func (h *history) overnight(on civil.Date) time.Time {
	return on.Start(h.zone).Add(10 * time.Minute).UTC()
}

// write adds an order, later than the one before it.
func (h *history) write(st step) {
	at := st.at
	if at.IsZero() {
		at = h.instant(st.on)
	}
	if !at.After(h.lastAt) {
		at = h.lastAt.Add(17 * time.Minute)
	}
	h.lastAt = at
	o := customer.Order{
		ConsoleID: h.console.ID, ID: h.id("ord", at), SubscriptionID: h.sub.ID, At: at, BillingDate: civil.DateOf(at, h.zone),
		By: st.by, ByName: h.nameOf(st.by), Action: st.action, SKUID: h.sub.SKUID, Plan: h.plan,
		SeatsBefore: h.seats, SeatsAfter: st.seats, State: st.state,
	}
	if o.SeatsAfter == 0 {
		o.SeatsAfter = h.seats
	}
	if o.State == "" {
		o.State, h.seats = customer.OrderFulfilled, o.SeatsAfter
	}
	h.orders = append(h.orders, o)
}

// nameOf is the person behind a change; the system and the vendor go without.
func (h *history) nameOf(by customer.OperatorType) string {
	switch by {
	case customer.ByReseller:
		return pick(h.dice, h.staff)
	case customer.ByCustomer:
		return h.org.contact
	case customer.BySystem, customer.ByVendor:
		return ""
	default:
		return ""
	}
}
