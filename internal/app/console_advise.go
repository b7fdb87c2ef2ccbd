package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"psc/internal/billing"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
)

// Advice is what it would mean to make a console the main of the others (spec C8). Counts are of the others' customers.
type Advice struct {
	connection.Candidate
	AccountID console.AccountID
	MayBill   bool                   // the person may create accounts there
	Ready     int64                  // could move as things stand, the waiting period apart
	Curable   int64                  // could move once every reason is cleared
	Stay      int64                  // can never move
	Reasons   []ReasonCount          // why they cannot as things stand, the most frequent first
	Missing   []store.MissingAccount // accounts that the console lacks for them
	Earliest  time.Time              // the first moment when customers of all the others may be started
	Obstacles []Obstacle             // the connections to close first, if spec C2 would refuse the console
}

// Obstacle is a connection that stands in the way, with the names of its ends.
type Obstacle struct {
	ID           string
	In           console.AccountID // a console of the person that sees the connection
	Main, Source string
}

// ReasonCount is how many customers have a reason; one customer may have several.
type ReasonCount struct {
	Code      migration.Code
	Customers int64
}

// AdviseMain ranks the consoles in which the person may view customers, the best main first; for an operator those of
// the reseller of the console in which he acts. Of consoles that are equal otherwise the one with a customer of the
// domain is better; empty: none is. Suspended consoles are left out.
func (a *App) AdviseMain(ctx context.Context, actor console.Actor, domain string) (list []Advice, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		members, err := consolesToUnify(ctx, tx, actor)
		if err != nil {
			return err
		}
		adviser := adviser{App: a, tx: tx, now: now, domain: console.Fold(domain), members: members}
		list, err = adviser.all(ctx)
		return err
	})
	return list, err
}

func consolesToUnify(ctx context.Context, tx *store.Tx, actor console.Actor) ([]store.Member, error) {
	members, err := tx.MembershipsOf(ctx, actor.PersonID)
	if err != nil {
		return nil, err
	}
	if actor.Operator {
		if members, err = consolesOfReseller(ctx, tx, actor.ConsoleID); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(members, func(m store.Member) bool {
		return m.Console.State != console.Active || !actor.Operator && !m.May(console.ViewCustomers) ||
			actor.Only != nil && m.Console.ID != actor.ConsoleID // a token opens one console
	}), nil
}

func consolesOfReseller(ctx context.Context, tx *store.Tx, consoleID string) (members []store.Member, err error) {
	own, err := tx.Console(ctx, consoleID)
	if err != nil {
		return nil, err
	}
	consoles, err := tx.Consoles(ctx)
	for _, c := range consoles {
		if c.ResellerID == own.ResellerID {
			members = append(members, store.Member{Console: c})
		}
	}
	return members, err
}

// adviser looks at the same consoles again and again, each time as the main.
type adviser struct {
	*App
	tx        *store.Tx
	now       time.Time
	domain    string
	members   []store.Member
	connected []connection.Connection
}

func (v adviser) all(ctx context.Context) ([]Advice, error) {
	candidates := make([]connection.Candidate, 0, len(v.members))
	advice := map[string]Advice{}
	for _, m := range v.members {
		list, err := v.tx.Connections(ctx, m.Console.ID)
		if err != nil {
			return nil, err
		}
		v.connected = append(v.connected, list...)
	}
	for _, m := range v.members {
		one, err := v.asMain(ctx, m)
		if err != nil {
			return nil, err
		}
		advice[m.Console.ID] = one
		candidates = append(candidates, one.Candidate)
	}
	connection.Rank(candidates)
	ranked := make([]Advice, 0, len(candidates))
	for _, c := range candidates {
		ranked = append(ranked, advice[c.ConsoleID])
	}
	return ranked, nil
}

func (v adviser) asMain(ctx context.Context, m store.Member) (Advice, error) {
	main := m.Console
	own, err := v.candidate(ctx, main)
	if err != nil {
		return Advice{}, err
	}
	one := Advice{Candidate: own, AccountID: main.AccountID, MayBill: m.May(console.Billing)}
	reasons := make(map[migration.Code]int64)
	var sources []string
	for _, s := range v.members {
		if s.Console.ID == main.ID {
			continue
		}
		sources = append(sources, s.Console.ID)
		if err := v.add(ctx, &one, reasons, s.Console.ID); err != nil {
			return Advice{}, err
		}
	}
	one.CloseFirst = connection.CloseFirst(main.ID, sources, v.connected)
	if one.Obstacles, err = v.obstacles(ctx, one.CloseFirst); err != nil {
		return Advice{}, err
	}
	for _, code := range slices.Sorted(maps.Keys(reasons)) {
		one.Reasons = append(one.Reasons, ReasonCount{code, reasons[code]})
	}
	slices.SortStableFunc(one.Reasons, func(a, b ReasonCount) int { return cmp.Compare(b.Customers, a.Customers) })
	return one, nil
}

func (v adviser) obstacles(ctx context.Context, list []connection.Connection) (named []Obstacle, err error) {
	for _, c := range list {
		main, err := v.tx.Console(ctx, c.MainID)
		if err != nil {
			return nil, err
		}
		source, err := v.tx.Console(ctx, c.SourceID)
		if err != nil {
			return nil, err
		}
		in := main
		if !slices.ContainsFunc(v.members, func(m store.Member) bool { return m.Console.ID == main.ID }) {
			in = source
		}
		named = append(named, Obstacle{c.ID, in.AccountID, main.Name, source.Name})
	}
	return named, nil
}

// candidate counts what speaks for the console itself.
func (v adviser) candidate(ctx context.Context, main console.Console) (connection.Candidate, error) {
	c := connection.Candidate{ConsoleID: main.ID, Name: main.Name}
	// Which customers can never move does not depend on where to.
	verdicts, err := v.tx.Outlook(ctx, main.ID, main.ID)
	if err != nil {
		return c, err
	}
	for _, o := range verdicts {
		c.Customers += o.Customers
		if migration.NeverMoves(o.Blockers) {
			c.Fixed += o.Customers
		}
	}
	accounts, err := v.tx.BillingAccounts(ctx, main.ID)
	if err != nil {
		return c, err
	}
	covered := map[money.Currency]bool{}
	for _, b := range accounts {
		if b.State == billing.AccountActive {
			covered[b.Currency] = true
		}
	}
	c.Currencies = len(covered)
	if v.domain != "" {
		customers, err := v.tx.CustomersOfDomains(ctx, main.ID, []string{v.domain})
		if err != nil {
			return c, err
		}
		c.Preferred = len(customers) > 0
	}
	return c, nil
}

// add counts a source's customers to the advice.
func (v adviser) add(ctx context.Context, one *Advice, reasons map[migration.Code]int64, sourceID string) error {
	verdicts, err := v.tx.Outlook(ctx, sourceID, one.ConsoleID)
	if err != nil {
		return err
	}
	for _, o := range verdicts {
		switch {
		case o.Blockers == 0:
			one.Ready += o.Customers
		case migration.NeverMoves(o.Blockers):
			one.Stay += o.Customers
		default:
			one.Curable += o.Customers
		}
		for _, code := range migration.CodesOf(o.Blockers) {
			reasons[code] += o.Customers
		}
	}
	missing, err := v.tx.LackedAccounts(ctx, sourceID, one.ConsoleID)
	if err != nil {
		return err
	}
	one.Missing = addMissing(one.Missing, missing)
	if start := v.mayStart(one.ConsoleID, sourceID); start.After(one.Earliest) {
		one.Earliest = start
	}
	return nil
}

// mayStart is when customers of the source may be started if the two are connected now, if they are not yet.
func (v adviser) mayStart(mainID, sourceID string) time.Time {
	for _, c := range v.connected {
		if c.State == connection.Connected && c.MainID == mainID && c.SourceID == sourceID {
			if c.MayStartAt.After(v.now) {
				return c.MayStartAt
			}
			return v.now
		}
	}
	return v.now.Add(v.Config.Terms.Waiting)
}

func addMissing(list, more []store.MissingAccount) []store.MissingAccount {
	for _, m := range more {
		i := slices.IndexFunc(list, func(l store.MissingAccount) bool { return l.Currency == m.Currency && l.Group == m.Group })
		if i < 0 {
			list = append(list, m)
			continue
		}
		list[i].Customers += m.Customers
	}
	return list
}
