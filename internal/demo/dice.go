package demo

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/oklog/ulid/v2"
)

// dice is one stream of chance. Each part of the world throws its own, so that more customers in one console
// do not change the others.
type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, stream))} //nolint:gosec // repeatable on purpose; nothing here is secret
}

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// chance is true in percent of 100 throws.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// id makes an ID as the product does, from the instant at which the thing was made.
func (d dice) id(prefix string, at time.Time) string {
	var u ulid.ULID
	copy(u[:6], timeBytes(at))
	binary.BigEndian.PutUint64(u[6:14], d.Uint64())
	binary.BigEndian.PutUint16(u[14:], uint16(d.Uint64()&0xffff))
	return prefix + "_" + u.String()
}

func timeBytes(at time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, ulid.Timestamp(at))[2:]
}

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// weighted is a value that comes up as often as its weight says.
type weighted[T any] struct {
	value  T
	weight int
}

func draw[T any](d dice, list []weighted[T]) T {
	total := 0
	for _, w := range list {
		total += w.weight
	}
	n := d.IntN(total)
	for _, w := range list[:len(list)-1] {
		if n < w.weight {
			return w.value
		}
		n -= w.weight
	}
	return list[len(list)-1].value
}
