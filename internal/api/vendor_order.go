package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/console"
	pscv1 "psc/proto/psc/v1"
)

// ListOpenOrders implements pscv1.VendorOrderServiceServer.
func (v vendor) ListOpenOrders(ctx context.Context, r *pscv1.ListOpenOrdersRequest) (*pscv1.ListOpenOrdersResponse, error) {
	list, next, err := queued(ctx, r, v.app.OrderQueue, func(q app.QueuedOrder) string { return q.ID })
	return &pscv1.ListOpenOrdersResponse{NextPageToken: next, OpenOrders: each(list, func(q app.QueuedOrder) *pscv1.OpenOrder {
		return placeOf(q.Place).openOrder(q.OpenOrder)
	})}, err
}

// placeOf is the console of something in a queue over all of them.
func placeOf(q app.QueuePlace) place {
	return place{console: console.Console{AccountID: q.AccountID, Name: q.Console, ResellerName: q.Reseller}}
}

// queued reads a page of a queue over all consoles, and the token of the next.
func queued[T any](
	ctx context.Context, r paging, read func(context.Context, console.Actor, string, int) ([]T, bool, error), id func(T) string,
) ([]T, string, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, "", err
	}
	limit, after, err := readPage[string](r)
	if err != nil {
		return nil, "", err
	}
	list, more, err := read(ctx, actor, after, limit)
	if err != nil || !more {
		return list, "", err
	}
	return list, nextPage(id(list[len(list)-1])), nil
}

// FulfilOrder implements pscv1.VendorOrderServiceServer.
func (v vendor) FulfilOrder(ctx context.Context, r *pscv1.FulfilOrderRequest) (*pscv1.FulfilOrderResponse, error) {
	p, err := v.at(ctx, "name", r.GetName(), customers, "orders")
	if err != nil {
		return nil, err
	}
	return &pscv1.FulfilOrderResponse{}, v.app.FulfilOrder(ctx, p.actor, p.ids[1])
}

// RejectOrder implements pscv1.VendorOrderServiceServer.
func (v vendor) RejectOrder(ctx context.Context, r *pscv1.RejectOrderRequest) (*pscv1.RejectOrderResponse, error) {
	p, err := v.at(ctx, "name", r.GetName(), customers, "orders")
	if err != nil {
		return nil, err
	}
	return &pscv1.RejectOrderResponse{}, v.app.RejectOrder(ctx, p.actor, p.ids[1], r.GetReason())
}

// VendorSuspendSubscription implements pscv1.VendorOrderServiceServer.
func (v vendor) VendorSuspendSubscription(ctx context.Context, r *pscv1.VendorSuspendSubscriptionRequest) (*pscv1.Subscription, error) {
	return v.setSuspension(ctx, r.GetName(), v.app.VendorSuspend)
}

// LiftVendorSuspension implements pscv1.VendorOrderServiceServer.
func (v vendor) LiftVendorSuspension(ctx context.Context, r *pscv1.LiftVendorSuspensionRequest) (*pscv1.Subscription, error) {
	return v.setSuspension(ctx, r.GetName(), v.app.LiftVendorSuspension)
}

func (v vendor) setSuspension(ctx context.Context, name string, set func(context.Context, console.Actor, string) error) (*pscv1.Subscription, error) {
	p, err := v.at(ctx, "name", name, customers, subscriptions)
	if err != nil {
		return nil, err
	}
	if _, err := v.subscription(ctx, p); err != nil { // of that customer
		return nil, err
	}
	if err := set(ctx, p.actor, p.ids[1]); err != nil {
		return nil, err
	}
	return v.subscription(ctx, p)
}
