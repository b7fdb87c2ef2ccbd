package api

import (
	"context"
	"slices"
	"strings"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	pscv1 "psc/proto/psc/v1"
)

const (
	customers       = "customers"
	subscriptions   = "subscriptions"
	billingAccounts = "billingAccounts"
)

// ListSubscriptions implements pscv1.SubscriptionServiceServer.
func (o own) ListSubscriptions(ctx context.Context, r *pscv1.ListSubscriptionsRequest) (*pscv1.ListSubscriptionsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers)
	if err != nil {
		return nil, err
	}
	record, err := o.app.Customer(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, record.Subscriptions, r.GetParent())
	return &pscv1.ListSubscriptionsResponse{Subscriptions: each(rows, p.subscriptionLine), NextPageToken: next}, err
}

// GetSubscription implements pscv1.SubscriptionServiceServer.
func (o own) GetSubscription(ctx context.Context, r *pscv1.GetSubscriptionRequest) (*pscv1.Subscription, error) {
	p, err := at(ctx, "name", r.GetName(), customers, subscriptions)
	if err != nil {
		return nil, err
	}
	return o.subscription(ctx, p)
}

// subscription returns the subscription of a name as it is now.
func (o own) subscription(ctx context.Context, p place) (*pscv1.Subscription, error) {
	record, err := o.app.Customer(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(record.Subscriptions, func(s app.SubscriptionLine) bool { return s.ID == p.ids[1] })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "subscription.not_found", nil)
	}
	return p.subscriptionLine(record.Subscriptions[i]), nil
}

// CreateSubscription implements pscv1.SubscriptionServiceServer.
func (o own) CreateSubscription(ctx context.Context, r *pscv1.CreateSubscriptionRequest) (*pscv1.Subscription, error) {
	p, in, err := purchase(ctx, r)
	if err != nil {
		return nil, err
	}
	in.Key = r.GetRequestId()
	s, err := o.app.Buy(ctx, p.actor, in)
	if err != nil {
		return nil, err
	}
	if in.Offline { // there is none until the vendor has done it
		return p.subscription(s, ""), nil
	}
	p.ids = append(p.ids, s.ID)
	return o.subscription(ctx, p)
}

// purchasing is a request about something to buy.
type purchasing interface {
	GetParent() string
	GetSubscription() *pscv1.Subscription
	GetTrial() bool
}

func purchase(ctx context.Context, r purchasing) (place, app.Purchase, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers)
	if err != nil {
		return p, app.Purchase{}, err
	}
	s := r.GetSubscription()
	in := app.Purchase{
		CustomerID: p.ids[0], SKUID: s.GetSkuId(), Plan: catalog.Plan(word(s.GetPlan())), Seats: s.GetNumUnits(), MaxSeats: s.GetMaxUnits(),
		PurchaseOrderID: s.GetPurchaseOrderId(), Renewal: customer.RenewalKind(word(s.GetRenewal())), Trial: r.GetTrial(),
		Offline: s.GetChannel() == pscv1.Subscription_CHANNEL_OFFLINE,
	}
	in.AccountID, err = p.accountID("subscription.billing_account", s.GetBillingAccount())
	return p, in, err
}

// accountID reads the name of a billing account of the same console; empty is none.
func (p place) accountID(field, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	id, ok := strings.CutPrefix(name, p.name(billingAccounts, ""))
	if !ok || strings.Contains(id, "/") {
		return "", badName(field, []string{billingAccounts})
	}
	return id, nil
}

// ChangeSeats implements pscv1.SubscriptionServiceServer.
func (o own) ChangeSeats(ctx context.Context, r *pscv1.ChangeSeatsRequest) (*pscv1.Subscription, error) {
	return o.changeSubscription(ctx, r.GetName(), app.Change{Action: app.ChangeSeats, Seats: r.GetNumUnits(), Seen: r.GetSeenNumUnits()})
}

// ChangeOffer implements pscv1.SubscriptionServiceServer.
func (o own) ChangeOffer(ctx context.Context, r *pscv1.ChangeOfferRequest) (*pscv1.Subscription, error) {
	return o.changeSubscription(ctx, r.GetName(), app.Change{
		Action: app.ChangeOffer, SKUID: r.GetSkuId(), Plan: catalog.Plan(word(r.GetPlan())),
	})
}

// ChangeRenewalSettings implements pscv1.SubscriptionServiceServer.
func (o own) ChangeRenewalSettings(ctx context.Context, r *pscv1.ChangeRenewalSettingsRequest) (*pscv1.Subscription, error) {
	return o.changeSubscription(ctx, r.GetName(), app.Change{
		Action: app.ChangeRenewal, Renewal: customer.RenewalKind(word(r.GetRenewal())),
	})
}

// StartPaidService implements pscv1.SubscriptionServiceServer.
func (o own) StartPaidService(ctx context.Context, r *pscv1.StartPaidServiceRequest) (*pscv1.Subscription, error) {
	return o.changeSubscription(ctx, r.GetName(), app.Change{Action: app.StartPaid})
}

// CancelSubscription implements pscv1.SubscriptionServiceServer.
func (o own) CancelSubscription(ctx context.Context, r *pscv1.CancelSubscriptionRequest) (*pscv1.Subscription, error) {
	return o.changeSubscription(ctx, r.GetName(), app.Change{Action: app.EndNow})
}

// SuspendSubscription implements pscv1.SubscriptionServiceServer.
func (o own) SuspendSubscription(ctx context.Context, r *pscv1.SuspendSubscriptionRequest) (*pscv1.Subscription, error) {
	p, err := o.subscriptionPlace(ctx, r.GetName())
	if err != nil {
		return nil, err
	}
	if err := o.app.SuspendSubscription(ctx, p.actor, p.ids[1]); err != nil {
		return nil, err
	}
	return o.subscription(ctx, p)
}

// ReactivateSubscription implements pscv1.SubscriptionServiceServer.
func (o own) ReactivateSubscription(ctx context.Context, r *pscv1.ReactivateSubscriptionRequest) (*pscv1.Subscription, error) {
	p, err := o.subscriptionPlace(ctx, r.GetName())
	if err != nil {
		return nil, err
	}
	if err := o.app.ReactivateSubscription(ctx, p.actor, p.ids[1]); err != nil {
		return nil, err
	}
	return o.subscription(ctx, p)
}

func (o own) changeSubscription(ctx context.Context, name string, change app.Change) (*pscv1.Subscription, error) {
	p, err := o.subscriptionPlace(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := o.app.ChangeSubscription(ctx, p.actor, p.ids[1], change); err != nil {
		return nil, err
	}
	return o.subscription(ctx, p)
}

// subscriptionPlace reads the name of a subscription that is there: use cases know it by its own ID, so that the customer
// of the name has to be its customer.
func (o own) subscriptionPlace(ctx context.Context, name string) (place, error) {
	p, err := at(ctx, "name", name, customers, subscriptions)
	if err != nil {
		return p, err
	}
	_, err = o.subscription(ctx, p)
	return p, err
}

// ListProducts implements pscv1.SubscriptionServiceServer.
func (o own) ListProducts(ctx context.Context, r *pscv1.ListProductsRequest) (*pscv1.ListProductsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers, subscriptions)
	if err != nil {
		return nil, err
	}
	list, err := o.app.ProductsFor(ctx, p.actor, p.ids[1])
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, r.GetParent())
	return &pscv1.ListProductsResponse{NextPageToken: next, Products: each(rows, func(s catalog.SKU) *pscv1.Product {
		return &pscv1.Product{SkuId: s.ID, DisplayName: s.Name}
	})}, err
}

// QuoteSubscription implements pscv1.SubscriptionServiceServer.
func (o own) QuoteSubscription(ctx context.Context, r *pscv1.QuoteSubscriptionRequest) (*pscv1.Quote, error) {
	p, in, err := purchase(ctx, r)
	if err != nil {
		return nil, err
	}
	q, err := o.app.QuotePurchase(ctx, p.actor, in)
	if err != nil {
		return nil, err
	}
	return quote(q), nil
}

// QuoteChange implements pscv1.SubscriptionServiceServer.
func (o own) QuoteChange(ctx context.Context, r *pscv1.QuoteChangeRequest) (*pscv1.Quote, error) {
	p, err := o.subscriptionPlace(ctx, r.GetName())
	if err != nil {
		return nil, err
	}
	var change app.Change
	switch c := r.GetChange().(type) {
	case *pscv1.QuoteChangeRequest_NumUnits:
		change = app.Change{Action: app.ChangeSeats, Seats: c.NumUnits}
	case *pscv1.QuoteChangeRequest_Renewal:
		change = app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewalKind(word(c.Renewal))}
	case *pscv1.QuoteChangeRequest_Offer_:
		change = app.Change{Action: app.ChangeOffer, SKUID: c.Offer.GetSkuId(), Plan: catalog.Plan(word(c.Offer.GetPlan()))}
	case *pscv1.QuoteChangeRequest_StartPaid:
		change = app.Change{Action: app.StartPaid}
	case *pscv1.QuoteChangeRequest_Cancel:
		change = app.Change{Action: app.EndNow}
	default:
		return nil, fault.InvalidField("change", "api.change", nil)
	}
	q, err := o.app.QuoteChange(ctx, p.actor, p.ids[1], change)
	if err != nil {
		return nil, err
	}
	return quote(q), nil
}

func quote(q app.Quote) *pscv1.Quote {
	return &pscv1.Quote{
		BillingDate: day(q.Date), BillingZone: q.Zone, Months: each(q.Months, func(m app.MonthQuote) *pscv1.QuoteMonth {
			return &pscv1.QuoteMonth{
				Month: day(m.Month.First()), Without: minor(m.Without, q.Now.Currency), With: minor(m.With, q.Now.Currency),
			}
		}),
	}
}

func (p place) subscriptionLine(line app.SubscriptionLine) *pscv1.Subscription {
	return p.subscription(line.Subscription, line.SKU.Name)
}

func (p place) subscription(s customer.Subscription, product string) *pscv1.Subscription {
	m := &pscv1.Subscription{
		Name: p.name(customers, s.CustomerID, subscriptions, s.ID), Id: s.ID, SkuId: s.SKUID, SkuDisplayName: product,
		Plan: enum[pscv1.Plan](string(s.Plan)), State: enum[pscv1.Subscription_State](string(s.State)),
		SuspensionReason: string(s.SuspensionReason), Channel: enum[pscv1.Subscription_Channel](string(s.Channel)),
		NumUnits: s.Seats, MaxUnits: s.MaxSeats, Price: price(s.Price, s.Currency), PurchaseOrderId: s.PurchaseOrderID,
		Renewal: enum[pscv1.RenewalKind](string(s.Renewal)), RenewalNumUnits: s.RenewalSeats, RenewalSkuId: s.RenewalSKUID,
		StartDate: day(s.StartDate), TermStartDate: day(s.TermStart), TermEndDate: day(s.TermEnd),
		TrialEndDate: day(s.TrialEnd), Moved: s.Moved, CreateTime: instant(s.CreatedAt),
	}
	if s.BillingAccountID != "" && s.ConsoleID == p.actor.ConsoleID {
		m.BillingAccount = p.name(billingAccounts, s.BillingAccountID)
	}
	return m
}
