package billing

import (
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
)

// OrderOffer returns the subscription with another plan or product; old and offered tell what the present product and that one cost.
//
//   - A flexible plan takes any plan and product at once. An annual plan begins a new term on that day.
//   - Within the term of an annual plan the plan stays: what comes after it is a matter of its renewal ("order.committed_plan").
//     A product that is listed dearer, or at the same price, holds at once and the term stays; a cheaper one holds from the renewal on.
//     Ordering the present product again withdraws that.
//
// Whoever changes the offer pays the listed price of the new one ("order.not_offered_in" if there is none).
func OrderOffer(s customer.Subscription, sku catalog.SKU, plan catalog.Plan, on civil.Date, old, offered PriceOn) (customer.Subscription, error) {
	committed := Committed(s, on)
	switch {
	case s.State != customer.SubActive || s.Plan.Annual() && !committed:
		return s, badState(s)
	case !plan.Valid():
		return s, fault.InvalidField("plan", "order.plan_missing", nil)
	case committed && plan != s.Plan:
		return s, fault.InvalidField("plan", "order.committed_plan", fault.Args{"Date": s.TermEnd})
	case sku.ID == s.SKUID && plan == s.Plan:
		s.RenewalSKUID = ""
		return s, nil
	}
	listed, ok := offered(plan, on)
	if !ok {
		return s, notOffered(s, sku, plan)
	}
	if committed {
		before, known := old(s.Plan, on)
		if !known {
			before = s.Price
		}
		if _, falls := before.Minus(listed); falls {
			return atRenewal(s, sku, offered)
		}
	} else if s.Plan = plan; plan.Annual() {
		s.MaxSeats, s.TermStart, s.TermEnd, s.Renewal = 0, on, on.AddMonths(12), customer.RenewMonthly
		if plan == catalog.AnnualYearlyPay {
			s.Renewal = customer.RenewYearly
		}
	}
	s.SKUID, s.RenewalSKUID, s.Price = sku.ID, "", listed
	return s, affordable(s)
}

// atRenewal returns an annual subscription that becomes a cheaper product when its term ends.
func atRenewal(s customer.Subscription, sku catalog.SKU, offered PriceOn) (customer.Subscription, error) {
	if s.Renewal == customer.RenewCancel {
		return s, fault.New(fault.Precondition, "order.ends_then", fault.Args{"Date": s.TermEnd})
	}
	if _, ok := offered(planAfter(s), s.TermEnd); !ok {
		return s, notOffered(s, sku, planAfter(s))
	}
	s.RenewalSKUID = sku.ID
	return s, nil
}

func notOffered(s customer.Subscription, sku catalog.SKU, plan catalog.Plan) error {
	return fault.InvalidField("plan", "order.not_offered_in", fault.Args{
		"SKU": sku.Name, "Plan": fault.Word("plan." + string(plan)), "Currency": string(s.Currency),
	})
}
