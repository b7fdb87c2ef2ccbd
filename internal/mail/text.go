package mail

import (
	"html/template"
	"maps"
	"strings"

	"psc/internal/app"
	"psc/internal/i18n"
)

// text is what a mail says, before it is plain or HTML.
type text struct {
	Lang, App, Subject, Greeting string
	Says                         []string // paragraphs
	Link, LinkText               string
	Why                          string
	ChooseText, Choose           string
	UnsubscribeText, Unsubscribe string
}

// write finds the words of a letter.
func (o *Office) write(l app.Letter) text {
	lang := l.Language
	if lang == "" {
		lang = o.config.Language
	}
	s := o.catalog.For(lang).In(l.Zone)
	t := text{Lang: s.Lang(), App: s.T("app.name")}
	if l.Name != "" {
		t.Greeting = s.T("mail.greeting", "Name", l.Name)
	}
	switch l.Kind {
	case app.MailInvitation:
		t.Subject = s.T("mail.invitation_subject", "Console", l.Console.Name)
		said := map[string]string{"Console": l.Console.Name}
		maps.Copy(said, l.Data)
		t.Says = []string{s.Tell("mail.invitation", said), s.T("mail.unexpected")}
		t.Link, t.LinkText = o.at("join", l.Secret), s.T("mail.invitation_link")
	case app.MailPassword:
		t.Subject = s.T("mail.password_subject")
		t.Says = []string{s.Tell("mail.password", l.Data), s.T("mail.unexpected")}
		t.Link, t.LinkText = o.at("reset", l.Secret), s.T("mail.password_link")
	default:
		o.writeNotice(s, l, &t)
	}
	return t
}

func (o *Office) writeNotice(s *i18n.Speaker, l app.Letter, t *text) {
	topic := s.T("notice_topic." + string(l.Topic))
	t.Subject = s.T("mail.notice_subject", "Topic", topic, "Console", l.Console.Name)
	t.Says = []string{s.Tell("notice."+l.Kind, l.Data)}
	if l.Data["Path"] != "" {
		t.Link, t.LinkText = o.at("c", string(l.Console.AccountID), "notices", l.NoticeID), s.T("mail.open")
	}
	t.Why = s.T("mail.why", "Console", l.Console.Name, "ID", string(l.Console.AccountID))
	t.ChooseText, t.Choose = s.T("mail.choose"), o.at("me", "notices")
	if l.Unsubscribe != "" {
		t.UnsubscribeText, t.Unsubscribe = s.T("mail.unsubscribe", "Topic", topic), o.at("unsubscribe", l.Unsubscribe)
	}
}

func (o *Office) at(path ...string) string { return o.config.Base.JoinPath(path...).String() }

// plain is the mail without any form.
func (t text) plain() string {
	var b strings.Builder
	paragraph := func(lines ...string) {
		if lines[0] == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	paragraph(t.Greeting)
	for i, p := range t.Says {
		if i == 1 {
			paragraph(t.LinkText+":", t.Link)
		}
		paragraph(p)
	}
	if len(t.Says) == 1 && t.Link != "" {
		paragraph(t.LinkText+":", t.Link)
	}
	if t.Why == "" {
		return b.String()
	}
	paragraph("-- ", t.Why, t.ChooseText+": "+t.Choose)
	if t.Unsubscribe != "" {
		b.WriteString(t.UnsubscribeText + ": " + t.Unsubscribe + "\n")
	}
	return b.String()
}

// html is the mail in the plainest HTML that looks the same everywhere.
func (t text) html() (string, error) {
	var b strings.Builder
	err := page.Execute(&b, t)
	return b.String(), err
}

var page = template.Must(template.New("mail").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px;background:#f4f5f8;color:#1b1d23;font:16px/1.6 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border-radius:12px">
<p style="margin:0 0 20px;font-weight:600">{{.App}}</p>
{{with .Greeting}}<p>{{.}}</p>
{{end}}{{range .Says}}<p>{{.}}</p>
{{end}}{{with .Link}}<p style="margin:24px 0"><a href="{{.}}" style="display:inline-block;padding:10px 20px;border-radius:999px;background:#2f4fd0;color:#ffffff;text-decoration:none">{{$.LinkText}}</a></p>
<p style="font-size:13px;color:#555b6b;word-break:break-all">{{.}}</p>
{{end}}{{with .Why}}<hr style="border:0;border-top:1px solid #dfe2ea;margin:24px 0">
<p style="font-size:13px;color:#555b6b">{{.}}<br><a href="{{$.Choose}}" style="color:#2f4fd0">{{$.ChooseText}}</a>{{with $.Unsubscribe}}<br><a href="{{.}}" style="color:#2f4fd0">{{$.UnsubscribeText}}</a>{{end}}</p>
{{end}}</div>
</body>
</html>
`))
