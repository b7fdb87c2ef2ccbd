package channelv1_test

import (
	"context"
	"slices"
	"testing"

	channel "cloud.google.com/go/channel/apiv1"
	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/grpc/codes"

	"psc/internal/apptest"
	"psc/internal/customer"
	"psc/internal/store"
)

// TestCodelab goes the way of Google's codelab with each of its clients: it looks for an offer, asks whether the customer exists,
// creates it and its identity, buys, changes seats, suspends, activates, transfers to the vendor, and deletes the customer.
func TestCodelab(t *testing.T) {
	t.Parallel()
	for name, client := range map[string]func(*world) *channel.CloudChannelClient{
		"gRPC": func(w *world) *channel.CloudChannelClient { return w.client(w.A.Name) },
		"REST": func(w *world) *channel.CloudChannelClient { return w.restClient(w.A.Name) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			codelab(t, w, client(w))
		})
	}
}

func codelab(t *testing.T, w *world, c *channel.CloudChannelClient) {
	t.Helper()
	ctx, parent := t.Context(), account(w.A)
	var offer string
	for _, o := range all(t, c.ListOffers(ctx, &channelpb.ListOffersRequest{Parent: parent}).Next) {
		plan := o.GetPlan()
		if o.GetSku().GetMarketingInfo().GetDisplayName() == "Seats" && plan.GetPaymentPlan() == channelpb.PaymentPlan_COMMITMENT && plan.GetPaymentType() == channelpb.PaymentType_POSTPAY {
			offer = o.GetName()
		}
	}
	exist, err := c.CheckCloudIdentityAccountsExist(ctx, &channelpb.CheckCloudIdentityAccountsExistRequest{Parent: parent, Domain: kita().GetDomain()})
	w.Must(err)
	if offer == "" || len(exist.GetCloudIdentityAccounts()) != 0 {
		t.Fatalf("offer %q, accounts %v", offer, exist)
	}
	made, err := c.CreateCustomer(ctx, &channelpb.CreateCustomerRequest{Parent: parent, Customer: kita()})
	w.Must(err)
	identity, err := c.ProvisionCloudIdentity(ctx, &channelpb.ProvisionCloudIdentityRequest{
		Customer: made.GetName(), User: &channelpb.AdminUser{GivenName: "Hanako", FamilyName: "Kita", Email: "admin@kita.example"},
		CloudIdentityInfo: &channelpb.CloudIdentityInfo{LanguageCode: "ja-JP", AlternateEmail: "hanako@elsewhere.example"},
	})
	w.Must(err)
	made, err = identity.Wait(ctx)
	w.Must(err)
	if made.GetCloudIdentityId() == "" {
		t.Errorf("no identity: %v", made)
	}

	ask := &channelpb.CreateEntitlementRequest{
		Parent: made.GetName(), RequestId: "b1c4e1c2-0001",
		Entitlement: &channelpb.Entitlement{Offer: offer, Parameters: seats(5), PurchaseOrderId: "A codelab test"},
	}
	creation, err := c.CreateEntitlement(ctx, ask)
	w.Must(err)
	e, err := creation.Wait(ctx)
	w.Must(err)
	again, err := c.CreateEntitlement(ctx, ask)
	w.Must(err)
	if again.Name() != creation.Name() || e.GetOffer() != offer || e.GetPurchaseOrderId() != "A codelab test" || numUnits(e) != 5 {
		t.Errorf("bought %v by %s, and again by %s", e, creation.Name(), again.Name())
	}
	ask.Entitlement.Parameters = seats(6)
	_, err = c.CreateEntitlement(ctx, ask)
	wantCode(t, err, codes.Aborted)

	seatsOp, err := c.ChangeParameters(ctx, &channelpb.ChangeParametersRequest{Name: e.GetName(), Parameters: seats(10)})
	w.Must(err)
	e, err = seatsOp.Wait(ctx)
	w.Must(err)
	metadata, err := seatsOp.Metadata()
	w.Must(err)
	if numUnits(e) != 10 || metadata.GetOperationType() != channelpb.OperationMetadata_CHANGE_PARAMETERS {
		t.Errorf("changed to %v, %v", e, metadata)
	}
	suspension, err := c.SuspendEntitlement(ctx, &channelpb.SuspendEntitlementRequest{Name: e.GetName()})
	w.Must(err)
	e, err = suspension.Wait(ctx)
	w.Must(err)
	if e.GetProvisioningState() != channelpb.Entitlement_SUSPENDED || len(e.GetSuspensionReasons()) != 1 || e.GetSuspensionReasons()[0] != channelpb.Entitlement_RESELLER_INITIATED {
		t.Errorf("suspended: %v", e)
	}
	_, err = c.SuspendEntitlement(ctx, &channelpb.SuspendEntitlementRequest{Name: e.GetName()})
	wantCode(t, err, codes.FailedPrecondition)
	activation, err := c.ActivateEntitlement(ctx, &channelpb.ActivateEntitlementRequest{Name: e.GetName()})
	w.Must(err)
	e, err = activation.Wait(ctx)
	w.Must(err)
	if e.GetProvisioningState() != channelpb.Entitlement_ACTIVE {
		t.Errorf("activated: %v", e)
	}
	wantCode(t, c.DeleteCustomer(ctx, &channelpb.DeleteCustomerRequest{Name: made.GetName()}), codes.FailedPrecondition)
	transfer, err := c.TransferEntitlementsToGoogle(ctx, &channelpb.TransferEntitlementsToGoogleRequest{Parent: made.GetName(), Entitlements: []*channelpb.Entitlement{e}})
	w.Must(err)
	w.Must(transfer.Wait(ctx))
	if left := all(t, c.ListEntitlements(ctx, &channelpb.ListEntitlementsRequest{Parent: made.GetName()}).Next); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	var history []channelpb.EntitlementChange_ChangeType
	for _, change := range all(t, c.ListEntitlementChanges(ctx, &channelpb.ListEntitlementChangesRequest{Parent: e.GetName(), PageSize: 2}).Next) {
		history = append(history, change.GetChangeType())
	}
	wantHistory(t, history, channelpb.EntitlementChange_CANCELLED, channelpb.EntitlementChange_ACTIVATED, channelpb.EntitlementChange_SUSPENDED, channelpb.EntitlementChange_COMMITMENT_CHANGED, channelpb.EntitlementChange_CREATED)
	w.Must(c.DeleteCustomer(ctx, &channelpb.DeleteCustomerRequest{Name: made.GetName()}))
	_, err = c.GetCustomer(ctx, &channelpb.GetCustomerRequest{Name: made.GetName()})
	wantCode(t, err, codes.NotFound)
}

func wantHistory(t *testing.T, got []channelpb.EntitlementChange_ChangeType, want ...channelpb.EntitlementChange_ChangeType) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("history %v, want %v", got, want)
	}
}

func seats(n int64) []*channelpb.Parameter {
	return []*channelpb.Parameter{{Name: "num_units", Value: &channelpb.Value{Kind: &channelpb.Value_Int64Value{Int64Value: n}}}}
}

func numUnits(e *channelpb.Entitlement) int64 {
	for _, p := range e.GetParameters() {
		if p.GetName() == "num_units" {
			return p.GetValue().GetInt64Value()
		}
	}
	return 0
}

// buy buys by what can be purchased, as clients do that ask first.
func buy(ctx context.Context, w *world, c *channel.CloudChannelClient, customerName string) *channelpb.Entitlement {
	w.T.Helper()
	skus := func(sku *channelpb.PurchasableSku) bool {
		return sku.GetSku().GetMarketingInfo().GetDisplayName() == "Seats"
	}
	it := c.ListPurchasableSkus(ctx, &channelpb.ListPurchasableSkusRequest{
		Customer: customerName, PurchaseOption: &channelpb.ListPurchasableSkusRequest_CreateEntitlementPurchase_{
			CreateEntitlementPurchase: &channelpb.ListPurchasableSkusRequest_CreateEntitlementPurchase{Product: "products/workspace"},
		},
	})
	sku, err := it.Next()
	for err == nil && !skus(sku) {
		sku, err = it.Next()
	}
	w.Must(err)
	accounts, err := c.QueryEligibleBillingAccounts(ctx, &channelpb.QueryEligibleBillingAccountsRequest{Customer: customerName, Skus: []string{sku.GetSku().GetName()}})
	w.Must(err)
	payer := accounts.GetSkuPurchaseGroups()[0].GetBillingAccountPurchaseInfos()[1].GetBillingAccount()
	offers := c.ListPurchasableOffers(ctx, &channelpb.ListPurchasableOffersRequest{
		Customer: customerName, PurchaseOption: &channelpb.ListPurchasableOffersRequest_CreateEntitlementPurchase_{
			CreateEntitlementPurchase: &channelpb.ListPurchasableOffersRequest_CreateEntitlementPurchase{Sku: sku.GetSku().GetName(), BillingAccount: payer.GetName()},
		},
	})
	for {
		o, err := offers.Next()
		w.Must(err)
		if o.GetOffer().GetPlan().GetPaymentPlan() != channelpb.PaymentPlan_FLEXIBLE {
			continue
		}
		op, err := c.CreateEntitlement(ctx, &channelpb.CreateEntitlementRequest{
			Parent: customerName, Entitlement: &channelpb.Entitlement{Offer: o.GetOffer().GetName(), Parameters: seats(3), BillingAccount: payer.GetName()},
		})
		w.Must(err)
		e, err := op.Wait(ctx)
		w.Must(err)
		if e.GetBillingAccount() != payer.GetName() {
			w.T.Errorf("paid by %s", e.GetBillingAccount())
		}
		return e
	}
}

func TestBuyingWhatIsListedAndChangingTheOffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c := t.Context(), w.client(w.A.Name)
	id := w.AddCustomers(w.A, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { s.State = customer.SubCancelled })[0]
	name := account(w.A) + "/customers/" + id
	e := buy(ctx, w, c, name)

	dearer := all(t, c.ListPurchasableSkus(ctx, &channelpb.ListPurchasableSkusRequest{
		Customer: name, PurchaseOption: &channelpb.ListPurchasableSkusRequest_ChangeOfferPurchase_{
			ChangeOfferPurchase: &channelpb.ListPurchasableSkusRequest_ChangeOfferPurchase{
				Entitlement: e.GetName(), ChangeType: channelpb.ListPurchasableSkusRequest_ChangeOfferPurchase_UPGRADE,
			},
		},
	}).Next)
	if len(dearer) != 1 || dearer[0].GetSku().GetMarketingInfo().GetDisplayName() != "Plus" {
		t.Fatalf("upgrades: %v", dearer)
	}
	offers := all(t, c.ListPurchasableOffers(ctx, &channelpb.ListPurchasableOffersRequest{
		Customer: name, PurchaseOption: &channelpb.ListPurchasableOffersRequest_ChangeOfferPurchase_{
			ChangeOfferPurchase: &channelpb.ListPurchasableOffersRequest_ChangeOfferPurchase{Entitlement: e.GetName(), NewSku: dearer[0].GetSku().GetName()},
		},
	}).Next)
	if len(offers) != 2 {
		t.Fatalf("offers: %v", offers)
	}
	to := offers[0].GetOffer() // annual, with monthly payments
	op, err := c.ChangeOffer(ctx, &channelpb.ChangeOfferRequest{Name: e.GetName(), Offer: to.GetName(), Parameters: seats(3)})
	w.Must(err)
	e, err = op.Wait(ctx)
	w.Must(err)
	looked, err := c.LookupOffer(ctx, &channelpb.LookupOfferRequest{Entitlement: e.GetName()})
	w.Must(err)
	if e.GetOffer() != to.GetName() || looked.GetPriceByResources()[0].GetPrice().GetEffectivePrice().GetUnits() != 1700 || e.GetCommitmentSettings().GetEndTime() == nil {
		t.Errorf("changed to %v, %v", e, looked)
	}
	renewal, err := c.ChangeRenewalSettings(ctx, &channelpb.ChangeRenewalSettingsRequest{Name: e.GetName(), RenewalSettings: &channelpb.RenewalSettings{}})
	w.Must(err)
	e, err = renewal.Wait(ctx)
	w.Must(err)
	if e.GetCommitmentSettings().GetRenewalSettings().GetEnableRenewal() {
		t.Errorf("renews: %v", e)
	}
	_, err = c.CancelEntitlement(ctx, &channelpb.CancelEntitlementRequest{Name: e.GetName()})
	wantCode(t, err, codes.FailedPrecondition)

	flexible := buy(ctx, w, c, name)
	end, err := c.CancelEntitlement(ctx, &channelpb.CancelEntitlementRequest{Name: flexible.GetName()})
	w.Must(err)
	w.Must(end.Wait(ctx))
	_, err = c.GetEntitlement(ctx, &channelpb.GetEntitlementRequest{Name: flexible.GetName()})
	wantCode(t, err, codes.NotFound)
	if list := all(t, c.ListEntitlements(ctx, &channelpb.ListEntitlementsRequest{Parent: name}).Next); len(list) != 1 || list[0].GetName() != e.GetName() {
		t.Errorf("listed %v", list)
	}
}

func TestTrialsAndWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c, stranger := t.Context(), w.client(w.A.Name), w.client(w.B.Name)
	id := w.AddCustomers(w.A, 1, nil)[0]
	name := account(w.A) + "/customers/" + id
	create := func(offer string, list []*channelpb.Parameter) (*channelpb.Entitlement, error) {
		op, err := c.CreateEntitlement(ctx, &channelpb.CreateEntitlementRequest{Parent: name, Entitlement: &channelpb.Entitlement{Offer: account(w.A) + "/offers/" + offer, Parameters: list}})
		if err != nil {
			return nil, err
		}
		return op.Wait(ctx)
	}
	e, err := create(plus+".FLEXIBLE.JPY.TRIAL", seats(2))
	w.Must(err)
	if !e.GetTrialSettings().GetTrial() || e.GetTrialSettings().GetEndTime() == nil {
		t.Errorf("no trial: %v", e)
	}
	op, err := c.StartPaidService(ctx, &channelpb.StartPaidServiceRequest{Name: e.GetName()})
	w.Must(err)
	e, err = op.Wait(ctx)
	w.Must(err)
	if e.GetTrialSettings().GetTrial() {
		t.Errorf("still a trial: %v", e)
	}
	for what, try := range map[string]func() error{
		"no seats":        func() error { _, err := create(apptest.Seats+".FLEXIBLE.JPY", nil); return err },
		"no such product": func() error { _, err := create("none.FLEXIBLE.JPY", seats(1)); return err },
		"no such plan":    func() error { _, err := create(apptest.Seats+".WEEKLY.JPY", seats(1)); return err },
		"no currency":     func() error { _, err := create(apptest.Seats+".FLEXIBLE.EUR", seats(1)); return err },
		"no offer":        func() error { _, err := create("x", seats(1)); return err },
		"too many":        func() error { _, err := create(apptest.Seats+".FLEXIBLE.JPY", seats(2_000_000)); return err },
		"no parameters": func() error {
			_, err := c.ChangeParameters(ctx, &channelpb.ChangeParametersRequest{Name: e.GetName()})
			return err
		},
		"another parameter": func() error {
			_, err := c.ChangeParameters(ctx, &channelpb.ChangeParametersRequest{Name: e.GetName(), Parameters: []*channelpb.Parameter{{Name: "colour"}}})
			return err
		},
	} {
		if err := try(); codeOf(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = stranger.GetEntitlement(ctx, &channelpb.GetEntitlementRequest{Name: e.GetName()})
	wantCode(t, err, codes.NotFound)
	_, err = stranger.SuspendEntitlement(ctx, &channelpb.SuspendEntitlementRequest{Name: account(w.B) + e.GetName()[len(account(w.A)):]})
	wantCode(t, err, codes.NotFound)
	_, err = c.GetChannelPartnerLink(ctx, &channelpb.GetChannelPartnerLinkRequest{Name: account(w.A) + "/channelPartnerLinks/x"})
	wantCode(t, err, codes.Unimplemented)

	connection := w.Connect(w.B, w.A)
	_, err = w.StartMigrations(ctx, apptest.Admin(w.A), connection.ID, store.Scope{All: true})
	w.Must(err)
	_, err = c.SuspendEntitlement(ctx, &channelpb.SuspendEntitlementRequest{Name: e.GetName()})
	wantCode(t, err, codes.FailedPrecondition)
}
