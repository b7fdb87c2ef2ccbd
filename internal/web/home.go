package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

func (s *Server) homeRoutes(mux *routes) {
	mux.Handle("GET /{$}", s.person(s.home))
	mux.Handle("GET /consoles", s.person(s.consoles))
	mux.Handle("GET /c/{account}", s.console(s.consoleHome))
	mux.Handle("GET /c/{account}/{$}", s.console(s.leadHome))
}

// home leads to the console that was open last, or the only one, or the list of them.
func (s *Server) home(w http.ResponseWriter, r *http.Request, v *Visit) error {
	last := s.sessions.GetString(r.Context(), sessionLast)
	for _, m := range v.Consoles {
		if string(m.Console.AccountID) == last || len(v.Consoles) == 1 {
			return s.to(w, r, viewConsole(m.Console).Href)
		}
	}
	if v.Actor.Operator && len(v.Consoles) == 0 {
		return s.to(w, r, operatorHomePath)
	}
	return s.to(w, r, "/consoles")
}

// leadHome leads to the home page of the console.
func (s *Server) leadHome(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.to(w, r, v.Page.At(""))
}

// consoles lists the consoles that the person may enter.
func (s *Server) consoles(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list := v.Consoles
	if v.Actor.Operator {
		all, err := s.app.Consoles(r.Context(), v.Actor)
		if err != nil {
			return err
		}
		list = withAll(list, all)
	}
	v.Page.Title = v.Page.T("console.all")
	return s.show(w, r, consolesPage(v.Page, list))
}

// withAll adds those consoles to the list in which the person has no role.
func withAll(list []app.Member, all []console.Console) []app.Member {
	member := map[string]bool{}
	for _, m := range list {
		member[m.ConsoleID] = true
	}
	for _, c := range all {
		if !member[c.ID] {
			list = append(list, app.Member{Console: c})
		}
	}
	return list
}

func consolesTable(p *view.Page, list []app.Member) view.Table {
	t := view.Table{ID: "console", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("shell.console")},
		{Kind: view.TextColumn, Label: p.T("console.account_id")},
		{Kind: view.TextColumn, Label: p.T("shell.role")},
	}}
	for _, m := range list {
		c := viewConsole(m.Console)
		t.Rows = append(t.Rows, view.Row{ID: c.AccountID, Name: c.Name, Cells: []templ.Component{
			view.NameLink(c.Href, c.Name, ""), view.Words(c.AccountID, ""), view.Words(placeOf(p, m.Membership), ""),
		}})
	}
	return t
}
