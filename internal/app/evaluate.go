package app

// EvaluateJob evaluates the readiness of all customers of a connected source, a chunk at a time.
type EvaluateJob struct {
	ConnectionID string `json:"connection_id"`
	SourceID     string `json:"source_id"`
	After        string `json:"after,omitempty"` // customer ID; empty: from the first
}

// Kind implements store.Job.
func (EvaluateJob) Kind() string { return "evaluate" }
