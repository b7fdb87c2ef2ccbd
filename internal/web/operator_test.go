package web_test

import (
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/web"
)

// operates returns the browser of an operator.
func (s *site) operates() *browser {
	s.T.Helper()
	return s.as(s.person("vendor", console.Console{}, ""))
}

func operating(c console.Console, path string) string {
	return "/operator/consoles/" + string(c.AccountID) + path
}

// TestTheOperatorsAreaIsNowhereForOthers asks every page and form of it for a super admin, also those of its own console, and gets the
// answer of a page that does not exist.
func TestTheOperatorsAreaIsNowhereForOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.as(s.person("admin", s.A, console.RoleSuperAdmin))
	hole := regexp.MustCompile(`\{\w+(\.\.\.)?\}`)
	asked := 0
	for _, pattern := range web.Routes() {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, "/operator") {
			continue
		}
		path = strings.TrimSuffix(hole.ReplaceAllString(strings.Replace(path, "{account}", string(s.A.AccountID), 1), "x"), "$")
		asked++
		got, want := admin.do(method, path, "", nil), admin.do(method, path+"/no-such-page", "", nil)
		body := strings.ReplaceAll(want.Body, path+"/no-such-page", path)
		if got.Status != http.StatusNotFound || got.Body != body {
			t.Errorf("%s tells that it is there: %d", pattern, got.Status)
		}
	}
	if asked < 10 {
		t.Errorf("only %d routes", asked)
	}
	s.browser().get("/operator/consoles").leadsTo("/sign-in?return=%2Foperator%2Fconsoles")
}

func TestOperatorMakesAndSuspendsConsoles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.operates()
	b.get("/operator/consoles?q=console+b").want(http.StatusOK).shows("Console B", string(s.B.AccountID)).lacks("Console A")
	b.get("/operator/consoles?q=nothing").shows("No console matches the search")
	b.get("/operator/consoles/new").want(http.StatusOK).shows("Name of the console")
	b.post("/operator/consoles/new", url.Values{"reseller": {"Northwind"}}).want(http.StatusUnprocessableEntity).shows("The name is empty")
	made := b.post("/operator/consoles/new", url.Values{"reseller": {"Northwind"}, "name": {"Kyoto"}}).want(http.StatusSeeOther)
	place := made.Header.Get("Location")
	b.get(place).want(http.StatusOK).shows("Kyoto", "Northwind", "Active", "Suspend", "The console “Kyoto” is there")

	b.get(place + "/entities/new").want(http.StatusOK).shows("A company of Northwind")
	b.post(place+"/entities/new", url.Values{"name": {"Northwind KK"}, "country": {"xx"}}).want(http.StatusUnprocessableEntity).shows("is not a country")
	b.post(place+"/entities/new", url.Values{"name": {"Northwind KK"}, "country": {"jp"}}).leadsTo(place)
	b.get(place).shows("Northwind KK", "Not signed")

	path := operating(s.A, "/suspend")
	b.get(path).want(http.StatusOK).shows("Suspend “Console A”?")
	b.post(path, nil).want(http.StatusUnprocessableEntity).shows("The reason is empty")
	b.post(path, url.Values{"reason": {"unpaid"}}).leadsTo(operating(s.A, ""))
	b.post(path, url.Values{"reason": {"unpaid"}}).want(http.StatusConflict).shows("suspended already")
	b.get(operating(s.A, "")).shows("Suspended since", "vendor", "unpaid", "Reactivate")
	b.get("/operator/consoles").shows("Suspended")
	admin := s.as(s.person("admin", s.A, console.RoleSuperAdmin))
	admin.get(at(s.A, "/audit")).want(http.StatusOK).shows("This console is suspended", "Console suspended: unpaid")
	admin.post(at(s.A, "/unification"), url.Values{"account_id": {string(s.B.AccountID)}}).want(http.StatusConflict)
	b.post(operating(s.A, "/reactivate"), url.Values{"reason": {"paid"}}).leadsTo(operating(s.A, ""))
	admin.get(at(s.A, "/audit")).shows("Console active again: paid").lacks("This console is suspended")
	b.get(operating(s.A, "/accounts/"+apptest.Account(s.A, "JPY", "le_1")+"/restrict")).want(http.StatusOK)
}

func TestOperatorClosesAMonth(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.A, 2, nil)
	october := civil.NewDate(2026, time.October, 1)
	s.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), s.A.ID, october) })
	b := s.operates()
	b.get("/operator/months?tab=all").want(http.StatusOK).shows("Console A", "Not over", "Console C", "Nothing billed")
	b.get("/operator/months").shows("No month waits to be closed")
	b.get(operating(s.C, "/months")).want(http.StatusOK).shows("Nothing has been billed yet", "No month has been closed yet")
	s.Clock.Advance(s.Clock.Ahead() + 40*24*time.Hour)
	b.get("/operator/months").shows("Console A", "no issuer for JPY, USD", "Hindered").lacks("Console B")
	months := operating(s.A, "/months")
	b.get(months).want(http.StatusOK).shows("Nobody issues invoices in JPY, USD", "Hinders").lacks(months + "/close")
	b.get(months + "/close").leadsTo(months)
	s.AddIssuer()
	b.get(months).shows("Every currency of the accounts has one", "Can be closed", "Close October 2026")
	b.get(months + "/close").want(http.StatusOK).shows("Close October 2026 of “Console A”?")
	b.post(months+"/close", url.Values{"month": {"x"}}).want(http.StatusNotFound)
	b.post(months+"/close", url.Values{"month": {"2026-11"}}).want(http.StatusConflict).shows("is not over")
	began := b.post(months+"/close", url.Values{"month": {"2026-10"}}).want(http.StatusSeeOther).Header.Get("Location")
	b.get(began).want(http.StatusOK).shows("October 2026 of Console A", "Running", "You may leave this page")
	b.get(months).shows("Being closed", "See progress")
	s.RunJobs(app.CloseMonthJob{}.Kind())
	b.get(began).shows("October 2026 is closed. Invoices issued: 1", "Sums by issuer and currency", "V-2026-000001").lacks("hx-get=\"" + began + "\"")
	b.get(months).shows("October 2026", "Closed", "November 2026", "Not over")
	b.get(operating(s.B, "/months/") + began[strings.LastIndex(began, "/")+1:]).want(http.StatusNotFound)
}

func TestOperatorSetsPricesAndLoadsTheCatalogue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Update(func(tx *store.Tx) error {
		return tx.PutOffers(t.Context(), []catalog.Offer{{SKUID: apptest.Seats, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 1360, Den: 1}}})
	})
	s.AddCustomers(s.A, 3, nil)
	b := s.operates()
	b.get("/operator/catalog").want(http.StatusOK).shows("Seats", "Voice", "Google Cloud")
	b.get("/operator/catalog/prices").shows("No price has an effective date")
	b.get("/operator/catalog/skus/sku_none").want(http.StatusNotFound)
	sku := "/operator/catalog/skus/" + apptest.Seats
	b.get(sku).want(http.StatusOK).shows("Flexible", "¥1,360", "Set a price")
	path := sku + "/price?plan=FLEXIBLE&currency=JPY"
	b.get(sku + "/price?plan=FLEXIBLE&currency=EUR").want(http.StatusNotFound)
	b.get(path).want(http.StatusOK).shows("Today it is ¥1,360")
	b.get(path + "&price=x&from=2026-11-01").want(http.StatusUnprocessableEntity).shows("is not a price")
	b.get(path + "&price=1500&from=2026-10-01").want(http.StatusUnprocessableEntity).shows("A price can hold from")
	b.get(path+"&price=1500&from=2026-11-01").want(http.StatusOK).
		shows("By all of them on Nov 1, 2026.", "3 subscriptions", "in 1 console", "November 2026", "+¥4,200", "Console A")
	form := url.Values{"plan": {"FLEXIBLE"}, "currency": {"JPY"}, "price": {"1500"}, "from": {"2026-11-01"}}
	b.post(sku+"/price", form).leadsTo(sku)
	b.get(sku).shows("¥1,500 from Nov 1, 2026")
	b.get("/operator/catalog/prices").shows("Seats", "¥1,500", "To come")
	s.as(s.person("admin", s.A, console.RoleSuperAdmin)).get(at(s.A, "/notices")).
		shows("Seats, Flexible: ¥1,500 instead of ¥1,360 from Nov 1, 2026 on. 3 subscriptions of this console", "Coming prices")

	b.get("/operator/catalog/load").want(http.StatusOK)
	send := func(fields map[string]string) response {
		var body strings.Builder
		form := multipart.NewWriter(&body)
		for name, text := range fields {
			if name == "file" {
				part, err := form.CreateFormFile(name, "catalog.json")
				s.Must(err)
				_, err = part.Write([]byte(text))
				s.Must(err)
				continue
			}
			s.Must(form.WriteField(name, text))
		}
		s.Must(form.Close())
		return b.do(http.MethodPost, "/operator/catalog/load", form.FormDataContentType(), strings.NewReader(body.String()))
	}
	file := `{"skus": [{"sku_id": "sku_new", "product": "Workspace", "name": "Newest", "product_group": "GOOGLE_WORKSPACE",
		"offers": [{"plan": "FLEXIBLE", "currency": "JPY", "price": "900"}]}]}`
	send(nil).want(http.StatusUnprocessableEntity)
	send(map[string]string{"file": "{"}).want(http.StatusUnprocessableEntity).shows("The file is not a catalogue")
	send(map[string]string{"file": strings.Replace(file, "FLEXIBLE", "MONTHLY", 1)}).want(http.StatusUnprocessableEntity).
		shows("skus[0].offers[0].plan: “MONTHLY” is not possible here")
	send(map[string]string{"file": file}).want(http.StatusOK).shows("New SKUs", "Newest", "New offer", "¥900", "Load catalogue")
	b.get("/operator/catalog").lacks("Newest")
	send(map[string]string{"text": file, "confirmed": "1"}).leadsTo("/operator/catalog")
	b.get("/operator/catalog").shows("Newest", "The catalogue is loaded: 1 SKU.")
}

func TestOperatorReadsAllTrails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Accept(s.A, s.B)
	b := s.operates()
	page := b.get("/operator/audit").want(http.StatusOK).shows("accepted the connection invite", "Console A", "Console B", apptest.Admin(s.B).Name)
	if n := strings.Count(page.text(), "accepted the connection invite"); n != 1 {
		t.Errorf("it is told %d times", n)
	}
	b.get("/operator/audit?topic=issuer").shows("No event is about all")
	b.get("/operator/audit?console=C2").want(http.StatusUnprocessableEntity).shows("There is no console with this account ID")
	b.get("/operator/audit?from=x").want(http.StatusUnprocessableEntity).shows("This is not a date")
	file := b.get("/operator/audit/download?topic=connection").want(http.StatusOK)
	if lines := strings.Split(strings.TrimSpace(file.Body), "\n"); len(lines) != 3 || !strings.Contains(lines[1], string(s.B.AccountID)+" "+string(s.A.AccountID)+",2") {
		t.Errorf("%q", file.Body)
	}
}

func TestOperatorMakesOperatorsAndPasswordLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.operates()
	reseller := s.person("Rene", s.B, console.RoleSuperAdmin)
	b.get("/operator/people").want(http.StatusOK).shows(reseller.Name, "Password link")
	b.get("/operator/people?q=nobody-at-all").shows("Nobody has such an e-mail address")
	b.post("/operator/people/new", url.Values{"email": {"quinn"}, "name": {"Quinn"}}).want(http.StatusUnprocessableEntity)
	form := url.Values{"email": {"Quinn@vendor.example"}, "name": {"Quinn"}, "language": {"ja"}}
	made := b.post("/operator/people/new", form).want(http.StatusOK).shows("Password link of quinn@vendor.example", "/reset/")
	b.post("/operator/people/new", form).want(http.StatusConflict)
	b.get("/operator/people?q=QUINN").shows("quinn@vendor.example").lacks(reseller.Name)
	path := "/operator/people/quinn@vendor.example/link"
	b.get(path).want(http.StatusOK).shows("A new password for quinn@vendor.example?")
	again := b.post(path, nil).want(http.StatusOK)
	secret := regexp.MustCompile(`/reset/[^"<]+`)
	first, second := secret.FindString(made.Body), secret.FindString(again.Body)
	if first == second || !strings.HasPrefix(second, "/reset/") {
		t.Errorf("links %q and %q", first, second)
	}
	s.browser().get(second).want(http.StatusOK).shows("quinn@vendor.example")
	b.get("/operator/people/quinn@vendor.example/end").want(http.StatusOK).shows("End quinn@vendor.example as operator?")
	b.post("/operator/people/quinn@vendor.example/end", nil).leadsTo("/operator/people")
	b.post("/operator/people/quinn@vendor.example/end", nil).want(http.StatusConflict).shows("Quinn is no operator")
	b.post("/operator/people/nobody@vendor.example/link", nil).want(http.StatusNotFound)
	s.as(reseller).get("/operator/people").want(http.StatusNotFound)
}

func TestOperatorKeepsIssuersAndSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.operates()
	typed := func(page response, value string) {
		t.Helper()
		if !strings.Contains(page.Body, `value="`+value+`"`) {
			t.Errorf("%s does not show what was typed: %s", page.asked, value)
		}
	}
	b.get("/operator/issuers").want(http.StatusOK).shows("Nobody issues invoices yet")
	b.get("/operator/issuers/new").want(http.StatusOK).shows("All that have no issuer of their own")
	form := url.Values{"name": {"Vendor Japan"}, "code": {"jp"}, "currency": {"JPY"}, "registration_number": {"T1"}, "tax_rounding": {"FLOOR"}}
	typed(b.post("/operator/issuers/new", form).want(http.StatusUnprocessableEntity).shows("T and 13 digits"), "jp")
	form.Set("registration_number", "")
	b.post("/operator/issuers/new", form).leadsTo("/operator/issuers")
	b.post("/operator/issuers/new", form).want(http.StatusConflict).shows("There is an issuer with the code JP")
	list := b.get("/operator/issuers").shows("Vendor Japan", "JP", "No tax")
	edit := b.open(list, "Vendor Japan").want(http.StatusOK).shows("Code JP, currency: JPY").lacks(`name="code"`)
	path := edit.path()
	b.post(path, url.Values{"name": {""}, "tax_rounding": {"FLOOR"}}).want(http.StatusUnprocessableEntity).shows("The name is empty")
	b.post(path, url.Values{
		"name": {"Vendor KK"}, "code": {"XX"}, "currency": {"USD"}, "registration_number": {"T1234567890123"}, "tax_rounding": {"CEILING"},
	}).leadsTo("/operator/issuers")
	b.get("/operator/issuers").shows("Vendor KK", "JP", "JPY", "T1234567890123", "Up").lacks("XX", "Vendor Japan")
	b.get("/operator/issuers/iss_none").want(http.StatusNotFound)

	b.get("/operator/settings").want(http.StatusOK).shows("Waiting period of a connection", "7 days", "Sandbox clock", "In force")
	b.get("/operator/settings/clock_ahead").want(http.StatusNotFound)
	typed(b.get("/operator/settings/waiting_period").want(http.StatusOK), "7d")
	b.post("/operator/settings/waiting_period", url.Values{"value": {"a while"}}).want(http.StatusUnprocessableEntity).shows("cannot be “a while”")
	b.post("/operator/settings/waiting_period", url.Values{"value": {"36h"}}).leadsTo("/operator/settings")
	b.get("/operator/settings").shows("1 day 12 hours", "From the next start on")
	typed(b.get("/operator/settings/waiting_period"), "36h")
	for _, key := range []string{"billing_zone", "invite_life", "require_account_approval", "mail", "sandbox", "api_rate"} {
		b.get("/operator/settings/" + key).want(http.StatusOK)
	}
	before := s.Clock.Now()
	b.post("/sandbox/clock", url.Values{"to": {"day"}, "return": {"/operator/settings"}}).leadsTo("/operator/settings")
	if s.Clock.Now().Sub(before) < 20*time.Hour {
		t.Error("the clock did not move")
	}
}
