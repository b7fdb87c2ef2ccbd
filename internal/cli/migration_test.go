package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// connect connects B to A by the command line and lets the waiting period pass.
func connect(w *terminal) string {
	w.T.Helper()
	connectionID := w.id(in(w.A, "connection", "invite", id(w.B))...)
	w.run(in(w.B, "connection", "accept", connectionID)...)
	w.run("clock", "advance", "week")
	w.Evaluate(connection.Connection{ID: connectionID, MainID: w.A.ID, SourceID: w.B.ID})
	return connectionID
}

type connectionJSON struct {
	ID, Side, State string
	Ready           int
	NotReady        int    `json:"not_ready"`
	OtherName       string `json:"other_name"`
	SharesOrders    bool   `json:"shares_orders"`
}

func TestConnections(t *testing.T) {
	w := newTerminal(t)
	w.refused("account_id.invalid", 2, in(w.A, "connection", "invite", "C1234")...)
	w.refused("connection.invite.self", 6, in(w.A, "connection", "invite", id(w.A))...)
	first := w.id(in(w.A, "connection", "invite", id(w.B))...)
	if c := into[connectionJSON](w, in(w.A, "connection", "show", first)...); c.State != "INVITED" || c.Side != "main" || c.OtherName != "" {
		t.Errorf("%+v", c)
	}
	w.run(in(w.A, "connection", "cancel", first)...)
	second := w.id(in(w.A, "connection", "invite", id(w.B))...)
	w.run(in(w.B, "connection", "decline", second)...)

	w.AddCustomers(w.B, 2, nil)
	third := connect(w)
	c := into[connectionJSON](w, in(w.B, "connection", "show", third)...)
	if c.State != "CONNECTED" || c.Side != "source" || c.OtherName != "Console A" || c.Ready != 2 || c.NotReady != 0 {
		t.Errorf("%+v", c)
	}
	if out := w.run(in(w.B, "connection", "show", third)...); !contains(out, "Migrations from") {
		t.Errorf("%s", out)
	}
	w.run(in(w.B, "connection", "share-orders", third, "on")...)
	if list := into[[]connectionJSON](w, in(w.B, "connection", "list")...); len(list) != 3 || !list[0].SharesOrders {
		t.Errorf("%+v", list)
	}
	w.refused("cli.on_off", 2, in(w.B, "connection", "share-orders", third, "maybe")...)
	w.refused("connection.not_found", 3, in(w.C, "connection", "show", third)...)
	w.refused("cli.connection.unconfirmed", 6, in(w.B, "connection", "close", third)...)
	w.run(in(w.B, "connection", "close", third, "--yes")...)
	if c := into[connectionJSON](w, in(w.A, "connection", "show", third)...); c.State != "CLOSED" {
		t.Errorf("%+v", c)
	}
}

type runJSON struct {
	ID, State             string
	Total, Done, Returned int64
	Returns               []struct{ Reason string }
}

type migrationsJSON struct {
	List       string
	Counts     map[string]int
	More       bool
	Migrations []struct {
		ID         string
		CustomerID string `json:"customer_id"`
		State      string
		Reasons    []string
	}
}

func TestMigrationsFromStartToReport(t *testing.T) {
	w := newTerminal(t)
	w.AddCustomers(w.B, 5, func(i int, _ *customer.Customer, sub *customer.Subscription) {
		if i == 0 {
			sub.Currency, sub.BillingAccountID = "USD", apptest.Account(w.B, "USD", "le_2")
		}
		if i == 4 {
			sub.State, sub.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
		}
	})
	w.refused("cli.not_connected", 6, in(w.B, "migration", "start", "--all")...)
	connect(w)
	w.refused("cli.scope", 2, in(w.B, "migration", "start")...)
	ready := into[migrationsJSON](w, in(w.B, "migration", "list", "--limit", "3")...)
	if ready.List != "ready" || ready.Counts["ready"] != 4 || ready.Counts["not_ready"] != 1 || len(ready.Migrations) != 3 || !ready.More {
		t.Errorf("%+v", ready)
	}
	blocked := into[migrationsJSON](w, in(w.B, "migration", "list", "--list", "not_ready")...).Migrations[0]
	if ready.Migrations[0].State != "READY" || blocked.State != "NOT_READY" || len(blocked.Reasons) != 1 || blocked.Reasons[0] != "SUSPENDED_BY_VENDOR" {
		t.Errorf("%+v", blocked)
	}
	if out := w.run(in(w.B, "migration", "list", "--list", "not_ready")...); !contains(out, "Suspended by the vendor") {
		t.Errorf("%s", out)
	}
	type started struct {
		Started    int
		NotStarted []struct {
			Reasons []string
			Unknown bool
		} `json:"not_started"`
	}
	one := into[started](w, in(w.B, "migration", "start", ready.Migrations[0].CustomerID, blocked.CustomerID, "cus_none")...)
	if one.Started != 1 || len(one.NotStarted) != 2 || !one.NotStarted[1].Unknown {
		t.Errorf("%+v", one)
	}
	w.run(in(w.B, "migration", "cancel", "--all")...)
	if all := into[started](w, in(w.B, "migration", "start", "--all")...); all.Started != 4 {
		t.Errorf("%+v", all)
	}

	yen, dollar := apptest.Account(w.A, "JPY", "le_1"), apptest.Account(w.A, "USD", "le_1")
	w.refused("migration.choice_missing", 2, in(w.A, "migration", "complete", "--all", "--account", "JPY="+yen)...)
	w.refused("cli.account", 2, in(w.A, "migration", "complete", "--all", "--account", "YEN="+yen)...)
	w.refused("cli.account_unused", 2, in(w.A, "migration", "complete", "--all", "--suggest", "--account", "EUR="+yen)...)
	unconfirmed := in(w.A, "migration", "complete", "--all", "--suggest", "--account", "USD/GOOGLE_WORKSPACE/le_2="+dollar)
	w.refused("migration.entity_unconfirmed", 6, unconfirmed...)
	w.refused("migration.entity_unconfirmed", 6, append(unconfirmed, "--confirm-entity-changes", "1")...)
	_, told, _ := w.try(unconfirmed...)
	_, token, _ := strings.Cut(told, "repeat the command with --confirm-entity-changes ")
	run := w.id(in(w.A, "migration", "complete", "--all", "--suggest", "--account", "JPY="+yen,
		"--account", "USD/GOOGLE_WORKSPACE/le_2="+dollar, "--confirm-entity-changes", strings.TrimSpace(token))...)
	w.run(in(w.A, "migration", "pause", run)...)
	w.run(in(w.A, "migration", "resume", run)...)
	w.Finish(store.Operation{ConsoleID: w.A.ID, ID: run})
	report := into[runJSON](w, in(w.A, "migration", "report", run, "--wait")...)
	if report.State != "DONE" || report.Total != 4 || report.Done != 4 || report.Returned != 0 {
		t.Errorf("%+v", report)
	}
	if out := w.run(in(w.B, "migration", "report", run)...); !contains(out, "Finished") || !contains(out, "Everything fits") || !contains(out, "JPY: 3 subscriptions") {
		t.Errorf("%s", out)
	}
	type reconciled struct {
		Fits   bool
		Totals []struct{ Currency string }
	}
	if r := into[reconciled](w, in(w.A, "migration", "report", run)...); !r.Fits || len(r.Totals) != 2 {
		t.Errorf("%+v", r)
	}
	if out := w.run(in(w.B, "migration", "report", run, "--csv", "--bom")...); strings.Count(out, "\nMOVED,,YES,") != 4 || !strings.HasPrefix(out, "\uFEFFresult,") {
		t.Errorf("%s", out)
	}
	w.refused("operation.not_found", 3, in(w.B, "migration", "report", "op_none", "--csv")...)
	w.Exec(`UPDATE segments SET to_date = to_date - 1 WHERE console_id = 'cns_B'`)
	if out, _, code := w.try(in(w.B, "migration", "report", run)...); code != 6 || !contains(out, "Days are missing") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	w.Exec(`UPDATE segments SET to_date = to_date + 1 WHERE console_id = 'cns_B'`)

	type record struct {
		State, Name   string
		MovedTo       string `json:"moved_to"`
		Subscriptions []struct {
			Account string `json:"billing_account_id"`
			Price   string `json:"unit_price_minor"`
		}
	}
	first := ready.Migrations[0].CustomerID
	if out := w.run(in(w.B, "customer", "list", "--state", "MOVED")...); !contains(out, w.Texts(`SELECT moved_by FROM customers WHERE id = '` + first + `'` +
		` AND state = 'MOVED'`)[0]) {
		t.Errorf("%s", out)
	}
	if r := into[record](w, in(w.B, "customer", "show", first)...); r.State != "MOVED" || r.MovedTo != "Console A" {
		t.Errorf("%+v", r)
	}
	if r := into[record](w, in(w.A, "customer", "show", first)...); r.State != "LIVE" || r.Subscriptions[0].Account != dollar || r.Subscriptions[0].Price != "1360" {
		t.Errorf("%+v", r)
	}
}

func TestWaitingTellsProgress(t *testing.T) {
	w := newTerminal(t)
	w.AddCustomers(w.B, 25, nil)
	connect(w)
	w.run(in(w.B, "migration", "start", "--all")...)
	worker := make(chan struct{})
	go func() { // psc serve, in another process
		defer close(worker)
		for {
			var open []store.Operation
			err := w.DB.View(t.Context(), func(tx *store.Tx) (err error) {
				list, err := tx.ConnectedAsMain(t.Context(), w.A.ID)
				if err == nil {
					open, err = tx.OpenRuns(t.Context(), w.A.ID, list[0].ID)
				}
				return err
			})
			if err != nil {
				return
			}
			if len(open) == 1 {
				w.Finish(open[0])
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	out, errs, code := w.try(in(w.A, "migration", "complete", "--all", "--suggest", "--wait")...)
	<-worker
	if code != 0 || !contains(out, "Finished") || !contains(errs, "25 of 25") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
}

func TestChoicesDownAndUp(t *testing.T) {
	w := newTerminal(t)
	w.AddCustomers(w.B, 2, nil)
	connect(w)
	w.run(in(w.B, "migration", "start", "--all")...)
	csv := w.run(in(w.A, "migration", "choices")...)
	from, to := apptest.Account(w.A, "JPY", "le_1"), apptest.Account(w.A, "JPY", "le_2")
	if strings.Count(csv, from) != 2 {
		t.Fatalf("%s", csv)
	}
	file := filepath.Join(t.TempDir(), "choices.csv")
	if err := os.WriteFile(file, []byte(strings.Replace(csv, from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.run(in(w.A, "migration", "choices", "--load", file)...)
	w.refused("migration.entity_unconfirmed", 6, in(w.A, "migration", "complete", "--all", "--suggest")...)
	w.refused("cli.choices_clear", 2, in(w.A, "migration", "choices", "--load", file, "--clear")...)
	w.run(in(w.A, "migration", "choices", "--clear")...)
	w.run(in(w.A, "migration", "complete", "--all", "--suggest")...)
}

func TestCustomersAndOrders(t *testing.T) {
	w := newTerminal(t)
	ids := w.AddCustomers(w.B, 205, func(i int, c *customer.Customer, _ *customer.Subscription) {
		if i == 0 {
			c.TOSAcceptedAt = time.Time{}
		}
	})
	connect(w)
	type customerJSON struct {
		ID, Name, State string
		TOS             string `json:"tos_accepted_at"`
	}
	if list := into[[]customerJSON](w, in(w.B, "customer", "list", "--limit", "1000")...); len(list) != 205 || list[204].ID != ids[204] {
		t.Errorf("%d customers", len(list))
	}
	if _, errs, _ := w.try(in(w.B, "customer", "list")...); !contains(errs, "--limit") {
		t.Errorf("nothing says that there is more: %q", errs)
	}
	if list := into[[]customerJSON](w, in(w.B, "customer", "list", "--search", "c000007.example")...); len(list) != 1 || list[0].ID != ids[6] {
		t.Errorf("%+v", list)
	}

	if list := into[[]customerJSON](w, in(w.B, "customer", "list", "--sort=-domain", "--plan", "FLEXIBLE", "--limit", "2")...); len(list) != 2 || list[0].ID != ids[204] {
		t.Errorf("%+v", list)
	}
	if list := into[[]customerJSON](w, in(w.B, "customer", "list", "--readiness", "NOT_READY")...); len(list) != 1 || list[0].ID != ids[0] {
		t.Errorf("%+v", list)
	}
	if out := w.run(in(w.B, "customer", "list", "--search", "c000007", "--columns", "domain,seats,currencies")...); !contains(out, "c000007.example") || !contains(out, "JPY") || contains(out, "State") {
		t.Errorf("%s", out)
	}
	if out := w.run(in(w.B, "customer", "list", "--search", "c00000", "--csv")...); strings.Count(out, "\r\n") != 10 || !contains(out, "customer_id,customer_name") {
		t.Errorf("%q", out)
	}
	w.refused("customer_filter.invalid", 2, in(w.B, "customer", "list", "--plan", "WEEKLY")...)
	w.refused("cli.customer.column", 2, in(w.B, "customer", "list", "--columns", "colour")...)

	type readiness struct {
		Ready    bool
		Findings []struct {
			Code string
			Who  string `json:"who_can_act"`
		}
	}
	if r := into[readiness](w, in(w.B, "customer", "check", ids[0])...); r.Ready || len(r.Findings) != 1 || r.Findings[0].Who != "CUSTOMER" {
		t.Errorf("%+v", r)
	}
	if out := w.run(in(w.B, "customer", "check", ids[0])...); !contains(out, "terms of service") || !contains(out, "The customer can clear it.") {
		t.Errorf("%s", out)
	}
	w.run(in(w.B, "customer", "accept-tos", ids[0])...)
	if out := w.run(in(w.B, "customer", "check", ids[0])...); out != "Ready to migrate.\n" {
		t.Errorf("%q", out)
	}
	sub := "sub_" + ids[0][4:]
	w.run(in(w.B, "customer", "suspend", sub, "--vendor")...)
	w.refused("subscription.state", 5, in(w.B, "customer", "reactivate", sub)...)
	w.run(in(w.B, "customer", "reactivate", sub, "--vendor")...)
	admin := w.member(w.B, console.RoleSuperAdmin)
	w.refused("forbidden_operator", 4, in(w.B, "customer", "suspend", sub, "--vendor", "--as", admin)...)

	order := func(orderID string) {
		w.Update(func(tx *store.Tx) error {
			return tx.InsertOrders(t.Context(), []customer.Order{{
				ConsoleID: w.B.ID, ID: orderID, CustomerID: ids[0], SubscriptionID: sub, At: w.Clock.Now(), By: customer.ByReseller,
				Action: customer.OrderSeatsChanged, SKUID: apptest.Seats, Plan: "FLEXIBLE", SeatsBefore: 10, SeatsAfter: 12, State: customer.OrderOpen,
			}})
		})
	}
	order("ord_1")
	order("ord_2")
	if got := w.id(in(w.B, "audit", "list", "--topic", "subscription", "--by", "OPERATOR", "--since", "2026-10-01", "--limit", "1")...); !strings.HasPrefix(got, "evt_") || strings.Contains(got, "\n") {
		t.Errorf("%q", got)
	}
	if out := w.run(in(w.B, "audit", "list")...); !strings.Contains(out, "Seats of Customer 000001 suspended") {
		t.Errorf("told by codes: %s", out)
	}
	w.refused("cli.date", 2, in(w.B, "audit", "list", "--until", "yesterday")...)
	w.refused("audit_filter.topic", 2, in(w.B, "audit", "list", "--topic", "weather")...)
	if got := w.id(in(w.B, "order", "list")...); got != "ord_1\nord_2" {
		t.Errorf("%q", got)
	}
	w.run(in(w.B, "order", "fulfil", "ord_1")...)
	w.run(in(w.B, "order", "cancel", "ord_2")...)
	w.refused("order.not_found", 3, in(w.A, "order", "cancel", "ord_2")...)
	if byDomain := w.run(in(w.B, "customer", "show", "C000001.example")...); byDomain != w.run(in(w.B, "customer", "show", ids[0])...) {
		t.Errorf("the customer by its domain: %s", byDomain)
	}
	if out := w.run(in(w.B, "customer", "show", ids[0])...); !contains(out, "Seats changed") || !contains(out, "¥1,360") {
		t.Errorf("%s", out)
	}
}
