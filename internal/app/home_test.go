package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// kinds are what the home page of the console tells the role needs it, with how many, and what is coming up.
func kinds(t *testing.T, w *apptest.World, c console.Console, role console.Role) (tasks map[string]int, coming []app.HomeKind, runs int) {
	t.Helper()
	h, err := w.Home(t.Context(), apptest.As(c, role))
	w.Must(err)
	tasks = map[string]int{}
	for _, l := range h.Tasks {
		tasks[string(l.Kind)] = l.Count
	}
	for _, l := range h.Coming {
		coming = append(coming, l.Kind)
	}
	return tasks, coming, len(h.Runs)
}

func wantHome(t *testing.T, w *apptest.World, c console.Console, role console.Role, want map[string]int, coming ...app.HomeKind) {
	t.Helper()
	tasks, comes, _ := kinds(t, w, c, role)
	if len(tasks) != len(want) || !slices.Equal(comes, coming) {
		t.Errorf("%s of %s: %v, then %v; want %v, then %v", role, c.Name, tasks, comes, want, coming)
	}
	for kind, n := range want {
		if got, ok := tasks[kind]; !ok || got != n {
			t.Errorf("%s of %s: %d of %s, want %d", role, c.Name, tasks[kind], kind, n)
		}
	}
}

// The home page follows the main job: at each moment it tells each side what that side can do, and nobody anything else.
func TestHomeTellsWhatNeedsWhom(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, admin := t.Context(), console.RoleSuperAdmin
		none := map[string]int{}
		w.AddCustomers(w.B, 5, func(i int, c *customer.Customer, _ *customer.Subscription) {
			if i == 4 {
				c.TOSAcceptedAt = noTime
			}
		})
		for _, c := range []console.Console{w.A, w.B} {
			wantHome(t, w, c, admin, none)
		}
		_, err := w.InviteConsole(ctx, apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		wantHome(t, w, w.A, admin, none)
		wantHome(t, w, w.B, admin, map[string]int{string(app.HomeInvite): 0})
		wantHome(t, w, w.B, console.RoleResellerAdmin, none)
		w.Clock.Advance(w.Clock.Ahead() + 24*24*time.Hour)
		wantHome(t, w, w.A, admin, none, app.HomeInviteSent)
		wantHome(t, w, w.A, console.RoleViewer, none)
		w.Clock.Advance(w.Clock.Ahead() + 24*24*time.Hour) // it has expired, whoever has written so
		wantHome(t, w, w.A, admin, none)
		wantHome(t, w, w.B, admin, none)
		w.Must(w.RunDue(ctx))

		con := w.Accept(w.A, w.B)
		w.Evaluate(con)
		wantHome(t, w, w.B, admin, none, app.HomeWaiting)
		w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.Waiting)
		wantHome(t, w, w.B, console.RoleIndirectResellerAdmin, map[string]int{string(app.HomeReady): 4, string(app.HomeNotReady): 1})
		wantHome(t, w, w.B, console.RoleBilling, none)
		wantHome(t, w, w.A, admin, none)

		_, err = w.StartMigrations(ctx, apptest.Admin(w.B), con.ID, store.Scope{All: true})
		w.Must(err)
		wantHome(t, w, w.B, admin, map[string]int{string(app.HomeNotReady): 1})
		wantHome(t, w, w.A, console.RoleResellerAdmin, map[string]int{string(app.HomeComplete): 4})
		wantHome(t, w, w.A, console.RoleViewer, none)
		op, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), completion(w, con.ID))
		w.Must(err)
		for _, c := range []console.Console{w.A, w.B} {
			if _, _, runs := kinds(t, w, c, console.RoleViewer); runs != 1 {
				t.Errorf("%s sees %d runs", c.Name, runs)
			}
		}
		w.Must(w.PauseRun(ctx, apptest.Admin(w.A), op.ID))
		wantHome(t, w, w.A, admin, map[string]int{string(app.HomeComplete): 4, string(app.HomePaused): 0})
		wantHome(t, w, w.B, admin, map[string]int{string(app.HomeNotReady): 1})
		w.Exec(`UPDATE migrations SET return_reason = 'OPEN_ORDER' WHERE id IN (SELECT min(id) FROM migrations)`)
		wantHome(t, w, w.A, admin, map[string]int{string(app.HomeComplete): 3, string(app.HomePaused): 0, string(app.HomeReturned): 1})
		w.Exec(`DELETE FROM agreements WHERE console_id = '` + w.A.ID + `' AND legal_entity_id = 'le_1'`)
		wantHome(t, w, w.A, console.RoleViewer, none)
		wantHome(t, w, w.A, admin, map[string]int{string(app.HomeComplete): 3, string(app.HomePaused): 0, string(app.HomeReturned): 1, string(app.HomeAgreement): 1})
	})
}

func TestHomeTellsOfCasesThatWaitForAnAnswer(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, admin, none := t.Context(), console.RoleSuperAdmin, map[string]int{}
		c := openedCase(w, w.A)
		wantHome(t, w, w.A, admin, none)
		w.Must(w.ReplyCase(ctx, apptest.Operator(w.A), c.ID, "Which one?", nil))
		wantHome(t, w, w.A, admin, map[string]int{string(app.HomeCase): 1})
		wantHome(t, w, w.A, console.RoleViewer, none)
		wantHome(t, w, w.B, admin, none)
		w.Must(w.ReplyCase(ctx, apptest.Admin(w.A), c.ID, "The first.", nil))
		wantHome(t, w, w.A, admin, none)
	})
}

func TestHomeTellsOfInvoicesThatAreDue(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 1, nil)
		w.Clock.Advance(w.Clock.Ahead() + 32*24*time.Hour)
		w.CloseMonthOf(w.B, october)
		none := map[string]int{}
		wantHome(t, w, w.B, console.RoleBilling, none, app.HomeInvoices)
		wantHome(t, w, w.B, console.RoleViewer, none)
		w.Clock.Advance(w.Clock.Ahead() + 90*24*time.Hour)
		wantHome(t, w, w.B, console.RoleBilling, none)
	})
}
