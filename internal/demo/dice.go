package demo

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"psc/internal/civil"
	"psc/internal/ident"
)

// dice is one stream of chance. Each part of the world throws its own, so that more customers in one console
// do not change the others.
type dice struct {
	*rand.Rand
	ids *ident.Source
}

func newDice(seed, stream uint64) dice {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	binary.BigEndian.PutUint64(key[8:], stream)
	//nolint:gosec // repeatable on purpose; nothing here is secret
	return dice{Rand: rand.New(rand.NewPCG(seed, stream)), ids: ident.NewSource(rand.NewChaCha8(key))}
}

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// days returns a number of days from lo to hi, both included.
func (d dice) days(lo, hi int32) civil.Date { return civil.Date(lo + d.Int32N(hi-lo+1)) }

// chance is true in percent of 100 throws.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// id makes an ID as the product does, from the instant at which the thing was made.
func (d dice) id(prefix string, at time.Time) string { return d.ids.New(prefix, at) }

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
