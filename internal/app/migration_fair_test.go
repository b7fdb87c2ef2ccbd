package app_test

import (
	"context"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/connection"
	"psc/internal/store"
)

// TestASmallRunEndsFirst has the real job engine work on a long run and, begun after it, on a short one: each chunk stands in line
// behind one chunk of every other run, not behind all of them.
func TestASmallRunEndsFirst(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx := context.WithoutCancel(t.Context())
		w.Config.ChunkSize = 5
		w.AddCustomers(w.B, 2_000, nil)
		w.AddCustomers(w.C, 20, nil)
		long, short := w.Connect(w.A, w.B), w.Connect(w.A, w.C)
		begin := func(c connection.Connection, source string) store.Operation {
			actor := apptest.Admin(w.B)
			actor.ConsoleID = source
			_, err := w.StartMigrations(ctx, actor, c.ID, store.Scope{All: true})
			w.Must(err)
			op, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), app.Completion{
				ConnectionID: c.ID, Scope: store.Scope{All: true},
				Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_1")}},
			})
			w.Must(err)
			return op
		}
		first, second := begin(long, w.B.ID), begin(short, w.C.ID)

		stop, err := w.DB.Engine().Work(ctx, w.Workers())
		w.Must(err)
		defer func() { w.Must(stop(ctx)) }()
		await(t, "the short run", func() bool {
			w.Read(func(tx *store.Tx) (err error) {
				if second, err = tx.Operation(ctx, second.ConsoleID, second.ID); err != nil {
					return err
				}
				first, err = tx.Operation(ctx, first.ConsoleID, first.ID)
				return err
			})
			return second.State == store.OperationDone
		})
		if first.State != store.OperationRunning || second.Done != 20 {
			t.Errorf("when the short run (%+v) has ended, the long one is %+v", second, first)
		}
	})
}
