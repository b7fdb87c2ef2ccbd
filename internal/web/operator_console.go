package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

func (s *Server) operatorConsoleRoutes(mux *routes) {
	mux.Handle("GET /operator/consoles", s.operator(s.operatorConsoles))
	mux.Handle("GET /operator/consoles/new", s.operator(s.newConsole))
	mux.Handle("POST /operator/consoles/new", s.operator(s.createConsole))
	mux.Handle("GET /operator/consoles/{account}/entities/new", s.operator(s.newEntity))
	mux.Handle("POST /operator/consoles/{account}/entities/new", s.operator(s.createEntity))
	for _, action := range []consoleAction{suspendConsole, reactivateConsole} {
		mux.Handle("GET /operator/consoles/{account}/"+string(action), s.operator(s.consoleQuestion(action)))
		mux.Handle("POST /operator/consoles/{account}/"+string(action), s.operator(s.setConsoleState(action)))
	}
}

// operatorConsoles lists all consoles.
func (s *Server) operatorConsoles(w http.ResponseWriter, r *http.Request, v *Visit) error {
	l := readListing(r)
	list, err := s.app.ConsoleList(r.Context(), v.Actor, l.Search, l.Page)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.operator_consoles")
	return s.show(w, r, operatorConsolesPage(v.Page, l, list))
}

func operatorConsolesTable(p *view.Page, list []app.ConsoleLine) view.Table {
	t := view.Table{ID: "console", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("shell.console")},
		{Kind: view.TextColumn, Label: p.T("account_page.reseller")},
		{Kind: view.TextColumn, Label: p.T("console.account_id")},
		{Kind: view.DateColumn, Label: p.T("operator_page.created"), Wide: true},
		{Kind: view.NumColumn, Label: p.T("operator_page.waits")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, c := range list {
		id := string(c.AccountID)
		t.Rows = append(t.Rows, view.Row{ID: id, Name: c.Name, Cells: []templ.Component{
			view.NameLink("/operator/consoles/"+id, c.Name, ""), view.Words(c.ResellerName, ""), view.CopyText(p, id),
			view.When(p, c.CreatedAt), waits(p, c), consoleChip(p, c.State),
		}})
	}
	return t
}

// waits is how much waits for the vendor in a console, if anything does.
func waits(p *view.Page, c app.ConsoleLine) templ.Component {
	if c.Waiting == 0 {
		return view.Words(p.T("report.no_day"), "")
	}
	return view.NameLink("/operator/consoles/"+string(c.AccountID), p.AtMost(int64(c.Waiting), app.CountLimit-1), "")
}

func consolePlace(c console.Console) app.Cursor { return app.Cursor{SortName: c.Name, ID: c.ID} }

func consoleChip(p *view.Page, state console.State) templ.Component {
	if state == console.Suspended {
		return view.Chip(p, view.Warn, "pause", p.T("console_state."+string(state)))
	}
	return view.Chip(p, view.OK, "", p.T("console_state."+string(state)))
}

// operatorForm is a form of the operator's area.
type operatorForm struct {
	refusal

	Lead, Path         string
	Back, BackTo, Does string
	Fields             []view.Input
}

// newConsoleForm is the form of a new console, with what was typed.
func newConsoleForm(r *http.Request, p *view.Page, bad refusal) operatorForm {
	p.Title = p.T("operator_page.new")
	attrs := templ.Attributes{"maxlength": 100, "autocomplete": "off"}
	return operatorForm{
		refusal: bad, Lead: p.T("operator_page.new_lead"), Path: "/operator/consoles/new",
		Back: "/operator/consoles", BackTo: p.T("nav.operator_consoles"), Does: p.T("operator_page.create"),
		Fields: []view.Input{
			{
				Name: "reseller", Label: p.T("account_page.reseller"), Hint: p.T("operator_page.reseller_hint"), Required: true,
				Value: r.FormValue("reseller"), Error: bad.Of("reseller"), Attrs: attrs,
			},
			{
				Name: "name", Label: p.T("operator_page.name"), Hint: p.T("operator_page.name_hint"), Required: true,
				Value: r.FormValue("name"), Error: bad.Of("name"), Attrs: attrs,
			},
		},
	}
}

func (s *Server) newConsole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.show(w, r, operatorFormPage(v.Page, newConsoleForm(r, v.Page, refusal{})))
}

func (s *Server) createConsole(w http.ResponseWriter, r *http.Request, v *Visit) error {
	c, err := s.app.CreateConsole(r.Context(), v.Actor, r.PostFormValue("reseller"), r.PostFormValue("name"))
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			return operatorFormPage(v.Page, newConsoleForm(r, v.Page, bad))
		})
	}
	return s.done(w, r, "/operator/consoles/"+string(c.AccountID), v.Page.T("operator_page.new_done", "Console", c.Name))
}

// newEntityForm is the form of a new company of the console's reseller.
func newEntityForm(r *http.Request, v *Visit, bad refusal) operatorForm {
	p := v.Page
	p.Title = p.T("operator_page.entity_new")
	return operatorForm{
		refusal: bad, Lead: p.T("operator_page.entity_lead", "Reseller", v.Console.ResellerName), Path: operatorPath(v) + "/entities/new",
		Back: operatorPath(v), BackTo: v.Console.Name, Does: p.T("operator_page.entity_add"),
		Fields: []view.Input{
			{
				Name: "name", Label: p.T("operator_page.entity_name"), Required: true, Value: r.FormValue("name"), Error: bad.Of("name"),
				Attrs: templ.Attributes{"maxlength": 100, "autocomplete": "off"},
			},
			{
				Name: "country", Label: p.T("operator_page.country"), Hint: p.T("operator_page.country_hint"), Required: true,
				Value: r.FormValue("country"), Error: bad.Of("country"), Attrs: templ.Attributes{"maxlength": 2, "autocomplete": "off"},
			},
		},
	}
}

func (s *Server) newEntity(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.show(w, r, operatorFormPage(v.Page, newEntityForm(r, v, refusal{})))
}

func (s *Server) createEntity(w http.ResponseWriter, r *http.Request, v *Visit) error {
	e, err := s.app.CreateLegalEntity(r.Context(), v.Actor, r.PostFormValue("name"), r.PostFormValue("country"))
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			return operatorFormPage(v.Page, newEntityForm(r, v, bad))
		})
	}
	return s.done(w, r, operatorPath(v), v.Page.T("operator_page.entity_done", "LegalEntity", e.Name))
}

// consoleAction is what the operator does to a console, as it stands in the address.
type consoleAction string

const (
	suspendConsole    consoleAction = "suspend"
	reactivateConsole consoleAction = "reactivate"
)

// consoleQuestionModel asks why, before the state of a console changes.
type consoleQuestionModel struct {
	refusal

	Console console.Console
	Action  consoleAction
	Reason  string
	Path    string
}

func (m consoleQuestionModel) key() string { return "operator_page.console_" + string(m.Action) }

func (m consoleQuestionModel) submit(p *view.Page) view.Button {
	if m.Action == suspendConsole {
		return view.Button{Text: p.T(m.key()), Icon: "pause", Look: view.Danger}
	}
	return view.Button{Text: p.T(m.key()), Icon: "play_arrow", Look: view.Filled}
}

func (m consoleQuestionModel) field(p *view.Page) view.Input {
	return view.Input{
		Name: "reason", Type: view.AreaField, Label: p.T("operator_page.reason"), Hint: p.T("operator_page.reason_hint"), Value: m.Reason,
		Error: m.Of("reason"), Required: true, Attrs: templ.Attributes{"maxlength": 500},
	}
}

func (s *Server) consoleQuestion(action consoleAction) handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		m := consoleQuestionModel{Console: v.Console, Action: action, Path: operatorPath(v)}
		v.Page.Title = v.Page.T(m.key())
		return s.show(w, r, consoleQuestionPage(v.Page, m))
	}
}

func (s *Server) setConsoleState(action consoleAction) handler {
	do := map[consoleAction]func(context.Context, console.Actor, string) error{
		suspendConsole: s.app.SuspendConsole, reactivateConsole: s.app.ReactivateConsole,
	}[action]
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		m := consoleQuestionModel{
			Console: v.Console, Action: action, Path: operatorPath(v), Reason: strings.TrimSpace(r.PostFormValue("reason")),
		}
		if err := do(r.Context(), v.Actor, m.Reason); err != nil {
			return s.again(w, r, v, err, func(bad refusal) templ.Component {
				m.refusal = bad
				v.Page.Title = v.Page.T(m.key())
				return consoleQuestionPage(v.Page, m)
			})
		}
		return s.done(w, r, m.Path, v.Page.T(m.key()+"_done", "Console", v.Console.Name))
	}
}

// stateButton is the button to the question that the console's state allows.
func (m operatorModel) stateButton(p *view.Page) view.Button {
	action := suspendConsole
	if m.Console.State == console.Suspended {
		action = reactivateConsole
	}
	b := ask(p, "operator_page.console_"+string(action), m.Path+"/"+string(action), m.Console.Name)
	b.Icon = map[consoleAction]string{suspendConsole: "pause", reactivateConsole: "play_arrow"}[action]
	return b
}

// facts say which console it is and how it stands.
func (m operatorModel) facts(p *view.Page) []view.Fact {
	facts := []view.Fact{
		{Label: p.T("account_page.account_id"), Value: view.CopyText(p, string(m.Console.AccountID))},
		{Label: p.T("account_page.reseller"), Value: view.Words(m.Console.ResellerName, "")},
		{Label: p.T("operator_page.created"), Value: view.When(p, m.Console.CreatedAt)},
		{Label: p.T("customers.status"), Value: consoleChip(p, m.Console.State)},
	}
	if m.Suspended.ID == "" {
		return facts
	}
	return append(
		facts,
		view.Fact{Label: p.T("operator_page.suspended_since"), Value: view.When(p, m.Suspended.At)},
		view.Fact{Label: p.T("operator_page.suspended_by"), Value: view.Words(m.Suspended.PersonName, "")},
		view.Fact{Label: p.T("operator_page.reason"), Value: view.Words(m.Suspended.Data["Reason"], "")},
	)
}
