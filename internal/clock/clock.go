// Package clock is the one place that reads the time. Business time may run ahead of the system's
// (the sandbox); sessions, limits and leases always follow the system's.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the present instant, in UTC and whole microseconds (what both databases keep).
type Clock interface {
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Offset is a clock that runs ahead of a base clock by an offset which only grows. It is safe for
// concurrent use: the sandbox clock of a process, and the clock of tests over a Fixed base.
type Offset struct {
	base  Clock
	ahead atomic.Int64
}

// NewOffset returns a clock ahead of base by ahead.
func NewOffset(base Clock, ahead time.Duration) *Offset {
	o := &Offset{base: base}
	o.ahead.Store(int64(ahead))
	return o
}

// Now returns the base's time plus the offset.
func (o *Offset) Now() time.Time { return o.base.Now().Add(o.Ahead()) }

// Ahead returns the present offset.
func (o *Offset) Ahead() time.Duration { return time.Duration(o.ahead.Load()) }

// Advance sets the offset if it is larger than the present one; the clock never goes back.
func (o *Offset) Advance(ahead time.Duration) {
	for {
		was := o.ahead.Load()
		if int64(ahead) <= was || o.ahead.CompareAndSwap(was, int64(ahead)) {
			return
		}
	}
}

// Fixed is a clock that stands still, for tests.
type Fixed time.Time

// Now returns the fixed instant.
func (f Fixed) Now() time.Time { return time.Time(f).UTC().Truncate(time.Microsecond) }
