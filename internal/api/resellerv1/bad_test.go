package resellerv1_test

import (
	"encoding/json"
	"strings"
	"testing"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
)

// bad is a request that is refused, and how: field says where the fault stands.
type bad struct {
	request, body, reason, field string
	status                       int
}

func (w *world) refuses(t *testing.T, token string, cases map[string]bad) {
	t.Helper()
	w.ask(token, "GET", "/apps/reseller/v1/customers/none", "") // when a token was used first is written
	before := w.everything()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			method, path, _ := strings.Cut(c.request, " ")
			a := w.ask(token, method, "/apps/reseller/v1/"+path, c.body)
			if a.status != c.status || a.Error.Code != c.status || a.Error.Message == "" || len(a.Error.Errors) == 0 {
				t.Fatalf("%d %s, want %d", a.status, a.body, c.status)
			}
			if e := a.Error.Errors[0]; e.Reason != c.reason || e.Location != c.field || e.Domain != "global" || e.Message == "" {
				t.Errorf("%+v, want %s of %q", e, c.reason, c.field)
			}
		})
	}
	w.unchanged(before)
}

// insert is a new customer of which a part is replaced.
func insert(old, wanted string) string {
	return strings.Replace(`{"customerDomain":"new.example","alternateEmail":"a@b.example","phoneNumber":"+81312345678",
		"postalAddress":{"contactName":"N","organizationName":"O","countryCode":"JP","postalCode":"1"}}`, old, wanted, 1)
}

func TestBadCustomers(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomers(w.A, 1, nil)[0]
	patch := "PATCH customers/" + id
	w.refuses(t, w.token(w.A, console.RoleSuperAdmin), map[string]bad{
		"no JSON":              {"POST customers", `{"customerDomain"`, "parseError", "", 400},
		"two values":           {"POST customers", `{} {}`, "parseError", "", 400},
		"a list":               {"POST customers", `[]`, "invalid", "", 400},
		"nothing":              {"POST customers", ``, "required", "customerDomain", 400},
		"null":                 {"POST customers", `null`, "required", "customerDomain", 400},
		"no domain":            {"POST customers", insert(`new.example`, ``), "required", "customerDomain", 400},
		"null domain":          {"POST customers", insert(`"new.example"`, `null`), "required", "customerDomain", 400},
		"a strange domain":     {"POST customers", insert(`new.example`, `new example`), "invalid", "customerDomain", 400},
		"a domain taken":       {"POST customers", insert(`new.example`, `C000001.example`), "duplicate", "customerDomain", 409},
		"no second address":    {"POST customers", insert(`a@b.example`, ``), "required", "alternateEmail", 400},
		"its own domain":       {"POST customers", insert(`a@b.example`, `a@new.example`), "invalid", "alternateEmail", 400},
		"no contact":           {"POST customers", insert(`"N"`, `" "`), "required", "postalAddress.contactName", 400},
		"no name":              {"POST customers", insert(`"O"`, `""`), "required", "postalAddress.organizationName", 400},
		"no country":           {"POST customers", insert(`"JP"`, `""`), "required", "postalAddress.countryCode", 400},
		"no such country":      {"POST customers", insert(`"JP"`, `"QQ"`), "invalid", "postalAddress.countryCode", 400},
		"no post code":         {"POST customers", insert(`"1"`, `""`), "required", "postalAddress.postalCode", 400},
		"a long post code":     {"POST customers", insert(`"1"`, `"`+strings.Repeat("1", 300)+`"`), "invalid", "postalAddress.postalCode", 400},
		"a number as a name":   {"POST customers", insert(`"O"`, `1`), "invalid", "postalAddress.organizationName", 400},
		"a control character":  {"POST customers", insert(`"O"`, `"O\u0000"`), "invalid", "postalAddress.organizationName", 400},
		"a team":               {"POST customers", insert(`{"c`, `{"customerType":"team","c`), "invalid", "customerType", 400},
		"an unknown field":     {"POST customers", insert(`{"c`, `{"colour":"red","c`), "invalid", "colour", 400},
		"one further in":       {"POST customers", insert(`{"contactName`, `{"planet":"","contactName`), "invalid", "postalAddress.planet", 400},
		"an unknown parameter": {"POST customers?colour=red", insert("", ""), "invalid", "colour", 400},
		"a token of transfer":  {"POST customers?customerAuthToken=1", insert("", ""), "forbidden", "", 403},
		"another domain":       {patch, `{"customerDomain":"other.example"}`, "invalid", "customerDomain", 400},
		"no name left":         {patch, `{"postalAddress":{"organizationName":null}}`, "required", "postalAddress.organizationName", 400},
		"no address left":      {patch, `{"postalAddress":null}`, "required", "postalAddress.organizationName", 400},
		"a place alone":        {patch, `{"postalAddress":{"locality":"Kyoto"}}`, "invalid", "postalAddress.addressLine1", 400},
		"an empty update":      {"PUT customers/" + id, `{}`, "required", "postalAddress.organizationName", 400},
		"no such method":       {"DELETE customers/" + id, ``, "notFound", "", 404},
		"no such path":         {"GET users", ``, "notFound", "", 404},
		"no ID":                {"GET customers/", ``, "notFound", "", 404},
		"too much":             {"POST customers", strings.Repeat(" ", 4<<20+1), "uploadTooLarge", "", 413},
	})
}

// sorted is a JSON text with its fields by name.
func sorted(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// order is a new subscription of which a part is replaced.
func order(old, wanted string) string {
	return strings.Replace(`{"skuId":"sku_seats","plan":{"planName":"FLEXIBLE"},"seats":{"maximumNumberOfSeats":5,"numberOfSeats":7}}`, old, wanted, 1)
}

func TestBadSubscriptions(t *testing.T) {
	w := newWorld(t)
	ids := w.AddCustomers(w.A, 2, func(i int, _ *customer.Customer, s *customer.Subscription) {
		if i == 1 {
			s.Plan, s.Renewal, s.TermStart, s.TermEnd = catalog.AnnualMonthlyPay, customer.RenewMonthly, civil.NewDate(2026, 9, 1), civil.NewDate(2027, 9, 1)
		}
	})
	foreign := w.AddCustomers(w.B, 1, nil)[0]
	flexible := "customers/" + ids[0] + "/subscriptions"
	one, bound := flexible+"/sub_"+ids[0][4:], "customers/"+ids[1]+"/subscriptions/sub_"+ids[1][4:]
	post, plan := "POST "+flexible, "POST "+one+"/changePlan"
	w.refuses(t, w.token(w.A, console.RoleSuperAdmin), map[string]bad{
		"nothing":                {post, ``, "required", "skuId", 400},
		"no plan":                {post, order(`"FLEXIBLE"`, `""`), "required", "plan.planName", 400},
		"no such plan":           {post, order(`FLEXIBLE`, `flexible`), "invalid", "plan.planName", 400},
		"a free plan":            {post, order(`FLEXIBLE`, `FREE`), "invalid", "plan.planName", 400},
		"no such product":        {post, order(`sku_seats`, `sku_none`), "invalid", "skuId", 400},
		"not on this plan":       {post, order(`sku_seats`, `sku_voice`), "invalid", "plan.planName", 400},
		"not by the year":        {post, strings.Replace(order(`sku_seats`, plus), "FLEXIBLE", "ANNUAL_YEARLY_PAY", 1), "invalid", "plan.planName", 400},
		"nobody who pays":        {post, order(`sku_seats`, `sku_cloud`), "conditionNotMet", "", 412},
		"no trial":               {post, order(`FLEXIBLE`, `TRIAL`), "invalid", "plan.planName", 400},
		"no seats":               {post, order(`"maximumNumberOfSeats":5,`, ``), "required", "seats.maximumNumberOfSeats", 400},
		"no seats of a year":     {post, strings.Replace(order(`FLEXIBLE`, `ANNUAL`), `,"numberOfSeats":7`, ``, 1), "required", "seats.numberOfSeats", 400},
		"fewer than none":        {post, order(`:5`, `:-5`), "invalid", "seats.maximumNumberOfSeats", 400},
		"too many":               {post, order(`:5`, `:1000001`), "invalid", "seats.maximumNumberOfSeats", 400},
		"no whole number":        {post, order(`:5`, `:5.5`), "invalid", "seats.maximumNumberOfSeats", 400},
		"beyond numbers":         {post, order(`:5`, `:9223372036854775808`), "invalid", "seats.maximumNumberOfSeats", 400},
		"a word as a number":     {post, order(`:5`, `:"five"`), "invalid", "seats.maximumNumberOfSeats", 400},
		"a plan as a word":       {post, order(`{"planName":"FLEXIBLE"}`, `"FLEXIBLE"`), "invalid", "plan", 400},
		"no such renewal":        {post, order(`FLEXIBLE"}`, `ANNUAL"},"renewalSettings":{"renewalType":"NEVER"}`), "invalid", "renewalSettings.renewalType", 400},
		"a deal":                 {post, order(`{"sku`, `{"dealCode":"x","sku`), "invalid", "dealCode", 400},
		"a long order number":    {post, order(`{"sku`, `{"purchaseOrderId":"`+strings.Repeat("1", 101)+`","sku`), "invalid", "purchaseOrderId", 400},
		"an order number in NUL": {post, order(`{"sku`, `{"purchaseOrderId":"\u0000","sku`), "invalid", "purchaseOrderId", 400},
		"another action":         {post + "?action=steal", order("", ""), "invalid", "action", 400},
		"switch from nothing":    {post + "?action=switch", order("", ""), "required", "sourceSkuId", 400},
		"switch from another":    {post + "?action=switch&sourceSkuId=sku_plus", order("", ""), "invalid", "sourceSkuId", 400},
		"switch the product":     {post + "?action=switch&sourceSkuId=sku_seats", order(`sku_seats`, `sku_voice`), "invalid", "skuId", 400},
		"a token of transfer":    {post + "?customerAuthToken=x", order("", ""), "forbidden", "", 403},
		"of a stranger":          {"POST customers/" + foreign + "/subscriptions", order("", ""), "notFound", "", 404},
		"a stranger's":           {"GET customers/" + foreign + "/subscriptions/sub_" + foreign[4:], ``, "notFound", "", 404},
		"another one's":          {"POST " + flexible + "/sub_" + ids[1][4:] + "/suspend", ``, "notFound", "", 404},
		"changed to nothing":     {plan, ``, "required", "planName", 400},
		"changed to a trial":     {plan, `{"planName":"TRIAL","seats":{"maximumNumberOfSeats":1}}`, "invalid", "planName", 400},
		"changed without seats":  {plan, `{"planName":"ANNUAL"}`, "required", "seats.numberOfSeats", 400},
		"changed with a deal":    {plan, `{"planName":"ANNUAL","seats":{"numberOfSeats":1},"dealCode":"x"}`, "invalid", "dealCode", 400},
		"another order number":   {plan, `{"planName":"ANNUAL","seats":{"numberOfSeats":1},"purchaseOrderId":"x"}`, "invalid", "purchaseOrderId", 400},
		"bound":                  {"POST " + bound + "/changePlan", `{"planName":"FLEXIBLE","seats":{"maximumNumberOfSeats":20}}`, "conditionNotMet", "plan.planName", 412},
		"seats of another plan":  {"POST " + bound + "/changeSeats", `{"maximumNumberOfSeats":20}`, "required", "numberOfSeats", 400},
		"no renewal":             {"POST " + bound + "/changeRenewalSettings", `{}`, "required", "renewalType", 400},
		"a renewal of another":   {"POST " + bound + "/changeRenewalSettings", `{"renewalType":"x"}`, "invalid", "renewalType", 400},
		"no term":                {"POST " + one + "/changeRenewalSettings", `{"renewalType":"CANCEL"}`, "conditionNotMet", "", 412},
		"not suspended":          {"POST " + one + "/activate", ``, "conditionNotMet", "", 412},
		"paid already":           {"POST " + one + "/startPaidService", ``, "conditionNotMet", "", 412},
		"deleted somehow":        {"DELETE " + one, ``, "required", "deletionType", 400},
		"downgraded":             {"DELETE " + one + "?deletionType=downgrade", ``, "invalid", "deletionType", 400},
		"no page":                {"GET subscriptions?maxResults=0", ``, "invalid", "maxResults", 400},
		"a long page":            {"GET subscriptions?maxResults=101", ``, "invalid", "maxResults", 400},
		"no such page":           {"GET subscriptions?pageToken=x", ``, "invalid", "pageToken", 400},
		"another list's page":    {"GET subscriptions?pageToken=eyJsIjoieCJ9", ``, "invalid", "pageToken", 400},
		"what could be taken":    {"GET subscriptions?customerAuthToken=x&customerId=" + ids[0], ``, "forbidden", "", 403},
		"taken by nobody":        {"GET subscriptions?customerAuthToken=x", ``, "required", "customerId", 400},
		"no such action":         {"POST " + one + "/explode", ``, "notFound", "", 404},
	})
}
