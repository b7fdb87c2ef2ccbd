package app_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
)

// However often a customer comes and goes in a month, no console is told a day twice, and a credit names the day from which its
// console had what is credited.
func TestManyMovesInAMonthTellEachDayOnce(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.Config.Terms.Waiting = 0
		bought := civil.NewDate(2026, time.September, 1)
		w.AddCustomers(w.B, 2, func(i int, _ *customer.Customer, s *customer.Subscription) {
			if i == 0 {
				prepaid(s, bought)
			}
		})
		source := w.B
		for day, main := range []console.Console{w.A, w.B, w.C, w.A, w.B, w.A, w.C} {
			on(w, 5+2*day)
			c := w.Connect(main, source)
			w.Move(c, main, source)
			w.Must(w.CloseConnection(t.Context(), apptest.Admin(main), c.ID, false))
			source = main
		}
		if got := w.Texts(`SELECT g.console_id || ' ' || g.subscription_id || ' ' || g.seq FROM segments g
			JOIN segments h ON h.console_id = g.console_id AND h.subscription_id = g.subscription_id AND h.seq < g.seq
			WHERE g.from_date < g.to_date AND h.from_date < h.to_date AND g.from_date < h.to_date AND h.from_date < g.to_date`); len(got) != 0 {
			t.Errorf("days are told twice by %v", got)
		}
		first := october.First() + 4
		want := []string{strconv.Itoa(int(bought))}
		for d := first; d < first+12; d += 2 {
			want = append(want, strconv.Itoa(int(d)))
		}
		if got := w.Texts(`SELECT CAST(supplied_date AS text) FROM charges WHERE line_type = 'TRANSFER_CREDIT' ORDER BY from_date`); !slices.Equal(got, want) {
			t.Errorf("supplied on %v, want %v", got, want)
		}
		at(w, november.First())
		for _, c := range []console.Console{w.A, w.B, w.C} {
			w.CloseMonthOf(c, october)
		}
		w.CheckInvariants()
		w.CheckBooks()
	})
}
