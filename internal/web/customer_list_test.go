package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
)

// filteredSite has customers with 0 to 59 seats, each fourth with a prepaid plan.
func filteredSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.AddCustomers(s.A, 60, func(i int, _ *customer.Customer, sub *customer.Subscription) {
		sub.Seats = int64(i)
		if i%4 == 0 {
			sub.Plan, sub.TermStart, sub.TermEnd, sub.Renewal = catalog.AnnualYearlyPay, sub.StartDate, sub.StartDate+365, customer.RenewYearly
		}
	})
	return s
}

func TestCustomersAreFilteredAndSorted(t *testing.T) {
	t.Parallel()
	s := filteredSite(t)
	b := s.as(s.person("viewer", s.A, console.RoleViewer))
	list := b.get(at(s.A, "/customers?plan=ANNUAL_YEARLY_PAY&seats_from=20&sort=-seats&size=25")).want(http.StatusOK)
	list.shows("Plan: Annual (yearly payments)", "Seats, at least: 20", "Clear filters", "Customer 000057", "Customer 000021", "10 of 10")
	list.lacks("Customer 000058", "Customer 000017", "CSV of this list")
	if strings.Index(list.Body, "Customer 000057") > strings.Index(list.Body, "Customer 000053") {
		t.Error("not by seats, the most first")
	}
	without := href(t, list.Body, at(s.A, "/customers?plan=ANNUAL_YEARLY_PAY&amp;size=25&amp;sort=-seats"))
	b.get(strings.ReplaceAll(without, "&amp;", "&")).want(http.StatusOK).shows("15 of 15").lacks("Seats, at least:")
	b.get(at(s.A, "/customers?seats_from=70")).want(http.StatusOK).shows("No customer matches", "Clear filters")
	b.get(at(s.A, "/customers?seats_from=x")).want(http.StatusUnprocessableEntity).shows("This is not a number of seats.")
	b.get(at(s.A, "/customers?seats_from=9&seats_to=3")).want(http.StatusUnprocessableEntity).shows("The most is less than the least")
	b.get(at(s.A, "/customers?sort=colour")).want(http.StatusUnprocessableEntity)
}

func TestTheNextCustomerIsThatOfTheList(t *testing.T) {
	t.Parallel()
	s := filteredSite(t)
	b := s.as(s.person("viewer", s.A, console.RoleViewer))
	list := b.get(at(s.A, "/customers?plan=ANNUAL_YEARLY_PAY&sort=-seats&size=25")).want(http.StatusOK)
	second := b.get(href(t, list.Body, at(s.A, "/customers/cus_000053?list="))).want(http.StatusOK)
	second.shows("Previous customer: Customer 000057", "Next customer: Customer 000049")
	last := b.get(at(s.A, "/customers/cus_000001?"+url.Values{"list": {"plan=ANNUAL_YEARLY_PAY&sort=-seats"}}.Encode())).want(http.StatusOK)
	last.shows("Previous customer: Customer 000005").lacks("Next customer:")
	href(t, last.Body, at(s.A, "/customers?plan=ANNUAL_YEARLY_PAY&amp;sort=-seats")) // back to the list
	b.get(at(s.A, "/customers/cus_000002")).want(http.StatusOK).shows("Previous customer: Customer 000001", "Next customer: Customer 000003")
	b.get(at(s.A, "/customers/cus_000002?list=sort%3Dcolour")).want(http.StatusOK).shows("Next customer: Customer 000003")
}

func TestColumnsAndFiltersAreRemembered(t *testing.T) {
	t.Parallel()
	s := filteredSite(t)
	b := s.as(s.person("viewer", s.A, console.RoleViewer))
	b.get(at(s.A, "/customers")).shows("Products").lacks("Mar 31")
	back := at(s.A, "/customers")
	b.post(at(s.A, "/customers/columns"), url.Values{"column": {"created", "domain", "password"}, "size": {"25"}, "return": {back}}).leadsTo(back)
	page := b.get(back).want(http.StatusOK).shows("Customer 000025", "The columns are remembered for you.").lacks("Customer 000026")
	if !strings.Contains(page.Body, `>Created<`) || strings.Contains(page.Body, `>Seats / cap</a>`) {
		t.Error("other columns than chosen")
	}
	kept := url.Values{"name": {"Many seats"}, "query": {"seats_from=50&size=25&after=x&colour=red"}, "return": {back}}
	b.post(at(s.A, "/customers/filters"), kept).leadsTo(back)
	b.get(href(t, b.get(back).Body, back+"?seats_from=50")).want(http.StatusOK).shows("10 of 10")
	other := s.as(s.person("other", s.A, console.RoleViewer))
	other.get(back).want(http.StatusOK).shows("Customer 000026").lacks("Many seats")
	b.post(at(s.A, "/customers/filters/delete"), url.Values{"name": {"Many seats"}, "return": {back}}).leadsTo(back)
	b.get(back)
	b.get(back).lacks("Many seats")
	b.post(at(s.A, "/customers/filters"), url.Values{"name": {"All"}, "query": {""}, "return": {back}}).leadsTo(back)
	b.get(back).shows("Nothing is filtered, so there is nothing to save.")
}

func TestTheFilteredListIsDownloadedBySuperAdmins(t *testing.T) {
	t.Parallel()
	s := filteredSite(t)
	form := url.Values{"query": {"plan=ANNUAL_YEARLY_PAY&sort=-seats"}}
	s.as(s.person("staff", s.A, console.RoleResellerAdmin)).post(at(s.A, "/customers/list"), form).want(http.StatusForbidden)
	b := s.as(s.person("admin", s.A, console.RoleSuperAdmin))
	b.get(at(s.A, "/customers")).shows("CSV of this list")
	file := b.post(at(s.A, "/customers/list"), form).want(http.StatusOK)
	lines := strings.Split(strings.TrimSpace(file.Body), "\r\n")
	if len(lines) != 16 || !strings.HasPrefix(lines[1], "cus_000057,Customer 000057,") {
		t.Errorf("%d lines, %q", len(lines), lines[min(1, len(lines)-1)])
	}
	b.get(at(s.A, "/audit")).shows("A list of customers downloaded")
}
