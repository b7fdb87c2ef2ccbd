package app_test

import (
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/store"
)

// invite invites into A and returns the link's secret.
func invite(w *apptest.World, email string, role console.Role) string {
	w.T.Helper()
	secret, _, err := w.Invite(w.T.Context(), apptest.Admin(w.A), email, role)
	w.Must(err)
	return secret
}

// joined is somebody who came by an invitation into A.
func joined(w *apptest.World, email string, role console.Role) console.Person {
	w.T.Helper()
	p, err := w.JoinByInvitation(w.T.Context(), invite(w, email, role), console.Person{Name: "N " + email}, duePassword)
	w.Must(err)
	return p
}

func TestInvitationsAreTakenOnceByTheirLink(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, admin := t.Context(), apptest.Admin(w.A)
		for _, role := range console.Roles[1:] {
			_, _, err := w.Invite(ctx, apptest.As(w.A, role), "p@x.example", console.RoleViewer)
			wantFault(t, err, "forbidden")
		}
		_, _, err := w.Invite(ctx, admin, "nonsense", console.RoleViewer)
		wantFault(t, err, "person.email")
		_, _, err = w.Invite(ctx, admin, "p@x.example", "KING")
		wantFault(t, err, "person.role")

		old := invite(w, "p@x.example", console.RoleViewer)
		secret := invite(w, "P@x.example", console.RoleBilling)
		_, err = w.CheckInvitation(ctx, old)
		wantFault(t, err, "invitation.over")
		in, err := w.CheckInvitation(ctx, secret)
		w.Must(err)
		if in.Email != "p@x.example" || in.Place.Role != console.RoleBilling || in.Console.ID != w.A.ID {
			t.Errorf("%+v", in)
		}
		_, err = w.JoinByInvitation(ctx, secret, console.Person{Name: "P"}, "short")
		wantFault(t, err, "password.short")
		p, err := w.JoinByInvitation(ctx, secret, console.Person{Name: "P"}, duePassword)
		w.Must(err)
		actor, _, err := w.Actor(ctx, p.ID, string(w.A.AccountID))
		w.Must(err)
		if actor.Role != console.RoleBilling || !p.Joined {
			t.Errorf("%+v, %+v", actor, p)
		}
		_, err = w.JoinByInvitation(ctx, secret, console.Person{Name: "Q"}, duePassword)
		wantFault(t, err, "invitation.over")
		_, _, err = w.Invite(ctx, admin, p.Email, console.RoleViewer)
		wantFault(t, err, "person.member_already")

		late := invite(w, "late@x.example", console.RoleViewer)
		w.Wall = clock.Fixed(w.Wall.Now().Add(7 * 24 * time.Hour))
		_, err = w.CheckInvitation(ctx, late)
		wantFault(t, err, "invitation.over")
		withdrawn := invite(w, "withdrawn@x.example", console.RoleViewer)
		wantFault(t, w.WithdrawInvite(ctx, apptest.Admin(w.B), "withdrawn@x.example"), "person.not_found")
		w.Must(w.WithdrawInvite(ctx, admin, "withdrawn@x.example"))
		_, err = w.CheckInvitation(ctx, withdrawn)
		wantFault(t, err, "invitation.over")
	})
}

// Who came by a link that somebody else was shown may have typed any address: a role for it is not taken by the address,
// but by the link that its own console hands out.
func TestAnAddressThatNobodyVouchesForTakesNoRoles(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		p := joined(w, "boss@b.example", console.RoleViewer)
		secret, _, err := w.Invite(ctx, apptest.Admin(w.B), p.Email, console.RoleSuperAdmin)
		w.Must(err)
		v, err := w.Visit(ctx, p.ID, app.PasswordMark(p), "")
		w.Must(err)
		if len(v.Consoles) != 1 {
			t.Errorf("%+v", v.Consoles)
		}
		_, _, err = w.ActAs(ctx, p.Email, string(w.B.AccountID))
		wantFault(t, err, "console.not_found")
		_, err = w.JoinByInvitation(ctx, secret, console.Person{Name: "Another"}, duePassword)
		wantFault(t, err, "invitation.known")

		other := joined(w, "other@x.example", console.RoleViewer)
		_, err = w.AcceptInvitation(ctx, other.ID, secret)
		wantFault(t, err, "invitation.not_yours")
		_, err = w.AcceptInvitation(ctx, p.ID, secret)
		w.Must(err)
		actor, _, err := w.Actor(ctx, p.ID, string(w.B.AccountID))
		w.Must(err)
		if actor.Role != console.RoleSuperAdmin {
			t.Errorf("%+v", actor)
		}
	})
}

func TestSuspendedAndRemovedPeopleAreOut(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, admin := t.Context(), apptest.Admin(w.A)
		p := joined(w, "p@x.example", console.RoleBilling)
		acts := map[string]func(console.Actor) error{
			"suspend":    func(a console.Actor) error { return w.SuspendMember(ctx, a, p.ID) },
			"reactivate": func(a console.Actor) error { return w.ReactivateMember(ctx, a, p.ID) },
			"remove":     func(a console.Actor) error { return w.RemoveMember(ctx, a, p.ID) },
		}
		for name, act := range acts {
			wantFault(t, act(apptest.As(w.A, console.RoleResellerAdmin)), "forbidden")
			if err := act(apptest.Admin(w.B)); err == nil {
				t.Errorf("%s: a stranger may", name)
			}
		}
		w.Must(acts["suspend"](admin))
		_, _, err := w.Actor(ctx, p.ID, string(w.A.AccountID))
		wantFault(t, err, "console.not_found")
		w.Must(w.SetRole(ctx, admin, p.Email, console.RoleViewer)) // which opens nothing
		_, _, err = w.Actor(ctx, p.ID, string(w.A.AccountID))
		wantFault(t, err, "console.not_found")
		if m, err := w.Member(ctx, admin, p.ID); err != nil || m.State != console.MemberSuspended || m.Role != console.RoleViewer {
			t.Errorf("%+v, %v", m, err)
		}
		w.Must(acts["reactivate"](admin))
		_, _, err = w.Actor(ctx, p.ID, string(w.A.AccountID))
		w.Must(err)
		w.Must(acts["remove"](admin))
		_, _, err = w.Actor(ctx, p.ID, string(w.A.AccountID))
		wantFault(t, err, "console.not_found")
		wantFault(t, acts["reactivate"](admin), "person.not_found")
		if list, err := w.Members(ctx, admin); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		_, err = w.AcceptInvitation(ctx, p.ID, invite(w, p.Email, console.RoleViewer))
		w.Must(err)
		_, _, err = w.Actor(ctx, p.ID, string(w.A.AccountID))
		w.Must(err)
	})
}

// Whatever two super admins do to each other at the same moment, one of them stays.
func TestTheLastSuperAdminStays(t *testing.T) {
	race(t, func(w *apptest.World) {
		ctx, admin := w.T.Context(), apptest.Admin(w.A)
		w.Exec(`UPDATE memberships SET state = 'REMOVED'`)
		w.Exec(`DELETE FROM role_grants`)
		one, two := superAdmin(w), superAdmin(w)
		errs := together(
			func() error { return w.SuspendMember(ctx, admin, one.ID) },
			func() error { return w.RemoveMember(ctx, admin, two.ID) },
			func() error { return w.SetRole(ctx, admin, one.Email, console.RoleViewer) },
			func() error { return w.SetRole(ctx, admin, two.Email, console.RoleViewer) },
		)
		for _, err := range errs {
			if err != nil {
				wantOneOf(w.T, err, "person.last_super_admin", "person.not_found")
			}
		}
		active := w.Texts(`SELECT person_id FROM memberships WHERE console_id = '` + w.A.ID + `' AND role = 'SUPER_ADMIN' AND state = 'ACTIVE'`)
		if len(active) != 1 {
			w.T.Errorf("%v are active super admins after %v", active, errs)
		}
		for _, act := range []func(string) error{
			func(id string) error { return w.SuspendMember(ctx, admin, id) },
			func(id string) error { return w.RemoveMember(ctx, admin, id) },
		} {
			wantOneOf(w.T, act(active[0]), "person.last_super_admin")
		}
	})
}

// superAdmin adds one more super admin of A.
func superAdmin(w *apptest.World) console.Person {
	w.T.Helper()
	now := w.Clock.Now()
	id := w.IDs.New("per", now)
	p := console.Person{ID: id, Email: id + "@x.example", Name: id, CreatedAt: now}
	w.Update(func(tx *store.Tx) error {
		if err := tx.InsertPerson(w.T.Context(), p); err != nil {
			return err
		}
		return tx.SetMembership(w.T.Context(), console.Membership{ConsoleID: w.A.ID, PersonID: id, Role: console.RoleSuperAdmin}, now)
	})
	return p
}

func TestPeopleEndTheirOwnSessions(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, now := t.Context(), w.Wall.Now()
		save := func(token, person string, expires time.Time) {
			t.Helper()
			w.Must(w.SaveSession(ctx, app.Session{Token: token, PersonID: person, BegunAt: now, Agent: "browser " + token, Expires: expires}, nil))
		}
		for _, token := range []string{"a", "b", "c"} {
			save(token, "per_1", now.Add(time.Hour))
		}
		save("over", "per_1", now.Add(-time.Hour))
		save("theirs", "per_2", now.Add(time.Hour))
		list, err := w.Sessions(ctx, "per_1")
		w.Must(err)
		if len(list) != 3 || list[0].Token != "a" || list[0].Agent != "browser a" || !list[0].BegunAt.Equal(now.Truncate(time.Microsecond)) {
			t.Errorf("%+v", list)
		}
		wantFault(t, w.EndOwnSession(ctx, "per_1", "theirs"), "session.not_found")
		w.Must(w.EndOwnSession(ctx, "per_1", "a"))
		n, err := w.EndOtherSessions(ctx, "per_1", "c")
		w.Must(err)
		if list, err = w.Sessions(ctx, "per_1"); err != nil || len(list) != 1 || list[0].Token != "c" || n != 2 { // "b" and the one that is over
			t.Errorf("%+v, %d, %v", list, n, err)
		}
		if list, err = w.Sessions(ctx, "per_2"); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
