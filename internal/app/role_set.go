package app

import (
	"context"
	"errors"

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
	if !role.Valid() {
		return fault.InvalidField("role", "person.role", nil)
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
		p, known := memberOf(members, email)
		if !known && !actor.Operator {
			return errors.Join(
				tx.GrantRole(ctx, store.RoleGrant{ConsoleID: actor.ConsoleID, Email: email, Role: role}, now),
				a.record(ctx, tx, now, actor, entry{
					Action: "person.role_granted", Subject: actor.ConsoleID, Data: map[string]string{"Person": email, "Role": string(role)},
				}),
			)
		}
		if !known {
			if p, err = tx.PersonByEmail(ctx, email); err != nil {
				return found(err, "person.not_found")
			}
		}
		if isLastSuperAdmin(members, p.ID) && role != console.RoleSuperAdmin {
			return fault.New(fault.Precondition, "person.last_super_admin", nil)
		}
		return a.join(ctx, tx, actor, p, role)
	})
}

// join makes the person a member of the actor's console with the role.
func (a *App) join(ctx context.Context, tx *store.Tx, actor console.Actor, p console.Person, role console.Role) error {
	now := a.Clock.Now()
	m := console.Membership{ConsoleID: actor.ConsoleID, PersonID: p.ID, Role: role}
	return errors.Join(
		tx.SetMembership(ctx, m, now),
		tx.EndGrant(ctx, store.RoleGrant{ConsoleID: actor.ConsoleID, Email: p.Email}),
		a.record(ctx, tx, now, actor, entry{
			Action: "person.role_set", Subject: p.ID, Data: map[string]string{"Person": p.Name, "Role": string(role)},
		}),
	)
}

// takeRoles makes memberships of the roles that were granted to the e-mail address of a person who has come.
func (a *App) takeRoles(ctx context.Context, p console.Person) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		grants, err := tx.GrantsOf(ctx, p.Email)
		for _, g := range grants {
			actor := self(p)
			actor.ConsoleID = g.ConsoleID
			err = errors.Join(err, a.join(ctx, tx, actor, p, g.Role))
		}
		return err
	})
}

func memberOf(members []Member, email string) (console.Person, bool) {
	for _, m := range members {
		if m.Person.Email == email {
			return m.Person, true
		}
	}
	return console.Person{}, false
}

func isLastSuperAdmin(members []Member, personID string) bool {
	is, others := false, 0
	for _, m := range members {
		if m.Role == console.RoleSuperAdmin {
			if m.PersonID == personID {
				is = true
			} else {
				others++
			}
		}
	}
	return is && others == 0
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
		for _, g := range grants {
			list = append(list, Member{
				Membership: console.Membership{ConsoleID: g.ConsoleID, Role: g.Role}, Person: console.Person{Email: g.Email},
			})
		}
		return err
	})
	return list, err
}
