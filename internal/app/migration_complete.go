package app

import (
	"context"
	"strconv"
	"time"

	"psc/internal/billing"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// Completion is what a person of the main has decided: which started migrations go on, and to which accounts.
type Completion struct {
	ConnectionID string
	Scope        store.Scope // migration IDs, or all started ones that match a search
	Choices      store.Choices
	// Confirmed is the EntityToken of the changes of legal entity that the person has seen and confirmed (spec M4).
	Confirmed string
}

// CompleteMigrations makes the started migrations of the scope MIGRATING and begins the run that moves them (spec M6).
// It refuses, and writes nothing, if a subscription has no account that is usable and fits ("migration.choice_missing"),
// or if other legal entities would change than were confirmed ("migration.entity_unconfirmed").
func (a *App) CompleteMigrations(ctx context.Context, actor console.Actor, in Completion) (op store.Operation, err error) {
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := a.settle(ctx, tx, actor, in)
		if err != nil {
			return err
		}
		op = newRun(a.IDs.New("op", now), c.MainID, c.SourceID, c.ID, now)
		op.StartedByID, op.StartedBy = actor.PersonID, actor.Name
		if op.Total, err = tx.BeginRun(ctx, c.MainID, c.SourceID, c.ID, op.ID, in.Scope); err != nil {
			return err
		}
		if op.Total == 0 {
			return fault.New(fault.Conflict, "migration.none_to_complete", nil)
		}
		return a.beginRun(ctx, tx, actor, op)
	})
	return op, err
}

// settle checks what a completion says and stores its choices.
func (a *App) settle(ctx context.Context, tx *store.Tx, actor console.Actor, in Completion) (connection.Connection, error) {
	c, err := a.connectionToMove(ctx, tx, actor, in.ConnectionID)
	if err != nil {
		return c, err
	}
	if err := checkChoices(ctx, tx, c, in); err != nil {
		return c, err
	}
	_, err = tx.StoreChoices(ctx, c.MainID, c.SourceID, c.ID, in.Scope, in.Choices)
	return c, err
}

// connectionToMove is connectionOfMain for a transaction that must not meet the end of the connection.
func (a *App) connectionToMove(ctx context.Context, tx *store.Tx, actor console.Actor, id string) (connection.Connection, error) {
	c, err := a.connectionOfMain(ctx, tx, actor, id)
	if err != nil {
		return c, err
	}
	return c, touchToMove(ctx, tx, actor, c)
}

func newRun(id, mainID, sourceID, connectionID string, now time.Time) store.Operation {
	return store.Operation{
		ConsoleID: mainID, ID: id, Kind: store.CompleteMigrations, State: store.OperationRunning,
		ConnectionID: connectionID, SourceID: sourceID, NextSeq: 1, StartedAt: now,
	}
}

// beginRun stores a run whose members are numbered, and enqueues its first chunk.
func (a *App) beginRun(ctx context.Context, tx *store.Tx, actor console.Actor, op store.Operation) error {
	if err := tx.InsertOperation(ctx, op); err != nil {
		return err
	}
	if err := a.recordRun(ctx, tx, actor, op, "migration.run_started", op.Total); err != nil {
		return err
	}
	return a.enqueueChunk(ctx, tx, op, 0)
}

// connectionOfMain returns the actor's connection on whose main side the actor may add customers.
func (a *App) connectionOfMain(ctx context.Context, tx *store.Tx, actor console.Actor, id string) (connection.Connection, error) {
	c, err := tx.Connection(ctx, actor.ConsoleID, id)
	if err != nil {
		return c, found(err, "connection.not_found")
	}
	if err := migration.CheckActor(migration.Complete, c.SideOf(actor.ConsoleID), actor); err != nil {
		return c, err
	}
	if c.State != connection.Connected {
		return c, fault.New(fault.Precondition, "migration.not_connected", nil)
	}
	return c, nil
}

func checkChoices(ctx context.Context, tx *store.Tx, c connection.Connection, in Completion) error {
	check, err := tx.CheckChoices(ctx, c.MainID, c.SourceID, c.ID, in.Scope, in.Choices)
	if err != nil {
		return err
	}
	if check.Missing > 0 {
		first, err := tx.MissingChoices(ctx, c.MainID, c.SourceID, c.ID, in.Scope, in.Choices, missingShown)
		if err != nil {
			return err
		}
		return choiceMissing(check.Missing, first)
	}
	if check.EntityChanges > 0 && check.EntityToken != in.Confirmed {
		return fault.New(fault.Precondition, "migration.entity_unconfirmed", fault.Args{
			"Count": check.EntityChanges, "Token": check.EntityToken,
		})
	}
	return nil
}

// missingShown is how many missing choices an error names.
const missingShown = 13

func choiceMissing(n int64, first []store.ChoiceRow) error {
	f := fault.New(fault.Invalid, "migration.choice_missing", fault.Args{"Count": n})
	for _, r := range first {
		f.Fields = append(f.Fields, fault.Field{
			Name: "sub:" + r.ID, Key: "migration.choice_missing_one", Args: fault.Args{"Customer": r.CustomerName},
		})
	}
	return f
}

// ChoicePage is what the page of choices shows: the groups of the whole scope and the subscriptions of some customers.
type ChoicePage struct {
	Connection connection.Connection
	Groups     []store.ChoiceGroup
	Suggested  []string      // for each group: the chosen or suggested account's ID; empty: there is none
	Choices    store.Choices // the given ones, with the suggestions
	Rows       []store.ChoiceRow
	Next       store.Cursor      // where the page after this one begins; zero: there is none
	Accounts   []billing.Account // the main's usable ones
	Check      store.ChoiceCheck // of the suggestions and stored choices
	Customers  int64
}

// ChoicePage returns the groups, suggestions and the first subscriptions of the started migrations in the scope (spec M3).
// given are choices made on the form so far; a group without one takes its suggestion.
func (a *App) ChoicePage(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope, given store.Choices, after store.Cursor, limit int) (p ChoicePage, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := a.connectionOfMain(ctx, tx, actor, connectionID)
		if err != nil {
			return err
		}
		p = ChoicePage{Connection: c}
		if p.Accounts, err = usableAccounts(ctx, tx, c.MainID); err != nil {
			return err
		}
		if p.Groups, err = tx.ChoiceGroups(ctx, c.MainID, c.SourceID, c.ID, scope); err != nil {
			return err
		}
		p.Choices = p.suggest(given)
		if err := p.turn(ctx, tx, scope, after, limit); err != nil {
			return err
		}
		if p.Customers, err = tx.CountStarted(ctx, c.MainID, c.SourceID, c.ID, scope); err != nil {
			return err
		}
		p.Check, err = tx.CheckChoices(ctx, c.MainID, c.SourceID, c.ID, scope, p.Choices)
		return err
	})
	return p, err
}

// Chosen returns the account that a subscription gets: its own, else the one stored before, else its group's.
func (p *ChoicePage) Chosen(row store.ChoiceRow) string {
	if own := p.Choices.Own[row.ID]; own != "" {
		return own
	}
	if row.AccountID != "" {
		return row.AccountID
	}
	for i, g := range p.Groups {
		if g.Currency == row.Currency && g.Group == row.Group && g.LegalEntityID == row.LegalEntityID {
			return p.Suggested[i]
		}
	}
	return ""
}

// turn fills in the subscriptions of the first limit customers after a place.
func (p *ChoicePage) turn(ctx context.Context, tx *store.Tx, scope store.Scope, after store.Cursor, limit int) (err error) {
	c := p.Connection
	if p.Rows, err = tx.ChoiceRows(ctx, c.MainID, c.SourceID, c.ID, scope, after, limit+1); err != nil {
		return err
	}
	p.Next = store.Cursor{}
	customers, last := 0, store.Cursor{}
	for i, row := range p.Rows {
		if row.Cursor == last {
			continue
		}
		if customers++; customers > limit {
			p.Rows, p.Next = p.Rows[:i], last
			return nil
		}
		last = row.Cursor
	}
	return nil
}

// suggest fills in the suggestion for each group without a choice and returns the choices that result.
func (p *ChoicePage) suggest(given store.Choices) store.Choices {
	chosen := map[store.GroupChoice]string{}
	for _, g := range given.Groups {
		account := g.AccountID
		g.AccountID = ""
		chosen[g] = account
	}
	out := store.Choices{Own: given.Own}
	for _, g := range p.Groups {
		choice := store.GroupChoice{Currency: g.Currency, Group: g.Group, LegalEntityID: g.LegalEntityID}
		account, ok := chosen[choice]
		if !ok {
			suggested, _ := billing.Suggest(p.Accounts, g.Currency, g.Group, g.LegalEntityID)
			account = suggested.ID
		}
		choice.AccountID = account
		p.Suggested = append(p.Suggested, account)
		out.Groups = append(out.Groups, choice)
	}
	return out
}

func usableAccounts(ctx context.Context, tx *store.Tx, consoleID string) ([]billing.Account, error) {
	accounts, err := tx.BillingAccounts(ctx, consoleID)
	if err != nil {
		return nil, err
	}
	var usable []billing.Account
	for _, acc := range accounts {
		if acc.Usable() {
			usable = append(usable, acc)
		}
	}
	return usable, nil
}

// PauseRun gives back what a run has not moved yet, with its choices (spec M6).
func (a *App) PauseRun(ctx context.Context, actor console.Actor, operationID string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		op, err := a.runOf(ctx, tx, actor, operationID)
		if err != nil {
			return err
		}
		return a.pause(ctx, tx, actor, op)
	})
}

func (a *App) pause(ctx context.Context, tx *store.Tx, actor console.Actor, op store.Operation) error {
	if ok, err := tx.SetOperationState(ctx, op.ConsoleID, op.ID, store.OperationRunning, store.OperationPaused, noTime); err != nil || !ok {
		return orTooLate(err)
	}
	n, err := tx.PauseRun(ctx, op.ConsoleID, op.SourceID, op.ID)
	if err != nil {
		return err
	}
	return a.recordRun(ctx, tx, actor, op, "migration.run_paused", n)
}

// ResumeRun takes up those members of a paused run that are still started. It ends at once if there are none.
func (a *App) ResumeRun(ctx context.Context, actor console.Actor, operationID string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		op, err := a.runOf(ctx, tx, actor, operationID)
		if err != nil {
			return err
		}
		if _, err := a.connectionToMove(ctx, tx, actor, op.ConnectionID); err != nil {
			return err
		}
		if ok, err := tx.SetOperationState(ctx, op.ConsoleID, op.ID, store.OperationPaused, store.OperationRunning, noTime); err != nil || !ok {
			return orTooLate(err)
		}
		n, err := tx.ResumeRun(ctx, op.ConsoleID, op.SourceID, op.ID)
		if err != nil {
			return err
		}
		if err := a.recordRun(ctx, tx, actor, op, "migration.run_resumed", n); err != nil {
			return err
		}
		return a.enqueueChunk(ctx, tx, op, 0)
	})
}

// runOf returns a run of the actor's main console.
func (a *App) runOf(ctx context.Context, tx *store.Tx, actor console.Actor, id string) (store.Operation, error) {
	if err := migration.CheckActor(migration.Pause, connection.Main, actor); err != nil { // a run is its main's
		return store.Operation{}, err
	}
	op, err := tx.Operation(ctx, actor.ConsoleID, id)
	if err == nil && op.Kind != store.CompleteMigrations {
		err = store.ErrNone
	}
	return op, found(err, "operation.not_found")
}

// recordRun writes what happened to a run into both trails.
func (a *App) recordRun(ctx context.Context, tx *store.Tx, actor console.Actor, op store.Operation, action string, n int64) error {
	data, err := endsOfRun(op).tell(ctx, tx, map[string]string{"Count": count(n)})
	if err != nil {
		return err
	}
	return a.record(ctx, tx, a.Clock.Now(), actor, entry{
		Action: action, Subject: op.ID, Other: op.SourceID, As: connection.Main, Data: data,
	})
}

func count(n int64) string { return strconv.FormatInt(n, 10) }
