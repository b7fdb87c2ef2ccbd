package app_test

import (
	"strings"
	"testing"

	"psc/internal/apptest"
)

// A seat costs 100 a day. The last day of a removed seat is billed, whatever else happens on that day (spec B5).
func TestTheLastDayOfARemovedSeatIsBilled(t *testing.T) {
	dearer := strings.ReplaceAll(flexibleRow, "3100", "6200")
	fall := []said{{1, flexibleRow, 10, "ACTIVE"}, {15, flexibleRow, 4, "ACTIVE"}}
	cases := map[string]func(*testing.T, *apptest.World){}
	for name, c := range map[string]struct {
		more []said
		due  int64
	}{
		"and nothing else":                    {nil, 15*1_000 + 16*400},
		"and some come back":                  {[]said{{15, flexibleRow, 6, "ACTIVE"}}, 15*1_000 + 16*600},
		"and all come back":                   {[]said{{15, flexibleRow, 10, "ACTIVE"}}, 31 * 1_000},
		"and more come":                       {[]said{{15, flexibleRow, 12, "ACTIVE"}}, 14*1_000 + 17*1_200},
		"and more come and go":                {[]said{{15, flexibleRow, 12, "ACTIVE"}, {15, flexibleRow, 3, "ACTIVE"}}, 14*1_000 + 1_200 + 16*300},
		"and the rest costs more":             {[]said{{15, dearer, 4, "ACTIVE"}}, 14*1_000 + 2_000 + 16*800},
		"and the rest is suspended":           {[]said{{15, flexibleRow, 4, "SUSPENDED,RESELLER_INITIATED"}}, 14 * 1_000},
		"and the rest ends":                   {[]said{{15, flexibleRow, 4, "CANCELLED"}}, 15 * 1_000},
		"and the rest ends and comes back":    {[]said{{15, flexibleRow, 4, "CANCELLED"}, {15, flexibleRow, 3, "ACTIVE"}}, 15*1_000 + 16*300},
		"and more on the next day":            {[]said{{16, flexibleRow, 2, "ACTIVE"}}, 15*1_000 + 400 + 15*200},
		"of what was suspended: not one more": {[]said{{16, flexibleRow, 4, "SUSPENDED,RESELLER_INITIATED"}, {20, flexibleRow, 2, "ACTIVE"}}, 15*1_000 + 12*200},
	} {
		cases[name] = func(t *testing.T, w *apptest.World) {
			for _, s := range append(fall[:2:2], c.more...) {
				on(w, s.day)
				if left := says(t, w, apptest.Admin(w.B), s.plan, s.seats, s.status); left != "" {
					t.Errorf("on %d: %s", s.day, left)
				}
			}
			if got := due(t, w, w.B); got != c.due {
				t.Errorf("due %d, want %d", got, c.due)
			}
			w.CheckInvariants()
		}
	}
	cases["and the customer moves, and back"] = func(t *testing.T, w *apptest.World) {
		w.Config.Terms.Waiting = 0
		for _, s := range fall {
			on(w, s.day)
			says(t, w, apptest.Admin(w.B), s.plan, s.seats, s.status)
		}
		there := w.Connect(w.A, w.B)
		w.Exec(`UPDATE customers SET tos_accepted_at = 1`)
		w.Evaluate(there)
		w.Move(there, w.A, w.B)
		if source, main := due(t, w, w.B), due(t, w, w.A); source != 14*1_000 || main != 1_000+16*400 {
			t.Errorf("due at the source %d, at the main %d", source, main)
		}
		w.CheckInvariants()
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), there.ID, false))
		w.Move(w.Connect(w.B, w.A), w.B, w.A)
		if first, second := due(t, w, w.B), due(t, w, w.A); first != 15*1_000+16*400 || second != 0 {
			t.Errorf("back: due at the first %d, at the second %d", first, second)
		}
		w.CheckInvariants()
	}
	eachOf(t, cases)
}
