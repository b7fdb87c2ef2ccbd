package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/support"
)

// house is a world in which the source has something of everything, and what its methods are called with.
type house struct {
	*apptest.World
	ids            []string // the source's customers
	connectionID   string
	run            store.Operation   // moved one, gave one back and has one to go
	paused         string            // another run
	moved, waiting string            // migrations: done, and to be done next
	started        string            // and one without a choice
	dump           string            // all rows but the stranger's own
	rightful       map[string]string // who may, of methods of which it is not the usual console
	matter         support.Case
	byMethod       map[string]map[string]any // what a parameter of a method is
	byName         map[string]any            // what a parameter of any method is
	byType         []any                     // and what is of a type
}

func newHouse(t *testing.T, db *store.DB) *house {
	t.Helper()
	w := apptest.New(t, db)
	h := &house{World: w}
	ctx := t.Context()
	w.AddIssuer()
	w.Config.ChunkSize = 2
	w.Update(func(tx *store.Tx) error {
		return errors.Join(
			tx.InsertReseller(ctx, "res_stranger", "Stranger", apptest.Start),
			tx.InsertConsole(ctx, console.Console{
				ID: stranger, AccountID: console.NewAccountID([7]byte{9}), Name: "Stranger", ResellerID: "res_stranger",
				State: console.Active, CreatedAt: apptest.Start,
			}),
			tx.InsertCustomRole(ctx, ownRole, apptest.Start),
			tx.InsertServiceAccount(ctx, robot("sva_1")),
			ended(tx.BeginRequest(ctx, requested("key_1"), time.Time{})),
			tx.InsertToken(ctx, robotsToken("tok_1"), store.TokenProof{Hash: "one"}),
			tx.InsertWebhook(ctx, hook, "whsec_1"),
			tx.InsertWebhookMessages(ctx, sourceConsole, []store.WebhookMessage{message("msg_1"), message("msg_2")}),
			tx.SettleWebhookMessage(ctx, failed(message("msg_2")), store.WebhookAttempt{N: 1, At: apptest.Start}),
			ended(tx.HoldWebhook(ctx, sourceConsole, hook.ID, "holder", apptest.Start, apptest.Start.Add(time.Minute))),
			tx.InsertPerson(ctx, console.Person{ID: "per_1", Email: "one@b.example", Name: "Person of B", CreatedAt: apptest.Start}),
			tx.SetMembership(ctx, console.Membership{ConsoleID: sourceConsole, PersonID: "per_1", Role: console.RoleViewer}, apptest.Start),
			tx.GrantRole(ctx, store.RoleGrant{ConsoleID: sourceConsole, Email: "to.come@b.example", Role: console.RoleViewer}, apptest.Start),
			tx.SetMembership(ctx, console.Membership{ConsoleID: mainConsole, PersonID: "per_1", Role: console.RoleViewer}, apptest.Start),
		)
	})
	euro := w.NewAccount(w.B, "EUR", "le_1")
	ids := w.AddCustomers(w.B, 12, func(i int, c *customer.Customer, s *customer.Subscription) {
		s.ExternalID = "ext"
		switch {
		case i == 9:
			s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
		case i == 10:
			c.TOSAcceptedAt = time.Time{}
		case i == 11:
			s.Currency, s.BillingAccountID = "EUR", euro
		case i%2 == 0:
			s.Plan, s.TermStart, s.TermEnd, s.Renewal = catalog.AnnualYearlyPay, s.StartDate, s.StartDate+365, customer.RenewYearly
		}
	})
	con := w.Connect(w.A, w.B)
	h.dump = w.DumpSQL(stranger)
	h.ids, h.connectionID = ids, con.ID
	h.migrate()
	h.round()
	h.bill()
	h.teach()
	return h
}

// migrate has customers in every state of a migration.
func (h *house) migrate() {
	ctx := h.T.Context()
	_, err := h.StartMigrations(ctx, apptest.Admin(h.B), h.connectionID, store.Scope{IDs: h.ids[:8]})
	h.Must(err)
	migrations := h.Texts(`SELECT id FROM migrations ORDER BY customer_id`)
	complete := func(some []string) string {
		op, err := h.CompleteMigrations(ctx, apptest.Admin(h.A), h.Confirm(h.A, app.Completion{
			ConnectionID: h.connectionID, Scope: store.Scope{IDs: some}, Choices: h.choices(),
		}))
		h.Must(err)
		return op.ID
	}
	run := complete(migrations[:3])
	h.Must(h.VendorSuspend(ctx, apptest.Operator(h.B), "sub_"+h.ids[1][4:]))
	h.Must(h.RunMoveChunk(ctx, app.MoveChunkJob{ConsoleID: mainConsole, OperationID: run, Seq: 1}))
	h.paused = complete(migrations[3:5])
	h.Must(h.PauseRun(ctx, apptest.Admin(h.A), h.paused))
	h.Read(func(tx *store.Tx) (err error) {
		h.run, err = tx.Operation(ctx, mainConsole, run)
		return err
	})
	h.moved, h.waiting, h.started = migrations[0], migrations[2], migrations[5]
}

func (h *house) choices() store.Choices {
	return store.Choices{Groups: []store.GroupChoice{apptest.Choose(h.A, "JPY", "le_1", "le_2")}}
}

// round adds what else there is: an order, an import, an invitation, orders that the main may read.
func (h *house) round() {
	ctx, now := h.T.Context(), h.Clock.Now()
	h.Must(h.ShareOrders(ctx, apptest.Admin(h.B), h.connectionID, true))
	order := func(i int, state customer.OrderState) customer.Order {
		return customer.Order{
			ConsoleID: sourceConsole, ID: fmt.Sprint("ord_", i), CustomerID: h.ids[i], SubscriptionID: "sub_" + h.ids[i][4:],
			At: apptest.Start, By: customer.ByReseller, Action: customer.OrderSeatsChanged, SKUID: apptest.Seats,
			Plan: catalog.Flexible, State: state,
		}
	}
	h.matter = support.Case{
		ConsoleID: sourceConsole, ID: "cas_1", Kind: support.Question, Title: "T", CustomerID: h.ids[8], State: support.Open, OpenedAt: now, ChangedAt: now,
	}
	h.Update(func(tx *store.Tx) (err error) {
		if h.matter.Number, err = tx.InsertCase(ctx, h.matter); err != nil {
			return err
		}
		other := h.matter
		other.ID = "cas_2"
		if _, err = tx.InsertCase(ctx, other); err != nil {
			return err
		}
		if err := tx.InsertCaseUndo(ctx, store.Undo{ConsoleID: sourceConsole, CaseID: "cas_1", MigrationID: h.moved, FromID: sourceConsole, ToID: mainConsole}); err != nil {
			return err
		}
		return tx.InsertCaseEntry(ctx, store.CaseEntry{ConsoleID: sourceConsole, ID: "cse_1", CaseID: "cas_1", At: now, Text: "x", Files: []support.File{
			{ID: "csf_1", Name: "a.txt", Type: "text/plain", Size: 1, Bytes: []byte("x")},
		}})
	})
	h.Update(func(tx *store.Tx) error {
		return errors.Join(
			tx.InsertOrders(ctx, []customer.Order{order(0, customer.OrderFulfilled), order(8, customer.OrderOpen)}),
			tx.InsertOperation(ctx, store.Operation{
				ConsoleID: sourceConsole, ID: "op_import", Kind: store.ImportCustomers, State: store.OperationRunning, StartedAt: now,
			}),
			tx.InsertUpload(ctx, sourceConsole, "op_import", strings.NewReader("a file")),
			tx.InsertOperation(ctx, store.Operation{
				ConsoleID: sourceConsole, ID: "op_failed", Kind: store.ImportCustomers, State: store.OperationRunning, StartedAt: now,
			}),
			tx.InsertUpload(ctx, sourceConsole, "op_failed", strings.NewReader("a file with much that is wrong")),
			ended(tx.SetOperationState(ctx, sourceConsole, "op_failed", store.OperationRunning, store.OperationFailed, now)),
			tx.InsertConnection(ctx, connection.Connection{
				ID: "con_invite", MainID: invitedConsole, SourceID: sourceConsole, State: connection.Invited, InvitedAt: now,
				ExpiresAt: now.Add(30 * 24 * time.Hour),
			}),
		)
	})
}

// ended is the error of what ends an operation.
func ended(_ bool, err error) error { return err }

// bill closes October of the source and begins to close November.
func (h *house) bill() {
	h.Clock.Advance(h.Clock.Ahead() + 40*24*time.Hour)
	h.CloseMonthOf(h.B, october)
	ctx := h.T.Context()
	h.Update(func(tx *store.Tx) error { // of days of October, which is closed
		late, err := tx.Subscription(ctx, sourceConsole, "sub_"+h.ids[8][4:])
		late.ID, late.Plan, late.ExternalID = "sub_late", catalog.Flexible, ""
		return errors.Join(err, tx.InsertSubscriptions(ctx, []customer.Subscription{late}), tx.CountLicences(ctx, sourceConsole, october.End()-1))
	})
	h.Update(func(tx *store.Tx) error {
		namesake, err := tx.Customer(ctx, sourceConsole, h.ids[8])
		namesake.ConsoleID, namesake.ID = mainConsole, "cus_namesake"
		_, closing := tx.BeginClose(ctx, sourceConsole, november)
		return errors.Join(err, closing, tx.InsertCustomers(ctx, []customer.Customer{namesake}), tx.InsertTransferToken(ctx, store.TransferToken{
			ConsoleID: sourceConsole, CustomerID: h.ids[0], ID: "trt_kept", Hash: "kept", ExpiresAt: h.Clock.Now().AddDate(1, 0, 0),
		}))
	})
	h.Exec(`UPDATE migrations SET state = 'SCHEDULED', billing_date = 1 WHERE customer_id = '` + h.ids[7] + `'`)
	h.Exec(`INSERT INTO migrations (console_id, id, connection_id, to_console_id, customer_id, customer_name, sort_name, search_text,
			domain, kind, state, started_at, started_by, billing_date, ended_at, answers_id)
		SELECT to_console_id, 'mig_back', connection_id, console_id, customer_id, customer_name, sort_name, search_text, domain,
			'UNDO', state, started_at, '', billing_date, ended_at, id FROM migrations WHERE id = '` + h.moved + `'`)
	h.Exec(`INSERT INTO migration_subscriptions (console_id, migration_id, subscription_id, from_account_id, from_legal_entity_id,
			to_account_id, to_legal_entity_id)
		SELECT m.console_id, m.id, s.id, s.billing_account_id, 'le_1', '` + apptest.Account(h.A, "JPY", "le_1") + `', 'le_1'
		FROM migrations m JOIN subscriptions s ON s.console_id = m.console_id AND s.customer_id = m.customer_id
		WHERE m.state = 'SCHEDULED'`)
	h.Exec(`INSERT INTO balance_movements (console_id, id, billing_account_id, currency, amount, invoice_id, at)
		VALUES ('` + sourceConsole + `', 'bal', '` + apptest.Account(h.B, "JPY", "le_1") + `', 'JPY', -7, '', 1)`)
}

var (
	october  = civil.NewDate(2026, time.October, 1).Month()
	november = october.Next()
)

func (h *house) rows(ctx context.Context, c store.Conn) (list []string, err error) {
	rows, err := c.Query(ctx, h.dump)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	return list, rows.Err()
}

// value returns what the method is called with in the place of a parameter when asker asks.
func (h *house) value(t *testing.T, m storeMethod, name string, of reflect.Type, asker string, first bool) reflect.Value {
	t.Helper()
	if slices.Contains(askers, name) {
		if first {
			return reflect.ValueOf(asker)
		}
		return reflect.ValueOf(map[string]string{"mainID": mainConsole, "sourceID": sourceConsole, "consoleID": sourceConsole}[name])
	}
	v, ok := h.byMethod[m.name][name]
	if !ok && of.Kind() != reflect.String {
		for _, typed := range h.byType {
			if reflect.TypeOf(typed) == of {
				v, ok = typed, true
			}
		}
	}
	if !ok {
		v, ok = h.byName[name]
	}
	if !ok && of.Kind() != reflect.Interface {
		t.Fatalf("teach this test what the parameter %s %s of %s can be", name, of, m.name)
	}
	if of == reflect.TypeFor[io.Reader]() {
		return reflect.ValueOf(io.Reader(bytes.NewReader([]byte("a file"))))
	}
	if !reflect.TypeOf(v).ConvertibleTo(of) {
		t.Fatalf("teach this test what the parameter %s %s of %s can be: not %T", name, of, m.name, v)
	}
	return owned(reflect.ValueOf(v).Convert(of), asker)
}

// owned returns a copy of a value as if it were asker's.
func owned(v reflect.Value, asker string) reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		list := reflect.MakeSlice(v.Type(), 0, v.Len())
		for i := range v.Len() {
			list = reflect.Append(list, owned(v.Index(i), asker))
		}
		return list
	case reflect.Struct:
		field := ownerField(v.Type())
		if field == "" {
			return v
		}
		own := reflect.New(v.Type()).Elem()
		own.Set(v)
		own.FieldByName(field).SetString(asker)
		return own
	default:
		return v
	}
}

// teach says what the methods are called with.
func (h *house) teach() {
	ctx, now, ids, run := h.T.Context(), h.Clock.Now(), h.ids, h.run
	var cust customer.Customer
	var sub customer.Subscription
	var order customer.Order
	var account billing.Account
	var invoices []store.Invoice
	h.Read(func(tx *store.Tx) error {
		var errs [5]error
		cust, errs[0] = tx.Customer(ctx, sourceConsole, ids[8])
		sub, errs[1] = tx.Subscription(ctx, sourceConsole, "sub_"+ids[8][4:])
		order, errs[2] = tx.Order(ctx, sourceConsole, "ord_8")
		account, errs[3] = tx.BillingAccount(ctx, sourceConsole, apptest.Account(h.B, "JPY", "le_1"))
		invoices, errs[4] = tx.Invoices(ctx, sourceConsole, 10)
		return errors.Join(errs[:]...)
	})
	if len(invoices) == 0 {
		h.T.Fatal("nothing was invoiced")
	}
	states := []migration.State{migration.Started, migration.Migrating, migration.Completed, migration.Cancelled}
	terms := cust
	terms.ID, terms.TOSAcceptedAt = ids[10], now
	handed := sub
	handed.BillingAccountID = apptest.Account(h.A, "JPY", "le_1")
	named := cust
	named.IdentityAt, named.IdentityAdmin = now, "admin@"+cust.Domain
	suspended := sub
	suspended.State, suspended.SuspensionReason = customer.SubSuspended, customer.SuspendedByReseller
	changed := sub
	changed.Seats++
	more := sub
	more.ID, more.StartDate = "sub_more", november.End()
	resolved := h.matter
	resolved.State = support.Resolved
	newcomer := cust
	newcomer.ID, newcomer.Domain = "cus_new", "new.example"
	h.Update(func(tx *store.Tx) error {
		return errors.Join(
			tx.SaveCustomerFilter(ctx, sourceConsole, "per_1", store.SavedFilter{Name: "own", Query: "q=own"}),
			tx.SetCustomerSettings(ctx, sourceConsole, "per_1", store.CustomerSettings{Columns: []string{"domain"}, PageSize: 25}),
		)
	})
	h.rightful = map[string]string{
		"Operation": mainConsole, "OperationReturns": mainConsole, "ReturnsAfter": mainConsole, "SetOperationState": mainConsole, "ConnectedAsMain": mainConsole, "CountRunsUnderWay": mainConsole,
		"SetOperationResult": mainConsole, "SetOperationTotal": mainConsole, "AdvanceOperation": mainConsole,
	}
	h.byType = []any{
		store.Scope{All: true},
		store.Page{Limit: 50},
		store.Cursor{},
		store.LineCursor{},
		store.CandidateFilter{Ready: true},
		store.CustomerSettings{Columns: []string{"name"}, PageSize: 50},
		store.SavedFilter{Name: "kept", Query: "q=a"},
		store.CustomerFilter{State: customer.Live, Plan: sub.Plan},
		store.CustomerOrder{},
		store.OrderFilter{},
		store.MigrationFilter{ConnectionID: h.connectionID, SourceID: sourceConsole, States: states},
		h.choices(),
		october, civil.NewDate(2026, time.November, 3), now, ids,
		[]store.RunItem{{MigrationID: h.waiting, CustomerID: ids[2]}},
		[]store.Return{{MigrationID: h.waiting, Reason: migration.OpenOrder}},
		cust, sub, order, account, run, invoices[0],
		[]console.Privilege{console.SuperAdmin, console.AddCustomers, console.TransferCustomers},
		migration.Migration{FromID: sourceConsole, ToID: mainConsole, ConnectionID: h.connectionID, StartedAt: now, StartedBy: "X"},
		[]customer.Customer{newcomer},
		[]customer.Order{{
			ConsoleID: sourceConsole, ID: "ord_new", CustomerID: ids[8], At: now, State: customer.OrderOpen,
		}},
		[]billing.Account{{
			ConsoleID: sourceConsole, ID: "ba_new", Currency: "JPY", Group: catalog.GoogleWorkspace, LegalEntityID: "le_1",
			State: billing.AccountActive,
		}},
		store.Event{ConsoleID: sourceConsole, ID: "evt_new", At: now, Side: store.SideOwn, PersonName: "X", Action: "x"},
		store.Notice{ConsoleID: sourceConsole, ID: "ntc_new", At: now, Kind: "x", Dedupe: "x"},
		console.Membership{ConsoleID: sourceConsole, PersonID: "per_1", Role: console.RoleBilling, State: console.MemberActive},
		billing.Issuer{ID: "iss", Code: "X"},
		store.RoleGrant{ConsoleID: sourceConsole, Email: "to.come@b.example", Role: console.RoleBilling},
		money.Amount{Currency: "JPY"},
		robot("sva_new"), robotsToken("tok_new"),
		store.TokenProof{Hash: "new"},
		store.EventFilter{},
		store.NoticeQuery{},
		[]store.InvoiceLine{{ChargeID: "line"}},
		store.CaseFilter{States: support.States},
		support.Case{ConsoleID: sourceConsole, ID: "cas_new", Kind: support.Question, State: support.Open, OpenedAt: now},
		store.CaseEntry{ConsoleID: sourceConsole, ID: "cse_new", CaseID: h.matter.ID, At: now, Text: "x"},
	}
	h.byName = map[string]any{
		"limit": 50, "after": "", "before": "", "search": "", "state": customer.Live, "customerID": ids[8], "connectionID": h.connectionID,
		"runID": run.ID, "accountID": account.ID, "migrationID": h.moved, "operationID": "op_import", "personID": "per_1",
		"invoiceID": invoices[0].ID, "idOrNumber": invoices[0].Number, "currency": money.Currency("JPY"), "reason": "x",
		"from": int64(1), "to": int64(9), "seq": int64(0), "legalEntityID": "le_new", "by": "X", "batch": "mig_new",
		"except": "", "until": "zzz", "shares": false, "next": run.NextSeq + 2, "done": int64(1), "returned": int64(0),
		"noticeID": h.Texts(`SELECT min(id) FROM notices WHERE console_id = '` + sourceConsole + `'`)[0],
		"result":   "x", "total": int64(9), "eventID": "evt_bulk", "skuIDs": []string{apptest.Seats},
	}
	h.byMethod = map[string]map[string]any{
		"UndoneMigrations": {"customerIDs": h.Texts(`SELECT customer_id FROM migrations WHERE id = 'mig_back'`)},
		"CaseUndo":         {"caseID": h.matter.ID}, "UndoAsked": {"migrationID": h.moved},
		"InsertCaseUndo": {"u": store.Undo{ConsoleID: sourceConsole, CaseID: "cas_2", MigrationID: h.moved, FromID: sourceConsole, ToID: mainConsole}},
		"DecideUndo":     {"u": store.Undo{ConsoleID: sourceConsole, CaseID: h.matter.ID, Decided: support.Decided{Decision: support.Rejected, Reason: "x", At: now}}},
		"InsertUndo": {"m": migration.Migration{
			ID: "mig_undo", FromID: sourceConsole, ToID: mainConsole, ConnectionID: h.connectionID, CustomerID: ids[8], StartedAt: now, Answers: h.moved,
		}},
		"Case": {"idOrNumber": h.matter.ID}, "ChangeCase": {"c": resolved, "was": h.matter},
		"CaseEntries": {"caseID": h.matter.ID, "internal": true}, "CaseFile": {"caseID": h.matter.ID, "id": "csf_1", "internal": true},
		"InsertTransferToken": {"t": store.TransferToken{ConsoleID: sourceConsole, CustomerID: ids[0], Hash: "another", ExpiresAt: now}},
		"TransferTokens":      {"customerID": ids[0]},
		"RevokeTransferToken": {"customerID": ids[0], "id": "trt_kept"},
		"UseTransferTokens":   {"customerID": ids[0]}, "HandOver": {"h": store.Handover{ID: "trf_1", From: ids[8], To: "cus_namesake", Date: civil.NewDate(2026, time.December, 1), Subscriptions: []customer.Subscription{handed}}},
		"AcceptTOS": {"c": terms}, "SetIdentity": {"c": named}, "DeleteCustomer": {"id": ids[10]}, "BeginClose": {"m": november.Next()}, "EndClose": {"m": november, "closedAt": time.Time{}},
		"DropInvoiceLines": {"m": november}, "InvoicesDue": {"from": civil.Date(0), "to": civil.Forever}, "InsertInvoiceLines": {"m": november}, "CustomerEvents": {"customerID": ids[1]}, "CustomerMarks": {"customerIDs": ids[:2]},
		"EventOf":           {"subject": h.connectionID, "action": "connection.accepted"},
		"EvaluateNamesakes": {"ids": []string{"cus_namesake"}}, "MigrationsOfCustomer": {"customerID": ids[0]}, "Passages": {"customerID": ids[0]},
		"LeaveRuns":       {"subscriptionIDs": []string{"sub_" + ids[3][4:]}},
		"StoreOwnChoices": {"own": map[string]string{"sub_" + ids[5][4:]: apptest.Account(h.A, "JPY", "le_2")}},
		"MissingChoices":  {"c": store.Choices{}}, "BeginScheduledRun": {"d": civil.Date(1), "runID": "op_scheduled"},
		"UnfitChoices": {"items": []store.RunItem{{MigrationID: h.started, CustomerID: ids[5]}}}, "ResumeRun": {"runID": h.paused}, "BillingAccount": {"id": account.ID}, "BillingAccountUsed": {"id": account.ID, "open": civil.Date(0)},
		"BilledSubscriptions": {"subscriptionIDs": []string{sub.ID}},
		"ComingRenewals":      {"to": civil.Forever},
		"CountLicences":       {"on": november.First()},
		"LicenceCounts":       {"from": civil.Date(0).Month()},
		"MonthSums":           {"from": civil.Date(0).Month()},
		"Token":               {"id": "tok_1"}, "RevokeToken": {"id": "tok_1"}, "TouchToken": {"id": "tok_1"},
		"Request": {"caller": "sva_1", "key": "key_1", "forget": time.Time{}}, "EndRequest": {"r": requested("key_1")}, "BeginRequest": {"r": requested("key_2")},
		"Webhook": {"id": hook.ID}, "InsertWebhook": {"w": anotherHook(), "secret": "x"}, "ChangeWebhook": {"w": hook}, "SetWebhookSecret": {"w": hook, "secret": "x", "oldUntil": now},
		"RemoveWebhook": {"id": hook.ID}, "WebhookSecrets": {"id": hook.ID}, "HoldWebhook": {"id": hook.ID, "by": "other", "until": now},
		"WebhookHeldUntil": {"id": hook.ID}, "KeepWebhook": {"w": hook, "by": "holder", "until": now}, "LeaveWebhook": {"id": hook.ID, "by": "holder", "from": time.Time{}},
		"InsertWebhookMessages": {"list": []store.WebhookMessage{message("msg_new")}}, "DueWebhookMessages": {"webhookID": hook.ID},
		"NextWebhookMessage": {"webhookID": hook.ID, "now": time.Time{}}, "SettleWebhookMessage": {"m": failed(message("msg_1")), "a": store.WebhookAttempt{N: 1, At: now}},
		"FailWebhookMessages": {"webhookID": hook.ID}, "WebhookMessages": {"webhookID": hook.ID, "f": store.WebhookMessageFilter{}},
		"WebhookMessage": {"webhookID": hook.ID, "id": "msg_2"}, "WebhookAttempts": {"webhookID": hook.ID, "messageID": "msg_2"},
		"ReplayWebhookMessage": {"webhookID": hook.ID, "id": "msg_2"}, "ReplayFailedMessages": {"webhookID": hook.ID, "since": time.Time{}},
		"ServiceAccount": {"id": "sva_1"}, "RemoveServiceAccount": {"id": "sva_1"},
		"CustomRole":       {"id": "rol_1"},
		"InsertCustomRole": {"r": another()},
		"ChangeCustomRole": {"r": ownRole},
		"PlannedMoves":     {"m": civil.Date(1).Month()},
		"CountDueTerms":    {"on": sub.TermEnd}, "CorrectionSums": {"m": november},
		"CountPaying":         {"o": offerOf(sub), "price": sub.Price},
		"PayingTerms":         {"o": offerOf(sub), "price": sub.Price},
		"Paying":              {"o": offerOf(sub), "price": sub.Price},
		"Reprice":             {"list": []customer.Subscription{sub}, "s": catalog.Step{Offer: offerOf(changed), From: november.End()}, "was": sub.Price},
		"DueTerms":            {"on": sub.TermEnd, "after": store.DueCursor{}},
		"DueTermsOf":          {"on": sub.TermEnd, "after": store.DueCursor{}, "customerIDs": []string{sub.CustomerID}},
		"LotsThere":           {"ids": []string{store.LotID(sub)}},
		"TransferOut":         {"list": []customer.Subscription{sub}},
		"EndingTerms":         {"on": sub.TermEnd, "accountID": sub.BillingAccountID},
		"Renew":               {"list": []billing.Renewed{{Subscription: changed, Action: customer.OrderRenewed, From: civil.NewDate(2026, time.November, 3)}}},
		"ChangeSubscriptions": {"list": []customer.Subscription{changed}}, "InsertSubscriptions": {"list": []customer.Subscription{more}},
		"Connection": {"id": h.connectionID}, "SetSharesOrders": {"id": h.connectionID}, "Customer": {"id": ids[8]},
		"CustomersOfDomains": {"domains": []string{cust.Domain}}, "CustomersEverOfDomain": {"domain": cust.Domain}, "EarlierOrders": {"customerID": ids[0]},
		"LegalEntity": {"id": "le_1"}, "Migration": {"id": h.moved}, "Operation": {"id": run.ID}, "OperationForSource": {"id": run.ID},
		"ReturnsAfter": {"id": run.ID, "after": store.OperationReturn{}}, "Report": {"after": int64(0)}, "DueInvoices": {"from": civil.Date(0)}, "AccountSums": {"from": civil.Date(0)}, "BalanceUsed": {"id": "bal"},
		"UseBalance":       {"now": int64(1), "u": store.BalanceUse{ConsoleID: sourceConsole, ID: "bal_x", AccountID: account.ID, Amount: money.Amount{Minor: 1, Currency: "JPY"}}},
		"SetPaymentDays":   {"a": otherTerms(account)},
		"OperationReturns": {"id": run.ID}, "SetOperationResult": {"id": run.ID}, "SetOperationTotal": {"id": run.ID},
		"DeleteCustomerFilter": {"name": "own"},
		"SetOperationState":    {"id": run.ID, "from": store.OperationRunning, "to": store.OperationPaused, "endedAt": time.Time{}},
		"MailReaders":          {"topic": console.NoticeTopic("invoices")},
		"NoticedSince":         {"matter": h.connectionID, "since": time.Time{}},
		"TouchPayingAccounts":  {"accountIDs": []string{account.ID}},
		"Order":                {"id": order.ID}, "CloseOrder": {"o": closed(order)}, "Subscription": {"id": sub.ID},
		"TellReadiness": {"after": "", "upTo": "zzz", "everybody": true}, "CountRenewals": {"from": civil.Date(0), "to": civil.Forever},
		"SubscriptionsOfExternal": {"ids": []string{"ext"}}, "SetSuspension": {"s": suspended, "from": sub},
		"SetBillingAccountState": {"a": restricted(account), "from": billing.AccountActive},
	}
}

var ownRole = console.CustomRole{ConsoleID: sourceConsole, ID: "rol_1", Name: "Own", Privileges: []console.Privilege{console.ViewCustomers}}

func requested(key string) store.Request {
	return store.Request{ConsoleID: sourceConsole, Caller: "sva_1", Key: key, State: store.RequestUnanswered, At: apptest.Start}
}

func robot(id string) console.ServiceAccount {
	return console.ServiceAccount{ConsoleID: sourceConsole, ID: id, Name: "Robot", Scopes: ownRole.Privileges, CreatedBy: "X", CreatedAt: apptest.Start}
}

func robotsToken(id string) console.Token {
	return console.Token{
		ConsoleID: sourceConsole, ID: id, Kind: console.ClientSecret, Name: "T", ServiceAccountID: "sva_1", CreatedBy: "X",
		CreatedAt: apptest.Start, ExpiresAt: apptest.Start.Add(console.LongestToken),
	}
}

var hook = console.Webhook{
	ConsoleID: sourceConsole, ID: "whk_1", URL: "https://x.example/", State: console.WebhookEnabled, CreatedBy: "X", CreatedAt: apptest.Start, Version: 1,
}

func anotherHook() console.Webhook {
	w := hook
	w.ID = "whk_new"
	return w
}

func message(id string) store.WebhookMessage {
	return store.WebhookMessage{
		ConsoleID: sourceConsole, WebhookID: hook.ID, ID: id, Lane: id, Type: console.WebhookTest, At: apptest.Start, Body: "{}",
	}
}

func failed(m store.WebhookMessage) store.WebhookMessage {
	m.State, m.Tries, m.Attempts, m.SettledAt = store.MessageFailed, 1, 1, apptest.Start
	return m
}

// another is a role beside ownRole.
func another() console.CustomRole {
	r := ownRole
	r.ID, r.Name = "rol_2", "Another"
	return r
}

func offerOf(s customer.Subscription) catalog.Offer {
	return catalog.Offer{SKUID: s.SKUID, Plan: s.Plan, Currency: s.Currency, Price: money.Price{Num: 1, Den: 1}}
}

func closed(o customer.Order) customer.Order {
	o.State = customer.OrderFulfilled
	return o
}

func restricted(a billing.Account) billing.Account {
	a.State = billing.AccountProbation
	return a
}

func otherTerms(a billing.Account) billing.Account {
	a.PaymentDays++
	return a
}
