package app_test

import (
	"strings"
	"testing"

	"psc/internal/apptest"
	"psc/internal/store"
)

// What a person is asked about is what will be cancelled: not the rows that were ticked, and not as many as a list counts.
func TestCancellingAndClosingSayWhatTheyCancel(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		var migrations []string
		w.Read(func(tx *store.Tx) error {
			for _, id := range ids {
				list, err := tx.MigrationsOfCustomer(t.Context(), w.B.ID, id)
				if err != nil {
					return err
				}
				migrations = append(migrations, list[0].ID)
			}
			return nil
		})
		_, err = w.CancelMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{IDs: migrations[:1]})
		w.Must(err)
		for name, scope := range map[string]store.Scope{"these": {IDs: append(migrations, "mig_none")}, "all": {All: true}} {
			n, err := w.PreviewCancel(t.Context(), apptest.Admin(w.B), c.ID, scope)
			w.Must(err)
			if n != 2 {
				t.Errorf("%s: %d would be cancelled, want 2", name, n)
			}
		}
		for _, side := range []string{w.A.ID, w.B.ID} {
			actor := apptest.Admin(w.A)
			actor.ConsoleID = side
			p, err := w.PreviewClose(t.Context(), actor, c.ID)
			w.Must(err)
			if p.Open != 2 {
				t.Errorf("closing from %s would cancel %d, want 2", side, p.Open)
			}
		}
	})
}

// An invitation whose time is over does not end by accepting another.
func TestAReviewCountsOnlyInvitationsThatStand(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		_, err := w.InviteConsole(t.Context(), apptest.Admin(w.C), string(w.B.AccountID))
		w.Must(err)
		w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.InviteLife/2)
		c, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		for _, want := range []int{1, 0} {
			p, err := w.Connection(t.Context(), apptest.Admin(w.B), c.ID)
			w.Must(err)
			if p.EndsInvites != want {
				t.Errorf("accepting ends %d others, want %d", p.EndsInvites, want)
			}
			w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.InviteLife/2)
		}
	})
}

func TestOnlyConnectedConsolesCheckAgain(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		c, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		wantFault(t, w.CheckAgain(t.Context(), apptest.Admin(w.B), c.ID), "migration.not_connected")
		_, err = w.AcceptConnection(t.Context(), apptest.Admin(w.B), c.ID)
		w.Must(err)
		w.Must(w.CheckAgain(t.Context(), apptest.Admin(w.A), c.ID))
		w.Must(w.CloseConnection(t.Context(), apptest.Admin(w.A), c.ID, false))
		wantFault(t, w.CheckAgain(t.Context(), apptest.Admin(w.A), c.ID), "migration.not_connected")
	})
}

// A file changes the runs of those whom it names; what was confirmed for others stands.
func TestAFileOfAccountsLeavesOtherMembersInTheirRun(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 3, nil)
		c := w.Connect(w.A, w.B)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		in := completion(w, c.ID)
		in.Choices.Groups = []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_2")}
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), w.Confirm(w.A, in))
		w.Must(err)
		w.Must(w.PauseRun(t.Context(), apptest.Admin(w.A), op.ID))
		file := "subscription_id,billing_account_id\nsub_" + ids[0][4:] + "," + apptest.Account(w.A, "JPY", "le_2") + "\n"
		n, err := w.ImportChoices(t.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true}, strings.NewReader(file))
		w.Must(err)
		if n != 1 {
			t.Errorf("%d accounts stored, want the one of the file", n)
		}
		w.Must(w.ResumeRun(t.Context(), apptest.Admin(w.A), op.ID))
		if op = w.Finish(op); op.Done != 2 {
			t.Errorf("run = %+v", op)
		}
		wantLiveOnlyIn(t, w, ids[0], w.B)
		wantLiveOnlyIn(t, w, ids[1], w.A)
	})
}
