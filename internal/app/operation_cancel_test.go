package app_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/customercsv"
	"psc/internal/store"
)

// TestARunIsCancelledHalfWay: whole chunks have moved, everybody else waits as before, and another run takes them.
func TestARunIsCancelledHalfWay(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		ids := w.AddCustomers(w.B, 25, nil)
		c := w.Connect(w.A, w.B)
		main := apptest.Admin(w.A)
		_, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		op, err := w.CompleteMigrations(t.Context(), main, completion(w, c.ID))
		w.Must(err)
		w.Must(w.RunMoveChunk(t.Context(), app.MoveChunkJob{ConsoleID: w.A.ID, OperationID: op.ID, Seq: 1}))
		wantFault(t, w.CancelOperation(t.Context(), apptest.Admin(w.B), op.ID), "operation.not_found")
		wantFault(t, w.CancelOperation(t.Context(), apptest.As(w.A, console.RoleViewer), op.ID), "forbidden")
		w.Must(w.CancelOperation(t.Context(), main, op.ID))
		w.Must(w.RunMoveChunk(t.Context(), app.MoveChunkJob{ConsoleID: w.A.ID, OperationID: op.ID, Seq: 11})) // late
		wantFault(t, w.CancelOperation(t.Context(), main, op.ID), "operation.ended")
		wantFault(t, w.ResumeRun(t.Context(), main, op.ID), "changed_meanwhile")
		for i, id := range ids {
			wantLiveOnlyIn(t, w, id, map[bool]console.Console{true: w.A, false: w.B}[i < 10])
		}
		if got := w.Texts(`SELECT state FROM migrations WHERE state = 'STARTED'`); len(got) != 15 {
			t.Errorf("%d wait", len(got))
		}
		report, err := w.MigrationReport(t.Context(), main, c.ID, op.ID, 0, 50)
		w.Must(err)
		if !report.Fits() || report.Done != 10 || report.Cancelled != 15 || !app.Cut(report.Operation) {
			t.Errorf("%+v", report.Run)
		}
		w.CheckInvariants()
		rest, err := w.CompleteMigrations(t.Context(), main, completion(w, c.ID))
		w.Must(err)
		if rest = w.Finish(rest); rest.Done != 15 || app.Cut(rest) {
			t.Errorf("the rest: %+v", rest)
		}
		w.CheckInvariants()
		w.CheckBooks()
	})
}

// steps is a clock that tells somebody each time it is looked at.
type steps struct {
	at  *time.Time
	say func()
}

// Now implements clock.Clock.
func (s steps) Now() time.Time { s.say(); return *s.at }

// TestAnImportIsCancelledHalfWay, between two jobs and under the hands of one: what was written is whole batches, and the job is over.
func TestAnImportIsCancelledHalfWay(t *testing.T) {
	for name, under := range map[string]bool{"between jobs": false, "under its hands": true} {
		t.Run(name, func(t *testing.T) {
			once(t, func(t *testing.T, w *apptest.World) {
				var file strings.Builder
				file.WriteString(header)
				const rows = 3*customercsv.BatchSize + 7
				for i := range rows {
					file.WriteString(row(fmt.Sprintf("Name %d", i), fmt.Sprintf("d%d.example", i), fmt.Sprintf("S-%d", i), 5, "ACTIVE"))
				}
				op, err := w.StartImport(t.Context(), apptest.Admin(w.B), "all.csv", strings.NewReader(file.String()), false)
				w.Must(err)
				there := func() int {
					n, err := strconv.Atoi(w.Texts(`SELECT CAST(count(*) AS text) FROM customers WHERE console_id = '` + w.B.ID + `'`)[0])
					w.Must(err)
					return n
				}
				now, stopped := apptest.Start, false
				w.Wall = steps{&now, func() {
					switch {
					case !under:
						now = now.Add(10 * time.Second) // a job's time is soon over
					case !stopped && there() == customercsv.BatchSize:
						stopped = true
						w.Must(w.CancelOperation(t.Context(), apptest.Admin(w.B), op.ID))
					}
				}}
				job := app.ImportJob{ConsoleID: w.B.ID, OperationID: op.ID}
				w.Must(w.RunImport(t.Context(), job))
				if !under {
					w.Must(w.CancelOperation(t.Context(), apptest.Admin(w.B), op.ID))
				}
				written := there()
				w.Must(w.RunImport(t.Context(), job)) // late
				if written == 0 || written >= rows || written%customercsv.BatchSize != 0 || there() != written {
					t.Errorf("%d customers, then %d", written, there())
				}
				i, err := w.Import(t.Context(), apptest.Admin(w.B), op.ID)
				w.Must(err)
				if !i.Cancelled || i.State != app.RunDone || i.Done != int64(written) || i.Counts.CustomersAdded != int64(written) || !app.Cut(i.Operation) {
					t.Errorf("%+v", i)
				}
				if e := lastEvent(t, w, w.B.ID); e.Action != "customer.import_cancelled" {
					t.Errorf("%+v", e)
				}
				wantFault(t, w.CancelOperation(t.Context(), apptest.Admin(w.B), op.ID), "operation.ended")
				w.CheckInvariants()
			})
		})
	}
}

// TestAMonthIsNotTakenBack once it is being closed.
func TestAMonthIsNotTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		w.AddIssuer()
		w.AddCustomers(w.B, 2, nil)
		w.Update(func(tx *store.Tx) error { return tx.TouchMonth(t.Context(), w.B.ID, october.First()) })
		at(w, october.End())
		op, err := w.CloseMonth(t.Context(), apptest.Operator(w.B), october)
		w.Must(err)
		wantFault(t, w.CancelOperation(t.Context(), apptest.Operator(w.B), op.ID), "operation.not_cancellable")
		w.FinishClose(op)
		w.CheckBooks()
	})
}
