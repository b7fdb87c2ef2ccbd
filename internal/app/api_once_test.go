package app_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// asking is a client of console A that creates a customer, and counts how often it tried.
type asking struct {
	*apptest.World

	caller app.Caller
	tried  atomic.Int64
}

func newAsking(w *apptest.World) *asking {
	return &asking{World: w, caller: app.Caller{Owner: "sva_1", Actor: apptest.Admin(w.A), Console: w.A}}
}

func (q *asking) create(ctx context.Context) ([]byte, error) {
	n := q.tried.Add(1)
	c, err := q.CreateCustomer(ctx, q.caller.Actor, customer.Customer{Name: "New", Domain: fmt.Sprintf("new%d.example", n)})
	return []byte(c.ID), err
}

func (q *asking) request(key, body string) app.Request {
	return app.Request{Key: key, Method: "CreateCustomer", Body: []byte(body)}
}

func (q *asking) customers() int { return len(q.Texts(`SELECT id FROM customers`)) }

func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, q := t.Context(), newAsking(w)
		first, repeated, err := q.Once(ctx, q.caller, q.request("k", "{}"), q.create)
		w.Must(err)
		if repeated || len(first) == 0 {
			t.Errorf("first: %s, %t", first, repeated)
		}
		again, repeated, err := q.Once(ctx, q.caller, q.request("k", "{}"), q.create)
		w.Must(err)
		if !repeated || string(again) != string(first) || q.customers() != 1 {
			t.Errorf("again: %s, %t, %d customers", again, repeated, q.customers())
		}

		// The same key for something else is refused; somebody else's is another one; without a key nothing is kept.
		_, _, err = q.Once(ctx, q.caller, q.request("k", "{ }"), q.create)
		wantFault(t, err, "request.key_reused")
		other := q.request("k", "{}")
		other.Method = "DeleteCustomer"
		_, _, err = q.Once(ctx, q.caller, other, q.create)
		wantFault(t, err, "request.key_reused")
		for _, caller := range []app.Caller{
			{Owner: "sva_2", Actor: q.caller.Actor, Console: w.A}, {Owner: "sva_1", Actor: q.caller.Actor, Console: w.B},
		} {
			_, repeated, err = q.Once(ctx, caller, q.request("k", "{}"), q.create)
			w.Must(err)
			if repeated {
				t.Errorf("%+v repeats somebody else's request", caller)
			}
		}
		for range 2 {
			_, _, err = q.Once(ctx, q.caller, q.request("", "{}"), q.create)
			w.Must(err)
		}
		if q.customers() != 5 {
			t.Errorf("%d customers", q.customers())
		}
		_, _, err = q.Once(ctx, q.caller, q.request("a\nb", "{}"), q.create)
		wantFault(t, err, "request.key")

		// After a day of the system's clock a key is forgotten, swept or not.
		w.Wall = clock.Fixed(apptest.Start.Add(24 * time.Hour))
		_, repeated, err = q.Once(ctx, q.caller, q.request("k", "another"), q.create)
		w.Must(err)
		if repeated {
			t.Error("it is remembered after a day")
		}
		w.Must(w.SweepEnded(ctx))
		if n := len(w.Texts(`SELECT key FROM api_requests`)); n != 1 {
			t.Errorf("%d requests are kept", n)
		}
	})
}

// TestWhatFailedMayBeAskedForAgain unless something of it was written.
func TestWhatFailedMayBeAskedForAgain(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, q := t.Context(), newAsking(w)
		_, _, err := q.Once(ctx, q.caller, q.request("k", ""), func(ctx context.Context) ([]byte, error) {
			_, err := q.CreateCustomer(ctx, q.caller.Actor, customer.Customer{})
			return nil, err
		})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("an empty customer: %v", err)
		}
		_, repeated, err := q.Once(ctx, q.caller, q.request("k", "corrected"), q.create)
		w.Must(err)
		if repeated {
			t.Error("what failed was kept")
		}

		broken := errors.New("broken")
		half := func(ctx context.Context) ([]byte, error) {
			_, err := q.create(ctx)
			return nil, errors.Join(err, broken)
		}
		_, _, err = q.Once(ctx, q.caller, q.request("half", ""), half)
		if !errors.Is(err, broken) {
			t.Errorf("%v", err)
		}
		_, _, err = q.Once(ctx, q.caller, q.request("half", ""), half)
		wantFault(t, err, "request.answer_lost")
		if q.customers() != 2 {
			t.Errorf("%d customers", q.customers())
		}
	})
}

// TestAnAnswerWithoutAChange is kept too.
func TestAnAnswerWithoutAChange(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		q, n := newAsking(w), 0
		look := func(context.Context) ([]byte, error) {
			n++
			return fmt.Append(nil, "seen ", n), nil
		}
		for i := range 3 {
			answer, repeated, err := q.Once(t.Context(), q.caller, q.request("k", ""), look)
			w.Must(err)
			if string(answer) != "seen 1" || repeated != (i > 0) {
				t.Errorf("%d: %s, %t", i, answer, repeated)
			}
		}
	})
}

// TestAProcessThatEndsBeforeItsAnswer has done what was asked for, and nobody does it a second time.
func TestAProcessThatEndsBeforeItsAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, q := t.Context(), newAsking(w)
		var died sync.WaitGroup
		died.Go(func() {
			_, _, err := q.Once(ctx, q.caller, q.request("k", ""), func(ctx context.Context) ([]byte, error) {
				if _, err := q.create(ctx); err != nil {
					return nil, err
				}
				runtime.Goexit()
				return nil, nil
			})
			t.Errorf("it went on: %v", err)
		})
		died.Wait()
		w.Wall = clock.Fixed(apptest.Start.Add(time.Minute))
		_, _, err := q.Once(ctx, q.caller, q.request("k", ""), q.create)
		wantFault(t, err, "request.answer_lost")
		if q.customers() != 1 {
			t.Errorf("%d customers", q.customers())
		}
	})
}

// TestManyAtOnce ask for the same, and get one effect and one answer.
func TestManyAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := apptest.New(t, db)
		q := newAsking(w)
		var all sync.WaitGroup
		var first atomic.Int64
		answers := make([]string, 50)
		for i := range answers {
			all.Go(func() {
				answer, repeated, err := q.Once(t.Context(), q.caller, q.request("k", "{}"), q.create)
				if err != nil {
					t.Error(err)
				}
				if !repeated {
					first.Add(1)
				}
				answers[i] = string(answer)
			})
		}
		all.Wait()
		made := w.Texts(`SELECT id FROM customers`)
		if len(made) != 1 || first.Load() != 1 {
			t.Fatalf("%d customers, %d first answers", len(made), first.Load())
		}
		for _, a := range answers {
			if a != made[0] {
				t.Errorf("an answer is %q, not %q", a, made[0])
			}
		}
	})
}

// TestManyDifferentAtOnce do not hinder each other.
func TestManyDifferentAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := apptest.New(t, db)
		q := newAsking(w)
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if _, repeated, err := q.Once(t.Context(), q.caller, q.request(strconv.Itoa(i), "{}"), q.create); err != nil || repeated {
					t.Error(repeated, err)
				}
			})
		}
		all.Wait()
		if q.customers() != 20 {
			t.Errorf("%d customers", q.customers())
		}
	})
}
