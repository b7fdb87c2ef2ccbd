package billing_test

import (
	"strconv"
	"testing"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// BenchmarkMonthLines is the lines of one month of subscriptions that each changed its seats and moved in it, from the rows of
// either console. The time of one must not grow with their number.
func BenchmarkMonthLines(b *testing.B) {
	d := civil.NewDate(2026, 10, 15)
	rows := []billing.Segment{{
		Owner: ownerOf("A"), Period: civil.Period{From: d - 300, To: civil.Forever}, Plan: catalog.Flexible, State: customer.SubActive,
		Channel: customer.Online, Seats: 45, Price: money.Price{Num: 16320, Den: 12},
	}}
	rows = append(rows, billing.Change(rows, d-5, func(s *billing.Segment) { s.Seats = 50 })...)
	left, came := billing.Move(rows, d, ownerOf("B"), "mig")
	for _, n := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				lines := 0
				for range n {
					for _, history := range [][]billing.Segment{left, came} {
						of, err := billing.MonthLines(d.Month(), "JPY", history)
						if err != nil {
							b.Fatal(err)
						}
						lines += len(of)
					}
				}
				if lines != 3*n {
					b.Fatalf("%d lines", lines)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/sub")
		})
	}
}
