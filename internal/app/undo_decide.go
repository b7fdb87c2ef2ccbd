package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
	"psc/internal/support"
)

// UndoApproval is what the operator decides when a migration is undone.
type UndoApproval struct {
	Accounts map[string]string // of the receiving console, by subscription; without one, what is suggested
	Consent  support.Consent
	Reason   string // how the other side agreed, or why it is done without
	Entities bool   // the changes of legal entity are confirmed
	Seen     string // the UndoView's; empty: whatever it is now
	Check    bool   // write nothing: only say whether it would be refused
}

// ApproveUndo undoes the move that a case asks for, today, in one transaction: a migration of kind UNDO with its own billing
// brings the customer back, and its record comes alive again under the same ID (spec M10, M13). It is the move of every run,
// from the console that has the customer to the one that had it; their connection may have ended long ago.
func (a *App) ApproveUndo(ctx context.Context, actor console.Actor, caseID string, in UndoApproval) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	if !slices.Contains(support.Consents, in.Consent) {
		return fault.InvalidField("consent", "undo.consent", nil)
	}
	reason, err := support.CheckReason(in.Reason)
	if err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := a.undoToDecide(ctx, tx, actor, caseID)
		if err != nil {
			return err
		}
		if err := a.checkUndo(ctx, tx, now, &v, in); err != nil || in.Check {
			return err
		}
		if err := a.undo(ctx, tx, now, &v); err != nil {
			return err
		}
		v.Decided = support.Decided{
			Decision: support.Approved, Consent: in.Consent, Reason: reason, BillingDate: a.billingDate(now), At: now,
		}
		return a.decide(ctx, tx, now, actor, &v)
	})
}

// RejectUndo leaves everything as it is, with the reason.
func (a *App) RejectUndo(ctx context.Context, actor console.Actor, caseID, reason string) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	reason, err := support.CheckReason(reason)
	if err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := a.undoToDecide(ctx, tx, actor, caseID)
		if err != nil {
			return err
		}
		v.Decided = support.Decided{Decision: support.Rejected, Reason: reason, At: now}
		return a.decide(ctx, tx, now, actor, &v)
	})
}

// undoToDecide loads what nobody has decided yet.
func (a *App) undoToDecide(ctx context.Context, tx *store.Tx, actor console.Actor, caseID string) (v UndoView, err error) {
	if err := v.load(ctx, tx, actor, caseID); err != nil {
		return v, err
	}
	if v.Decision != "" || !v.Case.Going() {
		return v, fault.New(fault.Conflict, "undo.decided", nil)
	}
	return v, nil
}

// checkUndo refuses what cannot be undone, or was not confirmed as it is now.
func (a *App) checkUndo(ctx context.Context, tx *store.Tx, now time.Time, v *UndoView, in UndoApproval) error {
	refused, err := v.check(ctx, tx, a.billingDate(now))
	if err := errors.Join(err, refused); err != nil {
		return err
	}
	if err := v.plan(ctx, tx, in.Accounts); err != nil {
		return err
	}
	for _, r := range v.Rows {
		if wanted := in.Accounts[r.ID]; r.Chosen.ID == "" || wanted != "" && wanted != r.Chosen.ID {
			return fault.InvalidField("account:"+r.ID, "undo.account", fault.Args{"SKU": r.SKU.Name})
		}
	}
	switch {
	case in.Seen != "" && in.Seen != v.Seen:
		return fault.New(fault.Conflict, "undo.changed", nil)
	case v.Changes() > 0 && !in.Entities:
		return fault.InvalidField("entities", "undo.entity_unconfirmed", fault.Args{"Number": v.Changes()})
	}
	return nil
}

// undo moves the customer back.
func (a *App) undo(ctx context.Context, tx *store.Tx, now time.Time, v *UndoView) error {
	m := migration.Migration{
		ID: a.IDs.New("mig", now), ConnectionID: v.Answers.ConnectionID, FromID: v.ToID, ToID: v.FromID,
		CustomerID: v.Answers.CustomerID, StartedAt: now, Answers: v.MigrationID, RunID: a.IDs.New("op", now),
	}
	v.UndoID = m.ID
	if ok, err := tx.TouchFree(ctx, m.FromID, m.CustomerID); err != nil || !ok {
		return orTooLate(err)
	}
	if ok, err := tx.InsertUndo(ctx, m); err != nil || !ok {
		return orTooLate(err)
	}
	choices := store.Choices{Own: map[string]string{}}
	for _, r := range v.Rows {
		choices.Own[r.ID] = r.Chosen.ID
	}
	scope := store.Scope{IDs: []string{m.ID}}
	if _, err := tx.StoreChoices(ctx, m.ToID, m.FromID, m.ConnectionID, scope, choices); err != nil {
		return err
	}
	d, ids := a.billingDate(now), []string{m.CustomerID}
	if err := errors.Join(a.renewMoving(ctx, tx, now, m.FromID, ids, d), a.repriceMoving(ctx, tx, now, m.FromID, ids, d)); err != nil {
		return err
	}
	op := store.Operation{ConsoleID: m.ToID, SourceID: m.FromID}
	good, back, err := a.sortItems(ctx, tx, op, []store.RunItem{{MigrationID: m.ID, CustomerID: m.CustomerID}}, "")
	if err != nil {
		return err
	}
	if len(back) > 0 {
		return fault.New(fault.Precondition, "undo.not_ready", fault.Args{"Reason": fault.Word("readiness.short." + string(back[0].Reason))})
	}
	if err := tx.MoveCustomers(ctx, m.ToID, m.FromID, good, d, now); err != nil {
		return err
	}
	if err := keepUndoRun(ctx, tx, m, d); err != nil {
		return err
	}
	return errors.Join(
		evaluateNamesakes(ctx, tx, now, m.ToID, m.FromID, ids),
		evaluateNamesakes(ctx, tx, now, m.FromID, m.ToID, ids), // whose domain is free again
		a.evaluateCustomers(ctx, tx, now, m.ToID, ids),
	)
}

// keepUndoRun writes down an undo as a run of one customer, which is over, so that it has its report like every other (spec M12).
func keepUndoRun(ctx context.Context, tx *store.Tx, m migration.Migration, d civil.Date) error {
	op := newRun(m.RunID, m.ToID, m.FromID, m.ConnectionID, m.StartedAt)
	op.Total = 1
	if err := tx.InsertOperation(ctx, op); err != nil {
		return err
	}
	if ok, err := tx.AdvanceOperation(ctx, op, 2, 1, 0, d); err != nil || !ok {
		return orTooLate(err)
	}
	ok, err := tx.SetOperationState(ctx, op.ConsoleID, op.ID, store.OperationRunning, store.OperationDone, m.StartedAt)
	if err != nil || !ok {
		return orTooLate(err)
	}
	return nil
}

// decide writes the decision, resolves the case, and tells who it concerns: of an undo both consoles, of a rejection the one
// that asked.
func (a *App) decide(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, v *UndoView) error {
	if ok, err := tx.DecideUndo(ctx, v.Undo); err != nil || !ok {
		return orTooLate(err)
	}
	data, err := caseData(ctx, tx, v.Case)
	if err != nil {
		return err
	}
	data["Reason"], data["Customer"] = v.Reason, v.Answers.CustomerName
	e := entry{Action: "case.undo_rejected", Subject: v.Case.ID, Customer: v.Answers.CustomerID, Data: data}
	if v.Decision == support.Approved {
		delete(data, "Case") // the other console knows nothing of it
		delete(data, "Title")
		delete(data, "CaseKind")
		delete(data, "Path")
		data["Date"] = v.BillingDate.String()
		e.Subject, e.Other, e.Action = v.UndoID, v.Other(), "migration.undone"
		if v.Consent == support.Without {
			e.Action = "migration.undone_without"
		}
	}
	if err := a.record(ctx, tx, now, actor, e); err != nil {
		return err
	}
	said := store.CaseEntry{}
	if v.Decision == support.Rejected {
		said.Text = v.Reason
	}
	if err := a.moveCase(ctx, tx, now, actor, &v.Case, support.Resolve, said); err != nil || v.Decision == support.Rejected {
		return err
	}
	for _, id := range []string{v.FromID, v.ToID} {
		err = errors.Join(err, a.notify(ctx, tx, now, store.Notice{
			ConsoleID: id, Kind: "migration.undone", Audience: console.ViewCustomers, Dedupe: v.UndoID,
			Data: map[string]string{
				"Customer": v.Answers.CustomerName, "Date": v.BillingDate.String(), "Path": "/customers/" + v.Answers.CustomerID,
			},
		}))
	}
	return err
}
