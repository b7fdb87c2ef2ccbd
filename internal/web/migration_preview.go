package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/fault"
)

// previewModel is the page of what a move would change on both consoles' invoices.
type previewModel struct {
	app.Preview
	refusal

	Scope app.Scope
	Date  string // as it was typed
	Today civil.Date
	Side  connection.Side
	Self  string // the console's own name
	Other string // the other's
}

// Known reports whether there are figures: the date could be read and lies in the range.
func (m previewModel) Known() bool { return m.Preview.Date != 0 }

// previewListed is how many subscriptions a preview lists one by one.
const previewListed = 200

func (s *Server) previewMigration(w http.ResponseWriter, r *http.Request, v *Visit) error {
	scope, err := readScope(r)
	if err != nil {
		return err
	}
	con := r.PathValue("con")
	c, err := s.app.Connection(r.Context(), v.Actor, con)
	if err != nil {
		return err
	}
	m := previewModel{
		Scope: scope, Today: s.today(), Date: r.FormValue("date"), Side: c.Side, Self: v.Console.Name,
		Other: s.link(v, c).OtherName(),
	}
	m.Connection = c.Connection
	if m.Date == "" {
		m.Date = m.Today.String()
	}
	v.Page.Title = v.Page.T("preview.title")
	if m.Preview, err = s.effect(r, v, con, scope, m.Date); err != nil {
		m.Connection = c.Connection
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return previewPage(v.Page, m)
		})
	}
	return s.show(w, r, previewPage(v.Page, m))
}

func (s *Server) effect(r *http.Request, v *Visit, con string, scope app.Scope, date string) (app.Preview, error) {
	d, err := civil.Parse(date)
	if err != nil {
		return app.Preview{}, fault.InvalidField("date", "preview.no_date", nil)
	}
	p, err := s.app.PreviewMigration(r.Context(), v.Actor, con, scope, d, previewListed)
	if err == nil && p.Customers == 0 {
		err = fault.New(fault.Conflict, "preview.nobody", nil)
	}
	return p, err
}

// today is the billing date of now.
func (s *Server) today() civil.Date { return civil.DateOf(s.app.Clock.Now(), s.app.Config.BillingZone) }

// previewChoices keeps what was chosen on the page of choices, so that the way back leads to it, and shows the preview.
func (s *Server) previewChoices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	f, err := readComplete(r)
	if err != nil {
		return err
	}
	con := r.PathValue("con")
	if err := s.keepDraft(r, v, con, f); err != nil {
		return err
	}
	return s.to(w, r, scopePath(v.Page, con, "preview", f.scope))
}
