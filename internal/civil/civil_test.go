package civil_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"psc/internal/civil"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDatesCountFromTheEpoch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		days civil.Date
	}{
		{"1970-01-01", 0},
		{"1969-12-31", -1},
		{"1970-01-02", 1},
		{"2000-02-29", 11016},
		{"2026-10-01", 20727},
		{"0001-01-01", -719162},
		{"9999-12-31", 2932896},
	} {
		got, err := civil.Parse(c.text)
		if err != nil || got != c.days || got.String() != c.text {
			t.Errorf("%s is day %d (%s), %v; want %d", c.text, got, got, err, c.days)
		}
	}
}

func TestWhatIsNoDate(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026/10/01", "20261001", "2026-10-01T00:00:00Z", " 2026-10-01",
	} {
		if got, err := civil.Parse(text); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}

func TestDatesAndTextAreOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Date(rapid.Int32Range(-719162, 2932896).Draw(t, "day"))
		back, err := civil.Parse(d.String())
		if err != nil || back != d || civil.NewDate(d.Civil()) != d {
			t.Fatalf("day %d is %s is day %d, %v", d, d, back, err)
		}
		m := d.Month()
		if d < m.First() || d >= m.End() || m.Next().First() != m.End() || m.Days() < 28 || m.Days() > 31 {
			t.Fatalf("%s is in %s of %d days, %s to %s", d, m, m.Days(), m.First(), m.End())
		}
	})
}

// One instant has different dates in different zones: the billing zone decides (spec B1).
func TestInstantsBecomeDatesInAZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ instant, zone, want string }{
		{"2026-10-01T00:00:00Z", "UTC", "2026-10-01"},
		{"2026-09-30T15:00:00Z", "Asia/Tokyo", "2026-10-01"},
		{"2026-09-30T14:59:59.999999Z", "Asia/Tokyo", "2026-09-30"},
		{"2026-10-01T06:59:59Z", "America/Los_Angeles", "2026-09-30"},
		{"2026-10-01T07:00:00Z", "America/Los_Angeles", "2026-10-01"},
		{"2026-12-31T23:30:00Z", "Europe/Berlin", "2027-01-01"},
	} {
		instant, err := time.Parse(time.RFC3339Nano, c.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.DateOf(instant, zone(t, c.zone)); got.String() != c.want {
			t.Errorf("%s in %s is %s, want %s", c.instant, c.zone, got, c.want)
		}
	}
}

// A day starts at its first instant, where midnight is skipped too, and lasts as long as the clocks say.
func TestDaysStart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, zone, start string
		length           time.Duration
	}{
		{"2026-10-01", "Asia/Tokyo", "2026-09-30T15:00:00Z", 24 * time.Hour},
		{"2026-03-08", "America/Los_Angeles", "2026-03-08T08:00:00Z", 23 * time.Hour},
		{"2026-11-01", "America/Los_Angeles", "2026-11-01T07:00:00Z", 25 * time.Hour},
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", 23 * time.Hour},
		{"2026-03-29", "Asia/Beirut", "2026-03-28T22:00:00Z", 23 * time.Hour},
		{"2026-11-01", "America/Havana", "2026-11-01T04:00:00Z", 25 * time.Hour},
		{"2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00Z", 24 * time.Hour},
	} {
		day, err := civil.Parse(c.day)
		if err != nil {
			t.Fatal(err)
		}
		z := zone(t, c.zone)
		start := day.Start(z)
		if got := start.UTC().Format(time.RFC3339); got != c.start {
			t.Errorf("%s in %s starts at %s, want %s", c.day, c.zone, got, c.start)
		}
		if got := (day + 1).Start(z).Sub(start); got != c.length {
			t.Errorf("%s in %s lasts %s, want %s", c.day, c.zone, got, c.length)
		}
		if civil.DateOf(start, z) != day || civil.DateOf(start.Add(-1), z) != day-1 {
			t.Errorf("%s in %s does not start at its first instant", c.day, c.zone)
		}
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, month, next string
		days             int
	}{
		{"2026-02-15", "2026-02", "2026-03", 28},
		{"2028-02-29", "2028-02", "2028-03", 29},
		{"2026-12-31", "2026-12", "2027-01", 31},
		{"2100-02-01", "2100-02", "2100-03", 28},
	} {
		day, err := civil.Parse(c.day)
		if err != nil {
			t.Fatal(err)
		}
		m := day.Month()
		if m.String() != c.month || m.Next().String() != c.next || m.Days() != c.days {
			t.Errorf("%s is in %s of %d days before %s", c.day, m, m.Days(), m.Next())
		}
	}
}
