package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// PriceEffect is what a new price of an offer changes.
type PriceEffect struct {
	catalog.Step

	Was           money.Price // what it costs until then
	Consoles      int64
	Subscriptions int64 // that pay what it costs until then
}

// AtRenewal reports whether subscriptions take the price when they renew: annual plans keep theirs to the end of the term.
func (e PriceEffect) AtRenewal() bool { return e.Plan.Annual() }

// PreviewPrice returns what a new price would change, and writes nothing.
func (a *App) PreviewPrice(ctx context.Context, actor console.Actor, s catalog.Step) (e PriceEffect, err error) {
	if err := actor.MayOperate(); err != nil {
		return e, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		e, _, err = a.priceEffect(ctx, tx, s)
		return err
	})
	return e, err
}

// SetPrice has an offer cost another price from a billing date on. Subscriptions that pay what it costs until then take it: on the
// flexible plan from that day on, on an annual one from their next renewal on. Who pays a price of its own keeps it. A price
// that is to come is replaced by another from the same day.
func (a *App) SetPrice(ctx context.Context, actor console.Actor, s catalog.Step) (e PriceEffect, err error) {
	if err := actor.MayOperate(); err != nil {
		return e, err
	}
	now := a.Clock.Now()
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		var paying []payingConsole
		if e, paying, err = a.priceEffect(ctx, tx, s); err != nil {
			return err
		}
		prices, err := tx.Prices(ctx)
		if err != nil {
			return err
		}
		if !slices.Contains(prices.Steps, s) { // the same price again is no news
			if err := a.tellPrice(ctx, tx, now, e, paying); err != nil {
				return err
			}
		}
		if err := tx.PutPriceStep(ctx, s); err != nil {
			return err
		}
		return a.recordForVendor(ctx, tx, now, actor, entry{Action: "catalog.price_set", Subject: s.SKUID, Data: map[string]string{
			"SKU": s.SKUID, "Plan": string(s.Plan), "Price": s.Price.In(s.Currency) + " " + string(s.Currency), "Date": s.From.String(),
		}})
	})
	return e, err
}

// payingConsole is how many subscriptions of a console pay what an offer costs.
type payingConsole struct {
	id    string
	count int64
}

// tellPrice tells the consoles whose subscriptions take a new price, each of its own.
func (a *App) tellPrice(ctx context.Context, tx *store.Tx, now time.Time, e PriceEffect, paying []payingConsole) error {
	sku, err := skuName(ctx, tx, e.SKUID)
	if err != nil {
		return err
	}
	change := a.IDs.New("prc", now)
	for _, c := range paying {
		n := store.Notice{ConsoleID: c.id, Kind: "price.coming", Audience: console.Billing, Dedupe: change, Data: map[string]string{
			"SKU": sku, "Plan": string(e.Plan), "Was": e.Was.In(e.Currency) + " " + string(e.Currency),
			"Price": e.Price.In(e.Currency) + " " + string(e.Currency), "Date": e.From.String(), "Count": strconv.FormatInt(c.count, 10),
			"Path": "/customers?sku=" + e.SKUID + "&plan=" + string(e.Plan) + "&currency=" + string(e.Currency),
		}}
		if e.AtRenewal() {
			n.Kind = "price.coming_at_renewal"
		}
		if err := a.notify(ctx, tx, now, n); err != nil {
			return err
		}
	}
	return nil
}

// PriceSteps returns the prices that have an effective date, the earliest first.
func (a *App) PriceSteps(ctx context.Context, actor console.Actor) (list []catalog.Step, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Prices(ctx)
		list = p.Steps
		return err
	})
	return list, err
}

// priceEffect checks a new price and returns what it changes. It holds from tomorrow at the earliest: days that have begun are
// billed, or moved, at the price that they have.
func (a *App) priceEffect(ctx context.Context, tx *store.Tx, s catalog.Step) (e PriceEffect, paying []payingConsole, err error) {
	if tomorrow := a.billingDate(a.Clock.Now()) + 1; s.From < tomorrow {
		return e, nil, fault.InvalidField("from", "catalog.price_date", fault.Args{"From": tomorrow})
	}
	if !s.Price.Valid() {
		return e, nil, fault.InvalidField("price", "catalog.price", fault.Args{"Value": s.Price.String()})
	}
	prices, err := tx.Prices(ctx)
	if err != nil {
		return e, nil, err
	}
	was, ok := prices.On(s.Offer, s.From-1)
	if !ok {
		return e, nil, fault.New(fault.NotFound, "catalog.no_offer", fault.Args{
			"SKU": s.SKUID, "Plan": string(s.Plan), "Currency": string(s.Currency),
		})
	}
	if was.Equal(s.Price) {
		return e, nil, fault.InvalidField("price", "catalog.price_same", fault.Args{"Date": s.From})
	}
	e = PriceEffect{Step: s, Was: was}
	consoles, err := consolesOf(ctx, tx, "")
	if err != nil {
		return e, nil, err
	}
	for _, id := range consoles {
		n, err := tx.CountPaying(ctx, id, s.Offer, was)
		if err != nil {
			return e, nil, err
		}
		e.Subscriptions += n
		if n > 0 {
			e.Consoles++
			paying = append(paying, payingConsole{id, n})
		}
	}
	return e, paying, nil
}

// repriceDue has the subscriptions of every console take the prices that hold by now. What goes wrong in one console holds up no
// other.
func (a *App) repriceDue(ctx context.Context, now time.Time) error {
	var consoles []string
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		consoles, err = tx.PricedConsoles(ctx, a.billingDate(now))
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, id := range consoles {
		err := a.repriceDueOf(ctx, now, id)
		if err == nil {
			err = a.priced(ctx, id, a.billingDate(now))
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// repriceDueOf does so in one console, one price after the other, and books how far it is before the next.
func (a *App) repriceDueOf(ctx context.Context, now time.Time, consoleID string) error {
	var prices catalog.Prices
	var due []catalog.Step
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		prices, due, err = duePrices(ctx, tx, consoleID, a.billingDate(now))
		return err
	}); err != nil {
		return err
	}
	for _, s := range due {
		if err := a.priced(ctx, consoleID, s.From-1); err != nil {
			return err
		}
		for after, left := "", true; left; {
			var last string
			if err := a.DB.Update(ctx, func(tx *store.Tx) error {
				list, err := tx.Paying(ctx, consoleID, s.Offer, prices.Before(s), after, a.Config.ChunkSize)
				if left = len(list) == a.Config.ChunkSize; err != nil || len(list) == 0 {
					return err
				}
				last = list[len(list)-1].ID
				return a.reprice(ctx, tx, now, list, s, prices.Before(s))
			}); err != nil {
				return err
			}
			after = last
		}
	}
	return nil
}

func (a *App) priced(ctx context.Context, consoleID string, to civil.Date) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.SetPricedTo(ctx, consoleID, to) })
}

// duePrices returns the steps that a console's subscriptions have not taken and that hold by a date.
func duePrices(ctx context.Context, tx *store.Tx, consoleID string, until civil.Date) (prices catalog.Prices, due []catalog.Step, err error) {
	if prices, err = tx.Prices(ctx); err != nil || len(prices.Steps) == 0 {
		return prices, nil, err
	}
	to, err := tx.PricedTo(ctx, consoleID)
	return prices, prices.Of(to, until), err
}

// reprice has subscriptions of a console pay the price of a step, and writes it into their order history.
func (a *App) reprice(ctx context.Context, tx *store.Tx, now time.Time, list []customer.Subscription, s catalog.Step, was money.Price) error {
	orders := make([]customer.Order, len(list))
	for i, sub := range list {
		orders[i] = a.order(now, system(sub.ConsoleID), customer.BySystem, customer.OrderPriceChanged, sub)
	}
	return errors.Join(tx.Reprice(ctx, list, s, was), tx.InsertOrders(ctx, orders))
}

// repriceMoving has customers who are about to move take the prices that hold by their billing date, before they move.
func (a *App) repriceMoving(ctx context.Context, tx *store.Tx, now time.Time, sourceID string, customerIDs []string, d civil.Date) error {
	prices, due, err := duePrices(ctx, tx, sourceID, d)
	if err != nil || len(due) == 0 {
		return err
	}
	subs, err := tx.SubscriptionsOf(ctx, sourceID, customerIDs)
	if err != nil {
		return err
	}
	return a.repriceThose(ctx, tx, now, subs, prices, due)
}

// repriceThose has those of the subscriptions that pay what is not the price any more pay the new one.
func (a *App) repriceThose(ctx context.Context, tx *store.Tx, now time.Time, subs []customer.Subscription, prices catalog.Prices, steps []catalog.Step) error {
	for _, s := range steps {
		was := prices.Before(s)
		var list []customer.Subscription
		for i := range subs {
			if sub := &subs[i]; takes(*sub, s, was) {
				list = append(list, *sub)
				sub.Price = s.Price
			}
		}
		if err := a.reprice(ctx, tx, now, list, s, was); err != nil {
			return err
		}
	}
	return nil
}

// repriceRenewed has what renewed late to the flexible plan take the prices that its console has taken since.
func (a *App) repriceRenewed(ctx context.Context, tx *store.Tx, now time.Time, list []billing.Renewed) error {
	if len(list) == 0 {
		return nil
	}
	to, err := tx.PricedTo(ctx, list[0].ConsoleID)
	if err != nil || to <= list[0].From {
		return err
	}
	prices, err := tx.Prices(ctx)
	if err != nil {
		return err
	}
	subs := make([]customer.Subscription, len(list))
	for i, r := range list {
		subs[i] = r.Subscription
	}
	return a.repriceThose(ctx, tx, now, subs, prices, prices.Of(list[0].From, to))
}

// takes reports whether a subscription takes the price of a step when its day comes.
func takes(sub customer.Subscription, s catalog.Step, was money.Price) bool {
	return !sub.Moved && sub.State != customer.SubCancelled && sub.Plan == s.Plan && sub.SKUID == s.SKUID &&
		sub.Currency == s.Currency && sub.Price.Equal(was)
}
