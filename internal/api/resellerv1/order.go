package resellerv1

import (
	"context"

	"google.golang.org/api/reseller/v1"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
)

// annual is how the API returns the annual plan with monthly payments.
const annual = "ANNUAL"

// plans are the names of plans. What begins as a trial goes on as a flexible plan.
var plans = map[string]catalog.Plan{
	"FLEXIBLE": catalog.Flexible, "TRIAL": catalog.Flexible, annual: catalog.AnnualMonthlyPay,
	"ANNUAL_MONTHLY_PAY": catalog.AnnualMonthlyPay, "ANNUAL_YEARLY_PAY": catalog.AnnualYearlyPay,
}

// renewals are the names of what happens at the end of a term. Every seat counts as used, so that as many seats as there are and
// as many as are used is the same; empty is the plan that there is.
var renewals = map[string]customer.RenewalKind{
	"AUTO_RENEW": "", "AUTO_RENEW_MONTHLY_PAY": customer.RenewMonthly, "AUTO_RENEW_YEARLY_PAY": customer.RenewYearly,
	"RENEW_CURRENT_USERS": "", "RENEW_CURRENT_USERS_MONTHLY_PAY": customer.RenewMonthly, "RENEW_CURRENT_USERS_YEARLY_PAY": customer.RenewYearly,
	"SWITCH_TO_PAY_AS_YOU_GO": customer.RenewFlexible, "CANCEL": customer.RenewCancel,
}

// order is what a request orders.
type order struct {
	sku           string
	plan          catalog.Plan
	trial         bool
	seats         int64
	renewal       customer.RenewalKind
	purchaseOrder string
}

// readOrder reads a new subscription.
func readOrder(body []byte) (o order, err error) {
	in := reseller.Subscription{}
	if err := fill(&in, body); err != nil {
		return o, err
	}
	if in.Plan == nil {
		in.Plan = &reseller.SubscriptionPlan{}
	}
	if err := require(needed{"skuId", in.SkuId}, needed{"plan.planName", in.Plan.PlanName}); err != nil {
		return o, err
	}
	o = order{sku: in.SkuId, purchaseOrder: in.PurchaseOrderId, trial: in.Plan.PlanName == "TRIAL" || in.TrialSettings != nil && in.TrialSettings.IsInTrial}
	if o.plan, err = readPlan("plan.planName", in.Plan.PlanName); err != nil {
		return o, err
	}
	if o.seats, err = readSeats("seats.", in.Seats, o.plan); err != nil {
		return o, err
	}
	if r := in.RenewalSettings; r != nil && o.plan.Annual() {
		if o.renewal, err = readRenewal("renewalSettings.renewalType", r.RenewalType); err != nil {
			return o, err
		}
	}
	return o, noDeal(in.DealCode)
}

func readPlan(field, name string) (catalog.Plan, error) {
	plan, ok := plans[name]
	if !ok {
		return plan, fault.InvalidField(field, "reseller.value", nil)
	}
	return plan, nil
}

// readSeats reads the number of seats, which has another name on each kind of plan.
func readSeats(at string, in *reseller.Seats, plan catalog.Plan) (int64, error) {
	if in == nil {
		in = &reseller.Seats{}
	}
	name, n := at+"maximumNumberOfSeats", in.MaximumNumberOfSeats
	if plan.Annual() {
		name, n = at+"numberOfSeats", in.NumberOfSeats
	}
	switch {
	case n == 0:
		return 0, fault.InvalidField(name, requiredKey, nil)
	case n < 0 || n > customer.MostSeats:
		return 0, fault.InvalidField(name, "order.seats", fault.Args{"Most": customer.MostSeats})
	}
	return n, nil
}

// readRenewal reads what happens at the end of a term; empty is the plan that there is.
func readRenewal(field, name string) (customer.RenewalKind, error) {
	kind, ok := renewals[name]
	switch {
	case name == "":
		return kind, fault.InvalidField(field, requiredKey, nil)
	case !ok:
		return kind, fault.InvalidField(field, "reseller.value", nil)
	}
	return kind, nil
}

// noDeal refuses a code for a discount, which nobody would get.
func noDeal(code string) error {
	if code != "" {
		return fault.InvalidField("dealCode", "reseller.deal", nil)
	}
	return nil
}

// change reads what a request orders of a subscription.
type change func(l app.SubscriptionLine, body []byte) (app.Change, error)

// changing answers a method that orders something of a subscription.
func changing(read change) func(*service, context.Context, call) (any, error) {
	return func(s *service, ctx context.Context, c call) (any, error) {
		_, l, err := s.line(ctx, c)
		if err != nil {
			return nil, err
		}
		order, err := read(l, c.body)
		if err != nil {
			return nil, err
		}
		return s.changed(ctx, c, l, order)
	}
}

func (s *service) changed(ctx context.Context, c call, l app.SubscriptionLine, order app.Change) (any, error) {
	if err := s.app.ChangeSubscription(ctx, c.Actor, l.ID, order); err != nil {
		return nil, err
	}
	return s.getSubscription(ctx, c)
}

// plainly orders what needs no more words.
func plainly(action app.ChangeAction) change {
	return func(app.SubscriptionLine, []byte) (app.Change, error) { return app.Change{Action: action}, nil }
}

// changePlan is reseller.subscriptions.changePlan: another plan, and as many seats as it says.
func changePlan(l app.SubscriptionLine, body []byte) (c app.Change, err error) {
	in := reseller.ChangePlanRequest{}
	if err := fill(&in, body); err != nil {
		return c, err
	}
	if err := require(needed{"planName", in.PlanName}); err != nil {
		return c, err
	}
	c.Action = app.ChangeOffer
	if c.Plan, err = readPlan("planName", in.PlanName); err != nil {
		return c, err
	}
	if in.PlanName == "TRIAL" {
		return c, fault.InvalidField("planName", "reseller.value", nil)
	}
	if c.Seats, err = readSeats("seats.", in.Seats, c.Plan); err != nil {
		return c, err
	}
	if in.PurchaseOrderId != "" && in.PurchaseOrderId != l.PurchaseOrderID {
		return c, fault.InvalidField("purchaseOrderId", "reseller.purchase_order_stays", nil)
	}
	return c, noDeal(in.DealCode)
}

// changeSeats is reseller.subscriptions.changeSeats.
func changeSeats(l app.SubscriptionLine, body []byte) (c app.Change, err error) {
	in := reseller.Seats{}
	if err := fill(&in, body); err != nil {
		return c, err
	}
	c.Action = app.ChangeSeats
	c.Seats, err = readSeats("", &in, l.Plan)
	return c, err
}

// changeRenewal is reseller.subscriptions.changeRenewalSettings.
func changeRenewal(l app.SubscriptionLine, body []byte) (c app.Change, err error) {
	in := reseller.RenewalSettings{}
	if err := fill(&in, body); err != nil {
		return c, err
	}
	c.Action = app.ChangeRenewal
	if c.Renewal, err = readRenewal("renewalType", in.RenewalType); c.Renewal == "" {
		c.Renewal = customer.RenewMonthly
		if l.Plan == catalog.AnnualYearlyPay {
			c.Renewal = customer.RenewYearly
		}
	}
	return c, err
}
