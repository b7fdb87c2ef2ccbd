package api_test

import (
	"net/http"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	pscv1 "psc/proto/psc/v1"
)

// TestARepeatedCall returns the first answer, by gRPC and REST, with the key in the request or beside it.
func TestARepeatedCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client, ctx := pscv1.NewCustomerServiceClient(w.conn), w.as("Console A")
	ask := func(name, key string) *pscv1.CreateCustomerRequest {
		return &pscv1.CreateCustomerRequest{Parent: in(w.A, ""), RequestId: key, Customer: &pscv1.Customer{
			Domain: "new.example", OrgDisplayName: name, PrimaryContactName: "N. N.", PrimaryContactEmail: "nn@new.example",
			RegionCode: "JP", LanguageCode: "ja",
		}}
	}
	first, err := client.CreateCustomer(ctx, ask("New", "key-1"))
	w.Must(err)
	for range 2 {
		again, err := client.CreateCustomer(ctx, ask("New", "key-1"))
		w.Must(err)
		if !proto.Equal(first, again) {
			t.Errorf("first %v\nagain %v", first, again)
		}
	}
	beside := metadata.AppendToOutgoingContext(ctx, "idempotency-key", "key-1")
	again, err := client.CreateCustomer(beside, ask("New", ""))
	w.Must(err)
	if !proto.Equal(first, again) {
		t.Errorf("first %v\nagain %v", first, again)
	}
	if _, err := client.CreateCustomer(ctx, ask("Newer", "key-1")); status.Code(err) != codes.Aborted {
		t.Errorf("the key of another request: %v", err)
	}
	if _, err := client.CreateCustomer(ctx, ask("New", "key-2")); status.Code(err) == codes.OK {
		t.Error("the domain is taken, and a new request is answered as the first")
	}

	const body = `{"domain":"rest.example","orgDisplayName":"Rest","primaryContactName":"N. N.","primaryContactEmail":"nn@new.example","regionCode":"JP","languageCode":"ja"}`
	for range 2 {
		code, made := w.rest("Console A", http.MethodPost, "/v1/"+in(w.A, "/customers"), body, "Idempotency-Key", "key-3")
		if code != http.StatusOK || made["domain"] != "rest.example" {
			t.Errorf("%d %v", code, made)
		}
	}
	if n := len(w.Texts(`SELECT id FROM customers`)); n != 2 {
		t.Errorf("%d customers", n)
	}
}
