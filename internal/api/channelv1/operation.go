package channelv1

import (
	"context"
	"strings"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"

	"psc/internal/api"
	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/fault"
)

// operations are the orders of a console: each change of a subscription is one, and those of offline subscriptions wait for the vendor.
// That a customer was given an identity is an operation of the customer's ID.
type operations struct {
	longrunningpb.UnimplementedOperationsServer

	service *service
}

// operationTypes are what clients call what orders do. Others come with time, and are nobody's operation.
var operationTypes = map[customer.OrderAction]channelpb.OperationMetadata_OperationType{ //nolint:exhaustive // see above
	customer.OrderCreated:       channelpb.OperationMetadata_CREATE_ENTITLEMENT,
	customer.OrderSeatsChanged:  channelpb.OperationMetadata_CHANGE_PARAMETERS,
	customer.OrderPlanChanged:   channelpb.OperationMetadata_CHANGE_OFFER,
	customer.OrderSKUChanged:    channelpb.OperationMetadata_CHANGE_OFFER,
	customer.OrderSuspended:     channelpb.OperationMetadata_SUSPEND_ENTITLEMENT,
	customer.OrderActivated:     channelpb.OperationMetadata_ACTIVATE_ENTITLEMENT,
	customer.OrderEnded:         channelpb.OperationMetadata_CANCEL_ENTITLEMENT,
	customer.OrderRenewalSet:    channelpb.OperationMetadata_CHANGE_RENEWAL_SETTINGS,
	customer.OrderPaid:          channelpb.OperationMetadata_START_PAID_SERVICE,
	customer.OrderTransferredIn: channelpb.OperationMetadata_TRANSFER_ENTITLEMENTS,
	customer.OrderTransferred:   channelpb.OperationMetadata_TRANSFER_ENTITLEMENTS_TO_GOOGLE,
}

// GetOperation implements longrunningpb.OperationsServer.
func (o *operations) GetOperation(ctx context.Context, r *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	return o.operation(ctx, r.GetName())
}

// WaitOperation implements longrunningpb.OperationsServer. What waits waits for a person at the vendor's, so the answer is how it
// stands now.
func (o *operations) WaitOperation(ctx context.Context, r *longrunningpb.WaitOperationRequest) (*longrunningpb.Operation, error) {
	return o.operation(ctx, r.GetName())
}

// ListOperations implements longrunningpb.OperationsServer, the newest first.
func (o *operations) ListOperations(ctx context.Context, r *longrunningpb.ListOperationsRequest) (*longrunningpb.ListOperationsResponse, error) {
	if name := strings.Trim(r.GetName(), "/"); name != "" && name != "operations" {
		return nil, fault.InvalidField("name", "api.name", fault.Args{"Pattern": "operations"})
	}
	if r.GetFilter() != "" {
		return nil, fault.InvalidField("filter", "channel.no_filter", nil)
	}
	limit, from, err := operationsPage.read(r, "operations")
	if err != nil {
		return nil, err
	}
	p := callerPlace(ctx)
	orders, err := o.service.app.Orders(ctx, p.Actor, app.OrderFilter{}, from.After, limit+1)
	if err != nil {
		return nil, err
	}
	answer := &longrunningpb.ListOperationsResponse{}
	if len(orders) > limit {
		orders = orders[:limit]
		answer.NextPageToken = token{List: "operations", After: orders[limit-1].ID}.String()
	}
	for _, order := range orders {
		if _, ours := operationTypes[order.Action]; !ours {
			continue
		}
		op, err := o.service.operation(ctx, p, order)
		if err != nil {
			return nil, err
		}
		answer.Operations = append(answer.Operations, op)
	}
	return answer, nil
}

// CancelOperation implements longrunningpb.OperationsServer: it cancels an order that waits for the vendor.
func (o *operations) CancelOperation(ctx context.Context, r *longrunningpb.CancelOperationRequest) (*emptypb.Empty, error) {
	op, err := o.operation(ctx, r.GetName())
	if err == nil && !op.GetDone() {
		err = o.service.app.CancelOrder(ctx, callerPlace(ctx).Actor, strings.TrimPrefix(r.GetName(), "operations/"))
	}
	return &emptypb.Empty{}, err
}

// DeleteOperation implements longrunningpb.OperationsServer.
func (o *operations) DeleteOperation(context.Context, *longrunningpb.DeleteOperationRequest) (*emptypb.Empty, error) {
	return nil, unimplemented("An operation is an order, and the order history keeps all of them.")
}

// callerPlace is the console of the caller: the names of operations do not say it.
func callerPlace(ctx context.Context) place {
	caller := api.CallerOf(ctx)
	return place{Actor: caller.Actor, account: "accounts/" + string(caller.Console.AccountID)}
}

func (o *operations) operation(ctx context.Context, name string) (*longrunningpb.Operation, error) {
	ids, err := idsOf("name", name, "operations")
	if err != nil {
		return nil, err
	}
	p := callerPlace(ctx)
	if strings.HasPrefix(ids[0], "cus_") {
		record, err := o.service.live(ctx, p, ids[0])
		if err == nil && record.Customer.IdentityAt.IsZero() {
			err = fault.New(fault.NotFound, "order.not_found", nil)
		}
		if err != nil {
			return nil, err
		}
		return done(name, channelpb.OperationMetadata_PROVISION_CLOUD_IDENTITY, p.customer(record.Customer))
	}
	order, err := o.service.app.Order(ctx, p.Actor, ids[0])
	if _, ours := operationTypes[order.Action]; err == nil && !ours {
		err = fault.New(fault.NotFound, "order.not_found", nil)
	}
	if err != nil {
		return nil, err
	}
	return o.service.operation(ctx, p, order)
}

// operation renders an order.
func (s *service) operation(ctx context.Context, p place, order customer.Order) (*longrunningpb.Operation, error) {
	return s.operationAs(ctx, p, order, operationTypes[order.Action])
}

// operationAs renders an order under the name of what was asked for: fewer seats of an annual plan are a matter of its renewal.
func (s *service) operationAs(
	ctx context.Context, p place, order customer.Order, kind channelpb.OperationMetadata_OperationType,
) (*longrunningpb.Operation, error) {
	name := "operations/" + order.ID
	switch order.State {
	case customer.OrderOpen:
		return running(name, kind)
	case customer.OrderCancelled:
		return failed(name, kind, codes.Canceled, "The order was cancelled.")
	case customer.OrderRejected:
		return failed(name, kind, codes.FailedPrecondition, "The vendor rejected the order: "+order.Reason)
	case customer.OrderFulfilled:
	}
	if order.Action == customer.OrderTransferredIn {
		return s.takenOver(ctx, p, order)
	}
	if order.Action == customer.OrderEnded || order.Action == customer.OrderTransferred {
		return done(name, kind, &emptypb.Empty{})
	}
	record, err := s.app.Customer(ctx, p.Actor, order.CustomerID)
	if err != nil {
		return nil, err
	}
	for _, l := range record.Subscriptions {
		if l.ID == order.SubscriptionID {
			return done(name, kind, s.entitlement(p, l))
		}
	}
	return done(name, kind, &emptypb.Empty{})
}

func running(name string, kind channelpb.OperationMetadata_OperationType) (*longrunningpb.Operation, error) {
	metadata, err := anypb.New(&channelpb.OperationMetadata{OperationType: kind})
	return &longrunningpb.Operation{Name: name, Metadata: metadata}, err
}

func done(name string, kind channelpb.OperationMetadata_OperationType, response proto.Message) (*longrunningpb.Operation, error) {
	op, err := running(name, kind)
	if err != nil {
		return nil, err
	}
	packed, err := anypb.New(response)
	op.Done, op.Result = true, &longrunningpb.Operation_Response{Response: packed}
	return op, err
}

func failed(name string, kind channelpb.OperationMetadata_OperationType, code codes.Code, why string) (*longrunningpb.Operation, error) {
	op, err := running(name, kind)
	if err != nil {
		return nil, err
	}
	op.Done, op.Result = true, &longrunningpb.Operation_Error{Error: &status.Status{Code: int32(code), Message: why}} //nolint:gosec // there are 17 codes
	return op, nil
}
