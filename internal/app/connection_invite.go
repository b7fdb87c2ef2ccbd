package app

import (
	"context"
	"time"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/store"
)

// InviteConsole invites the console of the typed account ID to become a source of the actor's console (spec C2).
func (a *App) InviteConsole(ctx context.Context, actor console.Actor, typed string) (c connection.Connection, err error) {
	if err := actor.May(console.SuperAdmin); err != nil {
		return c, err
	}
	accountID, err := console.ParseAccountID(typed)
	if err != nil {
		return c, err
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		source, err := tx.ConsoleByAccountID(ctx, accountID)
		if err != nil {
			return found(err, "connection.invite.unknown")
		}
		if err := tx.LockConsoles(ctx, actor.ConsoleID, source.ID); err != nil {
			return err
		}
		if err := a.expireDue(ctx, tx, now, source.ID); err != nil {
			return err
		}
		standing, err := tx.Standing(ctx, actor.ConsoleID, source.ID, "", now, a.Wall.Now())
		if err != nil {
			return err
		}
		if err := connection.CheckInvite(standing); err != nil {
			return err
		}
		c = connection.Connection{
			ID: a.IDs.New("con", now), MainID: actor.ConsoleID, SourceID: source.ID, State: connection.Invited,
			InvitedByID: actor.PersonID, InvitedByName: actor.Name, InvitedAt: now, SentAt: a.Wall.Now(), ExpiresAt: now.Add(a.Config.Terms.InviteLife),
		}
		if err := tx.InsertConnection(ctx, c); err != nil {
			return err
		}
		return a.tellInvited(ctx, tx, actor, c)
	})
	return c, err
}

func (a *App) tellInvited(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection) error {
	data, err := endsOf(c).tell(ctx, tx, map[string]string{"Path": "/unification/" + c.ID})
	if err != nil {
		return err
	}
	if err := a.record(ctx, tx, c.InvitedAt, actor, entry{
		Action: "connection.invited", Subject: c.ID, Other: c.SourceID, As: connection.Main, Data: data,
	}); err != nil {
		return err
	}
	data["Person"] = actor.Name // for the invited only, not for its trail
	return a.notify(ctx, tx, c.InvitedAt, store.Notice{
		ConsoleID: c.SourceID, Kind: "connection.invited", Audience: console.SuperAdmin, Dedupe: c.ID + "/invited", Data: data,
	})
}

// expireDue writes the expiry of the console's invitations whose time is over (spec C5).
func (a *App) expireDue(ctx context.Context, tx *store.Tx, now time.Time, consoleID string) error {
	invites, err := tx.PendingInvites(ctx, consoleID)
	if err != nil {
		return err
	}
	for _, c := range invites {
		if c.At(now) != connection.Expired {
			continue
		}
		if err := a.expire(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// expire writes that an invitation expired, at the moment when it did, and tells both sides.
func (a *App) expire(ctx context.Context, tx *store.Tx, c connection.Connection) error {
	c.State, c.EndedAt = connection.Expired, c.ExpiresAt
	ok, err := tx.EndConnection(ctx, c, connection.Invited)
	if err != nil || !ok {
		return err
	}
	data, err := endsOf(c).tell(ctx, tx, map[string]string{"Path": "/unification"})
	if err != nil {
		return err
	}
	if err := a.record(ctx, tx, c.EndedAt, system(c.MainID), entry{
		Action: "connection.expired", Subject: c.ID, Other: c.SourceID, Data: data,
	}); err != nil {
		return err
	}
	return a.notify(ctx, tx, c.EndedAt, store.Notice{
		ConsoleID: c.MainID, Kind: "connection.expired", Audience: console.SuperAdmin, Dedupe: c.ID + "/expired", Data: data,
	})
}
