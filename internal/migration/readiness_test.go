package migration_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/migration"
)

// The bits are in databases: a new code gets the next one, and no code ever another.
func TestBitsNeverChange(t *testing.T) {
	t.Parallel()
	want := map[migration.Code]int64{
		"HAS_GOOGLE_CLOUD": 1, "HAS_VOICE_COMMITMENT": 2, "NO_BILLING_ACCOUNT_IN_CURRENCY": 4,
		"BILLING_ACCOUNT_NOT_ACTIVE": 8, "AGREEMENT_NOT_SIGNED": 16, "OPEN_ORDER": 32, "SKU_NOT_AUTHORIZED": 64,
		"PENDING_TOS": 128, "SUSPENDED_BY_VENDOR": 256, "ALREADY_CUSTOMER_OF_MAIN": 512,
		"WAITING_PERIOD": 0, "ACCOUNT_NOT_USABLE": 0, "CHOICE_MISSING": 0, "MOVE_FAILED": 0, "": 0, // never stored
	}
	for code, bit := range want {
		if got := code.Bit(); got != bit {
			t.Errorf("%s has bit %d, want %d", code, got, bit)
		}
	}
	if got := len(migration.Codes()); got != 10 {
		t.Errorf("%d codes are stored, this test knows 10", got)
	}
}

// Who can act on each reason (spec R1).
func TestClearers(t *testing.T) {
	t.Parallel()
	for code, want := range map[migration.Code]migration.Clearer{
		migration.WaitingPeriod: migration.BySource, migration.HasGoogleCloud: migration.ByVendor,
		migration.HasVoiceCommitment: migration.ByVendor, migration.NoBillingAccountInCurrency: migration.ByMain,
		migration.BillingAccountNotActive: migration.ByVendor, migration.AgreementNotSigned: migration.ByMain,
		migration.OpenOrder: migration.BySource, migration.SKUNotAuthorized: migration.ByVendor,
		migration.PendingTOS: migration.ByCustomer, migration.SuspendedByVendor: migration.ByVendor,
		migration.AlreadyCustomerOfMain: migration.ByMain, migration.AccountNotUsable: migration.ByMain,
		migration.ChoiceMissing: migration.ByMain, migration.MoveFailed: migration.ByVendor,
	} {
		if got := code.Clearer(); got != want {
			t.Errorf("%s is cleared by %q, want %q", code, got, want)
		}
	}
	for _, code := range migration.Codes() {
		if code.Clearer() == "" {
			t.Errorf("nobody can act on %s", code)
		}
	}
}

func TestCodesComeBackFromTheirBits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := migration.Codes()
		want := rapid.SliceOfDistinct(rapid.SampledFrom(all), rapid.ID).Draw(t, "codes")
		var blockers int64
		for _, code := range want {
			blockers |= code.Bit()
		}
		slices.SortFunc(want, func(a, b migration.Code) int { return slices.Index(all, a) - slices.Index(all, b) })
		if got := migration.CodesOf(blockers); !slices.Equal(got, want) {
			t.Fatalf("codes of %b are %v, want %v", blockers, got, want)
		}
	})
}

func TestCodesCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	migration.Codes()[0] = "CHANGED"
	if migration.Codes()[0] != migration.HasGoogleCloud {
		t.Error("Codes hands out the list itself")
	}
}
