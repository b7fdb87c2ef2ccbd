package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// Member is a person's place in a console, with the one or the other filled in.
type Member = store.Member

// Visit is what every page knows: who asks, from which console, and what waits there.
type Visit struct {
	Person   console.Person
	Actor    console.Actor
	Console  console.Console // zero outside a console
	Consoles []Member        // those that the person is a member of, by name
	Unread   int             // notices, up to UnreadLimit+1
}

// UnreadLimit is how many unread notices are counted; more are "99+".
const UnreadLimit = 99

// Visit returns what a page of the console needs, or with an empty account ID a page that belongs to none. A person
// that is gone, or whose password is no longer the one with this mark, is the fault "sign_in.needed"; a console that
// does not exist and one that the person is no member of are the same fault, "console.not_found".
func (a *App) Visit(ctx context.Context, personID, mark, accountID string) (v Visit, err error) {
	if err := a.FollowClock(ctx); err != nil {
		return v, err
	}
	granted := false
	look := func(tx *store.Tx) error {
		v = Visit{}
		if v.Person, err = tx.Person(ctx, personID); errors.Is(err, store.ErrNone) {
			return fault.New(fault.Unauthenticated, "sign_in.needed", nil)
		}
		if err != nil {
			return err
		}
		if PasswordMark(v.Person) != mark {
			return fault.New(fault.Unauthenticated, "sign_in.needed", nil)
		}
		grants, err := awaited(ctx, tx, v.Person)
		if granted = len(grants) > 0; granted || err != nil {
			return err
		}
		if v.Consoles, err = tx.MembershipsOf(ctx, v.Person.ID); err != nil {
			return err
		}
		if accountID == "" {
			v.Actor = console.Actor{PersonID: v.Person.ID, Name: v.Person.Name, Operator: v.Person.Operator}
			return nil
		}
		if v.Actor, v.Console, err = enter(ctx, tx, v.Person, accountID); err != nil {
			return err
		}
		v.Unread, err = tx.UnreadNotices(ctx, v.Console.ID, v.Person.ID, v.Actor.Privileges(), UnreadLimit+1)
		return err
	}
	if err = a.DB.View(ctx, look); err != nil || !granted {
		return v, err
	}
	if err := a.takeRoles(ctx, v.Person); err != nil {
		return v, err
	}
	return v, a.DB.View(ctx, look)
}

// PasswordMark identifies a person's present password: a session that carries another one has ended.
func PasswordMark(p console.Person) string {
	sum := sha256.Sum256([]byte(p.PasswordHash))
	return hex.EncodeToString(sum[:8])
}
