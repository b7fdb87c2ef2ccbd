package api

import (
	"context"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

// ListOffers implements pscv1.CatalogServiceServer.
func (o own) ListOffers(ctx context.Context, r *pscv1.ListOffersRequest) (*pscv1.ListOffersResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.Offers(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListOffersResponse{NextPageToken: next, Offers: each(rows, func(l app.OfferLine) *pscv1.Offer {
		return &pscv1.Offer{
			SkuId: l.SKUID, SkuDisplayName: l.SKU.Name, Plan: enum[pscv1.Plan](string(l.Plan)), Price: price(l.Price, l.Currency),
		}
	})}, err
}

// ListSkus implements pscv1.CatalogServiceServer.
func (o own) ListSkus(ctx context.Context, r *pscv1.ListSkusRequest) (*pscv1.ListSkusResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.SKUAuthorizations(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListSkusResponse{NextPageToken: next, Skus: each(rows, skuOf)}, err
}

func skuOf(s app.SKUAuthorization) *pscv1.Sku {
	return &pscv1.Sku{
		Id: s.ID, Product: s.Product, DisplayName: s.Name, ProductGroup: string(s.Group), AddOn: s.AddOn, TrialDays: s.TrialDays,
		AuthorizeTime: instant(s.GrantedAt),
	}
}
