package web

import (
	"errors"
	"iter"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// importsModel is the page on which a file of customers is uploaded.
type importsModel struct {
	refusal

	Accounts []billing.Account // whose IDs a file may name
	Past     []app.Import
}

func (s *Server) importsModel(r *http.Request, v *Visit) (m importsModel, err error) {
	v.Page.Title = v.Page.T("import_page.title")
	if m.Past, err = s.app.Imports(r.Context(), v.Actor); err != nil {
		return m, err
	}
	m.Accounts, err = s.app.ImportableAccounts(r.Context(), v.Actor)
	return m, err
}

func (s *Server) imports(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.importsModel(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, importsPage(v.Page, m))
}

// importTemplate is a file with the names of the columns and nothing else.
func (s *Server) importTemplate(w http.ResponseWriter, _ *http.Request, v *Visit) error {
	if err := v.Actor.May(console.AddCustomers); err != nil {
		return err
	}
	var none iter.Seq2[customercsv.Record, error] = func(func(customercsv.Record, error) bool) {}
	return customercsv.Write(&download{w: w, name: "customers.csv"}, none)
}

func (s *Server) startImport(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.AddCustomers); err != nil {
		return err
	}
	op, err := s.storeImport(r, v)
	if err != nil {
		m, loading := s.importsModel(r, v)
		if loading != nil {
			return loading
		}
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return importsPage(v.Page, m)
		})
	}
	return s.to(w, r, v.Page.At("/customers/import/runs/"+op))
}

// fileNameLimit is how much of a file's name is kept.
const fileNameLimit = 100

// storeImport reads the form and has its file imported; it returns the operation.
func (s *Server) storeImport(r *http.Request, v *Visit) (string, error) {
	if err := r.ParseMultipartForm(uploadInMemory); err != nil { //nolint:gosec // consoleUpload limits the body
		if tooLarge(err) {
			return "", fault.InvalidField("file", "import.too_large", fault.Args{"Megabytes": maxUpload >> 20})
		}
		return "", fault.Wrap(err, fault.Invalid, "web.unreadable", nil)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // what stays behind is in the folder for temporary files
	if err := readableForm(r); err != nil {
		return "", err
	}
	file, head, err := r.FormFile("file")
	if err != nil || head.Size == 0 {
		return "", fault.InvalidField("file", "import.no_file", nil)
	}
	defer file.Close()
	name := []rune(filepath.Base(head.Filename))
	if !readable(string(name)) {
		name = []rune("customers.csv")
	}
	op, err := s.app.StartImport(r.Context(), v.Actor, string(name[:min(len(name), fileNameLimit)]), file, r.PostFormValue("skip_bad") != "")
	return op.ID, err
}

// importModel is the page of one import.
type importModel struct {
	app.Import

	Problems []customercsv.Problem // of this page
	From     int                   // the place of the first of them
	All      int                   // that are kept
}

// problemsShown is how many problems a page lists.
const problemsShown = 100

func (s *Server) importRun(w http.ResponseWriter, r *http.Request, v *Visit) error {
	i, err := s.app.Import(r.Context(), v.Actor, r.PathValue("op"))
	if err != nil {
		return err
	}
	problems := slices.Concat(i.Report.Problems, i.Refused)
	m := importModel{Import: i, All: len(problems)}
	if n, err := strconv.Atoi(r.FormValue("from")); err == nil && n > 0 && n < len(problems) {
		m.From = n
	}
	m.Problems = problems[m.From:min(len(problems), m.From+problemsShown)]
	v.Page.Title = v.Page.T("import_page.run_title", "File", i.File)
	return s.show(w, r, importPage(v.Page, m))
}

func (s *Server) stopImport(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.CancelOperation(r.Context(), v.Actor, r.PathValue("op")); err != nil {
		return err
	}
	return s.done(w, r, v.Page.At("/customers/import/runs/"+r.PathValue("op")), v.Page.T("import_page.stopped"))
}

// importProblems downloads everything that was wrong in the file, as it is found.
func (s *Server) importProblems(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if _, err := s.app.Import(r.Context(), v.Actor, r.PathValue("op")); err != nil {
		return err
	}
	file := &download{w: w, name: "problems.csv"}
	out, err := customercsv.NewWriter(file)
	if err != nil {
		return s.downloaded(r, file, err)
	}
	p := v.Page
	err = out.Write([]string{p.T("import_page.line"), p.T("import_page.column"), p.T("import_page.problem")})
	if err == nil {
		err = s.app.ImportProblems(r.Context(), v.Actor, r.PathValue("op"), func(problem customercsv.Problem) error {
			return out.Write([]string{strconv.Itoa(problem.Line), customercsv.Guard(problem.Column), customercsv.Guard(problemText(p, problem))})
		})
	}
	out.Flush()
	return s.downloaded(r, file, errors.Join(err, out.Error()))
}

func problemText(p *view.Page, problem customercsv.Problem) string {
	return p.Field(fault.Field{Key: problem.Key, Args: problem.Args})
}

// More counts the problems that are not kept for the page.
func (m importModel) More() int64 {
	return int64(m.Report.ProblemCount) + m.Counts.Refused - int64(m.All)
}

// checking is the progress of the check of the whole file.
func (m importModel) checking(p *view.Page) view.Run {
	return view.Run{
		ID: "run", Title: m.File, Done: m.Percent, Total: 100, State: view.Running, Says: p.T("import_page.checked_percent", "Percent", m.Percent),
		Note: p.T("progress.leave"),
	}
}

// Running reports whether the import goes on.
func (m importModel) Running() bool { return m.State == app.RunRunning }

// Failed reports whether nothing was written because of what is wrong in the file.
func (m importModel) Failed() bool { return m.State == app.RunFailed }

// refresh has the page look again while the import goes on.
func (m importModel) refresh(p *view.Page) templ.Attributes {
	if !m.Running() {
		return nil
	}
	return view.Poll(p.Path, "import")
}

func (m importModel) run(p *view.Page) view.Run {
	run := view.Run{
		ID: "run", Title: m.File, Done: m.Done + m.Returned, Total: m.Total, Failed: m.Returned, State: view.Finished,
	}
	if m.Running() {
		run.State, run.Note = view.Running, p.T("progress.leave")
	}
	return run
}

func (m importModel) facts(p *view.Page) []view.Fact {
	number := func(key string, n int64) view.Fact {
		return view.Fact{Label: p.T("import_page." + key), Value: view.Words(p.Num(n), "")}
	}
	facts := []view.Fact{
		number("rows", int64(m.Report.Rows)), number("good", int64(m.Report.Good)),
		{Label: p.T("import_page.encoding"), Value: view.Words(m.Report.Encoding, "")},
	}
	if m.Failed() {
		return facts
	}
	return append(facts,
		number("customers_added", m.Counts.CustomersAdded), number("customers_changed", m.Counts.CustomersChanged),
		number("subscriptions_added", m.Counts.SubscriptionsAdded),
		number("subscriptions_changed", m.Counts.SubscriptionsChanged), number("refused", m.Counts.Refused),
	)
}

func (m importModel) problemTable(p *view.Page) view.Table {
	t := view.Table{ID: "problem", Caption: p.T("import_page.problems"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("import_page.problem")},
		{Kind: view.NumColumn, Label: p.T("import_page.line")},
		{Kind: view.TextColumn, Label: p.T("import_page.column")},
	}}
	for i, problem := range m.Problems {
		t.Rows = append(t.Rows, view.Row{ID: strconv.Itoa(m.From + i), Cells: []templ.Component{
			view.Words(problemText(p, problem), ""), view.Words(p.Num(int64(problem.Line)), ""), view.Words(problem.Column, ""),
		}})
	}
	return t
}

func (m importModel) problemPages(p *view.Page) view.Pages {
	path := p.At("/customers/import/runs/" + m.ID)
	from := func(n int) string { return path + "?from=" + strconv.Itoa(n) }
	g := view.Pages{
		Action: path, List: "problems",
		Range: p.T("migrations.range", "Shown", len(m.Problems), "Total", p.Num(int64(m.Report.ProblemCount)+m.Counts.Refused)),
	}
	if m.From > 0 {
		g.First, g.Previous = path, from(max(m.From-problemsShown, 0))
	}
	if m.From+problemsShown < m.All {
		g.Next = from(m.From + problemsShown)
	}
	return g
}

func (m importsModel) accountTable(p *view.Page) view.Table {
	t := view.Table{ID: "account", Caption: p.T("import_page.accounts"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("billing_page.name")},
		{Kind: view.TextColumn, Label: p.T("billing_page.currency")},
		{Kind: view.TextColumn, Label: p.T("billing_page.account_id")},
	}}
	for _, a := range m.Accounts {
		t.Rows = append(t.Rows, view.Row{ID: a.ID, Name: a.Name, Cells: []templ.Component{
			view.Words(a.Name, a.LegalEntity), view.Words(string(a.Currency), a.Group.Name()), view.CopyText(p, a.ID),
		}})
	}
	return t
}

func (m importsModel) pastTable(p *view.Page) view.Table {
	t := view.Table{ID: "past", Caption: p.T("import_page.past"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("import_page.file")},
		{Kind: view.NumColumn, Label: p.T("import_page.rows")},
		{Kind: view.TextColumn, Label: p.T("import_page.by")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, i := range m.Past {
		t.Rows = append(t.Rows, view.Row{ID: i.ID, Name: i.File, Cells: []templ.Component{
			view.NameLink(p.At("/customers/import/runs/"+i.ID), i.File, ""), view.Words(p.Num(int64(i.Report.Rows)), ""),
			view.Words(i.StartedBy, ""), view.When(p, i.StartedAt), importChip(p, i),
		}})
	}
	return t
}

func importChip(p *view.Page, i app.Import) templ.Component {
	switch i.State {
	case app.RunRunning, app.RunPaused:
		return view.Chip(p, view.Info, "sync", p.T("progress.running"))
	case app.RunFailed:
		return view.Chip(p, view.Bad, "", p.T("import_page.failed_short"))
	case app.RunDone:
		return view.Chip(p, view.OK, "", p.T("progress.finished"))
	}
	return view.Chip(p, view.Muted, "", string(i.State))
}

func columnTable(p *view.Page) view.Table {
	t := view.Table{ID: "column", Caption: p.T("import_page.columns"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("import_page.column")},
		{Kind: view.TextColumn, Label: p.T("import_page.holds")},
		{Kind: view.TextColumn, Label: p.T("import_page.needed")},
	}}
	for _, c := range customercsv.Columns() {
		needed := ""
		switch {
		case c.Required && c.OfSubscription:
			needed = p.T("import_page.needed_subscription")
		case c.Required:
			needed = p.T("form.required")
		}
		t.Rows = append(t.Rows, view.Row{ID: c.Name, Name: c.Name, Cells: []templ.Component{
			view.Words(c.Name, p.T("import_column."+c.Name)), view.Words(p.T("import_holds."+c.Name), ""), view.Words(needed, ""),
		}})
	}
	return t
}
