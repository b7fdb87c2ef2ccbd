package store

import (
	"context"
	"encoding/json"
	"time"

	"psc/internal/console"
)

// KindMail is the job that sends one mail. Only processes that have somewhere to send it to work on it.
const KindMail = "mail"

// Mail is an e-mail that is to be sent, or what is kept of one that was.
type Mail struct {
	ID        string
	At        time.Time // when it was written, by the system's clock
	WrittenAt time.Time // the same instant of business time
	ConsoleID string    // empty: it is about no console
	NoticeID  string    // of the notice that it brings; empty: it brings a link
	PersonID  string    // empty: to somebody who may have no account
	Email     string
	Language  string            // of somebody without an account
	Kind      string            // of the notice, or what the link is for
	Data      map[string]string // what a mail without a notice names
	Secret    string            // of the link; forgotten with the mail's state WAITING
	State     MailState
	SettledAt time.Time
	Problem   string // why it was not sent
}

// MailState is what became of a mail.
type MailState string

// The states of a mail.
const (
	MailWaiting MailState = "WAITING"
	MailSent    MailState = "SENT"
	MailRefused MailState = "REFUSED" // for good, or for too long
	MailDropped MailState = "DROPPED" // nobody was to get it any more
)

// InsertMail adds a mail, and reports whether it did: not one that brings the same notice to the same person again.
func (tx *Tx) InsertMail(ctx context.Context, m Mail) (bool, error) {
	data, err := json.Marshal(m.Data)
	if err != nil {
		return false, err
	}
	n, err := tx.exec(ctx, `INSERT INTO mails (id, at, written_at, console_id, notice_id, person_id, email, language, kind, data, secret)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (console_id, notice_id, person_id) WHERE notice_id <> '' DO NOTHING`,
		m.ID, micros(m.At), micros(m.WrittenAt), m.ConsoleID, m.NoticeID, m.PersonID, m.Email, m.Language, m.Kind, string(data), m.Secret)
	return n == 1, err
}

const selectMail = `SELECT id, at, written_at, console_id, notice_id, person_id, email, language, kind, data, secret, state, settled_at, problem
	FROM mails `

func scanMail(r Rows) (m Mail, err error) {
	var at, written, settled int64
	var data string
	if err = r.Scan(&m.ID, &at, &written, &m.ConsoleID, &m.NoticeID, &m.PersonID, &m.Email, &m.Language, &m.Kind, &data, &m.Secret,
		&m.State, &settled, &m.Problem); err != nil {
		return m, err
	}
	m.At, m.WrittenAt, m.SettledAt = instant(at), instant(written), instant(settled)
	return m, json.Unmarshal([]byte(data), &m.Data)
}

// Mail returns one mail, or ErrNone.
func (tx *Tx) Mail(ctx context.Context, id string) (Mail, error) {
	return one(ctx, tx, scanMail, selectMail+`WHERE id = $1`, id)
}

// Mails returns the newest mails, or those older than one.
func (tx *Tx) Mails(ctx context.Context, before string, limit int) ([]Mail, error) {
	return all(ctx, tx, scanMail, selectMail+`WHERE $1 = '' OR id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

// SettleMail stores what became of a mail that waited, and forgets its secret.
func (tx *Tx) SettleMail(ctx context.Context, m Mail) error {
	_, err := tx.exec(ctx, `UPDATE mails SET state = $2, settled_at = $3, problem = $4, secret = '' WHERE id = $1 AND state = 'WAITING'`,
		m.ID, m.State, micros(m.SettledAt), m.Problem)
	return err
}

// DeleteMails deletes what was settled before an instant.
func (tx *Tx) DeleteMails(ctx context.Context, before time.Time) error {
	_, err := tx.exec(ctx, `DELETE FROM mails WHERE state <> 'WAITING' AND settled_at < $1`, micros(before))
	return err
}

// MailReaders returns the active members of a console who have not switched off mails about a topic.
func (tx *Tx) MailReaders(ctx context.Context, consoleID string, topic console.NoticeTopic) ([]Member, error) {
	return all(ctx, tx, func(r Rows) (m Member, err error) {
		m.ConsoleID, m.State = consoleID, console.MemberActive
		custom, fill := scanCustom(&m.Custom)
		err = r.Scan(append(custom, &m.PersonID, &m.Role, &m.Person.Email)...)
		m.Person.ID = m.PersonID
		fill(consoleID)
		return m, err
	}, `SELECT `+customRole+`, p.id, m.role, p.email FROM memberships m JOIN people p ON p.id = m.person_id
		LEFT JOIN custom_roles r ON r.console_id = m.console_id AND r.id = m.role
		WHERE m.console_id = $1 AND m.state = 'ACTIVE'
			AND NOT EXISTS (SELECT 1 FROM notice_choices c WHERE c.person_id = m.person_id AND c.topic = $2 AND c.mail = 0)
		ORDER BY p.id`, consoleID, topic)
}
