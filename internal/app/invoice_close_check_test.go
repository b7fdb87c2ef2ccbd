package app_test

import (
	"errors"
	"slices"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
)

func checksOf(t *testing.T, w *apptest.World, c console.Console, want app.CloseStanding) app.CloseChecks {
	t.Helper()
	checks, err := w.CloseChecks(t.Context(), apptest.Operator(c))
	w.Must(err)
	if got := checks.Standing(); got != want {
		t.Errorf("%s, want %s: %+v", got, want, checks)
	}
	return checks
}

// TestWhatIsKnownBeforeAMonthIsClosed goes through all standings of a month.
func TestWhatIsKnownBeforeAMonthIsClosed(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, operator := t.Context(), apptest.Operator(w.B)
		checksOf(t, w, w.C, app.CloseNothing)
		priced(w)
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(ctx, w.B.ID, october.First()) })
		_, err := w.SetPrice(ctx, operator, stepOf("FLEXIBLE", 25, 1_500))
		w.Must(err)
		checksOf(t, w, w.B, app.CloseAhead)
		at(w, october.End())
		held := checksOf(t, w, w.B, app.CloseHeld)
		if !slices.Equal(held.Uncovered, []money.Currency{"JPY", "USD"}) || held.Month != october {
			t.Errorf("%+v", held)
		}
		if held.Renewals == 0 || held.Prices != 1 || held.Billed == 0 {
			t.Errorf("what comes with it is not told: %+v", held)
		}
		waiting, err := w.MonthsToClose(ctx, operator)
		w.Must(err)
		if len(waiting) != 1 || waiting[0].Console.ID != w.B.ID || waiting[0].Standing() != app.CloseHeld {
			t.Errorf("%+v", waiting)
		}
		list, err := w.NextMonths(ctx, operator, "", app.Page{Limit: 10})
		w.Must(err)
		if len(list.Rows) != 3 || list.Rows[1].Standing() != app.CloseHeld || list.Rows[2].Standing() != app.CloseNothing {
			t.Errorf("%+v", list)
		}
		w.AddIssuer()
		ready := checksOf(t, w, w.B, app.CloseReady)
		op, err := w.CloseMonth(ctx, operator, ready.Month)
		w.Must(err)
		if running := checksOf(t, w, w.B, app.CloseRunning); running.Running.ID != op.ID {
			t.Errorf("%+v", running.Running)
		}
		op = w.FinishClose(op)
		if next := checksOf(t, w, w.B, app.CloseAhead); next.Month != november {
			t.Errorf("%+v", next)
		}
		checkResult(t, w, op)
		for _, err := range []error{
			errOf(w.CloseChecks(ctx, apptest.Admin(w.B))), errOf(w.Closes(ctx, apptest.Admin(w.B))),
			errOf(w.CloseResult(ctx, apptest.Admin(w.B), op.ID)), errOf(w.MonthsToClose(ctx, apptest.Admin(w.B))),
			errOf(w.NextMonths(ctx, apptest.Admin(w.B), "", app.Page{Limit: 1})),
		} {
			wantFault(t, err, "forbidden_operator")
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

// checkResult compares a close with the invoices of its month.
func checkResult(t *testing.T, w *apptest.World, op store.Operation) {
	t.Helper()
	ctx, operator := t.Context(), apptest.Operator(w.B)
	closes, err := w.Closes(ctx, operator)
	w.Must(err)
	if closes[0].ID != op.ID || closes[0].Month != october || closes[0].State != app.RunDone {
		t.Errorf("%+v", closes[0])
	}
	r, err := w.CloseResult(ctx, operator, op.ID)
	w.Must(err)
	issued := invoices(t, w, w.B, october)
	if len(r.Invoices) != len(issued) || r.Issued != int64(len(issued)) || len(issued) == 0 || len(r.Sums) != 1 {
		t.Fatalf("%+v", r)
	}
	var net int64
	for _, inv := range issued {
		net += inv.Net.Minor
	}
	if sum := r.Sums[0]; sum.Net.Minor != net || sum.Issuer != "Vendor" || sum.Invoices != len(issued) || sum.Net.Currency != "JPY" {
		t.Errorf("%+v, want %d", sum, net)
	}
	_, err = w.CloseResult(ctx, apptest.Operator(w.A), op.ID)
	wantFault(t, err, "operation.not_found")
}

// TestMovesHoldUpAClose names those who are scheduled to move.
func TestMovesHoldUpAClose(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		_, ids, _ := scheduled(t, w, 20)
		w.Update(func(tx *store.Tx) error {
			return errors.Join(tx.TouchMonth(t.Context(), w.A.ID, october.First()), tx.TouchMonth(t.Context(), w.B.ID, october.First()))
		})
		at(w, october.End())
		for _, c := range []console.Console{w.A, w.B} {
			if held := checksOf(t, w, c, app.CloseHeld); len(held.Moves) != len(ids) || len(held.Uncovered) != 0 {
				t.Errorf("%+v", held)
			}
		}
	})
}
