package api

import (
	"context"
	"time"

	"psc/internal/app"
	"psc/internal/fault"
	pscv1 "psc/proto/psc/v1"
)

const operations = "operations"

// ListOperations implements pscv1.OperationServiceServer.
func (o own) ListOperations(ctx context.Context, r *pscv1.ListOperationsRequest) (*pscv1.ListOperationsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.Operations(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListOperationsResponse{Operations: each(rows, p.operation), NextPageToken: next}, err
}

// GetOperation implements pscv1.OperationServiceServer.
func (o own) GetOperation(ctx context.Context, r *pscv1.GetOperationRequest) (*pscv1.Operation, error) {
	p, err := at(ctx, "name", r.GetName(), operations)
	if err != nil {
		return nil, err
	}
	return o.operation(ctx, p)
}

func (o own) operation(ctx context.Context, p place) (*pscv1.Operation, error) {
	op, err := o.app.Operation(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return p.operation(op), nil
}

// How long a call waits for an operation, and how often it looks.
const (
	usualWait = 30 * time.Second
	mostWait  = 60 * time.Second
	lookEvery = 200 * time.Millisecond
)

// WaitOperation implements pscv1.OperationServiceServer.
func (o own) WaitOperation(ctx context.Context, r *pscv1.WaitOperationRequest) (*pscv1.Operation, error) {
	p, err := at(ctx, "name", r.GetName(), operations)
	if err != nil {
		return nil, err
	}
	wait := usualWait
	if r.GetTimeout() != nil {
		if wait = r.GetTimeout().AsDuration(); wait < 0 || wait > mostWait {
			return nil, fault.InvalidField("timeout", "api.timeout", fault.Args{"Most": mostWait})
		}
	}
	until, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		op, err := o.operation(ctx, p)
		if err != nil || op.GetState() != pscv1.Operation_STATE_RUNNING || until.Err() != nil {
			return op, err
		}
		pause, stop := context.WithTimeout(until, lookEvery)
		<-pause.Done()
		stop()
	}
}

// PauseOperation implements pscv1.OperationServiceServer.
func (o own) PauseOperation(ctx context.Context, r *pscv1.PauseOperationRequest) (*pscv1.Operation, error) {
	return o.changeOperation(ctx, r.GetName(), func(p place, id string) error { return o.app.PauseRun(ctx, p.actor, id) })
}

// ResumeOperation implements pscv1.OperationServiceServer.
func (o own) ResumeOperation(ctx context.Context, r *pscv1.ResumeOperationRequest) (*pscv1.Operation, error) {
	return o.changeOperation(ctx, r.GetName(), func(p place, id string) error { return o.app.ResumeRun(ctx, p.actor, id) })
}

// CancelOperation implements pscv1.OperationServiceServer.
func (o own) CancelOperation(ctx context.Context, r *pscv1.CancelOperationRequest) (*pscv1.Operation, error) {
	return o.changeOperation(ctx, r.GetName(), func(p place, id string) error { return o.app.CancelOperation(ctx, p.actor, id) })
}

func (o own) changeOperation(ctx context.Context, name string, change func(p place, id string) error) (*pscv1.Operation, error) {
	p, err := at(ctx, "name", name, operations)
	if err != nil {
		return nil, err
	}
	if err := change(p, p.ids[0]); err != nil {
		return nil, err
	}
	return o.operation(ctx, p)
}

func (p place) operation(op app.Operation) *pscv1.Operation {
	m := &pscv1.Operation{
		Name: p.name(operations, op.ID), Id: op.ID, Kind: enum[pscv1.Operation_Kind](string(op.Kind)),
		State: enum[pscv1.Operation_State](string(op.State)), Done: op.State == app.RunDone || op.State == app.RunFailed,
		TotalCount: op.Total, DoneCount: op.Done, ReturnedCount: op.Returned, StartTime: instant(op.StartedAt),
		Cancelled: app.Cut(op), EndTime: instant(op.EndedAt), FirstBillingDate: day(op.FirstBillingDate), LastBillingDate: day(op.LastBillingDate),
	}
	if op.ConnectionID != "" {
		m.Connection = p.name(connections, op.ConnectionID)
	}
	return m
}
