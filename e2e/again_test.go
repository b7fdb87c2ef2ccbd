//go:build e2e

package e2e_test

import (
	"testing"

	"psc/e2e/product"
	"psc/internal/i18n"
)

// TestOneCustomerIsStartedCancelledAndStartedAgain goes there and back with a single customer, and then all the way.
func TestOneCustomerIsStartedCancelledAndStartedAgain(t *testing.T) {
	demo := product.Serve(t, "demo", "--data", t.TempDir(), "--customers", "150")
	u := newUser(t, demo.URL, i18n.Japanese)
	u.signIn(boss)
	u.inviteSeattle()
	u.acceptInvite()
	u.passWeek()
	u.visit(u.migrations)
	u.until("somebody is ready", func() bool { return u.Count("td.act a") > 0 })
	name, domain := u.Text("tbody th a"), u.Text("tbody th small")
	ready := number(u.Text(".tabs [aria-current] .count"))
	start := func() {
		t.Helper()
		u.ClickText("td.act a", u.startOne)
		u.ClickText("form[data-confirm] button", u.startOne)
		u.WaitText("main", u.started)
		u.WaitText("tbody", domain)
		if u.Count("tbody tr") != 1 {
			t.Errorf("%d have started, want 1", u.Count("tbody tr"))
		}
	}
	start()
	u.ClickText("td.act a", u.cancelOne)
	u.ClickText("form[data-confirm] button", u.confirmCancel)
	u.WaitText("main .banner", "1 件の移行をキャンセルしました")
	u.WaitText("tbody", domain) // the list of those who are ready
	if again := number(u.Text(".tabs [aria-current] .count")); again != ready {
		t.Errorf("%d are ready after the cancellation, want %d", again, ready)
	}
	start()
	u.enter(tokyo)
	u.visit(u.migrations)
	u.ClickText("td.act a", "移行を完了する")
	u.ClickText("main button", u.goOn)
	u.WaitText("main", u.finished)
	if moved := number(u.Text("#run-results .figures b")); moved != 1 {
		t.Errorf("%d have moved, want 1", moved)
	}
	u.find(name, domain)
}
