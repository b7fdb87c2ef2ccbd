package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// inviteLife is how long an invitation's link can be used.
const inviteLife = 7 * day

// Invite grants a role in the actor's console to the e-mail address and returns the secret of the link with which its
// person comes. Inviting again makes a new link in place of the one before. Whether the installation knows the address
// is told to nobody.
func (a *App) Invite(ctx context.Context, actor console.Actor, email string, role console.Role) (secret string, until time.Time, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return "", until, err
	}
	if email, err = console.CheckEmail(email); err != nil {
		return "", until, err
	}
	now := a.Clock.Now()
	g := store.RoleGrant{ConsoleID: actor.ConsoleID, Email: email, Role: role, LinkUntil: a.Wall.Now().Add(inviteLife)}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
			return err
		}
		place, err := roleToGive(ctx, tx, actor, role)
		if err != nil {
			return err
		}
		members, err := tx.Members(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		if _, is := memberOf(members, email); is {
			return fault.New(fault.Conflict, "person.member_already", fault.Args{"Email": email})
		}
		if secret, err = a.newSecret(); err != nil {
			return err
		}
		g.LinkHash = secretHash(secret)
		return errors.Join(tx.GrantRole(ctx, g, now), a.recordMember(ctx, tx, now, actor, "person.invited",
			Member{Membership: place, Person: console.Person{Email: email}}),
			a.mailLink(ctx, tx, actor, store.Mail{
				ConsoleID: actor.ConsoleID, Email: email, Kind: MailInvitation, Secret: secret,
				Data: map[string]string{
					"Person": actor.Name, "Role": string(role), "RoleName": place.Custom.Name, "Until": g.LinkUntil.Format(time.RFC3339),
				},
			}))
	})
	return secret, g.LinkUntil, err
}

// WithdrawInvite takes back a role that was granted to somebody who has not come yet.
func (a *App) WithdrawInvite(ctx context.Context, actor console.Actor, email string) error {
	if err := actor.May(console.ManageUsers); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		grants, err := tx.RoleGrants(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(grants, func(g store.RoleGrant) bool { return g.Email == console.Fold(email) })
		if at < 0 {
			return fault.New(fault.NotFound, "person.not_found", nil)
		}
		m, err := invited(ctx, tx, grants[at])
		if err == nil {
			err = actor.MayGive(m.Privileges())
		}
		if err != nil {
			return err
		}
		ok, err := tx.EndGrant(ctx, grants[at])
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "person.not_found", nil)
		}
		return errors.Join(err, a.recordMember(ctx, tx, a.Clock.Now(), actor, "person.invite_withdrawn", m))
	})
}

// Invitation is what an invitation's link is good for.
type Invitation struct {
	Email   string
	Place   console.Membership
	Console console.Console
}

// CheckInvitation returns what the link is good for, or refuses one that can not be used (any more).
func (a *App) CheckInvitation(ctx context.Context, secret string) (in Invitation, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		in, err = a.invitation(ctx, tx, secret)
		return err
	})
	return in, err
}

func (a *App) invitation(ctx context.Context, tx *store.Tx, secret string) (in Invitation, err error) {
	g, err := tx.GrantOfLink(ctx, secretHash(secret), a.Wall.Now())
	if err != nil {
		return in, found(err, "invitation.over")
	}
	in.Email = g.Email
	if in.Place, err = placeOf(ctx, tx, g.ConsoleID, g.Role); err != nil {
		return in, err
	}
	in.Console, err = tx.Console(ctx, g.ConsoleID)
	return in, err
}

// JoinByInvitation makes a person of who comes with the link, a member of the console that invites.
func (a *App) JoinByInvitation(ctx context.Context, secret string, p console.Person, password string) (console.Person, error) {
	in, err := a.CheckInvitation(ctx, secret)
	if err != nil {
		return p, err
	}
	p.Email = in.Email
	if p, err = console.CheckPerson(p); err != nil {
		return p, err
	}
	if p.PasswordHash, err = HashPassword(ctx, password, p); err != nil {
		return p, err
	}
	now := a.Clock.Now()
	p.ID, p.Joined, p.CreatedAt = a.IDs.New("per", now), true, now
	return p, a.DB.Update(ctx, func(tx *store.Tx) error {
		in, err := a.invitation(ctx, tx, secret)
		if err != nil {
			return err
		}
		err = tx.InsertPerson(ctx, p)
		if tx.Duplicate(err) {
			return fault.New(fault.Conflict, "invitation.known", fault.Args{"Email": p.Email})
		}
		if err != nil {
			return err
		}
		return errors.Join(a.recordPerson(ctx, tx, self(p), p, "person.created"), a.take(ctx, tx, in, p))
	})
}

// AcceptInvitation makes the person a member of the console that invites; the link must be for the person's address.
func (a *App) AcceptInvitation(ctx context.Context, personID, secret string) (in Invitation, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if in, err = a.invitation(ctx, tx, secret); err != nil {
			return err
		}
		p, err := tx.Person(ctx, personID)
		if err != nil {
			return found(err, "person.not_found")
		}
		if p.Email != in.Email {
			return fault.New(fault.Precondition, "invitation.not_yours", fault.Args{"Email": in.Email})
		}
		return a.take(ctx, tx, in, p)
	})
	return in, err
}

func (a *App) take(ctx context.Context, tx *store.Tx, in Invitation, p console.Person) error {
	actor := self(p)
	actor.ConsoleID, actor.Suspended = in.Console.ID, in.Console.State == console.Suspended
	return a.join(ctx, tx, actor, p, in.Place)
}

// invited is who was given a role and has not come yet.
func invited(ctx context.Context, tx *store.Tx, g store.RoleGrant) (m Member, err error) {
	m.Membership, err = placeOf(ctx, tx, g.ConsoleID, g.Role)
	m.State, m.Person.Email, m.InvitedUntil = console.MemberInvited, g.Email, g.LinkUntil
	return m, err
}
