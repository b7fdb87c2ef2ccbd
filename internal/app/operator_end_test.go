package app_test

import (
	"testing"

	"golang.org/x/sync/errgroup"

	"psc/internal/apptest"
	"psc/internal/console"
)

// TestSomebodyIsLeftToOperate has two operators end each other at once, and then the one who is left.
func TestSomebodyIsLeftToOperate(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, root := t.Context(), apptest.Operator(w.A)
		emails := []string{"o1@x.example", "o2@x.example"}
		for _, email := range emails {
			_, err := w.CreatePerson(ctx, root, console.Person{Name: "O", Email: email, Operator: true})
			w.Must(err)
		}
		people, err := w.People(ctx, root)
		w.Must(err)
		for _, p := range people { // who was there before
			if p.Operator && p.Email != emails[0] && p.Email != emails[1] {
				w.Must(w.EndOperator(ctx, root, p.Email))
			}
		}
		var g errgroup.Group
		failed := make([]error, 2)
		for i, email := range emails {
			g.Go(func() error { failed[i] = w.EndOperator(ctx, root, email); return nil })
		}
		w.Must(g.Wait())
		lost := 0
		for i := range emails {
			if failed[i] != nil {
				wantFault(t, failed[i], "person.last_operator")
				lost++
			}
		}
		if lost != 1 {
			t.Errorf("of two who end each other %d stayed", lost)
		}
		wantFault(t, w.EndOperator(ctx, root, "nobody@x.example"), "person.not_found")
		wantFault(t, w.EndOperator(ctx, apptest.Admin(w.A), emails[0]), "forbidden_operator")
	})
}
