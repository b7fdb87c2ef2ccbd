package web_test

import (
	"net/http"
	"testing"
	"time"

	"psc/internal/catalog"
	"psc/internal/customer"
)

// BenchmarkCustomerList is how long a page of the list of customers takes through HTTP on SQLite at 100,000 customers, told as a
// multiple of the same page at 100: in each order, for searches that many, few and none match, for filters, and for a page in the
// middle of the list.
func BenchmarkCustomerList(b *testing.B) {
	pages := []struct{ name, query string }{
		{"name", ""},
		{"domain", "sort=domain"},
		{"created", "sort=-created"},
		{"renewal", "sort=renewal"},
		{"seats", "sort=-seats"},
		{"search-all", "q=customer"},
		{"search-many", "q=7"},
		{"search-one", "q=000042.ex"},
		{"search-none", "q=nobody"},
		{"search-many-by-seats", "q=7&sort=-seats"},
		{"plan", "plan=ANNUAL_YEARLY_PAY&sort=-seats"},
		{"rare-plan", "plan=ANNUAL_MONTHLY_PAY&sort=domain"},
		{"renews", "renews=60&sort=created"},
		{"no-such", "q=7&plan=ANNUAL_MONTHLY_PAY&status=SUSPENDED"},
	}
	took := map[string]time.Duration{}
	for _, n := range []int{100, 100_000} {
		s := newSite(b)
		for from := 0; from < n; from += 10_000 {
			s.AddCustomers(s.B, min(n, 10_000), func(i int, _ *customer.Customer, sub *customer.Subscription) {
				sub.Seats = int64((from + i) * 7919 % 1000)
				switch {
				case i%1000 == 999:
					sub.Plan, sub.TermStart, sub.TermEnd, sub.Renewal = catalog.AnnualMonthlyPay, sub.StartDate, sub.StartDate+365, customer.RenewMonthly
				case i%3 == 0:
					sub.Plan, sub.TermStart, sub.TermEnd, sub.Renewal = catalog.AnnualYearlyPay, sub.StartDate, sub.StartDate+365, customer.RenewYearly
				}
			})
		}
		s.Must(s.DB.Analyze(b.Context()))
		_, who := s.sides()
		for _, page := range pages {
			path := at(s.B, "/customers?"+page.query)
			who.get(path).want(http.StatusOK)
			began := time.Now()
			for range 10 {
				who.get(path).want(http.StatusOK)
			}
			d := time.Since(began)
			if before, ok := took[page.name]; ok {
				b.ReportMetric(float64(d)/float64(before), page.name+"-ratio")
			}
			took[page.name] = d
		}
	}
	b.ReportMetric(0, "ns/op")
}
