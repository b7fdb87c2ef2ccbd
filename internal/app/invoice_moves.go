package app

import (
	"context"
	"maps"
	"slices"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/store"
)

// movesAhead are the subscriptions that are scheduled to move in a month, by ID, as far as they concern one account.
type movesAhead map[string]store.PlannedMove

func plannedMoves(ctx context.Context, tx *store.Tx, account billing.Account, month civil.Month) (movesAhead, error) {
	list, err := tx.PlannedMoves(ctx, account.ConsoleID, account.ID, month)
	m := make(movesAhead, len(list))
	for _, p := range list {
		m[p.SubscriptionID] = p
	}
	return m, err
}

// takes reports whether a move takes a charge along: the purchase of a lot that begins on the billing date or later is the
// main's (spec B5).
func (m movesAhead) takes(consoleID string, c store.Charge) bool {
	p, ok := m[c.Billed.SubscriptionID]
	return ok && p.SourceID == consoleID && isPurchase(c.Type) && c.Period.From >= p.Date
}

// side is what one of its two consoles is going to bill in the month for a subscription that is scheduled to move.
type side struct {
	store.Billed // the history with the move and with what else is known to come

	Charges []store.Charge // those that are not written yet
}

// sides returns the console's side of each of the moves: what the move would write if it ran as it is planned (spec M11).
func (m movesAhead) sides(ctx context.Context, tx *store.Tx, consoleID string, month civil.Month) (list []side, err error) {
	type group struct {
		sourceID string
		on       civil.Date
	}
	groups := map[group][]string{}
	for _, id := range slices.Sorted(maps.Keys(m)) {
		g := group{m[id].SourceID, m[id].Date}
		groups[g] = append(groups[g], id)
	}
	for g, ids := range groups { // in any order: the lines of an invoice are sorted
		for chunk := range slices.Chunk(ids, draftChunk) {
			v := mover{consoleID: consoleID, month: month}
			if err := v.load(ctx, tx, m, g.sourceID, g.on, chunk); err != nil {
				return nil, err
			}
			for _, b := range v.billed {
				s, err := v.side(b, m[b.SubscriptionID])
				if err != nil {
					return nil, err
				}
				list = append(list, s)
			}
		}
	}
	return list, nil
}

// mover moves, without writing anything, subscriptions that are scheduled for one billing date at one source.
type mover struct {
	consoleID string // whose side is wanted
	month     civil.Month

	billed []store.Billed
	subs   map[string]customer.Subscription
	own    map[string][]billing.Segment // what the main has of them, from an earlier time
	lots   map[string][]store.HeldLot   // by subscription
	bought map[string][]store.Charge    // the purchases of the month, by lot
	ahead  outlook
}

func (v *mover) load(ctx context.Context, tx *store.Tx, m movesAhead, sourceID string, on civil.Date, ids []string) (err error) {
	var customers []string
	for _, id := range ids {
		customers = append(customers, m[id].CustomerID)
	}
	slices.Sort(customers)
	customers = slices.Compact(customers)
	if v.billed, err = tx.BilledSubscriptions(ctx, sourceID, ids, v.month); err != nil {
		return err
	}
	v.own = map[string][]billing.Segment{}
	if v.consoleID != sourceID {
		own, err := tx.BilledSubscriptions(ctx, v.consoleID, ids, v.month)
		if err != nil {
			return err
		}
		for _, b := range own {
			v.own[b.SubscriptionID] = b.History
		}
	}
	subs, err := tx.SubscriptionsOf(ctx, sourceID, customers)
	if err != nil {
		return err
	}
	v.subs = make(map[string]customer.Subscription, len(subs))
	for _, s := range subs {
		v.subs[s.ID] = s
	}
	if v.ahead, err = newOutlook(ctx, tx, sourceID, v.month, subs); err != nil {
		return err
	}
	lots, err := tx.HeldLots(ctx, sourceID, customers, on)
	if err != nil {
		return err
	}
	v.lots = map[string][]store.HeldLot{}
	for _, l := range lots {
		v.lots[l.SubscriptionID] = append(v.lots[l.SubscriptionID], l)
	}
	bought, err := tx.ChargesOfCustomers(ctx, sourceID, customers, v.month)
	v.bought = map[string][]store.Charge{}
	for _, c := range bought {
		if isPurchase(c.Type) {
			v.bought[c.LotID] = append(v.bought[c.LotID], c)
		}
	}
	return err
}

// side does with one subscription what renewMoving and MoveCustomers are going to do: what is due by the billing date is renewed at
// the source, then it moves, then the main goes on with it.
func (v *mover) side(b store.Billed, p store.PlannedMove) (side, error) {
	_, renews := v.ahead.ending[b.SubscriptionID]
	s, history, before := v.ahead.live(v.subs[b.SubscriptionID], renews, b.History, civil.Period{From: v.month.First(), To: p.Date + 1})
	source, main, err := v.charges(b, p, before)
	if err != nil {
		return side{}, err
	}
	left, came := history, []billing.Segment(nil)
	if s.State != customer.SubCancelled { // else it has ended, and stays
		left, came = billing.Move(history, p.Date, p.To(), p.MigrationID)
	}
	if v.consoleID == p.SourceID {
		b.History = left
		return side{b, source}, nil
	}
	for i := range came {
		came[i].ConsoleID = p.MainID // carried rows too are the main's own
	}
	s.ConsoleID, s.BillingAccountID = p.MainID, p.ToAccountID
	_, b.History, before = v.ahead.live(s, renews, slices.Concat(v.own[b.SubscriptionID], came), civil.Period{From: p.Date + 1, To: v.month.End()})
	b.AccountID = p.ToAccountID
	for _, r := range before {
		if c, ok, err := v.purchase(b, r); err != nil {
			return side{}, err
		} else if ok {
			main = append(main, c)
		}
	}
	return side{b, main}, nil
}

// charges returns what is going to be charged and credited to the two consoles for the lots that the source holds, or buys before
// the move.
func (v *mover) charges(b store.Billed, p store.PlannedMove, before []billing.Renewed) (source, main []store.Charge, err error) {
	held := v.lots[b.SubscriptionID]
	for _, r := range before {
		c, ok, err := v.purchase(b, r)
		if err != nil {
			return nil, nil, err
		}
		if !r.Buys() {
			continue
		}
		lot, err := r.Bought(store.LotID(r.Subscription))
		if err != nil {
			return nil, nil, err
		}
		held = append(held, store.HeldLot{Lot: lot, AccountID: r.BillingAccountID, HeldFrom: lot.Period.From, SKUID: r.SKUID})
		switch {
		case ok && lot.Period.From >= p.Date:
			v.bought[lot.ID] = append(v.bought[lot.ID], c)
		case ok:
			source = append(source, c)
		}
	}
	for _, l := range held {
		b := b.Sold(l.SKUID, catalog.AnnualYearlyPay)
		if l.Period.From >= p.Date {
			for _, c := range v.bought[l.ID] {
				c.Owner, c.MigrationID, c.Billed.AccountID = p.To(), p.MigrationID, p.ToAccountID
				main = append(main, c)
			}
			continue
		}
		credit, charge, err := transfer(b, p, l)
		if err != nil {
			return nil, nil, err
		}
		source, main = append(source, credit...), append(main, charge...)
	}
	return source, main, nil
}

// purchase returns the charge that a renewal brings to the month's invoice, if any.
func (v *mover) purchase(b store.Billed, r billing.Renewed) (c store.Charge, ok bool, err error) {
	if !r.Buys() || r.Lot.From.Month() != v.month {
		return c, false, nil
	}
	lot, err := r.Bought(store.LotID(r.Subscription))
	b = b.Sold(r.SKUID, catalog.AnnualYearlyPay)
	b.AccountID = r.BillingAccountID
	owner := billing.Owner{ConsoleID: r.ConsoleID, AccountID: r.BillingAccountID}
	return store.Charge{Line: lot.Charge(owner, r.As()), ID: lot.ID, Billed: b}, true, err
}

// transfer returns the credit and the charge for what is left of a lot.
func transfer(b store.Billed, p store.PlannedMove, l store.HeldLot) (credit, charge []store.Charge, err error) {
	from := billing.Owner{ConsoleID: p.SourceID, AccountID: l.AccountID}
	lines, err := billing.Transfer{MigrationID: p.MigrationID, Date: p.Date, From: from, To: p.To()}.Lines([]billing.Lot{l.Lot})
	if err != nil || len(lines) == 0 {
		return nil, nil, err
	}
	lines[0].Supplied = max(l.HeldFrom, l.Period.From)
	id := p.MigrationID + "/" + l.ID
	of := func(line billing.Line, id, other string) []store.Charge {
		b.AccountID = line.AccountID
		return []store.Charge{{Line: line, ID: id, Billed: b, CounterpartyID: other}}
	}
	return of(lines[0], id+"/credit", p.MainID), of(lines[1], id+"/charge", p.SourceID), nil
}
