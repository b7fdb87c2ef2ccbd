package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store"
)

func TestTheTrailIsNarrowedDown(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 2, nil)
		domain := ""
		w.Read(func(tx *store.Tx) error {
			c, err := tx.Customer(t.Context(), w.B.ID, ids[0])
			domain = c.Domain
			return err
		})
		at := func(hour int) time.Time { return apptest.Start.Add(time.Duration(hour) * time.Hour) }
		for i, e := range []store.Event{
			{Action: "customer.edited", Side: store.SideOwn, PersonID: "per_1", PersonName: "One", CustomerID: ids[0]},
			{Action: "customer.edited", Side: store.SideOwn, PersonID: "per_2", PersonName: "Two", CustomerID: ids[1]},
			{Action: "migration.asked.OPEN_ORDER", Side: store.SideMain},
			{Action: "billing_account.requested", Side: store.SideOwn, PersonID: "per_1", PersonName: "One"},
		} {
			e.ConsoleID, e.ID, e.At = w.B.ID, w.IDs.New("evt", at(i)), at(i)
			w.Update(func(tx *store.Tx) error { return tx.InsertEvent(t.Context(), e) })
		}
		trail := func(q app.AuditQuery) (hours []int) {
			for e, err := range w.AuditEvents(t.Context(), apptest.Admin(w.B), q) {
				w.Must(err)
				hours = append(hours, int(e.At.Sub(apptest.Start)/time.Hour))
			}
			return hours
		}
		for _, c := range []struct {
			name string
			q    app.AuditQuery
			want []int
		}{
			{"all, the newest first", app.AuditQuery{}, []int{3, 2, 1, 0}},
			{"by topic", app.AuditQuery{Topic: "customer"}, []int{1, 0}},
			{"by topic of a longer action", app.AuditQuery{Topic: "migration"}, []int{2}},
			{"by person", app.AuditQuery{By: "per_1"}, []int{3, 0}},
			{"by side", app.AuditQuery{By: string(store.SideMain)}, []int{2}},
			{"by nobody we know", app.AuditQuery{By: "per_9"}, nil},
			{"of a customer's domain", app.AuditQuery{Customer: " " + domain + " "}, []int{0}},
			{"of a customer's ID", app.AuditQuery{Customer: ids[1]}, []int{1}},
			{"of a domain that is not there", app.AuditQuery{Customer: "nobody.example"}, nil},
			{"from an instant, inclusive", app.AuditQuery{From: at(2)}, []int{3, 2}},
			{"until an instant, exclusive", app.AuditQuery{Until: at(2)}, []int{1, 0}},
			{"everything at once", app.AuditQuery{Topic: "customer", By: "per_1", Customer: ids[0], From: at(0), Until: at(1)}, []int{0}},
		} {
			if got := trail(c.q); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
		first, more, err := w.AuditTrail(t.Context(), apptest.Admin(w.B), app.AuditQuery{By: "per_1", Until: at(9)}, 1)
		w.Must(err)
		rest, last, err := w.AuditTrail(t.Context(), apptest.Admin(w.B), app.AuditQuery{By: "per_1", Until: at(9), Before: first[0].ID}, 1)
		w.Must(err)
		if !more || last || len(rest) != 1 || rest[0].Action != "customer.edited" {
			t.Errorf("pages: %v %v %+v", more, last, rest)
		}
		if got, _, err := w.AuditTrail(t.Context(), apptest.Admin(w.A), app.AuditQuery{By: "per_1"}, 9); err != nil || len(got) != 0 {
			t.Errorf("another console reads %+v %v", got, err)
		}
		for key, q := range map[string]app.AuditQuery{
			"audit_filter.topic":  {Topic: "weather"},
			"audit_filter.period": {From: at(2), Until: at(1)},
		} {
			_, _, err := w.AuditTrail(t.Context(), apptest.Admin(w.B), q, 9)
			wantFault(t, err, key)
		}
	})
}
