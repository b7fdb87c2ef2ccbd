package app

import (
	"context"
	"errors"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// OfferPasswordReset returns the secret of a one-time link with which the person of the e-mail address chooses a new
// password: for an operator, who hands it over.
func (a *App) OfferPasswordReset(ctx context.Context, actor console.Actor, email string) (secret string, err error) {
	if err := actor.MayOperate(); err != nil {
		return "", err
	}
	if actor.Only != nil { // or whoever has a token could become anybody
		return "", fault.New(fault.Forbidden, "token.by_token", nil)
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.PersonByEmail(ctx, console.Fold(email))
		if err != nil {
			return found(err, "person.not_found")
		}
		if secret, err = a.newLink(ctx, tx, store.LinkPassword, p.ID); err != nil {
			return err
		}
		return errors.Join(a.recordPerson(ctx, tx, actor, p, "person.password_reset_offered"),
			a.mailLink(ctx, tx, actor, store.Mail{
				PersonID: p.ID, Email: p.Email, Kind: MailPassword, Secret: secret,
				Data: map[string]string{"Until": a.Wall.Now().Add(linkLife).Format(time.RFC3339)},
			}))
	})
	return secret, err
}

// CheckPasswordReset returns whose password the link sets, or refuses one that can not be used (any more).
func (a *App) CheckPasswordReset(ctx context.Context, secret string) (p console.Person, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p, err = a.personOfLink(ctx, tx, secret)
		return err
	})
	return p, err
}

func (a *App) personOfLink(ctx context.Context, tx *store.Tx, secret string) (console.Person, error) {
	id, err := tx.OpenLink(ctx, secretHash(secret), store.LinkPassword, a.Wall.Now())
	if err != nil {
		return console.Person{}, found(err, "link.over")
	}
	p, err := tx.Person(ctx, id)
	return p, found(err, "link.over")
}

// ResetPassword gives the person of the link a new password. The person's other links and sessions are over.
func (a *App) ResetPassword(ctx context.Context, secret, password string) (console.Person, error) {
	p, err := a.CheckPasswordReset(ctx, secret)
	if err != nil {
		return p, err
	}
	if p.PasswordHash, err = HashPassword(ctx, password, p); err != nil {
		return p, err
	}
	return p, a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := a.personOfLink(ctx, tx, secret); err != nil {
			return err
		}
		return a.setPassword(ctx, tx, p)
	})
}

func (a *App) setPassword(ctx context.Context, tx *store.Tx, p console.Person) error {
	if err := tx.UseLinksOf(ctx, p.ID, a.Wall.Now()); err != nil {
		return err
	}
	if err := tx.DeleteAttempts(ctx, attemptKey("email", p.Email)); err != nil {
		return err
	}
	if _, err := tx.EndSessionsOf(ctx, p.ID, ""); err != nil {
		return err
	}
	if err := tx.SetPassword(ctx, p.ID, p.PasswordHash); err != nil {
		return err
	}
	return a.recordPerson(ctx, tx, self(p), p, "person.password_changed")
}

// ChangePassword gives the person who asks a new password; the present one is asked for, with the patience of signing
// in. The person's other sessions are over.
func (a *App) ChangePassword(ctx context.Context, personID, present, password string) (p console.Person, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p, err = tx.Person(ctx, personID)
		return found(err, "person.not_found")
	})
	if err != nil {
		return p, err
	}
	if err := a.countAttempt(ctx, limit{attemptKey("email", p.Email), perEmail}); err != nil {
		return p, err
	}
	right, err := passwordMatches(ctx, p.PasswordHash, present)
	if err != nil {
		return p, err
	}
	if !right {
		return p, fault.InvalidField("present", "password.present_wrong", nil)
	}
	if p.PasswordHash, err = HashPassword(ctx, password, p); err != nil {
		return p, err
	}
	return p, a.DB.Update(ctx, func(tx *store.Tx) error { return a.setPassword(ctx, tx, p) })
}
