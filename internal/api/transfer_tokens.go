package api

import (
	"context"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

const transferTokens = "transferTokens"

// ListTransferTokens implements pscv1.CustomerServiceServer.
func (o own) ListTransferTokens(ctx context.Context, r *pscv1.ListTransferTokensRequest) (*pscv1.ListTransferTokensResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers)
	if err != nil {
		return nil, err
	}
	_, list, err := o.app.TransferTokens(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, r.GetParent())
	return &pscv1.ListTransferTokensResponse{TransferTokens: each(rows, p.transferToken), NextPageToken: next}, err
}

// CreateTransferToken implements pscv1.CustomerServiceServer.
func (o own) CreateTransferToken(ctx context.Context, r *pscv1.CreateTransferTokenRequest) (*pscv1.TransferToken, error) {
	p, err := at(ctx, "parent", r.GetParent(), customers)
	if err != nil {
		return nil, err
	}
	token, made, err := o.app.CreateTransferToken(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	m := p.transferToken(made)
	m.Token = token
	return m, nil
}

// RevokeTransferToken implements pscv1.CustomerServiceServer.
func (o own) RevokeTransferToken(ctx context.Context, r *pscv1.RevokeTransferTokenRequest) (*pscv1.RevokeTransferTokenResponse, error) {
	p, err := at(ctx, "name", r.GetName(), customers, transferTokens)
	if err != nil {
		return nil, err
	}
	return &pscv1.RevokeTransferTokenResponse{}, o.app.RevokeTransferToken(ctx, p.actor, p.ids[0], p.ids[1])
}

func (p place) transferToken(t app.TransferToken) *pscv1.TransferToken {
	return &pscv1.TransferToken{
		Name: p.name(customers, t.CustomerID, transferTokens, t.ID), Creator: t.CreatedBy, CreateTime: instant(t.CreatedAt),
		ExpireTime: instant(t.ExpiresAt), UseTime: instant(t.UsedAt), RevokeTime: instant(t.RevokedAt),
	}
}
