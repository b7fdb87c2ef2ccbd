package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

func (s *Server) noticeChoiceRoutes(mux *routes) {
	mux.Handle("GET /me/notices", s.person(s.noticeChoices))
	mux.Handle("POST /me/notices", s.person(s.chooseNotices))
	mux.Handle("GET /unsubscribe/{token}", s.anybody(s.askUnsubscribe))
	mux.Handle("POST /unsubscribe/{token}", s.anybody(s.unsubscribe))
}

// noticeChoices shows where the person hears of what.
func (s *Server) noticeChoices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.NoticeChoices(r.Context(), v.Person.ID)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("notice_choice.title")
	return s.show(w, r, noticeChoicesPage(v, list))
}

// chooseNotices keeps the whole form: what is not ticked is switched off.
func (s *Server) chooseNotices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var list []app.NoticeChoice
	for _, topic := range console.NoticeTopics {
		list = append(list, app.NoticeChoice{
			Topic: topic, Bell: slices.Contains(r.PostForm["bell"], string(topic)), Mail: slices.Contains(r.PostForm["mail"], string(topic)),
		})
	}
	if err := s.app.ChooseNotices(r.Context(), v.Person.ID, list); err != nil {
		return err
	}
	return s.done(w, r, "/me/notices", v.Page.T("notice_choice.saved"))
}

func noticeChoicesTable(p *view.Page, list []app.NoticeChoice) view.Table {
	t := view.Table{ID: "topic", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("notice_choice.topic")},
		{Kind: view.TextColumn, Label: p.T("notice_choice.bell")},
		{Kind: view.TextColumn, Label: p.T("notice_choice.mail")},
	}}
	for _, c := range list {
		name := p.T("notice_topic." + string(c.Topic))
		t.Rows = append(t.Rows, view.Row{ID: string(c.Topic), Name: name, Cells: []templ.Component{
			view.Words(name, ""),
			choiceBox("bell", string(c.Topic), p.T("notice_choice.bell_of", "Topic", name), c.Bell),
			choiceBox("mail", string(c.Topic), p.T("notice_choice.mail_of", "Topic", name), c.Mail),
		}})
	}
	return t
}

// askUnsubscribe asks before mails about a topic end: what opens links for a preview ends nothing.
func (s *Server) askUnsubscribe(w http.ResponseWriter, r *http.Request, v *Visit) error {
	sub, err := s.app.CheckUnsubscribe(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("notice_choice.unsubscribe_title")
	return s.show(w, r, unsubscribePage(v.Page, sub, false))
}

// unsubscribe ends mails about a topic, for the person who asked and for a mail program that does it by itself (RFC 8058).
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request, v *Visit) error {
	sub, err := s.app.Unsubscribe(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("notice_choice.unsubscribed_title")
	return s.show(w, r, unsubscribePage(v.Page, sub, true))
}
