package resellerv1

import (
	"context"
	"slices"

	"google.golang.org/api/reseller/v1"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/fault"
)

// getSubscription is reseller.subscriptions.get.
func (s *service) getSubscription(ctx context.Context, c call) (any, error) {
	record, l, err := s.line(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.subscription(c, record.Customer, l), nil
}

// line returns the subscription that a path names, if it has not ended, with its customer.
func (s *service) line(ctx context.Context, c call) (app.CustomerRecord, app.SubscriptionLine, error) {
	record, err := s.recordOf(ctx, c)
	if err != nil {
		return record, app.SubscriptionLine{}, err
	}
	for _, l := range record.Subscriptions {
		if l.ID == c.ids[1] && l.State != customer.SubCancelled {
			return record, l, nil
		}
	}
	return record, app.SubscriptionLine{}, noSubscription()
}

func noSubscription() error { return fault.New(fault.NotFound, "subscription.not_found", nil) }

// recordOf returns all that is known of the customer that a path names.
func (s *service) recordOf(ctx context.Context, c call) (app.CustomerRecord, error) {
	cust, err := s.find(ctx, c)
	if err != nil {
		return app.CustomerRecord{}, err
	}
	return s.record(ctx, c, cust.ID)
}

// insertSubscription is reseller.subscriptions.insert: a new one, another product in the place of one that is there, or with a token what
// the customer has in another console.
func (s *service) insertSubscription(ctx context.Context, c call) (any, error) {
	record, err := s.recordOf(ctx, c)
	if err != nil {
		return nil, err
	}
	o, err := readOrder(c.body)
	if err != nil {
		return nil, err
	}
	if c.query.Has(authToken) {
		return s.takeOver(ctx, c, record.Customer, o.sku)
	}
	switch action := c.query.Get("action"); action {
	case "", "actionUnspecified", "buy":
		return s.buy(ctx, c, record, o)
	case "switch":
		return s.replace(ctx, c, record, o)
	default:
		return nil, parameter("action", "reseller.value", nil)
	}
}

// buy orders a new subscription.
func (s *service) buy(ctx context.Context, c call, record app.CustomerRecord, o order) (any, error) {
	in := app.Purchase{
		CustomerID: record.Customer.ID, SKUID: o.sku, Plan: o.plan, Seats: o.seats, PurchaseOrderID: o.purchaseOrder, Renewal: o.renewal, Trial: o.trial,
	}
	var err error
	if in.AccountID, err = s.payer(ctx, c, record, o); err != nil {
		return nil, err
	}
	bought, err := s.app.Buy(ctx, c.Actor, in)
	if in.AccountID == "" && fault.Is(err, "order.account_missing") {
		err = notOffered()
	}
	if err != nil {
		return nil, err
	}
	c.ids = []string{bought.CustomerID, bought.ID}
	return s.getSubscription(ctx, c)
}

func notOffered() error { return fault.InvalidField("plan.planName", "reseller.not_offered", nil) }

// payer returns the account that pays for an order, which also says in which currency: that of what the customer has already, the
// newest first, or else the oldest that can. It is none if the console cannot sell the product at all.
func (s *service) payer(ctx context.Context, c call, record app.CustomerRecord, o order) (string, error) {
	offers, err := s.app.Offers(ctx, c.Actor)
	if err != nil {
		return "", err
	}
	var sold bool
	var list []catalog.Offer
	for _, offer := range offers {
		sold = sold || offer.SKUID == o.sku
		if offer.SKUID == o.sku && offer.Plan == o.plan && !offer.Trial {
			list = append(list, offer.Offer)
		}
	}
	switch {
	case !sold:
		return "", nil
	case len(list) == 0:
		return "", notOffered()
	}
	for _, l := range slices.Backward(record.Subscriptions) {
		if l.State != customer.SubCancelled {
			id, err := s.oldest(ctx, c, list, l.BillingAccountID)
			if id != "" || err != nil {
				return id, err
			}
		}
	}
	id, err := s.oldest(ctx, c, list, "")
	if id == "" && err == nil {
		err = fault.New(fault.Precondition, "reseller.no_account", nil)
	}
	return id, err
}

// oldest returns the oldest account that can pay for one of the offers, or the one that is asked for if it can.
func (s *service) oldest(ctx context.Context, c call, offers []catalog.Offer, asked string) (string, error) {
	var payer billing.Account
	for _, o := range offers {
		account, err := s.app.PayerFor(ctx, c.Actor, o, asked)
		if fault.Is(err, "order.account_missing") {
			continue
		}
		if err != nil {
			return "", err
		}
		if payer.ID == "" || account.CreatedAt.Before(payer.CreatedAt) {
			payer = account
		}
	}
	return payer.ID, nil
}

// replace upgrades or downgrades the subscription of another product.
func (s *service) replace(ctx context.Context, c call, record app.CustomerRecord, o order) (any, error) {
	source := c.query.Get("sourceSkuId")
	if source == "" {
		return nil, parameter("sourceSkuId", requiredKey, nil)
	}
	for _, l := range record.Subscriptions {
		if l.SKUID == source && l.State != customer.SubCancelled {
			c.ids = []string{record.Customer.ID, l.ID}
			return s.changed(ctx, c, l, app.Change{Action: app.ChangeOffer, SKUID: o.sku, Plan: o.plan, Seats: o.seats})
		}
	}
	return nil, parameter("sourceSkuId", "subscription.not_found", nil)
}

// deleteSubscription is reseller.subscriptions.delete: it ends, or goes to the vendor with all others of its customer.
func (s *service) deleteSubscription(ctx context.Context, c call) (any, error) {
	kind := c.query.Get("deletionType")
	switch kind {
	case "":
		return nil, parameter("deletionType", requiredKey, nil)
	case "cancel", "transfer_to_direct":
	default:
		return nil, parameter("deletionType", "reseller.value", nil)
	}
	record, l, err := s.line(ctx, c)
	switch {
	case kind == "cancel" && err == nil:
		return nil, s.app.ChangeSubscription(ctx, c.Actor, l.ID, app.Change{Action: app.EndNow})
	case err == nil:
		return nil, s.app.TransferOut(ctx, c.Actor, record.Customer.ID)
	case kind == "cancel" || record.Customer.ID == "":
		return nil, err
	}
	return nil, s.wentAlong(ctx, c, record.Customer.ID)
}

// wentAlong is no fault if a subscription went to the vendor together with another one of its customer: clients delete one after
// the other.
func (s *service) wentAlong(ctx context.Context, c call, customerID string) error {
	orders, err := s.app.Orders(ctx, c.Actor, app.OrderFilter{CustomerID: customerID, SubscriptionID: c.ids[1]}, "", 1)
	if err == nil && (len(orders) == 0 || orders[0].Action != customer.OrderTransferred) {
		err = noSubscription()
	}
	return err
}

// subscription renders a subscription.
func (s *service) subscription(c call, cust customer.Customer, l app.SubscriptionLine) *reseller.Subscription {
	out := &reseller.Subscription{
		Kind: "reseller#subscription", CustomerId: cust.ID, CustomerDomain: cust.Domain, SubscriptionId: l.ID, SkuId: l.SKUID, SkuName: l.SKU.Name,
		BillingMethod: string(l.Channel), CreationTime: l.CreatedAt.UnixMilli(), PurchaseOrderId: l.PurchaseOrderID,
		ResourceUiUrl: s.page(c, cust.ID), Status: "ACTIVE", Seats: seats(l), Plan: s.plan(l),
		TrialSettings: &reseller.SubscriptionTrialSettings{IsInTrial: l.State == customer.SubTrial, ForceSendFields: []string{"IsInTrial"}},
	}
	if l.State == customer.SubSuspended {
		out.Status, out.SuspensionReasons = "SUSPENDED", []string{suspensionReasons[l.SuspensionReason]}
	}
	if l.TrialEnd != 0 {
		out.TrialSettings.TrialEndTime = s.midnight(l.TrialEnd)
	}
	if l.Plan.Annual() {
		out.RenewalSettings = &reseller.RenewalSettings{Kind: "subscriptions#renewalSettings", RenewalType: string(l.Renewal)}
	}
	return out
}

var suspensionReasons = map[customer.SuspensionReason]string{
	customer.SuspendedByReseller: "RESELLER_INITIATED",
	customer.SuspendedByVendor:   "OTHER",
	customer.SuspendedTrialEnded: "TRIAL_ENDED",
}

// seats renders the seats, which all count as licensed: a flexible plan has them as its maximum, an annual one as its number.
func seats(l app.SubscriptionLine) *reseller.Seats {
	out := &reseller.Seats{Kind: "subscriptions#seats", LicensedNumberOfSeats: l.Seats}
	if l.Plan.Annual() {
		out.NumberOfSeats = l.Seats
	} else {
		out.MaximumNumberOfSeats = l.Seats
	}
	return out
}

// plan renders the plan, which a trial becomes when it ends.
func (s *service) plan(l app.SubscriptionLine) *reseller.SubscriptionPlan {
	out := &reseller.SubscriptionPlan{
		PlanName: string(l.Plan), IsCommitmentPlan: l.Plan.Annual(), ForceSendFields: []string{"IsCommitmentPlan"},
	}
	if l.Plan == catalog.AnnualMonthlyPay {
		out.PlanName = annual
	}
	if l.Plan.Annual() && l.Channel == customer.Online {
		out.CommitmentInterval = &reseller.SubscriptionPlanCommitmentInterval{StartTime: s.midnight(l.TermStart), EndTime: s.midnight(l.TermEnd)}
	}
	return out
}

// midnight is when a billing date begins, as the API tells instants.
func (s *service) midnight(d civil.Date) int64 { return d.Start(s.app.Config.BillingZone).UnixMilli() }
