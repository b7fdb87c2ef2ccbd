package app_test

import (
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// TestTheVendorTakesOver transfers subscriptions of each plan to the vendor in the middle of a month: billed to the day before, what is
// left of prepaid ones credited as a move would, as quoted, and the issued invoices and the books say the same.
func TestTheVendorTakesOver(t *testing.T) {
	tests := map[string]func(*testing.T, *apptest.World){}
	for name, c := range map[string]struct {
		make func(*customer.Subscription)
		net  int64 // of October, of seats from the first day of the month to the 19th
	}{
		"flexible":       {listed(small, catalog.Flexible), 11_613},                                                 // 2,000 * 10 * 18/31
		"monthly":        {listed(small, catalog.AnnualMonthlyPay), 10_452},                                         // 1,800 * 10 * 18/31
		"prepaid":        {listed(small, catalog.AnnualYearlyPay), -187_595},                                        // 216,000 * 317/365
		"bought today":   {func(s *customer.Subscription) { prepaid(s, civil.NewDate(2026, time.October, 19)) }, 0}, // charged and credited
		"a trial":        {func(s *customer.Subscription) { s.State, s.TrialEnd = customer.SubTrial, civil.NewDate(2026, 12, 1) }, 0},
		"offline":        {func(s *customer.Subscription) { s.Channel = customer.Offline }, 0},
		"fewer seats":    {func(s *customer.Subscription) { listed(small, catalog.Flexible)(s) }, 11_613},
		"renewed today":  {func(s *customer.Subscription) { prepaid(s, civil.NewDate(2025, time.October, 19)) }, 0},
		"ends meanwhile": {func(s *customer.Subscription) { prepaid(s, civil.NewDate(2025, time.October, 25)) }, -600}, // 36,500 * 6/365
	} {
		tests[name] = func(t *testing.T, w *apptest.World) {
			withLimits(w)
			w.AddIssuer()
			id := w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) {
				s.SKUID = small
				c.make(s)
			})[0]
			on(w, 19)
			w.Must(w.RunDue(t.Context()))
			source, account := apptest.Admin(w.B), apptest.Account(w.B, "JPY", "le_1")
			if name == "fewer seats" { // on the day itself, which is the vendor's
				w.Must(changing(t, w, "sub_"+id[4:], app.Change{Action: app.ChangeSeats, Seats: 3}))
			}
			q, err := w.QuoteTransferOut(t.Context(), source, id)
			w.Must(err)
			inv, err := w.DraftInvoice(t.Context(), source, account, october)
			w.Must(err)
			if len(q.Lines) != 1 || q.Lines[0].Months[0].Without != inv.Totals.Net.Minor {
				t.Errorf("quoted %+v, drafted %d", q.Lines, inv.Totals.Net.Minor)
			}
			w.Must(w.TransferOut(t.Context(), source, id))
			for _, m := range q.Lines[0].Months {
				inv, err := w.DraftInvoice(t.Context(), source, account, m.Month)
				w.Must(err)
				if inv.Totals.Net.Minor != m.With || m.Month == october && m.With != c.net || m.Month != october && m.With != 0 {
					t.Errorf("%s: quoted %d, drafted %d, want %d", m.Month, m.With, inv.Totals.Net.Minor, c.net)
				}
				for _, l := range inv.Lines {
					if l.Amount.Minor < 0 && l.Type != billing.TransferCreditLine {
						t.Errorf("negative: %+v", l)
					}
				}
			}
			record, err := w.Customer(t.Context(), source, id)
			w.Must(err)
			if record.Subscriptions[0].State != customer.SubCancelled || !slices.ContainsFunc(record.Orders, func(o app.OrderLine) bool {
				return o.Action == customer.OrderTransferred && o.By == customer.ByReseller
			}) {
				t.Errorf("%+v", record)
			}
			wantFault(t, w.TransferOut(t.Context(), source, id), "transfer.nothing")
			w.CheckInvariants()
			at(w, november.First()+1)
			w.CloseMonthOf(w.B, october)
			w.CheckBooks()
			for _, deferred := range w.Texts(`SELECT lot_id FROM ledger_entries WHERE account = 'DEFERRED' GROUP BY lot_id HAVING sum(amount) <> 0`) {
				t.Errorf("%s is deferred for ever", deferred)
			}
		}
	}
	eachOf(t, tests)
}

// TestTransfersAreRefused tries who may not transfer, and when.
func TestTransfersAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, func(i int, _ *customer.Customer, s *customer.Subscription) {
			switch i {
			case 1:
				s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
			case 2:
				s.Channel = customer.Offline
			}
		})
		admin := apptest.Admin(w.B)
		refused := func(actor console.Actor, id, key string) {
			t.Helper()
			_, quoted := w.QuoteTransferOut(t.Context(), actor, id)
			wantFault(t, quoted, key)
			wantFault(t, w.TransferOut(t.Context(), actor, id), key)
		}
		w.Must(w.ChangeSubscription(t.Context(), admin, "sub_"+ids[2][4:], app.Change{Action: app.ChangeSeats, Seats: 12}))
		refused(admin, ids[1], "transfer.suspended")
		refused(admin, ids[2], "transfer.open_order")
		refused(admin, "cus_none", "customer.not_found")
		refused(apptest.Admin(w.A), ids[0], "customer.not_found")
		for _, role := range []console.Role{console.RoleViewer, console.RoleBilling} {
			if err := w.TransferOut(t.Context(), apptest.As(w.B, role), ids[0]); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s transfers: %v", role, err)
			}
		}
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), admin, c.ID, store.Scope{All: true})
		w.Must(err)
		refused(admin, ids[0], "customer.migration_in_progress")
	})
}
