package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/console/consoletest"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// dry is an engine whose transactions are taken back: what a use case would have done is looked up before.
type dry struct {
	store.Engine

	probe string // query for the state that it would have led to
	state string
}

var errDry = errors.New("taken back")

// Update implements store.Engine.
func (e *dry) Update(ctx context.Context, fn func(store.Conn) error) error {
	var failed error
	err := e.Engine.Update(ctx, func(c store.Conn) error {
		if failed = fn(c); failed == nil {
			failed = e.look(ctx, c)
		}
		return errDry
	})
	if !errors.Is(err, errDry) {
		return err
	}
	return failed
}

func (e *dry) look(ctx context.Context, c store.Conn) error {
	rows, err := c.Query(ctx, e.probe)
	if err != nil {
		return err
	}
	for rows.Next() {
		err = errors.Join(err, rows.Scan(&e.state))
	}
	return errors.Join(err, rows.Err(), rows.Close())
}

// cell is one action of one person in one state: what the rule says of it, and what the use case does.
type cell struct {
	title string
	next  string
	rule  error
	do    func() error
	says  map[string][]string // how the use case puts what the rule refuses, where it differs
}

// agree holds the use case against the rule.
func (c cell) agree(t *testing.T, e *dry) {
	t.Helper()
	e.state = ""
	err := c.do()
	rule, did := fault.As(c.rule), fault.As(err)
	switch {
	case c.rule == nil && (err != nil || e.state != c.next):
		t.Errorf("%s: the rule leads to %s, the use case to %q, %v", c.title, c.next, e.state, err)
	case c.rule == nil:
	case did == nil:
		t.Errorf("%s: the rule says %s, the use case leads to %q, %v", c.title, rule.Key, e.state, err)
	case did.Key != rule.Key && !slices.Contains(c.says[rule.Key], did.Key):
		t.Errorf("%s: the rule says %s, the use case %s", c.title, rule.Key, did.Key)
	}
}

// TestMigrationsDoWhatTheirRuleSays does every action in every state, by everybody on every side, and compares with
// migration.Next, cell by cell: the guards in SQL are the rule.
func TestMigrationsDoWhatTheirRuleSays(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		c, migrations := inEveryState(w)
		e := &dry{Engine: w.DB.Engine()}
		w.DB = store.New(e)
		cells := 0
		for _, m := range migrations {
			e.probe = `SELECT state FROM migrations WHERE id = '` + m.ID + `'`
			for _, place := range []console.Console{w.A, w.B, w.C} {
				for _, who := range consoletest.Everybody(place.ID) {
					for _, action := range migration.Actions {
						next, rule := m.Next(action, who.Actor)
						cells++
						cell{
							title: fmt.Sprintf("%s in %s: %s %s", who.Title, place.Name, action, m.State), next: string(next), rule: rule,
							do: func() error { return actOn(t.Context(), w, c, m, action, who.Actor) },
							says: map[string][]string{
								"migration.state": {
									"migration.none_to_cancel", "migration.none_to_complete", "operation.not_found", "changed_meanwhile",
									"migration.none_to_schedule", "migration.none_scheduled",
								},
								"migration.wrong_side": {"connection.not_found", "operation.not_found"},
								"forbidden":            {"connection.not_found"}, // who is on neither side is told no more
							},
						}.agree(t, e)
					}
				}
			}
		}
		if want := 5 * 3 * len(consoletest.Everybody("")) * len(migration.Actions); cells != want {
			t.Errorf("%d cells, want %d", cells, want)
		}
	})
}

func actOn(ctx context.Context, w *apptest.World, c connection.Connection, m migration.Migration, action migration.Action, actor console.Actor) error {
	scope := store.Scope{IDs: []string{m.ID}}
	switch action {
	case migration.Cancel:
		_, err := w.CancelMigrations(ctx, actor, c.ID, scope)
		return err
	case migration.Complete:
		in := completion(w, c.ID)
		in.Scope = scope
		_, err := w.CompleteMigrations(ctx, actor, in)
		return err
	case migration.Schedule:
		return scheduleOne(ctx, w, c, m, actor)
	case migration.Withdraw:
		_, err := w.WithdrawSchedules(ctx, actor, c.ID, scope)
		return err
	case migration.Pause:
		return w.PauseRun(ctx, actor, m.RunID)
	}
	return errors.New("teach this test the action")
}

func scheduleOne(ctx context.Context, w *apptest.World, c connection.Connection, m migration.Migration, actor console.Actor) error {
	in := completion(w, c.ID)
	in.Scope = store.Scope{IDs: []string{m.ID}}
	if m.State == migration.Scheduled {
		_, err := w.RescheduleMigrations(ctx, actor, c.ID, in.Scope, today(w)+2)
		return err
	}
	_, err := w.ScheduleMigrations(ctx, actor, in, today(w)+1)
	return err
}

// inEveryState has one migration from B to A in each state.
func inEveryState(w *apptest.World) (c connection.Connection, list []migration.Migration) {
	ctx := w.T.Context()
	c, ids := connected(w, 5)
	w.Must(startAll(ctx, w, c)())
	migrations := w.Texts(`SELECT id FROM migrations ORDER BY customer_id`)
	complete := func(id string) store.Operation {
		in := completion(w, c.ID)
		in.Scope = store.Scope{IDs: []string{id}}
		op, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), in)
		w.Must(err)
		return op
	}
	w.Finish(complete(migrations[0]))
	complete(migrations[1])
	_, err := w.CancelMigrations(ctx, apptest.Admin(w.B), c.ID, store.Scope{IDs: migrations[2:3]})
	w.Must(err)
	in := completion(w, c.ID)
	in.Scope = store.Scope{IDs: migrations[3:4]}
	_, err = w.ScheduleMigrations(ctx, apptest.Admin(w.A), in, today(w)+1)
	w.Must(err)
	w.Read(func(tx *store.Tx) error {
		for i, id := range migrations {
			m, err := tx.Migration(ctx, w.B.ID, w.B.ID, id)
			if err != nil {
				return err
			}
			want := []migration.State{migration.Completed, migration.Migrating, migration.Cancelled, migration.Scheduled, migration.Started}[i]
			if m.State != want || m.CustomerID != ids[i] {
				w.T.Fatalf("%s is %s, want %s", id, m.State, want)
			}
			list = append(list, m)
		}
		return nil
	})
	return c, list
}

// TestConnectionsDoWhatTheirRuleSays is the same for connections and connection.Next.
func TestConnectionsDoWhatTheirRuleSays(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		c, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		db := w.DB
		for _, state := range []struct {
			set string
			at  connection.State
		}{
			{`state = 'INVITED'`, connection.Invited},
			{`state = 'INVITED', expires_at = invited_at`, connection.Expired}, // not written yet
			{`state = 'EXPIRED', ended_at = 1`, connection.Expired},
			{`state = 'DECLINED'`, connection.Declined},
			{`state = 'CANCELLED'`, connection.Cancelled},
			{`state = 'CONNECTED', ended_at = 0, accepted_at = 1, may_start_at = 1`, connection.Connected},
			{`state = 'CLOSED', ended_at = 1`, connection.Closed},
		} {
			w.DB = db
			w.Exec(`UPDATE connections SET ` + state.set)
			w.Read(func(tx *store.Tx) error {
				c, err = tx.Connection(t.Context(), w.A.ID, c.ID)
				return err
			})
			now := w.Clock.Now().Add(time.Microsecond)
			if c.At(now) != state.at {
				t.Fatalf("%s is %s, want %s", state.set, c.At(now), state.at)
			}
			e := &dry{Engine: db.Engine(), probe: `SELECT state FROM connections`}
			w.DB = store.New(e)
			for _, place := range []console.Console{w.A, w.B, w.C} {
				for _, who := range consoletest.Everybody(place.ID) {
					for _, action := range connection.Actions {
						next, rule := c.Next(action, who.Actor, now)
						cell{
							title: fmt.Sprintf("%s in %s: %s %s", who.Title, place.Name, action, state.set), next: string(next), rule: rule,
							do: func() error { return answer(t.Context(), w.App, who.Actor, c.ID, action) },
							says: map[string][]string{
								"connection.wrong_side": {"connection.not_found"}, "forbidden": {"connection.not_found"},
							},
						}.agree(t, e)
					}
				}
			}
		}
	})
}

func answer(ctx context.Context, a *app.App, actor console.Actor, id string, action connection.Action) error {
	switch action {
	case connection.Accept:
		_, err := a.AcceptConnection(ctx, actor, id)
		return err
	case connection.Decline:
		return a.DeclineConnection(ctx, actor, id)
	case connection.Cancel:
		return a.CancelInvite(ctx, actor, id)
	case connection.Close:
		return a.CloseConnection(ctx, actor, id, false)
	}
	return errors.New("teach this test the action")
}
