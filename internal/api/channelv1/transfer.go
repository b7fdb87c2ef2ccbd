package channelv1

import (
	"context"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"psc/internal/customer"
	"psc/internal/fault"
)

// TransferEntitlementsToGoogle implements channelpb.CloudChannelServiceServer. All subscriptions of a customer go to the vendor, or none:
// the request has to name all of them.
func (s *service) TransferEntitlementsToGoogle(
	ctx context.Context, r *channelpb.TransferEntitlementsToGoogleRequest,
) (*longrunningpb.Operation, error) {
	return s.once(ctx, "TransferEntitlementsToGoogle", r, func(ctx context.Context) (*longrunningpb.Operation, error) {
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
	})
}
