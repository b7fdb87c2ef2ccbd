package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"time"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/store"
)

// noTime is the end of what has not ended.
var noTime time.Time

// MoveChunkJob moves the next chunk of a run, in one transaction, and enqueues the one after it.
type MoveChunkJob struct {
	ConsoleID   string `json:"console_id"` // the main
	OperationID string `json:"operation_id"`
	Seq         int64  `json:"seq"`            // the first member of the chunk
	Size        int    `json:"size,omitempty"` // 0: as configured; less while the run recovers from a failure
}

// Kind implements store.Job.
func (MoveChunkJob) Kind() string { return "move_chunk" }

func (a *App) enqueueChunk(ctx context.Context, tx *store.Tx, op store.Operation, size int) error {
	return tx.Enqueue(ctx, MoveChunkJob{ConsoleID: op.ConsoleID, OperationID: op.ID, Seq: op.NextSeq, Size: size},
		store.JobOptions{Queue: store.QueueBulk})
}

// RunMoveChunk works on one MoveChunkJob. However often a job runs, each chunk is moved once: the operation's next_seq
// guards it. A paused run lets the job go. A chunk that fails is tried again by halves, down to the first customer with
// whom it fails; that one goes back with its reason and holds up nobody. The chunks after it double again.
func (a *App) RunMoveChunk(ctx context.Context, job MoveChunkJob) error {
	for size := cmp.Or(job.Size, a.Config.ChunkSize); ; size /= 2 {
		err := a.runChunk(ctx, job, size, "")
		if err == nil || ctx.Err() != nil || a.DB.Lost(err) {
			return err
		}
		a.Log.ErrorContext(ctx, "customers could not be moved", "operation", job.OperationID, "seq", job.Seq, "count", size, "error", err)
		if size == 1 {
			return a.runChunk(ctx, job, 1, migration.MoveFailed)
		}
	}
}

// runChunk moves the next members of a run, so many of them, or gives them all back if there is a reason.
func (a *App) runChunk(ctx context.Context, job MoveChunkJob, size int, reason migration.Code) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		op, err := tx.Operation(ctx, job.ConsoleID, job.OperationID)
		if err != nil {
			return err
		}
		if op.State == store.OperationRunning && op.NextSeq == job.Seq {
			if err := a.moveChunk(ctx, tx, op, size, reason); err != nil {
				return err
			}
		}
		return tx.CompleteJob(ctx)
	})
}

func (a *App) moveChunk(ctx context.Context, tx *store.Tx, op store.Operation, size int, reason migration.Code) error {
	now := a.Clock.Now()
	next := op.NextSeq + int64(size)
	items, err := tx.RunItems(ctx, op.SourceID, op.ID, op.NextSeq, next-1)
	if err != nil {
		return err
	}
	d := a.dateOf(items, now)
	if err := a.renewMoving(ctx, tx, now, op.SourceID, customerIDs(items), d); err != nil {
		return err
	}
	if err := a.repriceMoving(ctx, tx, now, op.SourceID, customerIDs(items), d); err != nil {
		return err
	}
	good, back, err := a.sortItems(ctx, tx, op, items, reason)
	if err != nil {
		return err
	}
	if err := tx.ReturnMigrations(ctx, op.ConsoleID, op.SourceID, op.ID, back, now); err != nil {
		return err
	}
	if err := tx.MoveCustomers(ctx, op.ConsoleID, op.SourceID, good, d, now); err != nil {
		return err
	}
	if err := evaluateNamesakes(ctx, tx, now, op.ConsoleID, op.SourceID, customerIDs(good)); err != nil {
		return err
	}
	if err := a.publishMoved(ctx, tx, now, op, items, back, d); err != nil {
		return err
	}
	if ok, err := tx.AdvanceOperation(ctx, op, next, int64(len(good)), int64(len(back)), d); err != nil || !ok {
		return orTooLate(err)
	}
	op.NextSeq, op.Done, op.Returned = next, op.Done+int64(len(good)), op.Returned+int64(len(back))
	if op.NextSeq <= op.Total {
		if size *= 2; size >= a.Config.ChunkSize {
			size = 0
		}
		return a.enqueueChunk(ctx, tx, op, size)
	}
	return a.finishRun(ctx, tx, op, now)
}

// dateOf is the billing date of a chunk: the one for which its run was scheduled, however late it runs (spec B1), else
// today's.
func (a *App) dateOf(items []store.RunItem, now time.Time) civil.Date {
	if len(items) > 0 && items[0].BillingDate != 0 {
		return items[0].BillingDate
	}
	return a.billingDate(now)
}

func customerIDs(items []store.RunItem) []string {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.CustomerID
	}
	return ids
}

// sortItems checks readiness and choices again and parts the items into those that can move and those that go back: all of
// them, if there is a reason.
func (a *App) sortItems(ctx context.Context, tx *store.Tx, op store.Operation, items []store.RunItem, all migration.Code) (good []store.RunItem, back []store.Return, err error) {
	verdicts, err := tx.Verdicts(ctx, op.SourceID, op.ConsoleID, customerIDs(items))
	if err != nil {
		return nil, nil, err
	}
	unfit, err := tx.UnfitChoices(ctx, op.ConsoleID, op.SourceID, items)
	if err != nil {
		return nil, nil, err
	}
	for _, item := range items {
		reason := cmp.Or(unfit[item.MigrationID], all)
		if codes := migration.CodesOf(verdicts[item.CustomerID]); len(codes) > 0 {
			reason = codes[0]
		}
		if reason == "" {
			good = append(good, item)
		} else {
			back = append(back, store.Return{MigrationID: item.MigrationID, Reason: reason})
		}
	}
	return good, back, nil
}

func (a *App) finishRun(ctx context.Context, tx *store.Tx, op store.Operation, now time.Time) error {
	if ok, err := tx.SetOperationState(ctx, op.ConsoleID, op.ID, store.OperationRunning, store.OperationDone, now); err != nil || !ok {
		return orTooLate(err)
	}
	if err := a.recordRun(ctx, tx, system(op.ConsoleID), op, "migration.run_finished", op.Done); err != nil {
		return err
	}
	kind := "migration.run_finished"
	if op.Returned > 0 {
		kind = "migration.run_returned"
	}
	said, err := endsOfRun(op).tell(ctx, tx, map[string]string{"Done": count(op.Done), "Returned": count(op.Returned), "Total": count(op.Total)})
	if err != nil {
		return err
	}
	data := func(path string) map[string]string {
		own := maps.Clone(said)
		own["Path"] = path
		return own
	}
	return errors.Join(
		a.notify(ctx, tx, now, store.Notice{
			ConsoleID: op.ConsoleID, Kind: kind, Audience: console.AddCustomers, Dedupe: op.ID,
			Data: data("/migrations/" + op.ConnectionID + "/runs/" + op.ID),
		}),
		a.notify(ctx, tx, now, store.Notice{
			ConsoleID: op.SourceID, Kind: kind, Audience: console.TransferCustomers, Dedupe: op.ID,
			Data: data("/migrations?connection=" + op.ConnectionID + "&tab=done"),
		}),
	)
}
