package app

import (
	"context"
	"errors"
	"time"

	"psc/internal/console"
	"psc/internal/store"
)

// Letter is a mail as it is to be sent: what it says and to whom, not in which words.
type Letter struct {
	ID          string // the same however often the mail is tried: its Message-ID is made of it
	At          time.Time
	Email, Name string
	Language    string // empty: the person has chosen none
	Zone        *time.Location
	Kind        string            // a kind of notice, MailInvitation or MailPassword
	Data        map[string]string // what it names
	Topic       console.NoticeTopic
	NoticeID    string
	Console     console.Console // zero if it is about none
	Secret      string          // of the link of a mail without a notice
	Unsubscribe string          // the token that ends mails about the topic; empty without one
}

// What mails without a notice bring.
const (
	MailInvitation = "invitation"
	MailPassword   = "password"
)

// Post sends letters.
type Post interface {
	// Send returns when somebody else has taken charge of the letter. It wraps ErrRefused if nobody ever will.
	Send(ctx context.Context, l Letter) error
}

// ErrRefused is why a letter is not worth another try.
var ErrRefused = errors.New("refused for good")

// mailPatience is how long a mail is tried, and mailKept how long is remembered what became of it.
const (
	mailPatience = 5 * day
	mailKept     = 90 * day
)

// MailJob sends one mail.
type MailJob struct {
	ID string `json:"id"`
}

// Kind implements store.Job.
func (MailJob) Kind() string { return store.KindMail }

// SwitchMailOn has this installation write mails from now on, because a process can send them. An operator who has switched
// them off is not overruled.
func (a *App) SwitchMailOn(ctx context.Context) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		set, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		if set[store.SettingMailKey] == "" {
			key, err := a.newSecret()
			if err != nil {
				return err
			}
			if err := tx.SetSetting(ctx, store.SettingMailKey, key); err != nil {
				return err
			}
		}
		if _, chosen := set[store.SettingMail]; chosen {
			return nil
		}
		return tx.SetSetting(ctx, store.SettingMail, "1")
	})
}

// mailNotice writes a mail to everybody whom a notice that has just been added concerns.
func (a *App) mailNotice(ctx context.Context, tx *store.Tx, n store.Notice) error {
	if on, err := mailsOn(ctx, tx); err != nil || !on {
		return err
	}
	readers, err := tx.MailReaders(ctx, n.ConsoleID, n.Topic)
	if err != nil {
		return err
	}
	for _, r := range readers {
		if !r.May(n.Audience) {
			continue
		}
		if err := a.writeMail(ctx, tx, store.Mail{
			ConsoleID: n.ConsoleID, NoticeID: n.ID, PersonID: r.PersonID, Email: r.Person.Email, Kind: n.Kind,
		}); err != nil {
			return err
		}
	}
	return nil
}

// mailsOn reports whether this installation writes mails: whichever process asks, another may send them.
func mailsOn(ctx context.Context, tx *store.Tx) (bool, error) {
	set, err := tx.Settings(ctx)
	return set[store.SettingMail] == "1", err
}

// writeMail adds a mail and the job that sends it.
func (a *App) writeMail(ctx context.Context, tx *store.Tx, m store.Mail) error {
	m.At, m.WrittenAt = a.Wall.Now(), a.Clock.Now()
	m.ID = a.IDs.New("mail", m.At)
	added, err := tx.InsertMail(ctx, m)
	if err != nil || !added {
		return err
	}
	return tx.Enqueue(ctx, MailJob{ID: m.ID}, store.JobOptions{Queue: store.QueueMail})
}

// mailLink writes the mail that brings a one-time link, in the language of its reader if the installation knows the reader,
// else in that of who has it sent.
func (a *App) mailLink(ctx context.Context, tx *store.Tx, actor console.Actor, m store.Mail) error {
	if on, err := mailsOn(ctx, tx); err != nil || !on {
		return err
	}
	for _, find := range []func() (console.Person, error){
		func() (console.Person, error) { return tx.PersonByEmail(ctx, m.Email) },
		func() (console.Person, error) { return tx.Person(ctx, actor.PersonID) },
	} {
		p, err := find()
		if err != nil && !errors.Is(err, store.ErrNone) {
			return err
		}
		if m.Language == "" {
			m.Language = p.Language
		}
	}
	return a.writeMail(ctx, tx, m)
}

// RunMail works on one MailJob. A mail is sent again only if the process dies between the other side's taking it and the
// note of that, and then with the same Message-ID. What fails is tried again later, for mailPatience.
func (a *App) RunMail(ctx context.Context, job MailJob) error {
	var m store.Mail
	var l Letter
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.Mail(ctx, job.ID); err == nil && m.State == store.MailWaiting {
			l, err = a.letter(ctx, tx, m)
		}
		return err
	}); err != nil {
		if !errors.Is(err, store.ErrNone) {
			return err
		}
		m.State = store.MailDropped
	}
	if m.State == store.MailWaiting {
		err := a.Post.Send(ctx, l)
		m.State = store.MailSent
		if err != nil {
			if !errors.Is(err, ErrRefused) && a.Wall.Now().Sub(m.At) < mailPatience {
				return err
			}
			a.Log.WarnContext(ctx, "mail not sent", "mail", m.ID, "error", err)
			m.State, m.Problem = store.MailRefused, err.Error()
		}
	}
	m.ID, m.SettledAt = job.ID, a.Wall.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.SettleMail(ctx, m), tx.CompleteJob(ctx))
	})
}

// letter makes the letter of a mail from what holds now: ErrNone if nobody is to get it any more.
func (a *App) letter(ctx context.Context, tx *store.Tx, m store.Mail) (l Letter, err error) {
	l = Letter{ID: m.ID, At: m.At, Email: m.Email, Language: m.Language, Zone: a.Config.BillingZone, Kind: m.Kind, Data: m.Data, Secret: m.Secret}
	if m.PersonID != "" {
		p, err := tx.Person(ctx, m.PersonID)
		if err != nil {
			return l, err
		}
		l.Name, l.Language = p.Name, p.Language
		if zone, err := time.LoadLocation(p.TimeZone); err == nil && p.TimeZone != "" {
			l.Zone = zone
		}
	}
	if m.ConsoleID != "" {
		if l.Console, err = tx.Console(ctx, m.ConsoleID); err != nil {
			return l, err
		}
	}
	switch {
	case m.NoticeID != "":
		return a.noticeLetter(ctx, tx, m, l)
	case m.Kind == MailInvitation:
		_, err = tx.GrantOfLink(ctx, secretHash(m.Secret), a.Wall.Now())
	default:
		_, err = tx.OpenLink(ctx, secretHash(m.Secret), store.LinkPassword, a.Wall.Now())
	}
	return l, err
}

func (a *App) noticeLetter(ctx context.Context, tx *store.Tx, m store.Mail, l Letter) (Letter, error) {
	member, err := tx.Membership(ctx, m.ConsoleID, m.PersonID)
	if err != nil {
		return l, err
	}
	n, err := tx.Notice(ctx, m.ConsoleID, m.PersonID, member.Privileges(), m.NoticeID)
	if err != nil {
		return l, err
	}
	choices, err := tx.NoticeChoices(ctx, m.PersonID)
	if err != nil {
		return l, err
	}
	for _, c := range choices {
		if c.Topic == n.Topic && !c.Mail {
			return l, store.ErrNone
		}
	}
	l.Data, l.Topic, l.NoticeID = n.Data, n.Topic, n.ID
	l.Unsubscribe, err = unsubscribeToken(ctx, tx, m.ID)
	return l, err
}
