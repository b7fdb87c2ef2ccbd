package web_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/store"
)

// BenchmarkPages is how long pages about many customers take through HTTP on SQLite: before a run of all of them, after it, and
// when its month is closed.
func BenchmarkPages(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportMetric(0, "ns/op")
			s := newSite(b)
			s.Config.ChunkSize = 500
			s.AddIssuer()
			main, source := s.sides()
			took := func(name string, who *browser, path string) {
				b.Helper()
				began := time.Now()
				for range b.N {
					who.get(path).want(http.StatusOK)
				}
				b.ReportMetric(float64(time.Since(began).Microseconds())/1000/float64(b.N), name+"-ms")
			}
			s.AddCustomers(s.B, n, func(i int, _ *customer.Customer, sub *customer.Subscription) {
				if i%4 == 0 {
					sub.Plan, sub.TermStart, sub.TermEnd, sub.Renewal = catalog.AnnualYearlyPay, sub.StartDate, sub.StartDate+365, customer.RenewYearly
				}
			})
			c := s.Connect(s.A, s.B)
			s.Must(s.DB.Analyze(b.Context()))
			took("customers", source, at(s.B, "/customers"))
			took("preview", source, at(s.B, "/migrations/"+c.ID+"/preview?scope=all"))
			run := s.Move(c, s.A, s.B)
			took("report", main, at(s.A, "/migrations/"+c.ID+"/runs/"+run.ID+"/report"))
			took("report-late", main, at(s.A, "/migrations/"+c.ID+"/runs/"+run.ID+"/report?after="+strconv.Itoa(n-50)))
			october := civil.NewDate(2026, time.October, 1).Month()
			account := apptest.Account(s.A, "JPY", "le_1")
			invoice := at(s.A, "/invoices/"+account+"/2026-10")
			took("invoices", main, at(s.A, "/invoices"))
			took("draft", main, invoice)
			s.Clock.Advance(october.End().Start(s.Config.BillingZone).Add(time.Hour).Sub(s.Wall.Now()))
			s.Update(func(tx *store.Tx) error {
				return tx.SetSetting(b.Context(), store.SettingClockAhead, s.Clock.Ahead().String())
			})
			s.CloseMonthOf(s.A, october)
			took("issued", main, invoice)
			took("issued-late", main, invoice+"?from="+strconv.Itoa(n-200))
			took("billing", main, at(s.A, "/billing"))
			took("statement", main, at(s.A, "/billing/accounts/"+account))
		})
	}
}
