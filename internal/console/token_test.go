package console_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
)

func TestCheckToken(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	ok := func() console.Token {
		return console.Token{Name: " nightly ", Scopes: []console.Privilege{console.Billing}, CreatedAt: made, ExpiresAt: made.Add(24 * time.Hour)}
	}
	for name, c := range map[string]struct {
		change func(*console.Token)
		wrong  []string
		scopes []console.Privilege
	}{
		"a day":          {change: func(*console.Token) {}, scopes: []console.Privilege{console.ViewCustomers, console.Billing}},
		"nothing chosen": {change: func(x *console.Token) { x.Scopes = nil }, scopes: []console.Privilege{console.ViewCustomers}},
		"in order": {change: func(x *console.Token) {
			x.Scopes = []console.Privilege{console.Operate, console.SuperAdmin, console.Billing, console.Billing}
		}, scopes: []console.Privilege{console.ViewCustomers, console.Billing, console.SuperAdmin, console.Operate}},
		"a year":           {change: func(x *console.Token) { x.ExpiresAt = made.Add(console.LongestToken) }, scopes: []console.Privilege{console.ViewCustomers, console.Billing}},
		"less than a day":  {change: func(x *console.Token) { x.ExpiresAt = made.Add(24*time.Hour - 1) }, wrong: []string{"days"}},
		"more than a year": {change: func(x *console.Token) { x.ExpiresAt = made.Add(console.LongestToken + 1) }, wrong: []string{"days"}},
		"everything":       {change: func(x *console.Token) { *x = console.Token{Scopes: []console.Privilege{"ROOT"}} }, wrong: []string{"name", "scopes", "days"}},
		"a long name":      {change: func(x *console.Token) { x.Name = strings.Repeat("あ", 61) }, wrong: []string{"name"}},
		"a name of lines":  {change: func(x *console.Token) { x.Name = "a\nb" }, wrong: []string{"name"}},
	} {
		x := ok()
		c.change(&x)
		got, err := console.CheckToken(x)
		var wrong []string
		if f := fault.As(err); f != nil {
			for _, field := range f.Fields {
				wrong = append(wrong, field.Name)
			}
		}
		if !slices.Equal(wrong, c.wrong) || err == nil && (!slices.Equal(got.Scopes, c.scopes) || got.Name != strings.TrimSpace(x.Name)) {
			t.Errorf("%s: %+v, wrong: %v", name, got, wrong)
		}
	}
	if _, err := console.CheckServiceAccount(console.ServiceAccount{Name: "x", Scopes: []console.Privilege{console.Operate}}); !fault.Is(err, "token.invalid") {
		t.Errorf("a service account that operates: %v", err)
	}
}

// TestOnlyWhatATokenLetsThrough holds for every role, and for operators.
func TestOnlyWhatATokenLetsThrough(t *testing.T) {
	t.Parallel()
	actors := []console.Actor{{Operator: true}}
	for _, r := range console.Roles {
		actors = append(actors, console.Actor{Role: r})
	}
	every := append(slices.Clone(console.AccountScopes), console.Operate)
	for _, held := range actors {
		for _, only := range every {
			a := held
			a.Only = []console.Privilege{only}
			for _, p := range every {
				if may, want := a.May(p) == nil, p == only && held.May(p) == nil; may != want {
					t.Errorf("%+v may %s: %t", a, p, may)
				}
			}
			if may, want := a.MayOperate() == nil, held.Operator && only == console.Operate; may != want {
				t.Errorf("%+v may operate: %t", a, may)
			}
		}
		held.Only = console.Both(held.Privileges(), nil)
		if len(held.Privileges()) > 0 {
			t.Errorf("nothing let through, and still %v", held.Privileges())
		}
	}
}
