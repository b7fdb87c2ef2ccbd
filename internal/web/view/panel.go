package view

import (
	"time"

	"github.com/a-h/templ"
)

// Side is a panel of details beside a list.
type Side struct {
	ID    string // links with Into(href, id) or DetailsLink open it
	Open  bool   // closed, it is an empty place for the details to come
	Title string
	Sub   string
	Close string // the page without the details
	Row   string // the row they belong to: closing puts the focus back on its DetailsLink
}

// Fact is one line of Facts.
type Fact struct {
	Label string
	Value templ.Component // made with Words, When, Chip, CopyText, ...
}

// Step is one of Steps.
type Step struct {
	Label   string
	Done    bool
	Current bool
}

// current returns the number of the present step, from 1.
func current(steps []Step) int {
	for i, s := range steps {
		if s.Current {
			return i + 1
		}
	}
	return len(steps)
}

// Run is the progress of long work.
type Run struct {
	ID     string // unique on the page; its poll replaces the element of this id
	Title  string
	Done   int64
	Total  int64
	Failed int64
	Says   string // how far it is, in other words than "Done of Total"
	State  RunState
	Poll   string // the page to ask while it runs: usually this one
	Note   string // p.T("progress.leave"), or what came out of it
}

// RunState says whether a Run goes on.
type RunState string

// The states of a run.
const (
	Running  RunState = "running"
	Paused   RunState = "paused"
	Finished RunState = "finished"
)

// pollAttrs ask every two seconds while the run goes on.
func (r Run) pollAttrs() templ.Attributes {
	if r.State != Running || r.Poll == "" {
		return nil
	}
	return Poll(r.Poll, r.ID)
}

// Poll makes the element with the id ask for the page every two seconds, and become that of the answer. Where scripts run
// app.js says so when no answer comes.
func Poll(href, id string) templ.Attributes {
	return templ.Attributes{"hx-get": href, "hx-select": "#" + id, "hx-swap": "outerHTML", "hx-trigger": "every 2s"}
}

// percent is how much of the run is over.
func (r Run) percent() int64 { return r.Done * 100 / max(r.Total, 1) }

// machine writes an instant for the datetime attribute.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }
