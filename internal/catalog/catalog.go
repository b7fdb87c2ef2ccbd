// Package catalog holds what the vendor sells: products, SKUs, plans, offers, and what of it may migrate.
package catalog

import (
	"slices"

	"psc/internal/money"
)

// Plan is how a subscription is paid.
type Plan string

// The plans (spec section 2).
const (
	Flexible         Plan = "FLEXIBLE"
	AnnualMonthlyPay Plan = "ANNUAL_MONTHLY_PAY"
	AnnualYearlyPay  Plan = "ANNUAL_YEARLY_PAY"
)

// Plans are all plans.
var Plans = []Plan{Flexible, AnnualMonthlyPay, AnnualYearlyPay}

// Valid reports whether p is a plan.
func (p Plan) Valid() bool { return p == Flexible || p.Annual() }

// Annual reports whether p is a commitment for a year.
func (p Plan) Annual() bool { return p == AnnualMonthlyPay || p == AnnualYearlyPay }

// ProductGroup is what a billing account can pay for.
type ProductGroup string

// The product groups; Voice belongs to Google Workspace (spec M3).
const (
	GoogleWorkspace ProductGroup = "GOOGLE_WORKSPACE"
	GoogleCloud     ProductGroup = "GOOGLE_CLOUD"
)

// Valid reports whether g is a product group.
func (g ProductGroup) Valid() bool { return g == GoogleWorkspace || g == GoogleCloud }

// Name returns what the group is called, in every language.
func (g ProductGroup) Name() string {
	switch g {
	case GoogleWorkspace:
		return "Google Workspace"
	case GoogleCloud:
		return "Google Cloud"
	default:
		return string(g)
	}
}

// SKU is something that can be subscribed to. Product and SKU names are the same in every language.
type SKU struct {
	ID      string
	Product string
	Name    string
	Group   ProductGroup
	AddOn   bool    // needs a base subscription
	Blocks  []Block // on which plans it cannot move

	Edition      string // products of one edition share its cap; empty: of none
	EditionSeats int64  // how many seats of the edition a customer may have; 0: any number
	TrialDays    int64  // how long a trial is free; 0: there is none
}

// Same reports whether two SKUs are the same in everything, in whatever order their blocks stand.
func (s SKU) Same(t SKU) bool {
	if len(s.Blocks) != len(t.Blocks) {
		return false
	}
	for _, b := range s.Blocks {
		if !slices.Contains(t.Blocks, b) {
			return false
		}
	}
	return s.ID == t.ID && s.Product == t.Product && s.Name == t.Name && s.Group == t.Group && s.AddOn == t.AddOn &&
		s.Edition == t.Edition && s.EditionSeats == t.EditionSeats && s.TrialDays == t.TrialDays
}

// Becomes reports whether a subscription of the SKU can be upgraded or downgraded to another: of the same product, base or add-on.
func (s SKU) Becomes(o SKU) bool {
	return s.Product == o.Product && s.Group == o.Group && s.AddOn == o.AddOn
}

// Block says that a SKU on a plan cannot move, and with which readiness code (spec R1: catalogue data).
type Block struct {
	Plan Plan
	Code string // HAS_GOOGLE_CLOUD or HAS_VOICE_COMMITMENT
}

// Offer is a SKU on a plan at a price in a currency. Price is per seat: a month's for monthly plans, a year's for the prepaid one.
type Offer struct {
	SKUID    string
	Plan     Plan
	Currency money.Currency
	Price    money.Price
}
