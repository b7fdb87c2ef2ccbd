package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// TestAdviseMain asks which of three consoles should be the main (spec C8).
func TestAdviseMain(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.AddCustomers(w.A, 2, nil)
		w.AddCustomers(w.B, 3, func(i int, _ *customer.Customer, s *customer.Subscription) {
			if i == 0 {
				s.Currency = "EUR"
			}
		})
		w.AddCustomers(w.C, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
			s.SKUID, s.Group, s.Plan = apptest.Cloud, catalog.GoogleCloud, catalog.Flexible
		})
		person := apptest.Admin(w.A)
		join := func(c console.Console, role console.Role) {
			w.Update(func(tx *store.Tx) error {
				return tx.SetMembership(ctx, console.Membership{ConsoleID: c.ID, PersonID: person.PersonID, Role: role}, apptest.Start)
			})
		}
		w.Update(func(tx *store.Tx) error {
			return tx.InsertPerson(ctx, console.Person{ID: person.PersonID, Name: person.Name, Email: "a@a.example", CreatedAt: apptest.Start})
		})
		advise := func(want ...console.Console) []app.Advice {
			list, err := w.AdviseMain(ctx, person, "")
			w.Must(err)
			if !slices.EqualFunc(list, want, func(a app.Advice, c console.Console) bool { return a.AccountID == c.AccountID }) {
				t.Fatalf("%+v, want %v", list, want)
			}
			return list
		}
		join(w.A, console.RoleSuperAdmin)
		advise(w.A) // what the others have is not for this person
		join(w.B, console.RoleViewer)
		join(w.C, console.RoleSuperAdmin)

		list := advise(w.C, w.B, w.A) // C has what cannot leave it; B has more customers than A
		week := apptest.Start.Add(7 * 24 * time.Hour)
		if c := list[0]; c.Fixed != 1 || c.Customers != 1 || c.Ready != 4 || c.Curable != 1 || c.Stay != 0 || !c.Earliest.Equal(week) || !c.MayBill {
			t.Errorf("C as the main: %+v", c)
		}
		a := list[2]
		if a.Ready != 2 || a.Curable != 1 || a.Stay != 1 || len(a.Obstacles) != 0 {
			t.Errorf("A as the main: %+v", a)
		}
		if !slices.Contains(a.Reasons, app.ReasonCount{Code: migration.NoBillingAccountInCurrency, Customers: 1}) ||
			!slices.Contains(a.Reasons, app.ReasonCount{Code: migration.HasGoogleCloud, Customers: 1}) {
			t.Errorf("the reasons are %v", a.Reasons)
		}
		if want := []store.MissingAccount{{Currency: "EUR", Group: catalog.GoogleWorkspace, Customers: 1}}; !slices.Equal(a.Missing, want) {
			t.Errorf("missing are %v, want %v", a.Missing, want)
		}

		c := w.Accept(w.A, w.C)
		w.Clock.Advance(w.Clock.Ahead() + 24*time.Hour)
		list = advise(w.A, w.C, w.B) // what the connection stands against comes last, wherever it stands otherwise
		for _, one := range list[1:] {
			if len(one.Obstacles) != 1 || one.Obstacles[0] != (app.Obstacle{ID: c.ID, In: w.A.AccountID, Main: w.A.Name, Source: w.C.Name}) {
				t.Errorf("%s: %+v", one.Name, one.Obstacles)
			}
		}
		if want := week.Add(24 * time.Hour); !list[0].Earliest.Equal(want) {
			t.Errorf("the earliest is %v, though B is not connected yet, want %v", list[0].Earliest, want)
		}
	})
}

func TestAdviceIsForThoseWhoMayViewCustomers(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		actor := apptest.Admin(w.A)
		actor.Role = ""
		if _, err := w.AdviseMain(t.Context(), actor, ""); !fault.Is(err, "forbidden") {
			t.Errorf("%v", err)
		}
		list, err := w.AdviseMain(t.Context(), apptest.Operator(w.B), "")
		w.Must(err)
		if len(list) != 3 {
			t.Errorf("an operator sees %d consoles of the reseller", len(list))
		}
	})
}
