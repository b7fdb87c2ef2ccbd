package app

import (
	"context"
	"slices"

	"psc/internal/console"
	"psc/internal/store"
	"psc/internal/support"
)

// CaseEntry is something that was said or done in a support case.
type CaseEntry = store.CaseEntry

// QueuedCase is a case with the console that it is of.
type QueuedCase = store.QueuedCase

// CaseTab is a part of a list of cases.
type CaseTab string

// The parts of the lists: those of a console, and the operators' queue over all.
const (
	CasesOpen     CaseTab = "open"
	CasesPartner  CaseTab = "partner"  // that wait for the console
	CasesOperator CaseTab = "operator" // that wait for an operator
	CasesMine     CaseTab = "mine"     // that the operator who asks has taken
	CasesResolved CaseTab = "done"
	CasesClosed   CaseTab = "closed"
	CasesAll      CaseTab = "all"
)

// CaseTabs are those of a console's list, QueueTabs those of the operators' queue.
var (
	CaseTabs  = []CaseTab{CasesOpen, CasesPartner, CasesResolved, CasesClosed, CasesAll}
	QueueTabs = []CaseTab{CasesOperator, CasesMine, CasesPartner, CasesResolved, CasesClosed, CasesAll}
)

var caseTabStates = map[CaseTab][]support.State{
	CasesOpen:     {support.Open, support.Operator, support.Partner},
	CasesPartner:  {support.Partner},
	CasesOperator: {support.Open, support.Operator},
	CasesMine:     {support.Open, support.Operator, support.Partner},
	CasesResolved: {support.Resolved},
	CasesClosed:   {support.Closed},
	CasesAll:      support.States,
}

// Valid reports whether there is such a part.
func (t CaseTab) Valid() bool { return caseTabStates[t] != nil }

// Cases returns one page of the console's cases, the newest first, before an ID, and whether there is more. With a customer,
// those about it.
func (a *App) Cases(ctx context.Context, actor console.Actor, tab CaseTab, customerID, before string, limit int) (list []support.Case, more bool, err error) {
	if err := actor.May(console.SupportCases); err != nil {
		return nil, false, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		filter := store.CaseFilter{States: caseTabStates[tab], CustomerID: customerID}
		list, err = tx.Cases(ctx, actor.ConsoleID, filter, before, limit+1)
		return err
	})
	return list[:min(len(list), limit)], len(list) > limit, err
}

// CaseQueue returns one page of the cases of all consoles for an operator, the oldest first, after an ID, and whether there is
// more.
func (a *App) CaseQueue(ctx context.Context, actor console.Actor, tab CaseTab, after string, limit int) (list []QueuedCase, more bool, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, false, err
	}
	filter := store.CaseFilter{States: caseTabStates[tab]}
	if tab == CasesMine {
		filter.AssigneeID = actor.PersonID
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.CaseQueue(ctx, filter, after, limit+1)
		return err
	})
	return list[:min(len(list), limit)], len(list) > limit, err
}

// CaseThread is a case with what was said in it, as the actor may read it.
type CaseThread struct {
	support.Case

	Console console.Console
	Undo    store.Undo // of a case that asks for one
	Entries []CaseEntry
	Actions []support.Action // that the actor may do now
}

// May reports whether the actor may do the action now.
func (t CaseThread) May(action support.Action) bool {
	return slices.Contains(t.Actions, action)
}

// Case returns a case of the actor's console, by its ID or number.
func (a *App) Case(ctx context.Context, actor console.Actor, id string) (t CaseThread, err error) {
	if err := actor.May(console.SupportCases); err != nil {
		return t, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		t = CaseThread{}
		if t.Case, err = tx.Case(ctx, actor.ConsoleID, id); err != nil {
			return found(err, "case.not_found")
		}
		if t.Console, err = tx.Console(ctx, actor.ConsoleID); err != nil {
			return err
		}
		if t.Kind == support.UndoMigration {
			if t.Undo, err = tx.CaseUndo(ctx, actor.ConsoleID, t.ID); err != nil {
				return err
			}
		}
		t.Entries, err = tx.CaseEntries(ctx, actor.ConsoleID, t.ID, actor.Operator)
		return err
	})
	for i := range t.Entries {
		if t.Entries[i].ByOperator && !actor.Operator {
			t.Entries[i].By = "" // the vendor's people have no names outside
		}
	}
	if !actor.Operator {
		t.AssigneeID, t.Assignee = "", ""
		if t.ByOperator {
			t.OpenedBy = ""
		}
	}
	for _, action := range support.Actions {
		if _, refused := t.Next(action, actor); refused == nil && t.useful(action, actor) {
			t.Actions = append(t.Actions, action)
		}
	}
	return t, err
}

// useful reports whether the action would change anything.
func (t CaseThread) useful(action support.Action, actor console.Actor) bool {
	switch action { //nolint:exhaustive // the others always do
	case support.Assign:
		return t.Assignee == "" || t.AssigneeID != actor.PersonID
	case support.Release:
		return t.Assignee != ""
	}
	return true
}

// CaseFile returns a file of a case with its bytes.
func (a *App) CaseFile(ctx context.Context, actor console.Actor, caseID, id string) (f support.File, err error) {
	if err := actor.May(console.SupportCases); err != nil {
		return f, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		f, err = tx.CaseFile(ctx, actor.ConsoleID, caseID, id, actor.Operator)
		return found(err, "case.file_not_found")
	})
	return f, err
}
