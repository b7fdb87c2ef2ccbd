package app_test

import (
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/civil"
)

// The days on which clocks change have 23 or 25 hours; a step of a day is a billing date all the same.
func TestADayIsABillingDate(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		zone, err := time.LoadLocation("America/Los_Angeles")
		w.Must(err)
		w.Config.BillingZone = zone
		for _, from := range []time.Time{
			time.Date(2026, time.October, 31, 23, 30, 0, 0, zone), time.Date(2026, time.November, 1, 0, 30, 0, 0, zone),
			time.Date(2027, time.March, 13, 23, 30, 0, 0, zone), time.Date(2027, time.March, 14, 2, 30, 0, 0, zone),
		} {
			w.Clock.Advance(from.Sub(apptest.Start))
			for range 2 {
				before := civil.DateOf(w.Clock.Now(), zone)
				now, err := w.AdvanceClock(t.Context(), apptest.Operator(w.A), app.ClockDay)
				w.Must(err)
				if got := civil.DateOf(now, zone); got != before+1 {
					t.Errorf("from %s to %s", before, got)
				}
			}
		}
	})
}
