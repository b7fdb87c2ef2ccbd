package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// Member returns a member of the actor's console, for who manages people.
func (a *App) Member(ctx context.Context, actor console.Actor, personID string) (m Member, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return m, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		m, err = member(ctx, tx, actor, personID)
		return err
	})
	return m, err
}

func member(ctx context.Context, tx *store.Tx, actor console.Actor, personID string) (Member, error) {
	members, err := tx.Members(ctx, actor.ConsoleID)
	if err != nil {
		return Member{}, err
	}
	for _, m := range members {
		if m.PersonID == personID {
			return m, nil
		}
	}
	return Member{}, fault.New(fault.NotFound, "person.not_found", nil)
}

// SuspendMember closes the actor's console to the person until it is opened again. What the person did stays.
func (a *App) SuspendMember(ctx context.Context, actor console.Actor, personID string) error {
	return a.setMemberState(ctx, actor, personID, console.MemberSuspended, "person.suspended")
}

// ReactivateMember opens the actor's console to the person again, with the role from before.
func (a *App) ReactivateMember(ctx context.Context, actor console.Actor, personID string) error {
	return a.setMemberState(ctx, actor, personID, console.MemberActive, "person.reactivated")
}

// RemoveMember ends the person's place in the actor's console. What the person did stays under the person's name.
func (a *App) RemoveMember(ctx context.Context, actor console.Actor, personID string) error {
	return a.setMemberState(ctx, actor, personID, console.MemberRemoved, "person.removed")
}

func (a *App) setMemberState(ctx context.Context, actor console.Actor, personID string, state console.MemberState, action string) error {
	if err := actor.May(console.ManageUsers); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
			return err
		}
		m, err := member(ctx, tx, actor, personID)
		if err != nil || m.State == state {
			return err
		}
		if err := actor.MayGive(m.Privileges()); err != nil {
			return err
		}
		m.State = state
		return a.changeMember(ctx, tx, actor, m, action)
	})
}
