package app_test

import (
	"context"
	"errors"
	"testing"

	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// losing is an engine on which every transaction loses its race, however often it runs.
type losing struct{ store.Engine }

// Update implements store.Engine.
func (e losing) Update(ctx context.Context, fn func(store.Conn) error) error {
	return e.Engine.Update(ctx, func(c store.Conn) error { return errors.Join(fn(c), errLostOnce) })
}

// Lost implements store.Engine.
func (e losing) Lost(err error) bool { return errors.Is(err, errLostOnce) }

// TestWhoAlwaysLosesIsToldSo is told that somebody was faster, which is no defect of ours, and has written nothing.
func TestWhoAlwaysLosesIsToldSo(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		db := w.DB
		w.DB = store.New(losing{db.Engine()})
		_, err := w.CreateBillingAccount(t.Context(), apptest.Admin(w.A), newAccount("le_1"))
		wantFault(t, err, "changed_meanwhile")
		if fault.KindOf(err) != fault.Conflict || !w.DB.Lost(err) {
			t.Errorf("%v is not told as a lost race", err)
		}
		w.DB = db
		list, err := w.BillingAccounts(t.Context(), apptest.As(w.A, console.RoleBilling))
		w.Must(err)
		for _, account := range list {
			if account.Name == newAccount("le_1").Name {
				t.Errorf("%+v was written", account)
			}
		}
	})
}
