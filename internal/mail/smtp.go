package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/i18n"
)

// smtpTimeout bounds each step of talking to the server; a job has less than a minute for all of them.
const smtpTimeout = 10 * time.Second

// NewSMTP returns an office that hands letters to the SMTP server of the address: smtp://USER:PASSWORD@HOST:PORT begins TLS
// with STARTTLS, which ?starttls=no leaves away for a relay of one's own; smtps:// is TLS from the start.
func NewSMTP(address string, c Config, catalog *i18n.Catalog) (*Office, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, fault.InvalidField("smtp-url", "cli.smtp_url", nil) // without the address: it may have a password
	}
	opts := []gomail.Option{gomail.WithTimeout(smtpTimeout), gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithPort(gomail.DefaultPortTLS)}
	switch {
	case u.Scheme == "smtps":
		opts = append(opts, gomail.WithSSL(), gomail.WithPort(gomail.DefaultPortSSL))
	case u.Query().Get("starttls") == "no":
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithPort(gomail.DefaultPort))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		opts = append(opts, gomail.WithPort(port))
	}
	if password, ok := u.User.Password(); ok {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(u.Hostname(), opts...); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "cli.smtp_url", nil)
	}
	return &Office{config: c, catalog: catalog, carrier: server{u.Hostname(), opts}}, nil
}

// server is an SMTP server; each mail has a connection of its own.
type server struct {
	host string
	opts []gomail.Option
}

func (s server) carry(ctx context.Context, _ string, m *gomail.Msg) error {
	client, err := gomail.NewClient(s.host, s.opts...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() { // what fails after the server has taken it is the parting
		return nil
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 500 &&
		(refused.Reason == gomail.ErrSMTPRcptTo || refused.Reason == gomail.ErrSMTPDataClose) {
		return fmt.Errorf("%w: %w", app.ErrRefused, err)
	}
	return err
}
