package app

import (
	"context"
	"errors"
	"slices"

	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// MigrationTab is one list on the page "manage customer migrations".
type MigrationTab string

// The tabs. The source has the first two; both sides have the others.
const (
	TabReady     MigrationTab = "ready"
	TabNotReady  MigrationTab = "not_ready"
	TabStarted   MigrationTab = "started"   // source: waiting for the main; main: waiting for completion
	TabMigrating MigrationTab = "migrating" // a run is about to move them
	TabDone      MigrationTab = "done"
	TabCancelled MigrationTab = "cancelled"
)

// tabStates are the migrations behind a tab; without any, it shows customers that have none open.
var tabStates = map[MigrationTab][]migration.State{
	TabReady:     nil,
	TabNotReady:  nil,
	TabStarted:   {migration.Started, migration.Scheduled},
	TabMigrating: {migration.Migrating},
	TabDone:      {migration.Completed},
	TabCancelled: {migration.Cancelled},
}

// MigrationTabs returns the tabs that a side sees, in order.
func MigrationTabs(side connection.Side) []MigrationTab {
	tabs := []MigrationTab{TabStarted, TabMigrating, TabDone, TabCancelled}
	if side == connection.Source {
		tabs = append([]MigrationTab{TabReady, TabNotReady}, tabs...)
	}
	return tabs
}

// MigrationQuery asks for one page of one tab of one connection.
type MigrationQuery struct {
	ConnectionID string // empty: the connected one, else the newest that ever was
	Tab          MigrationTab
	Search       string
	Blocker      migration.Code // in TabNotReady: only those with this reason
	Page         store.Page
}

// MigrationItem is a row of a tab: a candidate or a migration.
type MigrationItem struct {
	store.MigrationRow                  // of candidates: customer, name, domain, cursor
	Codes              []migration.Code // of candidates: why not; the waiting period first
	Subscriptions      []customer.Subscription
	Undone             bool // by a later migration (spec M10)
}

// MigrationPage is the page "manage customer migrations" of one connection.
type MigrationPage struct {
	Connection  ConnectionView
	Connections []ConnectionView // all that ever connected, to choose from
	Tab         MigrationTab
	Counts      map[MigrationTab]int // up to store.CountLimit
	Matching    int                  // in the tab, that match search and reason; up to store.CountLimit
	Items       store.List[MigrationItem]
	SKUs        map[string]catalog.SKU
	Runs        []store.Operation // that run or are paused
}

// Migrations returns one page of the migrations of the actor's console.
func (a *App) Migrations(ctx context.Context, actor console.Actor, q MigrationQuery) (p MigrationPage, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return p, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p = MigrationPage{Tab: q.Tab}
		connections, err := tx.Connections(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		for _, c := range connections {
			if c.AcceptedAt.IsZero() {
				continue
			}
			v, err := viewConnection(ctx, tx, actor, c, now)
			if err != nil {
				return err
			}
			p.Connections = append(p.Connections, v)
		}
		if err := a.chooseConnection(ctx, tx, actor, &p, q.ConnectionID); err != nil || p.Connection.ID == "" {
			return err
		}
		return a.fillMigrations(ctx, tx, actor, q, &p)
	})
	return p, err
}

// chooseConnection picks the connection asked for, else the first connected one in which customers wait for completion, else the
// first connected one, else the newest.
func (a *App) chooseConnection(ctx context.Context, tx *store.Tx, actor console.Actor, p *MigrationPage, id string) error {
	for _, p.Connection = range p.Connections {
		if p.Connection.ID == id {
			return nil
		}
		if id != "" || p.Connection.State != connection.Connected {
			continue
		}
		waiting, err := a.countTab(ctx, tx, actor, *p, TabStarted)
		if err != nil || waiting > 0 {
			return err
		}
	}
	p.Connection = ConnectionView{}
	if id != "" {
		return fault.New(fault.NotFound, "connection.not_found", nil)
	}
	if len(p.Connections) > 0 {
		first := slices.IndexFunc(p.Connections, func(v ConnectionView) bool { return v.State == connection.Connected })
		p.Connection = p.Connections[max(first, 0)]
	}
	return nil
}

func (a *App) fillMigrations(ctx context.Context, tx *store.Tx, actor console.Actor, q MigrationQuery, p *MigrationPage) (err error) {
	tabs := MigrationTabs(p.Connection.Side)
	p.Counts = make(map[MigrationTab]int)
	for _, tab := range tabs {
		if p.Counts[tab], err = a.countTab(ctx, tx, actor, *p, tab); err != nil {
			return err
		}
	}
	if p.Tab == "" {
		p.Tab = firstBusy(tabs, p.Counts)
	}
	if _, ok := p.Counts[p.Tab]; !ok {
		return fault.New(fault.NotFound, "migration.no_such_list", nil)
	}
	if p.Runs, err = tx.OpenRuns(ctx, p.Connection.MainID, p.Connection.ID); err != nil {
		return err
	}
	if p.Connection.Side == connection.Source {
		for i, run := range p.Runs {
			p.Runs[i] = withoutPerson(run)
		}
	}
	if p.SKUs, err = skusByID(ctx, tx); err != nil {
		return err
	}
	if states := tabStates[p.Tab]; states != nil {
		return a.listMigrations(ctx, tx, actor, q, p, states)
	}
	return a.listCandidates(ctx, tx, q, p)
}

// firstBusy returns the first tab with something in it, else the first.
func firstBusy(tabs []MigrationTab, counts map[MigrationTab]int) MigrationTab {
	for _, tab := range tabs {
		if counts[tab] > 0 {
			return tab
		}
	}
	return tabs[0]
}

func (a *App) countTab(ctx context.Context, tx *store.Tx, actor console.Actor, p MigrationPage, tab MigrationTab) (int, error) {
	if states := tabStates[tab]; states != nil {
		return tx.CountMigrations(ctx, actor.ConsoleID, store.MigrationFilter{
			ConnectionID: p.Connection.ID, SourceID: p.Connection.SourceID, States: states,
		})
	}
	if p.Connection.State != connection.Connected {
		return 0, nil
	}
	return tx.CountCandidates(ctx, actor.ConsoleID, store.CandidateFilter{Ready: tab == TabReady, Waiting: p.Connection.Waiting})
}

func (a *App) listMigrations(ctx context.Context, tx *store.Tx, actor console.Actor, q MigrationQuery, p *MigrationPage, states []migration.State) error {
	filter := store.MigrationFilter{
		ConnectionID: p.Connection.ID, SourceID: p.Connection.SourceID, States: states, Search: q.Search,
	}
	list, err := tx.Migrations(ctx, actor.ConsoleID, filter, q.Page)
	if err != nil {
		return err
	}
	if p.Matching, err = tx.CountMigrations(ctx, actor.ConsoleID, filter); err != nil {
		return err
	}
	p.Items = store.List[MigrationItem]{HasPrevious: list.HasPrevious, HasNext: list.HasNext}
	ids := make([]string, len(list.Rows))
	for i, m := range list.Rows {
		ids[i] = m.CustomerID
	}
	undos, err := tx.UndoneMigrations(ctx, p.Connection.MainID, p.Connection.SourceID, ids)
	if err != nil {
		return err
	}
	for _, m := range list.Rows {
		if p.Connection.Side == connection.Main {
			m.StartedBy = "" // never people (spec C9)
		}
		p.Items.Rows = append(p.Items.Rows, MigrationItem{MigrationRow: m, Undone: slices.ContainsFunc(undos, func(u store.Undone) bool { return u.MigrationID == m.ID })})
	}
	return a.addSubscriptions(ctx, tx, actor, p)
}

func (a *App) listCandidates(ctx context.Context, tx *store.Tx, q MigrationQuery, p *MigrationPage) error {
	if p.Connection.State != connection.Connected {
		return nil
	}
	filter := store.CandidateFilter{
		Ready: p.Tab == TabReady, Waiting: p.Connection.Waiting, Blocker: q.Blocker, Search: q.Search,
	}
	list, err := tx.Candidates(ctx, p.Connection.SourceID, filter, q.Page)
	if err != nil {
		return err
	}
	if p.Matching, err = tx.CountCandidates(ctx, p.Connection.SourceID, filter); err != nil {
		return err
	}
	p.Items = store.List[MigrationItem]{HasPrevious: list.HasPrevious, HasNext: list.HasNext}
	for _, c := range list.Rows {
		item := MigrationItem{Codes: migration.CodesOf(c.Blockers)}
		item.CustomerID, item.CustomerName, item.Domain, item.Cursor = c.CustomerID, c.Name, c.Domain, c.Cursor
		if p.Connection.Waiting {
			item.Codes = append([]migration.Code{migration.WaitingPeriod}, item.Codes...)
		}
		p.Items.Rows = append(p.Items.Rows, item)
	}
	return a.addSubscriptions(ctx, tx, system(p.Connection.SourceID), p)
}

// addSubscriptions fills in what each customer of the page has: at the source its own rows, at the main what has started
// and its own after the move (spec C9).
func (a *App) addSubscriptions(ctx context.Context, tx *store.Tx, actor console.Actor, p *MigrationPage) error {
	holder := p.Connection.SourceID
	if actor.ConsoleID == p.Connection.MainID && p.Tab == TabDone {
		holder = p.Connection.MainID
	}
	if actor.ConsoleID == p.Connection.MainID && p.Tab == TabCancelled {
		return nil
	}
	ids := make([]string, len(p.Items.Rows))
	for i, item := range p.Items.Rows {
		ids[i] = item.CustomerID
	}
	subs, err := tx.SubscriptionsOf(ctx, holder, ids)
	byCustomer := map[string][]customer.Subscription{}
	for _, s := range subs {
		byCustomer[s.CustomerID] = append(byCustomer[s.CustomerID], s)
	}
	for i := range p.Items.Rows {
		p.Items.Rows[i].Subscriptions = byCustomer[p.Items.Rows[i].CustomerID]
	}
	return err
}

// Run is a run as one of its sides may see it, with what it could not move.
type Run struct {
	store.Operation
	Cancelled int64 // left while the run was paused: taken back by the source, or completed by another run
	Returns   []store.OperationReturn
	Side      connection.Side // the undo of a migration brings its customer from the connection's main to its source: there the sides are the other way round
	Undo      bool            // of a migration
}

// seenFrom is a run as one of its sides may see it: never the other's people (spec C9).
func seenFrom(consoleID string, run store.Operation) store.Operation {
	if run.ConsoleID != consoleID {
		return withoutPerson(run)
	}
	return run
}

// withoutPerson is a run as its source may see it: never people (spec C9).
func withoutPerson(run store.Operation) store.Operation {
	run.StartedByID, run.StartedBy = "", ""
	return run
}

// returnsShown is how many returned customers the page of a run lists.
const returnsShown = 200

// MigrationRun returns a run of the actor's console, on either side of its connection.
func (a *App) MigrationRun(ctx context.Context, actor console.Actor, connectionID, id string) (r Run, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return r, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		r, err = runFor(ctx, tx, actor, connectionID, id)
		return err
	})
	return r, err
}

func runFor(ctx context.Context, tx *store.Tx, actor console.Actor, connectionID, id string) (r Run, err error) {
	c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
	if err != nil {
		return r, found(err, "operation.not_found")
	}
	op, err := tx.Operation(ctx, c.MainID, id)
	if errors.Is(err, store.ErrNone) {
		op, err = tx.Operation(ctx, c.SourceID, id)
	}
	if err == nil && op.ConnectionID != c.ID {
		err = store.ErrNone
	}
	if err != nil {
		return r, found(err, "operation.not_found")
	}
	r = runAs(actor.ConsoleID, c, op)
	if r.State == store.OperationDone {
		r.Cancelled = r.Total - r.Done - r.Returned
	}
	r.Returns, err = tx.OperationReturns(ctx, r.ConsoleID, id, returnsShown)
	return r, err
}

// runAs is a run of a connection as the console on one of its sides may see it.
func runAs(consoleID string, c connection.Connection, op store.Operation) Run {
	r := Run{Operation: seenFrom(consoleID, op), Side: connection.Main, Undo: op.ConsoleID == c.SourceID}
	if op.ConsoleID != consoleID {
		r.Side = connection.Source
	}
	return r
}
