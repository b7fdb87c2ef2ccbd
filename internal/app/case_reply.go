package app

import (
	"context"
	"errors"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
	"psc/internal/support"
)

// ReplyCase adds a message to a case; one that was resolved goes on.
func (a *App) ReplyCase(ctx context.Context, actor console.Actor, id, text string, files []support.File) error {
	return a.writeCase(ctx, actor, id, support.Reply, text, files)
}

// NoteCase adds a note that only operators read.
func (a *App) NoteCase(ctx context.Context, actor console.Actor, id, text string, files []support.File) error {
	return a.writeCase(ctx, actor, id, support.Note, text, files)
}

// ActOnCase resolves, closes or reopens a case; an operator takes it, or gives it back to the queue.
func (a *App) ActOnCase(ctx context.Context, actor console.Actor, id string, action support.Action) error {
	if action == support.Reply || action == support.Note {
		return fault.New(fault.Invalid, "case.action", nil)
	}
	return a.changeCase(ctx, actor, id, action, store.CaseEntry{})
}

func (a *App) writeCase(ctx context.Context, actor console.Actor, id string, action support.Action, text string, files []support.File) error {
	text, err := support.CheckText(text)
	if err != nil {
		return err
	}
	if files, err = support.CheckFiles(files); err != nil {
		return err
	}
	return a.changeCase(ctx, actor, id, action, store.CaseEntry{Text: text, Files: files})
}

func (a *App) changeCase(ctx context.Context, actor console.Actor, id string, action support.Action, e store.CaseEntry) error {
	if err := actor.May(console.SupportCases); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Case(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "case.not_found")
		}
		return a.moveCase(ctx, tx, now, actor, &c, action, e)
	})
}

// moveCase does an action to a case as it was read, and tells of it.
func (a *App) moveCase(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c *support.Case, action support.Action, e store.CaseEntry) error {
	was := *c
	next, err := c.Next(action, actor)
	if err != nil {
		return err
	}
	c.State = next
	switch action { //nolint:exhaustive // the others do not change who has it
	case support.Assign:
		if actor.PersonID == "" { // whoever runs the program on the server's machine
			return fault.New(fault.Invalid, "case.nobody", nil)
		}
		c.AssigneeID, c.Assignee = actor.PersonID, actor.Name
	case support.Release:
		c.AssigneeID, c.Assignee = "", ""
	}
	if ok, err := tx.ChangeCase(ctx, *c, was, now); err != nil || !ok {
		return orTooLate(err)
	}
	e.Action, e.Internal = action, internal(action)
	return errors.Join(a.insertEntry(ctx, tx, now, actor, *c, e), a.tellCase(ctx, tx, now, actor, *c, action))
}

// internal reports whether only operators learn of an action.
func internal(action support.Action) bool {
	return action == support.Note || action == support.Assign || action == support.Release
}

// caseEvents are the events that the actions leave.
var caseEvents = map[support.Action]string{
	support.Reply: "case.replied", support.Note: "case.noted", support.Resolve: "case.resolved", support.Close: "case.closed",
	support.Reopen: "case.reopened", support.Assign: "case.assigned", support.Release: "case.released",
}

// caseNotice is the notice of an event of a case. That the vendor has rejected what a case asks for is not that it is resolved.
func caseNotice(ctx context.Context, tx *store.Tx, c support.Case, e entry) (string, error) {
	if e.Action != caseEvents[support.Resolve] || c.Kind != support.UndoMigration {
		return e.Action, nil
	}
	u, err := tx.CaseUndo(ctx, c.ConsoleID, c.ID)
	if u.Decision == support.Rejected {
		e.Data["Reason"] = u.Reason
		return "case.undo_rejected", err
	}
	return e.Action, err
}

// tellCase leaves the event of an action in the trail of whoever may know, and tells the console what an operator did.
func (a *App) tellCase(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c support.Case, action support.Action) error {
	data, err := caseData(ctx, tx, c)
	if err != nil {
		return err
	}
	e := entry{Action: caseEvents[action], Subject: c.ID, Customer: c.CustomerID, Data: data, Asking: true}
	if internal(action) {
		return a.recordForVendor(ctx, tx, now, actor, e)
	}
	if err := a.record(ctx, tx, now, actor, e); err != nil || !actor.Operator {
		return err
	}
	kind, err := caseNotice(ctx, tx, c, e)
	if err != nil {
		return err
	}
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: c.ConsoleID, Kind: kind, Audience: console.SupportCases, Dedupe: a.IDs.New("cse", now), Data: data,
	})
}
