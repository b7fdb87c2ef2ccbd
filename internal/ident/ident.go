// Package ident makes the IDs of rows: time-ordered ULIDs with a type prefix, so that lists ordered by ID are
// ordered by time and a reader sees what an ID names.
package ident

import (
	"io"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// Source makes IDs from entropy that is given to it. It is safe for concurrent use.
type Source struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
}

// NewSource returns a Source that draws from entropy (crypto/rand, or a seeded reader in the demo and tests).
func NewSource(entropy io.Reader) *Source {
	return &Source{entropy: ulid.Monotonic(entropy, 0)}
}

// New returns an ID such as cus_01jg… for the instant at. IDs made within one millisecond keep their order.
func (s *Source) New(prefix string, at time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return prefix + "_" + strings.ToLower(ulid.MustNew(ulid.Timestamp(at), s.entropy).String())
}

// First returns what no ID that New makes for the instant at or a later one is below, and every earlier one is.
func First(prefix string, at time.Time) string {
	var id ulid.ULID
	if err := id.SetTime(ulid.Timestamp(at)); err != nil {
		panic(err) // after the year 10889
	}
	return prefix + "_" + strings.ToLower(id.String())
}
