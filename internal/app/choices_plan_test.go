package app_test

import (
	"regexp"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// pairs are the steps with which choosing accounts would compare each migration with each subscription of the console.
var pairs = map[string]*regexp.Regexp{
	"sqlite":   regexp.MustCompile(`SEARCH (s|m|x) .*\(console_id=\?\)|SCAN (subscriptions|migrations|json_each VIRTUAL.*LEFT-JOIN)`),
	"postgres": regexp.MustCompile(`Join Filter: .*(customer_id|subscription_id)`),
}

// TestChoicesBeginWithTheMigrations holds that the page of choices, its file and its button find the subscriptions of each
// migration by index, whatever the planner knows, and that the file looks at the whole scope once and not for each page.
func TestChoicesBeginWithTheMigrations(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		db, plans := storetest.Planned(db)
		w := apptest.New(t, db)
		ctx, all := t.Context(), store.Scope{All: true}
		w.AddCustomers(w.B, 1_100, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(ctx, apptest.Admin(w.B), c.ID, all)
		w.Must(err)
		choices := store.Choices{Groups: []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_1")}}
		for name, call := range map[string]func() error{
			"file": func() error {
				var file strings.Builder
				err := w.ExportChoices(ctx, apptest.Admin(w.A), c.ID, all, store.Choices{}, &file)
				if lines := strings.Count(file.String(), "\n"); lines != 1_101 {
					t.Errorf("the file has %d lines", lines)
				}
				return err
			},
			"missing": func() error {
				_, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), app.Completion{ConnectionID: c.ID, Scope: all})
				if err == nil {
					t.Error("completed without accounts")
				}
				return nil
			},
		} {
			look(t, plans, name, call)
		}
		look(t, plans, "completing", func() error {
			_, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), app.Completion{ConnectionID: c.ID, Scope: all, Choices: choices})
			return err
		})
	})
}

// look fails the test if a statement of the call compares pairs, or if one groups the whole scope twice.
func look(t *testing.T, plans *storetest.Plans, name string, call func() error) {
	t.Helper()
	whole := map[string]int{}
	list := plans.Of(t, call)
	for _, p := range list {
		if strings.Contains(p.SQL, "subscriptions s") && pairs[plans.Name()].MatchString(p.Steps) {
			t.Errorf("%s: %s\n%s", name, p.SQL, p.Steps)
		}
		if !strings.Contains(p.SQL, "count(") {
			continue
		}
		if whole[p.SQL]++; whole[p.SQL] > 1 {
			t.Errorf("%s looks at the whole scope again: %s", name, p.SQL)
		}
	}
	if len(list) < 4 {
		t.Fatalf("%s: %d statements were planned: the test shows nothing", name, len(list))
	}
}
