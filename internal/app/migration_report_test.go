package app_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/reportcsv"
	"psc/internal/store"
)

// movedOnTheFifteenth moves 25 customers of B with all plans to A, and returns the run.
func movedOnTheFifteenth(w *apptest.World) store.Operation {
	w.AddCustomers(w.B, 25, mixed)
	c := w.Connect(w.A, w.B)
	on(w, 15)
	return w.Move(c, w.A, w.B)
}

func report(t *testing.T, w *apptest.World, c console.Console, run store.Operation) app.Report {
	t.Helper()
	r, err := w.MigrationReport(t.Context(), apptest.Admin(c), run.ConnectionID, run.ID, 0, 100)
	w.Must(err)
	return r
}

func TestTheReportProvesThatNothingIsMissingOrDouble(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		run := movedOnTheFifteenth(w)
		d := civil.NewDate(2026, 10, 15)
		for _, side := range []console.Console{w.A, w.B} {
			r := report(t, w, side, run)
			if !r.Fits() || r.Customers != 25 || r.Subscriptions != 25 || len(r.Rows) != 25 || len(r.Totals) != 1 || r.Next >= 0 || r.Previous >= 0 {
				t.Fatalf("%s: %+v", side.Name, r)
			}
			if r.StartedBy != "" && side.ID == w.B.ID {
				t.Errorf("the source learns who: %s", r.StartedBy)
			}
			total := r.Totals[0]
			if total.Lots != 6 || total.Charge.Minor <= 0 || total.Charge.Minor != -total.Credit.Minor {
				t.Errorf("%+v", total)
			}
			for _, row := range r.Rows {
				last, ok := row.SourceLast()
				own, other := row.FromAccountID, row.ToAccountID
				if side.ID == w.A.ID {
					own, other = other, own
				}
				if !ok || last != d-1 || row.First != d || row.Date != d || row.SourceDays() != 14 || row.MainDays() != 17 ||
					own != apptest.Account(side, "JPY", "le_1") || other != "" {
					t.Errorf("%s: %+v", side.Name, row)
				}
			}
		}
		if r := report(t, w, w.A, run); r.Totals[0].Charge != chargedTo(w, w.A) {
			t.Errorf("the report says %v, the charges %v", r.Totals[0].Charge, chargedTo(w, w.A))
		}
	})
}

// chargedTo adds up what a console is charged for lots that came.
func chargedTo(w *apptest.World, c console.Console) (sum money.Amount) {
	sum.Currency = "JPY"
	for _, text := range w.Texts(`SELECT CAST(amount AS text) FROM charges WHERE console_id = '` + c.ID + `' AND line_type = 'TRANSFER_CHARGE'`) {
		var n int64
		_, err := fmt.Sscan(text, &n)
		w.Must(err)
		sum.Minor += n
	}
	return sum
}

func TestTheReportIsReadInPagesAndAsAFile(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddCustomers(w.B, 12, func(i int, c *customer.Customer, s *customer.Subscription) {
			mixed(i, c, s)
			c.Name = fmt.Sprintf("=%d", i)
		})
		c := w.Connect(w.A, w.B)
		ids := w.Texts(`SELECT id FROM customers ORDER BY id`)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		run, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), app.Completion{
			ConnectionID: c.ID, Scope: store.Scope{All: true},
			Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_1")}},
		})
		w.Must(err)
		w.Must(w.VendorSuspend(t.Context(), apptest.Operator(w.B), "sub_"+ids[3][4:]))
		w.Must(w.PauseRun(t.Context(), apptest.Admin(w.A), run.ID))
		_, err = w.CancelMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{IDs: w.Texts(`SELECT id FROM migrations WHERE customer_id = '` + ids[5] + `'`)})
		w.Must(err)
		w.Must(w.ResumeRun(t.Context(), apptest.Admin(w.A), run.ID))
		run = w.Finish(run)
		var seen []string
		for after := int64(0); after >= 0; {
			r, err := w.MigrationReport(t.Context(), apptest.Admin(w.B), c.ID, run.ID, after, 5)
			w.Must(err)
			for _, row := range r.Rows {
				seen = append(seen, row.CustomerID)
			}
			if !r.Fits() || r.Customers != 10 || (after > 0) != (r.Previous == after-5) {
				t.Errorf("after %d: %+v", after, r)
			}
			after = r.Next
		}
		if len(seen) != 11 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 11 || slices.Contains(seen, ids[3]) {
			t.Errorf("on pages: %v", seen)
		}
		r, rows, err := w.AllReported(t.Context(), apptest.Admin(w.A), c.ID, run.ID)
		w.Must(err)
		var file bytes.Buffer
		w.Must(reportcsv.Write(&file, r, rows, false))
		cells, err := csv.NewReader(&file).ReadAll()
		w.Must(err)
		results := map[string]int{}
		for _, row := range cells[1:] {
			results[row[0]]++
			if row[4][:2] != "'=" || row[29] != string(w.B.AccountID) || row[30] != string(w.A.AccountID) {
				t.Errorf("%v", row)
			}
			if row[0] == "RETURNED" && (row[1] != string(migration.SuspendedByVendor) || row[5] != ids[3]) {
				t.Errorf("%v", row)
			}
		}
		if len(cells) != 13 || results["MOVED"] != 10 || results["RETURNED"] != 1 || results["CANCELLED"] != 1 {
			t.Errorf("%v", results)
		}
	})
}

func TestWhoSeesTheReport(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		run := movedOnTheFifteenth(w)
		ask := func(actor console.Actor) error {
			_, err := w.MigrationReport(t.Context(), actor, run.ConnectionID, run.ID, 0, 10)
			_, _, all := w.AllReported(t.Context(), actor, run.ConnectionID, run.ID)
			if (err == nil) != (all == nil) {
				t.Errorf("page: %v, file: %v", err, all)
			}
			return err
		}
		for _, role := range []console.Role{console.RoleViewer, console.RoleBilling} {
			wantFault(t, ask(apptest.As(w.B, role)), "forbidden")
		}
		w.Must(ask(apptest.As(w.B, console.RoleIndirectResellerAdmin)))
		wantFault(t, ask(apptest.Admin(w.C)), "operation.not_found")
	})
}

// A customer that came back the same day, and one that goes on from there, leave the reports of the first run as they are.
func TestLaterMovesLeaveTheReportAsItIs(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		run := movedOnTheFifteenth(w)
		before := report(t, w, w.B, run)
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), run.ConnectionID, false))
		w.Config.Terms.Waiting = 0
		back := w.Connect(w.B, w.A)
		second := w.Move(back, w.B, w.A)
		after := report(t, w, w.B, run)
		if !after.Fits() || fmt.Sprint(after.Rows[0].First, after.Totals) != fmt.Sprint(before.Rows[0].First, before.Totals) {
			t.Errorf("%+v\n%+v", before, after)
		}
		if r := report(t, w, w.A, second); !r.Fits() || r.Customers != 25 {
			t.Errorf("%+v", r)
		}
	})
}

func TestTheReportNamesWhatDoesNotFit(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		run := movedOnTheFifteenth(w)
		undone := errors.New("undone")
		for name, c := range map[string]struct {
			sql    string
			misfit migration.Misfit
		}{
			"the main lost a row":    {`UPDATE segments SET migration_id = '' WHERE console_id = 'cns_A' AND subscription_id = 'sub_000003' AND carried = 0`, migration.MisfitMissing},
			"the source ends early":  {`UPDATE segments SET to_date = to_date - 1 WHERE console_id = 'cns_B' AND subscription_id = 'sub_000003'`, migration.MisfitGap},
			"the source goes on":     {`UPDATE segments SET to_date = to_date + 1 WHERE console_id = 'cns_B' AND subscription_id = 'sub_000003'`, migration.MisfitDouble},
			"the main begins late":   {`UPDATE segments SET from_date = from_date + 1 WHERE console_id = 'cns_A' AND carried = 0`, migration.MisfitGap},
			"no credit":              {`DELETE FROM charges WHERE line_type = 'TRANSFER_CREDIT' AND subscription_id = 'sub_000003'`, migration.MisfitCredit},
			"no charge":              {`DELETE FROM charges WHERE line_type = 'TRANSFER_CHARGE' AND subscription_id = 'sub_000003'`, migration.MisfitCharge},
			"another charge":         {`UPDATE charges SET amount = amount + 1 WHERE line_type = 'TRANSFER_CHARGE' AND subscription_id = 'sub_000003'`, migration.MisfitAmount},
			"the lot did not arrive": {`UPDATE lots SET migration_id = '' WHERE console_id = 'cns_A' AND subscription_id = 'sub_000003'`, migration.MisfitMissing},
		} {
			err := w.DB.Engine().Update(t.Context(), func(conn store.Conn) error {
				if n, err := conn.Exec(t.Context(), c.sql); err != nil || n == 0 {
					return errors.Join(err, fmt.Errorf("%s changed %d rows", c.sql, n))
				}
				other := *w.App
				other.DB = store.New(pinned{w.DB.Engine(), conn})
				r, err := other.MigrationReport(t.Context(), apptest.Admin(w.A), run.ConnectionID, run.ID, 0, 10)
				if err == nil && (r.Fits() || len(r.Bad) == 0 || !slices.ContainsFunc(r.Bad, func(b app.ReportRow) bool { return b.Misfit == c.misfit })) {
					t.Errorf("%s: %d misfits, %+v", name, r.Misfits, r.Bad)
				}
				return errors.Join(err, undone)
			})
			if !errors.Is(err, undone) {
				t.Fatal(err)
			}
		}
		if r := report(t, w, w.A, run); !r.Fits() {
			t.Errorf("%+v", r.Bad)
		}
	})
}
