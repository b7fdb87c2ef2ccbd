package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

func (s *Server) noticeRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/notices", s.console(s.notices))
	mux.Handle("POST /c/{account}/notices/read", s.console(s.readNotices))
	mux.Handle("GET /c/{account}/notices/{notice}", s.console(s.openNotice))
	mux.Handle("POST /c/{account}/notices/{notice}/read", s.console(s.readNotice))
}

// noticesModel is one page of notices.
type noticesModel struct {
	app.NoticeQuery

	Newest string
	List   []app.Notice
	Pages  view.Pages
}

// notices shows what happened that the person should know.
func (s *Server) notices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p := v.Page
	p.Title = p.T("nav.notices")
	q := app.NoticeQuery{Unread: r.FormValue("tab") == "unread", Before: r.FormValue("before")}
	if topic := console.NoticeTopic(r.FormValue("topic")); topic.Valid() {
		q.Topic = topic
	}
	list, more, err := s.app.Notices(r.Context(), v.Actor, q, app.PageSize)
	if err != nil {
		return err
	}
	m := noticesModel{NoticeQuery: q, List: list}
	here := m.path(p, q.Unread, "")
	m.Pages = view.Pages{Action: p.At("/notices"), List: "list", Range: p.T("shell.rows", "Count", len(list))}
	if q.Before != "" {
		m.Pages.First = here
	} else if len(list) > 0 && q.Topic == "" {
		m.Newest = list[0].ID
	}
	if more {
		m.Pages.Next = m.path(p, q.Unread, list[len(list)-1].ID)
	}
	return s.show(w, r, noticesPage(p, m))
}

// path is the address of a page of notices of the same topic.
func (m noticesModel) path(p *view.Page, unread bool, before string) string {
	query := url.Values{}
	for name, value := range map[string]string{"topic": string(m.Topic), "before": before} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if unread {
		query.Set("tab", "unread")
	}
	if len(query) == 0 {
		return p.At("/notices")
	}
	return p.At("/notices?" + query.Encode())
}

// readNotices marks what the page showed as read; what came since stays unread.
func (s *Server) readNotices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.ReadNotices(r.Context(), v.Actor, r.PostFormValue("until")); err != nil {
		return err
	}
	return s.to(w, r, v.Page.At("/notices"))
}

// openNotice leads to what a notice is about, which marks it as read.
func (s *Server) openNotice(w http.ResponseWriter, r *http.Request, v *Visit) error {
	n, err := s.app.ReadNotice(r.Context(), v.Actor, r.PathValue("notice"))
	if err != nil {
		return err
	}
	path := n.Data["Path"]
	if path == "" {
		path = "/notices"
	}
	return s.to(w, r, v.Page.At(path))
}

func (s *Server) readNotice(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if _, err := s.app.ReadNotice(r.Context(), v.Actor, r.PathValue("notice")); err != nil {
		return err
	}
	return s.to(w, r, returnPath(r))
}

func noticesTable(p *view.Page, list []app.Notice) view.Table {
	t := view.Table{ID: "notice", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("notices.what")},
		{Kind: view.StatusColumn, Label: p.T("notices.state")},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, n := range list {
		t.Rows = append(t.Rows, view.Row{ID: n.ID, Name: tellNotice(p, n), Cells: []templ.Component{
			noticeText(p, n), noticeState(p, n), view.When(p, n.At), noticeAction(p, n),
		}})
	}
	return t
}

// topicName names what a notice is about.
func topicName(p *view.Page, n app.Notice) string {
	if n.Topic == "" {
		return ""
	}
	return p.T("notice_topic." + string(n.Topic))
}
