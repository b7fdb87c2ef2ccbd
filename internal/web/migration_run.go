package web

import (
	"net/http"
	"time"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// runModel is the page of a run.
type runModel struct {
	app.Run

	Zone string // of billing dates
	Now  time.Time
	May  bool // pause and resume
	See  bool // the report
}

func (s *Server) run(w http.ResponseWriter, r *http.Request, v *Visit) error {
	run, err := s.app.MigrationRun(r.Context(), v.Actor, r.PathValue("con"), r.PathValue("op"))
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("run.title")
	return s.show(w, r, runPage(v.Page, runModel{
		Run: run, Zone: v.Page.BillingZone, Now: s.app.Clock.Now(),
		May: run.Side == connection.Main && v.May(console.AddCustomers), See: mayReport(v),
	}))
}

func (s *Server) pauseRun(w http.ResponseWriter, r *http.Request, v *Visit) error {
	err, said := s.app.PauseRun(r.Context(), v.Actor, r.PathValue("op")), v.Page.T("run.paused")
	if fault.Is(err, "changed_meanwhile") { // it was over sooner than the button was pressed
		err, said = nil, v.Page.T("run.over")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, runPath(v.Page, r.PathValue("con"), r.PathValue("op")), said)
}

func (s *Server) resumeRun(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.ResumeRun(r.Context(), v.Actor, r.PathValue("op")); err != nil {
		return err
	}
	return s.done(w, r, runPath(v.Page, r.PathValue("con"), r.PathValue("op")), v.Page.T("run.resumed"))
}

// lead says what kind of run it is.
func (m runModel) lead(p *view.Page) string {
	if m.Undo {
		return p.T("undo_page.is_undo")
	}
	return p.T("run.lead")
}

func (s *Server) endRun(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.CancelOperation(r.Context(), v.Actor, r.PathValue("op")); err != nil {
		return err
	}
	return s.done(w, r, runPath(v.Page, r.PathValue("con"), r.PathValue("op")), v.Page.T("run.ended"))
}

func runPath(p *view.Page, con, op string) string { return p.At("/migrations/" + con + "/runs/" + op) }
