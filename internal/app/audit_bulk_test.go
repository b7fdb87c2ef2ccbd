package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/store"
)

// TestBulkActionsStandInTheStoryOfEachCustomer does to several customers at once all that can be done, and reads it of one: on
// its page in both consoles, in both trails by customer, and where operators read the trails as one.
func TestBulkActionsStandInTheStoryOfEachCustomer(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, source, main := t.Context(), apptest.Admin(w.B), apptest.Admin(w.A)
		w.AddIssuer()
		ids := w.AddCustomers(w.B, 4, nil)
		c := w.Connect(w.A, w.B)
		start := func(s app.Scope) {
			w.Clock.Advance(w.Clock.Ahead() + time.Minute)
			_, err := w.StartMigrations(ctx, source, c.ID, s)
			w.Must(err)
		}
		all := app.Scope{All: true}
		start(all)
		_, err := w.CancelMigrations(ctx, source, c.ID, all)
		w.Must(err)
		start(app.Scope{IDs: ids[:3]})
		completion := w.Confirm(w.A, app.Completion{ConnectionID: c.ID, Scope: all, Choices: store.Choices{Groups: []store.GroupChoice{
			apptest.Choose(w.A, "JPY", "le_1", "le_2"),
		}}})
		d := civil.DateOf(w.Clock.Now(), w.Config.BillingZone) + 3
		_, err = w.ScheduleMigrations(ctx, main, completion, d)
		w.Must(err)
		_, err = w.RescheduleMigrations(ctx, main, c.ID, all, d+1)
		w.Must(err)
		_, err = w.WithdrawSchedules(ctx, main, c.ID, all)
		w.Must(err)
		op, err := w.CompleteMigrations(ctx, main, completion)
		w.Must(err)
		w.Must(w.PauseRun(ctx, main, op.ID))
		w.Must(w.ResumeRun(ctx, main, op.ID))
		w.Finish(op)
		start(all)
		w.Must(w.CloseConnection(ctx, source, c.ID, false))

		started, run := "migration.started", []string{"migration.run_finished", "migration.run_resumed", "migration.run_paused", "migration.run_started"}
		moved := slices.Concat(run, []string{"migration.schedule_withdrawn", "migration.scheduled", "migration.scheduled", started, "migration.cancelled", started})
		stayed := []string{"connection.closed", started, "migration.cancelled", started}
		said := func(list []app.Event) (actions []string) {
			for _, e := range list {
				actions = append(actions, e.Action)
			}
			return actions
		}
		check := func(where string, got, want []string) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", where, got, want)
			}
		}
		for i, id := range ids {
			want := moved
			if i == 3 {
				want = stayed
			}
			for _, con := range []console.Console{w.B, w.A} {
				trail, _, err := w.AuditTrail(ctx, apptest.Admin(con), app.AuditQuery{Customer: id}, 50)
				w.Must(err)
				check(con.Name+"'s trail", said(trail), want)
				r, err := w.Customer(ctx, apptest.Admin(con), id)
				if i == 3 && con.ID == w.A.ID {
					wantFault(t, err, "customer.not_found")
					continue
				}
				w.Must(err)
				check(con.Name+"'s page", said(r.Events), want)
				if who := r.Events[len(r.Events)-1]; (who.PersonName != "") != (con.ID == w.B.ID) {
					t.Errorf("%s reads that it was %q", con.Name, who.PersonName)
				}
			}
			stories, _, err := w.Stories(ctx, apptest.Operator(w.A), app.StoryQuery{AuditQuery: app.AuditQuery{Customer: id}}, 50)
			w.Must(err)
			var told []app.Event
			for _, s := range stories {
				told = append(told, s.Event)
				if s.Trails != 2 {
					t.Errorf("%s is in %d trails", s.Action, s.Trails)
				}
			}
			check("the operators", said(told), want)
		}
		trail, _, err := w.AuditTrail(ctx, source, app.AuditQuery{Customer: ids[0], Topic: "migration", By: string(store.SideSystem)}, 50)
		w.Must(err)
		check("what time did", said(trail), []string{"migration.run_finished"})
		if r, err := w.CustomerAt(ctx, main, ids[1], app.HistoryPlace{Events: trail[0].ID}); err != nil || !slices.Equal(said(r.Events), moved[1:]) {
			t.Errorf("before the end of the run: %v %v", said(r.Events), err)
		}
		if trail, _, err := w.AuditTrail(ctx, apptest.Admin(w.C), app.AuditQuery{Customer: ids[0]}, 50); err != nil || len(trail) > 0 {
			t.Errorf("a third console reads %v %v", said(trail), err)
		}
		view := undoView(w, askUndo(w, w.B, ids[0]))
		check("the operator who is asked to undo", said(view.Story)[len(view.Story)-len(moved):], moved)
	})
}
