package api_test

import (
	"net/http"
	"testing"

	"psc/internal/customercsv"
	pscv1 "psc/proto/psc/v1"
)

// TestWhatElseIsDoneToACustomer: its readiness is looked at, and it goes to the vendor after a look at what that credits.
func TestWhatElseIsDoneToACustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.AddCustomers(w.B, 1, nil)[0]
	w.Connect(w.A, w.B)
	client, ctx := pscv1.NewCustomerServiceClient(w.conn), w.as("Console B")
	ready, err := client.EvaluateCustomer(ctx, &pscv1.EvaluateCustomerRequest{Name: in(w.B, "/customers/"+id)})
	w.Must(err)
	if !ready.GetReady() {
		t.Errorf("%v", ready)
	}
	quote, err := client.TransferOut(ctx, &pscv1.TransferOutRequest{Name: in(w.B, "/customers/"+id), ValidateOnly: true})
	w.Must(err)
	if len(quote.GetSubscriptions()) != 1 || quote.GetBillingDate() == nil {
		t.Errorf("%v", quote)
	}
	_, err = client.TransferOut(ctx, &pscv1.TransferOutRequest{Name: in(w.B, "/customers/"+id)})
	w.Must(err)
	subs, err := pscv1.NewSubscriptionServiceClient(w.conn).ListSubscriptions(ctx, &pscv1.ListSubscriptionsRequest{Parent: in(w.B, "/customers/"+id)})
	w.Must(err)
	if s := subs.GetSubscriptions(); len(s) != 1 || s[0].GetState() != pscv1.Subscription_STATE_CANCELLED {
		t.Errorf("%v", subs)
	}
}

// TestAnImportIsAnOperation that its console alone sees.
func TestAnImportIsAnOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	op, err := pscv1.NewCustomerServiceClient(w.conn).ImportCustomers(w.as("Console A"), &pscv1.ImportCustomersRequest{
		Parent: in(w.A, ""), FileName: "customers.csv", Content: []byte(customercsv.Columns()[0].Name + "\n"),
	})
	w.Must(err)
	if op.GetKind() != pscv1.Operation_KIND_IMPORT {
		t.Errorf("%v", op)
	}
	if code, got := w.rest("Console A", http.MethodGet, "/v1/"+op.GetName(), ""); code != http.StatusOK || got["kind"] != "KIND_IMPORT" {
		t.Errorf("%d %v", code, got)
	}
	if code, got := w.rest("Console B", http.MethodGet, "/v1/"+in(w.B, "/operations/"+op.GetId()), ""); code != http.StatusNotFound {
		t.Errorf("another console's: %d %v", code, got)
	}
	if code, _ := w.rest("Console B", http.MethodPost, "/v1/"+in(w.B, "/operations/"+op.GetId()+":cancel"), `{}`); code != http.StatusNotFound {
		t.Errorf("another console's is cancelled: %d", code)
	}
	for range 2 { // a repeat is told the same
		code, got := w.rest("Console A", http.MethodPost, "/v1/"+op.GetName()+":cancel", `{}`, "Idempotency-Key", "stop")
		if code != http.StatusOK || got["state"] != "STATE_DONE" || got["cancelled"] != true || got["done"] != true {
			t.Errorf("%d %v", code, got)
		}
	}
}
