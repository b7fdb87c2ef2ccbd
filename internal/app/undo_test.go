package app_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
	"psc/internal/support"
)

func askUndo(w *apptest.World, c console.Console, customerID string) support.Case {
	w.T.Helper()
	asked, err := w.AskUndo(w.T.Context(), apptest.Admin(c), customerID, "It was the wrong one.")
	w.Must(err)
	return asked
}

func undoView(w *apptest.World, asked support.Case) app.UndoView {
	w.T.Helper()
	v, err := w.Undo(w.T.Context(), apptest.Operator(console.Console{ID: asked.ConsoleID}), asked.ID, 0, nil)
	w.Must(err)
	return v
}

func approveUndo(w *apptest.World, asked support.Case) error {
	return w.ApproveUndo(w.T.Context(), apptest.Operator(console.Console{ID: asked.ConsoleID}), asked.ID, app.UndoApproval{
		Consent: support.Agreed, Reason: "Both have written.", Seen: undoView(w, asked).Seen, Entities: true,
	})
}

// undone asks in the console and approves.
func undone(w *apptest.World, c console.Console, customerID string) {
	w.T.Helper()
	w.Must(approveUndo(w, askUndo(w, c, customerID)))
}

// books closes the months up to one in all consoles, and has everything agree.
func books(w *apptest.World, months ...civil.Month) {
	w.T.Helper()
	for _, month := range months {
		at(w, month.End())
		w.Must(w.RunDue(w.T.Context()))
		w.RunJobs(app.CloseMonthJob{}.Kind())
		if got := w.Texts(`SELECT console_id FROM billing_months WHERE state = 'CLOSED' AND month = ` + strconv.Itoa(int(month.First()))); len(got) < 2 {
			w.T.Errorf("only %v have closed %s", got, month)
		}
	}
	w.CheckInvariants()
	w.CheckBooks()
	r, err := w.CheckLedger(w.T.Context(), apptest.Operator(w.A))
	if err != nil || len(r.Discrepancies) > 0 {
		w.T.Errorf("%v, %v", r.Discrepancies, err)
	}
}

// plans are customers with a subscription of every plan in turn.
func plans(i int, _ *customer.Customer, s *customer.Subscription) {
	switch i % 3 {
	case 1:
		prepaid(s, civil.NewDate(2026, time.September, 1))
	case 2:
		annual(catalog.AnnualMonthlyPay)(s)
	}
}

func TestAnUndoOnTheSameDay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		ids := w.AddCustomers(w.B, 3, plans)
		c := w.Connect(w.A, w.B)
		before := w.Texts(`SELECT id || name || domain || contact_email FROM customers ORDER BY id`)
		w.Move(c, w.A, w.B)
		for i, id := range ids {
			undone(w, []console.Console{w.A, w.B}[i%2], id)
		}
		if got := w.Texts(`SELECT id || name || domain || contact_email FROM customers WHERE console_id = 'cns_B' AND state = 'LIVE' ORDER BY id`); !slices.Equal(got, before) {
			t.Errorf("%v came back, not %v", got, before)
		}
		if got := w.Texts(`SELECT kind || state || console_id || to_console_id FROM migrations WHERE answers_id <> ''`); len(got) != 3 || got[0] != "UNDOCOMPLETEDcns_Acns_B" {
			t.Errorf("%v", got)
		}
		if got := w.Texts(`SELECT id FROM customers WHERE console_id = 'cns_B' AND state = 'LIVE' AND evaluated_at = 0`); len(got) != 0 {
			t.Errorf("%v are not evaluated", got)
		}
		books(w, october, november)
	})
}

func TestAnUndoAfterRenewalsSeatsAndPurchases(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.AddIssuer()
		withOffers(w)
		ids := w.AddCustomers(w.B, 3, func(i int, c *customer.Customer, s *customer.Subscription) {
			plans(i, c, s)
			if i == 1 { // renews in November
				prepaid(s, civil.NewDate(2025, time.November, 20))
			}
		})
		c := w.Connect(w.A, w.B)
		w.Move(c, w.A, w.B)
		admin := apptest.Admin(w.A)
		w.Clock.Advance(w.Clock.Ahead() + 5*24*time.Hour)
		for _, id := range ids {
			w.Must(w.ChangeSubscription(ctx, admin, "sub_"+id[4:], app.Change{Action: app.ChangeSeats, Seats: 25}))
		}
		bought, err := w.Buy(ctx, admin, app.Purchase{
			CustomerID: ids[0], SKUID: apptest.Seats, Plan: catalog.AnnualYearlyPay, Seats: 7, AccountID: apptest.Account(w.A, "JPY", "le_2"),
			Renewal: customer.RenewYearly,
		})
		w.Must(err)
		at(w, november.First()+24)
		w.Must(w.RunDue(ctx))
		w.Must(w.CloseConnection(ctx, apptest.Admin(w.B), c.ID, false))

		asked := askUndo(w, w.B, ids[0])
		v := undoView(w, asked)
		if v.Refused != nil || len(v.Rows) != 2 || v.Changes() != 0 || len(v.Totals) != 1 {
			t.Fatalf("%v %+v %+v", v.Refused, v.Rows, v.Totals)
		}
		for _, r := range v.Rows {
			if r.Since != (r.ID == bought.ID) || r.Chosen.ConsoleID != w.B.ID || r.Since == (r.Former.ID != "") {
				t.Errorf("%+v", r)
			}
		}
		holder, receiver := billedIn(w, w.A, november), billedIn(w, w.B, november)
		w.Must(approveUndo(w, asked))
		e := v.Totals[0]
		if got := billedIn(w, w.A, november) - holder; got != e.SourceWith-e.SourceWithout {
			t.Errorf("the holder's invoices change by %d, the preview says %d", got, e.SourceWith-e.SourceWithout)
		}
		if got := billedIn(w, w.B, november) - receiver; got != e.MainWith || got == 0 {
			t.Errorf("the receiver's invoices change by %d, the preview says %d", got, e.MainWith)
		}
		for _, id := range ids[1:] {
			undone(w, w.A, id)
		}
		live := w.Texts(`SELECT id || seats FROM subscriptions WHERE console_id = 'cns_B' AND moved = 0 AND state = 'ACTIVE' ORDER BY id`)
		if len(live) != 4 || !strings.HasSuffix(live[0], "25") {
			t.Errorf("%v went back", live)
		}
		books(w, october, november)
	})
}

// billedIn is what the drafts of a console's month add up to.
func billedIn(w *apptest.World, c console.Console, m civil.Month) (sum int64) {
	w.T.Helper()
	list, err := w.MonthInvoices(w.T.Context(), apptest.Admin(c), m)
	w.Must(err)
	for _, d := range list {
		sum += d.Totals.Net.Minor
	}
	return sum
}

func TestThereAndBackAndThereAgain(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		ids := w.AddCustomers(w.B, 3, plans)
		c := w.Connect(w.A, w.B)
		w.Move(c, w.A, w.B)
		for _, id := range ids {
			undone(w, w.B, id)
		}
		w.Clock.Advance(w.Clock.Ahead() + 3*24*time.Hour)
		undone(w, w.A, ids[0]) // the undo is undone
		w.Evaluate(c)
		w.Move(c, w.A, w.B) // and the others move once more
		w.Clock.Advance(w.Clock.Ahead() + 2*24*time.Hour)
		for _, id := range ids {
			undone(w, w.A, id)
		}
		if got := w.Texts(`SELECT id FROM customers WHERE console_id = 'cns_B' AND state = 'LIVE'`); len(got) != 3 {
			t.Errorf("%v are back", got)
		}
		r, err := w.Customer(t.Context(), apptest.Admin(w.B), ids[0])
		w.Must(err)
		if len(r.Passages) != 4 || r.Passages[0].Out || r.Passages[0].Kind != "UNDO" || !r.Passages[3].Out {
			t.Errorf("%+v", r.Passages)
		}
		books(w, october, november)
	})
}

// TestAnUndoInTheNextMonth answers a move whose month is closed.
func TestAnUndoInTheNextMonth(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		ids := w.AddCustomers(w.B, 3, plans)
		w.Move(w.Connect(w.A, w.B), w.A, w.B)
		books(w, october)
		w.Clock.Advance(w.Clock.Ahead() + 9*24*time.Hour)
		for _, id := range ids {
			undone(w, w.A, id)
		}
		books(w, november)
	})
}

func TestWhatAnUndoRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.Config.Terms.Waiting = 0
		ids := w.AddCustomers(w.B, 5, nil)
		stayed := w.AddCustomers(w.A, 1, nil)[0]
		con := w.Connect(w.A, w.B)
		w.Move(con, w.A, w.B)
		ask := func(c console.Console, id string) error {
			_, err := w.AskUndo(ctx, apptest.Admin(c), id, "T")
			return err
		}
		wantFault(t, ask(w.C, ids[0]), "customer.not_found")
		wantFault(t, ask(w.A, stayed), "undo.never_moved")
		_, err := w.AskUndo(ctx, apptest.As(w.A, console.RoleBilling), ids[0], "T")
		wantFault(t, err, "forbidden")
		asked := askUndo(w, w.B, ids[0])
		wantFault(t, ask(w.B, ids[0]), "undo.asked")
		other := askUndo(w, w.A, ids[0]) // each side may ask
		_, err = w.Undo(ctx, apptest.Admin(w.B), asked.ID, 0, nil)
		wantFault(t, err, "forbidden_operator")
		_, err = w.Undo(ctx, apptest.Operator(w.A), asked.ID, 0, nil)
		wantFault(t, err, "case.not_found")
		op := apptest.Operator(w.B)
		approve := func(change func(*app.UndoApproval)) error {
			in := app.UndoApproval{Consent: support.Without, Reason: "A mistake.", Seen: undoView(w, asked).Seen}
			change(&in)
			return w.ApproveUndo(ctx, op, asked.ID, in)
		}
		before := w.Texts(w.DumpSQL(""))
		le2 := map[string]string{"sub_" + ids[0][4:]: apptest.Account(w.B, "JPY", "le_2")}
		wantFault(t, approve(func(in *app.UndoApproval) { in.Consent = "" }), "undo.consent")
		wantFault(t, approve(func(in *app.UndoApproval) { in.Reason = " " }), "undo.reason_missing")
		wantFault(t, approve(func(in *app.UndoApproval) { in.Seen = "other" }), "undo.changed")
		wantFault(t, approve(func(in *app.UndoApproval) { in.Accounts, in.Seen = le2, "" }), "undo.entity_unconfirmed")
		wantFault(t, approve(func(in *app.UndoApproval) {
			in.Accounts = map[string]string{"sub_" + ids[0][4:]: apptest.Account(w.A, "JPY", "le_1")}
		}), "undo.account")
		wantFault(t, w.ApproveUndo(ctx, apptest.Admin(w.B), asked.ID, app.UndoApproval{}), "forbidden_operator")
		if !slices.Equal(before, w.Texts(w.DumpSQL(""))) {
			t.Error("something was changed")
		}

		account := apptest.Account(w.B, "JPY", "le_1")
		w.Must(w.SetBillingAccountState(ctx, op, account, billing.RestrictAccount))
		v := undoView(w, asked)
		if v.Rows[0].Former.ID != account || v.Rows[0].Chosen.LegalEntityID != "le_2" || v.Changes() != 1 {
			t.Errorf("%+v", v.Rows[0])
		}
		w.Must(w.SetBillingAccountState(ctx, op, apptest.Account(w.B, "JPY", "le_2"), billing.RestrictAccount))
		wantFault(t, approveUndo(w, asked), "undo.not_ready")
		w.Must(w.SetBillingAccountState(ctx, op, account, billing.RestoreAccount))

		order := customer.Order{
			ConsoleID: w.A.ID, ID: "ord_1", CustomerID: ids[0], SubscriptionID: "sub_" + ids[0][4:], At: apptest.Start, By: customer.ByReseller,
			Action: customer.OrderSeatsChanged, SKUID: apptest.Seats, Plan: catalog.Flexible, State: customer.OrderOpen,
		}
		w.Update(func(tx *store.Tx) error { return tx.InsertOrders(ctx, []customer.Order{order}) })
		wantFault(t, approveUndo(w, asked), "undo.not_ready")
		w.Must(w.CancelOrder(ctx, apptest.Admin(w.A), "ord_1"))

		w.Exec(`INSERT INTO billing_months (console_id, month, state, writes, closed_at) VALUES ('cns_B', ` + strconv.Itoa(int(today(w).Month().First())) + `, 'CLOSED', 1, 1)
			ON CONFLICT (console_id, month) DO UPDATE SET state = 'CLOSED', closed_at = 1`)
		wantFault(t, approveUndo(w, asked), "invoice.month_closed")
		w.Exec(`UPDATE billing_months SET state = 'OPEN', closed_at = 0`)

		w.Must(w.RejectUndo(ctx, op, asked.ID, "No."))
		wantFault(t, approve(func(*app.UndoApproval) {}), "undo.decided")
		wantFault(t, w.RejectUndo(ctx, op, asked.ID, "No."), "undo.decided")
		w.Must(approveUndo(w, other))
		w.CheckInvariants()
	})
}

// TestAnUndoOfWhatHasMovedOn tells the operator, and the console that asks no more than it may know.
func TestAnUndoOfWhatHasMovedOn(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.Config.Terms.Waiting = 0
		ids := w.AddCustomers(w.B, 2, nil)
		c := w.Connect(w.A, w.B)
		w.Move(c, w.A, w.B)
		w.Must(w.CloseConnection(ctx, apptest.Admin(w.A), c.ID, false))
		earlier := askUndo(w, w.A, ids[0])
		on := w.Connect(w.C, w.A)
		_, err := w.StartMigrations(ctx, apptest.Admin(w.A), on.ID, store.Scope{IDs: ids})
		w.Must(err)
		asked := askUndo(w, w.B, ids[0]) // B cannot know
		wantFault(t, approveUndo(w, asked), "undo.in_migration")
		_, err = w.AskUndo(ctx, apptest.Admin(w.A), ids[1], "T")
		wantFault(t, err, "undo.in_migration")
		op, err := w.CompleteMigrations(ctx, apptest.Admin(w.C), app.Completion{
			ConnectionID: on.ID, Scope: store.Scope{All: true}, Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(w.C, "JPY", "le_1", "le_1")}},
		})
		w.Must(err)
		w.Finish(op)
		wantFault(t, approveUndo(w, asked), "undo.moved_on")
		wantFault(t, approveUndo(w, earlier), "undo.moved_on")
		undone(w, w.C, ids[0]) // back to A: the move out of B still is not the latest
		wantFault(t, approveUndo(w, asked), "undo.not_latest")
		undone(w, w.A, ids[0]) // which undoes the undo
		w.CheckInvariants()
	})
}

// TestTwoOperatorsDecideAtOnce: one does.
func TestTwoOperatorsDecideAtOnce(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 1, nil)
		w.Move(w.Connect(w.A, w.B), w.A, w.B)
		cases := []support.Case{askUndo(w, w.A, ids[0]), askUndo(w, w.B, ids[0])}
		var in []app.UndoApproval
		for _, asked := range cases {
			in = append(in, app.UndoApproval{Consent: support.Agreed, Reason: "R", Seen: undoView(w, asked).Seen})
		}
		errs := make(chan error)
		for i := range 4 {
			asked := cases[i%2]
			go func() {
				errs <- w.ApproveUndo(t.Context(), apptest.Operator(console.Console{ID: asked.ConsoleID}), asked.ID, in[i%2])
			}()
		}
		done := 0
		for range 4 {
			if err := <-errs; err == nil {
				done++
			}
		}
		if done != 1 {
			t.Errorf("%d have undone it", done)
		}
		w.CheckInvariants()
	})
}

// TestAnUndoTellsItsStory in both consoles, and joined for the operator.
func TestAnUndoTellsItsStory(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		ids := w.AddCustomers(w.B, 1, nil)
		w.Move(w.Connect(w.A, w.B), w.A, w.B)
		asked := askUndo(w, w.B, ids[0])
		w.Must(approveUndo(w, asked))
		for _, c := range []console.Console{w.A, w.B} {
			r, err := w.Customer(ctx, apptest.Admin(c), ids[0])
			w.Must(err)
			if len(r.Events) == 0 || r.Events[0].Action != "migration.undone" && r.Events[1].Action != "migration.undone" {
				t.Errorf("%s reads %+v", c.Name, r.Events)
			}
			notices, _, err := w.Notices(ctx, apptest.Admin(c), app.NoticeQuery{}, 10)
			if err != nil || !slices.ContainsFunc(notices, func(n app.Notice) bool { return n.Kind == "migration.undone" }) {
				t.Errorf("%s is told %+v, %v", c.Name, notices, err)
			}
		}
		v := undoView(w, asked)
		var actions []string
		for _, e := range v.Story {
			actions = append(actions, e.Action)
		}
		for _, want := range []string{"case.opened", "migration.undone", "case.resolved"} {
			if n := len(slices.DeleteFunc(slices.Clone(actions), func(a string) bool { return a != want })); n != 1 {
				t.Errorf("the operator reads %s %d times: %v", want, n, actions)
			}
		}
		if v.Decision != support.Approved || v.UndoID == "" || v.BillingDate != today(w) {
			t.Errorf("%+v", v.Undo)
		}
		thread, err := w.Case(ctx, apptest.Admin(w.B), asked.ID)
		if err != nil || thread.State != support.Resolved {
			t.Errorf("%s, %v", thread.State, err)
		}
	})
}

// movedOne has one customer move from B to A.
func movedOne(w *apptest.World) string {
	w.T.Helper()
	id := w.AddCustomers(w.B, 1, nil)[0]
	w.Move(w.Connect(w.A, w.B), w.A, w.B)
	return id
}

// TestAnUndoHasItsReport on the same day and later, of every plan, and the report of the run tells of it.
func TestAnUndoHasItsReport(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, plans)
		c := w.Connect(w.A, w.B)
		run := w.Move(c, w.A, w.B)
		for i, id := range ids {
			undone(w, w.B, id)
			w.Clock.Advance(w.Clock.Ahead() + 24*time.Hour)
			for _, con := range []console.Console{w.A, w.B} {
				first := report(t, w, con, run)
				if first.Undone != int64(i+1) || !first.Fits() || first.Rows[i].Undone.RunID == "" {
					t.Fatalf("%s reads %d undone, %+v %+v", con.Name, first.Undone, first.Bad, first.Rows[i].Undone)
				}
				runs, err := w.MigrationRuns(t.Context(), apptest.Admin(con), c.ID)
				if err != nil || len(runs) != i+2 || !runs[0].Undo || runs[0].ID != first.Rows[i].Undone.RunID || runs[i+1].Undo {
					t.Fatalf("%s lists %+v %v", con.Name, runs, err)
				}
				back := report(t, w, con, runs[0].Operation)
				if !back.Fits() || back.Customers != 1 || back.Undone != 0 || back.Source.ID != w.A.ID || back.Main.ID != w.B.ID || back.Rows[0].CustomerID != id {
					t.Errorf("%s reads of the undo %+v", con.Name, back)
				}
				if op, err := w.Operation(t.Context(), apptest.Admin(con), runs[0].ID); err != nil || op.StartedBy != "" {
					t.Errorf("%s sees %+v %v", con.Name, op, err)
				}
			}
			_, err := w.Operation(t.Context(), apptest.Admin(w.C), report(t, w, w.A, run).Rows[i].Undone.RunID)
			wantFault(t, err, "operation.not_found")
		}
	})
}
