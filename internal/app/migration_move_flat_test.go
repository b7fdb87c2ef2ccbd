package app_test

import (
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// TestChunksStayAsCheap moves customers into a main that had none when PostgreSQL last looked, and chooses accounts for them that it
// has not seen either. No statement may read all choices for each that it writes, and the late chunks of a run must touch as few
// blocks as the early ones, or a run of ten times the customers takes a hundred times as long.
func TestChunksStayAsCheap(t *testing.T) {
	const chunk, chunks = 100, 10
	w := apptest.New(t, storetest.Postgres(t))
	w.Config.ChunkSize = chunk
	w.AddCustomers(w.B, chunk*chunks, nil)
	c := w.Connect(w.A, w.B)
	w.Must(w.DB.Analyze(t.Context()))
	_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
	w.Must(err)
	db := w.DB
	planned, plans := storetest.Planned(db)
	w.DB = planned
	var op store.Operation
	for _, p := range plans.Of(t, func() (err error) {
		op, err = w.CompleteMigrations(t.Context(), apptest.Admin(w.A), app.Completion{
			ConnectionID: c.ID, Scope: store.Scope{All: true},
			Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(w.A, "JPY", "le_1", "le_1")}},
		})
		return err
	}) {
		if strings.Contains(p.Steps, "Seq Scan on migration_subscriptions") {
			t.Errorf("all choices are read for each by\n%s\n%s", p.SQL, p.Steps)
		}
	}
	counted, blocks := storetest.Counted(db)
	w.DB = counted
	if op = w.Finish(op); op.Done != chunk*chunks {
		t.Fatalf("run = %+v", op)
	}
	for sql, touched := range blocks.By {
		if len(touched) < chunks {
			continue
		}
		if early, late := touched[1], touched[chunks-2]; late > early*3/2+chunk {
			t.Errorf("%d blocks in the second chunk, %d in the last but one, of\n%s", early, late, sql)
		}
	}
}
