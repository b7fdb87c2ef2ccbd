package app_test

import (
	"slices"
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

// What comes back is billed from the day on which it does, what is nothing but a trial that ended never.
func TestWhatIsNotBilledBeforeItComesBack(t *testing.T) {
	old := strings.ReplaceAll(flexibleRow, "2026-10-01", "2024-01-01")
	tried := strings.ReplaceAll(yearlyRow, "10-01,,", "10-01,2026-10-10,")
	triedBefore := strings.ReplaceAll(endingRow, "10-20,,", "10-20,2025-11-10,")
	eachOf(t, map[string]func(*testing.T, *apptest.World){
		"it ended before its first file": func(t *testing.T, w *apptest.World) {
			says(t, w, apptest.Admin(w.B), old, 10, "CANCELLED")
			on(w, 20)
			says(t, w, apptest.Admin(w.B), old, 10, "ACTIVE")
			if got := due(t, w, w.B); got != 12*1_000 {
				t.Errorf("due %d", got)
			}
		},
		"it ended in between": func(t *testing.T, w *apptest.World) {
			says(t, w, apptest.Admin(w.B), flexibleRow, 10, "ACTIVE")
			on(w, 5)
			says(t, w, apptest.Admin(w.B), flexibleRow, 10, "CANCELLED")
			on(w, 20)
			says(t, w, apptest.Admin(w.B), flexibleRow, 4, "ACTIVE")
			if got := due(t, w, w.B); got != 5*1_000+12*400 {
				t.Errorf("due %d", got)
			}
		},
		"a trial that ended": func(t *testing.T, w *apptest.World) {
			says(t, w, apptest.Admin(w.B), tried, 10, "SUSPENDED,TRIAL_ENDED")
			if got := due(t, w, w.B); got != 0 || len(charged(w)) > 0 {
				t.Errorf("due %d, charged %q", got, charged(w))
			}
			w.CheckInvariants()
		},
		"a trial that ended, at the end of its term": func(t *testing.T, w *apptest.World) {
			says(t, w, apptest.Admin(w.B), triedBefore, 10, "SUSPENDED,TRIAL_ENDED")
			on(w, 21)
			w.Must(w.RunDue(t.Context()))
			if got := due(t, w, w.B); got != 0 || len(charged(w)) > 0 {
				t.Errorf("due %d, charged %q", got, charged(w))
			}
		},
	})
}

// What ended at the main is the main's when its customer comes back without it.
func TestWhatEndedElsewhereIsOneConsoles(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.Config.Terms.Waiting = 0
		ends := strings.ReplaceAll(strings.ReplaceAll(endingRow, "10-20", "10-12"), "AUTO_RENEW_YEARLY_PAY", "CANCEL")
		says(t, w, apptest.Admin(w.B), ends, 10, "ACTIVE")
		w.Exec(`UPDATE customers SET tos_accepted_at = 1`)
		there := w.Connect(w.A, w.B)
		on(w, 5)
		w.Move(there, w.A, w.B)
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), there.ID, false))
		on(w, 15)
		w.Must(w.RunDue(t.Context()))
		w.Move(w.Connect(w.B, w.A), w.B, w.A)
		want := []string{"cns_A CANCELLED 0", "cns_B CANCELLED 1"}
		if got := w.Texts(`SELECT console_id || ' ' || state || ' ' || CAST(moved AS text) FROM subscriptions ORDER BY 1`); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		w.CheckInvariants()
	})
}
