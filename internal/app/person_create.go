package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// CreatePerson adds a person, who signs in once a password is set. Only operators do.
func (a *App) CreatePerson(ctx context.Context, actor console.Actor, p console.Person) (console.Person, error) {
	if err := actor.MayOperate(); err != nil {
		return p, err
	}
	p, err := console.CheckPerson(p)
	if err != nil {
		return p, err
	}
	if err := (Preferences{Language: &p.Language, TimeZone: &p.TimeZone, Theme: &p.Theme}).check(); err != nil {
		return p, err
	}
	now := a.Clock.Now()
	p.ID, p.PasswordHash, p.CreatedAt = a.IDs.New("per", now), "", now
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		err := tx.InsertPerson(ctx, p)
		if tx.Duplicate(err) {
			return fault.New(fault.Conflict, "person.exists", fault.Args{"Email": p.Email})
		}
		return err
	})
	return p, err
}

// SetRole gives the person of the e-mail address the role in the actor's console, in place of the one before. A console
// keeps at least one super admin.
func (a *App) SetRole(ctx context.Context, actor console.Actor, email string, role console.Role) error {
	if err := actor.May(console.ManageUsers); err != nil {
		return err
	}
	if !role.Valid() {
		return fault.InvalidField("role", "person.role", nil)
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
			return err
		}
		p, err := tx.PersonByEmail(ctx, console.Fold(email))
		if err != nil {
			return found(err, "person.not_found")
		}
		members, err := tx.Members(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		if isLastSuperAdmin(members, p.ID) && role != console.RoleSuperAdmin {
			return fault.New(fault.Precondition, "person.last_super_admin", nil)
		}
		m := console.Membership{ConsoleID: actor.ConsoleID, PersonID: p.ID, Role: role}
		if err := tx.SetMembership(ctx, m, now); err != nil {
			return err
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "person.role_set", Subject: p.ID, Data: map[string]string{"Person": p.Name, "Role": string(role)},
		})
	})
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

// Members returns the people of the actor's console.
func (a *App) Members(ctx context.Context, actor console.Actor) (list []Member, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Members(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}
