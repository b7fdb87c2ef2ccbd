// Package mail writes letters in the reader's language and hands them over: to an SMTP server, or into a directory.
package mail

import (
	"context"
	"net/mail"
	"net/url"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"psc/internal/app"
	"psc/internal/i18n"
)

// Config is what an installation's mails have in common.
type Config struct {
	From     mail.Address
	Base     *url.URL // what links begin with
	Language string   // for people who have chosen none
}

// carrier takes a finished message further.
type carrier interface {
	carry(ctx context.Context, id string, m *gomail.Msg) error
}

// Office writes letters and has them carried. It implements app.Post.
type Office struct {
	config  Config
	catalog *i18n.Catalog
	carrier carrier
}

// Send implements app.Post.
func (o *Office) Send(ctx context.Context, l app.Letter) error {
	m, err := o.message(l)
	if err != nil {
		return err
	}
	return o.carrier.carry(ctx, l.ID, m)
}

// message is the letter as a message with a plain and an HTML part.
func (o *Office) message(l app.Letter) (*gomail.Msg, error) {
	t := o.write(l)
	page, err := t.html()
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&o.config.From)
	m.ToMailAddress(&mail.Address{Name: l.Name, Address: l.Email})
	m.Subject(t.Subject)
	m.SetDateWithValue(l.At)
	_, host, _ := strings.Cut(o.config.From.Address, "@")
	m.SetMessageIDWithValue(l.ID + "@" + host)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Content-Language", t.Lang)
	if t.Unsubscribe != "" {
		m.SetListUnsubscribe("<" + t.Unsubscribe + ">")
		m.SetListUnsubscribePost()
	}
	m.SetBodyString(gomail.TypeTextPlain, t.plain())
	m.AddAlternativeString(gomail.TypeTextHTML, page)
	return m, nil
}
