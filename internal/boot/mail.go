package boot

import (
	netmail "net/mail"
	"net/url"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/mail"
)

func (b *bootstrap) mailFlags(cmd *cobra.Command) {
	b.flag(cmd.Flags().StringVar, &b.opt.SMTPURL, "smtp-url", "")
	b.flag(cmd.Flags().StringVar, &b.opt.MailFrom, "mail-from", "")
	b.flag(cmd.Flags().StringVar, &b.opt.MailLanguage, "mail-language", i18n.English)
	cmd.Flags().Lookup("smtp-url").DefValue = "" // what the environment says may have a password, and help shows it
}

// demoMailFrom is whom the demo's mails are from.
const demoMailFrom = "console@psc.example"

// post returns what sends mails from this process: an SMTP server, the demo's directory, or nothing.
func (b *bootstrap) post(base *url.URL) (app.Post, error) {
	c := mail.Config{Base: base, Language: b.opt.MailLanguage}
	if b.opt.MailLanguage != i18n.English && b.opt.MailLanguage != i18n.Japanese {
		return nil, fault.InvalidField("mail-language", "person.language", nil)
	}
	if b.opt.SMTPURL == "" && b.caught == "" {
		return nil, nil //nolint:nilnil // a process without a post is a process that sends nothing
	}
	typed := b.opt.MailFrom
	if typed == "" && b.caught != "" {
		typed = demoMailFrom
	}
	from, err := netmail.ParseAddress(typed)
	if err != nil {
		return nil, fault.InvalidField("mail-from", "cli.mail_from", fault.Args{"Value": typed})
	}
	if c.From = *from; c.From.Name == "" {
		c.From.Name = b.catalog.For(b.opt.MailLanguage).T("app.name")
	}
	if b.opt.SMTPURL != "" {
		return mail.NewSMTP(b.opt.SMTPURL, c, b.catalog)
	}
	return mail.NewCatcher(string(b.caught), c, b.catalog)
}
