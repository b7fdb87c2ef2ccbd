package cli_test

import (
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/money"
	"psc/internal/store"
)

// TestOrdersByCommandLine adds a customer, buys, changes and ends its subscriptions, and asks what that costs.
func TestOrdersByCommandLine(t *testing.T) {
	w := newTerminal(t)
	w.Update(func(tx *store.Tx) error {
		return tx.PutOffers(t.Context(), []catalog.Offer{
			{SKUID: apptest.Seats, Plan: catalog.Flexible, Currency: "JPY", Price: money.Price{Num: 1360, Den: 1}},
			{SKUID: apptest.Seats, Plan: catalog.AnnualYearlyPay, Currency: "JPY", Price: money.Price{Num: 13600, Den: 1}},
		})
	})
	customer := w.id(in(w.A, "customer", "create", "--org-display-name", "Kita", "--domain", "kita.example", "--alternate-email", "a@mail.example")...)
	w.refused("customer.domain_taken", 2, in(w.A, "customer", "create", "--org-display-name", "Kita", "--domain", "KITA.example")...)
	w.refused("customer.invalid", 2, in(w.A, "customer", "create", "--domain", "minami.example", "--alternate-email", "a@minami.example")...)

	buy := func(more ...string) []string {
		return in(w.A, append([]string{
			"order", "buy", "--customer", customer, "--sku", apptest.Seats, "--billing-account", apptest.Account(w.A, "JPY", "le_1"), "--key", "k",
		}, more...)...)
	}
	type quote struct {
		Seats        int64 `json:"num_units"`
		RenewalSeats int64 `json:"renewal_num_units"`
		Months       []struct {
			Without string `json:"without_minor"`
			With    string `json:"with_minor"`
		}
	}
	prepaid := buy("--plan", "ANNUAL_YEARLY_PAY", "--seats", "5")
	q := into[quote](w, append(prepaid, "--quote")...)
	if q.Seats != 5 || len(q.Months) == 0 || q.Months[0].Without != "0" || q.Months[0].With != "68000" {
		t.Errorf("quoted %+v", q)
	}
	sub := w.id(prepaid...)
	if again := w.id(prepaid...); again != sub {
		t.Errorf("the key bought %s and %s", sub, again)
	}
	w.refused("order.plan_missing", 2, buy("--plan", "WEEKLY", "--seats", "5")...)
	w.refused("order.account_missing", 2, buy("--plan", "FLEXIBLE", "--seats", "5", "--billing-account", "ba_none")...)

	if q := into[quote](w, in(w.A, "subscription", "seats", sub, "3", "--quote")...); q.Seats != 5 || q.RenewalSeats != 3 {
		t.Errorf("quoted %+v", q)
	}
	if out := w.run(in(w.A, "subscription", "seats", sub, "3")...); !strings.Contains(out, "Ordered for the renewal on Oct 1, 2027") {
		t.Error(out)
	}
	w.run(in(w.A, "subscription", "renewal", sub, "AUTO_RENEW_YEARLY_PAY")...)
	w.refused("order.seats", 2, in(w.A, "subscription", "seats", sub, "many")...)
	if q := into[quote](w, in(w.A, "subscription", "cancel", sub, "--quote")...); len(q.Months) == 0 || q.Months[0].With != "68000" {
		t.Errorf("nothing is given back of what the operator ends: %+v", q)
	}
	w.refused("order.committed_plan", 2, in(w.A, "subscription", "plan", sub, "FLEXIBLE")...)
	w.refused("order.other_product", 2, in(w.A, "subscription", "product", sub, apptest.Voice)...)
	w.refused("order.no_trial", 2, buy("--plan", "FLEXIBLE", "--seats", "5", "--trial", "--key", "t")...)
	w.run(buy("--plan", "FLEXIBLE", "--seats", "5", "--offline", "--key", "o")...)
	open := into[[]struct{ ID string }](w, in(w.A, "order", "list")...)
	if len(open) != 1 {
		t.Fatalf("open %+v", open)
	}
	w.refused("order.reason", 2, in(w.A, "order", "reject", open[0].ID)...)
	w.run(in(w.A, "order", "reject", open[0].ID, "--reason", "not sold")...)
	w.run(in(w.A, "subscription", "suspend", sub)...)
	w.run(in(w.A, "subscription", "reactivate", sub)...)
	w.refused("subscription.state", 5, in(w.A, "subscription", "start-paid", sub)...)
	record := into[struct {
		Email         string `json:"alternate_email"`
		Subscriptions []struct {
			Seats        int64 `json:"num_units"`
			RenewalSeats int64 `json:"renewal_num_units"`
		}
		Orders []struct{ Action string }
	}](w, in(w.A, "customer", "show", customer)...)
	if len(record.Orders) != 5 || len(record.Subscriptions) != 1 || record.Subscriptions[0].RenewalSeats != 3 || record.Email != "a@mail.example" {
		t.Errorf("%+v", record)
	}
	quoted := into[[]struct {
		Credit string `json:"credit_minor"`
	}](w, in(w.A, "customer", "transfer-out", customer, "--quote")...)
	if len(quoted) != 1 || quoted[0].Credit != "-68000" {
		t.Errorf("quoted %+v", quoted)
	}
	w.run(in(w.A, "customer", "transfer-out", customer)...)
	w.refused("transfer.nothing", 6, in(w.A, "customer", "transfer-out", customer)...)
	made := into[struct{ ID, Token string }](w, in(w.A, "customer", "transfer-token", customer)...)
	token := made.Token
	if listed := into[[]struct{ ID, Token string }](w, in(w.A, "customer", "transfer-tokens", customer)...); token == "" || len(listed) != 1 ||
		listed[0].ID != made.ID || listed[0].Token != "" {
		t.Errorf("made %+v, listed %+v", made, listed)
	}
	w.run(in(w.A, "customer", "revoke-transfer-token", customer, made.ID)...)
	w.refused("token.not_found", 3, in(w.A, "customer", "revoke-transfer-token", customer, made.ID)...)
	w.refused("transfer.token", 4, in(w.A, "customer", "take-over", customer, "--transfer-token", token)...)
	w.run(in(w.A, "customer", "delete", customer)...)
	w.refused("customer.deleted", 6, in(w.A, "customer", "delete", customer)...)
}
