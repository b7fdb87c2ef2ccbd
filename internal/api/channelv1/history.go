package channelv1

import (
	"context"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
)

// ListEntitlementChanges implements channelpb.CloudChannelServiceServer: the order history of an entitlement, the newest first. The
// entitlement "-" stands for all of the customer.
func (s *service) ListEntitlementChanges(
	ctx context.Context, r *channelpb.ListEntitlementChangesRequest,
) (*channelpb.ListEntitlementChangesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), "customers", "entitlements")
	if err != nil {
		return nil, err
	}
	if r.GetFilter() != "" {
		return nil, fault.InvalidField("filter", "channel.no_filter", nil)
	}
	record, err := s.live(ctx, p, p.ids[0])
	if err != nil {
		return nil, err
	}
	of := map[string]app.SubscriptionLine{}
	for _, l := range record.Subscriptions {
		of[l.ID] = l
	}
	f := app.OrderFilter{CustomerID: p.ids[0], SubscriptionID: p.ids[1]}
	if f.SubscriptionID == "-" {
		f.SubscriptionID = ""
	} else if _, there := of[f.SubscriptionID]; !there {
		return nil, fault.New(fault.NotFound, "subscription.not_found", nil)
	}
	limit, from, err := changesPage.read(r, "changes "+r.GetParent())
	if err != nil {
		return nil, err
	}
	orders, err := s.app.Orders(ctx, p.Actor, f, from.After, limit+1)
	if err != nil {
		return nil, err
	}
	answer := &channelpb.ListEntitlementChangesResponse{}
	if len(orders) > limit {
		orders = orders[:limit]
		answer.NextPageToken = token{List: "changes " + r.GetParent(), After: orders[limit-1].ID}.String()
	}
	for _, o := range orders {
		answer.EntitlementChanges = append(answer.EntitlementChanges, p.change(o, of[o.SubscriptionID]))
	}
	return answer, nil
}

// change renders an entry of the order history.
func (p place) change(o customer.Order, l app.SubscriptionLine) *channelpb.EntitlementChange {
	out := &channelpb.EntitlementChange{
		Entitlement:        p.name("customers", o.CustomerID, "entitlements", o.SubscriptionID),
		Offer:              p.offerName(catalog.Offer{SKUID: o.SKUID, Plan: o.Plan, Currency: l.Currency}, false),
		ProvisionedService: &channelpb.ProvisionedService{ProvisioningId: o.SubscriptionID, ProductId: productID(l.SKU.Product), SkuId: o.SKUID},
		ChangeType:         changeType(o), CreateTime: timestamppb.New(o.At), Operator: o.ByName,
		OperatorType: channelpb.EntitlementChange_OperatorType(channelpb.EntitlementChange_OperatorType_value[string(o.By)]),
		Parameters:   []*channelpb.Parameter{{Name: numUnits, Value: number(o.SeatsAfter)}},
	}
	switch o.Action {
	case customer.OrderSuspended:
		reason := channelpb.Entitlement_OTHER
		if o.By == customer.ByReseller {
			reason = channelpb.Entitlement_RESELLER_INITIATED
		}
		out.ChangeReason = &channelpb.EntitlementChange_SuspensionReason{SuspensionReason: reason}
	case customer.OrderActivated:
		reason := channelpb.EntitlementChange_OTHER_ACTIVATION_REASON
		if o.By == customer.ByReseller {
			reason = channelpb.EntitlementChange_RESELLER_REVOKED_SUSPENSION
		}
		out.ChangeReason = &channelpb.EntitlementChange_ActivationReason_{ActivationReason: reason}
	case customer.OrderEnded:
		out.ChangeReason = cancelled(channelpb.EntitlementChange_SERVICE_TERMINATED)
	case customer.OrderTransferred:
		out.ChangeReason = cancelled(channelpb.EntitlementChange_RELATIONSHIP_ENDED)
	case customer.OrderTransferredAway:
		out.ChangeReason = cancelled(channelpb.EntitlementChange_RELATIONSHIP_ENDED)
	case customer.OrderPriceChanged:
		out.ChangeReason = &channelpb.EntitlementChange_OtherChangeReason{OtherChangeReason: string(o.Action)}
	case customer.OrderCreated, customer.OrderSeatsChanged, customer.OrderPlanChanged, customer.OrderSKUChanged, customer.OrderRenewed,
		customer.OrderRenewalSet, customer.OrderPaid, customer.OrderTransferredIn:
	}
	return out
}

func cancelled(why channelpb.EntitlementChange_CancellationReason) *channelpb.EntitlementChange_CancellationReason_ {
	return &channelpb.EntitlementChange_CancellationReason_{CancellationReason: why}
}

// changeTypes are what clients call what orders do; the seats of a flexible plan have no commitment that changes.
var changeTypes = map[customer.OrderAction]channelpb.EntitlementChange_ChangeType{ //nolint:exhaustive // a change of price has no name there
	customer.OrderCreated: channelpb.EntitlementChange_CREATED, customer.OrderSeatsChanged: channelpb.EntitlementChange_COMMITMENT_CHANGED,
	customer.OrderPlanChanged: channelpb.EntitlementChange_PRICE_PLAN_SWITCHED, customer.OrderSKUChanged: channelpb.EntitlementChange_SKU_CHANGED,
	customer.OrderSuspended: channelpb.EntitlementChange_SUSPENDED, customer.OrderActivated: channelpb.EntitlementChange_ACTIVATED,
	customer.OrderRenewed: channelpb.EntitlementChange_RENEWED, customer.OrderEnded: channelpb.EntitlementChange_CANCELLED,
	customer.OrderTransferred: channelpb.EntitlementChange_CANCELLED, customer.OrderRenewalSet: channelpb.EntitlementChange_RENEWAL_SETTING_CHANGED,
	customer.OrderPaid: channelpb.EntitlementChange_PAID_SUBSCRIPTION_STARTED, customer.OrderTransferredIn: channelpb.EntitlementChange_CREATED,
	customer.OrderTransferredAway: channelpb.EntitlementChange_CANCELLED,
}

func changeType(o customer.Order) channelpb.EntitlementChange_ChangeType {
	if o.Action == customer.OrderSeatsChanged && !o.Plan.Annual() {
		return channelpb.EntitlementChange_LICENSE_CAP_CHANGED
	}
	return changeTypes[o.Action]
}
