package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// Mail is what an operator sees of a mail: never the secret of its link.
type Mail = store.Mail

// MailState is what became of a mail.
type MailState = store.MailState

// The states of a mail.
const (
	MailWaiting = store.MailWaiting
	MailSent    = store.MailSent
	MailRefused = store.MailRefused
	MailDropped = store.MailDropped
)

// Mails returns the next mails, the newest first, and whether there are more. Only operators see them.
func (a *App) Mails(ctx context.Context, actor console.Actor, before string, limit int) (list []Mail, more bool, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, false, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Mails(ctx, before, limit+1)
		return err
	})
	if more = len(list) > limit; more {
		list = list[:limit]
	}
	for i := range list {
		list[i].Secret = ""
	}
	return list, more, err
}

// SendsMail reports whether this installation sends mails.
func (a *App) SendsMail(ctx context.Context) (on bool, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		on, err = mailsOn(ctx, tx)
		return err
	})
	return on, err
}
