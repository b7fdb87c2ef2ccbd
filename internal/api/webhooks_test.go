package api_test

import (
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pscv1 "psc/proto/psc/v1"
)

func TestWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, client := w.as("Console A"), pscv1.NewWebhookServiceClient(w.conn)
	made, err := client.CreateWebhook(ctx, &pscv1.CreateWebhookRequest{Parent: in(w.A, ""), Webhook: &pscv1.Webhook{
		Url: "https://a.example/", Description: "CRM", EventTypes: []string{"order.placed"},
	}})
	w.Must(err)
	name := made.GetWebhook().GetName()
	if !strings.HasPrefix(made.GetSecret(), "whsec_") || !strings.HasPrefix(name, in(w.A, "/webhooks/whk_")) {
		t.Fatalf("%v", made)
	}
	rotated, err := client.RotateWebhookSecret(ctx, &pscv1.RotateWebhookSecretRequest{Name: name})
	w.Must(err)
	if rotated.GetSecret() == made.GetSecret() || rotated.GetWebhook().GetOldSecretExpireTime() == nil {
		t.Errorf("%v", rotated)
	}
	_, err = client.UpdateWebhook(ctx, &pscv1.UpdateWebhookRequest{Webhook: &pscv1.Webhook{Name: name, Url: "https://b.example/", Etag: made.GetWebhook().GetEtag()}})
	if status.Code(err) != codes.Aborted {
		t.Errorf("with an old etag: %v", err)
	}
	changed, err := client.UpdateWebhook(ctx, &pscv1.UpdateWebhookRequest{
		Webhook: &pscv1.Webhook{Name: name, Url: "https://b.example/", Description: "lost", Etag: rotated.GetWebhook().GetEtag()}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"url"}},
	})
	w.Must(err)
	if changed.GetUrl() != "https://b.example/" || changed.GetDescription() != "CRM" || len(changed.GetEventTypes()) != 1 {
		t.Errorf("%v", changed)
	}
	var sent []string
	for range 3 {
		test, err := client.TestWebhook(ctx, &pscv1.TestWebhookRequest{Name: name})
		w.Must(err)
		sent = append(sent, test.GetDelivery())
	}
	w.Exec(`UPDATE webhook_messages SET state = 'FAILED', settled_at = 1`)
	page, err := client.ListWebhookDeliveries(ctx, &pscv1.ListWebhookDeliveriesRequest{Parent: name, PageSize: 2, Filter: `state="FAILED" AND event_type="webhook.test"`})
	w.Must(err)
	rest, err := client.ListWebhookDeliveries(ctx, &pscv1.ListWebhookDeliveriesRequest{
		Parent: name, PageSize: 2, Filter: `state="FAILED" AND event_type="webhook.test"`, PageToken: page.GetNextPageToken(),
	})
	w.Must(err)
	if len(page.GetDeliveries()) != 2 || len(rest.GetDeliveries()) != 1 || rest.GetDeliveries()[0].GetName() != sent[0] || rest.GetNextPageToken() != "" {
		t.Errorf("%v\n%v", page, rest)
	}
	one, err := client.ReplayWebhookDelivery(ctx, &pscv1.ReplayWebhookDeliveryRequest{Name: sent[0]})
	w.Must(err)
	again, err := client.ReplayFailedDeliveries(ctx, &pscv1.ReplayFailedDeliveriesRequest{Name: name})
	w.Must(err)
	if one.GetState() != "WAITING" || one.GetNextAttemptTime() == nil || again.GetCount() != 2 {
		t.Errorf("%v, %v", one, again)
	}
	_, err = client.ListWebhookDeliveries(ctx, &pscv1.ListWebhookDeliveriesRequest{Parent: name, Filter: `state="LOST"`})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("%v", err)
	}

	code, got := w.rest("Console A", http.MethodGet, "/v1/"+sent[0], "")
	if payload, _ := got["payload"].(string); code != http.StatusOK || !strings.Contains(payload, `"type":"webhook.test"`) {
		t.Errorf("%d %v", code, got)
	}
	code, got = w.rest("Console A", http.MethodPatch, "/v1/"+name, `{"disabled":true}`)
	if code != http.StatusOK || got["disabledReason"] != "BY_HAND" || got["url"] != "https://b.example/" {
		t.Errorf("%d %v", code, got)
	}
	code, got = w.rest("Console A", http.MethodPost, "/v1/"+name+":test", `{}`)
	if code != http.StatusBadRequest {
		t.Errorf("%d %v", code, got)
	}
	_, err = client.DeleteWebhook(ctx, &pscv1.DeleteWebhookRequest{Name: name})
	w.Must(err)
	if list, err := client.ListWebhooks(ctx, &pscv1.ListWebhooksRequest{Parent: in(w.A, "")}); err != nil || len(list.GetWebhooks()) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}
