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

// TestCancelMoreThanOneEvaluation cancels more than one transaction evaluates: all are thawed at once, by index, without
// their IDs going through the program, and evaluated by a job. What one transaction evaluates it does.
func TestCancelMoreThanOneEvaluation(t *testing.T) {
	t.Parallel()
	const many = 2_100
	wrong := map[string]*regexp.Regexp{
		"sqlite":   regexp.MustCompile(`SCAN (customers|migrations)|SEARCH (customers|m) .*\(console_id=\?\)`),
		"postgres": regexp.MustCompile(`Seq Scan on (customers|migrations)|Join Filter`),
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		db, plans := storetest.Planned(db)
		w := apptest.New(t, db)
		ctx, admin := t.Context(), apptest.Admin(w.B)
		w.AddCustomers(w.B, many, nil)
		c := w.Connect(w.A, w.B)
		ready := func() (n int) {
			w.Read(func(tx *store.Tx) (err error) {
				n, err = tx.CountCandidates(ctx, w.B.ID, store.CandidateFilter{Ready: true})
				return err
			})
			return n
		}
		for _, round := range []struct {
			search         string
			cancelled, job int
		}{{"customer 00000", 9, 0}, {"", many, 1}} {
			_, err := w.StartMigrations(ctx, admin, c.ID, store.Scope{All: true})
			w.Must(err)
			before := len(w.Jobs(app.EvaluateJob{}.Kind()))
			for _, p := range plans.Of(t, func() error {
				n, err := w.CancelMigrations(ctx, admin, c.ID, store.Scope{All: true, Search: round.search})
				if n != round.cancelled {
					t.Errorf("cancelled %d, want %d", n, round.cancelled)
				}
				return err
			}) {
				if strings.Contains(p.SQL, "'SCHEDULED'") && wrong[plans.Name()].MatchString(p.Steps) {
					t.Errorf("%s\n%s", p.SQL, p.Steps)
				}
			}
			if n := ready(); n != round.cancelled {
				t.Errorf("%d are ready, want %d", n, round.cancelled)
			}
			if n := len(w.Jobs(app.EvaluateJob{}.Kind())) - before; n != round.job {
				t.Errorf("%d evaluations were asked for, want %d", n, round.job)
			}
		}
		w.CheckInvariants()
	})
}
