package api

import (
	"context"
	"slices"

	"psc/internal/billing"
	"psc/internal/fault"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

const issuers = "issuers"

// ListIssuers implements pscv1.IssuerServiceServer.
func (v vendor) ListIssuers(ctx context.Context, r *pscv1.ListIssuersRequest) (*pscv1.ListIssuersResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.app.Issuers(ctx, actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list)
	return &pscv1.ListIssuersResponse{Issuers: each(rows, issuerOf), NextPageToken: next}, err
}

// GetIssuer implements pscv1.IssuerServiceServer.
func (v vendor) GetIssuer(ctx context.Context, r *pscv1.GetIssuerRequest) (*pscv1.Issuer, error) {
	i, err := v.issuer(ctx, "name", r.GetName())
	if err != nil {
		return nil, err
	}
	return issuerOf(i), nil
}

func (v vendor) issuer(ctx context.Context, field, name string) (i billing.Issuer, err error) {
	actor, err := operator(ctx)
	if err != nil {
		return i, err
	}
	id, err := idOf(field, name, issuers)
	if err != nil {
		return i, err
	}
	return v.app.Issuer(ctx, actor, id)
}

// CreateIssuer implements pscv1.IssuerServiceServer.
func (v vendor) CreateIssuer(ctx context.Context, r *pscv1.CreateIssuerRequest) (*pscv1.Issuer, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	in := r.GetIssuer()
	i, err := v.app.CreateIssuer(ctx, actor, billing.Issuer{
		Code: in.GetCode(), Name: in.GetDisplayName(), Currency: money.Currency(in.GetCurrencyCode()),
		RegistrationNumber: in.GetRegistrationNumber(), TaxRounding: money.Rounding(in.GetTaxRounding()),
	})
	if err != nil {
		return nil, err
	}
	return issuerOf(i), nil
}

// UpdateIssuer implements pscv1.IssuerServiceServer.
func (v vendor) UpdateIssuer(ctx context.Context, r *pscv1.UpdateIssuerRequest) (*pscv1.Issuer, error) {
	in, paths := r.GetIssuer(), r.GetUpdateMask().GetPaths()
	i, err := v.issuer(ctx, "issuer.name", in.GetName())
	if err != nil {
		return nil, err
	}
	rounding := string(i.TaxRounding)
	fields := map[string]struct {
		kept *string
		sent string
	}{
		"display_name": {&i.Name, in.GetDisplayName()}, "registration_number": {&i.RegistrationNumber, in.GetRegistrationNumber()},
		"tax_rounding": {&rounding, in.GetTaxRounding()},
	}
	for _, path := range paths {
		if _, ok := fields[path]; !ok && path != "*" {
			return nil, fault.InvalidField("update_mask", "api.field_mask", fault.Args{"Field": path})
		}
	}
	for name, f := range fields {
		if slices.Contains(paths, name) || slices.Contains(paths, "*") || len(paths) == 0 && f.sent != "" {
			*f.kept = f.sent
		}
	}
	i.TaxRounding = money.Rounding(rounding)
	if i, err = v.app.EditIssuer(ctx, CallerOf(ctx).Actor, i); err != nil {
		return nil, err
	}
	return issuerOf(i), nil
}

func issuerOf(i billing.Issuer) *pscv1.Issuer {
	return &pscv1.Issuer{
		Name: issuers + "/" + i.ID, Id: i.ID, Code: i.Code, DisplayName: i.Name, CurrencyCode: string(i.Currency),
		RegistrationNumber: i.RegistrationNumber, TaxRounding: string(i.TaxRounding),
	}
}
