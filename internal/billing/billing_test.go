package billing_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/money"
)

// account is an active one with a signed agreement, opened on the given day.
func account(id, entity string, day int, change ...func(*billing.Account)) billing.Account {
	a := billing.Account{
		ID: id, Currency: "JPY", Group: catalog.GoogleWorkspace, LegalEntityID: entity, State: billing.AccountActive, Signed: true,
		CreatedAt: time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC),
	}
	for _, c := range change {
		c(&a)
	}
	return a
}

func state(s billing.AccountState) func(*billing.Account) {
	return func(a *billing.Account) { a.State = s }
}

func unsigned(a *billing.Account) { a.Signed = false }
func dollars(a *billing.Account)  { a.Currency = "USD" }
func cloud(a *billing.Account)    { a.Group = catalog.GoogleCloud }

func TestSuggest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		accounts []billing.Account
		want     string
	}{
		"none at all":                      {nil, ""},
		"the only one":                     {[]billing.Account{account("a", "kk", 1)}, "a"},
		"only another entity":              {[]billing.Account{account("a", "inc", 1)}, "a"},
		"same entity before older":         {[]billing.Account{account("a", "inc", 1), account("b", "kk", 9)}, "b"},
		"oldest of the same entity":        {[]billing.Account{account("a", "kk", 3), account("b", "kk", 2), account("c", "kk", 5)}, "b"},
		"oldest of other entities":         {[]billing.Account{account("a", "inc", 3), account("b", "ltd", 2)}, "b"},
		"as old: by ID":                    {[]billing.Account{account("b", "kk", 2), account("a", "kk", 2)}, "a"},
		"pending":                          {[]billing.Account{account("a", "kk", 1, state(billing.AccountPending))}, ""},
		"on probation takes nothing":       {[]billing.Account{account("a", "kk", 1, state(billing.AccountProbation))}, ""},
		"closed":                           {[]billing.Account{account("a", "kk", 1, state(billing.AccountClosed))}, ""},
		"agreement not signed":             {[]billing.Account{account("a", "kk", 1, unsigned)}, ""},
		"other currency":                   {[]billing.Account{account("a", "kk", 1, dollars)}, ""},
		"other product group":              {[]billing.Account{account("a", "kk", 1, cloud)}, ""},
		"usable one of another entity":     {[]billing.Account{account("a", "kk", 1, unsigned), account("b", "inc", 9)}, "b"},
		"unfit ones do not get in between": {[]billing.Account{account("a", "kk", 1, dollars), account("b", "kk", 2, cloud), account("c", "kk", 3)}, "c"},
	} {
		before := slices.Clone(c.accounts)
		got, ok := billing.Suggest(c.accounts, "JPY", catalog.GoogleWorkspace, "kk")
		if got.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, got.ID, ok, c.want)
		}
		if !slices.Equal(before, c.accounts) {
			t.Errorf("%s: the accounts were changed", name)
		}
	}
}

// Whatever is suggested can be used and fits, and nothing is suggested only if nothing can.
func TestSuggestionsFit(t *testing.T) {
	t.Parallel()
	states := []billing.AccountState{
		billing.AccountActive, billing.AccountPending, billing.AccountProbation, billing.AccountClosed,
	}
	one := rapid.Custom(func(t *rapid.T) billing.Account {
		return billing.Account{
			ID:            rapid.StringMatching(`[a-c]{2}`).Draw(t, "id"),
			Currency:      rapid.SampledFrom([]money.Currency{"JPY", "USD"}).Draw(t, "currency"),
			Group:         rapid.SampledFrom([]catalog.ProductGroup{catalog.GoogleWorkspace, catalog.GoogleCloud}).Draw(t, "group"),
			LegalEntityID: rapid.SampledFrom([]string{"kk", "inc"}).Draw(t, "entity"),
			State:         rapid.SampledFrom(states).Draw(t, "state"),
			Signed:        rapid.Bool().Draw(t, "signed"),
			CreatedAt:     time.Unix(rapid.Int64Range(0, 3).Draw(t, "created"), 0),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		accounts := rapid.SliceOfN(one, 0, 8).Draw(t, "accounts")
		possible := func(a billing.Account) bool { return a.Usable() && a.Fits("JPY", catalog.GoogleWorkspace) }
		got, ok := billing.Suggest(accounts, "JPY", catalog.GoogleWorkspace, "kk")
		if ok != slices.ContainsFunc(accounts, possible) {
			t.Fatalf("suggested: %v", ok)
		}
		if ok && !possible(got) {
			t.Fatalf("suggested %+v", got)
		}
		for _, a := range accounts {
			if ok && possible(a) && a.LegalEntityID == "kk" && (got.LegalEntityID != "kk" || a.CreatedAt.Before(got.CreatedAt)) {
				t.Fatalf("suggested %+v before %+v", got, a)
			}
		}
	})
}
