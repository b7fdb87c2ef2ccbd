package clock_test

import (
	"sync"
	"testing"
	"time"

	"psc/internal/clock"
)

var start = time.Date(2026, 10, 1, 9, 0, 0, 123456789, time.FixedZone("JST", 9*60*60))

func TestClocksTellUTCInWholeMicroseconds(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 10, 1, 0, 0, 0, 123456000, time.UTC)
	if got := clock.Fixed(start).Now(); got != want {
		t.Errorf("Fixed tells %s, want %s", got, want)
	}
	now := clock.System{}.Now()
	if now.Location() != time.UTC || now.Nanosecond()%1000 != 0 || now.Before(want.AddDate(-5, 0, 0)) {
		t.Errorf("System tells %s", now)
	}
}

func TestAnOffsetOnlyGrows(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	base := clock.Fixed(start)
	c := clock.NewOffset(base, day)
	for _, step := range []struct{ to, want time.Duration }{
		{2 * day, 2 * day}, {day, 2 * day}, {-day, 2 * day}, {2 * day, 2 * day}, {9 * day, 9 * day},
	} {
		c.Advance(step.to)
		if got := c.Ahead(); got != step.want || c.Now() != base.Now().Add(step.want) {
			t.Errorf("after Advance(%s): ahead by %s, %s; want %s", step.to, got, c.Now(), step.want)
		}
	}
}

// Several processes set the same clock: the largest offset stays.
func TestTheLargestOffsetWins(t *testing.T) {
	t.Parallel()
	c := clock.NewOffset(clock.Fixed(start), 0)
	var group sync.WaitGroup
	for i := range 100 {
		group.Go(func() { c.Advance(time.Duration(i*37%100) * time.Hour) })
	}
	group.Wait()
	if got := c.Ahead(); got != 99*time.Hour {
		t.Errorf("ahead by %s, want 99h", got)
	}
}
