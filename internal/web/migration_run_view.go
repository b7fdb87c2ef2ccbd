package web

import (
	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/web/view"
)

// completeSteps are the steps of completing migrations; now is the present one.
func completeSteps(p *view.Page, now int, over bool) []view.Step {
	steps := []view.Step{
		{Label: p.T("complete.step_select")}, {Label: p.T("complete.step_accounts")}, {Label: p.T("complete.step_move")},
	}
	for i := range steps {
		steps[i].Done, steps[i].Current = i+1 < now || over, i+1 == now
	}
	return steps
}

func runProgress(p *view.Page, con string, op app.Operation) view.Run {
	run := view.Run{
		ID: "run-" + op.ID, Title: p.T("run.title"), Done: op.Done, Total: op.Total, Failed: op.Returned,
		State: runState(op), Poll: runPath(p, con, op.ID),
	}
	if run.State == view.Running {
		run.Note = p.T("progress.leave")
	}
	return run
}

func runState(op app.Operation) view.RunState {
	switch op.State {
	case app.RunRunning:
		return view.Running
	case app.RunPaused:
		return view.Paused
	case app.RunDone, app.RunFailed:
		return view.Finished
	}
	return view.Finished
}

// runPoll asks for the results again while the run goes on.
func runPoll(p *view.Page, m runModel) templ.Attributes {
	if m.State != app.RunRunning {
		return nil
	}
	return view.Poll(runPath(p, m.ConnectionID, m.ID), "run-results")
}

func runTone(m runModel) view.Tone {
	if m.Returned > 0 {
		return view.Warn
	}
	return view.OK
}

func runSummary(p *view.Page, m runModel) string {
	if m.Returned > 0 {
		return p.T("run.summary_returned_"+string(m.Side), "Done", m.Done, "Returned", m.Returned)
	}
	return p.T("run.summary_"+string(m.Side), "Done", m.Done)
}

func runFacts(p *view.Page, m runModel) []view.Fact {
	facts := []view.Fact{{Label: p.T("run.billing_date"), Value: view.Words(billingDates(p, m.Operation), p.T("zone.billing", "Zone", m.Zone))}}
	facts = append(facts, view.Fact{Label: p.T("run.started_at"), Value: view.Words(p.When(m.StartedAt), m.StartedBy)})
	if !m.EndedAt.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("run.ended_at"), Value: view.When(p, m.EndedAt)})
	}
	return append(facts, view.Fact{Label: p.T("run.number"), Value: view.CopyText(p, m.ID)})
}

// billingDates names both if the run crossed midnight (spec B1).
func billingDates(p *view.Page, op app.Operation) string {
	first, last := op.FirstBillingDate, op.LastBillingDate
	switch {
	case first == civil.Date(0):
		return p.T("run.no_date")
	case first == last:
		return p.Date(first)
	default:
		return p.T("run.two_dates", "First", first, "Last", last)
	}
}

func returnsTable(p *view.Page, m runModel) view.Table {
	t := view.Table{ID: "return", Caption: p.T("run.returns"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("migrations.customer")},
		{Kind: view.StatusColumn, Label: p.T("migrations.reasons")},
		{Kind: view.TextColumn, Label: p.T("run.what_to_do")},
	}}
	for _, ret := range m.Returns {
		name := view.NameLink(p.At("/migrations/"+m.ConnectionID+"/customers/"+ret.CustomerID), ret.CustomerName, ret.Domain)
		chip := view.Chip(p, view.Warn, "", p.T("readiness.short."+ret.Reason))
		t.Rows = append(t.Rows, view.Row{ID: ret.MigrationID, Name: ret.CustomerName, Cells: []templ.Component{
			name, chip, view.Words(p.T("readiness.return."+ret.Reason), ""),
		}})
	}
	return t
}
