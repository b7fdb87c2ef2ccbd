package resellerv1_test

import (
	"net/http"
	"reflect"
	"testing"

	"google.golang.org/api/reseller/v1"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/customer"
)

// kitahama is a customer as clients send one.
func kitahama() *reseller.Customer {
	return &reseller.Customer{
		CustomerDomain: "kitahama.example", AlternateEmail: "admin@elsewhere.example", PhoneNumber: "+81 3 1234 5678",
		PostalAddress: &reseller.Address{
			OrganizationName: "北浜商事", ContactName: "北浜 花子", CountryCode: "JP", PostalCode: "541-0041",
			Region: "大阪府", Locality: "大阪市", AddressLine1: "北浜 1-2-3",
		},
	}
}

func TestCustomers(t *testing.T) {
	w := newWorld(t)
	c := w.admin().Customers
	_, err := c.Get("kitahama.example").Do()
	refused(t, err, 404, "notFound")

	made, err := c.Insert(kitahama()).Do()
	w.Must(err)
	a := made.PostalAddress
	if made.Kind != "reseller#customer" || made.CustomerId == "" || made.CustomerDomain != "kitahama.example" || made.CustomerType != "domain" ||
		made.CustomerDomainVerified || made.AlternateEmail != "admin@elsewhere.example" || made.PhoneNumber != "+81 3 1234 5678" ||
		made.ResourceUiUrl != "https://psc.example/c/"+string(w.A.AccountID)+"/customers/"+made.CustomerId {
		t.Errorf("made %+v", made)
	}
	if a.Kind != "customers#address" || a.OrganizationName != "北浜商事" || a.ContactName != "北浜 花子" || a.CountryCode != "JP" ||
		a.PostalCode != "541-0041" || a.AddressLine1 != "大阪府 大阪市" || a.AddressLine2 != "北浜 1-2-3" {
		t.Errorf("its address: %+v", a)
	}
	_, err = c.Insert(kitahama()).Do()
	refused(t, err, 409, "duplicate")

	for _, name := range []string{made.CustomerId, "kitahama.example", "KITAHAMA.example"} {
		got, err := c.Get(name).Do()
		w.Must(err)
		if got.CustomerId != made.CustomerId {
			t.Errorf("%s: %+v", name, got)
		}
	}

	// A patch changes what it names. What only we write comes back as it was had, and an impossible phone number is left out.
	patched, err := c.Patch("kitahama.example", &reseller.Customer{
		CustomerId: "another", Kind: "another", CustomerDomainVerified: true, PhoneNumber: "123",
		PostalAddress: &reseller.Address{ContactName: "北浜 太郎"},
	}).Do()
	w.Must(err)
	if a := patched.PostalAddress; patched.CustomerId != made.CustomerId || a.ContactName != "北浜 太郎" || a.OrganizationName != "北浜商事" ||
		a.AddressLine2 != "北浜 1-2-3" || patched.PhoneNumber != made.PhoneNumber || patched.CustomerDomainVerified {
		t.Errorf("patched %+v, %+v", patched, a)
	}
	patched, err = c.Patch(made.CustomerId, &reseller.Customer{NullFields: []string{"PhoneNumber"}, PostalAddress: &reseller.Address{
		Region: "京都府", Locality: "京都市", AddressLine1: "烏丸 4",
	}}).Do()
	w.Must(err)
	if a := patched.PostalAddress; patched.PhoneNumber != "" || a.AddressLine1 != "京都府 京都市" || a.AddressLine2 != "烏丸 4" || a.AddressLine3 != "" {
		t.Errorf("moved to %+v", a)
	}

	// An update replaces; what is sent as it was had changes nothing.
	same, err := c.Update(made.CustomerId, patched).Do()
	w.Must(err)
	if !reflect.DeepEqual(same.PostalAddress, patched.PostalAddress) || same.AlternateEmail != patched.AlternateEmail {
		t.Errorf("updated to %+v", same)
	}
	updated, err := c.Update(made.CustomerId, &reseller.Customer{PostalAddress: &reseller.Address{OrganizationName: "北浜"}}).Do()
	w.Must(err)
	if a := updated.PostalAddress; updated.AlternateEmail != "" || a.OrganizationName != "北浜" || a.ContactName != "" || a.AddressLine1 != "" {
		t.Errorf("updated to %+v, %+v", updated, a)
	}
	w.CheckInvariants()
}

// TestForeignCustomers are told like those that do not exist, and so are those that have moved away or were deleted.
func TestForeignCustomers(t *testing.T) {
	w := newWorld(t)
	foreign := w.AddCustomers(w.B, 1, nil)[0]
	gone := w.AddCustomers(w.A, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { s.State = customer.SubCancelled })[0]
	w.Must(w.DeleteCustomer(t.Context(), apptest.Admin(w.A), gone))
	token := w.token(w.A, console.RoleSuperAdmin)
	unknown := w.ask(token, "GET", "/apps/reseller/v1/customers/cus_none", "")
	before := w.everything()
	for _, id := range []string{foreign, gone, "c000001.example", "none.example", "%00", "a%2Fb", "%ff"} {
		for _, method := range []string{"GET", "PATCH", "PUT"} {
			if a := w.ask(token, method, "/apps/reseller/v1/customers/"+id, `{"phoneNumber":"+81312345678"}`); a.status != 404 || a.body != unknown.body {
				t.Errorf("%s %s: %d %s, want %s", method, id, a.status, a.body, unknown.body)
			}
		}
	}
	w.unchanged(before)
}

func TestWhoMayNot(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomers(w.A, 1, nil)[0]
	viewer := w.client(w.token(w.A, console.RoleViewer)).Customers
	_, err := viewer.Get(id).Do()
	w.Must(err)
	before := w.everything()
	_, err = viewer.Insert(kitahama()).Do()
	refused(t, err, 403, "forbidden")
	_, err = viewer.Patch(id, &reseller.Customer{PhoneNumber: "+81312345678"}).Do()
	refused(t, err, 403, "forbidden")
	_, err = w.client("psc_none").Customers.Get(id).Do()
	refused(t, err, 401, "authError")
	a := w.ask("", "GET", "/apps/reseller/v1/customers/"+id, "")
	if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") != "Bearer" || a.Error.Errors[0].Location != "Authorization" {
		t.Errorf("without a token: %+v", a)
	}
	_, err = viewer.Get(id).Do()
	w.Must(err)
	w.unchanged(before)

	w.Limits, w.Config.APIRate = app.NewLimits(), 6
	token := w.token(w.A, console.RoleBilling)
	w.ask(token, "GET", "/apps/reseller/v1/customers/"+id, "")
	a = w.ask(token, "GET", "/apps/reseller/v1/customers/"+id, "")
	if a.status != http.StatusTooManyRequests || a.Error.Errors[0].Reason != "rateLimitExceeded" || a.header.Get("Retry-After") == "" {
		t.Errorf("too often: %+v", a)
	}
}

// TestNotifications says that there are none.
func TestNotifications(t *testing.T) {
	w := newWorld(t)
	s := w.admin().Resellernotify
	_, err := s.Getwatchdetails().Do()
	refused(t, err, 501, "notImplemented")
	_, err = s.Register().ServiceAccountEmailAddress("a@b.example").Do()
	refused(t, err, 501, "notImplemented")
	_, err = s.Unregister().Do()
	refused(t, err, 501, "notImplemented")
}

// TestARepeatedRequest is done once, and the key of another request is refused.
func TestARepeatedRequest(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.A, console.RoleSuperAdmin)
	var first string
	for i := range 3 {
		a := w.ask(token, "POST", "/apps/reseller/v1/customers", insert("", ""), "Idempotency-Key", "k")
		if i == 0 {
			first = a.body
		}
		if a.status != 200 || a.body != first {
			t.Errorf("%d %s, first %s", a.status, a.body, first)
		}
	}
	if a := w.ask(token, "POST", "/apps/reseller/v1/customers", insert("new.", "newer."), "Idempotency-Key", "k"); a.status != 409 {
		t.Errorf("the key of another request: %d %s", a.status, a.body)
	}
	if n := len(w.Texts(`SELECT id FROM customers`)); n != 1 {
		t.Errorf("%d customers", n)
	}
}
