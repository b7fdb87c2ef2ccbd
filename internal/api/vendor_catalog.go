package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

// ListCatalogItems implements pscv1.VendorCatalogServiceServer.
func (v vendor) ListCatalogItems(ctx context.Context, r *pscv1.ListCatalogItemsRequest) (*pscv1.ListCatalogItemsResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.app.Catalog(ctx, actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list)
	return &pscv1.ListCatalogItemsResponse{CatalogItems: each(rows, catalogItem), NextPageToken: next}, err
}

// LoadCatalog implements pscv1.VendorCatalogServiceServer.
func (v vendor) LoadCatalog(ctx context.Context, r *pscv1.LoadCatalogRequest) (*pscv1.LoadCatalogResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	items := each(r.GetCatalogItems(), catalogItemIn)
	c, err := v.app.PreviewCatalog(ctx, actor, items)
	if err == nil && !r.GetValidateOnly() {
		err = v.app.LoadCatalog(ctx, actor, items)
	}
	if err != nil {
		return nil, err
	}
	id := func(s catalog.SKU) string { return s.ID }
	return &pscv1.LoadCatalogResponse{
		NewSkuIds: each(c.New, id), ChangedSkuIds: each(c.Changed, id), SameCount: int64(c.Same),
		Prices: each(c.Prices, func(p app.PriceChange) *pscv1.PriceChange {
			m := &pscv1.PriceChange{SkuId: p.SKUID, Plan: planOf(p.Plan), Price: price(p.Price, p.Currency)}
			if !p.New {
				m.FormerPrice = price(p.Was, p.Currency)
			}
			return m
		}),
	}, nil
}

func catalogItem(i catalog.Item) *pscv1.CatalogItem {
	return &pscv1.CatalogItem{
		Id: i.ID, Product: i.Product, DisplayName: i.Name, ProductGroup: string(i.Group), AddOn: i.AddOn, Edition: i.Edition,
		EditionSeats: i.EditionSeats, TrialDays: i.TrialDays,
		Blocks: each(i.Blocks, func(b catalog.Block) *pscv1.CatalogBlock {
			return &pscv1.CatalogBlock{Plan: planOf(b.Plan), Reason: b.Code}
		}),
		Offers: each(i.Offers, func(o catalog.Offer) *pscv1.CatalogOffer {
			return &pscv1.CatalogOffer{Plan: planOf(o.Plan), Price: price(o.Price, o.Currency)}
		}),
	}
}

func catalogItemIn(m *pscv1.CatalogItem) catalog.Item {
	item := catalog.Item{SKU: catalog.SKU{
		ID: m.GetId(), Product: m.GetProduct(), Name: m.GetDisplayName(), Group: catalog.ProductGroup(m.GetProductGroup()),
		AddOn: m.GetAddOn(), Edition: m.GetEdition(), EditionSeats: m.GetEditionSeats(), TrialDays: m.GetTrialDays(),
	}}
	for _, b := range m.GetBlocks() {
		item.Blocks = append(item.Blocks, catalog.Block{Plan: catalog.Plan(word(b.GetPlan())), Code: b.GetReason()})
	}
	for _, o := range m.GetOffers() {
		item.Offers = append(item.Offers, offerIn(m.GetId(), o.GetPlan(), o.GetPrice()))
	}
	return item
}

func planOf(p catalog.Plan) pscv1.Plan { return enum[pscv1.Plan](string(p)) }

// offerIn reads a price; one without a denominator is of whole minor units.
func offerIn(sku string, plan pscv1.Plan, p *pscv1.Price) catalog.Offer {
	o := catalog.Offer{
		SKUID: sku, Plan: catalog.Plan(word(plan)), Currency: money.Currency(p.GetCurrencyCode()),
		Price: money.Price{Num: p.GetNumerator(), Den: p.GetDenominator()},
	}
	if p != nil && o.Price.Den == 0 {
		o.Price.Den = 1
	}
	return o
}

// ListPriceSteps implements pscv1.VendorCatalogServiceServer.
func (v vendor) ListPriceSteps(ctx context.Context, r *pscv1.ListPriceStepsRequest) (*pscv1.ListPriceStepsResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.app.PriceSteps(ctx, actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list)
	return &pscv1.ListPriceStepsResponse{PriceSteps: each(rows, priceStep), NextPageToken: next}, err
}

// SetPrice implements pscv1.VendorCatalogServiceServer.
func (v vendor) SetPrice(ctx context.Context, r *pscv1.SetPriceRequest) (*pscv1.PriceEffect, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	in := r.GetPriceStep()
	from, err := readDay("price_step.effective_date", in.GetEffectiveDate())
	if err != nil {
		return nil, err
	}
	set := v.app.SetPrice
	if r.GetValidateOnly() {
		set = v.app.PreviewPrice
	}
	e, err := set(ctx, actor, catalog.Step{Offer: offerIn(in.GetSkuId(), in.GetPlan(), in.GetPrice()), From: from})
	if err != nil {
		return nil, err
	}
	return &pscv1.PriceEffect{
		PriceStep: priceStep(e.Step), FormerPrice: price(e.Was, e.Currency), ConsoleCount: e.Consoles,
		SubscriptionCount: e.Subscriptions, AtRenewal: e.AtRenewal(),
	}, nil
}

func priceStep(s catalog.Step) *pscv1.PriceStep {
	return &pscv1.PriceStep{SkuId: s.SKUID, Plan: planOf(s.Plan), Price: price(s.Price, s.Currency), EffectiveDate: day(s.From)}
}
