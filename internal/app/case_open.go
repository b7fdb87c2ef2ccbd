package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
	"psc/internal/support"
)

// NewCase is what a console brings before the vendor.
type NewCase struct {
	Kind     support.Kind
	Title    string
	Customer string // ID or domain of the customer that it is about; empty: it is about the console
	Text     string
	Files    []support.File
}

// OpenCase opens a support case of the actor's console. What has happened to its customer since changes nothing about it: it
// stays in the console that opened it.
func (a *App) OpenCase(ctx context.Context, actor console.Actor, in NewCase) (c support.Case, err error) {
	if err := actor.May(console.SupportCases); err != nil {
		return c, err
	}
	if !slices.Contains(support.Kinds, in.Kind) {
		return c, fault.InvalidField("kind", "case.kind", nil)
	}
	if in.Title, err = support.CheckTitle(in.Title); err != nil {
		return c, err
	}
	if in.Text, err = support.CheckText(in.Text); err != nil {
		return c, err
	}
	if in.Files, err = support.CheckFiles(in.Files); err != nil {
		return c, err
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		about, err := customerOfCase(ctx, tx, actor.ConsoleID, in.Customer)
		if err != nil {
			return err
		}
		c = a.newCase(now, actor, in.Kind, in.Title, about)
		return a.openCase(ctx, tx, now, actor, &c, in.Text, in.Files)
	})
	return c, err
}

func (a *App) newCase(now time.Time, actor console.Actor, kind support.Kind, title string, about customer.Customer) support.Case {
	return support.Case{
		ConsoleID: actor.ConsoleID, ID: a.IDs.New("cas", now), Kind: kind, Title: title, CustomerID: about.ID, CustomerName: about.Name,
		State: support.Open, OpenedBy: actor.Name, ByOperator: actor.Operator, OpenedAt: now, ChangedAt: now,
	}
}

// openCase writes a new case with what it says. Cases are numbered, so those of a console are opened one after the other.
func (a *App) openCase(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c *support.Case, text string, files []support.File) error {
	if err := tx.LockConsoles(ctx, c.ConsoleID); err != nil {
		return err
	}
	var err error
	if c.Number, err = tx.InsertCase(ctx, *c); err != nil {
		return err
	}
	data, err := caseData(ctx, tx, *c)
	if err != nil {
		return err
	}
	if err := errors.Join(
		a.insertEntry(ctx, tx, now, actor, *c, store.CaseEntry{Text: text, Files: files}),
		a.record(ctx, tx, now, actor, entry{
			Action: "case.opened", Subject: c.ID, Customer: c.CustomerID, Data: data, Asking: c.Kind != support.UndoMigration,
		}),
	); err != nil || !actor.Operator {
		return err
	}
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: c.ConsoleID, Kind: "case.opened", Audience: console.SupportCases, Dedupe: c.ID, Data: data,
	})
}

// customerOfCase finds the customer by ID or domain: a live one, else one that has moved.
func customerOfCase(ctx context.Context, tx *store.Tx, consoleID, typed string) (c customer.Customer, err error) {
	if typed == "" {
		return c, nil
	}
	c, err = tx.Customer(ctx, consoleID, typed)
	if !errors.Is(err, store.ErrNone) {
		return c, err
	}
	ids, err := tx.CustomersEverOfDomain(ctx, consoleID, console.Fold(typed))
	if err != nil {
		return c, err
	}
	var found customer.Customer
	for _, id := range ids {
		if c, err = tx.Customer(ctx, consoleID, id); err != nil {
			return c, err
		}
		if found.ID == "" || c.State == customer.Live {
			found = c
		}
	}
	if found.ID == "" {
		return c, fault.InvalidField("customer", "case.customer_unknown", nil)
	}
	return found, nil
}

// insertEntry adds to the thread of a case.
func (a *App) insertEntry(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, c support.Case, e store.CaseEntry) error {
	e.ConsoleID, e.ID, e.CaseID, e.At = c.ConsoleID, a.IDs.New("cse", now), c.ID, now
	e.By, e.ByOperator = actor.Name, actor.Operator
	for i := range e.Files {
		e.Files[i].ID = cmp.Or(e.Files[i].ID, a.IDs.New("csf", now))
	}
	return tx.InsertCaseEntry(ctx, e)
}

// caseData is what events and notices say of a case.
func caseData(ctx context.Context, tx *store.Tx, c support.Case) (map[string]string, error) {
	at, err := tx.Console(ctx, c.ConsoleID)
	return map[string]string{"Case": c.Reference(at.AccountID), "Title": c.Title, "CaseKind": string(c.Kind), "Path": "/cases/" + c.ID}, err
}
