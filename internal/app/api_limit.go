package app

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"psc/internal/fault"
)

// defaultAPIRate is how many requests a minute a token has, unless the operator sets it: generous, and short of harm.
const defaultAPIRate = 6_000

// exchangeRate is how often a minute one network address may ask for access tokens, which last an hour.
const exchangeRate = 120

// keptLimits is from how many keys on those are forgotten that have been quiet.
const keptLimits = 10_000

// Limits bound how often each key acts, in this process. Nil bounds nothing.
type Limits struct {
	mu  sync.Mutex
	now map[string]*rate.Limiter
}

// NewLimits returns limits that nobody has used up.
func NewLimits() *Limits { return &Limits{now: make(map[string]*rate.Limiter)} }

// take refuses with a fault, which says for how long (Wait), what goes beyond so many a minute. A sixth of it may come at once. Zero
// bounds nothing.
func (l *Limits) take(key string, now time.Time, perMinute int) error {
	if l == nil || perMinute == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.now[key]
	if limiter == nil {
		l.forget(now)
		limiter = rate.NewLimiter(rate.Every(time.Minute/time.Duration(perMinute)), max(perMinute/6, 1))
		l.now[key] = limiter
	}
	asked := limiter.ReserveN(now, 1)
	wait := asked.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	asked.CancelAt(now)
	seconds := int64((wait + time.Second - 1) / time.Second)
	return fault.New(fault.Limited, "token.limited", fault.Args{"Seconds": seconds, "Wait": time.Duration(seconds) * time.Second})
}

// forget makes room: who has all of its limit again is as new.
func (l *Limits) forget(now time.Time) {
	if len(l.now) < keptLimits {
		return
	}
	for key, limiter := range l.now {
		if limiter.TokensAt(now) >= float64(limiter.Burst()) { //nolint:forbidigo // the library counts in fractions
			delete(l.now, key)
		}
	}
}
