package app

import (
	"context"
	"strings"
	"time"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/store"
)

// AcceptConnection accepts an invitation that the actor's console received (spec C4). The waiting period begins; the
// console's other received invitations are declined and its own sent ones cancelled.
func (a *App) AcceptConnection(ctx context.Context, actor console.Actor, id string) (c connection.Connection, err error) {
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = tx.Connection(ctx, actor.ConsoleID, id); err != nil {
			return found(err, "connection.not_found")
		}
		if err := tx.LockConsoles(ctx, c.MainID, c.SourceID); err != nil {
			return err
		}
		if err := a.expireDue(ctx, tx, now, c.SourceID); err != nil {
			return err
		}
		if c.State, err = c.Next(connection.Accept, actor, now); err != nil {
			return err
		}
		standing, err := tx.Standing(ctx, c.MainID, c.SourceID, c.ID, now, a.Wall.Now())
		if err != nil {
			return err
		}
		if err := connection.CheckAccept(standing); err != nil {
			return err
		}
		c.AcceptedAt, c.MayStartAt = now, now.Add(a.Config.Terms.Waiting)
		if ok, err := tx.AcceptConnection(ctx, c); err != nil || !ok {
			return orTooLate(err)
		}
		if err := a.endOtherInvites(ctx, tx, now, c); err != nil {
			return err
		}
		if err := a.tellAccepted(ctx, tx, actor, c); err != nil {
			return err
		}
		return a.requestEvaluation(ctx, tx, c)
	})
	return c, err
}

func (a *App) tellAccepted(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection) error {
	data, err := endsOf(c).tell(ctx, tx, map[string]string{"Path": "/unification/" + c.ID})
	if err != nil {
		return err
	}
	if err := a.record(ctx, tx, c.AcceptedAt, actor, entry{
		Action: "connection.accepted", Subject: c.ID, Other: c.MainID, As: connection.Source, Data: data,
	}); err != nil {
		return err
	}
	return a.notify(ctx, tx, c.AcceptedAt, store.Notice{
		ConsoleID: c.MainID, Kind: "connection.accepted", Audience: console.SuperAdmin, Dedupe: c.ID + "/accepted", Data: data,
	})
}

// endOtherInvites ends what else the new source had open, each side told no more than it may know (spec C4).
func (a *App) endOtherInvites(ctx context.Context, tx *store.Tx, now time.Time, accepted connection.Connection) error {
	invites, err := tx.PendingInvites(ctx, accepted.SourceID)
	if err != nil {
		return err
	}
	for _, c := range invites {
		if c.ID == accepted.ID {
			continue
		}
		c.State, c.Reason = connection.Declined, connection.ReasonConnectedElsewhere
		if c.MainID == accepted.SourceID {
			c.State, c.Reason = connection.Cancelled, connection.ReasonBecameSource
		}
		c.EndedAt = now
		if err := a.end(ctx, tx, system(accepted.SourceID), c, connection.Invited, ""); err != nil {
			return err
		}
	}
	return nil
}

// Acceptance returns the event with which the actor's console accepted the connection, as its own trail has it.
func (a *App) Acceptance(ctx context.Context, actor console.Actor, id string) (e Event, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "connection.not_found")
		}
		e, err = tx.EventOf(ctx, actor.ConsoleID, c.ID, "connection.accepted")
		return found(err, "connection.not_found")
	})
	return e, err
}

// DeclineConnection declines an invitation that the actor's console received.
func (a *App) DeclineConnection(ctx context.Context, actor console.Actor, id string) error {
	return a.endByHand(ctx, actor, id, connection.Decline, connection.Invited)
}

// CancelInvite takes back an invitation that the actor's console sent.
func (a *App) CancelInvite(ctx context.Context, actor console.Actor, id string) error {
	return a.endByHand(ctx, actor, id, connection.Cancel, connection.Invited)
}

func (a *App) endByHand(ctx context.Context, actor console.Actor, id string, action connection.Action, from connection.State) error {
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if c.State, err = c.Next(action, actor, now); err != nil {
			return err
		}
		c.EndedAt, c.EndedBy = now, c.SideOf(actor.ConsoleID)
		return a.end(ctx, tx, actor, c, from, "")
	})
}

// end writes the end of a connection and tells the other side. The event gets the ID, if there is one.
func (a *App) end(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection, from connection.State, event string) error {
	if ok, err := tx.EndConnection(ctx, c, from); err != nil || !ok {
		return orTooLate(err)
	}
	other := c.Other(actor.ConsoleID)
	kind := "connection." + strings.ToLower(string(c.State))
	data, err := endsOf(c).tell(ctx, tx, map[string]string{"Path": "/unification/" + c.ID})
	if err != nil {
		return err
	}
	if err := a.record(ctx, tx, c.EndedAt, actor, entry{
		ID: event, Action: kind, Subject: c.ID, Other: other, As: c.SideOf(actor.ConsoleID), Data: data,
	}); err != nil {
		return err
	}
	// Either side may have closed it: who is told is told by which.
	if c.State == connection.Closed {
		kind += "_by_" + string(c.SideOf(actor.ConsoleID))
	}
	return a.notify(ctx, tx, c.EndedAt, store.Notice{
		ConsoleID: other, Kind: kind, Audience: console.SuperAdmin, Dedupe: c.ID + "/" + kind, Data: data,
	})
}

// orTooLate returns err, or that somebody was faster if there is none.
func orTooLate(err error) error {
	if err != nil {
		return err
	}
	return tooLate()
}
