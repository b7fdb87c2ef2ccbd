package channelv1_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/api/cloudchannel/v1"
	"google.golang.org/api/option"
	"google.golang.org/grpc/codes"

	"psc/internal/customer"
)

// TestCodelabOfTheGeneratedClient goes the way of TestCodelab with the client that Google generates from its discovery document.
func TestCodelabOfTheGeneratedClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, parent := t.Context(), account(w.A)
	c, err := cloudchannel.NewService(ctx, option.WithEndpoint(w.url), option.WithHTTPClient(signedIn(w.A.Name)))
	w.Must(err)
	wait := func(op *cloudchannel.GoogleLongrunningOperation, err error) map[string]any {
		t.Helper()
		w.Must(err)
		op, err = c.Operations.Get(op.Name).Context(ctx).Do()
		w.Must(err)
		var response map[string]any
		w.Must(json.Unmarshal(op.Response, &response))
		if !op.Done || op.Error != nil {
			t.Errorf("operation %+v", op)
		}
		return response
	}
	var offer string
	w.Must(c.Accounts.Offers.List(parent).PageSize(2).Pages(ctx, func(page *cloudchannel.GoogleCloudChannelV1ListOffersResponse) error {
		for _, o := range page.Offers {
			if o.Sku.MarketingInfo.DisplayName == "Seats" && o.Plan.PaymentPlan == "COMMITMENT" && o.Plan.PaymentType == "POSTPAY" {
				offer = o.Name
			}
		}
		return nil
	}))
	exist, err := c.Accounts.CheckCloudIdentityAccountsExist(parent, &cloudchannel.GoogleCloudChannelV1CheckCloudIdentityAccountsExistRequest{Domain: "kita.example"}).Do()
	w.Must(err)
	if offer == "" || len(exist.CloudIdentityAccounts) != 0 {
		t.Fatalf("offer %q, accounts %v", offer, exist)
	}
	made, err := c.Accounts.Customers.Create(parent, &cloudchannel.GoogleCloudChannelV1Customer{
		OrgDisplayName: "Kita Trading", Domain: "kita.example", CloudIdentityId: "mine", Name: "accounts/x/customers/y",
		OrgPostalAddress:   &cloudchannel.GoogleTypePostalAddress{RegionCode: "JP", PostalCode: "100-0001", AddressLines: []string{"1-1 Chiyoda"}},
		PrimaryContactInfo: &cloudchannel.GoogleCloudChannelV1ContactInfo{FirstName: "Hanako", LastName: "Kita", Email: "hanako@kita.example"},
	}).Do()
	w.Must(err)
	if made.CloudIdentityId != "" || made.PrimaryContactInfo.FirstName != "Hanako" {
		t.Errorf("made %+v", made)
	}
	provisioned := wait(c.Accounts.Customers.ProvisionCloudIdentity(made.Name, &cloudchannel.GoogleCloudChannelV1ProvisionCloudIdentityRequest{
		User: &cloudchannel.GoogleCloudChannelV1AdminUser{Email: "admin@kita.example", GivenName: "Hanako", FamilyName: "Kita"},
	}).Do())
	if provisioned["cloudIdentityId"] == nil {
		t.Errorf("provisioned %v", provisioned)
	}
	five := []*cloudchannel.GoogleCloudChannelV1Parameter{{Name: "num_units", Value: &cloudchannel.GoogleCloudChannelV1Value{Int64Value: 5}}}
	bought := wait(c.Accounts.Customers.Entitlements.Create(made.Name, &cloudchannel.GoogleCloudChannelV1CreateEntitlementRequest{
		Entitlement: &cloudchannel.GoogleCloudChannelV1Entitlement{Offer: offer, Parameters: five, ProvisioningState: "SUSPENDED"},
	}).Do())
	name, _ := bought["name"].(string)
	if bought["provisioningState"] != "ACTIVE" || !strings.HasPrefix(name, made.Name+"/entitlements/") {
		t.Errorf("bought %v", bought)
	}
	five[0].Value.Int64Value = 10
	changed := wait(c.Accounts.Customers.Entitlements.ChangeParameters(name, &cloudchannel.GoogleCloudChannelV1ChangeParametersRequest{Parameters: five}).Do())
	if text, _ := json.Marshal(changed["parameters"]); string(text) != `[{"editable":true,"name":"num_units","value":{"int64Value":"10"}}]` {
		t.Errorf("changed %s", text)
	}
	suspended := wait(c.Accounts.Customers.Entitlements.Suspend(name, &cloudchannel.GoogleCloudChannelV1SuspendEntitlementRequest{}).Do())
	activated := wait(c.Accounts.Customers.Entitlements.Activate(name, &cloudchannel.GoogleCloudChannelV1ActivateEntitlementRequest{}).Do())
	if suspended["provisioningState"] != "SUSPENDED" || activated["provisioningState"] != "ACTIVE" {
		t.Errorf("suspended %v, activated %v", suspended, activated)
	}
	_, err = c.Accounts.Customers.Delete(made.Name).Do()
	wantCode(t, err, codes.FailedPrecondition)
	wait(c.Accounts.Customers.TransferEntitlementsToGoogle(made.Name, &cloudchannel.GoogleCloudChannelV1TransferEntitlementsToGoogleRequest{
		Entitlements: []*cloudchannel.GoogleCloudChannelV1Entitlement{{Name: name}},
	}).Do())
	_, err = c.Accounts.Customers.Delete(made.Name).Do()
	w.Must(err)
	_, err = c.Accounts.Customers.Get(made.Name).Do()
	wantCode(t, err, codes.NotFound)
}

// TestRESTAsItIsWritten sends what no client would write for itself.
func TestRESTAsItIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.AddCustomers(w.A, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { s.Seats = 3 })[0]
	name := "/v1/" + account(w.A) + "/customers/" + id
	for _, c := range []struct {
		verb, path, body string
		want             int
		says             string
	}{
		{"POST", name + ":provisionCloudIdentity", `{"validateOnly": true, "user": {"email": "a@c000001.example"}, "cloudIdentityInfo": {"customerType": 1}}`, 200, `"operationType":"PROVISION_CLOUD_IDENTITY"`},
		{"POST", name + ":provisionCloudIdentity", `{"validateOnly": true, "user": {"email": "a@c000001.example"}, "cloudIdentityInfo": {"customerType": "DOMAIN"}}`, 200, `"done":true`},
		{"POST", name + ":provisionCloudIdentity", `{"validateOnly": true, "user": {"email": "a@c000001.example"}, "cloudIdentityInfo": {"customerType": "CROWD"}}`, 400, `"INVALID_ARGUMENT"`},
		{"PATCH", name + "?updateMask=orgDisplayName", `{"orgDisplayName": "Kita", "createTime": "2020-01-01T00:00:00Z", "domain": "other.example"}`, 200, `"orgDisplayName":"Kita"`},
		{"PATCH", name, `{"nothing": 1}`, 400, `"INVALID_ARGUMENT"`},
		{"PATCH", name, `{"orgDisplayName": 7`, 400, `"INVALID_ARGUMENT"`},
		{"GET", name + "?$alt=json%3Benum-encoding=int&alt=json&prettyPrint=false", ``, 200, `"name":"` + name[4:] + `"`},
		{"GET", name + "?colour=red", ``, 400, `"INVALID_ARGUMENT"`},
		{"GET", name + "/entitlements?pageSize=x", ``, 400, `"INVALID_ARGUMENT"`},
		{"GET", name + "/entitlements?page_size=1", ``, 200, `"int64Value":"3"`},
		{"GET", "/v1/" + account(w.B) + "/customers", ``, 404, `"NOT_FOUND"`},
		{"GET", "/v1/" + account(w.A) + "/channelPartnerLinks", ``, 501, `"UNIMPLEMENTED"`},
		{"GET", "/v1/" + account(w.A) + "/skuGroups", ``, 501, `"UNIMPLEMENTED"`},
		{"POST", "/v1/" + account(w.A) + ":register", `{"serviceAccount": "x"}`, 400, `"CHANNEL_SUBSCRIBER"`},
		{"GET", "/v1/operations", ``, 200, `{`},
		{"DELETE", "/v1/operations/ord_x", ``, 501, `"UNIMPLEMENTED"`},
		{"POST", "/v1/operations/ord_x:cancel", `{}`, 404, `"NOT_FOUND"`},
		{"GET", "/v1/products/-/skus?account=" + account(w.A), ``, 200, `"products/workspace/skus/sku_seats"`},
		{"GET", "/v1/products?account=" + account(w.A) + "&languageCode=ja", ``, 200, `"Workspace"`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.verb, w.url+c.path, strings.NewReader(c.body))
		w.Must(err)
		answer, err := signedIn(w.A.Name).Do(r)
		w.Must(err)
		text, err := io.ReadAll(answer.Body)
		w.Must(err)
		_ = answer.Body.Close()
		if flat := strings.ReplaceAll(string(text), ": ", ":"); answer.StatusCode != c.want || !strings.Contains(strings.ReplaceAll(flat, `", "`, `","`), c.says) {
			t.Errorf("%s %s %s: %d %s", c.verb, c.path, c.body, answer.StatusCode, text)
		}
	}
}
