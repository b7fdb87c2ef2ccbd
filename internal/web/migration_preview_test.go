package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
)

// reference gives the two customers of the reference text: a flexible plan, and a year paid in advance.
func reference(i int, _ *customer.Customer, s *customer.Subscription) {
	s.Seats, s.Price = 10, money.Price{Num: 816, Den: 1}
	if i == 1 {
		s.Plan, s.Price = catalog.AnnualYearlyPay, money.Price{Num: 9_792, Den: 1}
		s.TermStart, s.TermEnd = civil.NewDate(2026, time.April, 1), civil.NewDate(2027, time.April, 1)
	}
}

func TestThePreviewOnBothSides(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, reference)
	c := s.Connect(s.A, s.B)
	main, source := s.sides()

	list := source.get(at(s.B, "/migrations?connection="+c.ID))
	question := source.submit(list, "Start migration for selected items", url.Values{"scope": {"all"}}).want(http.StatusOK)
	preview := source.open(question, "Preview billing effect").want(http.StatusOK)
	preview.shows("Source console: Console B", "Main console: Console A", "Up to Oct 7, 2026 the source console is billed", "Asia/Tokyo", "before tax")
	// 8,160 x 14/31 = 3,685.16; 97,920 x 168/365 = 45,070.03.
	want := []string{"¥8,160", "-¥41,385", "¥49,545", "-\u2060¥41,385 + ¥49,545 = ¥8,160", "Customer 000001", "Annual (yearly payments)"}
	preview = source.submit(preview, "Show effect", url.Values{"date": {"2026-10-15"}}).want(http.StatusOK).shows(want...)
	source.follow(source.submit(source.open(preview, "Start migration"), "Start migration", nil)).shows("2 migrations started")

	waiting := main.get(at(s.A, "/migrations"))
	choices := main.submit(waiting, "Migrate selected items", url.Values{"scope": {"all"}})
	choices.shows("until Mar 31, 2027") // the last day of the term, as on every page
	other := url.Values{"group:JPY:GOOGLE_WORKSPACE:le_1": {apptest.Account(s.A, "JPY", "le_2")}}
	preview = main.follow(main.submit(choices, "Preview billing effect", other))
	preview = main.submit(preview, "Show effect", url.Values{"date": {"2026-10-15"}}).want(http.StatusOK).shows(want...)
	main.open(preview, "Back to the billing accounts").want(http.StatusOK).shows("Select & continue", "Entity One → Entity Two")
}

func TestAPreviewOfOneCustomerFromItsDetails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ids := s.AddCustomers(s.B, 2, reference)
	c := s.Connect(s.A, s.B)
	main, source := s.sides()
	path := "/migrations/" + c.ID + "/customers/" + ids[0]
	source.open(source.get(at(s.B, path)), "Preview billing effect").want(http.StatusOK).shows("Customer 000001").lacks("Customer 000002")
	_, err := s.StartMigrations(t.Context(), actor(s.B), c.ID, app.Scope{All: true})
	s.Must(err)
	source.open(source.get(at(s.B, path)), "Preview billing effect").want(http.StatusOK).shows("Customer 000001")
	main.open(main.get(at(s.A, path)), "Preview billing effect").want(http.StatusOK).shows("Customer 000001").lacks("Customer 000002")
}

func TestPreviewsOfDatesThatCannotBe(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, reference)
	c := s.Connect(s.A, s.B)
	_, source := s.sides()
	path := at(s.B, "/migrations/"+c.ID+"/preview")
	for date, said := range map[string]string{
		"2026-10-07": "between Oct 8, 2026 and Nov 8, 2026", "2026-11-09": "between Oct 8, 2026 and Nov 8, 2026", "tomorrow": "This is not a date",
	} {
		page := source.get(path+"?scope=all&date="+date).want(http.StatusUnprocessableEntity).shows(said, "Nothing was computed")
		if !strings.Contains(page.Body, `aria-invalid="true"`) {
			t.Errorf("%s: the field is not marked", date)
		}
	}
	source.get(path + "?scope=all&date=2026-11-08").want(http.StatusOK)
	source.get(path + "?id=cus_none").want(http.StatusConflict).shows("nothing to show")
	source.get(path).want(http.StatusUnprocessableEntity)
}

func TestWhoMayPreview(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ids := s.AddCustomers(s.B, 1, nil)
	c := s.Connect(s.A, s.B)
	path := "/migrations/" + c.ID + "/preview?id=" + ids[0]
	for role, status := range map[console.Role]int{
		console.RoleViewer: http.StatusForbidden, console.RoleBilling: http.StatusForbidden, console.RoleIndirectResellerAdmin: http.StatusOK,
		console.RoleSuperAdmin: http.StatusOK, console.RoleResellerAdmin: http.StatusOK,
	} {
		s.as(s.person("of"+string(role), s.B, role)).get(at(s.B, path)).want(status)
	}
	s.as(s.person("cee", s.C, console.RoleSuperAdmin)).get(at(s.C, path)).want(http.StatusNotFound)
}
