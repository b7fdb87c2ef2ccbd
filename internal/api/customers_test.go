package api_test

import (
	"net/http"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"psc/internal/customer"
	pscv1 "psc/proto/psc/v1"
)

func TestCustomersByGRPC(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.AddCustomers(w.A, 5, func(i int, _ *customer.Customer, s *customer.Subscription) { s.Seats = int64(10 * (i + 1)) })
	client, ctx := pscv1.NewCustomerServiceClient(w.conn), w.as("Console A")

	var seen []string
	for token := ""; ; {
		page, err := client.ListCustomers(ctx, &pscv1.ListCustomersRequest{
			Parent: in(w.A, ""), PageSize: 2, PageToken: token, Filter: `seats >= 20`, OrderBy: "seats desc",
		})
		w.Must(err)
		for _, c := range page.GetCustomers() {
			seen = append(seen, c.GetId())
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	if len(seen) != 4 || seen[0] != ids[4] || seen[3] != ids[1] {
		t.Errorf("customers with 20 seats and more, most first: %v", seen)
	}

	made, err := client.CreateCustomer(ctx, &pscv1.CreateCustomerRequest{Parent: in(w.A, ""), Customer: &pscv1.Customer{
		Domain: "new.example", OrgDisplayName: "New", PrimaryContactName: "N. N.", PrimaryContactEmail: "nn@new.example",
		RegionCode: "JP", LanguageCode: "ja", Phone: "03-0000-0000",
	}})
	w.Must(err)
	changed, err := client.UpdateCustomer(ctx, &pscv1.UpdateCustomerRequest{
		Customer:   &pscv1.Customer{Name: made.GetName(), OrgDisplayName: "Newer", Phone: "lost", Etag: made.GetEtag()},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"org_display_name"}},
	})
	w.Must(err)
	if changed.GetOrgDisplayName() != "Newer" || changed.GetPhone() != made.GetPhone() || changed.GetEtag() == made.GetEtag() {
		t.Errorf("changed %v\ninto %v", made, changed)
	}
	_, err = client.UpdateCustomer(ctx, &pscv1.UpdateCustomerRequest{
		Customer: &pscv1.Customer{Name: made.GetName(), OrgDisplayName: "Overwritten", Etag: made.GetEtag()},
	})
	if status.Code(err) != codes.Aborted {
		t.Errorf("with an old etag: %v", err)
	}
}

func TestCustomersByREST(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	customers := "/v1/" + in(w.A, "/customers")
	const body = `{"domain":"new.example","orgDisplayName":"New","primaryContactName":"N. N.","primaryContactEmail":"nn@new.example","regionCode":"JP","languageCode":"ja"}`
	code, made := w.rest("Console A", http.MethodPost, customers, body)
	if code != http.StatusOK || made["domain"] != "new.example" {
		t.Fatalf("%d %v", code, made)
	}
	name, _ := made["name"].(string)
	code, got := w.rest("Console A", http.MethodGet, "/v1/"+name, "")
	if code != http.StatusOK || got["etag"] != made["etag"] {
		t.Errorf("%d %v", code, got)
	}
	code, got = w.rest("Console A", http.MethodPatch, "/v1/"+name+"?updateMask=phone", `{"phone":"03-1111-1111"}`)
	if code != http.StatusOK || got["phone"] != "03-1111-1111" || got["orgDisplayName"] != "New" {
		t.Errorf("%d %v", code, got)
	}
	code, got = w.rest("Console A", http.MethodGet, customers+"?filter=plan=FLEXIBLE", "")
	if list, _ := got["customers"].([]any); code != http.StatusOK || len(list) != 0 {
		t.Errorf("with a flexible plan: %d %v", code, got)
	}
}
