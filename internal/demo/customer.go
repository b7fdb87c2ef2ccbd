package demo

import (
	"fmt"
	"slices"
	"time"

	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// draft is a customer in the making.
type draft struct {
	dice
	*builder
	*site
	org        organisation
	pays       money.Currency // what it buys in unless a wish says otherwise
	since      civil.Date     // the first day of its history
	pendingTOS bool
	subs       []customer.Subscription
	orders     []customer.Order
}

func (b *builder) customers(s *site, n int) {
	d := newDice(b.seed, s.stream)
	for i, r := range s.plan(d, n) {
		c := &draft{dice: d, builder: b, site: s, pays: s.home, since: b.today - d.days(30, 1600)}
		if r.pays != "" {
			c.pays = r.pays
		}
		c.org = b.organisation(s, d, r)
		r.cook(c)
		c.store(i)
	}
}

// organisation draws who the customer is: one of Tokyo's businesses abroad, a company of the country of its
// currency, or one of the console's own.
func (b *builder) organisation(s *site, d dice, r recipe) organisation {
	if r.name == twin && len(b.twins) > 0 {
		i := d.IntN(len(b.twins))
		at := b.twins[i]
		b.twins = slices.Delete(b.twins, i, i+1)
		return at.abroad(d)
	}
	if organise, ok := s.foreign[r.pays]; ok {
		return b.names.settle(d, organise)
	}
	org := b.names.settle(d, s.organise)
	if s.stream == streamTokyo && org.trade == business {
		b.twins = append(b.twins, org)
	}
	return org
}

// store writes the finished draft into the world.
func (d *draft) store(serial int) {
	created := d.instant(d.since)
	for _, s := range d.subs {
		if s.CreatedAt.Before(created) {
			created = s.CreatedAt
		}
	}
	created = created.Add(-time.Duration(d.between(10, 40)) * time.Minute)
	c := customer.Customer{
		ConsoleID: d.console.ID, ID: d.id("cus", created), Domain: d.org.domain, Name: d.org.name, State: customer.Live,
		ContactName: d.org.contact, ContactEmail: d.org.mail + "@" + d.org.domain, Phone: d.org.phone,
		Country: d.org.country, PostalCode: d.org.postal, Address: d.org.address, Language: d.org.language,
		CreatedAt: created,
	}
	if d.chance(40) {
		c.CRMID = fmt.Sprintf("CRM-%06d", 100001+serial)
	}
	if !d.pendingTOS {
		c.TOSAcceptedAt = created.Add(time.Duration(d.between(5, 1200)) * time.Minute)
	}
	for i := range d.subs {
		d.subs[i].CustomerID = c.ID
	}
	for i := range d.orders {
		d.orders[i].CustomerID = c.ID
	}
	d.world.Customers = append(d.world.Customers, c)
	d.world.Subscriptions = append(d.world.Subscriptions, d.subs...)
	d.world.Orders = append(d.world.Orders, d.orders...)
}

// instant is a moment of the console's working day on the date.
func (d *draft) instant(on civil.Date) time.Time {
	return on.Start(d.zone).Add(time.Duration(d.opens)*time.Hour + time.Duration(d.between(0, 8*3600))*time.Second).UTC()
}
