package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/store"
)

// TestTrials buys on trial: free until the trial ends, and then what was quoted.
func TestTrials(t *testing.T) {
	tests := map[string]func(*testing.T, *apptest.World){}
	for _, plan := range catalog.Plans {
		tests[string(plan)] = func(t *testing.T, w *apptest.World) {
			withLimits(w)
			id := newcomer(t, w)
			in := app.Purchase{CustomerID: id, SKUID: small, Plan: plan, Seats: 7, AccountID: apptest.Account(w.B, "JPY", "le_1"), Trial: true}
			q, err := w.QuotePurchase(t.Context(), apptest.Admin(w.B), in)
			w.Must(err)
			s, err := w.Buy(t.Context(), apptest.Admin(w.B), in)
			w.Must(err)
			end := civil.NewDate(2026, time.October, 31)
			if s.State != customer.SubTrial || s.TrialEnd != end || plan.Annual() && (s.TermStart != end || s.TermEnd != end.AddMonths(12)) {
				t.Errorf("bought %+v", s)
			}
			w.Clock.Advance(20 * 24 * time.Hour)
			w.Must(w.RunDue(t.Context()))
			if due := drafts(w, q); due[0] != q.Months[0].With || due[1] != q.Months[1].With || due[1] == 0 && plan != catalog.AnnualYearlyPay {
				t.Errorf("quoted %+v, drafted %d", q.Months, due)
			}
			w.Clock.Advance(45 * 24 * time.Hour)
			w.Must(w.RunDue(t.Context()))
			for i, due := range drafts(w, q) {
				if due != q.Months[i].With {
					t.Errorf("%s: quoted %d, due %d", q.Months[i].Month, q.Months[i].With, due)
				}
			}
			again := in
			_, err = w.Buy(t.Context(), apptest.Admin(w.B), again)
			wantFault(t, err, "order.tried")
			again.SKUID = apptest.Seats
			_, err = w.QuotePurchase(t.Context(), apptest.Admin(w.B), again)
			wantFault(t, err, "order.no_trial")
			w.CheckInvariants()
			w.CheckBooks()
		}
	}
	eachOf(t, tests)
}

// TestOfflineOrdersWaitForTheVendor places offline orders in the console that has the customer: open, they keep it from moving, until
// the operator fulfils or rejects them.
func TestOfflineOrdersWaitForTheVendor(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withLimits(w)
		id := w.AddCustomers(w.B, 1, nil)[0]
		in := app.Purchase{
			CustomerID: id, SKUID: small, Plan: catalog.AnnualYearlyPay, Seats: 7, AccountID: apptest.Account(w.B, "JPY", "le_1"),
			PurchaseOrderID: "PO-7", Renewal: customer.RenewCancel, Key: "k", Offline: true,
		}
		source, vendor := apptest.Admin(w.B), apptest.Operator(w.B)
		q, err := w.QuotePurchase(t.Context(), source, in)
		w.Must(err)
		for _, m := range q.Months {
			if m.With != 0 || !q.Waits() {
				t.Errorf("quoted %+v", q)
			}
		}
		for range 2 { // sent twice
			_, err = w.Buy(t.Context(), source, in)
			w.Must(err)
		}
		c := w.Connect(w.A, w.B)
		wantCodes(t, w, id, "OPEN_ORDER")
		work, err := w.VendorWork(t.Context(), vendor)
		w.Must(err)
		if len(work.OpenOrders) != 1 || work.OpenOrders[0].SeatsAfter != 7 || work.OpenOrders[0].PurchaseOrderID != "PO-7" {
			t.Fatalf("open: %+v", work.OpenOrders)
		}
		order := work.OpenOrders[0].ID
		queue, more, err := w.OrderQueue(t.Context(), vendor, "", 1)
		w.Must(err)
		if len(queue) != 1 || more || queue[0].ID != order || queue[0].Console != w.B.Name || queue[0].AccountID != w.B.AccountID {
			t.Errorf("queue: %+v", queue)
		}
		if queue, _, err = w.OrderQueue(t.Context(), vendor, order, 1); err != nil || len(queue) != 0 {
			t.Errorf("queue: %+v, %v", queue, err)
		}
		_, _, err = w.OrderQueue(t.Context(), source, "", 1)
		wantFault(t, err, "forbidden_operator")
		wantFault(t, w.RejectOrder(t.Context(), vendor, order, " "), "order.reason")
		wantFault(t, w.RejectOrder(t.Context(), source, order, "no"), "forbidden_operator")
		w.Exec(`UPDATE skus SET edition_seats = 5`)
		wantFault(t, w.FulfilOrder(t.Context(), vendor, order), "order.edition_cap")
		w.Exec(`UPDATE skus SET edition_seats = 30`)
		w.Must(w.FulfilOrder(t.Context(), vendor, order))
		if got := toldOf(w, w.B, "orders"); !slices.Equal(got, []string{"order.fulfilled"}) {
			t.Errorf("told %v", got)
		}
		wantCodes(t, w, id)
		record, err := w.Customer(t.Context(), source, id)
		w.Must(err)
		if len(record.Subscriptions) != 2 || len(record.Orders) != 1 || record.Orders[0].State != customer.OrderFulfilled {
			t.Fatalf("%+v", record)
		}
		s := record.Subscriptions[1].Subscription
		if s.Channel != customer.Offline || s.Seats != 7 || s.Renewal != customer.RenewCancel || s.PurchaseOrderID != "PO-7" ||
			s.TermEnd != s.StartDate.AddMonths(12) || s.ID != record.Orders[0].SubscriptionID {
			t.Errorf("began %+v", s)
		}
		w.CheckInvariants()
		w.Move(c, w.A, w.B)
		_, err = w.Buy(t.Context(), source, in) // it is the main's customer now
		wantFault(t, err, "customer.moved")
		in.Key, in.AccountID, in.SKUID = "other", apptest.Account(w.A, "JPY", "le_1"), large
		_, err = w.Buy(t.Context(), apptest.Admin(w.A), in)
		w.Must(err)
		if work, err = w.VendorWork(t.Context(), apptest.Operator(w.A)); err != nil || len(work.OpenOrders) != 1 {
			t.Fatalf("open: %+v, %v", work.OpenOrders, err)
		}
		w.Must(w.RejectOrder(t.Context(), apptest.Operator(w.A), work.OpenOrders[0].ID, "not sold any more"))
		record, err = w.Customer(t.Context(), apptest.Admin(w.A), id)
		w.Must(err)
		if got := toldOf(w, w.A, "orders"); !slices.Equal(got, []string{"order.rejected"}) {
			t.Errorf("told %v", got)
		}
		if len(record.Orders) != 1 || record.Orders[0].State != customer.OrderRejected || record.Orders[0].Reason != "not sold any more" ||
			len(record.Subscriptions) != 2 {
			t.Errorf("%+v", record.Orders)
		}
		w.CheckInvariants()
		w.CheckBooks()
	})
}

// wantCodes holds the reasons why a customer of B cannot move.
func wantCodes(t *testing.T, w *apptest.World, id string, want ...migration.Code) {
	t.Helper()
	w.Read(func(tx *store.Tx) error {
		c, err := tx.Customer(t.Context(), w.B.ID, id)
		if got := migration.CodesOf(c.Blockers); !slices.Equal(got, want) {
			t.Errorf("not ready because of %v, want %v", got, want)
		}
		return err
	})
}
