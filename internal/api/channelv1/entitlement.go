package channelv1

import (
	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
)

// entitlement renders a subscription.
func (s *service) entitlement(p place, l app.SubscriptionLine) *channelpb.Entitlement {
	out := &channelpb.Entitlement{
		Name:               p.name("customers", l.CustomerID, "entitlements", l.ID),
		CreateTime:         timestamppb.New(l.CreatedAt),
		Offer:              p.offerName(catalog.Offer{SKUID: l.SKUID, Plan: l.Plan, Currency: l.Currency}, l.State == customer.SubTrial),
		ProvisionedService: &channelpb.ProvisionedService{ProvisioningId: l.ID, ProductId: productID(l.SKU.Product), SkuId: l.SKUID},
		PurchaseOrderId:    l.PurchaseOrderID,
		BillingAccount:     p.name("billingAccounts", l.BillingAccountID),
		Parameters:         []*channelpb.Parameter{{Name: numUnits, Value: number(l.Seats), Editable: l.State != customer.SubSuspended}},
	}
	if l.MaxSeats > 0 {
		out.Parameters = append(out.Parameters, &channelpb.Parameter{Name: maxUnits, Value: number(l.MaxSeats)})
	}
	switch l.State {
	case customer.SubActive, customer.SubTrial:
		out.ProvisioningState = channelpb.Entitlement_ACTIVE
	case customer.SubSuspended:
		out.ProvisioningState = channelpb.Entitlement_SUSPENDED
		out.SuspensionReasons = []channelpb.Entitlement_SuspensionReason{suspensionReasons[l.SuspensionReason]}
	case customer.SubCancelled:
	}
	if l.TrialEnd != 0 {
		out.TrialSettings = &channelpb.TrialSettings{Trial: l.State == customer.SubTrial, EndTime: s.midnight(l.TrialEnd)}
	}
	if l.Plan.Annual() {
		out.CommitmentSettings = &channelpb.CommitmentSettings{
			StartTime: s.midnight(l.TermStart), EndTime: s.midnight(l.TermEnd), RenewalSettings: renewalSettings[l.Renewal],
		}
	}
	return out
}

var suspensionReasons = map[customer.SuspensionReason]channelpb.Entitlement_SuspensionReason{
	customer.SuspendedByReseller: channelpb.Entitlement_RESELLER_INITIATED,
	customer.SuspendedByVendor:   channelpb.Entitlement_OTHER,
	customer.SuspendedTrialEnded: channelpb.Entitlement_TRIAL_ENDED,
}

var renewalSettings = map[customer.RenewalKind]*channelpb.RenewalSettings{
	customer.RenewYearly:   {EnableRenewal: true, PaymentPlan: channelpb.PaymentPlan_COMMITMENT, PaymentCycle: year()},
	customer.RenewMonthly:  {EnableRenewal: true, PaymentPlan: channelpb.PaymentPlan_COMMITMENT, PaymentCycle: month()},
	customer.RenewFlexible: {EnableRenewal: true, PaymentPlan: channelpb.PaymentPlan_FLEXIBLE, PaymentCycle: month()},
	customer.RenewCancel:   {EnableRenewal: false},
}

// midnight is when a billing date begins.
func (s *service) midnight(d civil.Date) *timestamppb.Timestamp {
	return timestamppb.New(d.Start(s.app.Config.BillingZone))
}
