package app_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

const right = "the right password"

// withPerson adds somebody with the password, and a clock of the system that the test moves.
func withPerson(t *testing.T, w *apptest.World) (console.Person, *clock.Offset) {
	t.Helper()
	wall := clock.NewOffset(clock.Fixed(apptest.Start), 0)
	w.Wall = wall
	p, err := w.CreatePerson(t.Context(), apptest.Operator(w.A), console.Person{Name: "Aoi", Email: " Aoi@Reseller.Example"})
	w.Must(err)
	secret, err := w.OfferPasswordReset(t.Context(), apptest.Operator(w.A), p.Email)
	w.Must(err)
	_, err = w.ResetPassword(t.Context(), secret, right)
	w.Must(err)
	return p, wall
}

func TestSignInWaitsLongerWithEachFailure(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		p, wall := withPerson(t, w)
		try := func(password string) error {
			_, err := w.SignIn(t.Context(), p.Email, password, "192.0.2.1")
			return err
		}
		for range 5 {
			wantFault(t, try("wrong"), "sign_in.wrong")
		}
		wait := 2 * time.Second
		for range 3 {
			wantFault(t, try(right), "sign_in.limited")
			wall.Advance(wall.Ahead() + wait - time.Millisecond)
			wantFault(t, try(right), "sign_in.limited")
			wall.Advance(wall.Ahead() + time.Millisecond)
			wantFault(t, try("wrong"), "sign_in.wrong")
			wait *= 2
		}
		wall.Advance(wall.Ahead() + wait)
		w.Must(try(right))
		for range 5 { // the way in has cleared the slate
			wantFault(t, try("wrong"), "sign_in.wrong")
		}
		wall.Advance(wall.Ahead() + 25*time.Hour)
		for range 5 { // and so has a day
			wantFault(t, try("wrong"), "sign_in.wrong")
		}
	})
}

// One address that tries many e-mail addresses is slowed down; one from which many sign in is not.
func TestSignInByNetworkAddress(t *testing.T) {
	t.Parallel()
	w := apptest.New(t, storetest.SQLite(t))
	p, _ := withPerson(t, w)
	for range 60 {
		_, err := w.SignIn(t.Context(), p.Email, right, "192.0.2.1")
		w.Must(err)
	}
	refused := 0
	for i := range 60 {
		_, err := w.SignIn(t.Context(), string(rune('a'+i))+"@reseller.example", "guess", "192.0.2.2")
		if fault.Is(err, "sign_in.limited") {
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("%d of 60 tries were refused, want those after the first 50", refused)
	}
}

func TestGuessesAtTheSameTimeAreCounted(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		p, _ := withPerson(t, w)
		var looked, limited int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				_, err := w.SignIn(t.Context(), p.Email, "wrong", "192.0.2.1")
				mu.Lock()
				defer mu.Unlock()
				switch {
				case fault.Is(err, "sign_in.wrong"):
					looked++
				case fault.Is(err, "sign_in.limited"):
					limited++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if looked != 5 || limited != 11 {
			t.Errorf("%d passwords were looked at and %d refused, want 5 and 11", looked, limited)
		}
	})
}

func TestOneTimeLinksEndAfterADay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		p, wall := withPerson(t, w)
		secret, err := w.OfferPasswordReset(t.Context(), apptest.Operator(w.A), p.Email)
		w.Must(err)
		w.Clock.Advance(40 * 24 * time.Hour) // the sandbox's clock does not matter
		_, err = w.CheckPasswordReset(t.Context(), secret)
		w.Must(err)
		wall.Advance(24 * time.Hour)
		_, err = w.CheckPasswordReset(t.Context(), secret)
		wantFault(t, err, "link.over")
		_, err = w.OfferPasswordReset(t.Context(), apptest.Admin(w.A), p.Email)
		wantFault(t, err, "forbidden_operator")
	})
}

func TestTwoWhoSetUpAtOnceMakeOneOperator(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		var made int
		var mu sync.Mutex
		var all sync.WaitGroup
		for _, name := range []string{"Aoi", "Ben", "Cem"} {
			secret, err := w.OfferSetup(t.Context())
			w.Must(err)
			all.Go(func() {
				_, err := w.SetUp(t.Context(), secret, console.Person{Name: name, Email: name + "@vendor.example"}, right)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made++
				} else if !fault.Is(err, "link.over") && !fault.Is(err, "setup.over") {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if made != 1 {
			t.Errorf("%d operators were made", made)
		}
	})
}

func TestPeopleAndRoles(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		operator := apptest.Operator(w.A)
		for _, typed := range []console.Person{
			{Name: "", Email: "a@b"}, {Name: "A", Email: "a"}, {Name: "A", Email: "a@b@c"}, {Name: "A\n", Email: "a b@c"}, {Name: "A", Email: "@c"},
		} {
			_, err := w.CreatePerson(t.Context(), operator, typed)
			wantFault(t, err, "person.invalid")
		}
		p, err := w.CreatePerson(t.Context(), operator, console.Person{Name: " 佐伯 遥 ", Email: "Ａoi@Reseller.Example"})
		w.Must(err)
		if p.Email != "aoi@reseller.example" || p.Name != "佐伯 遥" {
			t.Errorf("%+v", p)
		}
		_, err = w.CreatePerson(t.Context(), operator, console.Person{Name: "B", Email: "AOI@reseller.example"})
		wantFault(t, err, "person.exists")
		_, err = w.CreatePerson(t.Context(), apptest.Admin(w.A), console.Person{Name: "B", Email: "b@reseller.example"})
		wantFault(t, err, "forbidden_operator")

		w.Must(w.SetRole(t.Context(), operator, p.Email, console.RoleSuperAdmin))
		wantFault(t, w.SetRole(t.Context(), apptest.Admin(w.A), p.Email, console.RoleViewer), "person.last_super_admin")
		wantFault(t, w.SetRole(t.Context(), apptest.As(w.A, console.RoleResellerAdmin), p.Email, console.RoleViewer), "forbidden")
		wantFault(t, w.SetRole(t.Context(), operator, p.Email, "KING"), "person.role")
		wantFault(t, w.SetRole(t.Context(), operator, "nobody@reseller.example", console.RoleViewer), "person.not_found")
		_, c, err := w.Actor(t.Context(), p.ID, string(w.A.AccountID))
		w.Must(err)
		if c.ID != w.A.ID {
			t.Errorf("entered %s", c.ID)
		}
		_, _, err = w.Actor(t.Context(), p.ID, string(w.B.AccountID))
		wantFault(t, err, "console.not_found")
	})
}

// A super admin who gives a role learns nothing of whether the address is known: the answer and the list of people are the
// same, until its person comes.
func TestGivingARoleTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, admin, operator := t.Context(), apptest.Admin(w.A), apptest.Operator(w.A)
		known, err := w.CreatePerson(ctx, operator, console.Person{Name: "Known", Email: "known@x.example"})
		w.Must(err)
		wantFault(t, w.SetRole(ctx, admin, "nonsense", console.RoleViewer), "person.email")
		for _, email := range []string{"Known@x.example", "unknown@x.example"} {
			w.Must(w.SetRole(ctx, admin, email, console.RoleBilling))
			w.Must(w.SetRole(ctx, admin, email, console.RoleViewer))
		}
		list, err := w.Members(ctx, admin)
		w.Must(err)
		for i, email := range []string{"known@x.example", "unknown@x.example"} {
			want := app.Member{Membership: console.Membership{ConsoleID: w.A.ID, Role: console.RoleViewer, State: console.MemberInvited}, Person: console.Person{Email: email}}
			if len(list) != 2 || !reflect.DeepEqual(list[i], want) {
				t.Errorf("%+v, want %+v", list, want)
			}
		}
		late, err := w.CreatePerson(ctx, operator, console.Person{Name: "Late", Email: "unknown@x.example"})
		w.Must(err)
		v, err := w.Visit(ctx, known.ID, app.PasswordMark(known), string(w.A.AccountID))
		w.Must(err)
		if v.Actor.Role != console.RoleViewer || len(v.Consoles) != 1 {
			t.Errorf("%+v", v)
		}
		actor, _, err := w.ActAs(ctx, late.Email, string(w.A.AccountID))
		w.Must(err)
		if actor.Role != console.RoleViewer {
			t.Errorf("%+v", actor)
		}
		if list, err = w.Members(ctx, admin); err != nil || len(list) != 2 || list[0].Person.Name != "Known" || list[1].Person.Name != "Late" {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestTheClockMovesDayByDay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		viewer := apptest.As(w.A, console.RoleViewer)
		_, err := w.AdvanceClock(t.Context(), viewer, app.ClockDay)
		wantFault(t, err, "clock.fixed")
		w.Config.Demo = true
		_, err = w.AdvanceClock(t.Context(), viewer, "year")
		wantFault(t, err, "clock.step")

		c, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		for _, step := range []struct {
			step app.ClockStep
			want time.Time
		}{
			{app.ClockDay, apptest.Start.Add(24 * time.Hour)},
			{app.ClockWeek, apptest.Start.Add(8 * 24 * time.Hour)},
			{app.ClockMonth, time.Date(2026, 10, 31, 15, 0, 0, 0, time.UTC)}, // midnight in Tokyo
			{app.ClockMonth, time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC)},
		} {
			now, err := w.AdvanceClock(t.Context(), viewer, step.step)
			w.Must(err)
			if !now.Equal(step.want) || !w.Clock.Now().Equal(step.want) {
				t.Errorf("%s: %s, and the clock says %s, want %s", step.step, now, w.Clock.Now(), step.want)
			}
		}
		ahead, err := w.ClockAhead(t.Context())
		w.Must(err)
		if ahead != w.Clock.Ahead() {
			t.Errorf("other processes are told %s, want %s", ahead, w.Clock.Ahead())
		}
		// What became due on the way: two reminders, then the expiry, each at its own time.
		list, _, err := w.Notices(t.Context(), apptest.Admin(w.B), app.NoticeQuery{}, 10)
		w.Must(err)
		var kinds []string
		for _, n := range list {
			kinds = append(kinds, n.Kind)
		}
		if len(kinds) != 3 || kinds[0] != "connection.reminder" || kinds[1] != "connection.reminder" {
			t.Errorf("notices of the source: %v", kinds)
		}
		w.Read(func(tx *store.Tx) error {
			c, err = tx.Connection(t.Context(), w.A.ID, c.ID)
			return err
		})
		if c.State != "EXPIRED" || !c.EndedAt.Equal(c.ExpiresAt) {
			t.Errorf("%+v", c)
		}
	})
}

func TestTwoWhoMoveTheClockAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.Config.Demo = true
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := w.AdvanceClock(t.Context(), apptest.As(w.A, console.RoleViewer), app.ClockMonth); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		ahead, err := w.ClockAhead(t.Context())
		w.Must(err)
		if ahead != w.Clock.Ahead() {
			t.Errorf("stored %s, this process %s", ahead, w.Clock.Ahead())
		}
	})
}
