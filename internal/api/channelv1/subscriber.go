package channelv1

import (
	"context"
	"slices"
	"strings"

	"cloud.google.com/go/channel/apiv1/channelpb"

	"psc/internal/api"
	"psc/internal/app"
	"psc/internal/fault"
)

// A subscriber is a webhook here: its address stands where a service account's would, and its name where the topic's would.

// subscriberPlace reads the account of a request. An integrator is nobody here.
func subscriberPlace(ctx context.Context, account, integrator string) (place, error) {
	if account == "" && integrator == "" {
		return place{}, fault.InvalidField("account", "channel.required", nil)
	}
	if account == "" {
		return place{}, fault.New(fault.NotFound, "console.not_found", nil)
	}
	return at(ctx, "account", account)
}

func topicOf(ctx context.Context, w app.Webhook) string {
	return topics(ctx) + "/" + w.ID
}

func topics(ctx context.Context) string {
	return "consoles/" + string(api.CallerOf(ctx).Console.AccountID) + "/webhooks"
}

// subscribed returns the webhook that leads to an address, if there is one.
func (s *service) subscribed(ctx context.Context, p place, address string) (w app.Webhook, ok bool, err error) {
	list, err := s.app.Webhooks(ctx, p.Actor)
	i := slices.IndexFunc(list, func(w app.Webhook) bool { return w.URL == address })
	if err != nil || i < 0 {
		return w, false, err
	}
	return list[i], true, nil
}

// RegisterSubscriber implements channelpb.CloudChannelServiceServer.
func (s *service) RegisterSubscriber(
	ctx context.Context, r *channelpb.RegisterSubscriberRequest,
) (*channelpb.RegisterSubscriberResponse, error) {
	p, err := subscriberPlace(ctx, r.GetAccount(), r.GetIntegrator())
	if err != nil {
		return nil, err
	}
	if !strings.Contains(r.GetServiceAccount(), "://") {
		return nil, fault.InvalidField("service_account", "channel.subscriber", nil)
	}
	w, there, err := s.subscribed(ctx, p, r.GetServiceAccount())
	if err == nil && !there {
		_, w, err = s.app.MakeWebhook(ctx, p.Actor, app.WebhookFields{URL: r.GetServiceAccount(), Description: "registerSubscriber"})
	}
	if err != nil {
		return nil, err
	}
	return &channelpb.RegisterSubscriberResponse{Topic: topicOf(ctx, w)}, nil
}

// UnregisterSubscriber implements channelpb.CloudChannelServiceServer.
func (s *service) UnregisterSubscriber(
	ctx context.Context, r *channelpb.UnregisterSubscriberRequest,
) (*channelpb.UnregisterSubscriberResponse, error) {
	p, err := subscriberPlace(ctx, r.GetAccount(), r.GetIntegrator())
	if err != nil {
		return nil, err
	}
	w, there, err := s.subscribed(ctx, p, r.GetServiceAccount())
	if err == nil && !there {
		err = fault.New(fault.NotFound, "webhook.not_found", nil)
	}
	if err == nil {
		err = s.app.RemoveWebhook(ctx, p.Actor, w.ID)
	}
	if err != nil {
		return nil, err
	}
	return &channelpb.UnregisterSubscriberResponse{Topic: topicOf(ctx, w)}, nil
}

// ListSubscribers implements channelpb.CloudChannelServiceServer.
func (s *service) ListSubscribers(ctx context.Context, r *channelpb.ListSubscribersRequest) (*channelpb.ListSubscribersResponse, error) {
	p, err := subscriberPlace(ctx, r.GetAccount(), r.GetIntegrator())
	if err != nil {
		return nil, err
	}
	limit, from, err := subscribersPage.read(r, "subscribers")
	if err != nil {
		return nil, err
	}
	list, err := s.app.Webhooks(ctx, p.Actor)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(w app.Webhook) bool { return w.ID <= from.After })
	answer := &channelpb.ListSubscribersResponse{Topic: topics(ctx)}
	for i, w := range list {
		if i == limit {
			answer.NextPageToken = token{List: "subscribers", After: list[i-1].ID}.String()
			break
		}
		answer.ServiceAccounts = append(answer.ServiceAccounts, w.URL)
	}
	return answer, nil
}
