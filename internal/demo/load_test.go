package demo_test

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"psc/internal/billing"
	"psc/internal/customer"
	"psc/internal/demo"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

func TestLoad(t *testing.T) {
	w := build(t, 1, demo.Default)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db, w)
		if err := db.View(t.Context(), func(tx *store.Tx) error { return compare(t, tx, w) }); err != nil {
			t.Fatal(err)
		}
	})
}

func load(t *testing.T, db *store.DB, w demo.World) {
	t.Helper()
	before := time.Now()
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return demo.Load(t.Context(), tx, w, "hash") }); err != nil {
		t.Fatal(err)
	}
	t.Logf("loaded %d customers, %d subscriptions, %d orders in %s", len(w.Customers), len(w.Subscriptions), len(w.Orders), time.Since(before))
}

// compare reads the world back.
func compare(t *testing.T, tx *store.Tx, w demo.World) error {
	t.Helper()
	ctx := t.Context()
	people, err := tx.People(ctx)
	if err != nil {
		return err
	}
	if len(people) != len(w.People) {
		t.Errorf("%d people, want %d", len(people), len(w.People))
	}
	for _, p := range people {
		if p.PasswordHash != "hash" {
			t.Errorf("%s has the password hash %q", p.Email, p.PasswordHash)
		}
	}
	for _, c := range w.Consoles {
		if got, err := tx.Console(ctx, c.ID); err != nil || got != c {
			t.Errorf("console %+v, want %+v: %v", got, c, err)
		}
		if err := compareConsole(ctx, t, tx, w, c.ID); err != nil {
			return err
		}
	}
	return nil
}

func compareConsole(ctx context.Context, t *testing.T, tx *store.Tx, w demo.World, consoleID string) error {
	t.Helper()
	accounts, err := tx.BillingAccounts(ctx, consoleID)
	if err != nil {
		return err
	}
	want := of(w.Accounts, func(a billing.Account) bool { return a.ConsoleID == consoleID })
	if !reflect.DeepEqual(accounts, want) {
		t.Errorf("billing accounts %+v\nwant %+v", accounts, want)
	}
	customers := of(w.Customers, func(c customer.Customer) bool { return c.ConsoleID == consoleID })
	ids := make([]string, len(customers))
	for i, c := range customers {
		ids[i] = c.ID
	}
	if n, err := tx.CountCustomers(ctx, consoleID, store.CustomerFilter{State: customer.Live}); err != nil || n.N != len(customers) {
		t.Errorf("%d customers, want %d: %v", n.N, len(customers), err)
	}
	first, err := tx.Customer(ctx, consoleID, ids[0])
	first.Seats, first.NextRenewal = 0, 0 // of its subscriptions
	if err != nil || first != customers[0] {
		t.Errorf("customer %+v\nwant %+v: %v", first, customers[0], err)
	}
	subs, err := tx.SubscriptionsOf(ctx, consoleID, ids)
	if err != nil {
		return err
	}
	wantSubs := of(w.Subscriptions, func(s customer.Subscription) bool { return s.ConsoleID == consoleID })
	byID := func(a, b customer.Subscription) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(subs, byID)
	slices.SortFunc(wantSubs, byID)
	if !reflect.DeepEqual(subs, wantSubs) {
		t.Errorf("%d subscriptions differ from the %d of the world", len(subs), len(wantSubs))
	}
	orders, err := tx.Orders(ctx, consoleID, ids[0], "", 1000)
	if err != nil {
		return err
	}
	wantOrders := of(w.Orders, func(o customer.Order) bool { return o.CustomerID == ids[0] })
	slices.SortFunc(wantOrders, func(a, b customer.Order) int { return cmp.Compare(b.ID, a.ID) })
	if !reflect.DeepEqual(orders, wantOrders) {
		t.Errorf("orders %+v\nwant %+v", orders, wantOrders)
	}
	return nil
}

// of returns the members of the list to keep.
func of[T any](list []T, keep func(T) bool) []T {
	var kept []T
	for _, v := range list {
		if keep(v) {
			kept = append(kept, v)
		}
	}
	return kept
}
