package app_test

import (
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// mixed gives customers all kinds of plans, with terms that began at different times.
func mixed(i int, _ *customer.Customer, s *customer.Subscription) {
	s.Seats = int64(3 + 7*i)
	s.TermStart, s.TermEnd = civil.NewDate(2026, time.March, 10+i), civil.NewDate(2027, time.March, 10+i)
	switch i % 4 {
	case 0:
		s.TermStart, s.TermEnd = 0, 0
	case 1:
		s.Plan, s.Price = catalog.AnnualMonthlyPay, money.Price{Num: 10_000, Den: 12}
	case 2:
		s.Plan, s.Price = catalog.AnnualYearlyPay, money.Price{Num: 13_056, Den: 1}
	case 3:
		s.TermStart, s.TermEnd, s.Channel = 0, 0, customer.Offline
	}
}

// due returns what the drafts of a console's JPY accounts of October 2026 add up to.
func due(t *testing.T, w *apptest.World, c console.Console) (sum int64) {
	t.Helper()
	list, err := w.MonthInvoices(t.Context(), apptest.Admin(c), civil.NewDate(2026, time.October, 1).Month())
	w.Must(err)
	for _, d := range list {
		sum += d.Totals.Net.Minor
	}
	return sum
}

// on moves the clock to noon in Tokyo on a day of October 2026.
func on(w *apptest.World, day int) {
	w.Clock.Advance(time.Date(2026, 10, day, 3, 0, 0, 0, time.UTC).Sub(apptest.Start))
}

func TestThePreviewIsWhatTheInvoicesSay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddCustomers(w.B, 12, mixed)
		w.AddCustomers(w.A, 5, mixed)
		c := w.Connect(w.A, w.B)
		on(w, 15)
		d := civil.NewDate(2026, time.October, 15)
		mainBefore, sourceBefore := due(t, w, w.A), due(t, w, w.B)
		ready, err := w.PreviewMigration(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true}, d, 100)
		w.Must(err)
		_, err = w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		started, err := w.PreviewMigration(t.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true}, d, 100)
		w.Must(err)
		if len(ready.Totals) != 1 || len(started.Totals) != 1 || ready.Totals[0] != started.Totals[0] || len(ready.Subscriptions) != 12 {
			t.Fatalf("previews differ: source %+v, main %+v", ready.Totals, started.Totals)
		}
		e := ready.Totals[0]
		if e.SourceWithout != sourceBefore || e.SourceWithout != e.SourceWith+e.MainWith {
			t.Errorf("effect %+v does not conserve %d", e, sourceBefore)
		}
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		w.Finish(op)
		if got := due(t, w, w.B); got != e.SourceWith {
			t.Errorf("source is billed %d, the preview said %d", got, e.SourceWith)
		}
		if got := due(t, w, w.A) - mainBefore; got != e.MainWith {
			t.Errorf("main is billed %d more, the preview said %d", got, e.MainWith)
		}
	})
}

// moveExample moves the two customers of the reference text's example on 15 October: a flexible plan and a year paid in
// advance.
func moveExample(w *apptest.World) {
	w.AddCustomers(w.B, 2, func(i int, _ *customer.Customer, s *customer.Subscription) {
		s.Seats, s.Price = 10, money.Price{Num: 816, Den: 1}
		if i == 1 {
			s.Plan, s.Price = catalog.AnnualYearlyPay, money.Price{Num: 9_792, Den: 1}
			s.TermStart, s.TermEnd = civil.NewDate(2026, time.April, 1), civil.NewDate(2027, time.April, 1)
		}
	})
	c := w.Connect(w.A, w.B)
	on(w, 15)
	w.Move(c, w.A, w.B)
}

func TestTheReferenceExample(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		moveExample(w)
		// 10 x 816 x 14/31 = 3,685.16; the rest of 8,160 is 4,475. 97,920 x 168/365 = 45,070.03.
		if got := due(t, w, w.B); got != 3_685-45_070 {
			t.Errorf("source: %d", got)
		}
		if got := due(t, w, w.A); got != 4_475+45_070 {
			t.Errorf("main: %d", got)
		}
	})
}

// However often customers go back and forth, all consoles together bill what one would have billed.
func TestEveryDayIsBilledOnceOverManyMoves(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddCustomers(w.B, 12, mixed)
		one := due(t, w, w.B)
		w.Config.Terms.Waiting = 0
		home, away := w.B, w.A
		for _, day := range []int{1, 5, 5, 12, 20, 31} {
			on(w, day)
			c := w.Connect(away, home)
			w.Move(c, away, home)
			w.Must(w.CloseConnection(t.Context(), apptest.Admin(home), c.ID, false))
			if got := due(t, w, w.A) + due(t, w, w.B); got != one {
				t.Fatalf("after the move on %d October both bill %d, one would have billed %d", day, got, one)
			}
			home, away = away, home
		}
	})
}
