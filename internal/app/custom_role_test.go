package app_test

import (
	"errors"
	"slices"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// hired is who works in console A with the role, as they are when they come in.
func hired(t *testing.T, w *apptest.World, email string, role console.Role) func() console.Actor {
	t.Helper()
	ctx := t.Context()
	operator := apptest.Operator(w.A)
	if _, err := w.CreatePerson(ctx, operator, console.Person{Name: email, Email: email}); err != nil && !fault.Is(err, "person.known") {
		t.Fatal(err)
	}
	w.Must(w.SetRole(ctx, operator, email, role))
	return func() console.Actor {
		actor, _, err := w.ActAs(ctx, email, string(w.A.AccountID))
		w.Must(err)
		return actor
	}
}

func TestARoleOfAConsolesOwn(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, admin := t.Context(), apptest.Admin(w.A)
		r, err := w.MakeRole(ctx, admin, "  Movers ", []console.Privilege{console.TransferCustomers})
		w.Must(err)
		if r.Name != "Movers" || !slices.Equal(r.Privileges, []console.Privilege{console.ViewCustomers, console.TransferCustomers}) {
			t.Errorf("made %+v", r)
		}
		mover := hired(t, w, "m@x.example", r.ID)
		if err := mover().May(console.TransferCustomers); err != nil {
			t.Error(err)
		}
		if err := mover().May(console.Billing); !fault.Is(err, "forbidden") {
			t.Errorf("billing: %v", err)
		}

		// What is changed counts at once; the name is one of a kind, however it is typed.
		_, err = w.ChangeRole(ctx, admin, r.ID, "Clerks", []console.Privilege{console.Billing})
		w.Must(err)
		if mover().May(console.Billing) != nil || mover().May(console.TransferCustomers) == nil {
			t.Errorf("changed: %v", mover().Privileges())
		}
		if _, err := w.MakeRole(ctx, admin, "ｃｌｅｒｋｓ", nil); !fault.Is(err, "role.taken") {
			t.Errorf("a second of one name: %v", err)
		}

		if err := w.ArchiveRole(ctx, admin, r.ID); !fault.Is(err, "role.held") {
			t.Errorf("archived while held: %v", err)
		}
		w.Must(w.SetRole(ctx, admin, "m@x.example", console.RoleViewer))
		_, _, err = w.Invite(ctx, admin, "to.come@x.example", r.ID)
		w.Must(err)
		if err := w.ArchiveRole(ctx, admin, r.ID); !fault.Is(err, "role.held") {
			t.Errorf("archived while somebody is invited with it: %v", err)
		}
		w.Must(w.WithdrawInvite(ctx, admin, "to.come@x.example"))
		w.Must(w.ArchiveRole(ctx, admin, r.ID))
		if err := w.SetRole(ctx, admin, "m@x.example", r.ID); !fault.Is(err, "person.role") {
			t.Errorf("an archived role was given: %v", err)
		}
		if err := w.ArchiveRole(ctx, admin, r.ID); !fault.Is(err, "role.not_found") {
			t.Errorf("archived twice: %v", err)
		}
		_, err = w.MakeRole(ctx, admin, "Clerks", nil)
		w.Must(err)
	})
}

// A role of one console is none of another.
func TestARoleCountsInItsConsoleOnly(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		r, err := w.MakeRole(ctx, apptest.Admin(w.A), "Movers", []console.Privilege{console.TransferCustomers})
		w.Must(err)
		stranger := apptest.Admin(w.B)
		_, _, invited := w.Invite(ctx, stranger, "x@x.example", r.ID)
		_, changed := w.ChangeRole(ctx, stranger, r.ID, "Mine", nil)
		for what, err := range map[string]error{
			"set": w.SetRole(ctx, stranger, "x@x.example", r.ID), "invite": invited, "change": changed, "archive": w.ArchiveRole(ctx, stranger, r.ID),
		} {
			if !fault.Is(err, "person.role") && !fault.Is(err, "role.not_found") {
				t.Errorf("%s: %v", what, err)
			}
		}
		list, err := w.Roles(ctx, stranger)
		w.Must(err)
		if slices.ContainsFunc(list, func(r app.RoleView) bool { return r.Own() }) {
			t.Errorf("the other console sees %v", list)
		}
	})
}

// Who manages people can make of nobody, nor take from anybody, what they may not themselves.
func TestNobodyGivesMoreThanTheyMay(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, admin := t.Context(), apptest.Admin(w.A)
		desk, err := w.MakeRole(ctx, admin, "Desk", []console.Privilege{console.ManageUsers, console.EditCustomers})
		w.Must(err)
		rich, err := w.MakeRole(ctx, admin, "Rich", []console.Privilege{console.Billing})
		w.Must(err)
		clerk := hired(t, w, "desk@x.example", desk.ID)()
		hired(t, w, "boss@x.example", console.RoleSuperAdmin)
		hired(t, w, "cash@x.example", rich.ID)
		hired(t, w, "view@x.example", console.RoleViewer)
		_, _, err = w.Invite(ctx, admin, "cash2@x.example", rich.ID)
		w.Must(err)
		id := func(email string) (id string) {
			members, err := w.Members(ctx, admin)
			w.Must(err)
			for _, m := range members {
				if m.Person.Email == email {
					id = m.PersonID
				}
			}
			return id
		}
		before := w.Texts(`SELECT person_id || role || state FROM memberships UNION ALL SELECT email || role FROM role_grants
			UNION ALL SELECT id || name || privileges FROM custom_roles ORDER BY 1`)
		_, _, invite := w.Invite(ctx, clerk, "new@x.example", console.RoleSuperAdmin)
		_, makes := w.MakeRole(ctx, clerk, "More", []console.Privilege{console.Billing})
		_, change := w.ChangeRole(ctx, clerk, desk.ID, "Desk", []console.Privilege{console.ManageUsers, console.Billing})
		_, lessen := w.ChangeRole(ctx, clerk, rich.ID, "Poor", nil)
		for what, err := range map[string]error{
			"make oneself more":     w.SetRole(ctx, clerk, "desk@x.example", console.RoleSuperAdmin),
			"make somebody more":    w.SetRole(ctx, clerk, "view@x.example", rich.ID),
			"make the boss less":    w.SetRole(ctx, clerk, "boss@x.example", console.RoleViewer),
			"take somebody's":       w.SetRole(ctx, clerk, "cash@x.example", console.RoleViewer),
			"suspend the boss":      w.SuspendMember(ctx, clerk, id("boss@x.example")),
			"remove somebody":       w.RemoveMember(ctx, clerk, id("cash@x.example")),
			"invite a boss":         invite,
			"withdraw":              w.WithdrawInvite(ctx, clerk, "cash2@x.example"),
			"make a role":           makes,
			"change the own role":   change,
			"change another role":   lessen,
			"archive another role":  w.ArchiveRole(ctx, clerk, rich.ID),
			"grant to a newcomer":   w.SetRole(ctx, clerk, "newer@x.example", rich.ID),
			"reactivate a superior": w.ReactivateMember(ctx, clerk, id("boss@x.example")),
		} {
			if what == "reactivate a superior" && err == nil { // is active already
				continue
			}
			if !fault.Is(err, "role.beyond") || fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", what, err)
			}
		}
		if after := w.Texts(`SELECT person_id || role || state FROM memberships UNION ALL SELECT email || role FROM role_grants
			UNION ALL SELECT id || name || privileges FROM custom_roles ORDER BY 1`); !slices.Equal(before, after) {
			t.Errorf("changed:\n%v\n%v", before, after)
		}
		w.Must(w.SetRole(ctx, clerk, "view@x.example", desk.ID))
		_, err = w.MakeRole(ctx, clerk, "Editors", []console.Privilege{console.EditCustomers})
		w.Must(err)
		viewer := apptest.As(w.A, console.RoleViewer)
		_, none := w.MakeRole(ctx, viewer, "Mine", nil)
		_, other := w.ChangeRole(ctx, viewer, desk.ID, "Mine", nil)
		if err := errors.Join(none, other); !fault.Is(none, "forbidden") || !fault.Is(other, "forbidden") {
			t.Errorf("a viewer: %v", err)
		}
	})
}

func TestWhatIsNoRole(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, admin := t.Context(), apptest.Admin(w.A)
		long := make([]rune, 61)
		for i := range long {
			long[i] = '長'
		}
		for _, try := range []struct {
			name       string
			privileges []console.Privilege
			field      string
		}{
			{"", nil, "name"},
			{"  ", nil, "name"},
			{"a\x00b", nil, "name"},
			{string(long), nil, "name"},
			{"Boss", []console.Privilege{console.SuperAdmin}, "privileges"},
			{"Odd", []console.Privilege{"FLY"}, "privileges"},
		} {
			_, err := w.MakeRole(ctx, admin, try.name, try.privileges)
			if f := fault.As(err); f == nil || f.Key != "role.invalid" || f.Fields[0].Name != try.field {
				t.Errorf("%q %v: %v", try.name, try.privileges, err)
			}
		}
		w.Read(func(tx *store.Tx) error {
			list, err := tx.CustomRoles(ctx, w.A.ID)
			if len(list) != 0 {
				t.Errorf("made %v", list)
			}
			return err
		})
	})
}
