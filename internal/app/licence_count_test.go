package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// year is what the home page of the console draws, as a role sees it.
func year(t *testing.T, w *apptest.World, c console.Console, role console.Role) app.Home {
	t.Helper()
	h, err := w.Home(t.Context(), apptest.As(c, role))
	w.Must(err)
	return h
}

// seats are a console's counted licences, the latest n of them.
func seats(t *testing.T, w *apptest.World, c console.Console, n int) (list []int64) {
	t.Helper()
	for _, count := range year(t, w, c, console.RoleViewer).Licences {
		list = append(list, count.Licences)
	}
	return list[max(0, len(list)-n):]
}

// Licences are counted from history, so that a console has its last twelve months from the first day on, and a move changes
// neither side's months before it.
func TestHomeDrawsTheLicencesOfAYear(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		if got := year(t, w, w.B, console.RoleViewer).Licences; len(got) != 0 {
			t.Fatalf("counted before anything ran: %v", got)
		}
		w.AddCustomers(w.B, 3, func(i int, _ *customer.Customer, s *customer.Subscription) {
			s.Seats = int64(10 * (i + 1))
			s.StartDate = civil.NewDate(2026, time.Month(7+i), 15)
			if i == 1 {
				s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByReseller
			}
		})
		con := w.Connect(w.A, w.B) // a week later
		w.Must(w.RunDue(ctx))
		if got, want := seats(t, w, w.B, 12), []int64{0, 0, 0, 0, 0, 0, 0, 0, 10, 30, 60, 60}; !slices.Equal(got, want) {
			t.Errorf("at first %v, want %v", got, want)
		}
		w.Move(con, w.A, w.B)
		w.Must(w.RunDue(ctx))
		if got := seats(t, w, w.B, 1); got[0] != 60 {
			t.Errorf("a day was counted twice: %v", got)
		}
		w.Clock.Advance(w.Clock.Ahead() + 60*24*time.Hour)
		w.Must(w.RunDue(ctx))
		if got, want := seats(t, w, w.B, 5), []int64{30, 60, 0, 0, 0}; !slices.Equal(got, want) {
			t.Errorf("the source %v, want %v", got, want)
		}
		if got, want := seats(t, w, w.A, 5), []int64{0, 0, 60, 60, 60}; !slices.Equal(got, want) {
			t.Errorf("the main %v, want %v", got, want)
		}
		counts := year(t, w, w.A, console.RoleViewer).Licences
		if len(counts) != 12 || counts[10].On != civil.NewDate(2026, time.November, 30) {
			t.Errorf("counted on %v", counts)
		}
	})
}

func TestHomeDrawsWhatWasInvoiced(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 2, nil)
		w.Clock.Advance(w.Clock.Ahead() + 32*24*time.Hour)
		w.CloseMonthOf(w.B, october)
		invoices, err := w.IssuedInvoices(t.Context(), apptest.Admin(w.B), 10)
		w.Must(err)
		want := money.Amount{Currency: "JPY"}
		for _, inv := range invoices {
			want.Minor += inv.Net.Minor
		}
		if want.Minor <= 0 {
			t.Fatalf("nothing was invoiced: %v", invoices)
		}
		got := year(t, w, w.B, console.RoleBilling).Billed
		if !slices.Equal(got, []store.MonthSum{{Month: october, Net: want}}) {
			t.Errorf("billed %v, want %v", got, want)
		}
		if got := year(t, w, w.B, console.RoleViewer).Billed; len(got) != 0 {
			t.Errorf("a viewer sees %v", got)
		}
		if got := year(t, w, w.A, console.RoleBilling).Billed; len(got) != 0 {
			t.Errorf("another console sees %v", got)
		}
	})
}
