package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

var (
	october  = civil.NewDate(2026, time.October, 1).Month()
	november = october.Next()
)

// at moves the clock to noon in Tokyo on a day.
func at(w *apptest.World, d civil.Date) {
	w.Clock.Advance(d.Start(w.Config.BillingZone).Add(12 * time.Hour).Sub(apptest.Start))
}

// invoices returns the issued invoices of a console by account.
func invoices(t *testing.T, w *apptest.World, c console.Console, m civil.Month) map[string]app.IssuedInvoice {
	t.Helper()
	list, err := w.IssuedInvoices(t.Context(), apptest.Admin(c), 100)
	w.Must(err)
	by := map[string]app.IssuedInvoice{}
	for _, inv := range list {
		if inv.Month == m {
			by[inv.AccountID] = inv
		}
	}
	return by
}

// issuedLines returns all lines of an issued invoice, read in small pages.
func issuedLines(t *testing.T, w *apptest.World, c console.Console, id string) (lines []app.InvoiceLine) {
	t.Helper()
	for after := (app.LineCursor{}); ; {
		page, next, err := w.IssuedLines(t.Context(), apptest.Admin(c), id, after, 7)
		w.Must(err)
		lines = append(lines, page...)
		if len(page) < 7 {
			return lines
		}
		after = next
	}
}

func TestInvoicesSayWhatTheDraftsSaid(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 25, mixed)
		w.AddCustomers(w.A, 3, mixed)
		c := w.Connect(w.A, w.B)
		on(w, 15)
		w.Move(c, w.A, w.B)
		w.CheckBooks()
		at(w, november.First())
		for _, c := range []console.Console{w.A, w.B} {
			account := apptest.Account(c, "JPY", "le_1")
			draft, err := w.DraftInvoice(t.Context(), apptest.Admin(c), account, october)
			w.Must(err)
			op := w.CloseMonthOf(c, october)
			if op.State != store.OperationDone || op.Done != op.Total {
				t.Fatalf("close = %+v", op)
			}
			all := invoices(t, w, c, october)
			inv := all[account]
			if len(all) != 1 || inv.Net != draft.Totals.Net || inv.Gross != draft.Totals.Gross || inv.Lines != int64(len(draft.Lines)) {
				t.Fatalf("invoices %+v, the draft said %+v in %d lines", all, draft.Totals, len(draft.Lines))
			}
			lines := issuedLines(t, w, c, inv.ID)
			key := func(l app.InvoiceLine) string { return fmt.Sprintf("%+v", l) }
			a, b := make([]string, 0, len(lines)), make([]string, 0, len(lines))
			for i := range lines {
				a, b = append(a, key(lines[i])), append(b, key(draft.Lines[i]))
			}
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("lines\n%s\ndraft\n%s", a[0], b[0])
			}
		}
		if r := w.CheckBooks(); r.Invoices != 2 || r.Entries == 0 {
			t.Errorf("checked %+v", r)
		}
	})
}

// The example of the reference text: the source gets back more than it pays, and uses that on the next invoices.
func TestANegativeTotalIsUsedOnTheNextInvoices(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		moveExample(w)
		account := apptest.Account(w.B, "JPY", "le_1")
		// 3,685 - 45,070 on the invoice of October; 30,000 in November; 30,000 in December.
		for _, want := range []struct{ net, applied, due, balance int64 }{
			{-41_385, 0, 0, 41_385},
			{30_000, 30_000, 0, 11_385},
			{30_000, 11_385, 18_615, 0},
		} {
			m := october
			for _, ok := invoices(t, w, w.B, m)[account]; ok; _, ok = invoices(t, w, w.B, m)[account] {
				m = m.Next()
			}
			at(w, m.End())
			w.CloseMonthOf(w.B, m)
			inv := invoices(t, w, w.B, m)[account]
			if m == october {
				err := w.SetBillingAccountState(t.Context(), apptest.Operator(w.B), account, billing.CloseAccount)
				wantFault(t, err, "billing_account.has_balance")
				w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
					s.Seats, s.Price, s.StartDate = 3, money.Price{Num: 10_000, Den: 1}, november.First()
				})
			}
			if got := [4]int64{inv.Net.Minor, inv.Applied.Minor, inv.Due.Minor, inv.Balance.Minor}; got != [4]int64{want.net, want.applied, want.due, want.balance} {
				t.Errorf("%s: %v, want %+v", m, got, want)
			}
		}
		w.CloseMonthOf(w.A, october)
		if got := invoices(t, w, w.A, october)[apptest.Account(w.A, "JPY", "le_1")].Due.Minor; got != 4_475+45_070 {
			t.Errorf("main: %d", got)
		}
		w.CheckBooks()
	})
}

func TestWhatCannotBeClosed(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{IDs: ids[:1]})
		w.Must(err)
		_, err = w.CloseMonth(t.Context(), apptest.Admin(w.B), october)
		wantFault(t, err, "forbidden_operator")
		try := func(m civil.Month, key string) {
			t.Helper()
			_, err := w.CloseMonth(t.Context(), apptest.Operator(w.B), m)
			wantFault(t, err, key)
		}
		try(november, "invoice.month_not_over")
		at(w, november.First()-1)
		try(october, "invoice.month_not_over")
		at(w, november.First())
		try(october, "invoice.no_issuer")
		w.AddIssuer()
		schedule := func(state string, d civil.Date) {
			w.Must(w.DB.Engine().Update(t.Context(), func(c store.Conn) error {
				_, err := c.Exec(t.Context(), `UPDATE migrations SET state = $1, billing_date = $2`, state, d)
				return err
			}))
		}
		schedule("SCHEDULED", november.First()-1)
		try(october, "invoice.moves_scheduled")
		if _, err := w.CloseMonth(t.Context(), apptest.Operator(w.A), october); err == nil {
			t.Error("the main closed a month with a move scheduled in it")
		}
		schedule("SCHEDULED", november.First())
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
		at(w, november.End())
		try(november, "invoice.earlier_open")
		try(civil.NewDate(2025, time.October, 1).Month(), "invoice.before_first")
		schedule("STARTED", 0)
		op, err := w.CloseMonth(t.Context(), apptest.Operator(w.B), october)
		w.Must(err)
		try(october, "invoice.closing_already")
		w.FinishClose(op)
		try(october, "invoice.closed_already")
		try(civil.NewDate(2026, time.September, 1).Month(), "invoice.before_first")
		if got := w.Texts(`SELECT number FROM invoices`); !slices.Equal(got, []string{"V-2026-000001"}) {
			t.Errorf("issued: %v", got)
		}
	})
}

func TestAClosedMonthTakesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 2, nil)
		late := w.Clock.Now()
		at(w, november.First())
		w.CloseMonthOf(w.B, october)
		before := w.Texts(`SELECT number || net FROM invoices`)
		err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
			subs, err := tx.SubscriptionsOf(t.Context(), w.B.ID, []string{"cus_000001"})
			if err != nil {
				return err
			}
			subs[0].Seats++
			return tx.ChangeSubscriptions(t.Context(), subs, civil.DateOf(late, w.Config.BillingZone))
		})
		wantFault(t, err, "invoice.month_closed")
		inv := invoices(t, w, w.B, october)[apptest.Account(w.B, "JPY", "le_1")]
		line := issuedLines(t, w, w.B, inv.ID)[0]
		line.ChargeID = "another"
		// Every method of the store that writes invoices, on one that is issued.
		for name, write := range map[string]func(*store.Tx) error{
			"issue again": func(tx *store.Tx) error {
				_, err := tx.IssueInvoice(t.Context(), billing.Issuer{ID: inv.IssuerID}, inv, money.Amount{Currency: "JPY"})
				return err
			},
			"another line": func(tx *store.Tx) error {
				return tx.InsertInvoiceLines(t.Context(), w.B.ID, october, []app.InvoiceLine{line})
			},
			"earn": func(tx *store.Tx) error {
				_, err := tx.ReleaseLots(t.Context(), w.B.ID, october, "", 10)
				return err
			},
			"no lines": func(tx *store.Tx) error { return tx.DropInvoiceLines(t.Context(), w.B.ID, october) },
		} {
			if err := w.DB.Update(t.Context(), write); !errors.Is(err, store.ErrNotClosing) {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.Update(func(tx *store.Tx) error { // closing another month does not open this one's invoices
			_, err := tx.BeginClose(t.Context(), w.B.ID, november)
			return errors.Join(err, tx.DropInvoiceLines(t.Context(), w.B.ID, november))
		})
		if after := w.Texts(`SELECT number || net FROM invoices`); !slices.Equal(before, after) || len(issuedLines(t, w, w.B, inv.ID)) != 2 {
			t.Errorf("before %v, after %v", before, after)
		}
		w.CheckBooks()
	})
}

// A job may die after it began, run twice, or run late: whatever has been done is not done again.
func TestACloseIsDoneOnceHoweverOftenItRuns(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 25, mixed)
		at(w, november.First())
		op, err := w.CloseMonth(t.Context(), apptest.Operator(w.B), october)
		w.Must(err)
		died := errors.New("died")
		for seq := int64(1); op.State == store.OperationRunning; seq++ {
			job := app.CloseMonthJob{ConsoleID: op.ConsoleID, OperationID: op.ID, Seq: seq}
			if err := w.DB.Update(t.Context(), func(tx *store.Tx) error { // what it wrote goes with it
				_, err := tx.AdvanceOperation(t.Context(), store.Operation{ConsoleID: op.ConsoleID, ID: op.ID, NextSeq: seq}, seq+1, 0, 0, 0)
				return errors.Join(err, died)
			}); !errors.Is(err, died) {
				t.Fatal(err)
			}
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { w.Must(w.RunCloseMonth(t.Context(), job)) })
			}
			both.Wait()
			if seq > 1 {
				job.Seq--
				w.Must(w.RunCloseMonth(t.Context(), job))
			}
			w.Read(func(tx *store.Tx) error {
				op, err = tx.Operation(t.Context(), op.ConsoleID, op.ID)
				return err
			})
		}
		if op.State != store.OperationDone || op.Done != op.Total || len(w.Texts(`SELECT id FROM invoices`)) != 1 {
			t.Errorf("%+v", op)
		}
		w.CheckBooks()
	})
}

func TestNumbersHaveNoGapsWhenConsolesCloseTogether(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		consoles := []console.Console{w.A, w.B, w.C}
		for _, c := range consoles {
			w.AddCustomers(c, 6, func(i int, _ *customer.Customer, s *customer.Subscription) {
				if i%2 == 1 {
					s.BillingAccountID = apptest.Account(c, "JPY", "le_2")
				}
			})
		}
		at(w, november.First())
		var all sync.WaitGroup
		for _, c := range consoles {
			all.Go(func() { w.CloseMonthOf(c, october) })
		}
		all.Wait()
		want := []string{"V-2026-000001", "V-2026-000002", "V-2026-000003", "V-2026-000004", "V-2026-000005", "V-2026-000006"}
		if got := w.Texts(`SELECT number FROM invoices ORDER BY number`); !slices.Equal(got, want) {
			t.Errorf("numbers: %v", got)
		}
		w.CheckBooks()
	})
}

// A close that cannot be done is tried and told once on a day, however often time looks at it.
func TestAFailedCloseIsTriedOnceADay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 12, func(_ int, _ *customer.Customer, s *customer.Subscription) {
			s.Seats, s.Price = 1_000, money.Price{Num: 1_000_000_000_000_000, Den: 1}
		})
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
		for days := range 2 {
			at(w, november.First()+civil.Date(days))
			for range 3 {
				w.Must(w.RunDue(t.Context()))
				w.RunJobs("close_month")
			}
			if got := w.Texts(`SELECT state FROM operations`); len(got) != days+1 {
				t.Errorf("day %d: closes %v", days, got)
			}
		}
		if got := w.Texts(`SELECT dedupe FROM notices WHERE kind = 'invoice.close_failed'`); len(got) != 1 {
			t.Errorf("notices %v", got)
		}
	})
}

// A close whose job the engine gave up gets it again, once.
func TestACloseWithoutAJobGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 3, nil)
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
		at(w, november.First())
		w.Must(w.RunDue(t.Context()))
		w.DropJob(w.Jobs("close_month")[0])
		for range 3 {
			w.Must(w.RunDue(t.Context()))
		}
		if jobs := w.Jobs("close_month"); len(jobs) != 1 {
			t.Fatalf("jobs %+v", jobs)
		}
		w.RunJobs("close_month")
		if got := w.Texts(`SELECT state FROM billing_months WHERE month = ` + strconv.Itoa(int(october.First()))); !slices.Equal(got, []string{"CLOSED"}) {
			t.Errorf("month %v", got)
		}
	})
}

// An account to which a credit comes, or days of a month that is not closed, cannot be closed.
func TestAnAccountThatIsStillBilledStaysOpen(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
			prepaid(s, civil.NewDate(2026, time.September, 1))
		})
		w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
			s.BillingAccountID = apptest.Account(w.B, "JPY", "le_2")
		})
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
		c := w.Connect(w.A, w.B)
		on(w, 15)
		w.Move(c, w.A, w.B)
		end := func(entity string) error {
			return w.SetBillingAccountState(t.Context(), apptest.Operator(w.B), apptest.Account(w.B, "JPY", entity), billing.CloseAccount)
		}
		wantFault(t, end("le_1"), "billing_account.in_use")
		wantFault(t, end("le_2"), "billing_account.in_use")
		at(w, november.First())
		w.CloseMonthOf(w.B, october)
		wantFault(t, end("le_1"), "billing_account.has_balance")
		w.Must(end("le_2"))
		w.CheckBooks()
	})
}

func TestTooMuchForAnInvoiceOpensTheMonthAgain(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 12, func(i int, _ *customer.Customer, s *customer.Subscription) {
			s.Seats, s.Price = 1_000, money.Price{Num: 1_000_000_000_000_000, Den: 1}
		})
		at(w, november.First())
		op := w.CloseMonthOf(w.B, october)
		if op.State != store.OperationFailed || len(w.Texts(`SELECT id FROM invoices`)) != 0 || len(w.Texts(`SELECT id FROM invoice_lines`)) != 0 {
			t.Errorf("%+v", op)
		}
		if got := w.Texts(`SELECT state FROM billing_months`); !slices.Equal(got, []string{"OPEN"}) {
			t.Errorf("month: %v", got)
		}
	})
}

func TestTheFirstOfAMonthClosesTheMonthBefore(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 3, mixed)
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
		at(w, november.First()-1)
		w.Must(w.RunDue(t.Context()))
		if jobs := w.Jobs("close_month"); len(jobs) != 0 {
			t.Fatalf("a month that is not over is being closed: %v", jobs)
		}
		at(w, november.Next().Next().First()) // two months were missed, and come in their order
		for range 5 {
			w.Must(w.RunDue(t.Context()))
			w.RunJobs("close_month")
		}
		want := []string{"CLOSED", "CLOSED", "CLOSED"}
		if got := w.Texts(`SELECT state FROM billing_months WHERE console_id = 'cns_B' ORDER BY month`); !slices.Equal(got, want) {
			t.Errorf("months: %v", got)
		}
		if got := w.Texts(`SELECT number FROM invoices WHERE console_id = 'cns_B' ORDER BY month`); !slices.Equal(got, []string{"V-2026-000001", "V-2026-000002", "V-2026-000003"}) {
			t.Errorf("invoices: %v", got)
		}
		w.CheckBooks()
	})
}

func TestAQualifiedInvoiceBearsTax(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		_, err := w.CreateIssuer(t.Context(), apptest.Operator(w.A), billing.Issuer{
			Code: "j", Name: "Vendor Japan", Currency: "jpy", RegistrationNumber: "T1234567890123",
		})
		w.Must(err)
		w.AddIssuer()
		w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
			s.Seats, s.Price = 1, money.Price{Num: 999, Den: 1}
		})
		at(w, november.First())
		w.CloseMonthOf(w.B, october)
		inv := invoices(t, w, w.B, october)[apptest.Account(w.B, "JPY", "le_1")]
		if inv.Number != "J-2026-000001" || inv.Net.Minor != 999 || len(inv.Taxes) != 1 || inv.Taxes[0].Tax.Minor != 99 || inv.Due.Minor != 1_098 {
			t.Errorf("%+v", inv)
		}
		w.CheckBooks()
	})
}

func TestTheLedgerCheckNamesWhatDoesNotAgree(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 6, mixed)
		c := w.Connect(w.A, w.B)
		on(w, 15)
		w.Move(c, w.A, w.B)
		at(w, november.First())
		w.CloseMonthOf(w.B, october)
		w.CheckBooks()
		undone := errors.New("undone")
		for want, sql := range map[string]string{
			"group":      `UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'REVENUE'`,
			"clearing":   `DELETE FROM ledger_entries WHERE group_id LIKE '%/charge'`,
			"deferred":   `UPDATE lots SET released_to = from_date`,
			"lines":      `UPDATE invoice_lines SET amount = amount + 1`,
			"count":      `DELETE FROM invoice_lines WHERE charge_id = ''`,
			"receivable": `UPDATE invoices SET due = due + 1`,
			"net":        `UPDATE invoices SET net = net + 1`,
			"tax":        `UPDATE invoices SET gross = gross - 1`,
			"settled":    `UPDATE invoices SET gross = 1, due = 2`,
			"balance":    `UPDATE balance_movements SET amount = amount + 1`,
			"unbilled":   `DELETE FROM charges WHERE console_id = 'cns_A'`,
			"late":       `UPDATE invoice_lines SET charge_id = '' WHERE line_type = 'TRANSFER_CREDIT'`,
			"numbers":    `UPDATE invoices SET seq = 2`,
		} {
			err := w.DB.Engine().Update(t.Context(), func(conn store.Conn) error {
				if n, err := conn.Exec(t.Context(), sql); err != nil || n == 0 {
					return errors.Join(err, fmt.Errorf("%s changed %d rows", sql, n))
				}
				var found []store.Discrepancy
				err := store.New(pinned{w.DB.Engine(), conn}).View(t.Context(), func(tx *store.Tx) (err error) {
					found, err = tx.CheckLedger(t.Context(), 5)
					return err
				})
				if err == nil && !slices.ContainsFunc(found, func(d store.Discrepancy) bool { return d.Check == want }) {
					t.Errorf("%s is not named after %s: %+v", want, sql, found)
				}
				return errors.Join(err, undone)
			})
			if !errors.Is(err, undone) {
				t.Fatal(err)
			}
		}
		w.CheckBooks()
	})
}

// A lot of which the used days were never booked as earned is named, though its deferred rest is what it says of itself.
func TestTheLedgerCheckNamesLotsThatWereNotReleased(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		prepaid := func(_ int, _ *customer.Customer, s *customer.Subscription) {
			s.Plan, s.TermStart, s.TermEnd, s.Renewal = catalog.AnnualYearlyPay, s.StartDate, s.StartDate+365, customer.RenewYearly
		}
		w.AddCustomers(w.C, 1, prepaid) // stays where it is, and its month is closed
		w.AddCustomers(w.B, 1, prepaid) // moves in a month that is open
		c := w.Connect(w.A, w.B)
		on(w, 15)
		w.Move(c, w.A, w.B)
		at(w, november.First())
		w.CloseMonthOf(w.C, october)
		w.AddCustomers(w.C, 1, prepaid) // comes when the month is closed, and is released with the next
		w.CheckBooks()
		w.Exec(`DELETE FROM ledger_entries WHERE group_id LIKE '%/used/%'`)
		w.Exec(`UPDATE lots SET released_to = from_date`)
		r, err := w.CheckLedger(t.Context(), apptest.Operator(w.A))
		w.Must(err)
		var found []string
		for _, d := range r.Discrepancies {
			found = append(found, d.Check+" "+d.Subject)
		}
		slices.Sort(found)
		if want := []string{"deferred lot_000001-20260901", "deferred lot_000002-20260901"}; !slices.Equal(found, want) {
			t.Errorf("named %q, want %q", found, want)
		}
	})
}

// pinned is an engine of which every view is one open transaction.
type pinned struct {
	store.Engine
	conn store.Conn
}

func (p pinned) View(_ context.Context, fn func(store.Conn) error) error { return fn(p.conn) }
