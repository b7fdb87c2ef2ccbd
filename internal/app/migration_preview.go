package app

import (
	"cmp"
	"context"
	"slices"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
)

// Effect is what one subscription, or all of a currency together, adds to the invoices of the month of a billing date:
// of the source and of the main, without the move and with it, before tax (spec M5).
type Effect struct {
	Currency      money.Currency
	SourceWithout int64 // minor units
	SourceWith    int64
	MainWith      int64 // without the move the main bills nothing of it
	Subscriptions int64
}

// SubscriptionEffect is the effect on one subscription.
type SubscriptionEffect struct {
	store.Billed
	Effect
}

// Preview is the effect on the invoices of a move with billing date Date, as everything stands now.
type Preview struct {
	Connection    connection.Connection
	Date          civil.Date
	Zone          string
	Customers     int64
	Totals        []Effect             // per currency
	Subscriptions []SubscriptionEffect // of the first customers
}

// previewChunk is how many customers' histories are in memory at a time.
const previewChunk = 500

// PreviewMigration returns the effect on both consoles' invoices of moving the customers of the scope with billing date d: at the
// source customers that are ready (by customer ID) or have started, at the main those that have started (by migration ID).
// Subscriptions are listed for the first customers, the totals are of all.
func (a *App) PreviewMigration(ctx context.Context, actor console.Actor, connectionID string, scope store.Scope, d civil.Date, listed int) (p Preview, err error) {
	if err := actor.May(console.AddCustomers, console.TransferCustomers); err != nil {
		return p, err
	}
	today := a.billingDate(a.Clock.Now())
	if d < today || d > today+PreviewAhead {
		return p, fault.InvalidField("date", "migration.preview_date", fault.Args{"From": today, "To": today + PreviewAhead})
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		p = Preview{Connection: c, Date: d, Zone: a.Config.BillingZone.String()}
		sums := sums{}
		err = a.eachCustomer(ctx, tx, actor, c, scope, func(ids []string) error {
			p.Customers += int64(len(ids))
			effects, err := a.effects(ctx, tx, c, ids, d)
			for _, e := range effects {
				if len(p.Subscriptions) < listed {
					p.Subscriptions = append(p.Subscriptions, e)
				}
				sums.add(e.Effect)
			}
			return err
		})
		p.Totals = sums.list()
		return err
	})
	return p, err
}

// PreviewAhead is how many days ahead a billing date can be (spec M11).
const PreviewAhead = migration.ScheduleAhead

// eachCustomer hands out the customers of the scope in chunks, as the actor's side may name them.
func (a *App) eachCustomer(ctx context.Context, tx *store.Tx, actor console.Actor, c connection.Connection, scope store.Scope, take func(ids []string) error) error {
	states := []migration.State{migration.Started, migration.Scheduled}
	if scope.All { // all that can be completed: what is scheduled has its day
		states = states[:1]
	}
	for after := (store.Cursor{}); ; {
		var ids []string
		var err error
		if c.MainID == actor.ConsoleID {
			ids, after, err = tx.StartedCustomers(ctx, c, scope, states, after, previewChunk)
		} else {
			ids, after, err = tx.MovableCustomers(ctx, c, scope, after, previewChunk)
		}
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := take(ids); err != nil {
			return err
		}
		if len(ids) < previewChunk {
			return nil
		}
	}
}

// effects computes, by the rules that bill, what moving these customers of the source on d changes.
func (a *App) effects(ctx context.Context, tx *store.Tx, c connection.Connection, ids []string, d civil.Date) ([]SubscriptionEffect, error) {
	month := d.Month()
	list, err := tx.BilledOfCustomers(ctx, c.SourceID, ids, month)
	if err != nil {
		return nil, err
	}
	lots, err := tx.HeldLots(ctx, c.SourceID, ids, d)
	if err != nil {
		return nil, err
	}
	bought, err := tx.ChargesOfCustomers(ctx, c.SourceID, ids, month)
	if err != nil {
		return nil, err
	}
	subs, err := tx.SubscriptionsOf(ctx, c.SourceID, ids)
	if err != nil {
		return nil, err
	}
	ahead, err := newOutlook(ctx, tx, c.SourceID, month, subs)
	if err != nil {
		return nil, err
	}
	out := make([]SubscriptionEffect, len(list))
	at := make(map[string]*Effect, len(list))
	for i, b := range list {
		e := Effect{Currency: b.Currency, Subscriptions: 1}
		for _, r := range ahead.renewals(&b) {
			if err := e.renewal(r, d); err != nil {
				return nil, err
			}
		}
		if err := e.usage(b, d); err != nil {
			return nil, err
		}
		b.History = nil
		out[i] = SubscriptionEffect{Billed: b, Effect: e}
		at[b.SubscriptionID] = &out[i].Effect
	}
	for _, ch := range bought {
		if e := at[ch.Billed.SubscriptionID]; e != nil {
			e.charge(ch, d)
		}
	}
	for _, l := range lots {
		if e := at[l.SubscriptionID]; e != nil {
			if err := e.lot(l, d); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// usage adds the days of the month on a monthly plan.
func (e *Effect) usage(b store.Billed, d civil.Date) error {
	month := d.Month()
	without, err := sumOf(month, b.Currency, b.History)
	if err != nil {
		return err
	}
	left, came := billing.Move(b.History, d, billing.Owner{ConsoleID: "main", AccountID: "main"}, "preview")
	with, err := sumOf(month, b.Currency, left)
	if err != nil {
		return err
	}
	main, err := sumOf(month, b.Currency, came)
	e.SourceWithout += without
	e.SourceWith += with
	e.MainWith += main
	return err
}

func sumOf(month civil.Month, currency money.Currency, history []billing.Segment) (sum int64, err error) {
	lines, err := billing.MonthLines(month, currency, history)
	for _, l := range lines {
		sum += l.Amount.Minor
	}
	return sum, err
}

// renewal adds what a term or a trial that ends by the end of the month is going to charge.
func (e *Effect) renewal(r billing.Renewed, d civil.Date) error {
	if !r.Buys() {
		return nil
	}
	lot, err := r.Bought(store.LotID(r.Subscription))
	if err != nil {
		return err
	}
	if r.From.Month() == d.Month() {
		e.charge(store.Charge{Line: lot.Charge(billing.Owner{}, r.As())}, d)
	}
	return e.lot(store.HeldLot{Lot: lot}, d)
}

// charge adds what the month's invoice bears anyway; the purchase of a lot that begins on d or later becomes the main's (spec B5).
func (e *Effect) charge(c store.Charge, d civil.Date) {
	e.SourceWithout += c.Amount.Minor
	if isPurchase(c.Type) && c.Period.From >= d {
		e.MainWith += c.Amount.Minor
		return
	}
	e.SourceWith += c.Amount.Minor
}

func isPurchase(t billing.LineType) bool {
	return t == billing.CommitmentLine || t == billing.RenewalLine
}

// lot adds the credit and the charge of a lot that goes along (spec B4).
func (e *Effect) lot(l store.HeldLot, d civil.Date) error {
	if l.Period.From >= d || l.Period.To <= d {
		return nil
	}
	value, err := l.Value(d)
	e.SourceWith -= value.Minor
	e.MainWith += value.Minor
	return err
}

// sums adds effects up per currency, in the order of first sight.
type sums map[money.Currency]*Effect

func (s sums) add(e Effect) {
	t := s[e.Currency]
	if t == nil {
		t = &Effect{Currency: e.Currency}
		s[e.Currency] = t
	}
	t.SourceWithout += e.SourceWithout
	t.SourceWith += e.SourceWith
	t.MainWith += e.MainWith
	t.Subscriptions += e.Subscriptions
}

func (s sums) list() []Effect {
	list := make([]Effect, 0, len(s))
	for _, e := range s {
		list = append(list, *e)
	}
	slices.SortFunc(list, func(x, y Effect) int { return cmp.Compare(x.Currency, y.Currency) })
	return list
}
