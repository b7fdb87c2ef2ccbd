package app

import (
	"context"
	"errors"
	"time"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// EvaluateJob evaluates the readiness of all customers of a connected source, a chunk at a time (spec R2).
type EvaluateJob struct {
	ConnectionID string `json:"connection_id"`
	SourceID     string `json:"source_id"`
	After        string `json:"after,omitempty"` // customer ID; empty: from the first
	Ready        int64  `json:"ready,omitempty"` // customers that have become so, up to here
	NotReady     int64  `json:"not_ready,omitempty"`
}

// Kind implements store.Job.
func (EvaluateJob) Kind() string { return "evaluate" }

// evaluateChunk is how many customers one transaction evaluates: few enough that no page waits for it.
const evaluateChunk = 2_000

// RunEvaluate works on one EvaluateJob and enqueues the next.
func (a *App) RunEvaluate(ctx context.Context, job EvaluateJob) error {
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, job.SourceID, job.ConnectionID)
		if err != nil {
			return err
		}
		if c.State != connection.Connected {
			return tx.CompleteJob(ctx)
		}
		if job.After == "" {
			if err := tx.BeginEvaluation(ctx, c.ID, a.Wall.Now()); err != nil {
				return err
			}
		}
		last, err := tx.EvaluateAfter(ctx, c.SourceID, c.MainID, job.After, evaluateChunk, now)
		if err != nil {
			return err
		}
		if last == "" {
			err = errors.Join(a.tellReadiness(ctx, tx, c, now, job), a.endEvaluation(ctx, tx, c, now))
		} else {
			err = a.evaluateNext(ctx, tx, c, job, last)
		}
		return errors.Join(err, tx.CompleteJob(ctx))
	})
}

// evaluateNext enqueues the next chunk, with what this one and those before have changed.
func (a *App) evaluateNext(ctx context.Context, tx *store.Tx, c connection.Connection, job EvaluateJob, last string) error {
	ready, notReady, err := tx.TellReadiness(ctx, c.SourceID, job.After, last, c.EvaluatedAt.IsZero())
	if err != nil {
		return err
	}
	job.After, job.Ready, job.NotReady = last, job.Ready+ready, job.NotReady+notReady
	return tx.Enqueue(ctx, job, store.JobOptions{})
}

// tellReadiness tells the source in one notice how many customers have become ready or not ready since it was told last.
func (a *App) tellReadiness(ctx context.Context, tx *store.Tx, c connection.Connection, now time.Time, job EvaluateJob) error {
	if job.Ready+job.NotReady == 0 {
		return nil
	}
	data, err := endsOf(c).tell(ctx, tx, map[string]string{
		"Ready": count(job.Ready), "NotReady": count(job.NotReady), "Path": "/migrations?connection=" + c.ID,
	})
	if err != nil {
		return err
	}
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: c.SourceID, Kind: "migration.readiness", Audience: console.TransferCustomers, Dedupe: a.IDs.New("rdy", now), Data: data,
	})
}

// evaluationDead is after how long an evaluation that has not ended is taken for dead.
const evaluationDead = time.Hour

// requestEvaluation has all customers of the connected source evaluated within seconds. However often it is asked for,
// one evaluation waits at the most, and the next begins when the one under way has ended.
func (a *App) requestEvaluation(ctx context.Context, tx *store.Tx, c connection.Connection) error {
	wall := a.Wall.Now()
	begin, err := tx.RequestEvaluation(ctx, c.ID, wall, wall.Add(-evaluationDead))
	if err != nil || !begin {
		return err
	}
	return tx.Enqueue(ctx, EvaluateJob{ConnectionID: c.ID, SourceID: c.SourceID}, store.JobOptions{})
}

// endEvaluation notes that everybody has been evaluated, and begins anew if something has changed meanwhile.
func (a *App) endEvaluation(ctx context.Context, tx *store.Tx, c connection.Connection, now time.Time) error {
	again, err := tx.EndEvaluation(ctx, c.ID, now, a.Wall.Now())
	if err != nil || !again {
		return err
	}
	return tx.Enqueue(ctx, EvaluateJob{ConnectionID: c.ID, SourceID: c.SourceID}, store.JobOptions{})
}

// evaluateCustomers evaluates these customers in the transaction that changed them, if their console is a connected source.
func (a *App) evaluateCustomers(ctx context.Context, tx *store.Tx, now time.Time, consoleID string, ids []string) error {
	c, err := tx.ConnectedAsSource(ctx, consoleID)
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.EvaluateCustomers(ctx, c.SourceID, c.MainID, ids, now)
}

// evaluateSources has the customers of every source of the main evaluated within seconds, after something changed at the main.
func (a *App) evaluateSources(ctx context.Context, tx *store.Tx, mainID string) error {
	sources, err := tx.ConnectedAsMain(ctx, mainID)
	if err != nil {
		return err
	}
	for _, c := range sources {
		if err := a.requestEvaluation(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// evaluateNamesakes has the main's sources, but for the one that gave them, know whose domains these new customers have taken.
func evaluateNamesakes(ctx context.Context, tx *store.Tx, now time.Time, mainID, except string, customerIDs []string) error {
	if len(customerIDs) == 0 {
		return nil
	}
	sources, err := tx.ConnectedAsMain(ctx, mainID)
	if err != nil {
		return err
	}
	for _, c := range sources {
		if c.SourceID == except {
			continue
		}
		if err := tx.EvaluateNamesakes(ctx, c.SourceID, mainID, customerIDs, now); err != nil {
			return err
		}
	}
	return nil
}

// CheckAgain evaluates all customers of the actor's source console on demand, or of one source of the actor's main.
func (a *App) CheckAgain(ctx context.Context, actor console.Actor, connectionID string) error {
	if err := actor.May(console.AddCustomers, console.TransferCustomers); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if c.State != connection.Connected {
			return fault.New(fault.Precondition, "migration.not_connected", nil)
		}
		return a.requestEvaluation(ctx, tx, c)
	})
}

// Readiness says whether one customer may migrate and, if not, why.
type Readiness struct {
	Connection connection.Connection
	Findings   []migration.Finding // the waiting period first, if it is one
	At         time.Time           // of the evaluation
}

// Readiness says what an evaluation of one customer of the actor's source console finds now, and writes nothing.
func (a *App) Readiness(ctx context.Context, actor console.Actor, customerID string) (r Readiness, err error) {
	if err := actor.May(console.AddCustomers, console.TransferCustomers); err != nil {
		return r, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		r, err = readiness(ctx, tx, actor.ConsoleID, customerID, now)
		return err
	})
	return r, err
}

// CheckCustomer evaluates one customer of the actor's source console on demand and returns what was found.
func (a *App) CheckCustomer(ctx context.Context, actor console.Actor, customerID string) (r Readiness, err error) {
	if err := actor.May(console.AddCustomers, console.TransferCustomers); err != nil {
		return r, err
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if r, err = readiness(ctx, tx, actor.ConsoleID, customerID, now); err != nil {
			return err
		}
		return tx.EvaluateCustomers(ctx, actor.ConsoleID, r.Connection.MainID, []string{customerID}, now)
	})
	return r, err
}

func readiness(ctx context.Context, tx *store.Tx, sourceID, customerID string, now time.Time) (Readiness, error) {
	c, err := tx.ConnectedAsSource(ctx, sourceID)
	if err != nil {
		return Readiness{}, found(err, "migration.not_connected")
	}
	r := Readiness{Connection: c, At: now}
	if c.Waiting(now) {
		r.Findings = append(r.Findings, migration.Finding{Code: migration.WaitingPeriod})
	}
	findings, err := tx.Findings(ctx, sourceID, c.MainID, customerID)
	r.Findings = append(r.Findings, findings...)
	return r, err
}
