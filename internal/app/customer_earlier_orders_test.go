package app_test

import (
	"slices"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
)

// TestOrdersStayWhereTheyHappened is spec M9 as people see it: the source keeps its orders read-only, the main has its own, sees the
// earlier ones only while the source shares them, and never does one side see what the other does afterwards.
func TestOrdersStayWhereTheyHappened(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withOffers(w)
		w.Config.Terms.Waiting = 0
		id := w.AddCustomers(w.B, 1, nil)[0]
		sub := "sub_" + id[4:]
		source, main := apptest.Admin(w.B), apptest.Admin(w.A)
		seats := func(actor console.Actor, n int64) {
			t.Helper()
			w.Must(w.ChangeSubscription(t.Context(), actor, sub, app.Change{Action: app.ChangeSeats, Seats: n}))
		}
		own := func(actor console.Actor) (list []int64) {
			t.Helper()
			record, err := w.Customer(t.Context(), actor, id)
			w.Must(err)
			for _, o := range record.Orders {
				list = append(list, o.SeatsAfter)
			}
			return list
		}
		earlier := func(actor console.Actor) (list []int64) {
			t.Helper()
			orders, err := w.EarlierOrders(t.Context(), actor, id, 100)
			w.Must(err)
			for _, o := range orders {
				if o.ByName != "" || o.SKU.Name != "Seats" {
					t.Errorf("shared %+v", o)
				}
				list = append(list, o.SeatsAfter)
			}
			return list
		}
		want := func(when string, sourceOwn, mainOwn, mainEarlier []int64) {
			t.Helper()
			if got := own(source); !slices.Equal(got, sourceOwn) {
				t.Errorf("%s: the source sees %d of its own, want %d", when, got, sourceOwn)
			}
			if got := own(main); !slices.Equal(got, mainOwn) {
				t.Errorf("%s: the main sees %d of its own, want %d", when, got, mainOwn)
			}
			if got := earlier(main); !slices.Equal(got, mainEarlier) {
				t.Errorf("%s: the main sees %d of the source, want %d", when, got, mainEarlier)
			}
			if got := earlier(source); len(got) > 0 {
				t.Errorf("%s: the source sees %d of the main", when, got)
			}
		}
		seats(source, 11)
		seats(source, 12)
		c := w.Connect(w.A, w.B)
		w.Must(w.ShareOrders(t.Context(), source, c.ID, true)) // what does not move is not shared
		if _, err := w.EarlierOrders(t.Context(), main, id, 10); err == nil {
			t.Error("the main sees orders of the source's customer")
		}
		w.Must(w.ShareOrders(t.Context(), source, c.ID, false))
		w.Move(c, w.A, w.B)
		want("moved", []int64{12, 11}, nil, nil)
		seats(main, 20)
		want("ordered at the main", []int64{12, 11}, []int64{20}, nil)
		w.Must(w.ShareOrders(t.Context(), source, c.ID, true))
		want("shared", []int64{12, 11}, []int64{20}, []int64{12, 11})

		// Read-only: neither side does anything with what is the other's or the past's.
		record, err := w.Customer(t.Context(), source, id)
		w.Must(err)
		past := record.Orders[0].ID
		wantFault(t, w.CancelOrder(t.Context(), main, past), "order.not_found")
		wantFault(t, w.FulfilOrder(t.Context(), apptest.Operator(w.A), past), "order.not_found")
		wantFault(t, w.CancelOrder(t.Context(), source, past), "customer.moved")
		wantFault(t, w.FulfilOrder(t.Context(), apptest.Operator(w.B), past), "customer.moved")
		wantFault(t, w.ChangeSubscription(t.Context(), source, sub, app.Change{Action: app.ChangeSeats, Seats: 5}), "customer.moved")
		wantFault(t, w.TransferOut(t.Context(), source, id), "customer.moved")
		_, err = w.Buy(t.Context(), source, app.Purchase{
			CustomerID: id, SKUID: apptest.Seats, Plan: catalog.Flexible, Seats: 1, AccountID: apptest.Account(w.B, "JPY", "le_1"), Offline: true,
		})
		wantFault(t, err, "customer.moved")
		if record.Move == nil || record.Move.Console != w.A.Name || record.Customer.State != customer.Moved {
			t.Errorf("the record does not point to the main: %+v", record.Move)
		}

		// After the connection is closed each side keeps what it saw, and sees nothing of what the other does then.
		w.Must(w.CloseConnection(t.Context(), source, c.ID, false))
		seats(main, 21)
		want("closed", []int64{12, 11}, []int64{21, 20}, []int64{12, 11})
		_, err = w.Customer(t.Context(), apptest.Admin(w.C), id)
		wantFault(t, err, "customer.not_found")
		_, err = w.EarlierOrders(t.Context(), apptest.Admin(w.C), id, 10)
		wantFault(t, err, "customer.not_found")

		// It comes back: the source has its old orders and goes on with them, and the main's stay the main's.
		back := w.Connect(w.B, w.A)
		w.Move(back, w.B, w.A)
		seats(source, 30)
		want("back", []int64{30, 12, 11}, []int64{21, 20}, nil)
		w.Must(w.ShareOrders(t.Context(), main, back.ID, true))
		if got := earlier(source); !slices.Equal(got, []int64{21, 20}) {
			t.Errorf("back and shared: %d", got)
		}
		seats(source, 31)
		if got := own(main); !slices.Equal(got, []int64{21, 20}) {
			t.Errorf("the main sees %d", got)
		}
		w.CheckInvariants()
	})
}
