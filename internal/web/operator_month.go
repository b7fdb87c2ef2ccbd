package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) operatorMonthRoutes(mux *routes) {
	mux.Handle("GET /operator/months", s.operator(s.nextMonths))
	mux.Handle("GET /operator/consoles/{account}/months", s.operator(s.consoleMonths))
	mux.Handle("GET /operator/consoles/{account}/months/close", s.operator(s.closeQuestion))
	mux.Handle("POST /operator/consoles/{account}/months/close", s.operator(s.closeMonth))
	mux.Handle("GET /operator/consoles/{account}/months/{op}", s.operator(s.monthClose))
}

// nextMonthsModel is the list of the consoles with their next months: all of them, or those that wait.
type nextMonthsModel struct {
	listing

	Waiting bool
	Count   int // that wait
	Rows    []app.NextMonth
	Pages   view.Pages
}

func (s *Server) nextMonths(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := nextMonthsModel{listing: readListing(r, "tab"), Waiting: r.FormValue("tab") != "all"}
	waiting, err := s.app.MonthsToClose(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	m.Count = len(waiting)
	if m.Rows = waiting; !m.Waiting {
		list, err := s.app.NextMonths(r.Context(), v.Actor, m.Search, m.Page)
		if err != nil {
			return err
		}
		m.Rows = list.Rows
		m.Pages = pager(v.Page, m.listing, list, func(n app.NextMonth) app.Cursor { return consolePlace(n.Console) })
	}
	v.Page.Title = v.Page.T("nav.operator_months")
	return s.show(w, r, nextMonthsPage(v.Page, m))
}

func (m nextMonthsModel) tabs(p *view.Page) []view.Tab {
	return []view.Tab{
		{Href: "/operator/months", Label: p.T("close_page.waiting"), Count: p.Num(int64(m.Count)), Current: m.Waiting},
		{Href: "/operator/months?tab=all", Label: p.T("console.all"), Current: !m.Waiting},
	}
}

func (m nextMonthsModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "month", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("shell.console")},
		{Kind: view.TextColumn, Label: p.T("account_page.reseller"), Wide: true},
		{Kind: view.TextColumn, Label: p.T("close_page.month")},
		{Kind: view.TextColumn, Label: p.T("close_page.hinders")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, n := range m.Rows {
		month := p.T("close_page.no_month")
		if n.Standing() != app.CloseNothing {
			month = p.Month(n.Month)
		}
		t.Rows = append(t.Rows, view.Row{ID: string(n.Console.AccountID), Name: n.Console.Name, Cells: []templ.Component{
			view.NameLink(monthsPath(n.Console), n.Console.Name, ""), view.Words(n.Console.ResellerName, ""), view.Words(month, ""),
			view.Words(hinders(p, n.CloseChecks), ""), closeChip(p, n.Standing()),
		}})
	}
	return t
}

func monthsPath(c console.Console) string {
	return "/operator/consoles/" + string(c.AccountID) + "/months"
}

// hinders says in short what keeps a month from being closed.
func hinders(p *view.Page, c app.CloseChecks) string {
	var list []string
	if n := len(c.Moves); n > 0 {
		list = append(list, p.T("close_page.moves_short", "Count", n))
	}
	if n := len(c.Uncovered); n > 0 {
		list = append(list, p.T("close_page.uncovered_short", "Currencies", currencies(c)))
	}
	return strings.Join(list, " · ")
}

func currencies(c app.CloseChecks) string {
	names := make([]string, len(c.Uncovered))
	for i, currency := range c.Uncovered {
		names[i] = string(currency)
	}
	return strings.Join(names, ", ")
}

func closeChip(p *view.Page, s app.CloseStanding) templ.Component {
	tone, icon := view.Muted, ""
	switch s {
	case app.CloseReady:
		tone = view.OK
	case app.CloseHeld:
		tone = view.Bad
	case app.CloseRunning:
		tone, icon = view.Info, "sync"
	case app.CloseAhead:
		icon = "schedule"
	case app.CloseNothing:
	}
	return view.Chip(p, tone, icon, p.T("close_standing."+string(s)))
}

// consoleMonthsModel is the next month of a console with its checks, and the closes so far.
type consoleMonthsModel struct {
	app.CloseChecks

	Console console.Console
	Closes  []app.Closed
	Path    string
}

func (s *Server) consoleMonthsModel(r *http.Request, v *Visit) (m consoleMonthsModel, err error) {
	m = consoleMonthsModel{Console: v.Console, Path: monthsPath(v.Console)}
	if m.CloseChecks, err = s.app.CloseChecks(r.Context(), v.Actor); err != nil {
		return m, err
	}
	m.Closes, err = s.app.Closes(r.Context(), v.Actor)
	v.Page.Title = v.Page.T("close_page.title", "Console", v.Console.Name)
	return m, err
}

func (s *Server) consoleMonths(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.consoleMonthsModel(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, consoleMonthsPage(v.Page, m))
}

// checks are what hinders the close, each said to be in order or not, and then what comes with it.
func (m consoleMonthsModel) checks(p *view.Page) view.Table {
	t := view.Table{ID: "check", Caption: p.T("close_page.checks"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("close_page.check")},
		{Kind: view.TextColumn, Label: p.T("close_page.found")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	add := func(id string, good bool, found string) {
		chip := view.Chip(p, view.OK, "", p.T("close_page.good"))
		if !good {
			chip = view.Chip(p, view.Bad, "", p.T("close_page.hindrance"))
		}
		t.Rows = append(t.Rows, view.Row{ID: id, Name: p.T("close_page.check_" + id), Cells: []templ.Component{
			view.Words(p.T("close_page.check_"+id), ""), view.Words(found, ""), chip,
		}})
	}
	note := func(id string, n int64, found string) {
		if n == 0 {
			add(id, true, p.T("close_page.none"))
			return
		}
		t.Rows = append(t.Rows, view.Row{ID: id, Name: p.T("close_page.check_" + id), Cells: []templ.Component{
			view.Words(p.T("close_page.check_"+id), ""), view.Words(found, ""), view.Chip(p, view.Info, "", p.T("close_page.comes")),
		}})
	}
	add("over", m.Over, p.T("close_page.over_"+map[bool]string{true: "yes", false: "no"}[m.Over], "Date", m.Month.End(), "Zone", p.BillingZone))
	moves, uncovered := p.T("close_page.none"), p.T("close_page.covered")
	if len(m.Moves) > 0 {
		moves = strings.Join(m.Moves, ", ")
	}
	if len(m.Uncovered) > 0 {
		uncovered = p.T("close_page.uncovered", "Currencies", currencies(m.CloseChecks))
	}
	add("moves", len(m.Moves) == 0, moves)
	add("issuers", len(m.Uncovered) == 0, uncovered)
	note("renewals", m.Renewals, p.T("close_page.renewals", "Count", m.Renewals))
	note("prices", int64(m.Prices), p.T("close_page.prices", "Count", m.Prices))
	note("runs", m.Runs, p.T("close_page.runs", "Count", m.Runs))
	var sums []string
	var count int64
	for _, c := range m.Corrections {
		sums, count = append(sums, amount(p, c.Amount)), count+c.Count
	}
	note("corrections", count, p.T("close_page.corrections", "Count", count, "Sums", strings.Join(sums, ", ")))
	return t
}

func (m consoleMonthsModel) closeTable(p *view.Page) view.Table {
	t := view.Table{ID: "close", Caption: p.T("close_page.history"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("close_page.month")},
		{Kind: view.NumColumn, Label: p.T("close_page.invoices")},
		{Kind: view.TextColumn, Label: p.T("close_page.by")},
		{Kind: view.DateColumn, Label: p.T("close_page.began"), Wide: true},
		{Kind: view.DateColumn, Label: p.T("close_page.ended")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, c := range m.Closes {
		ended := view.Words("", "")
		if !c.EndedAt.IsZero() {
			ended = view.When(p, c.EndedAt)
		}
		t.Rows = append(t.Rows, view.Row{ID: c.ID, Name: p.Month(c.Month), Cells: []templ.Component{
			view.NameLink(m.Path+"/"+c.ID, p.Month(c.Month), ""), view.Words(p.Num(c.Issued), ""), view.Words(closedBy(p, c), ""),
			view.When(p, c.StartedAt), ended, closedChip(p, c.State),
		}})
	}
	return t
}

// closedBy names who began a close; nobody did what time brought.
func closedBy(p *view.Page, c app.Closed) string {
	if c.StartedBy == "" {
		return p.T("side.SYSTEM")
	}
	return c.StartedBy
}

func closedChip(p *view.Page, state app.OperationState) templ.Component {
	switch state {
	case app.RunDone:
		return view.Chip(p, view.OK, "", p.T("close_page.closed"))
	case app.RunFailed:
		return view.Chip(p, view.Bad, "", p.T("close_page.failed"))
	case app.RunRunning, app.RunPaused:
	}
	return view.Chip(p, view.Info, "sync", p.T("close_standing.RUNNING"))
}

// closeQuestion asks before a month is closed: what is issued stays issued.
func (s *Server) closeQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.consoleMonthsModel(r, v)
	if err != nil {
		return err
	}
	if m.Standing() != app.CloseReady {
		return s.to(w, r, m.Path)
	}
	return s.show(w, r, closeQuestionPage(v.Page, m))
}

func (s *Server) closeMonth(w http.ResponseWriter, r *http.Request, v *Visit) error {
	month, err := readMonth(r.PostFormValue("month"))
	if err != nil {
		return err
	}
	op, err := s.app.CloseMonth(r.Context(), v.Actor, month)
	if err != nil {
		return err
	}
	return s.to(w, r, monthsPath(v.Console)+"/"+op.ID)
}

// closeModel is the page of a close.
type closeModel struct {
	app.CloseResult

	Console console.Console
	Back    string
}

func (s *Server) monthClose(w http.ResponseWriter, r *http.Request, v *Visit) (err error) {
	m := closeModel{Console: v.Console, Back: monthsPath(v.Console)}
	if m.CloseResult, err = s.app.CloseResult(r.Context(), v.Actor, r.PathValue("op")); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("close_page.of_month", "Month", v.Page.Month(m.Month), "Console", v.Console.Name)
	return s.show(w, r, closePage(v.Page, m))
}

func (m closeModel) progress(p *view.Page) view.Run {
	state, note := view.Running, p.T("close_page.goes_on")
	if m.State != app.RunRunning {
		state, note = view.Finished, ""
	}
	return view.Run{
		ID: "close", Title: p.Month(m.Month), Done: m.Done, Total: max(m.Total, m.Done), State: state, Note: note, Poll: p.Path,
		Says: p.T("close_page.says", "Done", m.Done, "Total", max(m.Total, m.Done), "Issued", m.Issued),
	}
}

func (m closeModel) failure(p *view.Page) string {
	return p.Fault(fault.New(fault.Invalid, m.Failure, nil))
}

func (m closeModel) poll(p *view.Page) templ.Attributes {
	if m.State != app.RunRunning {
		return nil
	}
	return view.Poll(p.Path, "close-results")
}

func (m closeModel) sumTable(p *view.Page) view.Table {
	t := view.Table{ID: "sum", Caption: p.T("close_page.sums"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("invoices.issuer")},
		{Kind: view.TextColumn, Label: p.T("invoices.currency")},
		{Kind: view.NumColumn, Label: p.T("close_page.invoices")},
		{Kind: view.NumColumn, Label: p.T("invoices.net")},
		{Kind: view.NumColumn, Label: p.T("invoices.gross")},
		{Kind: view.NumColumn, Label: p.T("invoices.due")},
	}}
	for _, s := range m.Sums {
		t.Rows = append(t.Rows, view.Row{ID: s.Issuer + string(s.Net.Currency), Name: s.Issuer, Cells: []templ.Component{
			view.Words(s.Issuer, ""), view.Words(string(s.Net.Currency), ""), view.Words(p.Num(int64(s.Invoices)), ""),
			view.Words(amount(p, s.Net), ""), view.Words(amount(p, s.Gross), ""), view.Words(amount(p, s.Due), ""),
		}})
	}
	return t
}

func (m closeModel) invoiceTable(p *view.Page) view.Table {
	t := view.Table{ID: "invoice", Caption: p.T("nav.invoices"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("invoices.number")},
		{Kind: view.TextColumn, Label: p.T("invoices.account")},
		{Kind: view.NumColumn, Label: p.T("invoices.lines")},
		{Kind: view.NumColumn, Label: p.T("invoices.net")},
		{Kind: view.NumColumn, Label: p.T("invoices.due")},
	}}
	for _, i := range m.Invoices {
		t.Rows = append(t.Rows, view.Row{ID: i.ID, Name: i.Number, Cells: []templ.Component{
			view.NameLink(invoicePath(p, i.AccountID, i.Month), i.Number, i.Issuer), view.Words(i.Account, i.LegalEntity),
			view.Words(p.Num(i.Lines), ""), view.Words(amount(p, i.Net), ""), view.Words(amount(p, i.Due), ""),
		}})
	}
	return t
}
