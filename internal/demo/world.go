// Package demo makes the world of `psc demo`: one reseller with three consoles, their people, customers and
// subscriptions, all invented. The same seed makes the same world.
package demo

import (
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
)

// Sizes are how many customers each console has.
type Sizes struct{ Tokyo, Seattle, Berlin int }

// Default are the sizes of the demo unless somebody asks for others.
var Default = Sizes{Tokyo: 1200, Seattle: 400, Berlin: 60}

// least is the fewest customers of a console: each kind of customer still finds room.
const least = 25

// Total returns the customers of all three.
func (s Sizes) Total() int { return s.Tokyo + s.Seattle + s.Berlin }

// SizesFor spreads a total number of customers over the consoles in the proportions of Default, 25 at least in each.
func SizesFor(total int) Sizes {
	part := func(of int) int { return max(least, total*of/Default.Total()) }
	s := Sizes{Seattle: part(Default.Seattle), Berlin: part(Default.Berlin)}
	s.Tokyo = max(least, total-s.Seattle-s.Berlin)
	return s
}

// World is everything that the demo begins with, as plain data. Lists are in the order in which they can be stored.
type World struct {
	Reseller       Reseller
	LegalEntities  []billing.LegalEntity
	Consoles       []console.Console
	SKUs           []catalog.SKU
	Offers         []catalog.Offer
	Authorizations []Authorization
	People         []console.Person
	Memberships    []console.Membership
	Agreements     []Agreement
	Accounts       []billing.Account
	Issuers        []billing.Issuer
	FirstBilled    civil.Date // a day of the first month that is billed here
	Customers      []customer.Customer
	Subscriptions  []customer.Subscription
	Orders         []customer.Order
}

// Reseller is the company that all consoles of the demo belong to.
type Reseller struct {
	ID        string
	Name      string
	CreatedAt time.Time
}

// Authorization lets a console sell a SKU.
type Authorization struct {
	ConsoleID string
	SKUID     string
}

// Agreement is a console's signature under the agreement of a legal entity.
type Agreement struct {
	ConsoleID     string
	LegalEntityID string
	SignedAt      time.Time
	SignedBy      string // the name of the person
}

// Build makes the world as it is at the instant at; zone is the billing zone.
func Build(seed uint64, n Sizes, at time.Time, zone *time.Location) World {
	b := builder{at: at.UTC(), zone: zone, today: civil.DateOf(at, zone), seed: seed, names: newRegister()}
	b.world.SKUs, b.world.Offers = skus(), offers()
	b.prices, b.groups = pricesOf(b.world.Offers), groupsOf(b.world.SKUs)

	tokyo, seattle, berlin := b.sites()
	b.people(tokyo, seattle, berlin)
	b.agreements(tokyo, seattle, berlin)
	b.accounts(tokyo, seattle, berlin)
	b.world.Issuers, b.world.FirstBilled = issuers(), b.today
	b.customers(tokyo, n.Tokyo)
	b.customers(seattle, n.Seattle)
	b.customers(berlin, n.Berlin)
	return b.world
}
