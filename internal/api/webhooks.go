package api

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"psc/internal/app"
	"psc/internal/fault"
	pscv1 "psc/proto/psc/v1"
)

const (
	webhooks   = "webhooks"
	deliveries = "deliveries"
)

// ListWebhooks implements pscv1.WebhookServiceServer.
func (o own) ListWebhooks(ctx context.Context, r *pscv1.ListWebhooksRequest) (*pscv1.ListWebhooksResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.Webhooks(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListWebhooksResponse{Webhooks: each(rows, p.webhook), NextPageToken: next}, err
}

// GetWebhook implements pscv1.WebhookServiceServer.
func (o own) GetWebhook(ctx context.Context, r *pscv1.GetWebhookRequest) (*pscv1.Webhook, error) {
	p, err := at(ctx, "name", r.GetName(), webhooks)
	if err != nil {
		return nil, err
	}
	w, err := o.app.Webhook(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return p.webhook(w), nil
}

// CreateWebhook implements pscv1.WebhookServiceServer.
func (o own) CreateWebhook(ctx context.Context, r *pscv1.CreateWebhookRequest) (*pscv1.CreateWebhookResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	secret, w, err := o.app.MakeWebhook(ctx, p.actor, webhookFields(r.GetWebhook()))
	if err != nil {
		return nil, err
	}
	return &pscv1.CreateWebhookResponse{Webhook: p.webhook(w), Secret: secret}, nil
}

func webhookFields(m *pscv1.Webhook) app.WebhookFields {
	return app.WebhookFields{URL: m.GetUrl(), Description: m.GetDescription(), Types: m.GetEventTypes(), Disabled: m.GetDisabled()}
}

// UpdateWebhook implements pscv1.WebhookServiceServer.
func (o own) UpdateWebhook(ctx context.Context, r *pscv1.UpdateWebhookRequest) (*pscv1.Webhook, error) {
	p, err := at(ctx, "webhook.name", r.GetWebhook().GetName(), webhooks)
	if err != nil {
		return nil, err
	}
	was, err := o.app.Webhook(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	f := webhookFields(r.GetWebhook())
	if paths := r.GetUpdateMask().GetPaths(); len(paths) > 0 && !slices.Equal(paths, []string{"*"}) {
		sent := f
		f = webhookFields(p.webhook(was))
		for _, path := range paths {
			switch path {
			case "url":
				f.URL = sent.URL
			case "description":
				f.Description = sent.Description
			case "event_types":
				f.Types = sent.Types
			case "disabled":
				f.Disabled = sent.Disabled
			default:
				return nil, fault.InvalidField("update_mask", "api.field_mask", fault.Args{"Field": path})
			}
		}
	}
	seen, err := strconv.ParseInt(cmp.Or(r.GetWebhook().GetEtag(), etagOf(was)), 10, 64)
	if err != nil {
		return nil, fault.InvalidField("webhook.etag", "webhook.version", nil)
	}
	w, err := o.app.ChangeWebhook(ctx, p.actor, was.ID, seen, f)
	if err != nil {
		return nil, err
	}
	return p.webhook(w), nil
}

func etagOf(w app.Webhook) string { return strconv.FormatInt(w.Version, 10) }

// DeleteWebhook implements pscv1.WebhookServiceServer.
func (o own) DeleteWebhook(ctx context.Context, r *pscv1.DeleteWebhookRequest) (*pscv1.DeleteWebhookResponse, error) {
	p, err := at(ctx, "name", r.GetName(), webhooks)
	if err != nil {
		return nil, err
	}
	return &pscv1.DeleteWebhookResponse{}, o.app.RemoveWebhook(ctx, p.actor, p.ids[0])
}

// RotateWebhookSecret implements pscv1.WebhookServiceServer.
func (o own) RotateWebhookSecret(ctx context.Context, r *pscv1.RotateWebhookSecretRequest) (*pscv1.RotateWebhookSecretResponse, error) {
	p, err := at(ctx, "name", r.GetName(), webhooks)
	if err != nil {
		return nil, err
	}
	secret, w, err := o.app.RotateWebhookSecret(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return &pscv1.RotateWebhookSecretResponse{Webhook: p.webhook(w), Secret: secret}, nil
}

// TestWebhook implements pscv1.WebhookServiceServer.
func (o own) TestWebhook(ctx context.Context, r *pscv1.TestWebhookRequest) (*pscv1.TestWebhookResponse, error) {
	p, err := at(ctx, "name", r.GetName(), webhooks)
	if err != nil {
		return nil, err
	}
	id, err := o.app.TestWebhook(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return &pscv1.TestWebhookResponse{Delivery: p.name(webhooks, p.ids[0], deliveries, id)}, nil
}

// ListWebhookDeliveries implements pscv1.WebhookServiceServer.
func (o own) ListWebhookDeliveries(ctx context.Context, r *pscv1.ListWebhookDeliveriesRequest) (*pscv1.ListWebhookDeliveriesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), webhooks)
	if err != nil {
		return nil, err
	}
	var state string
	var q app.WebhookQuery
	f := filterable{}
	f.one("state", func(s string) { state = s })
	f.one("event_type", func(s string) { q.Type = s })
	if err := f.apply(r.GetFilter()); err != nil {
		return nil, err
	}
	query := []string{p.actor.ConsoleID, p.ids[0], r.GetFilter()}
	var limit int
	if limit, q.Before, err = readPage[string](r, query...); err != nil {
		return nil, err
	}
	if q, err = q.In(state); err != nil {
		return nil, err
	}
	list, more, err := o.app.WebhookMessages(ctx, p.actor, p.ids[0], q, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListWebhookDeliveriesResponse{Deliveries: each(list, p.delivery)}
	if more {
		answer.NextPageToken = nextPage(list[len(list)-1].ID, query...)
	}
	return answer, nil
}

// GetWebhookDelivery implements pscv1.WebhookServiceServer.
func (o own) GetWebhookDelivery(ctx context.Context, r *pscv1.GetWebhookDeliveryRequest) (*pscv1.WebhookDelivery, error) {
	p, err := at(ctx, "name", r.GetName(), webhooks, deliveries)
	if err != nil {
		return nil, err
	}
	m, tries, err := o.app.WebhookMessage(ctx, p.actor, p.ids[0], p.ids[1])
	if err != nil {
		return nil, err
	}
	d := p.delivery(m)
	d.Payload, d.Attempts = m.Body, each(tries, func(a app.WebhookAttempt) *pscv1.WebhookAttempt {
		return &pscv1.WebhookAttempt{Time: instant(a.At), ResponseCode: a.Code, Problem: a.Problem, DurationMillis: a.Millis}
	})
	return d, nil
}

// ReplayWebhookDelivery implements pscv1.WebhookServiceServer.
func (o own) ReplayWebhookDelivery(ctx context.Context, r *pscv1.ReplayWebhookDeliveryRequest) (*pscv1.WebhookDelivery, error) {
	p, err := at(ctx, "name", r.GetName(), webhooks, deliveries)
	if err != nil {
		return nil, err
	}
	if err := o.app.ReplayWebhookMessage(ctx, p.actor, p.ids[0], p.ids[1]); err != nil {
		return nil, err
	}
	m, _, err := o.app.WebhookMessage(ctx, p.actor, p.ids[0], p.ids[1])
	if err != nil {
		return nil, err
	}
	return p.delivery(m), nil
}

// ReplayFailedDeliveries implements pscv1.WebhookServiceServer.
func (o own) ReplayFailedDeliveries(ctx context.Context, r *pscv1.ReplayFailedDeliveriesRequest) (*pscv1.ReplayFailedDeliveriesResponse, error) {
	p, err := at(ctx, "name", r.GetName(), webhooks)
	if err != nil {
		return nil, err
	}
	var since time.Time
	if r.GetSince() != nil {
		since = r.GetSince().AsTime()
	}
	n, err := o.app.ReplayFailedMessages(ctx, p.actor, p.ids[0], since)
	if err != nil {
		return nil, err
	}
	return &pscv1.ReplayFailedDeliveriesResponse{Count: n}, nil
}

func (p place) webhook(w app.Webhook) *pscv1.Webhook {
	return &pscv1.Webhook{
		Name: p.name(webhooks, w.ID), Url: w.URL, Description: w.Description, EventTypes: w.Types, Disabled: w.Reason != "",
		DisabledReason: string(w.Reason), FailingSince: instant(w.FailingSince), OldSecretExpireTime: instant(w.OldUntil),
		CreateTime: instant(w.CreatedAt), Etag: etagOf(w),
	}
}

func (p place) delivery(m app.WebhookMessage) *pscv1.WebhookDelivery {
	d := &pscv1.WebhookDelivery{
		Name: p.name(webhooks, m.WebhookID, deliveries, m.ID), Id: m.ID, EventType: m.Type, CustomerId: m.CustomerID, CreateTime: instant(m.At),
		State: string(m.State), AttemptCount: m.Attempts, LastResponseCode: m.LastCode, LastProblem: m.Problem,
	}
	if m.SettledAt.IsZero() {
		d.NextAttemptTime = instant(m.NextAt)
	}
	return d
}
