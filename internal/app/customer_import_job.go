package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"psc/internal/console"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/store"
)

// ImportJob goes on with an import of an uploaded file where it stands.
type ImportJob struct {
	ConsoleID   string `json:"console_id"`
	OperationID string `json:"operation_id"`
}

// Kind implements store.Job.
func (ImportJob) Kind() string { return "import" }

// importSlice is how long one job works on an import before it hands on to the next.
const importSlice = 15 * time.Second

// errSliceOver ends the reading of the file when the job's time is over.
var errSliceOver = errors.New("the rest is for the next job")

// StartImport keeps an uploaded file and has it imported in the background: the whole file is checked first, as
// ImportCustomers does.
func (a *App) StartImport(ctx context.Context, actor console.Actor, name string, file io.ReadSeeker, skipBad bool) (op store.Operation, err error) {
	if err := errors.Join(actor.May(console.AddCustomers), actor.MayChange()); err != nil {
		return op, err
	}
	if err := customercsv.CheckText(file); err != nil {
		return op, err
	}
	now := a.Clock.Now()
	result, err := json.Marshal(ImportResult{File: name, SkipBad: skipBad, Operator: actor.Operator})
	if err != nil {
		return op, err
	}
	op = store.Operation{
		ConsoleID: actor.ConsoleID, ID: a.IDs.New("opr", now), Kind: store.ImportCustomers, State: store.OperationRunning,
		Result: string(result), StartedByID: actor.PersonID, StartedBy: actor.Name, StartedAt: now,
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("rewind the upload: %w", err)
		}
		if err := errors.Join(tx.DeleteEndedUploads(ctx, op.ConsoleID), tx.InsertOperation(ctx, op)); err != nil {
			return err
		}
		if err := tx.InsertUpload(ctx, op.ConsoleID, op.ID, file); err != nil {
			return err
		}
		return a.enqueueImport(ctx, tx, op)
	})
	return op, err
}

func (a *App) enqueueImport(ctx context.Context, tx *store.Tx, op store.Operation) error {
	return tx.Enqueue(ctx, ImportJob{ConsoleID: op.ConsoleID, OperationID: op.ID}, store.JobOptions{Queue: store.QueueBulk})
}

// Import is an import with its result.
type Import struct {
	store.Operation
	ImportResult
	WholeList bool // ImportProblems can tell all that was wrong in the file
}

// Import returns an import of the actor's console.
func (a *App) Import(ctx context.Context, actor console.Actor, id string) (i Import, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return i, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		op, err := tx.Operation(ctx, actor.ConsoleID, id)
		if err == nil && op.Kind != store.ImportCustomers {
			err = store.ErrNone
		}
		if err != nil {
			return found(err, "operation.not_found")
		}
		if i, err = importOf(op); err != nil {
			return err
		}
		first, err := tx.UploadPiece(ctx, i.ConsoleID, i.ID, 0)
		i.WholeList = len(first) > 0 || i.Report.ProblemCount <= len(i.Report.Problems)
		return err
	})
	return i, err
}

// importsShown is how many past imports are listed.
const importsShown = 10

// Imports returns the newest imports of the actor's console.
func (a *App) Imports(ctx context.Context, actor console.Actor) (list []Import, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		ops, err := tx.Imports(ctx, actor.ConsoleID, importsShown)
		list = make([]Import, len(ops))
		for n, op := range ops {
			var bad error
			list[n], bad = importOf(op)
			err = errors.Join(err, bad)
		}
		return err
	})
	return list, err
}

// importOf reads the result of an operation. Numbers in the arguments of messages come back as whole ones.
func importOf(op store.Operation) (Import, error) {
	i := Import{Operation: op}
	d := json.NewDecoder(bytes.NewReader([]byte(op.Result)))
	d.UseNumber()
	if err := d.Decode(&i.ImportResult); err != nil {
		return i, fmt.Errorf("read the result of %s: %w", op.ID, err)
	}
	for _, problems := range [][]customercsv.Problem{i.Report.Problems, i.Refused} {
		for _, p := range problems {
			wholeNumbers(p.Args)
		}
	}
	return i, nil
}

func wholeNumbers(args fault.Args) {
	for name, value := range args {
		if n, ok := value.(json.Number); ok {
			whole, _ := n.Int64()
			args[name] = whole
		}
	}
}

// RunImport works on one ImportJob. A job that dies is run again by another and begins behind the last batch written: each
// batch moves the operation's next_seq, the line it goes on from, in its own transaction.
func (a *App) RunImport(ctx context.Context, job ImportJob) error {
	var i Import
	if err := a.DB.View(ctx, func(tx *store.Tx) error {
		op, err := tx.Operation(ctx, job.ConsoleID, job.OperationID)
		if err != nil {
			return err
		}
		i, err = importOf(op)
		return err
	}); err != nil {
		return err
	}
	if i.State != store.OperationRunning {
		return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.CompleteJob(ctx) })
	}
	actor := console.Actor{PersonID: i.StartedByID, Name: i.StartedBy, ConsoleID: i.ConsoleID, Operator: i.Operator}
	err := a.continueImport(ctx, actor, &i)
	if err == nil {
		return nil
	}
	ended := false // by somebody, under the job's hands
	lost := a.DB.Update(ctx, func(tx *store.Tx) error {
		op, err := tx.Operation(ctx, job.ConsoleID, job.OperationID)
		if ended = err == nil && op.State != store.OperationRunning; !ended {
			return err
		}
		return tx.CompleteJob(ctx)
	})
	if ended && lost == nil {
		return nil
	}
	return errors.Join(err, lost)
}

func (a *App) continueImport(ctx context.Context, actor console.Actor, i *Import) error {
	began := a.Wall.Now()
	ref, err := a.importReference(ctx, i.ConsoleID)
	if err != nil {
		return err
	}
	file := a.DB.OpenUpload(ctx, i.ConsoleID, i.ID)
	if !i.Checked {
		if err := a.checkUpload(ctx, file, ref, i); err != nil {
			return err
		}
	}
	if !i.acceptable() {
		return a.finishImport(ctx, actor, *i, store.OperationFailed)
	}
	batches := 0
	err = customercsv.Rows(ctx, file, ref, func(batch []customercsv.Record) error {
		if batch = behind(batch, i.NextSeq); len(batch) == 0 {
			return nil
		}
		if err := a.writeUploaded(ctx, actor, batch, i); err != nil {
			return err
		}
		batches++
		if err := a.analyzeAfter(ctx, batches); err != nil {
			return err
		}
		if a.Wall.Now().Sub(began) > importSlice {
			return errSliceOver
		}
		return nil
	})
	switch {
	case errors.Is(err, errSliceOver):
		return a.DB.Update(ctx, func(tx *store.Tx) error {
			return errors.Join(a.enqueueImport(ctx, tx, i.Operation), tx.CompleteJob(ctx))
		})
	case err != nil:
		return err
	default:
		return a.finishImport(ctx, actor, *i, store.OperationDone)
	}
}

// checkUpload checks the whole file and keeps the report, and on the way how far it is.
func (a *App) checkUpload(ctx context.Context, file io.ReadSeeker, ref customercsv.Reference, i *Import) error {
	var lost error
	told := a.Wall.Now()
	report, err := customercsv.Check(ctx, file, ref, func(done, total int64) {
		now := a.Wall.Now()
		if lost != nil || total == 0 || now.Sub(told) < time.Second {
			return
		}
		told, i.Percent = now, done*100/total
		lost = a.DB.Update(ctx, func(tx *store.Tx) error { return errors.Join(goesOn(ctx, tx, *i), saveResult(ctx, tx, *i)) })
	})
	if err = errors.Join(err, lost); err != nil {
		return err
	}
	i.Report = report
	i.Checked, i.Total = true, int64(i.Report.Good)
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(goesOn(ctx, tx, *i), tx.SetOperationTotal(ctx, i.ConsoleID, i.ID, i.Total), saveResult(ctx, tx, *i))
	})
}

// goesOn refuses to write how far an import is that somebody has ended.
func goesOn(ctx context.Context, tx *store.Tx, i Import) error {
	op, err := tx.Operation(ctx, i.ConsoleID, i.ID)
	if err == nil && op.State != store.OperationRunning {
		err = tooLate()
	}
	return err
}

func saveResult(ctx context.Context, tx *store.Tx, i Import) error {
	result, err := json.Marshal(i.ImportResult)
	if err != nil {
		return err
	}
	return tx.SetOperationResult(ctx, i.ConsoleID, i.ID, string(result))
}

// behind returns the records from a line on.
func behind(batch []customercsv.Record, line int64) []customercsv.Record {
	for n, rec := range batch {
		if int64(rec.Line) >= line {
			return batch[n:]
		}
	}
	return nil
}

// writeUploaded writes one batch and where the next begins in one transaction.
func (a *App) writeUploaded(ctx context.Context, actor console.Actor, batch []customercsv.Record, i *Import) error {
	now := a.Clock.Now()
	next := int64(batch[len(batch)-1].Line) + 1
	var after Import
	err := a.updateOnce(ctx, func(tx *store.Tx) error {
		after = *i
		result, counts, err := a.importBatch(ctx, tx, now, actor, i.ID, i.ImportResult, batch)
		if err != nil {
			return err
		}
		after.ImportResult = result
		done := int64(len(batch)) - counts.Refused
		if ok, err := tx.AdvanceOperation(ctx, i.Operation, next, done, counts.Refused, a.billingDate(now)); err != nil || !ok {
			return orTooLate(err)
		}
		after.NextSeq, after.Done = next, i.Done+done
		return saveResult(ctx, tx, after)
	})
	if err == nil {
		*i = after
	}
	return err
}

// dropUpload drops the file of an import that has ended. One with more wrong in it than the report lists stays until the
// console's next import, so that all of it can be told.
func (a *App) dropUpload(ctx context.Context, tx *store.Tx, i Import) error {
	if i.Report.ProblemCount > len(i.Report.Problems) {
		return nil
	}
	return tx.DeleteUpload(ctx, i.ConsoleID, i.ID)
}

// ImportProblems hands out everything that was wrong in the file of an import, and then the good rows that could not be
// applied as far as they are kept. A file that has been dropped since is told of by what the report lists.
func (a *App) ImportProblems(ctx context.Context, actor console.Actor, id string, take func(customercsv.Problem) error) error {
	i, err := a.Import(ctx, actor, id)
	if err != nil {
		return err
	}
	if i.WholeList && i.Report.ProblemCount > len(i.Report.Problems) {
		ref, err := a.importReference(ctx, i.ConsoleID)
		if err != nil {
			return err
		}
		if err := customercsv.Problems(ctx, a.DB.OpenUpload(ctx, i.ConsoleID, i.ID), ref, take); err != nil {
			return err
		}
		i.Report.Problems = nil
	}
	for _, p := range slices.Concat(i.Report.Problems, i.Refused) {
		if err := take(p); err != nil {
			return err
		}
	}
	return nil
}

// finishImport ends the import, drops the file, and tells those who may import.
func (a *App) finishImport(ctx context.Context, actor console.Actor, i Import, to store.OperationState) error {
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if ok, err := tx.SetOperationState(ctx, i.ConsoleID, i.ID, store.OperationRunning, to, now); err != nil || !ok {
			return orTooLate(err)
		}
		kind := "import.finished"
		if to == store.OperationFailed {
			kind = "import.failed"
		}
		return errors.Join(
			a.endImport(ctx, tx, now, actor, i.ID, i.ImportResult),
			a.notify(ctx, tx, now, store.Notice{
				ConsoleID: i.ConsoleID, Kind: kind, Audience: console.AddCustomers, Dedupe: i.ID,
				Data: map[string]string{"File": i.File, "Path": "/customers/import/runs/" + i.ID},
			}),
			a.dropUpload(ctx, tx, i),
			tx.CompleteJob(ctx),
		)
	})
}
