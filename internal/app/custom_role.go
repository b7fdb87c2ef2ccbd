package app

import (
	"context"
	"errors"
	"slices"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// RoleView is a role that people of a console can have.
type RoleView struct {
	console.Membership     // of nobody: the role with what it may
	Held               int // by how many people, those who were invited included
	MayGive            bool
}

// Own reports whether the console has made the role.
func (r RoleView) Own() bool { return r.Custom.ID != "" }

// Roles returns the roles of the actor's console: the built-in ones, then its own by name.
func (a *App) Roles(ctx context.Context, actor console.Actor) (list []RoleView, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		held, err := tx.RoleHolders(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		own, err := tx.CustomRoles(ctx, actor.ConsoleID)
		add := func(m console.Membership) {
			manages := actor.May(console.ManageUsers) == nil
			list = append(list, RoleView{m, held[m.Role], manages && actor.MayGive(m.Privileges()) == nil})
		}
		for _, r := range console.Roles {
			add(console.Membership{ConsoleID: actor.ConsoleID, Role: r})
		}
		for _, r := range own {
			add(console.Membership{ConsoleID: actor.ConsoleID, Role: r.ID, Custom: r})
		}
		return err
	})
	return list, err
}

// MakeRole makes a role of privileges that the actor has too, and returns it as it is kept. Seeing customers is always one of them.
func (a *App) MakeRole(ctx context.Context, actor console.Actor, name string, privileges []console.Privilege) (r console.CustomRole, err error) {
	now := a.Clock.Now()
	r = console.CustomRole{ConsoleID: actor.ConsoleID, ID: console.Role(a.IDs.New("rol", now)), Name: name, Privileges: privileges}
	if r, err = checkRole(actor, r); err != nil {
		return r, err
	}
	return r, a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
			return err
		}
		if err := nameIsFree(ctx, tx, r); err != nil {
			return err
		}
		return errors.Join(tx.InsertCustomRole(ctx, r, now), a.recordRole(ctx, tx, actor, "person.role_made", r))
	})
}

// ChangeRole gives a role of the console's own another name and other privileges; whoever has it may at once what it says.
func (a *App) ChangeRole(ctx context.Context, actor console.Actor, id console.Role, name string, privileges []console.Privilege) (console.CustomRole, error) {
	r, err := checkRole(actor, console.CustomRole{ConsoleID: actor.ConsoleID, ID: id, Name: name, Privileges: privileges})
	if err != nil {
		return r, err
	}
	return r, a.changeRole(ctx, actor, id, "person.role_changed", func(tx *store.Tx, _ console.CustomRole) (console.CustomRole, error) {
		return r, nameIsFree(ctx, tx, r)
	})
}

// ArchiveRole takes a role of the console's own out of use. It is refused while somebody has it.
func (a *App) ArchiveRole(ctx context.Context, actor console.Actor, id console.Role) error {
	return a.changeRole(ctx, actor, id, "person.role_archived", func(tx *store.Tx, r console.CustomRole) (console.CustomRole, error) {
		held, err := tx.RoleHolders(ctx, actor.ConsoleID)
		if err == nil && held[id] > 0 {
			err = fault.New(fault.Precondition, "role.held", fault.Args{"Name": r.Name, "Count": held[id]})
		}
		r.Archived = true
		return r, err
	})
}

func (a *App) changeRole(
	ctx context.Context, actor console.Actor, id console.Role, action string,
	change func(*store.Tx, console.CustomRole) (console.CustomRole, error),
) error {
	if err := actor.May(console.ManageUsers); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
			return err
		}
		was, err := tx.CustomRole(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "role.not_found")
		}
		if err := actor.MayGive(was.Privileges); err != nil {
			return err
		}
		r, err := change(tx, was)
		if err != nil {
			return err
		}
		if ok, err := tx.ChangeCustomRole(ctx, r); err != nil || !ok {
			return errors.Join(err, fault.New(fault.NotFound, "role.not_found", nil))
		}
		return a.recordRole(ctx, tx, actor, action, r)
	})
}

func checkRole(actor console.Actor, r console.CustomRole) (console.CustomRole, error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return r, err
	}
	r, err := console.CheckCustomRole(r)
	if err != nil {
		return r, err
	}
	return r, actor.MayGive(r.Privileges)
}

// nameIsFree refuses a second role of one name: nobody could tell them apart.
func nameIsFree(ctx context.Context, tx *store.Tx, r console.CustomRole) error {
	own, err := tx.CustomRoles(ctx, r.ConsoleID)
	if slices.ContainsFunc(own, func(o console.CustomRole) bool { return o.ID != r.ID && console.Fold(o.Name) == console.Fold(r.Name) }) {
		return fault.InvalidField("name", "role.taken", fault.Args{"Name": r.Name})
	}
	return err
}

func (a *App) recordRole(ctx context.Context, tx *store.Tx, actor console.Actor, action string, r console.CustomRole) error {
	return a.record(ctx, tx, a.Clock.Now(), actor, entry{Action: action, Subject: string(r.ID), Data: map[string]string{"Name": r.Name}})
}
