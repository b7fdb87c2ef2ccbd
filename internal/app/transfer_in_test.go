package app_test

import (
	"strconv"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// customersOfToken adds a customer with a flexible and a prepaid subscription to B and one of the same domain without any to A. It
// returns A's customer and the token of B's.
func customersOfToken(w *apptest.World) (to, token string) {
	w.T.Helper()
	from := w.AddCustomers(w.B, 1, func(_ int, c *customer.Customer, _ *customer.Subscription) { c.Domain = "token.example" })[0]
	to = w.AddCustomers(w.A, 1, func(_ int, c *customer.Customer, s *customer.Subscription) {
		c.Domain, s.State = "token.example", customer.SubCancelled
	})[0]
	w.Update(func(tx *store.Tx) error {
		s, err := tx.Subscription(w.T.Context(), w.B.ID, "sub_"+from[4:])
		if err != nil {
			return err
		}
		s.ID = "sub_prepaid"
		annual(catalog.AnnualYearlyPay)(&s)
		return tx.InsertSubscriptions(w.T.Context(), []customer.Subscription{s})
	})
	token, made, err := w.CreateTransferToken(w.T.Context(), apptest.Admin(w.B), from)
	w.Must(err)
	if made.ExpiresAt.Sub(apptest.Start) != 7*24*time.Hour {
		w.T.Errorf("it can be used until %s", made.ExpiresAt)
	}
	return to, token
}

func TestACustomerTakesItsSubscriptionsToAnotherReseller(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, receiver, giver := t.Context(), apptest.Admin(w.A), apptest.Admin(w.B)
		to, token := customersOfToken(w)
		from := w.Texts(`SELECT id FROM customers WHERE console_id = '` + w.B.ID + `'`)[0]
		on := civil.DateOf(w.Clock.Now(), w.Config.BillingZone)
		list, err := w.TransferableTo(ctx, receiver, to, token)
		w.Must(err)
		if len(list) != 2 || list[0].Refused != nil || list[1].Refused != nil {
			t.Fatalf("transferable: %+v", list)
		}
		ids, err := w.TakeOver(ctx, receiver, app.TransferIn{
			CustomerID: to, Token: token, Accounts: map[string]string{"sub_prepaid": apptest.Account(w.A, "JPY", "le_2")},
		})
		w.Must(err)
		w.CheckInvariants()
		if len(ids) != 2 {
			t.Errorf("taken over: %v", ids)
		}
		here, err := w.Customer(ctx, receiver, to)
		w.Must(err)
		accounts := map[string]string{}
		for _, l := range here.Subscriptions {
			if l.State == customer.SubActive {
				accounts[l.ID] = l.BillingAccountID
			}
		}
		if len(accounts) != 2 || accounts["sub_prepaid"] != apptest.Account(w.A, "JPY", "le_2") || accounts["sub_"+from[4:]] != apptest.Account(w.A, "JPY", "le_1") {
			t.Errorf("paid by %v", accounts)
		}
		there, err := w.Customer(ctx, giver, from)
		w.Must(err)
		if there.Customer.State != customer.Live || there.Customer.Seats != 0 || there.Orders[0].Action != customer.OrderTransferredAway || there.Orders[0].By != customer.ByCustomer || there.Orders[0].ByName != "" {
			t.Errorf("left behind: %+v, %+v", there.Customer, there.Orders[0])
		}
		for _, l := range there.Subscriptions {
			if l.State != customer.SubCancelled {
				t.Errorf("left behind: %+v", l)
			}
		}
		left := int64(civil.NewDate(2027, time.September, 1) - on)
		want := (2*136_000*left + 365) / (2 * 365)
		if lines := w.Texts(`SELECT console_id || ' ' || customer_id || ' ' || CAST(amount AS text) || counterparty_id FROM charges
			WHERE line_type LIKE 'TRANSFER%' ORDER BY 1`); len(lines) != 2 || lines[0] != w.A.ID+" "+to+" "+strconv.FormatInt(want, 10) || lines[1] != w.B.ID+" "+from+" "+strconv.FormatInt(-want, 10) {
			t.Errorf("lines %q, want %d", lines, want)
		}
		_, err = w.TakeOver(ctx, receiver, app.TransferIn{CustomerID: to, Token: token})
		wantFault(t, err, "transfer.token")

		back, _, err := w.CreateTransferToken(ctx, receiver, to) // on the same day, to where they came from
		w.Must(err)
		_, err = w.TakeOver(ctx, giver, app.TransferIn{CustomerID: from, Token: back})
		w.Must(err)
		w.CheckInvariants()
		if got := w.Texts(`SELECT id FROM subscriptions WHERE console_id = '` + w.B.ID + `' AND customer_id = '` + from + `' AND state = 'ACTIVE' AND moved = 0`); len(got) != 2 {
			t.Errorf("came back: %v", got)
		}
	})
}

func TestTakingOverIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		ready func(w *apptest.World, in *app.TransferIn)
		want  string
	}{
		"another token":  {func(_ *apptest.World, in *app.TransferIn) { in.Token = "psct_x" }, "transfer.token"},
		"too late":       {func(w *apptest.World, _ *app.TransferIn) { w.Exec(`UPDATE transfer_tokens SET expires_at = 1`) }, "transfer.token"},
		"another domain": {func(w *apptest.World, in *app.TransferIn) { in.CustomerID = w.AddCustomers(w.A, 1, nil)[0] }, "transfer.token"},
		"moved away": {func(w *apptest.World, _ *app.TransferIn) {
			w.Exec(`UPDATE customers SET state = 'MOVED', moved_at = 1, moved_by = 'mig' WHERE console_id = 'cns_B'`)
		}, "transfer.token"},
		"in migration": {func(w *apptest.World, _ *app.TransferIn) {
			w.Exec(`UPDATE customers SET migration_id = 'mig' WHERE console_id = 'cns_B'`)
		}, "customer.migration_in_progress"},
		"here too": {func(w *apptest.World, _ *app.TransferIn) {
			w.Exec(`UPDATE customers SET migration_id = 'mig' WHERE console_id = 'cns_A'`)
		}, "customer.migration_in_progress"},
		"not authorised": {func(w *apptest.World, _ *app.TransferIn) {
			w.Exec(`DELETE FROM sku_authorizations WHERE console_id = 'cns_A'`)
		}, "order.sku_not_authorized"},
		"no account": {func(w *apptest.World, _ *app.TransferIn) {
			w.Exec(`UPDATE billing_accounts SET state = 'CLOSED' WHERE console_id = 'cns_A'`)
		}, "transfer.account"},
		"foreign account": {func(w *apptest.World, in *app.TransferIn) {
			in.Accounts = map[string]string{"sub_prepaid": apptest.Account(w.B, "JPY", "le_1")}
		}, "transfer.account"},
		"vendor's suspension": {func(w *apptest.World, _ *app.TransferIn) {
			w.Exec(`UPDATE subscriptions SET state = 'SUSPENDED', suspension_reason = 'VENDOR_INITIATED' WHERE id = 'sub_prepaid'`)
		}, "transfer.suspended"},
	} {
		t.Run(name, func(t *testing.T) {
			once(t, func(t *testing.T, w *apptest.World) {
				to, token := customersOfToken(w)
				in := app.TransferIn{CustomerID: to, Token: token}
				c.ready(w, &in)
				before := w.DumpSQL("")
				rows := w.Texts(before)
				_, err := w.TakeOver(t.Context(), apptest.Admin(w.A), in)
				wantFault(t, err, c.want)
				if after := w.Texts(before); len(after) != len(rows) {
					t.Error("it was refused and changed something")
				}
				if _, err := w.TakeOver(t.Context(), apptest.As(w.A, "BILLING"), in); fault.KindOf(err) != fault.Forbidden {
					t.Errorf("by who may not: %v", err)
				}
			})
		})
	}
}

// TestATransferTokenIsTakenBack: the list tells which, and what was taken back opens nothing.
func TestATransferTokenIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, giver := t.Context(), apptest.Admin(w.B)
		to, token := customersOfToken(w)
		from := w.Texts(`SELECT id FROM customers WHERE console_id = '` + w.B.ID + `'`)[0]
		_, _, err := w.CreateTransferToken(ctx, giver, from)
		w.Must(err)
		c, list, err := w.TransferTokens(ctx, giver, from)
		w.Must(err)
		if c.ID != from || len(list) != 2 || list[1].CreatedBy != giver.Name || !list[1].UsedAt.IsZero() {
			t.Fatalf("%+v", list)
		}
		_, _, err = w.TransferTokens(ctx, apptest.As(w.B, console.RoleViewer), from)
		wantFault(t, err, "forbidden")
		wantFault(t, w.RevokeTransferToken(ctx, apptest.As(w.B, console.RoleViewer), from, list[1].ID), "forbidden")
		wantFault(t, w.RevokeTransferToken(ctx, apptest.Admin(w.A), from, list[1].ID), "customer.not_found")
		wantFault(t, w.RevokeTransferToken(ctx, giver, from, "trt_none"), "token.not_found")
		w.Must(w.RevokeTransferToken(ctx, giver, from, list[1].ID))
		wantFault(t, w.RevokeTransferToken(ctx, giver, from, list[1].ID), "token.not_found")
		_, err = w.TakeOver(ctx, apptest.Admin(w.A), app.TransferIn{CustomerID: to, Token: token})
		wantFault(t, err, "transfer.token")
		if e := lastEvent(t, w, w.B.ID); e.Action != "customer.transfer_token_revoked" {
			t.Errorf("%+v", e)
		}
		_, list, err = w.TransferTokens(ctx, giver, from)
		w.Must(err)
		if list[1].RevokedAt.IsZero() || !list[0].RevokedAt.IsZero() {
			t.Errorf("%+v", list)
		}
	})
}
