package api

import (
	"bytes"
	"context"

	"google.golang.org/genproto/googleapis/api/httpbody"

	"psc/internal/app"
	"psc/internal/migration"
	pscv1 "psc/proto/psc/v1"
)

// ImportCustomers implements pscv1.CustomerServiceServer.
func (o own) ImportCustomers(ctx context.Context, r *pscv1.ImportCustomersRequest) (*pscv1.Operation, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	op, err := o.app.StartImport(ctx, p.actor, r.GetFileName(), bytes.NewReader(r.GetContent()), r.GetSkipBad())
	if err != nil {
		return nil, err
	}
	return p.operation(op), nil
}

// ExportCustomers implements pscv1.CustomerServiceServer.
func (o own) ExportCustomers(ctx context.Context, r *pscv1.ExportCustomersRequest) (*httpbody.HttpBody, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := o.app.ExportCustomers(ctx, p.actor, &file); err != nil {
		return nil, err
	}
	return &httpbody.HttpBody{ContentType: "text/csv; charset=utf-8", Data: file.Bytes()}, nil
}

// AcceptTerms implements pscv1.CustomerServiceServer.
func (o own) AcceptTerms(ctx context.Context, r *pscv1.AcceptTermsRequest) (*pscv1.Customer, error) {
	p, err := at(ctx, "name", r.GetName(), customers)
	if err != nil {
		return nil, err
	}
	if err := o.app.RecordTOS(ctx, p.actor, p.ids[0]); err != nil {
		return nil, err
	}
	return o.customer(ctx, p)
}

// EvaluateCustomer implements pscv1.CustomerServiceServer.
func (o own) EvaluateCustomer(ctx context.Context, r *pscv1.EvaluateCustomerRequest) (*pscv1.EvaluateCustomerResponse, error) {
	p, err := at(ctx, "name", r.GetName(), customers)
	if err != nil {
		return nil, err
	}
	found, err := o.app.CheckCustomer(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return &pscv1.EvaluateCustomerResponse{
		Ready: len(found.Findings) == 0, EvaluateTime: instant(found.At),
		Findings: each(found.Findings, func(f migration.Finding) *pscv1.Finding {
			return &pscv1.Finding{
				Reason: string(f.Code), SkuId: f.SKUID, CurrencyCode: string(f.Currency), ProductGroup: string(f.Group),
			}
		}),
	}, nil
}

// TransferOut implements pscv1.CustomerServiceServer.
func (o own) TransferOut(ctx context.Context, r *pscv1.TransferOutRequest) (*pscv1.TransferOutResponse, error) {
	p, err := at(ctx, "name", r.GetName(), customers)
	if err != nil {
		return nil, err
	}
	if !r.GetValidateOnly() {
		return &pscv1.TransferOutResponse{}, o.app.TransferOut(ctx, p.actor, p.ids[0])
	}
	q, err := o.app.QuoteTransferOut(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return &pscv1.TransferOutResponse{
		BillingDate: day(q.Date), Subscriptions: each(q.Lines, func(l app.TransferLine) *pscv1.TransferredOut {
			return &pscv1.TransferredOut{SubscriptionId: l.ID, Credit: minor(l.Credit, l.Currency)}
		}),
	}, nil
}
