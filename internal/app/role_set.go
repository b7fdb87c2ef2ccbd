package app

import (
	"cmp"
	"context"
	"errors"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// SetRole gives the person of the e-mail address the role in the actor's console, in place of the one before. A console
// keeps at least one super admin. Whether an address is known to the installation is the operator's business: for
// everybody else one that is no member's gets a grant, which becomes a membership when its person comes.
func (a *App) SetRole(ctx context.Context, actor console.Actor, email string, role console.Role) error {
	if err := actor.May(console.ManageUsers); err != nil {
		return err
	}
	email, err := console.CheckEmail(email)
	if err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
			return err
		}
		members, err := tx.Members(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		place, err := roleToGive(ctx, tx, actor, role)
		if err != nil {
			return err
		}
		m, known := memberOf(members, email)
		if known {
			if err := actor.MayGive(m.Privileges()); err != nil {
				return err
			}
			m.Role, m.Custom = place.Role, place.Custom
			return a.changeMember(ctx, tx, actor, m, "person.role_set")
		}
		if !actor.Operator {
			return errors.Join(
				tx.GrantRole(ctx, store.RoleGrant{ConsoleID: actor.ConsoleID, Email: email, Role: role}, now),
				a.recordMember(ctx, tx, now, actor, "person.role_granted", Member{Membership: place, Person: console.Person{Email: email}}),
			)
		}
		p, err := tx.PersonByEmail(ctx, email)
		if err != nil {
			return found(err, "person.not_found")
		}
		return a.join(ctx, tx, actor, p, place)
	})
}

// placeOf is a membership without its person that has the role, which is built in or one of the console's own that is not archived;
// any other is the fault "person.role".
func placeOf(ctx context.Context, tx *store.Tx, consoleID string, role console.Role) (m console.Membership, err error) {
	m = console.Membership{ConsoleID: consoleID, Role: role}
	if role.Valid() {
		return m, nil
	}
	if m.Custom, err = tx.CustomRole(ctx, consoleID, role); errors.Is(err, store.ErrNone) {
		return m, fault.InvalidField("role", "person.role", nil)
	}
	return m, err
}

// roleToGive is placeOf for a role that the actor wants to give to somebody.
func roleToGive(ctx context.Context, tx *store.Tx, actor console.Actor, role console.Role) (console.Membership, error) {
	m, err := placeOf(ctx, tx, actor.ConsoleID, role)
	if err != nil {
		return m, err
	}
	return m, actor.MayGive(m.Privileges())
}

// join makes the person a member of the actor's console in that place.
func (a *App) join(ctx context.Context, tx *store.Tx, actor console.Actor, p console.Person, place console.Membership) error {
	now := a.Clock.Now()
	place.PersonID = p.ID
	m := Member{Membership: place, Person: p}
	_, err := tx.EndGrant(ctx, store.RoleGrant{ConsoleID: actor.ConsoleID, Email: p.Email})
	return errors.Join(err, tx.SetMembership(ctx, m.Membership, now), a.recordMember(ctx, tx, now, actor, "person.role_set", m))
}

// changeMember gives a member the role and the state that m has. The console keeps an active super admin.
func (a *App) changeMember(ctx context.Context, tx *store.Tx, actor console.Actor, m Member, action string) error {
	ok, err := tx.ChangeMember(ctx, m.Membership)
	if err == nil && !ok {
		err = fault.New(fault.Precondition, "person.last_super_admin", nil)
	}
	return errors.Join(err, a.recordMember(ctx, tx, a.Clock.Now(), actor, action, m))
}

// recordMember writes an event about a person's place in the actor's console; who has not come yet is the e-mail address.
func (a *App) recordMember(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, action string, m Member) error {
	data := map[string]string{"Person": cmp.Or(m.Person.Name, m.Person.Email), "Role": string(m.Role)}
	if m.Custom.ID != "" {
		data["RoleName"] = m.Custom.Name
	}
	return a.record(ctx, tx, now, actor, entry{Action: action, Subject: cmp.Or(m.PersonID, actor.ConsoleID), Data: data})
}

// awaited returns the roles that wait for the e-mail address of a person who has come: none for somebody whose address
// nobody has vouched for, who takes each by its link.
func awaited(ctx context.Context, tx *store.Tx, p console.Person) ([]store.RoleGrant, error) {
	if p.Joined {
		return nil, nil
	}
	return tx.GrantsOf(ctx, p.Email)
}

// takeRoles makes memberships of the roles that were granted to the e-mail address of a person who has come.
func (a *App) takeRoles(ctx context.Context, p console.Person) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		grants, err := awaited(ctx, tx, p)
		for _, g := range grants {
			actor := self(p)
			actor.ConsoleID = g.ConsoleID
			place, none := placeOf(ctx, tx, g.ConsoleID, g.Role)
			if err = errors.Join(err, none); err == nil {
				err = a.join(ctx, tx, actor, p, place)
			}
		}
		return err
	})
}

func memberOf(members []Member, email string) (Member, bool) {
	for _, m := range members {
		if m.Person.Email == email {
			return m, true
		}
	}
	return Member{}, false
}

// Members returns the people of the actor's console. Those who were given a role and have not come yet are their e-mail
// address only.
func (a *App) Members(ctx context.Context, actor console.Actor) (list []Member, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if list, err = tx.Members(ctx, actor.ConsoleID); err != nil {
			return err
		}
		grants, err := tx.RoleGrants(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		for _, g := range grants {
			m, err := invited(ctx, tx, g)
			if err != nil {
				return err
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}
