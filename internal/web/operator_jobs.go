package web

import (
	"net/http"
	"strings"
)

// JobsPath is below which River's own pages about the jobs are, in English.
const JobsPath = "/operator/jobs"

// jobsPolicy is the policy of these pages: they set styles from their scripts.
var jobsPolicy = strings.Replace(contentPolicy, "style-src 'self'", "style-src 'self' 'unsafe-inline'", 1)

func (s *Server) operatorJobRoutes(mux *routes) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch} {
		mux.Handle(method+" "+JobsPath+"/{path...}", http.HandlerFunc(s.jobs))
	}
}

// jobs hands a request over to River's pages. What it may change is written into the vendor's trail first.
func (s *Server) jobs(w http.ResponseWriter, r *http.Request) {
	visit, err := s.visit(r, "")
	switch {
	case err != nil:
		s.fail(w, r, s.personPage(r, visit), err)
		return
	case visit.Actor.MayOperate() != nil || s.config.Jobs == nil:
		s.nowhere(w, r)
		return
	case r.Method != http.MethodGet:
		asked := r.Method + " " + strings.TrimPrefix(r.URL.Path, JobsPath)
		if !readable(asked) {
			s.nowhere(w, r)
			return
		}
		if err := s.app.NoteJobs(r.Context(), visit.Actor, asked); err != nil {
			s.fail(w, r, s.personPage(r, visit), err)
			return
		}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	w.Header().Set("Content-Security-Policy", jobsPolicy)
	s.config.Jobs.ServeHTTP(w, r)
}
