package web

import (
	"net/http"

	"psc/internal/app"
)

func (s *Server) clockRoutes(mux *routes) {
	mux.Handle("POST /sandbox/clock", s.person(s.advanceClock))
}

// advanceClock moves the sandbox's clock and returns to the page from which it was moved.
func (s *Server) advanceClock(w http.ResponseWriter, r *http.Request, v *Visit) error {
	now, err := s.app.AdvanceClock(r.Context(), v.Actor, app.ClockStep(r.PostFormValue("to")))
	if err != nil {
		return err
	}
	s.log.InfoContext(r.Context(), "sandbox clock moved", "number", number(r), "person", v.Person.ID, "now", now)
	return s.done(w, r, returnPath(r), v.Page.T("clock.moved", "Now", now))
}
