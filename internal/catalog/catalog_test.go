package catalog_test

import (
	"reflect"
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

// Every field of a SKU counts: one that Same forgot would be lost when a catalogue is loaded.
func TestSKUsAreTheSameInEveryField(t *testing.T) {
	t.Parallel()
	for i := range reflect.TypeFor[catalog.SKU]().NumField() {
		other := catalog.SKU{}
		switch f := reflect.ValueOf(&other).Elem().Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int64:
			f.SetInt(1)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		default:
			t.Fatalf("teach this test to fill a %s", f.Kind())
		}
		if (catalog.SKU{}).Same(other) {
			t.Errorf("Same does not look at %s", reflect.TypeFor[catalog.SKU]().Field(i).Name)
		}
	}
}
