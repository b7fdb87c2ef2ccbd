package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/reportcsv"
	"psc/internal/web/view"
)

// reportModel is the reconciliation report of a run.
type reportModel struct {
	app.Report

	Zone string // of billing dates
	Con  string // the connection
	Size int    // customers on a page
}

// reportPageSize is how many customers of a run a page of its report shows.
const reportPageSize = 50

func (s *Server) migrationReport(w http.ResponseWriter, r *http.Request, v *Visit) error {
	after, err := strconv.ParseInt(r.FormValue("after"), 10, 64)
	if err != nil {
		after = 0
	}
	m := reportModel{Zone: v.Page.BillingZone, Con: r.PathValue("con"), Size: reportPageSize}
	if m.Report, err = s.app.MigrationReport(r.Context(), v.Actor, m.Con, r.PathValue("op"), after, m.Size); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("report.title")
	return s.show(w, r, reportPage(v.Page, m))
}

// sendReport sends a report as a file.
func (s *Server) sendReport(w http.ResponseWriter, r *http.Request, v *Visit) error {
	report, rows, err := s.app.AllReported(r.Context(), v.Actor, r.PathValue("con"), r.PathValue("op"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="report-`+report.ID+`.csv"`)
	if err := reportcsv.Write(w, report, rows, r.FormValue("bom") == "1"); err != nil { // it has begun and cannot become a page any more
		s.log.WarnContext(r.Context(), "report broke off", "number", number(r), "error", err)
	}
	return nil
}

// runsModel is the list of a connection's runs.
type runsModel struct {
	Con  string
	List []app.Run
	May  bool // see reports
}

func (s *Server) runs(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := runsModel{Con: r.PathValue("con"), May: mayReport(v)}
	var err error
	if m.List, err = s.app.MigrationRuns(r.Context(), v.Actor, m.Con); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("report.runs")
	return s.show(w, r, runsPage(v.Page, m))
}

func mayReport(v *Visit) bool { return v.May(console.AddCustomers) || v.May(console.TransferCustomers) }

func reportPath(p *view.Page, con, op string) string { return runPath(p, con, op) + "/report" }

func donePath(p *view.Page, con string) string {
	return p.At("/migrations?" + url.Values{"connection": {con}, "tab": {string(app.TabDone)}}.Encode())
}

func (m runsModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "run", Caption: p.T("report.runs"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("run.started_at")},
		{Kind: view.DateColumn, Label: p.T("run.billing_date")},
		{Kind: view.NumColumn, Label: p.T("unification.moved")},
		{Kind: view.NumColumn, Label: p.T("migration_state.returned_short")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, op := range m.List {
		act := templ.Component(templ.NopComponent)
		if m.May {
			act = actionButtons(p, []view.Button{{
				Text: p.T("report.title"), Icon: "task_alt", For: p.When(op.StartedAt), Href: reportPath(p, m.Con, op.ID),
			}})
		}
		t.Rows = append(t.Rows, view.Row{ID: op.ID, Name: op.ID, Cells: []templ.Component{
			view.NameLink(runPath(p, m.Con, op.ID), p.When(op.StartedAt), cmp.Or(undoRunNote(p, op), op.ID)), view.Words(billingDates(p, op.Operation), ""),
			view.Words(p.Num(op.Done), ""), view.Words(p.Num(op.Returned), ""), runChip(p, op.Operation), act,
		}})
	}
	return t
}

// undoRunNote marks a run that undoes a migration.
func undoRunNote(p *view.Page, run app.Run) string {
	if run.Undo {
		return p.T("undo_page.is_undo")
	}
	return ""
}

func runChip(p *view.Page, op app.Operation) templ.Component {
	tone := map[app.OperationState]view.Tone{app.RunRunning: view.Info, app.RunPaused: view.Warn, app.RunDone: view.OK, app.RunFailed: view.Bad}[op.State]
	return view.Chip(p, tone, "", p.T("progress."+string(runState(op))))
}

// undo ends the keys of what is said of an undo in other words.
func (m reportModel) undo() string {
	if m.Undo {
		return "_undo"
	}
	return ""
}

func (m reportModel) facts(p *view.Page) []view.Fact {
	facts := []view.Fact{
		{Label: p.T("report.from" + m.undo()), Value: view.Words(m.Source.Name, string(m.Source.AccountID))},
		{Label: p.T("report.to" + m.undo()), Value: view.Words(m.Main.Name, string(m.Main.AccountID))},
		{Label: p.T("run.billing_date"), Value: view.Words(billingDates(p, m.Operation), p.T("zone.billing", "Zone", m.Zone))},
	}
	if !m.EndedAt.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("run.ended_at"), Value: view.When(p, m.EndedAt)})
	}
	return append(facts, view.Fact{Label: p.T("run.number"), Value: view.CopyText(p, m.ID)})
}

// problems are sentences about what does not fit as a whole.
func (m reportModel) problems(p *view.Page) (list []string) {
	if m.Customers != m.Done {
		list = append(list, p.T("report.count_differs", "Run", m.Done, "Found", m.Customers))
	}
	for _, t := range m.Totals {
		if !t.Agrees() {
			list = append(list, p.T("report.sum_differs", "Credit", amount(p, t.Credit), "Charge", amount(p, t.Charge)))
		}
	}
	if m.Misfits > 0 {
		list = append(list, p.T("report.misfits", "Count", m.Misfits))
	}
	return list
}

func (m reportModel) totalsTable(p *view.Page) view.Table {
	t := view.Table{ID: "total", Caption: p.T("report.totals"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("billing_page.currency")},
		{Kind: view.NumColumn, Label: p.T("report.subscriptions")},
		{Kind: view.NumColumn, Label: p.T("report.lots")},
		{Kind: view.NumColumn, Label: p.T("report.credit")},
		{Kind: view.NumColumn, Label: p.T("report.charge")},
		{Kind: view.StatusColumn, Label: p.T("report.difference")},
	}}
	for _, x := range m.Totals {
		chip := view.Chip(p, view.OK, "", p.T("report.no_difference"))
		if !x.Agrees() {
			rest := money.Amount{Minor: x.Credit.Minor + x.Charge.Minor, Currency: x.Currency}
			chip = view.Chip(p, view.Bad, "", amount(p, rest))
		}
		t.Rows = append(t.Rows, view.Row{ID: string(x.Currency), Name: string(x.Currency), Cells: []templ.Component{
			view.Words(string(x.Currency), ""), view.Words(p.Num(x.Subscriptions), ""), view.Words(p.Num(x.Lots), ""),
			view.Words(amount(p, x.Credit), ""), view.Words(amount(p, x.Charge), ""), chip,
		}})
	}
	return t
}

// rowTable lists subscriptions one by one.
func (m reportModel) rowTable(p *view.Page, id, caption string, rows []app.ReportRow) view.Table {
	t := view.Table{ID: id, Caption: caption, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("migrations.customer")},
		{Kind: view.TextColumn, Label: p.T("preview.subscription")},
		{Kind: view.TextColumn, Label: p.T("report.accounts"), Wide: true},
		{Kind: view.DateColumn, Label: p.T("report.source_last")},
		{Kind: view.DateColumn, Label: p.T("report.main_first")},
		{Kind: view.NumColumn, Label: p.T("report.days")},
		{Kind: view.NumColumn, Label: p.T("report.credit")},
		{Kind: view.NumColumn, Label: p.T("report.charge")},
		{Kind: view.StatusColumn, Label: p.T("report.fits_column")},
	}}
	for _, row := range rows {
		t.Rows = append(t.Rows, view.Row{ID: row.MigrationID + "-" + row.SubscriptionID, Name: row.CustomerName, Cells: m.cells(p, row)})
	}
	return t
}

func (m reportModel) cells(p *view.Page, row app.ReportRow) []templ.Component {
	name := view.Words(row.CustomerName, row.Domain)
	if row.State == migration.Completed {
		name = view.NameLink(customerPath(p, row.CustomerID), row.CustomerName, row.Domain)
	}
	none := templ.NopComponent
	if !row.Moved() {
		return []templ.Component{name, view.Words(row.SKUName, ""), none, none, none, none, none, none, view.Chip(p, view.Muted, "", p.T("report.not_moved."+notMoved(row)))}
	}
	last := p.T("report.no_day")
	if d, ok := row.SourceLast(); ok {
		last = p.Date(d)
	}
	chip := view.Chip(p, view.OK, "", p.T("report.fits"))
	if row.Misfit != "" {
		chip = view.Chip(p, view.Bad, "", p.T("report.misfit."+string(row.Misfit)))
	}
	if row.Undone.MigrationID != "" {
		chip = m.undoneChip(p, row)
	}
	days, note := m.days(p, row)
	credit, charge := lotAmounts(p, row)
	first := templ.Component(templ.NopComponent)
	if row.First != 0 {
		first = view.Words(p.Date(row.First), "")
	}
	return []templ.Component{
		name, view.Words(row.SKUName, p.T("plan."+string(row.Plan))), m.accounts(p, row), view.Words(last, ""), first,
		view.Words(days, note), view.Words(credit, ""), view.Words(charge, ""), chip,
	}
}

// undoneChip says when what moved was undone, and leads to the report of that.
func (m reportModel) undoneChip(p *view.Page, row app.ReportRow) templ.Component {
	text := p.T("report.undone_on", "Date", row.Undone.On)
	if row.Undone.RunID == "" {
		return view.Chip(p, view.Muted, "", text)
	}
	return view.NameLink(reportPath(p, m.Con, row.Undone.RunID), p.T("undo_page.undone"), p.Date(row.Undone.On))
}

func notMoved(row app.ReportRow) string {
	switch {
	case row.State == migration.Cancelled:
		return "CANCELLED"
	case row.Ended:
		return "ENDED"
	default:
		return "NOTHING"
	}
}

// accounts names the console's own account, and both legal entities where they differ (spec M4).
func (m reportModel) accounts(p *view.Page, row app.ReportRow) templ.Component {
	entities := row.ToEntity
	if row.FromEntity != row.ToEntity {
		entities = p.T("report.entities", "From", row.FromEntity, "To", row.ToEntity)
	}
	own := row.FromAccountID
	if m.Side == connection.Main {
		own = row.ToAccountID
	}
	return view.Words(entities, own)
}

// days says which days went over: of a monthly plan those of the month, of prepaid lots what is left of them.
func (m reportModel) days(p *view.Page, row app.ReportRow) (text, note string) {
	if len(row.Lots) == 0 {
		return p.T("report.days_of_month", "Source", row.SourceDays(), "Main", row.MainDays()),
			p.T("report.of_month", "Days", row.Date.Month().Period().Days())
	}
	var texts []string
	for _, l := range row.Lots {
		texts = append(texts, p.T("invoices.days_of", "Days", min(int64(l.Period.To-row.Date), l.Period.Days()), "Per", l.Period.Days()))
	}
	return strings.Join(texts, ", "), p.T("report.left")
}

// lotAmounts are what was credited and charged for the lots of a subscription; nothing for one on a monthly plan.
func lotAmounts(p *view.Page, row app.ReportRow) (credit, charge string) {
	none := p.T("report.no_day")
	if len(row.Lots) == 0 {
		return none, none
	}
	c, h := money.Amount{Currency: row.Currency}, money.Amount{Currency: row.Currency}
	for _, l := range row.Lots {
		c.Minor += l.Credit.Minor // of lots whose values the schema bounds
		h.Minor += l.Charge.Minor
	}
	return amount(p, c), amount(p, h)
}

func (m reportModel) pages(p *view.Page) view.Pages {
	path := reportPath(p, m.Con, m.ID)
	at := func(after int64) string {
		if after < 0 {
			return ""
		}
		return path + "?after=" + strconv.FormatInt(after, 10)
	}
	g := view.Pages{Action: path, List: "rows", Size: m.Size, Range: p.T("report.rows_of", "Count", len(m.Rows), "All", p.Num(m.Subscriptions))}
	if m.Previous >= 0 {
		g.First, g.Previous = path, at(m.Previous)
	}
	g.Next = at(m.Next)
	return g
}
