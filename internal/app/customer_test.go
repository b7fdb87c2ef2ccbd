package app_test

import (
	"reflect"
	"slices"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

func order(w *apptest.World, c console.Console, customerID string) customer.Order {
	return customer.Order{
		ConsoleID: c.ID, ID: "ord_" + customerID, CustomerID: customerID, SubscriptionID: "sub_" + customerID[4:],
		At: w.Clock.Now(), By: customer.ByReseller, Action: customer.OrderSeatsChanged, SKUID: apptest.Seats,
		Plan: catalog.Flexible, SeatsBefore: 10, SeatsAfter: 12, State: customer.OrderOpen,
	}
}

func subscription(w *apptest.World, c console.Console, customerID string) customer.Subscription {
	w.T.Helper()
	record, err := w.Customer(w.T.Context(), apptest.Admin(c), customerID)
	w.Must(err)
	if len(record.Subscriptions) != 1 {
		w.T.Fatalf("%d subscriptions", len(record.Subscriptions))
	}
	return record.Subscriptions[0].Subscription
}

// TestFrozenWhileMoving tries everything that changes a customer at the source, before, during and after its migration
// (spec M7, M9).
func TestFrozenWhileMoving(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, source, operator := t.Context(), apptest.Admin(w.B), apptest.Operator(w.B)
		id := w.AddCustomers(w.B, 1, nil)[0]
		sub := "sub_" + id[4:]
		c := w.Connect(w.A, w.B)
		people := map[string]func() error{
			"suspend":    func() error { return w.SuspendSubscription(ctx, source, sub) },
			"reactivate": func() error { return w.ReactivateSubscription(ctx, source, sub) },
			"seats": func() error {
				return w.ChangeSubscription(ctx, source, sub, app.Change{Action: app.ChangeSeats, Seats: 20})
			},
			"end": func() error { return w.ChangeSubscription(ctx, source, sub, app.Change{Action: app.EndNow}) },
			"buy": func() error {
				_, err := w.Buy(ctx, source, app.Purchase{CustomerID: id, SKUID: apptest.Seats, Plan: catalog.Flexible, Seats: 1})
				return err
			},
			"cancel order": func() error {
				w.Update(func(tx *store.Tx) error { return tx.InsertOrders(ctx, []customer.Order{order(w, w.B, id)}) })
				return w.CancelOrder(ctx, source, "ord_"+id)
			},
		}
		w.Must(people["suspend"]())
		w.Must(people["reactivate"]())

		started, err := w.StartMigrations(ctx, source, c.ID, store.Scope{All: true})
		w.Must(err)
		if started.Count != 1 {
			t.Fatalf("started %+v", started)
		}
		for name, act := range people {
			if err := act(); !fault.Is(err, "customer.migration_in_progress") {
				t.Errorf("%s while moving: %v", name, err)
			}
		}
		if got := subscription(w, w.B, id); got.State != customer.SubActive {
			t.Errorf("a refused action changed the subscription: %+v", got)
		}
		w.Must(w.EditContact(ctx, source, customer.Customer{ID: id, Name: "New Name", Phone: "03-0000-0000"}, ""))
		w.Must(w.FulfilOrder(ctx, operator, "ord_"+id))
		w.Must(w.VendorSuspend(ctx, operator, sub))
		w.Must(w.LiftVendorSuspension(ctx, operator, sub))

		op, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		if op = w.Finish(op); op.Done != 1 {
			t.Fatalf("run = %+v", op)
		}
		for name, act := range map[string]func() error{
			"suspend":        people["suspend"],
			"edit":           func() error { return w.EditContact(ctx, source, customer.Customer{ID: id, Name: "Again"}, "") },
			"accept":         func() error { return w.RecordTOS(ctx, source, id) },
			"vendor suspend": func() error { return w.VendorSuspend(ctx, operator, sub) },
		} {
			if err := act(); !fault.Is(err, "customer.moved") {
				t.Errorf("%s after the move: %v", name, err)
			}
		}
		record, err := w.Customer(ctx, source, id)
		w.Must(err)
		if record.Move == nil || record.Move.Console != w.A.Name || record.Move.BillingDate != op.FirstBillingDate ||
			len(record.Move.Entities) != 1 || record.Move.Entities[0].From != "Entity One" || record.Move.Entities[0].To != "Entity One" {
			t.Errorf("the source sees %+v", record.Move)
		}
		if got := subscription(w, w.A, id); got.Seats != 12 {
			t.Errorf("the fulfilled order did not go along: %+v", got)
		}
	})
}

// TestReasonsAreCleared clears each reason that these pages can clear, and looks at the evaluation.
func TestReasonsAreCleared(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, source, operator := t.Context(), apptest.Admin(w.B), apptest.Operator(w.B)
		ids := w.AddCustomers(w.B, 3, func(i int, c *customer.Customer, s *customer.Subscription) {
			switch i {
			case 0:
				c.TOSAcceptedAt = noTime
			case 1:
				s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
			}
		})
		w.Update(func(tx *store.Tx) error { return tx.InsertOrders(ctx, []customer.Order{order(w, w.B, ids[2])}) })
		w.Connect(w.A, w.B)
		blockers := func(id string) []migration.Code {
			record, err := w.Customer(ctx, source, id)
			w.Must(err)
			return migration.CodesOf(record.Customer.Blockers)
		}
		for i, step := range []struct {
			code  migration.Code
			clear func() error
		}{
			{migration.PendingTOS, func() error { return w.RecordTOS(ctx, source, ids[0]) }},
			{migration.SuspendedByVendor, func() error { return w.LiftVendorSuspension(ctx, operator, "sub_"+ids[1][4:]) }},
			{migration.OpenOrder, func() error { return w.CancelOrder(ctx, source, "ord_"+ids[2]) }},
		} {
			if got := blockers(ids[i]); !slices.Equal(got, []migration.Code{step.code}) {
				t.Errorf("before: %v, want %s", got, step.code)
			}
			w.Must(step.clear())
			if got := blockers(ids[i]); len(got) != 0 {
				t.Errorf("after %s was cleared: %v", step.code, got)
			}
		}
		wantFault(t, w.CancelOrder(ctx, source, "ord_"+ids[2]), "order.state")
	})
}

func TestWhoMayNotIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		id := w.AddCustomers(w.B, 1, nil)[0]
		sub := "sub_" + id[4:]
		w.Update(func(tx *store.Tx) error { return tx.InsertOrders(ctx, []customer.Order{order(w, w.B, id)}) })
		account := apptest.Account(w.B, "JPY", "le_1")
		edit := customer.Customer{ID: id, Name: "X"}
		type roles = []console.Role
		editors := roles{console.RoleSuperAdmin, console.RoleResellerAdmin, console.RoleIndirectResellerAdmin}
		for name, verb := range map[string]struct {
			may roles
			do  func(console.Actor) error
		}{
			"edit":       {editors, func(a console.Actor) error { return w.EditContact(ctx, a, edit, "") }},
			"tos":        {editors, func(a console.Actor) error { return w.RecordTOS(ctx, a, id) }},
			"suspend":    {editors, func(a console.Actor) error { return w.SuspendSubscription(ctx, a, sub) }},
			"reactivate": {editors, func(a console.Actor) error { return w.ReactivateSubscription(ctx, a, sub) }},
			"cancel":     {editors, func(a console.Actor) error { return w.CancelOrder(ctx, a, "ord_"+id) }},
			"request": {editors, func(a console.Actor) error {
				return w.RequestBillingAccount(ctx, a, "EUR", catalog.GoogleWorkspace)
			}},
			"create account": {
				roles{console.RoleSuperAdmin, console.RoleResellerAdmin, console.RoleBilling},
				func(a console.Actor) error { _, err := w.CreateBillingAccount(ctx, a, newAccount("le_1")); return err },
			},
			"sign":    {roles{console.RoleSuperAdmin}, func(a console.Actor) error { return w.SignAgreement(ctx, a, "le_1") }},
			"fulfil":  {nil, func(a console.Actor) error { return w.FulfilOrder(ctx, a, "ord_"+id) }},
			"vendor":  {nil, func(a console.Actor) error { return w.VendorSuspend(ctx, a, sub) }},
			"lift":    {nil, func(a console.Actor) error { return w.LiftVendorSuspension(ctx, a, sub) }},
			"grant":   {nil, func(a console.Actor) error { return w.GrantSKUs(ctx, a, []string{apptest.Seats}) }},
			"account": {nil, func(a console.Actor) error { return w.SetBillingAccountState(ctx, a, account, billing.RestrictAccount) }},
		} {
			for _, role := range console.Roles {
				err := verb.do(apptest.As(w.B, role))
				if refused := fault.KindOf(err) == fault.Forbidden && err != nil; refused == slices.Contains(verb.may, role) {
					t.Errorf("%s by %s: %v", name, role, err)
				}
				if err := verb.do(apptest.As(w.C, role)); slices.Contains(verb.may, role) && name != "request" && name != "create account" && name != "sign" && fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s by %s of another console: %v", name, role, err)
				}
			}
		}
	})
}

func newAccount(entity string) app.NewBillingAccount {
	return app.NewBillingAccount{Name: "EUR", Currency: "EUR", Group: catalog.GoogleWorkspace, LegalEntityID: entity}
}

// Of two people with the same form in view, the second is told what the first wrote, and nothing is lost.
func TestEditingWhatSomebodyHasChangedSince(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, admin, id := t.Context(), apptest.Admin(w.B), w.AddCustomers(w.B, 1, nil)[0]
		read := func() customer.Customer {
			record, err := w.Customer(ctx, admin, id)
			w.Must(err)
			return record.Customer
		}
		seen := read()
		first, second := seen, seen
		first.Phone, second.Address, second.Phone = "03-1111-1111", "Osaka", "06-2222-2222"
		w.Must(w.EditContact(ctx, admin, first, app.ContactMark(seen)))
		w.Must(w.SuspendSubscription(ctx, admin, "sub_"+id[4:])) // no contact data
		err := w.EditContact(ctx, admin, second, app.ContactMark(seen))
		wantFault(t, err, "customer.edited_meanwhile")
		want := []fault.Field{
			{Name: "phone", Key: "customer.field.now", Args: fault.Args{"Value": "03-1111-1111"}},
			{Name: "address", Key: "customer.field.now_empty"},
		}
		if got := fault.As(err).Fields; !reflect.DeepEqual(got, want) {
			t.Errorf("told %+v, want %+v", got, want)
		}
		if now := read(); now.Phone != first.Phone || now.Address != "" {
			t.Errorf("saved %+v", now)
		}
		w.Must(w.EditContact(ctx, admin, second, app.ContactMark(read())))
		if now := read(); now.Phone != second.Phone || now.Address != "Osaka" {
			t.Errorf("saved %+v", now)
		}
	})
}

// Either side's record says where the customer came from and where it went (spec M9).
func TestARecordSaysWhereItsCustomerWasAndWent(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		id := w.AddCustomers(w.B, 1, nil)[0]
		first := w.Connect(w.A, w.B)
		w.Move(first, w.A, w.B)
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), first.ID, false))
		w.Exec(`UPDATE consoles SET name = name || ' renamed'`)
		second := w.Connect(w.C, w.A)
		w.Move(second, w.C, w.A)
		passages := func(c console.Console) (list []app.Passage) {
			record, err := w.Customer(t.Context(), apptest.Admin(c), id)
			w.Must(err)
			for _, p := range record.Passages {
				if p.MigrationID == "" || p.At.IsZero() || p.BillingDate == 0 {
					t.Errorf("%+v", p)
				}
				list = append(list, app.Passage{ConnectionID: p.ConnectionID, Out: p.Out, Console: p.Console, AccountID: p.AccountID})
			}
			return list
		}
		for c, want := range map[console.Console][]app.Passage{
			w.A: {
				{ConnectionID: second.ID, Out: true, Console: "Console C renamed", AccountID: w.C.AccountID},
				{ConnectionID: first.ID, Console: "Console B", AccountID: w.B.AccountID},
			},
			w.B: {{ConnectionID: first.ID, Out: true, Console: "Console A", AccountID: w.A.AccountID}},
			w.C: {{ConnectionID: second.ID, Console: "Console A renamed", AccountID: w.A.AccountID}},
		} {
			if got := passages(c); !slices.Equal(got, want) {
				t.Errorf("%s: %+v, want %+v", c.Name, got, want)
			}
		}
		if record, err := w.Customer(t.Context(), apptest.Admin(w.B), id); err != nil || record.Move.Console != "Console A" {
			t.Errorf("%+v, %v", record.Move, err)
		}
	})
}

func TestCustomersAreListedAndSearched(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 5, nil)
		w.AddCustomers(w.A, 1, nil)
		l, err := w.Customers(t.Context(), apptest.As(w.B, console.RoleViewer), app.CustomerQuery{Page: app.Page{Limit: 3}})
		w.Must(err)
		if len(l.Rows) != 3 || l.Counts[customer.Live].N != 5 || l.Counts[customer.Moved].N != 0 || !l.HasNext || l.Summaries[ids[0]].Subscriptions != 1 {
			t.Errorf("%+v", l)
		}
		l, err = w.Customers(t.Context(), apptest.Admin(w.B), app.CustomerQuery{CustomerFilter: app.CustomerFilter{Search: "C000004"}, Page: app.Page{Limit: 3}})
		w.Must(err)
		if len(l.Rows) != 1 || l.Rows[0].ID != ids[3] {
			t.Errorf("%+v", l)
		}
		_, err = w.Customer(t.Context(), apptest.Admin(w.A), ids[0])
		wantFault(t, err, "customer.not_found")
	})
}

// TestASearchTakesWhatTypingCannotTellApartForOne searches in kana and in forms of kanji other than the name's.
func TestASearchTakesWhatTypingCannotTellApartForOne(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		id := w.AddCustomers(w.B, 2, func(n int, c *customer.Customer, _ *customer.Subscription) {
			if n == 0 {
				c.Name = "株式会社髙橋ベーカリー"
			}
		})[0]
		for _, search := range []string{"髙橋", "高橋", "べーかりー", "ﾍﾞｰｶﾘｰ", "ベーカ", "高橋べ c000001"} {
			l, err := w.Customers(t.Context(), apptest.Admin(w.B), app.CustomerQuery{CustomerFilter: app.CustomerFilter{Search: search}, Page: app.Page{Limit: 3}})
			w.Must(err)
			if len(l.Rows) != 1 || l.Rows[0].ID != id {
				t.Errorf("%s finds %+v", search, l.Rows)
			}
		}
	})
}

func TestContactMustBeRight(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		id := w.AddCustomers(w.B, 1, nil)[0]
		err := w.EditContact(t.Context(), apptest.Admin(w.B), customer.Customer{ID: id, ContactEmail: "nobody"}, "")
		wantFault(t, err, "customer.invalid")
		if fields := fault.As(err).Fields; len(fields) != 2 {
			t.Errorf("fields %+v", fields)
		}
	})
}
