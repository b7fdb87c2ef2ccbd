package app

import (
	"context"
	"errors"
	"time"

	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/store"
)

// HomeKind says what a line of the home page is about.
type HomeKind string

// What needs somebody, the most urgent first, and what is coming up.
const (
	HomeInvite     HomeKind = "invite"      // an invitation to answer
	HomeReturned   HomeKind = "returned"    // customers that a run gave back
	HomeComplete   HomeKind = "complete"    // customers that wait for billing accounts
	HomePaused     HomeKind = "paused"      // a run that waits to be resumed
	HomeReady      HomeKind = "ready"       // customers whose migration may start
	HomeNotReady   HomeKind = "not_ready"   // customers that something keeps
	HomeAgreement  HomeKind = "agreement"   // agreements to sign
	HomeCase       HomeKind = "case"        // support cases that wait for the console's answer
	HomeInviteSent HomeKind = "invite_sent" // an invitation that nobody answers ends soon
	HomeWaiting    HomeKind = "waiting"     // the waiting period of a connection ends
	HomeInvoices   HomeKind = "invoices"    // invoices that are due
	HomeRenewals   HomeKind = "renewals"    // customers whose terms or trials end
)

// HomeLine is one thing that the home page tells, with what it is counted by.
type HomeLine struct {
	Kind       HomeKind
	Connection ConnectionView // if it is about one
	Count      int            // up to CountLimit; 0: it is one thing, which is not counted
	At         time.Time      // when it ends or begins
	On         civil.Date     // the first date of what is due
	RunID      string
}

// HomeRun is a run of the console's that goes on.
type HomeRun struct {
	Operation
	Connection ConnectionView
}

// Home is what a console's home page tells the person who asks.
type Home struct {
	Tasks  []HomeLine // need this person now
	Coming []HomeLine
	Runs   []HomeRun

	Licences []store.LicenceCount // of the last twelve months, the present one last
	Billed   []store.MonthSum     // what was invoiced for those months, before tax, by currency; nothing without BILLING
}

// How far ahead the home page looks.
const (
	homeInvites  = 7 * day
	homeInvoices = 30 // days
	homeRenewals = 30
)

// Home returns what needs the actor in its console, as far as the actor may do something about it. What it costs does not
// grow with the customers: every count is bounded and has its index.
func (a *App) Home(ctx context.Context, actor console.Actor) (h Home, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return h, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		h = Home{}
		open, err := openConnections(ctx, tx, actor, now)
		if err != nil {
			return err
		}
		for _, c := range open {
			if err := h.addConnection(ctx, tx, actor, c, now); err != nil {
				return err
			}
		}
		today := a.billingDate(now)
		return errors.Join(h.addAgreements(ctx, tx, actor), h.addCases(ctx, tx, actor), h.addInvoices(ctx, tx, actor, today),
			h.addRenewals(ctx, tx, actor, today), h.addYear(ctx, tx, actor, today))
	})
	return h, err
}

// can reports whether a line is for the actor.
func can(actor console.Actor, p console.Privilege) bool { return actor.May(p) == nil }

// openConnections returns the console's invitations and connections as it may see them.
func openConnections(ctx context.Context, tx *store.Tx, actor console.Actor, now time.Time) (list []ConnectionView, err error) {
	invites, err := tx.PendingInvites(ctx, actor.ConsoleID)
	if err != nil {
		return nil, err
	}
	connected, err := tx.ConnectedAsMain(ctx, actor.ConsoleID)
	if err != nil {
		return nil, err
	}
	if c, err := tx.ConnectedAsSource(ctx, actor.ConsoleID); err == nil {
		connected = append(connected, c)
	} else if !errors.Is(err, store.ErrNone) {
		return nil, err
	}
	for _, c := range append(invites, connected...) {
		v, err := viewConnection(ctx, tx, actor, c, now)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (h *Home) addConnection(ctx context.Context, tx *store.Tx, actor console.Actor, c ConnectionView, now time.Time) error {
	line := HomeLine{Connection: c}
	switch {
	case c.State == connection.Invited && c.Side == connection.Source:
		if c.Allowed[connection.Accept] {
			line.Kind, line.At = HomeInvite, c.ExpiresAt
			h.Tasks = append(h.Tasks, line)
		}
		return nil
	case c.State == connection.Invited:
		if c.Allowed[connection.Cancel] && !c.ExpiresAt.After(now.Add(homeInvites)) {
			line.Kind, line.At = HomeInviteSent, c.ExpiresAt
			h.Coming = append(h.Coming, line)
		}
		return nil
	case c.State != connection.Connected:
		return nil
	}
	if c.Waiting {
		line.Kind, line.At = HomeWaiting, c.MayStartAt
		h.Coming = append(h.Coming, line)
	}
	return errors.Join(h.addRuns(ctx, tx, actor, c), h.addMigrations(ctx, tx, actor, c))
}

// addMigrations adds the customers of a connection that the actor's side can do something about.
func (h *Home) addMigrations(ctx context.Context, tx *store.Tx, actor console.Actor, c ConnectionView) error {
	count := func(kind HomeKind, n int, err error) error {
		if err == nil && n > 0 {
			h.Tasks = append(h.Tasks, HomeLine{Kind: kind, Connection: c, Count: n})
		}
		return err
	}
	if c.Side == connection.Main {
		if !can(actor, console.AddCustomers) {
			return nil
		}
		returned, err := tx.CountReturned(ctx, actor.ConsoleID, c.SourceID, c.ID)
		if err := count(HomeReturned, returned, err); err != nil {
			return err
		}
		waiting, err := tx.CountMigrations(ctx, actor.ConsoleID, store.MigrationFilter{
			ConnectionID: c.ID, SourceID: c.SourceID, States: []migration.State{migration.Started},
		})
		return count(HomeComplete, waiting-returned, err) // what came back waits too, and is told above
	}
	if c.Waiting || c.EvaluatedAt.IsZero() || !can(actor, console.TransferCustomers) {
		return nil
	}
	ready, err := tx.CountCandidates(ctx, actor.ConsoleID, store.CandidateFilter{Ready: true})
	if err := count(HomeReady, ready, err); err != nil {
		return err
	}
	kept, err := tx.CountCandidates(ctx, actor.ConsoleID, store.CandidateFilter{})
	return count(HomeNotReady, kept, err)
}

func (h *Home) addRuns(ctx context.Context, tx *store.Tx, actor console.Actor, c ConnectionView) error {
	runs, err := tx.OpenRuns(ctx, c.MainID, c.ID)
	for _, op := range runs {
		if op.State == RunPaused && c.Side == connection.Main && can(actor, console.AddCustomers) {
			h.Tasks = append(h.Tasks, HomeLine{Kind: HomePaused, Connection: c, RunID: op.ID})
		}
		if c.Side == connection.Source {
			op = withoutPerson(op)
		}
		if op.State == RunRunning {
			h.Runs = append(h.Runs, HomeRun{op, c})
		}
	}
	return err
}

func (h *Home) addAgreements(ctx context.Context, tx *store.Tx, actor console.Actor) error {
	if !can(actor, console.SuperAdmin) {
		return nil
	}
	list, err := tx.Agreements(ctx, actor.ConsoleID)
	n := 0
	for _, agreement := range list {
		if agreement.SignedAt.IsZero() {
			n++
		}
	}
	if n > 0 {
		h.Tasks = append(h.Tasks, HomeLine{Kind: HomeAgreement, Count: n})
	}
	return err
}

func (h *Home) addCases(ctx context.Context, tx *store.Tx, actor console.Actor) error {
	if !can(actor, console.SupportCases) {
		return nil
	}
	list, err := tx.Cases(ctx, actor.ConsoleID, store.CaseFilter{States: caseTabStates[CasesPartner]}, "", CountLimit)
	if n := len(list); n > 0 {
		h.Tasks = append(h.Tasks, HomeLine{Kind: HomeCase, Count: n})
	}
	return err
}

func (h *Home) addInvoices(ctx context.Context, tx *store.Tx, actor console.Actor, today civil.Date) error {
	if !can(actor, console.Billing) {
		return nil
	}
	n, first, err := tx.InvoicesDue(ctx, actor.ConsoleID, today, today+homeInvoices)
	if n > 0 {
		h.Coming = append(h.Coming, HomeLine{Kind: HomeInvoices, Count: n, On: first})
	}
	return err
}

func (h *Home) addRenewals(ctx context.Context, tx *store.Tx, actor console.Actor, today civil.Date) error {
	n, first, err := tx.ComingRenewals(ctx, actor.ConsoleID, today, today+homeRenewals)
	if n > 0 {
		h.Coming = append(h.Coming, HomeLine{Kind: HomeRenewals, Count: n, On: first})
	}
	return err
}

func (h *Home) addYear(ctx context.Context, tx *store.Tx, actor console.Actor, today civil.Date) (err error) {
	first := yearOf(today)[0].Month()
	if h.Licences, err = tx.LicenceCounts(ctx, actor.ConsoleID, first); err != nil || !can(actor, console.Billing) {
		return err
	}
	h.Billed, err = tx.MonthSums(ctx, actor.ConsoleID, first)
	return err
}
