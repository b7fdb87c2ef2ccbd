package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/store"
)

// However many ask at once, one evaluation waits; what is asked for while one is under way follows it once.
func TestEvaluationsAreNotHeapedUp(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		kind := app.EvaluateJob{}.Kind()
		w.AddCustomers(w.B, 3, nil)
		c := w.Connect(w.A, w.B)
		w.RunJobs(kind)
		ask := func() {
			for range 3 {
				w.Must(w.CheckAgain(t.Context(), apptest.Admin(w.B), c.ID))
				w.NewAccount(w.A, "EUR", "le_1")
			}
		}
		waiting := func(when string, want int) {
			t.Helper()
			if got := len(w.Jobs(kind)); got != want {
				t.Fatalf("%s: %d jobs, want %d", when, got, want)
			}
		}
		next := func() {
			j := w.Jobs(kind)[0]
			w.Must(w.RunJob(j))
			w.DropJob(j)
		}
		ask()
		waiting("asked", 1)
		next()
		waiting("under way", 1)
		ask()
		waiting("asked again under way", 1)
		next()
		waiting("ended, and asked for again", 1)
		next()
		next()
		waiting("ended", 0)

		wall := clock.NewOffset(clock.Fixed(apptest.Start), 0)
		w.Wall = wall
		ask()
		for _, j := range w.Jobs(kind) {
			w.DropJob(j) // given up
		}
		ask()
		waiting("lost", 0)
		wall.Advance(time.Hour + time.Second)
		ask()
		waiting("taken for dead", 1)
	})
}

// What becomes due is told in the order in which it became so, whatever came first into the world (spec section 7).
func TestDueConnectionsComeInTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		invite := func(from, to int, days int) string {
			places := []string{string(w.A.AccountID), string(w.B.AccountID), string(w.C.AccountID)}
			admins := []string{w.A.ID, w.B.ID, w.C.ID}
			w.Config.Terms.InviteLife = time.Duration(days) * 24 * time.Hour
			actor := apptest.Admin(w.A)
			actor.ConsoleID = admins[from]
			c, err := w.InviteConsole(ctx, actor, places[to])
			w.Must(err)
			return c.ID
		}
		late, early, reminded := invite(0, 1, 30), invite(1, 2, 20), invite(2, 0, 90)
		accepted, err := w.AcceptConnection(ctx, apptest.Admin(w.B), late)
		w.Must(err)
		w.Exec(fmt.Sprintf(`UPDATE connections SET state = 'INVITED', ended_at = 0, reason = '', ended_by = '' WHERE id = '%s'`, early))
		w.Clock.Advance(40 * 24 * time.Hour)
		w.Read(func(tx *store.Tx) error {
			list, err := tx.DueConnections(ctx, w.Clock.Now())
			var got strings.Builder
			for _, d := range list {
				got.WriteString(map[string]string{accepted.ID: "wait over, ", early: "expired, ", reminded: "reminded, "}[d.ID])
			}
			if want := "wait over, expired, reminded, "; got.String() != want {
				t.Errorf("%s; want %s", got.String(), want)
			}
			return err
		})
	})
}

// A connection that has ended goes on to show what the other side was called then (spec C7).
func TestAClosedConnectionKeepsItsNames(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		c := w.Accept(w.A, w.B)
		rename := func(suffix string) {
			w.Exec(`UPDATE consoles SET name = name || '` + suffix + `'`)
			w.Exec(`UPDATE resellers SET name = name || '` + suffix + `'`)
		}
		rename(" KK")
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), c.ID, false))
		rename(" Holdings")
		for _, actor := range []struct{ consoleID, want string }{{w.A.ID, "Console B KK"}, {w.B.ID, "Console A KK"}} {
			as := apptest.Admin(w.A)
			as.ConsoleID = actor.consoleID
			list, err := w.Connections(t.Context(), as)
			w.Must(err)
			if len(list) != 1 || list[0].Name != actor.want || list[0].Reseller != "Reseller KK" || list[0].AccountID == "" {
				t.Errorf("%+v, want the name %s", list, actor.want)
			}
		}
	})
}

// The limit of invitations follows the system's clock: moving the sandbox's neither refills it nor blocks it (spec section 7).
func TestInvitationsAreLimitedByTheSystemsClock(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		wall := clock.NewOffset(clock.Fixed(apptest.Start), 0)
		w.Wall = wall
		invite := func() error {
			c, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
			if err != nil {
				return err
			}
			return w.CancelInvite(t.Context(), apptest.Admin(w.A), c.ID)
		}
		for range 20 {
			w.Must(invite())
		}
		wantFault(t, invite(), "connection.invite.limit")
		w.Clock.Advance(48 * time.Hour)
		wantFault(t, invite(), "connection.invite.limit")
		wall.Advance(24*time.Hour + time.Second)
		w.Must(invite())
	})
}
