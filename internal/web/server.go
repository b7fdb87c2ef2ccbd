// Package web is the browser's shell: a handler parses a form, calls one use case, and redirects or draws the page
// again with what was wrong. server.go lists the routes, visit.go is what every handler is given, answer.go how it answers.
package web

import (
	"log/slog"
	"net/http"
	"net/url"

	"github.com/alexedwards/scs/v2"

	"psc/internal/app"
	"psc/internal/i18n"
)

// Config is what the process decides for the pages.
type Config struct {
	BaseURL        *url.URL // as browsers see this server; https means that cookies are Secure
	ClientIPHeader string   // where a proxy in front writes the client's address; empty: no proxy

	// Jobs are the job queue's own pages, below /operator/jobs; nil: there are none.
	Jobs http.Handler

	// CaughtMail returns what a mail says that was kept instead of sent; nil where mails are sent.
	CaughtMail func(id string) (subject, text string, ok bool)
}

// Server serves the pages.
type Server struct {
	app      *app.App
	catalog  *i18n.Catalog
	log      *slog.Logger
	config   Config
	assets   *assets
	sessions *scs.SessionManager
	closing  *http.ServeMux // what a suspended console refuses
}

// New returns a Server of the product.
func New(a *app.App, catalog *i18n.Catalog, log *slog.Logger, config Config) (*Server, error) {
	files, err := newAssets()
	if err != nil {
		return nil, err
	}
	s := &Server{app: a, catalog: catalog, log: log, config: config, assets: files}
	s.sessions, s.closing = s.newSessions(), closing(Routes())
	return s, nil
}

// Handler answers every request: the routes, within what all of them need.
func (s *Server) Handler() http.Handler {
	pages := s.sessions.LoadAndSave(s.sameOrigin(s.routes()))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /static/{hash}/{name...}", s.assets)
	mux.Handle("/", pages)
	return s.observe(secured(s.rescue(mux), s.secure()))
}

// routes is a multiplexer that knows its patterns.
type routes struct {
	*http.ServeMux

	patterns []string
}

// Handle registers a handler and remembers for what.
func (r *routes) Handle(pattern string, h http.Handler) {
	r.ServeMux.Handle(pattern, h)
	r.patterns = append(r.patterns, pattern)
}

// Routes returns the pattern of every page and form, for tests that go to each.
func Routes() []string { return new(Server).routes().patterns }

// routes are the pages, a slice on each line.
func (s *Server) routes() *routes {
	mux := &routes{ServeMux: http.NewServeMux()}
	s.homeRoutes(mux)
	s.signInRoutes(mux)
	s.setupRoutes(mux)
	s.unificationRoutes(mux)
	s.migrationRoutes(mux)
	s.invoiceRoutes(mux)
	s.customerRoutes(mux)
	s.billingRoutes(mux)
	s.agreementRoutes(mux)
	s.operatorRoutes(mux)
	s.meRoutes(mux)
	s.clockRoutes(mux)
	s.noticeRoutes(mux)
	s.noticeChoiceRoutes(mux)
	s.auditRoutes(mux)
	s.caseRoutes(mux)
	s.undoRoutes(mux)
	s.userRoutes(mux)
	s.roleRoutes(mux)
	s.tokenRoutes(mux)
	s.serviceAccountRoutes(mux)
	s.webhookRoutes(mux)
	s.accountRoutes(mux)
	s.helpRoutes(mux)
	s.apiReferenceRoutes(mux)
	mux.HandleFunc("/", s.nowhere)
	return mux
}

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") }

// readyz says whether the process can do its work: the database answers and has the schema that is known here.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ready, err := s.app.Ready(r.Context())
	switch {
	case err != nil:
		s.log.WarnContext(r.Context(), "not ready", "error", err)
		plain(w, http.StatusServiceUnavailable, "the database does not answer")
	case !ready:
		plain(w, http.StatusServiceUnavailable, "the schema is not the one of this program")
	default:
		plain(w, http.StatusOK, "ready")
	}
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}
