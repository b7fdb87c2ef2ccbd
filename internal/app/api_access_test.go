package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// newToken is what the tests ask for.
func newToken(scopes ...console.Privilege) app.NewToken {
	return app.NewToken{Name: "nightly", Scopes: scopes, Life: 30 * 24 * time.Hour}
}

// tokenOf is a person who works in console A with the role, and a token of theirs.
func tokenOf(t *testing.T, w *apptest.World, email string, role console.Role, scopes ...console.Privilege) (console.Actor, string) {
	t.Helper()
	actor := hired(t, w, email, role)()
	secret, _, err := w.MakeToken(t.Context(), actor, newToken(scopes...))
	w.Must(err)
	return actor, secret
}

// TestATokenActsAsItsPerson in its console, with what it lets through of what the person may at that time.
func TestATokenActsAsItsPerson(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		_, secret := tokenOf(t, w, "p@x.example", console.RoleResellerAdmin, console.Billing, console.AddCustomers)
		if !strings.HasPrefix(secret, "psc_") || len(secret) < 40 {
			t.Errorf("the secret is %q", secret)
		}
		if kept := w.Texts(`SELECT hash || public_key FROM api_tokens`); strings.Contains(kept[0], secret[4:]) {
			t.Error("the secret is kept")
		}
		c, err := w.Caller(ctx, secret)
		w.Must(err)
		want := []console.Privilege{console.ViewCustomers, console.AddCustomers, console.Billing}
		if c.Console.ID != w.A.ID || c.Actor.ConsoleID != w.A.ID || !slices.Equal(c.Actor.Privileges(), want) || c.TokenID == "" || c.Owner != c.TokenID {
			t.Errorf("the caller is %+v", c)
		}
		_, err = w.CreateBillingAccount(ctx, c.Actor, newAccount("le_1"))
		w.Must(err)
		events, _, err := w.AuditTrail(ctx, c.Actor, app.AuditQuery{Topic: "billing_account"}, 10)
		w.Must(err)
		if len(events) != 1 || events[0].PersonName != "p@x.example (nightly)" {
			t.Errorf("told as %+v", events)
		}
		_, _, err = w.MakeToken(ctx, c.Actor, newToken())
		wantFault(t, err, "token.by_token")

		// What the person may no more, the token lets through no more.
		admin := apptest.Admin(w.A)
		w.Must(w.SetRole(ctx, admin, "p@x.example", console.RoleViewer))
		c, err = w.Caller(ctx, secret)
		w.Must(err)
		if !slices.Equal(c.Actor.Privileges(), want[:1]) {
			t.Errorf("a viewer's token lets %v through", c.Actor.Privileges())
		}
		suspend(w, &w.A)
		c, err = w.Caller(ctx, secret)
		w.Must(err)
		if !c.Actor.Suspended {
			t.Error("the console is suspended, and the caller does not know")
		}
	})
}

// TestWhatOpensNothing is one answer, whatever the reason.
func TestWhatOpensNothing(t *testing.T) {
	for name, spoil := range map[string]func(w *apptest.World, actor console.Actor, secret *string){
		"another secret": func(_ *apptest.World, _ console.Actor, s *string) { *s = (*s)[:len(*s)-3] + "AAA" },
		"nothing":        func(_ *apptest.World, _ console.Actor, s *string) { *s = "" },
		"without prefix": func(_ *apptest.World, _ console.Actor, s *string) { *s = (*s)[4:] },
		"its hash":       func(w *apptest.World, _ console.Actor, s *string) { *s = w.Texts(`SELECT hash FROM api_tokens`)[0] },
		"over": func(w *apptest.World, _ console.Actor, _ *string) {
			w.Wall = clock.Fixed(apptest.Start.Add(30 * 24 * time.Hour))
		},
		"revoked": func(w *apptest.World, a console.Actor, _ *string) {
			w.Must(w.RevokeToken(w.T.Context(), a, w.Texts(`SELECT id FROM api_tokens`)[0]))
		},
		"person removed": func(w *apptest.World, a console.Actor, _ *string) {
			w.Must(w.RemoveMember(w.T.Context(), apptest.Admin(w.A), a.PersonID))
		},
		"person suspended": func(w *apptest.World, a console.Actor, _ *string) {
			w.Must(w.SuspendMember(w.T.Context(), apptest.Admin(w.A), a.PersonID))
		},
		"a client's secret": func(w *apptest.World, _ console.Actor, s *string) {
			account, err := w.MakeServiceAccount(w.T.Context(), apptest.Admin(w.A), "robot", nil)
			w.Must(err)
			*s, _, err = w.MakeClientSecret(w.T.Context(), apptest.Admin(w.A), account.ID, newToken())
			w.Must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			once(t, func(t *testing.T, w *apptest.World) {
				actor, secret := tokenOf(t, w, "p@x.example", console.RoleViewer)
				w.Clock.Advance(100 * 24 * time.Hour) // of business time, which tokens do not follow
				_, err := w.Caller(t.Context(), secret)
				w.Must(err)
				spoil(w, actor, &secret)
				_, err = w.Caller(t.Context(), secret)
				if f := fault.As(err); f == nil || f.Kind != fault.Unauthenticated || f.Key != "token.unknown" {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// TestTheLastUseOfAToken is written once in a few minutes.
func TestTheLastUseOfAToken(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		actor, secret := tokenOf(t, w, "p@x.example", console.RoleViewer)
		for _, at := range []struct{ minute, written int }{{0, 0}, {1, 0}, {5, 0}, {6, 6}, {8, 6}, {60, 60}} {
			w.Wall = clock.Fixed(apptest.Start.Add(time.Duration(at.minute) * time.Minute))
			_, err := w.Caller(t.Context(), secret)
			w.Must(err)
			list, err := w.OwnTokens(t.Context(), actor.PersonID)
			w.Must(err)
			if used := list[0].LastUsedAt; !used.Equal(apptest.Start.Add(time.Duration(at.written) * time.Minute)) {
				t.Errorf("used after %d minutes, written: %s", at.minute, used)
			}
		}
	})
}

// TestNobodyGivesATokenMoreThanTheyMay neither to themselves nor to a service account.
func TestNobodyGivesATokenMoreThanTheyMay(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		viewer := hired(t, w, "v@x.example", console.RoleViewer)()
		_, _, err := w.MakeToken(ctx, viewer, newToken(console.Billing))
		wantFault(t, err, "role.beyond")
		_, _, err = w.MakeToken(ctx, viewer, newToken(console.Operate))
		wantFault(t, err, "role.beyond")
		_, err = w.MakeServiceAccount(ctx, viewer, "robot", nil)
		wantFault(t, err, "forbidden")
		_, err = w.Tokens(ctx, viewer)
		wantFault(t, err, "forbidden")
		_, err = w.ServiceAccounts(ctx, viewer)
		wantFault(t, err, "forbidden")

		helper, err := w.MakeRole(ctx, apptest.Admin(w.A), "Helper", []console.Privilege{console.ManageUsers})
		w.Must(err)
		manager := hired(t, w, "m@x.example", helper.ID)()
		_, err = w.MakeServiceAccount(ctx, manager, "robot", []console.Privilege{console.Billing})
		wantFault(t, err, "role.beyond")
		mighty, err := w.MakeServiceAccount(ctx, apptest.Admin(w.A), "mighty", []console.Privilege{console.SuperAdmin})
		w.Must(err)
		_, _, err = w.MakeClientSecret(ctx, manager, mighty.ID, newToken())
		wantFault(t, err, "role.beyond")
		_, _, err = w.MakeKey(ctx, manager, mighty.ID, newToken(), "https://x.example/oauth/token")
		wantFault(t, err, "role.beyond")
		wantFault(t, w.RemoveServiceAccount(ctx, manager, mighty.ID), "role.beyond")

		// Whoever manages users ends what others have made, other people see nothing of it.
		_, err = w.Caller(ctx, mustToken(w, viewer))
		w.Must(err)
		of := w.Texts(`SELECT id FROM api_tokens`)[0]
		stranger := hired(t, w, "s@x.example", console.RoleResellerAdmin)()
		wantFault(t, w.RevokeToken(ctx, stranger, of), "token.not_found")
		wantFault(t, w.RevokeToken(ctx, apptest.Admin(w.B), of), "token.not_found")
		w.Must(w.RevokeToken(ctx, manager, of))
		wantFault(t, w.RevokeToken(ctx, manager, of), "token.not_found")
	})
}

func mustToken(w *apptest.World, actor console.Actor) string {
	secret, _, err := w.MakeToken(w.T.Context(), actor, newToken())
	w.Must(err)
	return secret
}

// TestAnOperatorsToken operates only if it says so.
func TestAnOperatorsToken(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		p, err := w.CreatePerson(ctx, apptest.Operator(w.A), console.Person{Name: "O", Email: "o@x.example", Operator: true})
		w.Must(err)
		operator, _, err := w.Actor(ctx, p.ID, string(w.A.AccountID))
		w.Must(err)
		restrict := func(secret string) error {
			c, err := w.Caller(ctx, secret)
			w.Must(err)
			return w.SetBillingAccountState(ctx, c.Actor, apptest.Account(w.A, "JPY", "le_1"), billing.RestrictAccount)
		}
		wantFault(t, restrict(mustToken(w, operator)), "forbidden_operator")
		secret, _, err := w.MakeToken(ctx, operator, newToken(console.Operate))
		w.Must(err)
		w.Must(restrict(secret))
	})
}

// TestTokensOfSeveralConsoles are the person's own in one list, and each opens its own console only.
func TestTokensOfSeveralConsoles(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		a, _ := tokenOf(t, w, "p@x.example", console.RoleSuperAdmin)
		w.Update(func(tx *store.Tx) error {
			return tx.SetMembership(ctx, console.Membership{ConsoleID: w.B.ID, PersonID: a.PersonID, Role: console.RoleViewer}, apptest.Start)
		})
		b, _, err := w.Actor(ctx, a.PersonID, string(w.B.AccountID))
		w.Must(err)
		c, err := w.Caller(ctx, mustToken(w, b))
		w.Must(err)
		if c.Console.ID != w.B.ID {
			t.Errorf("it opens %s", c.Console.ID)
		}
		list, err := w.OwnTokens(ctx, a.PersonID)
		w.Must(err)
		if len(list) != 2 || list[0].Console.ID != w.B.ID || list[1].Console.ID != w.A.ID {
			t.Errorf("own: %+v", list)
		}
		if others, err := w.Tokens(ctx, apptest.Admin(w.B)); err != nil || len(others) != 1 {
			t.Errorf("of B: %+v, %v", others, err)
		}
		advice, err := w.AdviseMain(ctx, c.Actor, "")
		w.Must(err)
		if len(advice) > 1 {
			t.Errorf("a token of B advises on %d consoles", len(advice))
		}
	})
}

// TestWhatBelongsToAPerson is refused to a service account, which reads notices without a mark.
func TestWhatBelongsToAPerson(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		robot := apptest.Admin(w.A)
		robot.PersonID, robot.Service = "sva_1", true
		w.Accept(w.A, w.B)
		wantFault(t, w.ReadNotices(ctx, robot, "z"), "token.person_only")
		wantFault(t, w.SetCustomerSettings(ctx, robot, app.CustomerSettings{}), "token.person_only")
		wantFault(t, w.SaveCustomerFilter(ctx, robot, app.SavedFilter{Name: "x", Query: "q=a"}), "token.person_only")
		list, _, err := w.Notices(ctx, robot, app.NoticeQuery{}, 10)
		w.Must(err)
		if len(list) == 0 {
			t.Fatal("no notice")
		}
		n, err := w.ReadNotice(ctx, robot, list[0].ID)
		if err != nil || n.ID != list[0].ID {
			t.Errorf("%+v, %v", n, err)
		}
	})
}

// accessActs are the use cases of what clients sign in with.
func accessActs() map[string]act {
	account := func(w *apptest.World) console.ServiceAccount {
		s, err := w.MakeServiceAccount(w.T.Context(), apptest.Admin(w.A), "robot", nil)
		w.Must(err)
		return s
	}
	of := func(do func(ctx context.Context, w *apptest.World, id string) error) act {
		return func(w *apptest.World) func() error {
			id := account(w).ID
			return func() error { return do(w.T.Context(), w, id) }
		}
	}
	return map[string]act{
		"MakeToken": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			_, _, err := w.MakeToken(ctx, apptest.Admin(w.A), newToken())
			return err
		}),
		"RevokeToken": func(w *apptest.World) func() error {
			_, made, err := w.MakeToken(w.T.Context(), apptest.Admin(w.A), newToken())
			w.Must(err)
			return func() error { return w.RevokeToken(w.T.Context(), apptest.Admin(w.A), made.ID) }
		},
		"MakeServiceAccount": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			_, err := w.MakeServiceAccount(ctx, apptest.Admin(w.A), "robot", nil)
			return err
		}),
		"RemoveServiceAccount": of(func(ctx context.Context, w *apptest.World, id string) error {
			return w.RemoveServiceAccount(ctx, apptest.Admin(w.A), id)
		}),
		"MakeClientSecret": of(func(ctx context.Context, w *apptest.World, id string) error {
			_, _, err := w.MakeClientSecret(ctx, apptest.Admin(w.A), id, newToken())
			return err
		}),
		"MakeKey": of(func(ctx context.Context, w *apptest.World, id string) error {
			_, _, err := w.MakeKey(ctx, apptest.Admin(w.A), id, newToken(), "https://x.example/oauth/token")
			return err
		}),
	}
}

// TestRequestsOfATokenAreBounded for each token alone, and a little later it goes on.
func TestRequestsOfATokenAreBounded(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		w.Limits, w.Config.APIRate = app.NewLimits(), 60
		a, first := tokenOf(t, w, "p@x.example", console.RoleViewer)
		second := mustToken(w, a)
		call := func(secret string) error {
			_, err := w.Caller(t.Context(), secret)
			return err
		}
		for range 10 {
			w.Must(call(first))
		}
		err := call(first)
		if f := fault.As(err); f == nil || f.Kind != fault.Limited || f.Args["Wait"] != time.Second {
			t.Errorf("the eleventh at once: %v", err)
		}
		w.Must(call(second))
		w.Wall = clock.Fixed(apptest.Start.Add(time.Second))
		w.Must(call(first))
		wantFault(t, call(first), "token.limited")
	})
}
