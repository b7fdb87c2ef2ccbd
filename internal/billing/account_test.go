package billing_test

import (
	"testing"

	"psc/internal/billing"
	"psc/internal/fault"
)

// TestAccountStates holds every state against every action.
func TestAccountStates(t *testing.T) {
	for from, want := range map[billing.AccountState][4]billing.AccountState{
		// approve, restrict, restore, close
		billing.AccountPending:   {billing.AccountActive, "", "", billing.AccountClosed},
		billing.AccountActive:    {"", billing.AccountProbation, "", billing.AccountClosed},
		billing.AccountProbation: {"", "", billing.AccountActive, billing.AccountClosed},
		billing.AccountClosed:    {"", "", "", ""},
	} {
		for i, action := range billing.AccountActions {
			to, err := billing.Account{State: from}.Next(action, false)
			if to != want[i] || (err != nil) != (want[i] == "") {
				t.Errorf("%s, %s: %q, %v; want %q", from, action, to, err, want[i])
			}
		}
	}
	if _, err := (billing.Account{State: billing.AccountActive}).Next(billing.CloseAccount, true); !fault.Is(err, "billing_account.in_use") {
		t.Errorf("closing an account in use: %v", err)
	}
}
