package channelv1

import (
	"context"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/fault"
)

// TransferEntitlementsToGoogle implements channelpb.CloudChannelServiceServer. All subscriptions of a customer go to the vendor, or none:
// the request has to name all of them.
func (s *service) TransferEntitlementsToGoogle(
	ctx context.Context, r *channelpb.TransferEntitlementsToGoogleRequest,
) (*longrunningpb.Operation, error) {
	p, record, err := s.record(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	if len(r.GetEntitlements()) == 0 {
		return nil, required("entitlements")
	}
	left := map[string]bool{}
	for _, l := range record.Subscriptions {
		if l.State != customer.SubCancelled {
			left[p.name("customers", l.CustomerID, "entitlements", l.ID)] = true
		}
	}
	var last string
	for _, e := range r.GetEntitlements() {
		if !left[e.GetName()] {
			return nil, fault.New(fault.NotFound, "subscription.not_found", nil)
		}
		last = e.GetName()
		delete(left, last)
	}
	if len(left) > 0 {
		return nil, fault.New(fault.Precondition, "channel.transfer_all", nil)
	}
	ids, err := idsOf("entitlements.name", last, "accounts", "customers", "entitlements")
	if err != nil {
		return nil, err
	}
	if err := s.app.TransferOut(ctx, p.Actor, record.Customer.ID); err != nil {
		return nil, named(err)
	}
	return s.latest(ctx, p, record.Customer.ID, ids[2], channelpb.OperationMetadata_TRANSFER_ENTITLEMENTS_TO_GOOGLE)
}

// ListTransferableSkus implements channelpb.CloudChannelServiceServer: what the customer's token lets the console take over.
func (s *service) ListTransferableSkus(
	ctx context.Context, r *channelpb.ListTransferableSkusRequest,
) (*channelpb.ListTransferableSkusResponse, error) {
	p, id, err := s.transferred(ctx, r)
	if err != nil {
		return nil, err
	}
	subs, err := s.app.TransferableTo(ctx, p.Actor, id, r.GetAuthToken())
	if err != nil {
		return nil, err
	}
	var list []*channelpb.TransferableSku
	for _, t := range subs {
		if !slices.ContainsFunc(list, func(there *channelpb.TransferableSku) bool { return there.GetSku().GetName() == skuName(t.SKU) }) {
			list = append(list, &channelpb.TransferableSku{Sku: sku(t.SKU), LegacySku: sku(t.SKU), TransferEligibility: eligibility(t)})
		}
	}
	list, next, err := pageBy(offeredPage, r, "transferable skus "+id, list, func(t *channelpb.TransferableSku) string { return t.GetSku().GetName() })
	return &channelpb.ListTransferableSkusResponse{TransferableSkus: list, NextPageToken: next}, err
}

func eligibility(t app.Transferable) *channelpb.TransferEligibility {
	switch {
	case t.Refused == nil:
		return &channelpb.TransferEligibility{IsEligible: true}
	case t.SuspensionReason == customer.SuspendedByVendor:
		return &channelpb.TransferEligibility{IneligibilityReason: channelpb.TransferEligibility_SKU_SUSPENDED}
	default:
		return &channelpb.TransferEligibility{IneligibilityReason: channelpb.TransferEligibility_CHANNEL_PARTNER_NOT_AUTHORIZED_FOR_SKU}
	}
}

// ListTransferableOffers implements channelpb.CloudChannelServiceServer: what the console sells of a SKU. A transfer converts nothing,
// so that of these it is the offer that the customer has.
func (s *service) ListTransferableOffers(
	ctx context.Context, r *channelpb.ListTransferableOffersRequest,
) (*channelpb.ListTransferableOffersResponse, error) {
	p, id, err := s.transferred(ctx, r)
	if err != nil {
		return nil, err
	}
	offers, err := s.app.Offers(ctx, p.Actor)
	if err != nil {
		return nil, err
	}
	var list []*channelpb.TransferableOffer
	for _, o := range offers {
		if skuName(o.SKU) == r.GetSku() && !o.Trial {
			list = append(list, &channelpb.TransferableOffer{Offer: p.offer(o)})
		}
	}
	list, next, err := pageBy(offeredPage, r, "transferable offers "+id+" "+r.GetSku(), list, func(t *channelpb.TransferableOffer) string { return t.GetOffer().GetName() })
	return &channelpb.ListTransferableOffersResponse{TransferableOffers: list, NextPageToken: next}, err
}

// aboutTransfer is a request about what can be transferred to one of the console's customers.
type aboutTransfer interface {
	GetParent() string
	GetCustomerName() string
	GetCloudIdentityId() string
}

// transferred returns the console's customer that a request is about.
func (s *service) transferred(ctx context.Context, r aboutTransfer) (place, string, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return p, "", err
	}
	id := r.GetCloudIdentityId()
	if id == "" {
		of, err := at(ctx, "customer_name", r.GetCustomerName(), "customers")
		if err != nil {
			return p, "", err
		}
		id = of.ids[0]
	}
	_, err = s.live(ctx, p, id)
	return p, id, err
}

// TransferEntitlements implements channelpb.CloudChannelServiceServer: with the customer's token all its subscriptions at another reseller
// become those of the console's own customer of the same domain. The request names the offer of each, and who pays.
func (s *service) TransferEntitlements(ctx context.Context, r *channelpb.TransferEntitlementsRequest) (*longrunningpb.Operation, error) {
	p, record, err := s.record(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	in := app.TransferIn{CustomerID: record.Customer.ID, Token: r.GetAuthToken(), Accounts: map[string]string{}}
	subs, err := s.app.TransferableTo(ctx, p.Actor, in.CustomerID, in.Token)
	if err != nil {
		return nil, err
	}
	for _, e := range r.GetEntitlements() {
		offer, _, err := p.readOffer("entitlements.offer", e.GetOffer())
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(subs, func(t app.Transferable) bool {
			return t.SKUID == offer.SKUID && t.Plan == offer.Plan && t.Currency == offer.Currency
		})
		if i < 0 {
			return nil, fault.InvalidField("entitlements.offer", "channel.transfer_offer", nil)
		}
		if in.Accounts[subs[i].ID], err = p.readAccount("entitlements.billing_account", e.GetBillingAccount()); err != nil {
			return nil, err
		}
		subs = slices.Delete(subs, i, i+1)
	}
	if len(subs) > 0 {
		return nil, fault.New(fault.Precondition, "channel.transfer_all", nil)
	}
	ids, err := s.app.TakeOver(ctx, p.Actor, in)
	if err != nil {
		return nil, named(err)
	}
	return s.latest(ctx, p, in.CustomerID, ids[0], channelpb.OperationMetadata_TRANSFER_ENTITLEMENTS)
}

// takenOver renders the operation of subscriptions that a customer has got from another reseller: their orders are of one instant.
func (s *service) takenOver(ctx context.Context, p place, order customer.Order) (*longrunningpb.Operation, error) {
	record, err := s.app.Customer(ctx, p.Actor, order.CustomerID)
	if err != nil {
		return nil, err
	}
	orders, err := s.app.Orders(ctx, p.Actor, app.OrderFilter{CustomerID: order.CustomerID}, "", ordersOfOne)
	if err != nil {
		return nil, err
	}
	answer := &channelpb.TransferEntitlementsResponse{}
	for _, l := range record.Subscriptions {
		if slices.ContainsFunc(orders, func(o customer.Order) bool {
			return o.SubscriptionID == l.ID && o.Action == order.Action && o.At.Equal(order.At)
		}) {
			answer.Entitlements = append(answer.Entitlements, s.entitlement(p, l))
		}
	}
	return done("operations/"+order.ID, channelpb.OperationMetadata_TRANSFER_ENTITLEMENTS, answer)
}

// ordersOfOne is how many of a customer's newest orders are looked through for those of one operation.
const ordersOfOne = 1_000

// ImportCustomer implements channelpb.CloudChannelServiceServer: with the customer's token it becomes one of the console, with the contact
// data that it has at the other reseller.
func (s *service) ImportCustomer(ctx context.Context, r *channelpb.ImportCustomerRequest) (*channelpb.Customer, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	if r.GetChannelPartnerId() != "" {
		return nil, noLinks()
	}
	from, err := s.app.CustomerOfToken(ctx, p.Actor, r.GetAuthToken())
	if err != nil {
		return nil, err
	}
	if r.GetDomain() != "" && !strings.EqualFold(r.GetDomain(), from.Domain) || r.GetCloudIdentityId() != "" && r.GetCloudIdentityId() != from.ID {
		return nil, fault.New(fault.Forbidden, "transfer.token", nil)
	}
	there, err := s.app.CustomerOfDomain(ctx, p.Actor, from.Domain)
	switch {
	case fault.Is(err, "customer.not_found"):
		from.TOSAcceptedAt, from.IdentityAt = time.Time{}, time.Time{}
		from, err = s.app.CreateCustomer(ctx, p.Actor, from)
	case err != nil:
	case !r.GetOverwriteIfExists():
		return nil, status.Error(codes.AlreadyExists, "The console has a customer of the domain already.")
	default:
		from.ID = there.ID
		if err = s.app.EditContact(ctx, p.Actor, from, ""); err == nil {
			there, err = s.app.CustomerOfDomain(ctx, p.Actor, from.Domain)
		}
		from = there
	}
	if err != nil {
		return nil, named(err)
	}
	return p.customer(from), nil
}
