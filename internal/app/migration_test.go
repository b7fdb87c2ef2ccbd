package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// once runs a test of use cases on both engines.
func once(t *testing.T, test func(t *testing.T, w *apptest.World)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, apptest.New(t, db)) })
}

// each is once with transactions that all lose a race first.
func each(t *testing.T, test func(t *testing.T, w *apptest.World)) {
	t.Helper()
	once(t, func(t *testing.T, w *apptest.World) {
		w.DB = store.New(twice{w.DB.Engine()})
		test(t, w)
	})
}

func TestTheMainJob(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 25, nil)
		c := w.Accept(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		wantFault(t, err, "migration.waiting")
		w.Clock.Advance(w.Config.Terms.Waiting)

		op := w.Move(c, w.A, w.B)
		if op.State != store.OperationDone || op.Done != 25 || op.Returned != 0 {
			t.Fatalf("run = %+v", op)
		}
		for _, id := range ids {
			wantLiveOnlyIn(t, w, id, w.A)
		}
		w.Read(func(tx *store.Tx) error {
			subs, err := tx.Subscriptions(t.Context(), w.A.ID, ids[0])
			if err != nil {
				return err
			}
			if len(subs) != 1 || subs[0].BillingAccountID != apptest.Account(w.A, "JPY", "le_1") || subs[0].Seats != 10 {
				t.Errorf("subscriptions at the main: %+v", subs)
			}
			return nil
		})
	})
}

// wantLiveOnlyIn checks that the customer has exactly one live record over all consoles, in home.
func wantLiveOnlyIn(t *testing.T, w *apptest.World, id string, home console.Console) {
	t.Helper()
	w.Read(func(tx *store.Tx) error {
		for _, c := range []console.Console{w.A, w.B, w.C} {
			rec, err := tx.Customer(t.Context(), c.ID, id)
			live := err == nil && rec.State == customer.Live
			if live != (c.ID == home.ID) {
				t.Errorf("customer %s live in %s: %v", id, c.Name, live)
			}
		}
		return nil
	})
}

func wantFault(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Fatalf("err = %v, want the fault %s", err, key)
	}
}

func TestThereAndBackAndOnOnOneDay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, nil)
		first := w.Connect(w.A, w.B)
		w.Move(first, w.A, w.B)
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), first.ID, false))
		second := w.Connect(w.B, w.A)
		w.Move(second, w.B, w.A)
		for _, id := range ids {
			wantLiveOnlyIn(t, w, id, w.B)
		}
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), second.ID, false))
		third := w.Connect(w.C, w.B)
		w.Move(third, w.C, w.B)
		for _, id := range ids {
			wantLiveOnlyIn(t, w, id, w.C)
		}
	})
}

// What ended elsewhere while its customer was there does not come to life with the record of before (spec M13).
func TestWhatEndedElsewhereStaysEnded(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 1, nil)
		first := w.Connect(w.A, w.B)
		w.Move(first, w.A, w.B)
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), first.ID, false))
		w.Update(func(tx *store.Tx) error {
			subs, err := tx.Subscriptions(t.Context(), w.A.ID, ids[0])
			if err != nil {
				return err
			}
			subs[0].State = customer.SubCancelled
			return tx.ChangeSubscriptions(t.Context(), subs, civil.DateOf(w.Clock.Now(), w.Config.BillingZone))
		})
		w.Move(w.Connect(w.B, w.A), w.B, w.A)
		wantLiveOnlyIn(t, w, ids[0], w.B)
		record, err := w.Customer(t.Context(), apptest.Admin(w.B), ids[0])
		w.Must(err)
		if len(record.Subscriptions) != 1 || record.Subscriptions[0].State != customer.SubCancelled {
			t.Errorf("subscriptions of the customer that came back: %+v", record.Subscriptions)
		}
	})
}

func TestEvaluationLeavesNobodyOut(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		c := w.Connect(w.A, w.B)
		ids := w.AddCustomers(w.B, 2, nil)
		w.Must(w.CheckAgain(t.Context(), apptest.Admin(w.B), c.ID))
		w.RunJobs(app.EvaluateJob{}.Kind())
		for _, id := range ids {
			record, err := w.Customer(t.Context(), apptest.Admin(w.B), id)
			w.Must(err)
			if record.Customer.EvaluatedAt.IsZero() {
				t.Errorf("%s was not evaluated", id)
			}
		}
	})
}

func TestNeitherSideLearnsTheOthersPeople(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 1, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		see := func(asked console.Console) (list, detail, run string) {
			page, err := w.Migrations(t.Context(), apptest.Admin(asked), app.MigrationQuery{
				ConnectionID: c.ID, Tab: app.TabStarted, Page: store.Page{Limit: 10},
			})
			w.Must(err)
			for _, item := range page.Items.Rows {
				list = item.StartedBy
			}
			for _, op := range page.Runs {
				run = op.StartedBy
			}
			d, err := w.MigrationDetail(t.Context(), apptest.Admin(asked), c.ID, ids[0])
			w.Must(err)
			return list, d.StartedBy, run
		}
		if list, detail, _ := see(w.B); list == "" || detail != list {
			t.Errorf("the source does not see who started: %q, %q", list, detail)
		}
		if list, detail, _ := see(w.A); list != "" || detail != "" {
			t.Errorf("the main sees who started: %q, %q", list, detail)
		}
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		w.Must(w.PauseRun(t.Context(), apptest.Admin(w.A), op.ID))
		if _, _, run := see(w.A); run == "" {
			t.Error("the main does not see who completes")
		}
		if _, _, run := see(w.B); run != "" {
			t.Errorf("the source sees who completes: %q", run)
		}
	})
}

func TestWhoCannotMoveGoesBackAndHoldsUpNobody(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 12, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{IDs: ids})
		w.Must(err)
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		// The vendor suspends one after the choice was made: time and the vendor go on (spec M7).
		w.Update(func(tx *store.Tx) error {
			subs, err := tx.Subscriptions(t.Context(), w.B.ID, ids[4])
			if err != nil {
				return err
			}
			s := subs[0]
			s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
			_, err = tx.SetSuspension(t.Context(), s, subs[0], civil.DateOf(w.Clock.Now(), w.Config.BillingZone))
			return err
		})
		op = w.Finish(op)
		if op.Done != 11 || op.Returned != 1 {
			t.Fatalf("run = %+v", op)
		}
		wantLiveOnlyIn(t, w, ids[4], w.B)
		w.Read(func(tx *store.Tx) error {
			list, err := tx.OperationReturns(t.Context(), w.A.ID, op.ID, 10)
			if err != nil {
				return err
			}
			if len(list) != 1 || list[0].Reason != string(migration.SuspendedByVendor) {
				t.Errorf("returns = %+v", list)
			}
			return nil
		})
	})
}

// A subscription that ends between the choice and the move stays at the source, with all that was billed for it.
func TestWhatEndsBeforeTheMoveStays(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, nil)
		var more []customer.Subscription
		w.Read(func(tx *store.Tx) error {
			subs, err := tx.SubscriptionsOf(t.Context(), w.B.ID, ids)
			for _, s := range subs {
				s.ID += "_more"
				more = append(more, s)
			}
			return err
		})
		w.Update(func(tx *store.Tx) error { return tx.InsertSubscriptions(t.Context(), more) })
		c := w.Connect(w.A, w.B)
		on(w, 15)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		more[1].State = customer.SubCancelled
		w.Update(func(tx *store.Tx) error {
			return tx.ChangeSubscriptions(t.Context(), more[1:2], civil.DateOf(w.Clock.Now(), w.Config.BillingZone))
		})
		if op = w.Finish(op); op.Done != 3 || op.Returned != 0 {
			t.Fatalf("run = %+v", op)
		}
		for console, want := range map[string]int{w.A.ID: 5, w.B.ID: 1} {
			got := w.Texts(`SELECT id FROM subscriptions WHERE moved = 0 AND console_id = '` + console + `'`)
			if len(got) != want {
				t.Errorf("%s has %v, want %d", console, got, want)
			}
		}
		w.CheckInvariants()
	})
}

// One customer with whom the move fails goes back with its reason; all others move.
func TestAFailingCustomerHoldsUpNobody(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 25, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		// The main holds something under the number that the segment would get, as no use case can bring about.
		w.Exec(`INSERT INTO customers (console_id, id, domain, name, sort_name, search_text, state, contact_name, contact_email, phone,
				country, postal_code, address, language, crm_id, tos_accepted_at, created_at, moved_at, moved_by)
			SELECT 'cns_A', id, domain, name, sort_name, search_text, 'MOVED', '', '', '', '', '', '', '', '', 1, 1, 1, 'mig'
			FROM customers WHERE id = '` + ids[13] + `'`)
		w.Exec(`INSERT INTO subscriptions (console_id, id, customer_id, external_id, sku_id, product_group, plan, state,
				suspension_reason, channel, seats, max_seats, currency, price_num, price_den, billing_account_id, purchase_order_id,
				renewal, start_date, term_start, term_end, trial_end, moved, created_at)
			SELECT 'cns_A', id, customer_id, '', sku_id, product_group, plan, state, suspension_reason, channel, seats, max_seats,
				currency, price_num, price_den, '` + apptest.Account(w.A, "JPY", "le_1") + `', '', '', start_date, 0, 0, 0, 1, 1
			FROM subscriptions WHERE customer_id = '` + ids[13] + `'`)
		w.Exec(`INSERT INTO segments (console_id, subscription_id, seq, customer_id, billing_account_id, from_date, to_date, plan, state,
				suspension_reason, channel, seats, price_num, price_den, migration_id)
			SELECT 'cns_A', subscription_id, 3, customer_id, billing_account_id, 1, 1, plan, state, '', channel, 1, 1, 1, ''
			FROM segments WHERE customer_id = '` + ids[13] + `'`)
		if op = w.Finish(op); op.State != store.OperationDone || op.Done != 24 || op.Returned != 1 {
			t.Fatalf("run = %+v", op)
		}
		wantLiveOnlyIn(t, w, ids[13], w.B)
		w.Read(func(tx *store.Tx) error {
			list, err := tx.OperationReturns(t.Context(), w.A.ID, op.ID, 10)
			if err == nil && (len(list) != 1 || list[0].CustomerID != ids[13] || list[0].Reason != string(migration.MoveFailed)) {
				t.Errorf("returns = %+v", list)
			}
			return err
		})
	})
}

func completion(w *apptest.World, connectionID string) app.Completion {
	return app.Completion{
		ConnectionID: connectionID, Scope: store.Scope{All: true},
		Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_1")}},
	}
}

// Whoever was asked for and is not started is told of, the unknown and the gone too.
func TestStartingTellsOfEverybodyAskedFor(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		gone := w.AddCustomers(w.B, 1, nil)[0]
		c := w.Connect(w.A, w.B)
		w.Move(c, w.A, w.B)
		ids := w.AddCustomers(w.B, 2, nil)
		w.Evaluate(c)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{IDs: ids[:1]})
		w.Must(err)
		foreign := w.AddCustomers(w.C, 1, nil)[0]
		started, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{
			IDs: []string{"cus_none", foreign, gone, ids[0], ids[1], "cus_none"},
		})
		w.Must(err)
		want := []store.NotStarted{
			{CustomerID: gone, Name: "Customer 000001", Moved: true},
			{CustomerID: ids[0], Name: "Customer 000002", InMigration: true},
			{CustomerID: foreign, Unknown: true},
			{CustomerID: "cus_none", Unknown: true},
		}
		if started.Count != 1 || !slices.Equal(started.NotStarted, want) {
			t.Errorf("%+v, want %+v", started, want)
		}
	})
}

// A matter stands open for a week: asking again meanwhile leaves nothing.
func TestARequestIsMadeOnce(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		c := w.Connect(w.A, w.B)
		ask := func(code migration.Code) {
			w.Must(w.AskMain(t.Context(), apptest.Admin(w.B), c.ID, app.Ask{Code: code, Currency: "EUR", Group: catalog.GoogleWorkspace}))
			w.Must(w.RequestBillingAccount(t.Context(), apptest.Admin(w.A), "EUR", catalog.GoogleWorkspace))
		}
		left := func(want int) {
			t.Helper()
			for _, table := range []string{"audit_events WHERE console_id = 'cns_A' AND action", "notices WHERE console_id = 'cns_A' AND kind"} {
				list := w.Texts(`SELECT id FROM ` + table + ` IN ('migration.asked.NO_BILLING_ACCOUNT_IN_CURRENCY',
					'migration.asked.BILLING_ACCOUNT_NOT_ACTIVE', 'billing_account.requested')`)
				if len(list) != want {
					t.Errorf("%d in %s, want %d", len(list), table, want)
				}
			}
		}
		ask(migration.NoBillingAccountInCurrency)
		ask(migration.NoBillingAccountInCurrency)
		w.Clock.Advance(w.Clock.Ahead() + 6*24*time.Hour)
		ask(migration.NoBillingAccountInCurrency)
		left(2)
		ask(migration.BillingAccountNotActive)
		left(3)
		w.Clock.Advance(w.Clock.Ahead() + 2*24*time.Hour)
		ask(migration.NoBillingAccountInCurrency)
		left(5)
	})
}

func TestPauseAndResume(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 25, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		wantFault(t, w.CloseConnection(t.Context(), apptest.Admin(w.B), c.ID, true), "connection.close.migrating")
		w.Must(w.RunMoveChunk(t.Context(), app.MoveChunkJob{ConsoleID: w.A.ID, OperationID: op.ID, Seq: 1}))
		w.Must(w.PauseRun(t.Context(), apptest.Admin(w.A), op.ID))
		// A job of the run that comes late finds it paused and moves nobody.
		w.Must(w.RunMoveChunk(t.Context(), app.MoveChunkJob{ConsoleID: w.A.ID, OperationID: op.ID, Seq: 11}))
		wantLiveOnlyIn(t, w, ids[0], w.A)
		wantLiveOnlyIn(t, w, ids[24], w.B)
		// While it is paused the source takes one back; the rest goes on.
		n, err := w.CancelMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true, Search: "000025"})
		w.Must(err)
		if n != 1 {
			t.Fatalf("cancelled %d", n)
		}
		w.Must(w.ResumeRun(t.Context(), apptest.Admin(w.A), op.ID))
		op = w.Finish(op)
		if op.Done != 24 || op.Returned != 0 {
			t.Fatalf("run = %+v", op)
		}
		wantLiveOnlyIn(t, w, ids[24], w.B)
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.B), c.ID, false))
	})
}

func TestLegalEntityChangeNeedsConfirmation(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddCustomers(w.B, 2, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		in := completion(w, c.ID)
		in.Choices.Groups = []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_2")}
		_, err = w.CompleteMigrations(t.Context(), apptest.Admin(w.A), in)
		wantFault(t, err, "migration.entity_unconfirmed")
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), w.Confirm(w.A, in))
		w.Must(err)
		if op = w.Finish(op); op.Done != 2 {
			t.Fatalf("run = %+v", op)
		}
	})
}

// As many changes as were confirmed are not the changes that were confirmed: of other customers, or to other accounts.
func TestOtherLegalEntityChangesThanWereSeenAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{IDs: ids[:1]})
		w.Must(err)
		in := completion(w, c.ID)
		in.Choices.Groups = []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_2")}
		seen := w.Confirm(w.A, in)

		_, err = w.CancelMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		_, err = w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{IDs: ids[1:2]})
		w.Must(err)
		_, err = w.CompleteMigrations(t.Context(), apptest.Admin(w.A), seen)
		wantFault(t, err, "migration.entity_unconfirmed")
		_, err = w.ScheduleMigrations(t.Context(), apptest.Admin(w.A), seen, today(w)+1)
		wantFault(t, err, "migration.entity_unconfirmed")

		seen = w.Confirm(w.A, in)
		seen.Choices.Groups[0].AccountID = w.NewAccount(w.A, "JPY", "le_2")
		_, err = w.CompleteMigrations(t.Context(), apptest.Admin(w.A), seen)
		wantFault(t, err, "migration.entity_unconfirmed")
		_, err = w.CompleteMigrations(t.Context(), apptest.Admin(w.A), w.Confirm(w.A, seen))
		w.Must(err)
	})
}

// An account chosen after the confirmation is not confirmed: its customer leaves the run, which goes on without it (spec M4).
func TestResumingConfirmsNoOtherLegalEntity(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 2, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		w.Must(w.PauseRun(t.Context(), apptest.Admin(w.A), op.ID))
		file := "subscription_id,billing_account_id\nsub_" + ids[0][4:] + "," + apptest.Account(w.A, "JPY", "le_2") + "\n"
		_, err = w.ImportChoices(t.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true}, strings.NewReader(file))
		w.Must(err)
		w.Must(w.ResumeRun(t.Context(), apptest.Admin(w.A), op.ID))
		if op = w.Finish(op); op.State != store.OperationDone || op.Done != 1 {
			t.Errorf("run = %+v", op)
		}
		wantLiveOnlyIn(t, w, ids[0], w.B)
		wantLiveOnlyIn(t, w, ids[1], w.A)
	})
}

func TestChoicesOfAnotherConsoleCurrencyOrStateAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddCustomers(w.B, 1, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		for name, account := range map[string]string{
			"another console": apptest.Account(w.B, "JPY", "le_1"),
			"a third console": apptest.Account(w.C, "JPY", "le_1"),
			"currency":        apptest.Account(w.A, "USD", "le_1"),
			"unknown":         "ba_none",
			"none":            "",
		} {
			in := completion(w, c.ID)
			in.Choices.Groups[0].AccountID = account
			if _, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), in); !fault.Is(err, "migration.choice_missing") {
				t.Errorf("%s: err = %v", name, err)
			}
		}
	})
}

func TestEarlierOrdersAreSharedOnlyIfTheSourceSaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 1, nil)
		order := func(c console.Console, id string) {
			w.Update(func(tx *store.Tx) error {
				return tx.InsertOrders(t.Context(), []customer.Order{{
					ConsoleID: c.ID, ID: id, CustomerID: ids[0], SubscriptionID: "sub_000001", At: w.Clock.Now(),
					By: customer.ByReseller, ByName: "Somebody of B", Action: customer.OrderCreated, SKUID: apptest.Seats,
					State: customer.OrderFulfilled,
				}})
			})
		}
		order(w.B, "ord_1")
		c := w.Connect(w.A, w.B)
		w.Move(c, w.A, w.B)
		want := func(n int) {
			t.Helper()
			orders, err := w.EarlierOrders(t.Context(), apptest.Admin(w.A), ids[0], 10)
			w.Must(err)
			if len(orders) != n || n == 1 && (orders[0].ID != "ord_1" || orders[0].ByName != "") {
				t.Errorf("earlier orders = %+v, want %d", orders, n)
			}
		}
		want(0)
		wantFault(t, w.ShareOrders(t.Context(), apptest.Admin(w.A), c.ID, true), "connection.wrong_side")
		w.Must(w.ShareOrders(t.Context(), apptest.Admin(w.B), c.ID, true))
		want(1)
		w.Must(w.ShareOrders(t.Context(), apptest.Admin(w.B), c.ID, false))
		want(0)
	})
}
