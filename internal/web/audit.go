package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/web/view"
)

func (s *Server) auditRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/audit", s.console(s.audit))
}

// audit shows what happened in the console, the newest first.
func (s *Server) audit(w http.ResponseWriter, r *http.Request, v *Visit) error {
	before := r.FormValue("before")
	list, more, err := s.app.AuditTrail(r.Context(), v.Actor, before, app.PageSize)
	if err != nil {
		return err
	}
	p := v.Page
	p.Title = p.T("nav.audit")
	path := p.At("/audit")
	pages := view.Pages{Action: path, List: "list", Range: p.T("shell.rows", "Count", len(list))}
	if before != "" {
		pages.First = path
	}
	if more {
		pages.Next = path + "?" + url.Values{"before": {list[len(list)-1].ID}}.Encode()
	}
	return s.show(w, r, auditPage(p, list, pages))
}

func auditTable(p *view.Page, list []app.Event) view.Table {
	t := view.Table{ID: "event", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("audit_page.what")},
		{Kind: view.TextColumn, Label: p.T("audit_page.who")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
	}}
	for _, e := range list {
		t.Rows = append(t.Rows, view.Row{ID: e.ID, Name: tellEvent(p, e), Cells: []templ.Component{
			view.Words(tellEvent(p, e), ""), view.Words(who(p, e), ""), view.When(p, e.At),
		}})
	}
	return t
}
