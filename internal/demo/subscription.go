package demo

import (
	"cmp"
	"fmt"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// wish is what a recipe wants of a subscription; what it leaves empty is up to chance.
type wish struct {
	sku        string
	plan       catalog.Plan
	currency   money.Currency
	channel    customer.Channel
	start      civil.Date
	seats      int
	state      customer.SubscriptionState // empty: active
	reason     customer.SuspensionReason
	opensOrder bool // its last order is still open
	fixed      bool // start is the first day of its terms
}

// trialDays is how long a trial is free.
const trialDays = 30

// subscribe adds a subscription with its order history.
func (d *draft) subscribe(w wish) {
	w = d.complete(w)
	s := customer.Subscription{
		ConsoleID: d.console.ID, SKUID: w.sku, Group: d.groups[w.sku], Plan: w.plan, State: w.state,
		SuspensionReason: w.reason, Channel: w.channel, Seats: int64(w.seats), Currency: w.currency,
		Price: d.priceOf(w), StartDate: w.start, CreatedAt: d.instant(w.start),
	}
	s.ID = d.id("sub", s.CreatedAt)
	s.BillingAccountID = d.billedTo(s.Currency, s.Group).ID
	if w.state == customer.SubTrial || w.reason == customer.SuspendedTrialEnded {
		s.TrialEnd = w.start + trialDays
	}
	d.live(&s, w)
	if s.Plan == catalog.Flexible && d.chance(25) {
		s.MaxSeats = s.Seats + int64(d.between(5, 100))
	}
	if d.chance(40) {
		s.PurchaseOrderID = d.purchaseOrder(s.StartDate)
	}
	if s.Plan.Annual() {
		s.Renewal = d.renewal(s)
	}
	d.subs = append(d.subs, s)
}

// complete fills in what the wish leaves open.
func (d *draft) complete(w wish) wish {
	w.sku = cmp.Or(w.sku, draw(d.dice, skusOf[d.org.trade]))
	w.currency = cmp.Or(w.currency, d.pays)
	w.channel = cmp.Or(w.channel, customer.Online)
	w.state = cmp.Or(w.state, customer.SubActive)
	if w.start == 0 {
		w.start = d.startOf(w)
	}
	if w.state == customer.SubTrial || w.reason == customer.SuspendedTrialEnded {
		w.plan = catalog.Flexible
	}
	w.plan = cmp.Or(w.plan, draw(d.dice, []weighted[catalog.Plan]{
		{catalog.Flexible, 36}, {catalog.AnnualMonthlyPay, 38}, {catalog.AnnualYearlyPay, 26},
	}))
	w.seats = cmp.Or(w.seats, d.seatsOf())
	if isBusiness(w.sku) && (w.seats > mostBusiness*2/3 || w.opensOrder) { // what grows further is on a larger edition
		w.sku = enterpriseStandard
	}
	if len(d.subs) > 0 {
		w.seats = min(w.seats, int(d.subs[0].Seats)) // a later one is for those who have the first
	}
	return w
}

// startOf is when the subscription began: the customer's first day, or, for a later one, some day since. What has
// to have a past has one.
func (d *draft) startOf(w wish) civil.Date {
	ago := func(lo, hi int32) civil.Date { return d.today - d.days(lo, hi) }
	switch {
	case w.state == customer.SubTrial:
		d.since = ago(2, trialDays-6)
		return d.since
	case w.reason == customer.SuspendedTrialEnded:
		d.since = ago(trialDays+10, 90)
		return d.since
	case w.state == customer.SubCancelled:
		return min(d.since, ago(500, 1500))
	case w.state == customer.SubSuspended:
		return min(d.since, ago(150, 700))
	case len(d.subs) == 0:
		return d.since
	default:
		return d.since + d.days(0, max(0, int32(d.today-d.since)-10))
	}
}

func (d *draft) seatsOf() int {
	span := draw(d.dice, []weighted[[2]int]{
		{[2]int{3, 25}, 55}, {[2]int{26, 150}, 30}, {[2]int{151, 900}, 12}, {[2]int{901, 4000}, 3},
	})
	if d.org.trade == school {
		span = [2]int{120, 2500}
	}
	return d.between(span[0], span[1])
}

// priceOf is the list price, for some customers with a discount, in whole minor units.
func (d *draft) priceOf(w wish) money.Price {
	list := d.prices[offerKey{w.sku, w.plan, w.currency}]
	off := draw(d.dice, []weighted[int64]{{0, 80}, {5, 8}, {10, 9}, {20, 3}})
	return money.Price{Num: list.Num * (100 - off) / 100, Den: list.Den}
}

// billedTo is the console's account: most often the first that fits, rarely one on probation.
func (d *draft) billedTo(currency money.Currency, group catalog.ProductGroup) billing.Account {
	var choice []weighted[billing.Account]
	for _, a := range d.site.accounts {
		if !a.Fits(currency, group) {
			continue
		}
		if a.State == billing.AccountActive {
			choice = append(choice, weighted[billing.Account]{a, max(30, 60-30*len(choice))})
		}
		if a.State == billing.AccountProbation {
			choice = append(choice, weighted[billing.Account]{a, 6})
		}
	}
	return draw(d.dice, choice)
}

func (d *draft) purchaseOrder(start civil.Date) string {
	year, month, _ := start.Civil()
	switch d.org.language {
	case "ja":
		return fmt.Sprintf("発注%d-%02d%03d", year, month, d.between(1, 400))
	case "de":
		return fmt.Sprintf("Best.-Nr. %d/%04d", year, d.between(1, 9000))
	default:
		return fmt.Sprintf("PO-%d", 4500000000+d.between(1000, 99999))
	}
}

func (d *draft) renewal(s customer.Subscription) customer.RenewalKind {
	if s.State == customer.SubCancelled {
		return customer.RenewCancel
	}
	same := customer.RenewMonthly
	if s.Plan == catalog.AnnualYearlyPay {
		same = customer.RenewYearly
	}
	return draw(d.dice, []weighted[customer.RenewalKind]{{same, 86}, {customer.RenewFlexible, 8}, {customer.RenewCancel, 6}})
}

// yearsFrom adds a subscription whose terms begin on the day of start: a date that not every year or month has.
func (d *draft) yearsFrom(start civil.Date) {
	d.since = start
	d.subscribe(wish{plan: pick(d.dice, annualPlans), start: start, fixed: true})
}

// lastDay is the latest such day of a year that has it, at least a month ago.
func (d *draft) lastDay(month time.Month, day int) civil.Date {
	for year, _, _ := d.today.Civil(); ; year-- {
		date := civil.NewDate(year, month, day)
		if _, m, _ := date.Civil(); m == month && date <= d.today-30 {
			return date
		}
	}
}

// anniversary is start so many years later; the 29th of February becomes the 28th where there is none.
func anniversary(start civil.Date, years int) civil.Date {
	y, m, day := start.Civil()
	month := civil.Month{Year: y + years, Month: m}
	return min(civil.NewDate(month.Year, month.Month, day), month.End()-1)
}
