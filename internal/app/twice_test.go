package app_test

import (
	"context"
	"errors"

	"psc/internal/store"
)

// twice is an engine on which every transaction loses its race once: what a use case keeps from the first run of its
// closure shows in what the second one writes.
type twice struct{ store.Engine }

var errLostOnce = errors.New("lost on purpose")

// Update implements store.Engine.
func (e twice) Update(ctx context.Context, fn func(store.Conn) error) error {
	if err := e.Engine.Update(ctx, func(c store.Conn) error { return errors.Join(fn(c), errLostOnce) }); !errors.Is(err, errLostOnce) {
		return err
	}
	return e.Engine.Update(ctx, fn)
}
