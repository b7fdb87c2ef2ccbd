package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/web/view"
)

func (s *Server) migrationRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/migrations", s.console(s.migrations))
	mux.Handle("GET /c/{account}/migrations/{con}/customers/{customer}", s.console(s.migrationDetail))
	mux.Handle("POST /c/{account}/migrations/{con}/check", s.console(s.checkAgain))
	mux.Handle("POST /c/{account}/migrations/{con}/ask", s.console(s.askMain))
	mux.Handle("GET /c/{account}/migrations/{con}/start", s.console(s.confirmStart))
	mux.Handle("POST /c/{account}/migrations/{con}/start", s.console(s.startMigrations))
	mux.Handle("GET /c/{account}/migrations/{con}/started", s.console(s.startedMigrations))
	mux.Handle("GET /c/{account}/migrations/{con}/cancel", s.console(s.confirmCancel))
	mux.Handle("POST /c/{account}/migrations/{con}/cancel", s.console(s.cancelMigrations))
	mux.Handle("GET /c/{account}/migrations/{con}/preview", s.console(s.previewMigration))
	mux.Handle("POST /c/{account}/migrations/{con}/preview", s.console(s.previewChoices))
	mux.Handle("GET /c/{account}/migrations/{con}/complete", s.console(s.chooseAccounts))
	mux.Handle("POST /c/{account}/migrations/{con}/complete", s.console(s.completeMigrations))
	mux.Handle("POST /c/{account}/migrations/{con}/complete/download", s.console(s.downloadChoices))
	mux.Handle("POST /c/{account}/migrations/{con}/complete/upload", s.consoleUpload(s.uploadChoices))
	mux.Handle("GET /c/{account}/migrations/{con}/schedule", s.console(s.scheduleForm))
	mux.Handle("POST /c/{account}/migrations/{con}/schedule", s.console(s.reschedule))
	mux.Handle("POST /c/{account}/migrations/{con}/withdraw", s.console(s.withdrawSchedules))
	mux.Handle("GET /c/{account}/migrations/{con}/runs/{op}", s.console(s.run))
	mux.Handle("GET /c/{account}/migrations/{con}/runs", s.console(s.runs))
	mux.Handle("GET /c/{account}/migrations/{con}/runs/{op}/report", s.console(s.migrationReport))
	mux.Handle("GET /c/{account}/migrations/{con}/runs/{op}/report.csv", s.console(s.sendReport))
	mux.Handle("POST /c/{account}/migrations/{con}/runs/{op}/pause", s.console(s.pauseRun))
	mux.Handle("POST /c/{account}/migrations/{con}/runs/{op}/resume", s.console(s.resumeRun))
	mux.Handle("POST /c/{account}/migrations/{con}/runs/{op}/end", s.console(s.endRun))
}

// migrationsModel is the page "manage customer migrations".
type migrationsModel struct {
	app.MigrationPage

	List   listing
	Reason migration.Code
	Now    time.Time
	Detail *detailModel // what the panel shows; nil: it is closed

	MaySee      bool // readiness
	MayTransfer bool // start and cancel, at the source
	MayComplete bool // at the main
}

// Live reports whether anything can be done in the connection.
func (m migrationsModel) Live() bool { return m.Connection.State == connection.Connected }

// Evaluated reports whether every customer has been evaluated since the consoles were connected.
func (m migrationsModel) Evaluated() bool { return !m.Connection.EvaluatedAt.IsZero() }

// MayStart reports whether the person may start migrations now: not while the first evaluation is under way.
func (m migrationsModel) MayStart() bool {
	return m.MayTransfer && m.Live() && !m.Connection.Waiting && m.Evaluated()
}

// Source reports whether the page is the source's.
func (m migrationsModel) Source() bool { return m.Connection.Side == connection.Source }

func (s *Server) migrations(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.migrationsModel(r, v, r.FormValue("connection"))
	if err != nil {
		return err
	}
	return s.show(w, r, migrationsPage(v.Page, m))
}

func (s *Server) migrationsModel(r *http.Request, v *Visit, connectionID string) (migrationsModel, error) {
	m := migrationsModel{
		List: readListing(r, "tab", "reason"), Reason: migration.Code(r.FormValue("reason")), Now: s.app.Clock.Now(),
		MaySee: v.May(console.AddCustomers, console.TransferCustomers),
	}
	m.List.path = v.Page.At("/migrations")
	page, err := s.app.Migrations(r.Context(), v.Actor, app.MigrationQuery{
		ConnectionID: connectionID, Tab: app.MigrationTab(r.FormValue("tab")), Search: m.List.Search, Blocker: m.Reason,
		Page: m.List.Page,
	})
	if err != nil {
		return m, err
	}
	m.MigrationPage = page
	m.MayTransfer = v.May(console.TransferCustomers) && m.Source() && m.Live()
	m.MayComplete = v.May(console.AddCustomers) && !m.Source() && m.Live()
	v.Page.Title = v.Page.T("nav.migrations")
	if page.Connection.ID != "" {
		m.List.keep.Set("connection", page.Connection.ID)
		m.List.keep.Set("tab", string(page.Tab))
	}
	return m, nil
}

// detailModel is one row with all that is known of it.
type detailModel struct {
	app.MigrationDetail

	Findings []migration.Finding
	At       time.Time // of the findings; zero: they are not shown
	Account  console.AccountID
}

func (s *Server) migrationDetail(w http.ResponseWriter, r *http.Request, v *Visit) error {
	con, customer := r.PathValue("con"), r.PathValue("customer")
	d, err := s.app.MigrationDetail(r.Context(), v.Actor, con, customer)
	if err != nil {
		return err
	}
	detail := &detailModel{MigrationDetail: d}
	if d.Candidate() {
		found, err := s.app.Readiness(r.Context(), v.Actor, customer)
		if err != nil {
			return err
		}
		detail.Findings, detail.At = found.Findings, found.At
	}
	m, err := s.migrationsModel(r, v, con)
	if err != nil {
		return err
	}
	m.Detail = detail
	v.Page.Title = d.CustomerName
	return s.show(w, r, migrationsPage(v.Page, m))
}

// checkAgain has everybody evaluated, or evaluates the one customer that the form names.
func (s *Server) checkAgain(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if customer := r.PostFormValue("customer"); customer != "" {
		if _, err := s.app.CheckCustomer(r.Context(), v.Actor, customer); err != nil {
			return err
		}
		return s.done(w, r, s.back(r, v), v.Page.T("migrations.checked"))
	}
	if err := s.app.CheckAgain(r.Context(), v.Actor, r.PathValue("con")); err != nil {
		return err
	}
	return s.done(w, r, s.back(r, v), v.Page.T("migrations.checking"))
}

// back is where a form of these pages asks to return to, else the list.
func (s *Server) back(r *http.Request, v *Visit) string {
	if r.PostFormValue("return") != "" {
		return returnPath(r)
	}
	return v.Page.At("/migrations?" + url.Values{"connection": {r.PathValue("con")}}.Encode())
}

func (s *Server) askMain(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.AskMain(r.Context(), v.Actor, r.PathValue("con"), app.Ask{
		Code: migration.Code(r.PostFormValue("code")), Currency: money.Currency(r.PostFormValue("currency")),
		Group: catalog.ProductGroup(r.PostFormValue("group")), SKUID: r.PostFormValue("sku"),
	}); err != nil {
		return err
	}
	return s.done(w, r, s.back(r, v), v.Page.T("migrations.asked"))
}

// mostChosen is how many rows a form may name: as many as the longest page has. More is a scope.
const mostChosen = 200

// readScope reads which rows a form is about: all that match its search, or those that it names.
func readScope(r *http.Request) (app.Scope, error) {
	if r.FormValue("scope") == "all" {
		return app.Scope{All: true, Search: r.FormValue("q")}, nil
	}
	ids := r.Form["id"]
	switch {
	case len(ids) == 0:
		return app.Scope{}, fault.New(fault.Invalid, "migration.none_selected", nil)
	case len(ids) > mostChosen:
		return app.Scope{}, fault.New(fault.Invalid, "migration.too_many", fault.Args{"Limit": mostChosen})
	default:
		return app.Scope{IDs: ids}, nil
	}
}

// hiddenScope writes a scope as hidden form fields.
func hiddenScope(s app.Scope) []view.Hidden {
	if s.All {
		return []view.Hidden{{Name: "scope", Value: "all"}, {Name: "q", Value: s.Search}}
	}
	fields := make([]view.Hidden, len(s.IDs))
	for i, id := range s.IDs {
		fields[i] = view.Hidden{Name: "id", Value: id}
	}
	return fields
}

// scopePath is the address of what is done to a scope: where a page that answered a form can be asked for again.
func scopePath(p *view.Page, con, verb string, scope app.Scope) string {
	query := url.Values{}
	for _, f := range hiddenScope(scope) {
		query.Add(f.Name, f.Value)
	}
	return p.At("/migrations/" + con + "/" + verb + "?" + query.Encode())
}

// listPath is the address of a tab of a connection.
func listPath(p *view.Page, con string, tab app.MigrationTab) string {
	return p.At("/migrations?" + url.Values{"connection": {con}, "tab": {string(tab)}}.Encode())
}

// askedScope reads which rows a question is about. Without any the answer is on the list that the person came from, and
// ok is false.
func (s *Server) askedScope(w http.ResponseWriter, r *http.Request, v *Visit, tab app.MigrationTab) (scope app.Scope, ok bool, err error) {
	scope, err = readScope(r)
	if !fault.Is(err, "migration.none_selected") {
		return scope, err == nil, err
	}
	path := listPath(v.Page, r.PathValue("con"), tab)
	if q := r.FormValue("q"); q != "" {
		path += "&q=" + url.QueryEscape(q)
	}
	s.flash(r, view.Bad, v.Page.Fault(fault.As(err)), "")
	return scope, false, s.to(w, r, path)
}

// startModel is the question before migrations start, and startedModel what came of it.
type (
	startModel struct {
		app.StartPreview

		Scope app.Scope
		Main  string // the main's name
	}
	startedModel struct {
		app.Started

		ConnectionID string
	}
)

func (s *Server) confirmStart(w http.ResponseWriter, r *http.Request, v *Visit) error {
	con := r.PathValue("con")
	m := startModel{}
	var ok bool
	var err error
	if m.Scope, ok, err = s.askedScope(w, r, v, app.TabReady); !ok {
		return err
	}
	if m.StartPreview, err = s.app.PreviewStart(r.Context(), v.Actor, con, m.Scope); err != nil {
		return err
	}
	if m.Customers == 0 {
		return fault.New(fault.Conflict, "migration.none_ready", nil)
	}
	if m.Main, err = s.otherName(r.Context(), v, con); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("migrations.start")
	return s.show(w, r, confirmStartPage(v.Page, m))
}

func (s *Server) startMigrations(w http.ResponseWriter, r *http.Request, v *Visit) error {
	con := r.PathValue("con")
	scope, err := readScope(r)
	if err != nil {
		return err
	}
	started, err := s.app.StartMigrations(r.Context(), v.Actor, con, scope)
	if err != nil {
		return err
	}
	if len(started.NotStarted) > 0 {
		if err := s.keep(r, sessionStarted, startedModel{started, con}); err != nil {
			return err
		}
		return s.to(w, r, v.Page.At("/migrations/"+con+"/started"))
	}
	if started.Count == 0 {
		return fault.New(fault.Conflict, "migration.none_ready", nil)
	}
	return s.done(w, r, listPath(v.Page, con, app.TabStarted), v.Page.T("migrations.started", "Count", started.Count))
}

// startedMigrations is what came of the start that the session remembers; of another connection there is only the list.
func (s *Server) startedMigrations(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var m startedModel
	if con := r.PathValue("con"); !s.kept(r, sessionStarted, &m) || m.ConnectionID != con {
		return s.to(w, r, listPath(v.Page, con, app.TabStarted))
	}
	v.Page.Title = v.Page.T("migrations.started_title")
	return s.show(w, r, startedPage(v.Page, m))
}

// otherName is what the console at the other end of a connection is called.
func (s *Server) otherName(ctx context.Context, v *Visit, con string) (string, error) {
	c, err := s.app.Connection(ctx, v.Actor, con)
	return s.link(v, c).OtherName(), err
}

// cancelModel is the question before migrations are cancelled.
type cancelModel struct {
	ConnectionID string
	Scope        app.Scope
	Count        int64
}

func (s *Server) confirmCancel(w http.ResponseWriter, r *http.Request, v *Visit) error {
	con := r.PathValue("con")
	scope, ok, err := s.askedScope(w, r, v, app.TabStarted)
	if !ok {
		return err
	}
	n, err := s.app.PreviewCancel(r.Context(), v.Actor, con, scope)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("migrations.cancel")
	return s.show(w, r, confirmCancelPage(v.Page, cancelModel{con, scope, n}))
}

func (s *Server) cancelMigrations(w http.ResponseWriter, r *http.Request, v *Visit) error {
	con := r.PathValue("con")
	scope, err := readScope(r)
	if err != nil {
		return err
	}
	n, err := s.app.CancelMigrations(r.Context(), v.Actor, con, scope)
	if err != nil {
		return err
	}
	path := v.Page.At("/migrations?" + url.Values{"connection": {con}}.Encode())
	return s.done(w, r, path, v.Page.T("migrations.cancelled", "Count", n))
}
