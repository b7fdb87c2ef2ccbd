package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/web/view"
)

// consoleHome shows what needs the person in the console now, and what goes on and comes up.
func (s *Server) consoleHome(w http.ResponseWriter, r *http.Request, v *Visit) error {
	h, err := s.app.Home(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.home")
	return s.show(w, r, consoleHomePage(v, h))
}

// homeLines are how the lines look: their icon, and which list or page clears them.
var homeLines = map[app.HomeKind]struct {
	icon string
	look view.Look
	href func(p *view.Page, l app.HomeLine) string
}{
	app.HomeInvite:     {"mail", view.Filled, toConnection},
	app.HomeReturned:   {"warning", view.Outline, toList(app.TabStarted)},
	app.HomeComplete:   {"inbox", view.Outline, toList(app.TabStarted)},
	app.HomePaused:     {"pause", view.Outline, func(p *view.Page, l app.HomeLine) string { return runPath(p, l.Connection.ID, l.RunID) }},
	app.HomeReady:      {"task_alt", view.Outline, toList(app.TabReady)},
	app.HomeNotReady:   {"error", view.Outline, toList(app.TabNotReady)},
	app.HomeAgreement:  {"gavel", view.Outline, to("/agreements")},
	app.HomeCase:       {"support_agent", view.Outline, to("/cases?tab=" + string(app.CasesPartner))},
	app.HomeInviteSent: {"schedule", view.Outline, toConnection},
	app.HomeWaiting:    {"schedule", view.Outline, toConnection},
	app.HomeInvoices:   {"receipt_long", view.Outline, to("/billing")},
	app.HomeRenewals:   {"event_repeat", view.Outline, to("/customers?renews=30&sort=renewal")},
}

func to(path string) func(*view.Page, app.HomeLine) string {
	return func(p *view.Page, _ app.HomeLine) string { return p.At(path) }
}

func toConnection(p *view.Page, l app.HomeLine) string {
	return p.At("/unification/" + l.Connection.ID)
}

func toList(tab app.MigrationTab) func(*view.Page, app.HomeLine) string {
	return func(p *view.Page, l app.HomeLine) string { return listPath(p, l.Connection.ID, tab) }
}

// homeText says what a line is about; beside it stands how many.
func homeText(p *view.Page, l app.HomeLine) string {
	if l.Count == 0 {
		return p.T("home.line." + string(l.Kind))
	}
	return p.T("home.line."+string(l.Kind), "Count", l.Count)
}

// homeOther names the other console of a line's connection: the way it goes is seen from here.
func homeOther(p *view.Page, c app.ConnectionView) string {
	name := c.Name
	if name == "" {
		name = string(c.AccountID)
	}
	if c.Side == connection.Main {
		return p.T("home.from", "Console", name)
	}
	return p.T("home.to", "Console", name)
}

// homePoll asks for the runs again while one of them goes on.
func homePoll(p *view.Page, runs []app.HomeRun) templ.Attributes {
	if len(runs) == 0 {
		return nil
	}
	return view.Poll(p.Path, "runs")
}

// homeProgress is the progress of a run without asking for itself: the list of runs does.
func homeProgress(p *view.Page, run app.HomeRun) view.Run {
	progress := runProgress(p, run.Connection.ID, run.Operation)
	progress.Poll, progress.Note = "", homeOther(p, run.Connection)
	return progress
}

// homeCharts are the console's last twelve months: its licences and, for those who may see money, what each currency's invoices
// came to.
func homeCharts(p *view.Page, h app.Home) (charts []view.Columns) {
	licences := view.Columns{ID: "licences", Title: p.T("home.licences"), None: p.T("home.licences_none")}
	for _, c := range h.Licences {
		licences.Columns = append(licences.Columns, view.Bar{Label: p.Month(c.On.Month()), Text: p.Num(c.Licences), Value: c.Licences})
		licences.Short = append(licences.Short, p.ShortMonth(c.On.Month()))
		licences.Note = p.T("home.licences_on", "Date", p.Date(c.On))
	}
	charts = append(charts, licences)
	for _, s := range h.Billed {
		if last := &charts[len(charts)-1]; last.ID != "billed-"+string(s.Net.Currency) {
			charts = append(charts, view.Columns{ID: "billed-" + string(s.Net.Currency), Title: p.T("home.billed", "Currency", s.Net.Currency)})
		}
		c := &charts[len(charts)-1]
		c.Columns = append(c.Columns, view.Bar{Label: p.Month(s.Month), Text: amount(p, s.Net), Value: s.Net.Minor})
		c.Short = append(c.Short, p.ShortMonth(s.Month))
		c.Note = p.T("home.billed_of", "Month", p.Month(s.Month))
	}
	return charts
}
