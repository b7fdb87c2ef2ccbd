package app_test

import (
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

func stories(t *testing.T, w *apptest.World, q app.StoryQuery) []app.Story {
	t.Helper()
	list, _, err := w.Stories(t.Context(), apptest.Operator(w.A), q, 100)
	w.Must(err)
	return list
}

// TestOperatorsReadAllTrailsAsOne has each event once, with the name of who did it and both consoles.
func TestOperatorsReadAllTrailsAsOne(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		c := w.Accept(w.A, w.B)
		w.Must(w.CloseConnection(ctx, apptest.Admin(w.B), c.ID, false))
		_, err := w.CreatePerson(ctx, apptest.Operator(w.A), console.Person{Name: "P", Email: "p@x.example"})
		w.Must(err)
		id := w.AddCustomers(w.C, 1, nil)[0]
		w.Must(w.EditContact(ctx, apptest.Admin(w.C), customer.Customer{ID: id, Name: "Renamed"}, ""))
		_, err = w.AdvanceClock(ctx, apptest.Operator(w.A), app.ClockDay)
		w.Must(err)

		list := stories(t, w, app.StoryQuery{})
		for i := 1; i < len(list); i++ {
			if list[i].ID >= list[i-1].ID {
				t.Fatalf("%s stands after %s", list[i].ID, list[i-1].ID)
			}
		}
		closed := stories(t, w, app.StoryQuery{AuditQuery: app.AuditQuery{Topic: "connection"}})
		if len(closed) != 3 {
			t.Fatalf("%d events of the connection: %+v", len(closed), closed)
		}
		if s := closed[0]; s.Action != "connection.closed" || s.PersonName != apptest.Admin(w.B).Name || s.Side != store.SideOwn ||
			len(s.Consoles) != 2 || s.Consoles[0].ID != w.B.ID || s.Trails != 2 {
			t.Errorf("%+v", s)
		}
		for name, c := range map[string]struct {
			q    app.StoryQuery
			want int
		}{
			"one event":    {app.StoryQuery{Event: closed[0].ID}, 1},
			"one console":  {app.StoryQuery{Console: string(w.A.AccountID), AuditQuery: app.AuditQuery{Topic: "connection"}}, 3},
			"another":      {app.StoryQuery{Console: string(w.C.AccountID), AuditQuery: app.AuditQuery{Topic: "connection"}}, 0},
			"a person":     {app.StoryQuery{AuditQuery: app.AuditQuery{By: apptest.Admin(w.B).PersonID}}, 2},
			"a domain":     {app.StoryQuery{AuditQuery: app.AuditQuery{Customer: "c000001.example"}}, 1},
			"the vendor's": {app.StoryQuery{AuditQuery: app.AuditQuery{Topic: "clock"}}, 1},
			"operators":    {app.StoryQuery{AuditQuery: app.AuditQuery{By: "OPERATOR", Topic: "person"}}, 1},
			"older":        {app.StoryQuery{AuditQuery: app.AuditQuery{Topic: "connection", Before: closed[1].ID}}, 1},
			"nobody":       {app.StoryQuery{AuditQuery: app.AuditQuery{By: "no@body.example"}}, 0},
		} {
			got := stories(t, w, c.q)
			if len(got) != c.want {
				t.Errorf("%s: %d events, want %d: %+v", name, len(got), c.want, got)
			}
		}
		if all := stories(t, w, app.StoryQuery{Console: string(w.A.AccountID), AuditQuery: app.AuditQuery{Topic: "connection"}}); len(all[0].Consoles) != 2 {
			t.Errorf("the other console is missing: %+v", all[0])
		}
		_, _, err = w.Stories(ctx, apptest.Operator(w.A), app.StoryQuery{Console: "C22222222"}, 10)
		wantFault(t, err, "audit_filter.console")
		_, _, err = w.Stories(ctx, apptest.Admin(w.A), app.StoryQuery{}, 10)
		wantFault(t, err, "forbidden_operator")

		n := 0
		for _, err := range w.AllStories(ctx, apptest.Operator(w.A), app.StoryQuery{}) {
			w.Must(err)
			n++
		}
		page, more, err := w.Stories(ctx, apptest.Operator(w.A), app.StoryQuery{}, 2)
		w.Must(err)
		if n != len(list) || len(page) != 2 || !more {
			t.Errorf("%d of %d, %d, %v", n, len(list), len(page), more)
		}
	})
}

// TestAnEventOfManyConsolesIsOne names a few of them and counts the rest.
func TestAnEventOfManyConsolesIsOne(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		operator := apptest.Operator(w.A)
		for range 8 {
			_, err := w.CreateConsole(t.Context(), operator, "Reseller", "One more")
			w.Must(err)
		}
		w.Must(w.ChangeSetting(t.Context(), operator, store.SettingWaiting, "3d"))
		list := stories(t, w, app.StoryQuery{AuditQuery: app.AuditQuery{Topic: "setting"}})
		if len(list) != 1 || list[0].Trails != 11 || len(list[0].Consoles) != 6 || list[0].PersonName != "Operator" {
			t.Errorf("%+v", list)
		}
	})
}
