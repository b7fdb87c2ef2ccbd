package customer

import (
	"slices"
	"strings"

	"psc/internal/catalog"
	"psc/internal/fault"
)

// CheckLimits holds what a customer's subscriptions become to the product limits of the catalogue: now, and as they will be when
// their present terms are over. An edition has no more seats than its cap ("order.edition_cap"), and an add-on has something to add
// to: a new one ("order.needs_base", or "order.base_ends" if what it would be added to ends) as well as those that another order would
// leave alone ("order.base_needed"). What was so before keeps nobody from ordering something else.
func CheckLimits(skus map[string]catalog.SKU, was, is []Subscription) error {
	if err := CheckLimitsNow(skus, was, is); err != nil {
		return err
	}
	return checkLimits(skus, afterTerms(was), afterTerms(is), "order.base_ends")
}

// CheckLimitsNow is CheckLimits without what the ends of terms will bring.
func CheckLimitsNow(skus map[string]catalog.SKU, was, is []Subscription) error {
	return checkLimits(skus, living(was), living(is), "order.needs_base")
}

func checkLimits(skus map[string]catalog.SKU, was, is []Subscription, noBase string) error {
	for _, s := range is {
		sku := skus[s.SKUID]
		before, seats := editionSeats(skus, was, sku.Edition), editionSeats(skus, is, sku.Edition)
		if sku.EditionSeats > 0 && seats > sku.EditionSeats && seats > before {
			return fault.InvalidField("seats", "order.edition_cap", fault.Args{
				"Edition": sku.Edition, "Cap": sku.EditionSeats, "Seats": seats,
			})
		}
	}
	alone := Alone(skus, is)
	for _, s := range Alone(skus, was) {
		alone = slices.DeleteFunc(alone, func(a Subscription) bool { return a.ID == s.ID })
	}
	if len(alone) == 0 {
		return nil
	}
	for _, a := range alone {
		if !slices.ContainsFunc(was, func(s Subscription) bool { return s.ID == a.ID }) {
			return fault.InvalidField("sku", noBase, fault.Args{"SKU": skus[a.SKUID].Name, "Group": a.Group.Name()})
		}
	}
	names := make([]string, len(alone))
	for i, a := range alone {
		names[i] = skus[a.SKUID].Name
	}
	return fault.New(fault.Precondition, "order.base_needed", fault.Args{"AddOns": strings.Join(names, ", ")})
}

// editionSeats sums the seats of an edition over its products.
func editionSeats(skus map[string]catalog.SKU, list []Subscription, edition string) (seats int64) {
	for _, s := range list {
		if edition != "" && skus[s.SKUID].Edition == edition {
			seats += s.Seats
		}
	}
	return seats
}

// Alone returns those add-ons of a customer that have nothing of their product group to add to.
func Alone(skus map[string]catalog.SKU, list []Subscription) []Subscription {
	var based []catalog.ProductGroup
	for _, s := range list {
		if !skus[s.SKUID].AddOn {
			based = append(based, s.Group)
		}
	}
	var alone []Subscription
	for _, s := range list {
		if skus[s.SKUID].AddOn && !slices.Contains(based, s.Group) {
			alone = append(alone, s)
		}
	}
	return alone
}

// living are the subscriptions that have not ended.
func living(list []Subscription) []Subscription {
	return slices.DeleteFunc(slices.Clone(list), func(s Subscription) bool { return s.State == SubCancelled })
}

// afterTerms are they as their renewal settings leave them.
func afterTerms(list []Subscription) []Subscription {
	list = slices.DeleteFunc(living(list), func(s Subscription) bool { return s.Plan.Annual() && s.Renewal == RenewCancel })
	for i, s := range list {
		if s.RenewalSeats > 0 {
			list[i].Seats = s.RenewalSeats
		}
		if s.RenewalSKUID != "" {
			list[i].SKUID = s.RenewalSKUID
		}
	}
	return list
}
