package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Job is work to do later, in a process that works jobs. Its JSON form is what is stored.
type Job interface {
	Kind() string
}

// Queues. Interactive work has its own queue so that a long run never keeps a person waiting.
const (
	QueueInteractive = "interactive"
	QueueBulk        = "bulk"
	QueueMail        = "mail" // worked only where mails can be sent: an unreachable server keeps nothing else waiting
	QueueWebhook     = "webhook"
)

// JobOptions say how a job is queued.
type JobOptions struct {
	Queue string    // empty: interactive
	Once  bool      // not again while the same job waits or is worked on
	At    time.Time // by the system's clock; zero: as soon as there is a worker
}

// Workers are what works on each kind of job, by kind. The handler completes the job in the transaction of its work
// with Tx.CompleteJob; an error makes the job run again later.
type Workers map[string]func(ctx context.Context, args []byte) error

// Handle registers the handler of one kind of job.
func Handle[J Job](w Workers, handler func(context.Context, J) error) {
	var kind J
	w[kind.Kind()] = func(ctx context.Context, args []byte) error {
		var job J
		if err := json.Unmarshal(args, &job); err != nil {
			return fmt.Errorf("read job %s: %w", kind.Kind(), err)
		}
		return handler(ctx, job)
	}
}

// Enqueue stores the job in this transaction: it exists exactly if the transaction commits.
func (tx *Tx) Enqueue(ctx context.Context, job Job, opts JobOptions) error {
	args, err := json.Marshal(job)
	if err != nil {
		return fmt.Errorf("write job %s: %w", job.Kind(), err)
	}
	return tx.conn.Enqueue(ctx, job.Kind(), args, opts)
}

// CompleteJob marks the job that ctx works on as done, in this transaction; outside a job it does nothing.
func (tx *Tx) CompleteJob(ctx context.Context) error { return tx.conn.CompleteJob(ctx) }

// KindWebhook is the job that sends what waits for a webhook. Only processes that answer requests or work on jobs do.
const KindWebhook = "webhook"

// KindDue is the job that an engine enqueues every minute: do what time has made due.
const KindDue = "due"
