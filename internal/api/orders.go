package api

import (
	"context"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

// ListOrders implements pscv1.OrderServiceServer.
func (o own) ListOrders(ctx context.Context, r *pscv1.ListOrdersRequest) (*pscv1.ListOrdersResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers)
	if err != nil {
		return nil, err
	}
	limit, before, err := readPage[string](r, r.GetParent())
	if err != nil {
		return nil, err
	}
	record, err := o.app.CustomerAt(ctx, p.actor, p.ids[0], app.HistoryPlace{Orders: before})
	if err != nil {
		return nil, err
	}
	list := record.Orders[:min(limit, len(record.Orders))]
	answer := &pscv1.ListOrdersResponse{Orders: each(list, p.order)}
	if record.MoreOrders || len(list) < len(record.Orders) {
		answer.NextPageToken = nextPage(list[len(list)-1].ID, r.GetParent())
	}
	return answer, nil
}

// ListEarlierOrders implements pscv1.OrderServiceServer.
func (o own) ListEarlierOrders(ctx context.Context, r *pscv1.ListEarlierOrdersRequest) (*pscv1.ListEarlierOrdersResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers)
	if err != nil {
		return nil, err
	}
	list, err := o.app.EarlierOrders(ctx, p.actor, p.ids[0], mostRows)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, r.GetParent())
	return &pscv1.ListEarlierOrdersResponse{Orders: each(rows, p.order), NextPageToken: next}, err
}

// CancelOrder implements pscv1.OrderServiceServer.
func (o own) CancelOrder(ctx context.Context, r *pscv1.CancelOrderRequest) (*pscv1.CancelOrderResponse, error) {
	p, err := at(ctx, "name", r.GetName(), customers, "orders")
	if err != nil {
		return nil, err
	}
	return &pscv1.CancelOrderResponse{}, o.app.CancelOrder(ctx, p.actor, p.ids[1])
}

func (p place) order(line app.OrderLine) *pscv1.Order {
	return &pscv1.Order{
		Name: p.name(customers, line.CustomerID, "orders", line.ID), Id: line.ID, SubscriptionId: line.SubscriptionID,
		Action: string(line.Action), State: enum[pscv1.Order_State](string(line.State)), OperatorType: string(line.By),
		Operator: line.ByName, SkuId: line.SKUID, SkuDisplayName: line.SKU.Name, Plan: enum[pscv1.Plan](string(line.Plan)),
		SeatsBefore: line.SeatsBefore, SeatsAfter: line.SeatsAfter, CreateTime: instant(line.At), BillingDate: day(line.BillingDate),
		RejectReason: line.Reason,
	}
}
