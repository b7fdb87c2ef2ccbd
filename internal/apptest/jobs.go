package apptest

import (
	"encoding/json"
	"fmt"
)

// Job is a job that waits.
type Job struct {
	ID   int64
	Kind string
	Args json.RawMessage
}

// jobsSQL reads the jobs that wait, the oldest first, by engine.
var jobsSQL = map[string]string{
	"sqlite": `SELECT json_object('ID', id, 'Kind', kind, 'Args', json(args)) FROM river_job ORDER BY id`,
	"postgres": `SELECT CAST(json_build_object('ID', id, 'Kind', kind, 'Args', args) AS text)
		FROM river_job ORDER BY id`,
}

// Jobs returns the jobs of a kind that the use cases have enqueued, the oldest first.
func (w *World) Jobs(kind string) (jobs []Job) {
	w.T.Helper()
	for _, text := range w.Texts(jobsSQL[w.DB.Engine().Name()]) {
		var j Job
		w.Must(json.Unmarshal([]byte(text), &j))
		if j.Kind == kind {
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// RunJob works on a job as a worker would.
func (w *World) RunJob(j Job) error {
	return w.Workers()[j.Kind](w.T.Context(), j.Args)
}

// DropJob forgets a job.
func (w *World) DropJob(j Job) {
	w.T.Helper()
	w.Exec(fmt.Sprintf(`DELETE FROM river_job WHERE id = %d`, j.ID))
}

// RunJobs works on the jobs of a kind, and on those that they enqueue, until there are none.
func (w *World) RunJobs(kind string) {
	w.T.Helper()
	for jobs := w.Jobs(kind); len(jobs) > 0; jobs = w.Jobs(kind) {
		w.Must(w.RunJob(jobs[0]))
		w.DropJob(jobs[0])
	}
}
