package channelv1

import (
	"context"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
)

// ListEntitlements implements channelpb.CloudChannelServiceServer: what has not ended.
func (s *service) ListEntitlements(ctx context.Context, r *channelpb.ListEntitlementsRequest) (*channelpb.ListEntitlementsResponse, error) {
	p, record, err := s.record(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	var list []*channelpb.Entitlement
	for _, l := range record.Subscriptions {
		if l.State != customer.SubCancelled {
			list = append(list, s.entitlement(p, l))
		}
	}
	list, next, err := pageOf(entitlementsPage, r, "entitlements "+p.ids[0], list)
	return &channelpb.ListEntitlementsResponse{Entitlements: list, NextPageToken: next}, err
}

// GetEntitlement implements channelpb.CloudChannelServiceServer.
func (s *service) GetEntitlement(ctx context.Context, r *channelpb.GetEntitlementRequest) (*channelpb.Entitlement, error) {
	p, l, err := s.line(ctx, "name", r.GetName())
	if err != nil {
		return nil, err
	}
	return s.entitlement(p, l), nil
}

// LookupOffer implements channelpb.CloudChannelServiceServer: the offer of an entitlement, at what it is billed at.
func (s *service) LookupOffer(ctx context.Context, r *channelpb.LookupOfferRequest) (*channelpb.Offer, error) {
	p, l, err := s.line(ctx, "entitlement", r.GetEntitlement())
	if err != nil {
		return nil, err
	}
	return p.offer(app.OfferLine{
		Offer: catalog.Offer{SKUID: l.SKUID, Plan: l.Plan, Currency: l.Currency, Price: l.Price}, SKU: l.SKU, Trial: l.State == customer.SubTrial,
	}), nil
}

// line returns the subscription of a name, if it has not ended.
func (s *service) line(ctx context.Context, field, name string) (p place, l app.SubscriptionLine, err error) {
	if p, err = at(ctx, field, name, "customers", "entitlements"); err != nil {
		return p, l, err
	}
	record, err := s.live(ctx, p, p.ids[0])
	if err != nil {
		return p, l, err
	}
	l, err = lineOf(record, p.ids[0], p.ids[1])
	return p, l, err
}

func lineOf(record app.CustomerRecord, customerID, id string) (app.SubscriptionLine, error) {
	for _, l := range record.Subscriptions {
		if l.ID == id && l.CustomerID == customerID && l.State != customer.SubCancelled {
			return l, nil
		}
	}
	return app.SubscriptionLine{}, fault.New(fault.NotFound, "subscription.not_found", nil)
}

// CreateEntitlement implements channelpb.CloudChannelServiceServer. Without a billing account the oldest that can pay does.
func (s *service) CreateEntitlement(ctx context.Context, r *channelpb.CreateEntitlementRequest) (*longrunningpb.Operation, error) {
	p, record, err := s.record(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	in, err := s.purchase(ctx, p, record.Customer.ID, r.GetEntitlement())
	if err != nil {
		return nil, err
	}
	bought, err := s.app.Buy(ctx, p.Actor, in)
	if err != nil {
		return nil, named(err)
	}
	return s.latest(ctx, p, bought.CustomerID, bought.ID, channelpb.OperationMetadata_CREATE_ENTITLEMENT)
}

// purchase reads what an entitlement orders.
func (s *service) purchase(ctx context.Context, p place, customerID string, e *channelpb.Entitlement) (in app.Purchase, err error) {
	if e == nil {
		return in, required("entitlement")
	}
	offer, onTrial, err := p.readOffer("entitlement.offer", e.GetOffer())
	if err != nil {
		return in, err
	}
	u, err := readUnits(e.GetParameters())
	if err != nil {
		return in, err
	}
	if u.seats == 0 {
		return in, required("entitlement.parameters")
	}
	in = app.Purchase{
		CustomerID: customerID, SKUID: offer.SKUID, Plan: offer.Plan, Seats: u.seats, MaxSeats: u.most,
		PurchaseOrderID: e.GetPurchaseOrderId(), Trial: onTrial,
	}
	if renewal := e.GetCommitmentSettings().GetRenewalSettings(); renewal != nil && offer.Plan.Annual() {
		if in.Renewal, err = readRenewal("entitlement.commitment_settings.renewal_settings", renewal); err != nil {
			return in, err
		}
	}
	in.AccountID, err = s.payer(ctx, p, offer, e.GetBillingAccount())
	return in, err
}

// payer returns the account that pays for an offer: the one that is named, or else the oldest of the console that can.
func (s *service) payer(ctx context.Context, p place, offer catalog.Offer, name string) (string, error) {
	id, err := p.readAccount("entitlement.billing_account", name)
	if err != nil {
		return "", err
	}
	account, err := s.app.PayerFor(ctx, p.Actor, offer, id)
	return account.ID, named(err)
}

// ChangeParameters implements channelpb.CloudChannelServiceServer: another number of seats.
func (s *service) ChangeParameters(ctx context.Context, r *channelpb.ChangeParametersRequest) (*longrunningpb.Operation, error) {
	return s.change(ctx, r.GetName(), channelpb.OperationMetadata_CHANGE_PARAMETERS, func(_ place, l app.SubscriptionLine) (c app.Change, err error) {
		u, err := readUnits(r.GetParameters())
		switch {
		case err != nil:
			return c, err
		case u.seats == 0:
			return c, required("parameters")
		}
		return app.Change{Action: app.ChangeSeats, Seats: u.seats}, errorOf(unchanged(l, u, r.GetPurchaseOrderId()))
	})
}

// unchanged refuses what a subscription keeps: its cap, and its purchase order number.
func unchanged(l app.SubscriptionLine, u units, purchaseOrder string) string {
	switch {
	case u.most != 0 && u.most != l.MaxSeats:
		return "max_units is set when an entitlement is created, and stays."
	case purchaseOrder != "" && purchaseOrder != l.PurchaseOrderID:
		return "purchase_order_id is set when an entitlement is created, and stays."
	}
	return ""
}

func errorOf(why string) error {
	if why == "" {
		return nil
	}
	return unimplemented(why)
}

// ChangeRenewalSettings implements channelpb.CloudChannelServiceServer.
func (s *service) ChangeRenewalSettings(ctx context.Context, r *channelpb.ChangeRenewalSettingsRequest) (*longrunningpb.Operation, error) {
	return s.change(ctx, r.GetName(), channelpb.OperationMetadata_CHANGE_RENEWAL_SETTINGS, func(place, app.SubscriptionLine) (app.Change, error) {
		if r.GetRenewalSettings() == nil {
			return app.Change{}, required("renewal_settings")
		}
		kind, err := readRenewal("renewal_settings", r.GetRenewalSettings())
		return app.Change{Action: app.ChangeRenewal, Renewal: kind}, err
	})
}

// readRenewal reads what happens at the end of a term.
func readRenewal(field string, r *channelpb.RenewalSettings) (customer.RenewalKind, error) {
	cycle := r.GetPaymentCycle()
	switch {
	case !r.GetEnableRenewal():
		return customer.RenewCancel, nil
	case r.GetResizeUnitCount():
		return "", unimplemented("resize_unit_count is not known here: seats stay as ordered when a term is renewed.")
	case r.GetPaymentPlan() == channelpb.PaymentPlan_FLEXIBLE:
		return customer.RenewFlexible, nil
	case r.GetPaymentPlan() != channelpb.PaymentPlan_COMMITMENT:
	case cycle.GetPeriodType() == channelpb.PeriodType_YEAR && cycle.GetDuration() <= 1, cycle.GetPeriodType() == channelpb.PeriodType_MONTH && cycle.GetDuration() == 12:
		return customer.RenewYearly, nil
	case cycle == nil, cycle.GetPeriodType() == channelpb.PeriodType_MONTH && cycle.GetDuration() <= 1:
		return customer.RenewMonthly, nil
	}
	return "", fault.InvalidField(field, "order.renewal", nil)
}

// ChangeOffer implements channelpb.CloudChannelServiceServer: another plan or product. Seats and account stay as they are.
func (s *service) ChangeOffer(ctx context.Context, r *channelpb.ChangeOfferRequest) (*longrunningpb.Operation, error) {
	return s.change(ctx, r.GetName(), channelpb.OperationMetadata_CHANGE_OFFER, func(p place, l app.SubscriptionLine) (c app.Change, err error) {
		offer, onTrial, err := p.readOffer("offer", r.GetOffer())
		if err != nil {
			return c, err
		}
		if onTrial || offer.Currency != l.Currency {
			return c, fault.InvalidField("offer", "order.sku_missing", nil)
		}
		u, err := readUnits(r.GetParameters())
		if err != nil {
			return c, err
		}
		if u.seats != 0 && u.seats != l.Seats {
			return c, unimplemented("The number of seats stays when the offer changes: change it by changeParameters.")
		}
		account, err := p.readAccount("billing_account", r.GetBillingAccount())
		if err != nil {
			return c, err
		}
		if account != "" && account != l.BillingAccountID {
			return c, unimplemented("The billing account stays when the offer changes.")
		}
		return app.Change{Action: app.ChangeOffer, SKUID: offer.SKUID, Plan: offer.Plan}, errorOf(unchanged(l, u, r.GetPurchaseOrderId()))
	})
}

// StartPaidService implements channelpb.CloudChannelServiceServer.
func (s *service) StartPaidService(ctx context.Context, r *channelpb.StartPaidServiceRequest) (*longrunningpb.Operation, error) {
	return s.change(ctx, r.GetName(), channelpb.OperationMetadata_START_PAID_SERVICE, plainly(app.StartPaid))
}

// SuspendEntitlement implements channelpb.CloudChannelServiceServer.
func (s *service) SuspendEntitlement(ctx context.Context, r *channelpb.SuspendEntitlementRequest) (*longrunningpb.Operation, error) {
	return s.change(ctx, r.GetName(), channelpb.OperationMetadata_SUSPEND_ENTITLEMENT, plainly(app.Suspend))
}

// ActivateEntitlement implements channelpb.CloudChannelServiceServer.
func (s *service) ActivateEntitlement(ctx context.Context, r *channelpb.ActivateEntitlementRequest) (*longrunningpb.Operation, error) {
	return s.change(ctx, r.GetName(), channelpb.OperationMetadata_ACTIVATE_ENTITLEMENT, plainly(app.Reactivate))
}

// CancelEntitlement implements channelpb.CloudChannelServiceServer.
func (s *service) CancelEntitlement(ctx context.Context, r *channelpb.CancelEntitlementRequest) (*longrunningpb.Operation, error) {
	return s.change(ctx, r.GetName(), channelpb.OperationMetadata_CANCEL_ENTITLEMENT, plainly(app.EndNow))
}

func plainly(action app.ChangeAction) func(place, app.SubscriptionLine) (app.Change, error) {
	return func(place, app.SubscriptionLine) (app.Change, error) { return app.Change{Action: action}, nil }
}

// change carries out what a request orders of an entitlement.
func (s *service) change(
	ctx context.Context, name string, kind channelpb.OperationMetadata_OperationType, read func(place, app.SubscriptionLine) (app.Change, error),
) (*longrunningpb.Operation, error) {
	p, l, err := s.line(ctx, "name", name)
	if err != nil {
		return nil, err
	}
	order, err := read(p, l)
	if err != nil {
		return nil, err
	}
	if err := s.app.ChangeSubscription(ctx, p.Actor, l.ID, order); err != nil {
		return nil, named(err)
	}
	return s.latest(ctx, p, l.CustomerID, l.ID, kind)
}

// latest returns the operation of the newest order of a subscription, under the name of what was asked for.
func (s *service) latest(ctx context.Context, p place, customerID, id string, kind channelpb.OperationMetadata_OperationType) (*longrunningpb.Operation, error) {
	orders, err := s.app.Orders(ctx, p.Actor, app.OrderFilter{CustomerID: customerID, SubscriptionID: id}, "", 1)
	if err != nil {
		return nil, err
	}
	if len(orders) == 0 { // nothing was to be done, and nothing has been before
		record, err := s.live(ctx, p, customerID)
		if err != nil {
			return nil, err
		}
		l, err := lineOf(record, customerID, id)
		if err != nil {
			return nil, err
		}
		return done("operations/"+id, kind, s.entitlement(p, l))
	}
	return s.operationAs(ctx, p, orders[0], kind)
}
