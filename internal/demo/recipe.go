package demo

import (
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/money"
)

// recipe is a kind of customer with its share, in customers of a thousand, in each console; what has a share
// occurs at least once. Whatever the recipes leave are ordinary customers.
type recipe struct {
	name                   string
	tokyo, seattle, berlin int
	pays                   money.Currency // empty: the console's own
	cook                   func(*draft)
}

var ordinary = recipe{name: "ordinary", cook: cookOrdinary}

// twin is the recipe whose organisation is one of Tokyo's.
const twin = "already at the main"

// recipes begin with those that cannot move from Seattle to Tokyo, one for each readiness reason and one for several
// at once; about eight in a hundred of Seattle's customers. The others are the variety of those that can.
var recipes = []recipe{
	{"google cloud", 60, 25, 35, "", func(d *draft) { d.base(); d.cloud() }},
	{"voice on a commitment", 40, 25, 35, "", func(d *draft) { d.base(); d.voice(pick(d.dice, annualPlans)) }},
	{"EUR only", 0, 20, 0, "EUR", (*draft).base},
	{"GBP only", 0, 15, 30, "GBP", (*draft).base},
	{"SGD only", 0, 15, 0, "SGD", (*draft).base},
	{"open order", 15, 20, 30, "", func(d *draft) { d.subscribe(wish{opensOrder: true}) }},
	{"SKU that Tokyo may not sell", 0, 20, 30, "", cookUnauthorized},
	{"terms not accepted", 15, 20, 30, "", cookPendingTOS},
	{"suspended by the vendor", 10, 12, 30, "", func(d *draft) {
		d.subscribe(wish{state: customer.SubSuspended, reason: customer.SuspendedByVendor})
	}},
	{twin, 0, 12, 0, "", cookOrdinary},
	{"several reasons", 10, 10, 0, "", cookSeveral},

	{"suspended by the reseller", 20, 20, 20, "", func(d *draft) {
		d.subscribe(wish{state: customer.SubSuspended, reason: customer.SuspendedByReseller})
	}},
	{"on trial", 25, 25, 20, "", func(d *draft) { d.subscribe(wish{state: customer.SubTrial}) }},
	{"trial over", 10, 10, 20, "", func(d *draft) {
		d.subscribe(wish{state: customer.SubSuspended, reason: customer.SuspendedTrialEnded})
	}},
	{"all cancelled", 15, 15, 20, "", func(d *draft) { d.subscribe(wish{state: customer.SubCancelled}) }},
	{"bought nothing yet", 10, 10, 20, "", func(*draft) {}},
	{"offline", 40, 40, 40, "", func(d *draft) { d.subscribe(wish{channel: customer.Offline}) }},
	{"term from the 31st of January", 12, 12, 20, "", func(d *draft) { d.yearsFrom(d.lastDay(1, 31)) }},
	{"term from the 29th of February", 10, 10, 20, "", func(d *draft) { d.yearsFrom(d.lastDay(2, 29)) }},
	{"flexible voice", 30, 30, 30, "", func(d *draft) { d.base(); d.voice(catalog.Flexible) }},
	{"two currencies", 30, 30, 30, "", func(d *draft) { d.base(); d.subscribe(wish{sku: frontlineStarter, currency: d.second}) }},
	{"many subscriptions", 60, 60, 60, "", cookMany},
	{"left google cloud", 10, 10, 20, "", cookFormerCloud},
}

var annualPlans = []catalog.Plan{catalog.AnnualMonthlyPay, catalog.AnnualYearlyPay}

// plan deals the recipes to n customers of a console, in an order by chance.
func (s *site) plan(d dice, n int) []recipe {
	list := append(make([]recipe, 0, n), s.examples...)
	for _, r := range recipes {
		if share := s.share(r); share > 0 {
			for range max(1, n*share/1000) {
				list = append(list, r)
			}
		}
	}
	for len(list) < n {
		list = append(list, ordinary)
	}
	list = list[:n]
	d.Shuffle(n, func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

var skusOf = map[trade][]weighted[string]{
	business: {
		{businessStarter, 32},
		{businessStandard, 34},
		{businessPlus, 12},
		{enterpriseStandard, 8},
		{enterprisePlus, 4},
		{frontlineStarter, 5},
		{frontlineStandard, 3},
		{identityFree, 2},
	},
	school: {{educationPlus, 70}, {educationStandard, 30}},
	office: {{businessStandard, 30}, {businessPlus, 25}, {enterpriseStandard, 25}, {enterprisePlus, 12}, {frontlineStarter, 8}},
}

func (d *draft) base() { d.subscribe(wish{}) }

func (d *draft) voice(plan catalog.Plan) {
	d.subscribe(wish{sku: pick(d.dice, []string{voiceStarter, voiceStandard, voicePremier}), plan: plan})
}

func (d *draft) cloud() {
	d.subscribe(wish{sku: pick(d.dice, []string{cloudPlatform, cloudPlatform, mapsPlatform}), plan: pick(d.dice, catalog.Plans), seats: d.between(1, 4)})
}

func cookOrdinary(d *draft) {
	d.base()
	if d.chance(20) {
		d.subscribe(wish{sku: pick(d.dice, []string{archivedBusiness, extraStorage}), seats: d.between(1, 8)})
	}
	if d.chance(7) {
		d.subscribe(wish{state: customer.SubCancelled})
	}
}

func cookUnauthorized(d *draft) {
	if d.chance(50) {
		d.subscribe(wish{sku: enterpriseEssentials})
		return
	}
	d.base()
	d.subscribe(wish{sku: appBuilder})
}

func cookPendingTOS(d *draft) {
	d.since = d.today - d.days(2, 25)
	d.pendingTOS = true
	d.subscribe(wish{plan: catalog.Flexible})
}

func cookSeveral(d *draft) {
	d.subscribe(wish{opensOrder: true})
	d.cloud()
	if d.chance(50) {
		d.voice(catalog.AnnualMonthlyPay)
	}
}

func cookMany(d *draft) {
	d.base()
	d.subscribe(wish{sku: frontlineStandard})
	d.subscribe(wish{sku: archivedEnterprise})
	d.subscribe(wish{sku: extraStorage, seats: d.between(1, 12)})
	if d.chance(50) {
		d.voice(catalog.Flexible)
	}
}

// cookFormerCloud: what is cancelled keeps nobody from moving.
func cookFormerCloud(d *draft) {
	d.base()
	d.subscribe(wish{sku: cloudPlatform, state: customer.SubCancelled, seats: 1})
	d.subscribe(wish{sku: voiceStandard, plan: catalog.AnnualMonthlyPay, state: customer.SubCancelled})
}
