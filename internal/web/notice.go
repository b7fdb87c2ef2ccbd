package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/web/view"
)

func (s *Server) noticeRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/notices", s.console(s.notices))
	mux.Handle("POST /c/{account}/notices/read", s.console(s.readNotices))
}

// notices shows what happened that the person should know.
func (s *Server) notices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Notices(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.notices")
	return s.show(w, r, noticesPage(v.Page, list))
}

// readNotices marks what the page showed as read; what came since stays unread.
func (s *Server) readNotices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.ReadNotices(r.Context(), v.Actor, r.PostFormValue("until")); err != nil {
		return err
	}
	return s.to(w, r, v.Page.At("/notices"))
}

func noticesTable(p *view.Page, list []app.Notice) view.Table {
	t := view.Table{ID: "notice", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("notices.what")},
		{Kind: view.StatusColumn, Label: p.T("notices.state")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
	}}
	for _, n := range list {
		t.Rows = append(t.Rows, view.Row{ID: n.ID, Name: tellNotice(p, n), Cells: []templ.Component{
			noticeText(p, n), noticeState(p, n), view.When(p, n.At),
		}})
	}
	return t
}
