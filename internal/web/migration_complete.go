package web

import (
	"bytes"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/web/view"
)

// choicesShown is how many customers a page of choices spreads out.
const choicesShown = 20

// Names of the fields of the form of choices: a group's account, a subscription's own, and what the person has confirmed.
const (
	groupField    = "group:"
	ownField      = "own:"
	entitiesField = "entities"
)

// choicesModel is the page on which each subscription gets its account.
type choicesModel struct {
	app.ChoicePage
	refusal

	Source    string // its name
	Scope     app.Scope
	Confirmed string // the token of the changes of legal entity that the person has confirmed
	Date      string // on which to migrate, as it was typed
	Today     civil.Date
	After     string   // where this page of customers begins
	Trail     []string // where those before it began
	MayBill   bool
}

// completeForm is what the form of choices says.
type completeForm struct {
	scope     app.Scope
	given     app.Choices
	confirmed string
	date      string // on which to migrate; empty: now
	do        string
	after     string
	trail     []string
}

func readComplete(r *http.Request) (completeForm, error) {
	scope, err := readScope(r)
	f := completeForm{scope: scope, date: r.PostFormValue("date"), do: r.PostFormValue("do"), after: r.PostFormValue("after"), trail: r.PostForm["trail"], confirmed: r.PostFormValue(entitiesField)}
	f.given.Own = map[string]string{}
	for name, values := range r.PostForm {
		value := values[0]
		if group, ok := readGroup(name); ok {
			group.AccountID = value
			f.given.Groups = append(f.given.Groups, group)
		}
		if id, ok := strings.CutPrefix(name, ownField); ok && value != "" {
			f.given.Own[id] = value
		}
	}
	return f, err
}

func groupName(g app.ChoiceGroup) string {
	return groupField + string(g.Currency) + ":" + string(g.Group) + ":" + g.LegalEntityID
}

func readGroup(name string) (app.GroupChoice, bool) {
	rest, ok := strings.CutPrefix(name, groupField)
	parts := strings.SplitN(rest, ":", 3)
	if !ok || len(parts) != 3 {
		return app.GroupChoice{}, false
	}
	return app.GroupChoice{
		Currency: money.Currency(parts[0]), Group: catalog.ProductGroup(parts[1]), LegalEntityID: parts[2],
	}, true
}

// turn goes to another page of customers if the form asks for it.
func (f *completeForm) turn() {
	switch next, forward := strings.CutPrefix(f.do, "next:"); {
	case forward:
		f.trail, f.after = append(f.trail, f.after), next
	case f.do == "previous" && len(f.trail) > 0:
		last := len(f.trail) - 1
		f.trail, f.after = f.trail[:last], f.trail[last]
	}
}

// draft is what a person has chosen on the page of choices so far. The session remembers the last one, so that each step
// of that page is a page of its own and the way back leads to what was chosen.
type draft struct {
	ConnectionID string
	Scope        app.Scope
	Given        app.Choices
	Confirmed    string
	Date         string
	Trail        []string
}

func (s *Server) keepDraft(r *http.Request, v *Visit, con string, f completeForm) error {
	if _, err := s.app.Connection(r.Context(), v.Actor, con); err != nil {
		return err
	}
	return s.keep(r, sessionChoices, draft{con, f.scope, f.given, f.confirmed, f.date, f.trail})
}

// chooseAccounts is the page of choices.
func (s *Server) chooseAccounts(w http.ResponseWriter, r *http.Request, v *Visit) error {
	scope, ok, err := s.askedScope(w, r, v, app.TabStarted)
	if !ok {
		return err
	}
	con := r.PathValue("con")
	f := completeForm{scope: scope, after: r.FormValue("after")}
	var d draft
	if s.kept(r, sessionChoices, &d) && d.ConnectionID == con && reflect.DeepEqual(d.Scope, scope) {
		f.given, f.confirmed, f.date, f.trail = d.Given, d.Confirmed, d.Date, d.Trail
	}
	if i := slices.Index(f.trail, f.after); i >= 0 { // the browser's own way back
		f.trail = f.trail[:i]
	}
	m, err := s.choices(r, v, con, f)
	if err != nil {
		return err
	}
	return s.show(w, r, choicesPage(v.Page, m))
}

// completeMigrations takes the form of choices: it begins the run, or goes on choosing.
func (s *Server) completeMigrations(w http.ResponseWriter, r *http.Request, v *Visit) error {
	f, err := readComplete(r)
	if err != nil {
		return err
	}
	con := r.PathValue("con")
	f.turn()
	request, asks := strings.CutPrefix(f.do, "request:")
	switch {
	case f.do == "continue":
		return s.beginRun(w, r, v, con, f)
	case f.do == "clear":
		if err := s.app.ClearChoices(r.Context(), v.Actor, con, f.scope); err != nil {
			return err
		}
		s.sessions.Remove(r.Context(), sessionChoices)
		return s.done(w, r, choicesHref(v.Page, con, f), v.Page.T("complete.cleared"))
	case partial(r): // totals and warnings while accounts are chosen
		m, err := s.choices(r, v, con, f)
		if err != nil {
			return err
		}
		return s.show(w, r, choicesPage(v.Page, m))
	case asks:
		currency, group, _ := strings.Cut(request, ":")
		if err := s.app.RequestBillingAccount(r.Context(), v.Actor, money.Currency(currency), catalog.ProductGroup(group)); err != nil {
			return err
		}
		s.flash(r, view.OK, v.Page.T("migrations.requested"), "")
	}
	if err := s.keepDraft(r, v, con, f); err != nil {
		return err
	}
	return s.to(w, r, choicesHref(v.Page, con, f))
}

// choicesHref is the address of a page of choices.
func choicesHref(p *view.Page, con string, f completeForm) string {
	path := scopePath(p, con, "complete", f.scope)
	if f.after != "" {
		path += "&after=" + url.QueryEscape(f.after)
	}
	return path
}

// choices loads the page of choices. A scope of which nothing waits any more is refused.
func (s *Server) choices(r *http.Request, v *Visit, con string, f completeForm) (choicesModel, error) {
	m := choicesModel{
		Scope: f.scope, Confirmed: f.confirmed, Date: f.date, Today: s.today(), After: f.after, Trail: f.trail, MayBill: v.May(console.Billing),
	}
	var err error
	m.ChoicePage, err = s.app.ChoicePage(r.Context(), v.Actor, con, f.scope, f.given, readCursor(f.after), choicesShown)
	if err != nil {
		return m, err
	}
	if m.Customers == 0 {
		return m, fault.New(fault.Conflict, "migration.none_to_complete", nil)
	}
	v.Page.Title, v.Page.Path = v.Page.T("complete.title"), choicesHref(v.Page, con, f)
	m.Source, err = s.otherName(r.Context(), v, con)
	return m, err
}

func (s *Server) beginRun(w http.ResponseWriter, r *http.Request, v *Visit, con string, f completeForm) error {
	in := app.Completion{ConnectionID: con, Scope: f.scope, Choices: f.given, Confirmed: f.confirmed}
	err := s.completeOrSchedule(w, r, v, in, f.date)
	if err == nil {
		s.sessions.Remove(r.Context(), sessionChoices)
		return nil
	}
	if bad := fault.As(err); !fault.Is(err, "migration.entity_unconfirmed") && (bad == nil || len(bad.Fields) == 0) {
		return err
	}
	m, loading := s.choices(r, v, con, f)
	if loading != nil {
		return err
	}
	return s.again(w, r, v, err, func(bad refusal) templ.Component {
		m.refusal = m.reachable(v.Page, bad, err)
		return choicesPage(v.Page, m)
	})
}

// completeOrSchedule begins a run and leads to it, or with a date schedules it.
func (s *Server) completeOrSchedule(w http.ResponseWriter, r *http.Request, v *Visit, in app.Completion, date string) error {
	if date == "" {
		op, err := s.app.CompleteMigrations(r.Context(), v.Actor, in)
		if err != nil {
			return err
		}
		return s.to(w, r, runPath(v.Page, in.ConnectionID, op.ID))
	}
	d, err := scheduledDate(date)
	if err != nil {
		return err
	}
	n, err := s.app.ScheduleMigrations(r.Context(), v.Actor, in, d)
	if err != nil {
		return err
	}
	return s.scheduled(w, r, v, in.ConnectionID, n, d)
}

// reachable takes the links from those problems whose fields are not on this page, and says how many there are in all.
func (m choicesModel) reachable(p *view.Page, f refusal, err error) refusal {
	if !fault.Is(err, "migration.choice_missing") && !fault.Is(err, "migration.entity_unconfirmed") {
		return f
	}
	for i, problem := range f.Problems {
		id := strings.TrimPrefix(problem.Field, "sub:")
		here := func(row app.ChoiceRow) bool { return row.ID == id }
		if f.Problems[i].Field = ownField + id; !slices.ContainsFunc(m.Rows, here) {
			f.Problems[i].Field = ""
		}
	}
	if fault.Is(err, "migration.entity_unconfirmed") {
		f.Problems[0].Field = entitiesField
		f.fields[entitiesField] = p.T("complete.entities_unconfirmed")
	} else {
		f.Problems = append([]view.Problem{{Text: p.Fault(fault.As(err))}}, f.Problems...)
	}
	return f
}

// account returns a usable account by its ID.
func (m choicesModel) account(id string) (billing.Account, bool) {
	i := slices.IndexFunc(m.Accounts, func(a billing.Account) bool { return a.ID == id })
	if i < 0 {
		return billing.Account{}, false
	}
	return m.Accounts[i], true
}

func (s *Server) downloadChoices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	f, err := readComplete(r)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.app.ExportChoices(r.Context(), v.Actor, r.PathValue("con"), f.scope, f.given, &file); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="billing-accounts.csv"`)
	_, _ = file.WriteTo(w) // fails if the client did not wait
	return nil
}

// uploadInMemory is how much of an uploaded file is kept in memory; the rest goes to the disk.
const uploadInMemory = 4 << 20

func (s *Server) uploadChoices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := r.ParseMultipartForm(uploadInMemory); err != nil { //nolint:gosec // consoleUpload limits the body
		if tooLarge(err) {
			return err
		}
		return fault.Wrap(err, fault.Invalid, "web.unreadable", nil)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // what stays behind is in the folder for temporary files
	if err := readableForm(r); err != nil {
		return err
	}
	f, err := readComplete(r)
	if err != nil {
		return err
	}
	con := r.PathValue("con")
	n, err := s.storeUpload(r, v, con, f.scope)
	if err == nil {
		s.sessions.Remove(r.Context(), sessionChoices)
		return s.done(w, r, choicesHref(v.Page, con, f), v.Page.T("complete.uploaded", "Count", n))
	}
	m, loading := s.choices(r, v, con, f)
	if loading != nil {
		return loading
	}
	return s.again(w, r, v, err, func(bad refusal) templ.Component {
		m.refusal = bad
		return choicesPage(v.Page, m)
	})
}

func (s *Server) storeUpload(r *http.Request, v *Visit, con string, scope app.Scope) (int64, error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return 0, fault.InvalidField("file", "migration.csv_none", nil)
	}
	defer func() { _ = file.Close() }() // it was only read
	return s.app.ImportChoices(r.Context(), v.Actor, con, scope, file)
}
