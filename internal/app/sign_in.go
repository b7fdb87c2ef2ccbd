package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// patience is how many failures a key has free, and how the wait grows from there: it doubles with each.
type patience struct {
	free  int
	first time.Duration
	most  time.Duration
}

// An e-mail address is guessed at from anywhere; a network address may be that of a whole company.
var (
	perEmail   = patience{free: 5, first: 2 * time.Second, most: 15 * time.Minute}
	perAddress = patience{free: 50, first: 2 * time.Second, most: 15 * time.Minute}
)

// after returns how long to wait after so many failures.
func (p patience) after(failures int) time.Duration {
	if failures < p.free {
		return 0
	}
	return min(p.first<<min(failures-p.free, 20), p.most)
}

// SignIn returns the person of the e-mail address if the password is right. An unknown address, a person without a
// password and a wrong password are one answer, "sign_in.wrong", in the same time. Failures are counted by the e-mail
// address and by the network address it comes from; too many are "sign_in.limited".
func (a *App) SignIn(ctx context.Context, email, password, from string) (p console.Person, err error) {
	email = console.Fold(email)
	byEmail, byAddress := attemptKey("email", email), attemptKey("address", from)
	// The attempt counts as failed before the password is looked at: many at once do not slip through.
	if err := a.countAttempt(ctx, limit{byEmail, perEmail}, limit{byAddress, perAddress}); err != nil {
		return p, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p, err = tx.PersonByEmail(ctx, email)
		if errors.Is(err, store.ErrNone) {
			p = console.Person{}
			return nil
		}
		return err
	})
	if err != nil {
		return p, err
	}
	right, err := passwordMatches(ctx, p.PasswordHash, password)
	if err != nil {
		return p, err
	}
	if !right {
		return console.Person{}, fault.New(fault.Unauthenticated, "sign_in.wrong", nil)
	}
	return p, a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteAttempts(ctx, byEmail); err != nil {
			return err
		}
		return tx.ForgiveAttempt(ctx, byAddress)
	})
}

// attemptKey keeps what was typed out of the database: people type passwords into the wrong field.
func attemptKey(kind, value string) string {
	sum := sha256.Sum256([]byte(value))
	return kind + ":" + hex.EncodeToString(sum[:])
}

// limit is the patience with one key.
type limit struct {
	key string
	patience
}

// countAttempt counts one more failure for each key, or refuses if one of them has to wait.
func (a *App) countAttempt(ctx context.Context, limits ...limit) error {
	now := a.Wall.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		for _, l := range limits {
			was, err := tx.Attempts(ctx, l.key)
			if err != nil && !errors.Is(err, store.ErrNone) {
				return err
			}
			if now.Before(was.BlockedUntil) {
				wait := max(was.BlockedUntil.Sub(now).Truncate(time.Minute)+time.Minute, time.Minute)
				return fault.New(fault.Limited, "sign_in.limited", fault.Args{"Wait": wait})
			}
			if was.LastAt.Before(now.Add(-keepAttempts)) {
				was.Failures = 0
			}
			was.Failures++
			next := store.Attempts{Key: l.key, Failures: was.Failures, LastAt: now}
			if wait := l.after(was.Failures); wait > 0 {
				next.BlockedUntil = now.Add(wait)
			}
			if err := tx.SaveAttempts(ctx, next); err != nil {
				return err
			}
		}
		return nil
	})
}

// DemoPerson is somebody whom the demo's sign-in page offers, with the consoles the person works in.
type DemoPerson struct {
	console.Person

	Consoles []Member
}

// DemoPeople returns everybody in the demo, in the order in which they came.
func (a *App) DemoPeople(ctx context.Context) (list []DemoPerson, err error) {
	if !a.Config.Demo {
		return nil, nil
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		people, err := tx.People(ctx)
		if err != nil {
			return err
		}
		for _, p := range people {
			consoles, err := tx.MembershipsOf(ctx, p.ID)
			if err != nil {
				return err
			}
			list = append(list, DemoPerson{Person: p, Consoles: consoles})
		}
		return nil
	})
	return list, err
}

// SignInAs returns the person, in the demo only.
func (a *App) SignInAs(ctx context.Context, personID string) (p console.Person, err error) {
	if !a.Config.Demo {
		return p, fault.New(fault.NotFound, "fault.not_found", nil)
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p, err = tx.Person(ctx, strings.TrimSpace(personID))
		return found(err, "fault.not_found")
	})
	return p, err
}
