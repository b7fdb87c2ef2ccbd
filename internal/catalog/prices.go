package catalog

import (
	"slices"

	"psc/internal/civil"
	"psc/internal/money"
)

// Step is what an offer costs from a billing date on.
type Step struct {
	Offer

	From civil.Date
}

// Prices says what each offer costs on each date: until its first step what Offers says.
type Prices struct {
	Offers []Offer
	Steps  []Step // by date
}

func (o Offer) same(p Offer) bool {
	return o.SKUID == p.SKUID && o.Plan == p.Plan && o.Currency == p.Currency
}

// On returns what an offer costs on a date, false if there is none.
func (p Prices) On(o Offer, d civil.Date) (money.Price, bool) {
	at := slices.IndexFunc(p.Offers, o.same)
	if at < 0 {
		return money.Price{}, false
	}
	price := p.Offers[at].Price
	for _, s := range p.Steps {
		if s.From <= d && s.same(o) {
			price = s.Price
		}
	}
	return price, true
}

// Before returns what an offer costs on the day before a step.
func (p Prices) Before(s Step) money.Price {
	price, _ := p.On(s.Offer, s.From-1)
	return price
}

// At returns all offers as they are on a date.
func (p Prices) At(d civil.Date) []Offer {
	list := slices.Clone(p.Offers)
	for i, o := range list {
		list[i].Price, _ = p.On(o, d)
	}
	return list
}

// Stepped reports whether a price of the offer has an effective date.
func (p Prices) Stepped(o Offer) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.same(o) })
}

// Of returns the steps of the flexible plan after one date and up to another: those that subscriptions take when the day comes.
func (p Prices) Of(after, until civil.Date) (list []Step) {
	for _, s := range p.Steps {
		if s.Plan == Flexible && s.From > after && s.From <= until && !p.Before(s).Equal(s.Price) {
			list = append(list, s)
		}
	}
	return list
}
