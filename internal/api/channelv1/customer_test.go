package channelv1_test

import (
	"slices"
	"testing"

	channel "cloud.google.com/go/channel/apiv1"
	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/genproto/googleapis/type/postaladdress"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"psc/internal/console"
)

func kita() *channelpb.Customer {
	return &channelpb.Customer{
		OrgDisplayName: "Kita Trading", Domain: "kita.example", LanguageCode: "ja-JP", CorrelationId: "crm-7",
		OrgPostalAddress: &postaladdress.PostalAddress{
			RegionCode: "JP", PostalCode: "100-0001", AdministrativeArea: "Tokyo", AddressLines: []string{"1-1 Chiyoda", "Kita Bldg."},
		},
		PrimaryContactInfo: &channelpb.ContactInfo{FirstName: "Hanako", LastName: "Kita", Email: "hanako@kita.example", Phone: "+81 3 0000 0000"},
	}
}

func TestCustomers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c, stranger := t.Context(), w.client(w.A.Name), w.client(w.B.Name)
	parent := account(w.A)

	made, err := c.CreateCustomer(ctx, &channelpb.CreateCustomerRequest{Parent: parent, Customer: kita()})
	w.Must(err)
	if got := made.GetPrimaryContactInfo(); got.GetDisplayName() != "Kita Hanako" || got.GetFirstName() != "Hanako" || got.GetLastName() != "Kita" {
		t.Errorf("contact %v", got)
	}
	_, err = c.CreateCustomer(ctx, &channelpb.CreateCustomerRequest{Parent: parent, Customer: kita()})
	wantCode(t, err, codes.AlreadyExists)
	_, err = c.CreateCustomer(ctx, &channelpb.CreateCustomerRequest{Parent: parent, Customer: &channelpb.Customer{Domain: "no name"}})
	wantCode(t, err, codes.InvalidArgument)
	_, err = c.CreateCustomer(ctx, &channelpb.CreateCustomerRequest{Parent: account(w.B), Customer: kita()})
	wantCode(t, err, codes.NotFound)

	got, err := c.GetCustomer(ctx, &channelpb.GetCustomerRequest{Name: made.GetName()})
	w.Must(err)
	if !proto.Equal(got, made) {
		t.Errorf("got %v, made %v", got, made)
	}
	_, err = stranger.GetCustomer(ctx, &channelpb.GetCustomerRequest{Name: made.GetName()})
	wantCode(t, err, codes.NotFound)
	_, err = c.GetCustomer(ctx, &channelpb.GetCustomerRequest{Name: parent + "/customers/cus_none"})
	wantCode(t, err, codes.NotFound)
	_, err = c.GetCustomer(ctx, &channelpb.GetCustomerRequest{Name: "customers/x"})
	wantCode(t, err, codes.InvalidArgument)
	billing := w.client(string(console.RoleBilling) + " " + w.A.Name)
	wantCode(t, billing.DeleteCustomer(ctx, &channelpb.DeleteCustomerRequest{Name: made.GetName()}), codes.PermissionDenied)

	changed, ok := proto.Clone(made).(*channelpb.Customer)
	changed.OrgPostalAddress.PostalCode, changed.CloudIdentityId, changed.CorrelationId, changed.OrgDisplayName = "100-0002", "mine", "no", "No"
	updated, err := c.UpdateCustomer(ctx, &channelpb.UpdateCustomerRequest{
		Customer: changed, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"org_postal_address.postal_code", "cloud_identity_id"}},
	})
	w.Must(err)
	want, _ := proto.Clone(made).(*channelpb.Customer)
	want.OrgPostalAddress.PostalCode = "100-0002"
	if !ok || !proto.Equal(updated, want) {
		t.Errorf("updated to %v", updated)
	}
	updated, err = c.UpdateCustomer(ctx, &channelpb.UpdateCustomerRequest{Customer: &channelpb.Customer{Name: made.GetName(), OrgDisplayName: "Kita II"}})
	w.Must(err)
	if want.OrgDisplayName = "Kita II"; !proto.Equal(updated, want) {
		t.Errorf("updated to %v", updated)
	}
	_, err = c.UpdateCustomer(ctx, &channelpb.UpdateCustomerRequest{Customer: made, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"nothing"}}})
	wantCode(t, err, codes.InvalidArgument)
	_, err = c.UpdateCustomer(ctx, &channelpb.UpdateCustomerRequest{Customer: &channelpb.Customer{Name: made.GetName(), Domain: "other.example"}})
	wantCode(t, err, codes.InvalidArgument)
	_, err = stranger.UpdateCustomer(ctx, &channelpb.UpdateCustomerRequest{Customer: made})
	wantCode(t, err, codes.NotFound)
	wantCode(t, stranger.DeleteCustomer(ctx, &channelpb.DeleteCustomerRequest{Name: made.GetName()}), codes.NotFound)
	w.Must(c.DeleteCustomer(ctx, &channelpb.DeleteCustomerRequest{Name: made.GetName()}))
	_, err = c.GetCustomer(ctx, &channelpb.GetCustomerRequest{Name: made.GetName()})
	wantCode(t, err, codes.NotFound)
	wantCode(t, c.DeleteCustomer(ctx, &channelpb.DeleteCustomerRequest{Name: made.GetName()}), codes.NotFound)
	_, err = c.CreateCustomer(ctx, &channelpb.CreateCustomerRequest{Parent: parent, Customer: kita()}) // the domain is free again
	w.Must(err)
}

func TestCustomerPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c := t.Context(), w.client(w.A.Name)
	ids := w.AddCustomers(w.A, 57, nil)
	w.AddCustomers(w.B, 3, nil)
	var names []string
	for _, v := range all(t, c.ListCustomers(ctx, &channelpb.ListCustomersRequest{Parent: account(w.A)}).Next) {
		names = append(names, v.GetName())
	}
	for i, id := range ids {
		ids[i] = account(w.A) + "/customers/" + id
	}
	if !slices.Equal(names, ids) {
		t.Errorf("listed %v", names)
	}
	for asked, want := range map[int32]int{0: 10, 7: 7, 50: 50, 51: 50, 1000: 50} {
		it := c.ListCustomers(ctx, &channelpb.ListCustomersRequest{Parent: account(w.A), PageSize: asked})
		_, err := it.Next()
		w.Must(err)
		if got := it.PageInfo().Remaining() + 1; got != want {
			t.Errorf("a page of %d has %d", asked, got)
		}
	}
	for name, r := range map[string]*channelpb.ListCustomersRequest{
		"size": {PageSize: -1}, "token": {PageToken: "x"}, "filter": {Filter: "language_code = ja"},
	} {
		r.Parent = account(w.A)
		_, err := c.ListCustomers(ctx, r).Next()
		if status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
	found := all(t, c.ListCustomers(ctx, &channelpb.ListCustomersRequest{Parent: account(w.A), Filter: `domain="c000007.example"`}).Next)
	if len(found) != 1 || found[0].GetName() != ids[6] {
		t.Errorf("found %v", found)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c := t.Context(), w.client(w.A.Name)
	exist := func(c *channel.CloudChannelClient, parent string) int {
		answer, err := c.CheckCloudIdentityAccountsExist(ctx, &channelpb.CheckCloudIdentityAccountsExistRequest{Parent: parent, Domain: "kita.example"})
		w.Must(err)
		return len(answer.GetCloudIdentityAccounts())
	}
	made, err := c.CreateCustomer(ctx, &channelpb.CreateCustomerRequest{Parent: account(w.A), Customer: kita()})
	w.Must(err)
	ask := &channelpb.ProvisionCloudIdentityRequest{
		Customer: made.GetName(), ValidateOnly: true, User: &channelpb.AdminUser{GivenName: "Hanako", FamilyName: "Kita", Email: "admin@kita.example"},
		CloudIdentityInfo: &channelpb.CloudIdentityInfo{LanguageCode: "ja-JP", AlternateEmail: "hanako@elsewhere.example"},
	}
	op, err := c.ProvisionCloudIdentity(ctx, ask)
	w.Must(err)
	if _, err := op.Wait(ctx); err != nil || exist(c, account(w.A)) != 0 {
		t.Errorf("validated: %v", err)
	}
	bad, _ := proto.Clone(ask).(*channelpb.ProvisionCloudIdentityRequest)
	bad.User.Email = "admin@elsewhere.example"
	_, err = c.ProvisionCloudIdentity(ctx, bad)
	wantCode(t, err, codes.InvalidArgument)

	ask.ValidateOnly = false
	op, err = c.ProvisionCloudIdentity(ctx, ask)
	w.Must(err)
	got, err := op.Wait(ctx)
	w.Must(err)
	metadata, err := op.Metadata()
	w.Must(err)
	if got.GetCloudIdentityId() == "" || got.GetAlternateEmail() != "hanako@elsewhere.example" || metadata.GetOperationType() != channelpb.OperationMetadata_PROVISION_CLOUD_IDENTITY {
		t.Errorf("provisioned %v, %v", got, metadata)
	}
	if exist(c, account(w.A)) != 1 || exist(w.client(w.B.Name), account(w.B)) != 0 {
		t.Error("the accounts exist for the console, and for no other")
	}
	_, err = c.ProvisionCloudIdentity(ctx, ask)
	wantCode(t, err, codes.AlreadyExists)
	again, err := c.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: op.Name()})
	if err != nil || !again.GetDone() {
		t.Errorf("the operation is %v, %v", again, err)
	}
	_, err = w.client(w.B.Name).GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: op.Name()})
	wantCode(t, err, codes.NotFound)
}
