package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) operatorMailRoutes(mux *routes) {
	mux.Handle("GET /operator/mail", s.operator(s.operatorMails))
	mux.Handle("GET /operator/mail/{mail}", s.operator(s.operatorMail))
}

// operatorMails shows what became of each mail.
func (s *Server) operatorMails(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p := v.Page
	p.Title = p.T("nav.operator_mail")
	before := r.FormValue("before")
	list, more, err := s.app.Mails(r.Context(), v.Actor, before, app.PageSize)
	if err != nil {
		return err
	}
	pages := view.Pages{Action: "/operator/mail", List: "list", Range: p.T("shell.rows", "Count", len(list))}
	if before != "" {
		pages.First = "/operator/mail"
	}
	if more {
		pages.Next = "/operator/mail?before=" + list[len(list)-1].ID
	}
	return s.show(w, r, operatorMailsPage(p, s.mailsTable(p, list), pages))
}

func (s *Server) mailsTable(p *view.Page, list []app.Mail) view.Table {
	t := view.Table{ID: "mail", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("mail_page.about")},
		{Kind: view.TextColumn, Label: p.T("mail_page.to")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.DateColumn, Label: p.T("mail_page.written")},
	}}
	for _, m := range list {
		about := mailAbout(p, m)
		name := view.Words(about, m.Problem)
		if s.config.CaughtMail != nil && m.State == app.MailSent {
			name = view.NameLink("/operator/mail/"+m.ID, about, m.Problem)
		}
		t.Rows = append(t.Rows, view.Row{ID: m.ID, Name: about, Cells: []templ.Component{
			name, view.Words(m.Email, ""), s.mailChip(p, m.State), view.When(p, m.WrittenAt),
		}})
	}
	return t
}

func mailAbout(p *view.Page, m app.Mail) string {
	if m.NoticeID == "" {
		return p.T("mail_page." + m.Kind)
	}
	return p.T("notice_topic." + string(console.TopicOf(m.Kind)))
}

// mailChip says what became of a mail. One that is kept here was sent to nobody.
func (s *Server) mailChip(p *view.Page, state app.MailState) templ.Component {
	if state == app.MailSent && s.config.CaughtMail != nil {
		return view.Chip(p, view.Info, "", p.T("mail_page.kept"))
	}
	tone := view.Muted
	switch state {
	case app.MailWaiting:
		tone = view.Info
	case app.MailSent:
		tone = view.OK
	case app.MailRefused:
		tone = view.Bad
	case app.MailDropped:
	}
	return view.Chip(p, tone, "", p.T("mail_page."+string(state)))
}

// operatorMail shows the words of a mail that was kept instead of sent, never its HTML.
func (s *Server) operatorMail(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if s.config.CaughtMail == nil {
		return fault.New(fault.NotFound, "mail_page.gone", nil)
	}
	subject, text, ok := s.config.CaughtMail(r.PathValue("mail"))
	if !ok {
		return fault.New(fault.NotFound, "mail_page.gone", nil)
	}
	v.Page.Title = subject
	return s.show(w, r, operatorMailPage(v.Page, text))
}
