package resellerv1_test

import (
	"strings"
	"testing"

	"psc/internal/console"
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
		"a token of transfer":  {"POST customers?customerAuthToken=1", insert("", ""), "notImplemented", "", 501},
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
