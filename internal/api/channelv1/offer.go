package channelv1

import (
	"math/big"
	"strings"
	"unicode"

	"cloud.google.com/go/channel/apiv1/channelpb"
	moneypb "google.golang.org/genproto/googleapis/type/money"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
)

// The names of the parameters that clients send.
const (
	numUnits = "num_units"
	maxUnits = "max_units"
)

// trial ends the ID of an offer that begins with a trial.
const trial = "TRIAL"

// productID is the ID of a product, of which we have but the name: its letters and digits.
func productID(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, name)
}

func productName(s catalog.SKU) string { return "products/" + productID(s.Product) }

func skuName(s catalog.SKU) string { return productName(s) + "/skus/" + s.ID }

// offerName is the name of an offer: SKU, plan and currency, in this order.
func (p place) offerName(o catalog.Offer, onTrial bool) string {
	id := strings.Join([]string{o.SKUID, string(o.Plan), string(o.Currency)}, ".")
	if onTrial {
		id += "." + trial
	}
	return p.name("offers", id)
}

// readOffer reads an offer's name.
func (p place) readOffer(field, name string) (o catalog.Offer, onTrial bool, err error) {
	id, ok := strings.CutPrefix(name, p.account+"/offers/")
	parts := strings.Split(id, ".")
	if n := len(parts); n > 3 && parts[n-1] == trial {
		parts, onTrial = parts[:n-1], true
	}
	n := len(parts)
	if !ok || n < 3 {
		return o, false, fault.InvalidField(field, "api.name", fault.Args{"Pattern": p.account + "/offers/*"})
	}
	return catalog.Offer{
		SKUID: strings.Join(parts[:n-2], "."), Plan: catalog.Plan(parts[n-2]), Currency: money.Currency(parts[n-1]),
	}, onTrial, nil
}

func product(s catalog.SKU) *channelpb.Product {
	return &channelpb.Product{Name: productName(s), MarketingInfo: &channelpb.MarketingInfo{DisplayName: s.Product}}
}

func sku(s catalog.SKU) *channelpb.Sku {
	return &channelpb.Sku{Name: skuName(s), MarketingInfo: &channelpb.MarketingInfo{DisplayName: s.Name}, Product: product(s)}
}

// offer renders an offer.
func (p place) offer(l app.OfferLine) *channelpb.Offer {
	out := &channelpb.Offer{
		Name: p.offerName(l.Offer, l.Trial), Sku: sku(l.SKU), Plan: paymentOf(l.Plan),
		MarketingInfo: &channelpb.MarketingInfo{DisplayName: l.SKU.Name + ", " + planNames[l.Plan]},
		Constraints: &channelpb.Constraints{CustomerConstraints: &channelpb.CustomerConstraints{
			AllowedCustomerTypes: []channelpb.CloudIdentityInfo_CustomerType{channelpb.CloudIdentityInfo_DOMAIN},
		}},
		PriceByResources: []*channelpb.PriceByResource{{ResourceType: channelpb.ResourceType_SEAT, Price: price(l.Offer)}},
		ParameterDefinitions: []*channelpb.ParameterDefinition{{
			Name: numUnits, ParameterType: channelpb.ParameterDefinition_INT64, MinValue: number(1), MaxValue: number(customer.MostSeats),
		}},
	}
	if l.Plan == catalog.Flexible {
		out.ParameterDefinitions = append(out.ParameterDefinitions, &channelpb.ParameterDefinition{
			Name: maxUnits, ParameterType: channelpb.ParameterDefinition_INT64, MinValue: number(1), MaxValue: number(customer.MostSeats), Optional: true,
		})
	}
	if l.Trial {
		out.Plan.TrialPeriod = &channelpb.Period{Duration: int32(l.SKU.TrialDays), PeriodType: channelpb.PeriodType_DAY} //nolint:gosec // bounded by the catalogue
	}
	return out
}

var planNames = map[catalog.Plan]string{
	catalog.Flexible: "Flexible", catalog.AnnualMonthlyPay: "Annual (monthly payments)", catalog.AnnualYearlyPay: "Annual (yearly payments)",
}

// paymentOf is how a plan is paid.
func paymentOf(plan catalog.Plan) *channelpb.Plan {
	out := &channelpb.Plan{PaymentPlan: channelpb.PaymentPlan_COMMITMENT, PaymentType: channelpb.PaymentType_POSTPAY, PaymentCycle: month()}
	switch plan {
	case catalog.Flexible:
		out.PaymentPlan = channelpb.PaymentPlan_FLEXIBLE
	case catalog.AnnualYearlyPay:
		out.PaymentType, out.PaymentCycle = channelpb.PaymentType_PREPAY, year()
	case catalog.AnnualMonthlyPay:
	}
	return out
}

func month() *channelpb.Period {
	return &channelpb.Period{Duration: 1, PeriodType: channelpb.PeriodType_MONTH}
}

func year() *channelpb.Period {
	return &channelpb.Period{Duration: 1, PeriodType: channelpb.PeriodType_YEAR}
}

// price is what a seat costs for a payment cycle.
func price(o catalog.Offer) *channelpb.Price {
	amount := moneyOf(o.Price, o.Currency)
	return &channelpb.Price{BasePrice: amount, EffectivePrice: amount, PricePeriod: paymentOf(o.Plan).GetPaymentCycle()}
}

// moneyOf writes a price with the nine decimals that the type has; what a fraction has beyond is cut off.
func moneyOf(p money.Price, c money.Currency) *moneypb.Money {
	const nano = 1_000_000_000
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Digits())), nil)
	nanos := new(big.Int).Mul(big.NewInt(p.Num), big.NewInt(nano))
	nanos.Quo(nanos, scale.Mul(scale, big.NewInt(max(p.Den, 1))))
	units, rest := new(big.Int).QuoRem(nanos, big.NewInt(nano), new(big.Int))
	return &moneypb.Money{CurrencyCode: string(c), Units: units.Int64(), Nanos: int32(rest.Int64())} //nolint:gosec // below 10^9
}

func number(n int64) *channelpb.Value {
	return &channelpb.Value{Kind: &channelpb.Value_Int64Value{Int64Value: n}}
}

// units are the numbers of seats that a request says; zero: it does not.
type units struct{ seats, most int64 }

// readUnits reads the parameters of a request. Those that only we write are not looked at.
func readUnits(list []*channelpb.Parameter) (u units, err error) {
	for _, p := range list {
		into := map[string]*int64{numUnits: &u.seats, maxUnits: &u.most}[p.GetName()]
		switch {
		case p.GetName() == "assigned_units":
		case into == nil:
			return u, fault.InvalidField("parameters", "channel.parameter", fault.Args{"Name": p.GetName()})
		default:
			v, ok := p.GetValue().GetKind().(*channelpb.Value_Int64Value)
			if !ok || v.Int64Value < 1 {
				return u, fault.InvalidField("parameters."+p.GetName(), "channel.number", nil)
			}
			*into = v.Int64Value
		}
	}
	return u, nil
}
