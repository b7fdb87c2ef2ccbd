package app_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// TestSettingsAreThePersonsOwnInAConsole keeps columns and filters for one person in one console, and nobody else sees them.
func TestSettingsAreThePersonsOwnInAConsole(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		one, other, elsewhere := apptest.Admin(w.A), apptest.Admin(w.B), apptest.Admin(w.A)
		elsewhere.ConsoleID = w.B.ID
		people(w, one, other)
		choices := func() app.CustomerChoices {
			c, err := w.CustomerChoices(ctx, one)
			w.Must(err)
			return c
		}
		if c := choices(); !slices.Equal(c.Settings.Columns, app.UsualCustomerColumns) || len(c.Filters) != 0 {
			t.Fatalf("at first %+v", c)
		}
		w.Must(w.SetCustomerSettings(ctx, one, app.CustomerSettings{Columns: []string{"name", "created"}, PageSize: 25}))
		w.Must(w.SaveCustomerFilter(ctx, one, app.SavedFilter{Name: " annual ", Query: "plan=ANNUAL_YEARLY_PAY"}))
		w.Must(w.SaveCustomerFilter(ctx, one, app.SavedFilter{Name: "annual", Query: "q=x"}))
		if c := choices(); !slices.Equal(c.Settings.Columns, []string{"name", "created"}) || c.Settings.PageSize != 25 ||
			!slices.Equal(c.Filters, []app.SavedFilter{{Name: "annual", Query: "q=x"}}) {
			t.Errorf("kept %+v", c)
		}
		for _, who := range []struct{ console, person string }{{w.B.ID, one.PersonID}, {w.B.ID, other.PersonID}} {
			elsewhere.ConsoleID, elsewhere.PersonID = who.console, who.person
			c, err := w.CustomerChoices(ctx, elsewhere)
			if err != nil || len(c.Filters) != 0 || c.Settings.PageSize != 0 {
				t.Errorf("%+v sees %+v, %v", who, c, err)
			}
		}
		if err := w.DeleteCustomerFilter(ctx, other, "annual"); !fault.Is(err, "customer_settings.no_filter") {
			t.Errorf("deleted by another: %v", err)
		}
		w.Must(w.DeleteCustomerFilter(ctx, one, "annual"))
		if c := choices(); len(c.Filters) != 0 {
			t.Errorf("after deletion %+v", c.Filters)
		}
	})
}

func TestSettingsThatCannotBeKept(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, actor := t.Context(), apptest.Admin(w.A)
		people(w, actor)
		refused := func(err error, key string) {
			t.Helper()
			if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Key != key {
				t.Errorf("%v, want %s", err, key)
			}
		}
		refused(w.SetCustomerSettings(ctx, actor, app.CustomerSettings{Columns: []string{"password"}, PageSize: 25}), "customer_settings.columns")
		refused(w.SetCustomerSettings(ctx, actor, app.CustomerSettings{Columns: []string{"name", "name"}, PageSize: 25}), "customer_settings.columns")
		refused(w.SetCustomerSettings(ctx, actor, app.CustomerSettings{Columns: []string{"name"}, PageSize: 1_000}), "customer_settings.size")
		for _, name := range []string{"", " ", "a\nb", strings.Repeat("あ", 61)} {
			refused(w.SaveCustomerFilter(ctx, actor, app.SavedFilter{Name: name, Query: "q=x"}), "customer_settings.name")
		}
		refused(w.SaveCustomerFilter(ctx, actor, app.SavedFilter{Name: "all"}), "customer_settings.nothing")
		for i := range 30 {
			w.Must(w.SaveCustomerFilter(ctx, actor, app.SavedFilter{Name: strconv.Itoa(i), Query: "q=x"}))
		}
		refused(w.SaveCustomerFilter(ctx, actor, app.SavedFilter{Name: "one more", Query: "q=x"}), "customer_settings.too_many")
		w.Must(w.SaveCustomerFilter(ctx, actor, app.SavedFilter{Name: "7", Query: "q=y"}))
	})
}

// people makes the actors people that are known.
func people(w *apptest.World, actors ...console.Actor) {
	w.Update(func(tx *store.Tx) error {
		var errs []error
		for _, a := range actors {
			errs = append(errs, tx.InsertPerson(w.T.Context(), console.Person{ID: a.PersonID, Email: a.PersonID + "@a.example", Name: "X", CreatedAt: apptest.Start}))
		}
		return errors.Join(errs...)
	})
}
