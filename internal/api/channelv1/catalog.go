package channelv1

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/fault"
)

// ListProducts implements channelpb.CloudChannelServiceServer: what the console may sell.
func (s *service) ListProducts(ctx context.Context, r *channelpb.ListProductsRequest) (*channelpb.ListProductsResponse, error) {
	p, err := at(ctx, "account", r.GetAccount())
	if err != nil {
		return nil, err
	}
	skus, err := s.skus(ctx, p)
	if err != nil {
		return nil, err
	}
	var list []*channelpb.Product
	for _, sold := range skus {
		if name := productName(sold); !slices.ContainsFunc(list, func(p *channelpb.Product) bool { return p.GetName() == name }) {
			list = append(list, product(sold))
		}
	}
	list, next, err := pageOf(productsPage, r, "products", list)
	return &channelpb.ListProductsResponse{Products: list, NextPageToken: next}, err
}

// ListSkus implements channelpb.CloudChannelServiceServer. The product "-" stands for all.
func (s *service) ListSkus(ctx context.Context, r *channelpb.ListSkusRequest) (*channelpb.ListSkusResponse, error) {
	p, err := at(ctx, "account", r.GetAccount())
	if err != nil {
		return nil, err
	}
	ids, err := idsOf("parent", r.GetParent(), "products")
	if err != nil {
		return nil, err
	}
	skus, err := s.skus(ctx, p)
	if err != nil {
		return nil, err
	}
	var list []*channelpb.Sku
	for _, sold := range skus {
		if ids[0] == "-" || ids[0] == productID(sold.Product) {
			list = append(list, sku(sold))
		}
	}
	if len(list) == 0 && ids[0] != "-" {
		return nil, fault.New(fault.NotFound, "sku.not_found", nil)
	}
	list, next, err := pageOf(productsPage, r, "skus "+r.GetParent(), list)
	return &channelpb.ListSkusResponse{Skus: list, NextPageToken: next}, err
}

// skus are the SKUs that the console may sell.
func (s *service) skus(ctx context.Context, p place) ([]catalog.SKU, error) {
	all, err := s.app.SKUAuthorizations(ctx, p.Actor)
	var list []catalog.SKU
	for _, a := range all {
		if !a.GrantedAt.IsZero() {
			list = append(list, a.SKU)
		}
	}
	return list, err
}

// ListOffers implements channelpb.CloudChannelServiceServer: what the console may sell, as it is on the present billing date.
func (s *service) ListOffers(ctx context.Context, r *channelpb.ListOffersRequest) (*channelpb.ListOffersResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	offers, err := s.app.Offers(ctx, p.Actor)
	if err != nil {
		return nil, err
	}
	list := p.offers(offers)
	if list, err = filterOffers(list, r.GetFilter()); err != nil {
		return nil, err
	}
	list, next, err := pageOf(offersPage, r, "offers "+r.GetFilter(), list)
	return &channelpb.ListOffersResponse{Offers: list, NextPageToken: next}, err
}

func (p place) offers(list []app.OfferLine) []*channelpb.Offer {
	out := make([]*channelpb.Offer, len(list))
	for i, l := range list {
		out[i] = p.offer(l)
	}
	return out
}

// offerFields are what offers can be filtered by.
var offerFields = map[string]func(*channelpb.Offer) string{
	"name":             func(o *channelpb.Offer) string { return o.GetName() },
	"sku.name":         func(o *channelpb.Offer) string { return o.GetSku().GetName() },
	"sku.product.name": func(o *channelpb.Offer) string { return o.GetSku().GetProduct().GetName() },
}

// filterOffers takes out what does not fit a filter such as sku.product.name=products/p1 AND sku.name!=products/p1/skus/s1.
func filterOffers(list []*channelpb.Offer, filter string) ([]*channelpb.Offer, error) {
	if strings.TrimSpace(filter) == "" {
		return list, nil
	}
	for condition := range strings.SplitSeq(filter, " AND ") {
		name, value, ok := strings.Cut(condition, "=")
		name, unequal := strings.CutSuffix(strings.TrimSpace(name), "!")
		field := offerFields[strings.TrimSpace(name)]
		if !ok || field == nil {
			return nil, fault.InvalidField("filter", "channel.filter", fault.Args{"Example": "sku.name=products/p1/skus/s1"})
		}
		value = strings.Trim(strings.TrimSpace(value), `"`)
		list = slices.DeleteFunc(list, func(o *channelpb.Offer) bool { return (field(o) == value) == unequal })
	}
	return list, nil
}

// purchasable are the offers that a request for purchasable ones asks for: new ones for a customer, or what an entitlement can become.
func (s *service) purchasable(ctx context.Context, customerName, account, entitlement string) (p place, list []app.OfferLine, was catalog.SKU, err error) {
	p, record, err := s.record(ctx, "customer", customerName)
	if err != nil {
		return p, nil, was, err
	}
	if entitlement == "" {
		if account, err = p.readAccount("billing_account", account); err != nil {
			return p, nil, was, err
		}
		list, err = s.app.OffersToBuy(ctx, p.Actor, record.Customer.ID, account)
		return p, list, was, err
	}
	e, err := at(ctx, "entitlement", entitlement, "customers", "entitlements")
	if err != nil {
		return p, nil, was, err
	}
	line, err := lineOf(record, e.ids[0], e.ids[1])
	if err == nil {
		list, err = s.app.OffersToBecome(ctx, p.Actor, line.ID)
	}
	return p, list, line.SKU, err
}

// ListPurchasableSkus implements channelpb.CloudChannelServiceServer.
func (s *service) ListPurchasableSkus(ctx context.Context, r *channelpb.ListPurchasableSkusRequest) (*channelpb.ListPurchasableSkusResponse, error) {
	if r.GetPurchaseOption() == nil {
		return nil, required("purchase_option")
	}
	p, offers, was, err := s.purchasable(ctx, r.GetCustomer(), "", r.GetChangeOfferPurchase().GetEntitlement())
	if err != nil {
		return nil, err
	}
	all, err := s.app.Offers(ctx, p.Actor)
	if err != nil {
		return nil, err
	}
	var list []*channelpb.PurchasableSku
	for _, o := range offers {
		wanted := r.GetCreateEntitlementPurchase().GetProduct()
		there := slices.ContainsFunc(list, func(p *channelpb.PurchasableSku) bool { return p.GetSku().GetName() == skuName(o.SKU) })
		if there || wanted != "" && wanted != productName(o.SKU) || r.GetChangeOfferPurchase() != nil && !changes(r, all, was, o.SKU) {
			continue
		}
		list = append(list, &channelpb.PurchasableSku{Sku: sku(o.SKU)})
	}
	list, next, err := pageBy(offeredPage, r, "purchasable skus "+p.ids[0], list, func(p *channelpb.PurchasableSku) string { return p.GetSku().GetName() })
	return &channelpb.ListPurchasableSkusResponse{PurchasableSkus: list, NextPageToken: next}, err
}

// changes reports whether a SKU is an upgrade or a downgrade as the request wants it: dearer on a plan, or cheaper. Without a wish both
// are meant.
func changes(r *channelpb.ListPurchasableSkusRequest, all []app.OfferLine, was, to catalog.SKU) bool {
	if was.ID == to.ID {
		return false
	}
	kind := r.GetChangeOfferPurchase().GetChangeType()
	if kind == channelpb.ListPurchasableSkusRequest_ChangeOfferPurchase_CHANGE_TYPE_UNSPECIFIED {
		return true
	}
	return dearer(all, was, to) == (kind == channelpb.ListPurchasableSkusRequest_ChangeOfferPurchase_UPGRADE)
}

// dearer reports whether a SKU costs more than another on a plan that both have.
func dearer(all []app.OfferLine, was, to catalog.SKU) bool {
	return slices.ContainsFunc(all, func(o app.OfferLine) bool {
		return o.SKUID == to.ID && slices.ContainsFunc(all, func(p app.OfferLine) bool {
			_, more := o.Price.Minus(p.Price)
			return p.SKUID == was.ID && p.Plan == o.Plan && p.Currency == o.Currency && more
		})
	})
}

// ListPurchasableOffers implements channelpb.CloudChannelServiceServer.
func (s *service) ListPurchasableOffers(ctx context.Context, r *channelpb.ListPurchasableOffersRequest) (*channelpb.ListPurchasableOffersResponse, error) {
	create, change := r.GetCreateEntitlementPurchase(), r.GetChangeOfferPurchase()
	if r.GetPurchaseOption() == nil {
		return nil, required("purchase_option")
	}
	p, offers, _, err := s.purchasable(ctx, r.GetCustomer(), create.GetBillingAccount(), change.GetEntitlement())
	if err != nil {
		return nil, err
	}
	wanted := cmp.Or(create.GetSku(), change.GetNewSku())
	var list []*channelpb.PurchasableOffer
	for _, o := range offers {
		if wanted == "" || wanted == skuName(o.SKU) {
			list = append(list, &channelpb.PurchasableOffer{Offer: p.offer(o)})
		}
	}
	list, next, err := pageBy(offeredPage, r, "purchasable offers "+p.ids[0]+" "+wanted, list, func(p *channelpb.PurchasableOffer) string { return p.GetOffer().GetName() })
	return &channelpb.ListPurchasableOffersResponse{PurchasableOffers: list, NextPageToken: next}, err
}

// QueryEligibleBillingAccounts implements channelpb.CloudChannelServiceServer: a SKU can be paid by the active accounts of its product
// group.
func (s *service) QueryEligibleBillingAccounts(
	ctx context.Context, r *channelpb.QueryEligibleBillingAccountsRequest,
) (*channelpb.QueryEligibleBillingAccountsResponse, error) {
	p, _, err := s.record(ctx, "customer", r.GetCustomer())
	if err != nil {
		return nil, err
	}
	if len(r.GetSkus()) == 0 {
		return nil, required("skus")
	}
	sold, err := s.skus(ctx, p)
	if err != nil {
		return nil, err
	}
	accounts, err := s.app.BillingAccounts(ctx, p.Actor)
	if err != nil {
		return nil, err
	}
	entities, err := s.countries(ctx, p)
	if err != nil {
		return nil, err
	}
	answer := &channelpb.QueryEligibleBillingAccountsResponse{}
	groups := make(map[catalog.ProductGroup]*channelpb.SkuPurchaseGroup)
	for _, name := range r.GetSkus() {
		i := slices.IndexFunc(sold, func(s catalog.SKU) bool { return skuName(s) == name })
		if i < 0 {
			return nil, fault.InvalidField("skus", "order.sku_missing", nil)
		}
		of := sold[i].Group
		if groups[of] == nil {
			groups[of] = &channelpb.SkuPurchaseGroup{}
			answer.SkuPurchaseGroups = append(answer.SkuPurchaseGroups, groups[of])
			for _, b := range accounts {
				if b.Usable() && b.Group == of {
					groups[of].BillingAccountPurchaseInfos = append(groups[of].BillingAccountPurchaseInfos, &channelpb.BillingAccountPurchaseInfo{
						BillingAccount: p.billingAccount(b, entities[b.LegalEntityID]),
					})
				}
			}
		}
		groups[of].Skus = append(groups[of].Skus, name)
	}
	return answer, nil
}

// countries are those of the console's legal entities.
func (s *service) countries(ctx context.Context, p place) (map[string]string, error) {
	list, err := s.app.LegalEntities(ctx, p.Actor)
	of := make(map[string]string, len(list))
	for _, e := range list {
		of[e.ID] = e.Country
	}
	return of, err
}

func (p place) billingAccount(b billing.Account, country string) *channelpb.BillingAccount {
	return &channelpb.BillingAccount{
		Name: p.name("billingAccounts", b.ID), DisplayName: b.Name, CreateTime: timestamppb.New(b.CreatedAt),
		CurrencyCode: string(b.Currency), RegionCode: country,
	}
}

// readAccount reads the name of a billing account; empty: none.
func (p place) readAccount(field, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	id, ok := strings.CutPrefix(name, p.account+"/billingAccounts/")
	if !ok || id == "" {
		return "", fault.InvalidField(field, "api.name", fault.Args{"Pattern": p.account + "/billingAccounts/*"})
	}
	return id, nil
}
