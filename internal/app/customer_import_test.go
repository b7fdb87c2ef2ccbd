package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/store"
)

const header = "org_display_name,domain,phone,tos_accepted_at,subscription_external_id,sku_id,plan,num_units,currency,unit_price," +
	"billing_account_id,start_date,status,suspension_reason\n"

// row of a file for console B; state may be followed by a comma and the reason.
func row(name, domain, external string, seats int, state string) string {
	if !strings.Contains(state, ",") {
		state += ","
	}
	return fmt.Sprintf("%s,%s,03-1111,2026-04-01T00:00:00Z,%s,%s,FLEXIBLE,%d,JPY,1360,ba_cns_B_JPY_le_1,2026-04-01,%s\n",
		name, domain, external, apptest.Seats, seats, state)
}

// both imports the file in each of the two ways, each in a world of its own.
func both(t *testing.T, test func(t *testing.T, w *apptest.World, load func(file string, skipBad bool) app.ImportResult)) {
	each(t, func(t *testing.T, w *apptest.World) {
		test(t, w, func(file string, skipBad bool) app.ImportResult {
			r, err := w.ImportCustomers(t.Context(), apptest.Admin(w.B), strings.NewReader(file), skipBad, nil)
			if err != nil {
				wantFault(t, err, "import.bad_rows")
			}
			return r
		})
	})
	each(t, func(t *testing.T, w *apptest.World) {
		test(t, w, func(file string, skipBad bool) app.ImportResult {
			op, err := w.StartImport(t.Context(), apptest.Admin(w.B), "customers.csv", strings.NewReader(file), skipBad)
			w.Must(err)
			w.Must(w.RunImport(t.Context(), app.ImportJob{ConsoleID: op.ConsoleID, OperationID: op.ID}))
			i, err := w.Import(t.Context(), apptest.Admin(w.B), op.ID)
			w.Must(err)
			if i.State == store.OperationRunning {
				t.Errorf("still running: %+v", i.Operation)
			}
			return i.ImportResult
		})
	})
}

func TestImportTwiceChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, w *apptest.World, load func(string, bool) app.ImportResult) {
		var file strings.Builder
		file.WriteString(header)
		for i := range 1203 {
			domain := fmt.Sprintf("d%d.example", i%1100)
			file.WriteString(row("Name "+domain, domain, fmt.Sprintf("S-%d", i), 5, "ACTIVE"))
		}
		r := load(file.String(), false)
		if want := (app.ImportCounts{CustomersAdded: 1100, SubscriptionsAdded: 1203}); r.Counts != want {
			t.Fatalf("first: %+v, problems %+v", r.Counts, r.Report.Problems)
		}
		r = load(file.String(), false)
		if !r.Counts.Nothing() {
			t.Errorf("second: %+v", r.Counts)
		}
		l, err := w.Customers(t.Context(), apptest.Admin(w.B), app.CustomerQuery{CustomerFilter: app.CustomerFilter{Search: "d7.example"}, Page: app.Page{Limit: 10}})
		w.Must(err)
		if len(l.Rows) != 1 || l.Summaries[l.Rows[0].ID].Subscriptions != 2 {
			t.Fatalf("%+v", l)
		}
		record, err := w.Customer(t.Context(), apptest.Admin(w.B), l.Rows[0].ID)
		w.Must(err)
		if len(record.Orders) != 2 || record.Orders[0].Action != customer.OrderCreated || record.Orders[0].SeatsAfter != 5 {
			t.Errorf("orders %+v", record.Orders)
		}
		events := 0
		w.Read(func(tx *store.Tx) error {
			list, err := tx.Events(t.Context(), w.B.ID, store.EventFilter{}, 50)
			for _, e := range list {
				if e.Action == "customer.imported" {
					events++
				}
			}
			return err
		})
		if events != 1 {
			t.Errorf("%d events about imports that changed something, want 1", events)
		}
	})
}

func TestBadRowsKeepEverythingOutUnlessSkipped(t *testing.T) {
	both(t, func(t *testing.T, w *apptest.World, load func(string, bool) app.ImportResult) {
		file := header + row("Good", "good.example", "S-1", 5, "ACTIVE") + row("Bad", "no domain", "S-2", 0, "ACTIVE")
		r := load(file, false)
		if r.Report.ProblemCount != 2 || r.Report.Problems[0].Line != 3 || !r.Counts.Nothing() {
			t.Errorf("%+v", r)
		}
		if n := count(t, w, w.B); n != 0 {
			t.Errorf("%d customers were written", n)
		}
		if r = load(file, true); r.Counts.CustomersAdded != 1 || r.Report.ProblemCount != 2 {
			t.Errorf("%+v", r)
		}
		if r = load("nonsense", true); r.Report.ProblemCount == 0 || !r.Counts.Nothing() {
			t.Errorf("a file without the header: %+v", r)
		}
	})
}

func count(t *testing.T, w *apptest.World, c console.Console) int {
	t.Helper()
	l, err := w.Customers(t.Context(), apptest.Admin(c), app.CustomerQuery{Page: app.Page{Limit: 1}})
	w.Must(err)
	return l.Counts[customer.Live].N
}

func TestImportBringsUpToDate(t *testing.T) {
	both(t, func(t *testing.T, w *apptest.World, load func(string, bool) app.ImportResult) {
		load(header+row("Old", "a.example", "S-1", 5, "ACTIVE")+row("Old", "a.example", "S-2", 5, `SUSPENDED,VENDOR_INITIATED`)+
			row("Other", "b.example", "S-3", 5, "ACTIVE"), false)
		r := load(header+row("New", "a.example", "S-1", 8, "ACTIVE")+row("New", "a.example", "S-2", 5, "ACTIVE")+
			row("Other", "b.example", "S-4", 5, "ACTIVE"), false)
		want := app.ImportCounts{CustomersChanged: 1, SubscriptionsChanged: 1, SubscriptionsAdded: 1, Refused: 1}
		if r.Counts != want || r.Refused[0].Line != 3 || r.Refused[0].Key != "import.subscription.vendor_suspended" {
			t.Errorf("%+v, refused %+v", r.Counts, r.Refused)
		}
		if r = load(header+row("Other", "b.example", "S-1", 8, "ACTIVE"), false); r.Counts.Refused != 1 ||
			r.Refused[0].Key != "import.subscription.elsewhere" {
			t.Errorf("%+v, refused %+v", r.Counts, r.Refused)
		}
		l, err := w.Customers(t.Context(), apptest.Admin(w.B), app.CustomerQuery{CustomerFilter: app.CustomerFilter{Search: "a.example"}, Page: app.Page{Limit: 10}})
		w.Must(err)
		record, err := w.Customer(t.Context(), apptest.Admin(w.B), l.Rows[0].ID)
		w.Must(err)
		if record.Customer.Name != "New" || record.Subscriptions[0].Seats != 8 || record.Orders[0].Action != customer.OrderSeatsChanged ||
			record.Orders[0].SeatsBefore != 5 {
			t.Errorf("%+v", record)
		}
	})
}

// Two consoles may have called their subscriptions alike before they were one.
func TestImportKnowsSubscriptionsThatAreCalledAlike(t *testing.T) {
	both(t, func(t *testing.T, w *apptest.World, load func(string, bool) app.ImportResult) {
		w.AddCustomers(w.C, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { s.ExternalID = "S-1" })
		load(header+row("One", "one.example", "S-1", 5, "ACTIVE"), false)
		w.Move(w.Connect(w.B, w.C), w.B, w.C)
		for name, domain := range map[string]string{"One": "one.example", "Customer 000001": "c000001.example"} {
			again := load(header+row(name, domain, "S-1", 7, "ACTIVE"), false)
			if again.Counts.SubscriptionsChanged != 1 || again.Counts.Refused != 0 {
				t.Errorf("imported %+v, refused %+v", again.Counts, again.Refused)
			}
		}
	})
}

// What a console exports that has become one of two, it reads again; and so does a console that begins with the file.
func TestAUnifiedConsoleReadsWhatItWrote(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		alike := func(i int, _ *customer.Customer, s *customer.Subscription) { s.ExternalID = fmt.Sprintf("S-%d", i) }
		w.AddCustomers(w.B, 600, alike)
		w.AddCustomers(w.C, 20, alike)
		w.Move(w.Connect(w.B, w.C), w.B, w.C)
		var file bytes.Buffer
		w.Must(w.ExportCustomers(t.Context(), apptest.Admin(w.B), &file))
		again, err := w.ImportCustomers(t.Context(), apptest.Admin(w.B), bytes.NewReader(file.Bytes()), false, nil)
		w.Must(err)
		if again.Report.Good != 620 || !again.Counts.Nothing() {
			t.Errorf("again: %d rows, %+v, problems %+v", again.Report.Good, again.Counts, again.Report.Problems)
		}
		text := strings.ReplaceAll(file.String(), "ba_cns_B_", "ba_cns_A_")
		for _, want := range []app.ImportCounts{{CustomersAdded: 620, SubscriptionsAdded: 620}, {}} {
			fresh, err := w.ImportCustomers(t.Context(), apptest.Admin(w.A), strings.NewReader(text), false, nil)
			w.Must(err)
			if fresh.Counts != want {
				t.Errorf("fresh: %+v, want %+v; refused %+v", fresh.Counts, want, fresh.Refused)
			}
		}
	})
}

// An account is closed after a file has been checked against it: its rows are left out, and nothing is billed to it.
func TestImportOntoAnAccountThatIsClosedMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		account := w.NewAccount(w.B, "JPY", "le_1")
		file := header + row("One", "one.example", "S-1", 5, "ACTIVE") +
			strings.ReplaceAll(row("Two", "two.example", "S-2", 5, "ACTIVE"), "ba_cns_B_JPY_le_1", account)
		closing := func(step string, done, total int64) {
			if step == "check" && done == total {
				w.Must(w.SetBillingAccountState(t.Context(), apptest.Operator(w.B), account, billing.CloseAccount))
			}
		}
		r, err := w.ImportCustomers(t.Context(), apptest.Admin(w.B), strings.NewReader(file), false, closing)
		w.Must(err)
		if r.Counts.SubscriptionsAdded != 1 || r.Counts.Refused != 1 || r.Refused[0].Key != "import.subscription.account" ||
			r.Refused[0].Line != 3 {
			t.Errorf("%+v, refused %+v", r.Counts, r.Refused)
		}
		w.CheckInvariants()
		ended := strings.ReplaceAll(row("One", "one.example", "S-1", 5, "CANCELLED"), "ba_cns_B_JPY_le_1", account)
		if r, err = w.ImportCustomers(t.Context(), apptest.Admin(w.B), strings.NewReader(header+ended), false, nil); err != nil ||
			r.Counts.SubscriptionsChanged != 1 {
			t.Errorf("what has ended beside its account: %+v, %v", r, err)
		}
	})
}

func TestImportLeavesMovingSubscriptionsAlone(t *testing.T) {
	both(t, func(t *testing.T, w *apptest.World, load func(string, bool) app.ImportResult) {
		load(header+row("Old", "a.example", "S-1", 5, "ACTIVE"), false)
		c := w.Connect(w.A, w.B)
		started, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		if started.Count != 1 {
			t.Fatalf("started %+v", started)
		}
		if r := load(header+row("Old", "a.example", "S-1", 5, "ACTIVE"), false); !r.Counts.Nothing() {
			t.Errorf("the same: %+v", r.Counts)
		}
		r := load(header+row("New", "a.example", "S-1", 8, "ACTIVE")+row("New", "a.example", "S-2", 8, "ACTIVE"), false)
		if want := (app.ImportCounts{CustomersChanged: 1, Refused: 2}); r.Counts != want || r.Refused[0].Key != "import.subscription.migrating" {
			t.Errorf("%+v, refused %+v", r.Counts, r.Refused)
		}
	})
}

func TestImportedCustomersAreEvaluated(t *testing.T) {
	both(t, func(t *testing.T, w *apptest.World, load func(string, bool) app.ImportResult) {
		w.Connect(w.A, w.B)
		load(header+row("A", "a.example", "S-1", 5, `SUSPENDED,VENDOR_INITIATED`), false)
		l, err := w.Customers(t.Context(), apptest.Admin(w.B), app.CustomerQuery{Page: app.Page{Limit: 10}})
		w.Must(err)
		c := l.Rows[0]
		if got := migration.CodesOf(c.Blockers); c.EvaluatedAt.IsZero() || !slices.Equal(got, []migration.Code{migration.SuspendedByVendor}) {
			t.Errorf("%v at %v", got, c.EvaluatedAt)
		}
	})
}

// TestImportGoesOnWhereAJobDied runs a job whose operation has already gone behind the first lines of the file.
func TestImportGoesOnWhereAJobDied(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		file := header + row("A", "a.example", "S-1", 5, "ACTIVE") + row("B", "b.example", "S-2", 5, "ACTIVE")
		op, err := w.StartImport(t.Context(), apptest.Admin(w.B), "customers.csv", strings.NewReader(file), false)
		w.Must(err)
		w.Update(func(tx *store.Tx) error {
			_, err := tx.AdvanceOperation(t.Context(), store.Operation{ConsoleID: op.ConsoleID, ID: op.ID, NextSeq: 1}, 3, 1, 0, 1)
			return err
		})
		for range 2 { // a job that comes late finds nothing to do
			w.Must(w.RunImport(t.Context(), app.ImportJob{ConsoleID: op.ConsoleID, OperationID: op.ID}))
		}
		i, err := w.Import(t.Context(), apptest.Admin(w.B), op.ID)
		w.Must(err)
		if i.State != store.OperationDone || i.Done != 2 || i.Total != 2 || count(t, w, w.B) != 1 {
			t.Errorf("%+v", i)
		}
	})
}

func TestExportIsWhatImportReads(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddCustomers(w.B, 1003, nil)
		var file bytes.Buffer
		w.Must(w.ExportCustomers(t.Context(), apptest.Admin(w.B), &file))
		r, err := w.ImportCustomers(t.Context(), apptest.Admin(w.B), bytes.NewReader(file.Bytes()), false, nil)
		w.Must(err)
		if r.Report.Good != 1003 || !r.Counts.Nothing() {
			t.Errorf("%d rows, %+v", r.Report.Good, r.Counts)
		}
		wantFault(t, w.ExportCustomers(t.Context(), apptest.As(w.B, console.RoleResellerAdmin), &file), "forbidden")
	})
}

func TestProblemsKeepTheirNumbers(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		file := header + row("A", "a.example", "S-1", 5_000_000, "ACTIVE")
		op, err := w.StartImport(t.Context(), apptest.Admin(w.B), "customers.csv", strings.NewReader(file), false)
		w.Must(err)
		w.Must(w.RunImport(t.Context(), app.ImportJob{ConsoleID: op.ConsoleID, OperationID: op.ID}))
		i, err := w.Import(t.Context(), apptest.As(w.B, console.RoleIndirectResellerAdmin), op.ID)
		w.Must(err)
		if i.State != store.OperationFailed || i.Report.Problems[0].Args["Most"] != int64(1_000_000) {
			t.Errorf("%+v", i.Report.Problems)
		}
		_, err = w.Import(t.Context(), apptest.Admin(w.C), op.ID)
		wantFault(t, err, "operation.not_found")
		_, err = w.StartImport(t.Context(), apptest.As(w.B, console.RoleViewer), "x", strings.NewReader(""), false)
		wantFault(t, err, "forbidden")
	})
}
