package channelv1_test

import (
	"testing"

	channel "cloud.google.com/go/channel/apiv1"
	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/grpc/codes"

	"psc/internal/apptest"
	"psc/internal/customer"
)

// TestTransferByToken has a customer take its subscriptions from the reseller of B to that of A, and finds the same by each client.
func TestTransferByToken(t *testing.T) {
	t.Parallel()
	for name, client := range map[string]func(*world, string) *channel.CloudChannelClient{"gRPC": (*world).client, "REST": (*world).restClient} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			transfer(t, w, client(w, w.A.Name), client(w, w.B.Name))
		})
	}
}

func transfer(t *testing.T, w *world, receiver, giver *channel.CloudChannelClient) {
	t.Helper()
	ctx, parent := t.Context(), account(w.A)
	id := w.AddCustomers(w.B, 1, func(_ int, c *customer.Customer, _ *customer.Subscription) { c.Domain, c.Name = "kita.example", "Kita" })[0]
	token, _, err := w.CreateTransferToken(ctx, apptest.Admin(w.B), id)
	w.Must(err)

	_, err = receiver.ImportCustomer(ctx, &channelpb.ImportCustomerRequest{Parent: parent, AuthToken: "psct_wrong"})
	wantCode(t, err, codes.PermissionDenied)
	mine, err := receiver.ImportCustomer(ctx, &channelpb.ImportCustomerRequest{Parent: parent, AuthToken: token})
	w.Must(err)
	if mine.GetDomain() != "kita.example" || mine.GetOrgDisplayName() != "Kita" {
		t.Errorf("imported %v", mine)
	}
	_, err = receiver.ImportCustomer(ctx, &channelpb.ImportCustomerRequest{Parent: parent, AuthToken: token})
	wantCode(t, err, codes.AlreadyExists)

	by := &channelpb.ListTransferableSkusRequest_CustomerName{CustomerName: mine.GetName()}
	skus := all(t, receiver.ListTransferableSkus(ctx, &channelpb.ListTransferableSkusRequest{Parent: parent, AuthToken: token, TransferredCustomerIdentity: by}).Next)
	if len(skus) != 1 || !skus[0].GetTransferEligibility().GetIsEligible() {
		t.Fatalf("transferable %v", skus)
	}
	_, err = receiver.ListTransferableSkus(ctx, &channelpb.ListTransferableSkusRequest{Parent: parent, AuthToken: "no", TransferredCustomerIdentity: by}).Next()
	wantCode(t, err, codes.PermissionDenied)
	var offer string
	for _, o := range all(t, receiver.ListTransferableOffers(ctx, &channelpb.ListTransferableOffersRequest{
		Parent: parent, Sku: skus[0].GetSku().GetName(),
		TransferredCustomerIdentity: &channelpb.ListTransferableOffersRequest_CustomerName{CustomerName: mine.GetName()},
	}).Next) {
		if o.GetOffer().GetPlan().GetPaymentPlan() == channelpb.PaymentPlan_FLEXIBLE {
			offer = o.GetOffer().GetName()
		}
	}

	ask := &channelpb.TransferEntitlementsRequest{Parent: mine.GetName(), AuthToken: token}
	_, err = receiver.TransferEntitlements(ctx, ask)
	wantCode(t, err, codes.FailedPrecondition)
	ask.Entitlements = []*channelpb.Entitlement{{Offer: parent + "/offers/" + plus + ".FLEXIBLE.JPY"}}
	_, err = receiver.TransferEntitlements(ctx, ask)
	wantCode(t, err, codes.InvalidArgument)
	ask.Entitlements[0].Offer, ask.RequestId = offer, "b1c4e1c2-0002"
	op, err := receiver.TransferEntitlements(ctx, ask)
	w.Must(err)
	got, err := op.Wait(ctx)
	w.Must(err)
	again, err := receiver.TransferEntitlements(ctx, ask)
	w.Must(err)
	if len(got.GetEntitlements()) != 1 || again.Name() != op.Name() || numUnits(got.GetEntitlements()[0]) != 10 {
		t.Errorf("transferred %v by %s, and again by %s", got, op.Name(), again.Name())
	}
	if list := all(t, receiver.ListEntitlements(ctx, &channelpb.ListEntitlementsRequest{Parent: mine.GetName()}).Next); len(list) != 1 || list[0].GetName() != got.GetEntitlements()[0].GetName() {
		t.Errorf("the receiver has %v", list)
	}
	theirs := account(w.B) + "/customers/" + id
	if list := all(t, giver.ListEntitlements(ctx, &channelpb.ListEntitlementsRequest{Parent: theirs}).Next); len(list) != 0 {
		t.Errorf("the giver still has %v", list)
	}
	changes := all(t, giver.ListEntitlementChanges(ctx, &channelpb.ListEntitlementChangesRequest{Parent: theirs + "/entitlements/-"}).Next)
	if len(changes) != 1 || changes[0].GetChangeType() != channelpb.EntitlementChange_CANCELLED || changes[0].GetOperatorType() != channelpb.EntitlementChange_CUSTOMER {
		t.Errorf("the giver's history is %v", changes)
	}
	w.CheckInvariants()
}
