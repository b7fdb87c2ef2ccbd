package demo

import (
	"psc/internal/catalog"
	"psc/internal/money"
)

// The SKUs that recipes name; the IDs have the field's form.
const (
	businessStarter      = "1010020027"
	businessStandard     = "1010020028"
	businessPlus         = "1010020025"
	enterpriseEssentials = "1010060003"
	enterpriseStandard   = "1010020026"
	enterprisePlus       = "1010020020"
	frontlineStarter     = "1010020030"
	frontlineStandard    = "1010020031"
	educationStandard    = "1010310005"
	educationPlus        = "1010310008"
	identityFree         = "1010010001"
	archivedBusiness     = "1010340002"
	archivedEnterprise   = "1010340001"
	extraStorage         = "1010430001"
	appBuilder           = "1010380001"
	voiceStarter         = "1010330003"
	voiceStandard        = "1010330004"
	voicePremier         = "1010330002"
	cloudPlatform        = "1010500001"
	mapsPlatform         = "1010500002"
)

// currencies are those of the price list, in the order of its columns.
var currencies = []money.Currency{"JPY", "USD", "EUR", "GBP", "SGD"}

// listing is a line of the price list: a month's price per seat on the annual plan, in minor units of currencies.
type listing struct {
	id, product, name string
	addOn             bool
	prices            [5]int64
}

const (
	workspace = "Google Workspace"
	voice     = "Google Voice"
	cloud     = "Google Cloud"
)

var priceList = []listing{
	{businessStarter, workspace, "Google Workspace Business Starter", false, [5]int64{800, 700, 680, 590, 950}},
	{businessStandard, workspace, "Google Workspace Business Standard", false, [5]int64{1600, 1400, 1360, 1180, 1900}},
	{businessPlus, workspace, "Google Workspace Business Plus", false, [5]int64{2500, 2200, 2110, 1840, 2980}},
	{enterpriseEssentials, workspace, "Google Workspace Enterprise Essentials", false, [5]int64{1130, 1000, 950, 840, 1350}},
	{enterpriseStandard, workspace, "Google Workspace Enterprise Standard", false, [5]int64{3060, 2700, 2600, 2260, 3660}},
	{enterprisePlus, workspace, "Google Workspace Enterprise Plus", false, [5]int64{3990, 3500, 3380, 2940, 4750}},
	{frontlineStarter, workspace, "Google Workspace Frontline Starter", false, [5]int64{460, 400, 380, 340, 540}},
	{frontlineStandard, workspace, "Google Workspace Frontline Standard", false, [5]int64{1000, 900, 860, 750, 1220}},
	{educationStandard, workspace, "Google Workspace for Education Standard", false, [5]int64{36, 25, 24, 21, 34}},
	{educationPlus, workspace, "Google Workspace for Education Plus", false, [5]int64{60, 42, 40, 35, 57}},
	{identityFree, workspace, "Cloud Identity Free", false, [5]int64{}},
	{archivedBusiness, workspace, "Google Workspace Business Archived User", true, [5]int64{460, 400, 380, 340, 540}},
	{archivedEnterprise, workspace, "Google Workspace Enterprise Archived User", true, [5]int64{800, 700, 680, 590, 950}},
	{extraStorage, workspace, "Google Workspace Additional Storage 10 TB", true, [5]int64{34200, 30000, 27600, 24000, 40500}},
	{appBuilder, workspace, "AppSheet Core", true, [5]int64{1140, 1000, 950, 840, 1350}},
	{voiceStarter, voice, "Google Voice Starter", true, [5]int64{1140, 1000, 950, 840, 1350}},
	{voiceStandard, voice, "Google Voice Standard", true, [5]int64{2280, 2000, 1900, 1680, 2700}},
	{voicePremier, voice, "Google Voice Premier", true, [5]int64{3420, 3000, 2850, 2520, 4050}},
	{cloudPlatform, cloud, "Google Cloud Platform", false, [5]int64{15000, 10000, 9300, 8000, 13500}},
	{mapsPlatform, cloud, "Google Maps Platform", false, [5]int64{30000, 20000, 18600, 16000, 27000}},
}

// skus returns the catalogue. Voice cannot move on a commitment, Google Cloud on no plan (spec R1).
func skus() []catalog.SKU {
	list := make([]catalog.SKU, 0, len(priceList))
	for _, l := range priceList {
		sku := catalog.SKU{ID: l.id, Product: l.product, Name: l.name, Group: groupOf(l.product), AddOn: l.addOn}
		if isBusiness(l.id) {
			sku.Edition, sku.EditionSeats = "Google Workspace Business", mostBusiness
		}
		if l.product == workspace && l.prices[0] > 0 {
			sku.TrialDays = trialDays
		}
		for _, plan := range catalog.Plans {
			switch {
			case l.product == cloud:
				sku.Blocks = append(sku.Blocks, catalog.Block{Plan: plan, Code: "HAS_GOOGLE_CLOUD"})
			case l.product == voice && plan.Annual():
				sku.Blocks = append(sku.Blocks, catalog.Block{Plan: plan, Code: "HAS_VOICE_COMMITMENT"})
			}
		}
		list = append(list, sku)
	}
	return list
}

// mostBusiness is how many seats of the Business edition a customer may have.
const mostBusiness = 300

func isBusiness(sku string) bool {
	return sku == businessStarter || sku == businessStandard || sku == businessPlus
}

func groupOf(product string) catalog.ProductGroup {
	if product == cloud {
		return catalog.GoogleCloud
	}
	return catalog.GoogleWorkspace
}

// offers returns every SKU on every plan in every currency of the price list.
func offers() []catalog.Offer {
	list := make([]catalog.Offer, 0, len(priceList)*len(catalog.Plans)*len(currencies))
	for _, l := range priceList {
		for _, plan := range catalog.Plans {
			for i, currency := range currencies {
				list = append(list, catalog.Offer{SKUID: l.id, Plan: plan, Currency: currency, Price: onPlan(l.prices[i], plan)})
			}
		}
	}
	return list
}

// onPlan turns the month's price of a commitment into the plan's: the freedom of the flexible plan costs a fifth
// more, and the prepaid plan's price is a year's.
func onPlan(monthly int64, plan catalog.Plan) money.Price {
	price := money.Price{Num: monthly, Den: 1}
	if plan == catalog.Flexible {
		price.Num = monthly * 6 / 5
	}
	if plan == catalog.AnnualYearlyPay {
		price.Num = monthly * 12
	}
	return price
}

// offerKey finds an offer.
type offerKey struct {
	sku      string
	plan     catalog.Plan
	currency money.Currency
}

func pricesOf(list []catalog.Offer) map[offerKey]money.Price {
	prices := make(map[offerKey]money.Price, len(list))
	for _, o := range list {
		prices[offerKey{o.SKUID, o.Plan, o.Currency}] = o.Price
	}
	return prices
}

func groupsOf(list []catalog.SKU) map[string]catalog.ProductGroup {
	groups := make(map[string]catalog.ProductGroup, len(list))
	for _, s := range list {
		groups[s.ID] = s.Group
	}
	return groups
}
