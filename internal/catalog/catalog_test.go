package catalog_test

import (
	"slices"
	"testing"

	"psc/internal/catalog"
)

func TestPlans(t *testing.T) {
	t.Parallel()
	for plan, annual := range map[catalog.Plan]bool{
		"FLEXIBLE": false, "ANNUAL_MONTHLY_PAY": true, "ANNUAL_YEARLY_PAY": true,
	} {
		if !plan.Valid() || plan.Annual() != annual || !slices.Contains(catalog.Plans, plan) {
			t.Errorf("%s: valid %v, annual %v", plan, plan.Valid(), plan.Annual())
		}
	}
	for _, plan := range []catalog.Plan{"", "flexible", "TRIAL", "ANNUAL"} {
		if plan.Valid() || plan.Annual() {
			t.Errorf("%q is a plan", plan)
		}
	}
}

func TestProductGroups(t *testing.T) {
	t.Parallel()
	for group, want := range map[catalog.ProductGroup]bool{
		"GOOGLE_WORKSPACE": true, "GOOGLE_CLOUD": true, "GOOGLE_VOICE": false, "": false,
	} {
		if got := group.Valid(); got != want {
			t.Errorf("%q is valid: %v", group, got)
		}
	}
}
