// Package riverjob is what both engines share of River: one job type whose kind and arguments are data, and the
// configuration of a client.
package riverjob

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"psc/internal/store"
)

// Args are a job's kind and its JSON.
type Args struct {
	kind string
	json json.RawMessage
}

// NewArgs returns the arguments of a job to insert.
func NewArgs(kind string, encoded []byte) Args { return Args{kind: kind, json: encoded} }

// Kind implements river.JobArgs.
func (a Args) Kind() string { return a.kind }

// MarshalJSON implements json.Marshaler.
func (a Args) MarshalJSON() ([]byte, error) { return a.json, nil }

// UnmarshalJSON implements json.Unmarshaler.
func (a *Args) UnmarshalJSON(b []byte) error { a.json = append(a.json[:0], b...); return nil }

// Options returns how River inserts a job.
func Options(o store.JobOptions) *river.InsertOpts {
	if o.Queue == "" {
		o.Queue = store.QueueInteractive
	}
	opts := &river.InsertOpts{Queue: o.Queue, ScheduledAt: o.At}
	if o.Once {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning,
			rivertype.JobStateScheduled,
		}}
	}
	return opts
}

type worker struct {
	river.WorkerDefaults[Args]
	handle func(context.Context, []byte) error
}

type jobKey struct{}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[Args]) error {
	return w.handle(context.WithValue(ctx, jobKey{}, job), job.Args.json)
}

// Job returns the job that ctx works on, or nil outside one.
func Job(ctx context.Context) *river.Job[Args] {
	job, _ := ctx.Value(jobKey{}).(*river.Job[Args])
	return job
}

// Every job does a bounded piece of work and enqueues the rest, so a job that runs longer than this has died with
// its process, and another worker may take it.
const (
	jobTimeout  = 40 * time.Second
	rescueAfter = 60 * time.Second
)

// How many jobs of each queue one process works on at the same time, and of all together.
const (
	interactive = 2
	bulk        = 2
	mails       = 2
	webhooks    = 4

	AtOnce = interactive + bulk + mails + webhooks
)

// Config returns the configuration of a client that works the given kinds, or of one that only inserts if workers is nil.
func Config(workers store.Workers, log *slog.Logger) *river.Config {
	c := &river.Config{Logger: log, JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, SkipUnknownJobCheck: true}
	if workers == nil {
		return c
	}
	c.Workers = river.NewWorkers()
	for kind, handle := range workers {
		river.AddWorkerArgs(c.Workers, Args{kind: kind}, &worker{handle: handle})
	}
	c.Queues = map[string]river.QueueConfig{
		store.QueueInteractive: {MaxWorkers: interactive},
		store.QueueBulk:        {MaxWorkers: bulk},
	}
	if workers[store.KindMail] != nil {
		c.Queues[store.QueueMail] = river.QueueConfig{MaxWorkers: mails}
	}
	if workers[store.KindWebhook] != nil {
		c.Queues[store.QueueWebhook] = river.QueueConfig{MaxWorkers: webhooks}
	}
	c.PeriodicJobs = []*river.PeriodicJob{river.NewPeriodicJob(
		river.PeriodicInterval(time.Minute),
		func() (river.JobArgs, *river.InsertOpts) {
			return NewArgs(store.KindDue, []byte("{}")), Options(store.JobOptions{})
		},
		&river.PeriodicJobOpts{RunOnStart: true},
	)}
	return c
}
