package demo

import (
	"time"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// examples are the two customers of the help page on unification, whatever the seed is: moved from Seattle to Tokyo on 15 October
// 2026, 10 seats at ￥816 a month leave ￥3,685 and bring ￥4,475; of 25 seats at ￥8,160 a year, paid on 1 April, ￥93,896 are left.
var examples = []recipe{
	{name: "the example of a monthly plan", pays: "JPY", cook: func(d *draft) {
		d.called("株式会社見本商事 髙﨑𠮷野支店", "mihon-monthly.example")
		d.example(customer.Subscription{
			Plan: catalog.Flexible, Seats: 10, Price: money.Price{Num: 816, Den: 1}, StartDate: civil.NewDate(2026, time.June, 1),
		})
	}},
	{name: "the example of a year paid in advance", pays: "JPY", cook: func(d *draft) {
		d.called("株式会社見本工業", "mihon-yearly.example")
		start := civil.NewDate(2026, time.April, 1)
		d.example(customer.Subscription{
			Plan: catalog.AnnualYearlyPay, Seats: 25, Price: money.Price{Num: 8_160, Den: 1}, StartDate: start,
			TermStart: start, TermEnd: anniversary(start, 1), Renewal: customer.RenewYearly,
		})
	}},
}

// called gives the customer a name of its own instead of one by chance.
func (d *draft) called(name, domain string) {
	d.org = japanese(d.dice)
	d.org.name, d.org.domain = name, domain
}

// example adds a subscription in which nothing is by chance.
func (d *draft) example(s customer.Subscription) {
	s.ConsoleID, s.SKUID, s.Group, s.State, s.Channel = d.console.ID, businessStarter, d.groups[businessStarter], customer.SubActive, customer.Online
	s.Currency, s.CreatedAt = d.pays, d.instant(s.StartDate)
	s.ID = d.id("sub", s.CreatedAt)
	s.BillingAccountID = d.billedTo(s.Currency, s.Group).ID
	h := &history{draft: d, sub: &s, plan: s.Plan}
	h.write(step{on: s.StartDate, at: s.CreatedAt, action: customer.OrderCreated, by: customer.ByReseller, seats: s.Seats})
	d.since = s.StartDate
	d.subs = append(d.subs, s)
}
