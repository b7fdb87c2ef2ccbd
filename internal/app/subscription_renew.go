package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// renewDue renews in every console what has come to the end of its term or trial, whether its customer moves or not (spec M7).
// What goes wrong in one console holds up no other.
func (a *App) renewDue(ctx context.Context, now time.Time) error {
	var consoles []string
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		consoles, err = tx.ConsolesWithDueTerms(ctx, a.billingDate(now))
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, id := range consoles {
		errs = append(errs, a.renewDueOf(ctx, now, id))
	}
	return errors.Join(errs...)
}

// renewDueOf renews what is due in one console, day by day.
func (a *App) renewDueOf(ctx context.Context, now time.Time, consoleID string) error {
	today := a.billingDate(now)
	for after, left := (store.DueCursor{}), true; left; {
		var next store.DueCursor
		if err := a.DB.Update(ctx, func(tx *store.Tx) error {
			due, err := tx.DueTerms(ctx, consoleID, today, after, a.Config.ChunkSize)
			if left = len(due) > 0; err != nil || !left {
				return err
			}
			next, err = a.renewDay(ctx, tx, now, due)
			return err
		}); err != nil {
			return fmt.Errorf("renew in %s: %w", consoleID, err)
		}
		after = next
	}
	return nil
}

// renewMoving renews what customers who are about to move have that was due by their billing date: what was due before it is the
// source's, however late that is found (spec B5).
func (a *App) renewMoving(ctx context.Context, tx *store.Tx, now time.Time, sourceID string, customerIDs []string, d civil.Date) error {
	for after := (store.DueCursor{}); ; {
		due, err := tx.DueTermsOf(ctx, sourceID, customerIDs, d, after)
		if err != nil || len(due) == 0 {
			return err
		}
		if after, err = a.renewDay(ctx, tx, now, due); err != nil {
			return err
		}
	}
}

// renewDay renews those subscriptions of a console that were due first, all of one day, and returns where it came to. What
// cannot be renewed stays as it is, and its console is told.
func (a *App) renewDay(ctx context.Context, tx *store.Tx, now time.Time, due []customer.Subscription) (last store.DueCursor, err error) {
	consoleID := due[0].ConsoleID
	if err := tx.TouchMonth(ctx, consoleID, a.billingDate(now)); err != nil {
		return last, err
	}
	day, err := renewals(ctx, tx, due, a.billingDate(now))
	if err != nil {
		return last, err
	}
	var list []billing.Renewed
	var orders []customer.Order
	customers := map[string]bool{}
	for _, r := range day {
		last = store.DueCursor{Due: r.From, ID: r.ID}
		if r.stuck {
			if err := a.tellNotRenewed(ctx, tx, now, r.Renewed); err != nil {
				return last, err
			}
			continue
		}
		list = append(list, r.Renewed)
		order := a.order(now, system(consoleID), customer.BySystem, r.Action, r.Subscription)
		order.SeatsBefore = r.seats
		orders = append(orders, order)
		customers[r.CustomerID] = true
	}
	if err := tx.Renew(ctx, list); err != nil {
		return last, err
	}
	if err := tx.InsertOrders(ctx, orders); err != nil {
		return last, err
	}
	if err := a.repriceRenewed(ctx, tx, now, list); err != nil {
		return last, err
	}
	return last, a.evaluateCustomers(ctx, tx, now, consoleID, slices.Sorted(maps.Keys(customers)))
}

// renewal is what the end of a term or of a trial makes of a subscription, if it can.
type renewal struct {
	billing.Renewed

	stuck bool
	seats int64 // before
}

// renewals returns what becomes of those subscriptions of a console that were due first, all of one day.
func renewals(ctx context.Context, tx *store.Tx, due []customer.Subscription, today civil.Date) (list []renewal, err error) {
	prices, err := tx.Prices(ctx)
	if err != nil {
		return nil, err
	}
	stuck, err := stuckOf(ctx, tx, prices, due, today)
	for _, s := range due {
		r, ok := billing.Renew(s, today, priceOf(prices, s))
		if !ok || len(list) > 0 && r.From != list[0].From {
			break
		}
		list = append(list, renewal{r, stuck[s.ID], s.Seats})
	}
	return list, err
}

// stuckOf returns which subscriptions of a console that are due on a date cannot be renewed: their next term was charged before, as
// after something wrote an earlier term over it, or is too dear to be charged.
func stuckOf(ctx context.Context, tx *store.Tx, prices catalog.Prices, due []customer.Subscription, on civil.Date) (map[string]bool, error) {
	stuck := map[string]bool{}
	lots := map[string]string{} // subscriptions by the lot that they need
	for _, s := range due {
		r, ok := billing.Renew(s, on, priceOf(prices, s))
		if !ok || !r.Buys() {
			continue
		}
		id := store.LotID(r.Subscription)
		lots[id] = s.ID
		if _, err := r.Bought(id); err != nil {
			stuck[s.ID] = true
		}
	}
	if len(lots) == 0 {
		return stuck, nil
	}
	there, err := tx.LotsThere(ctx, due[0].ConsoleID, slices.Sorted(maps.Keys(lots)))
	for _, id := range there {
		stuck[lots[id]] = true
	}
	return stuck, err
}

// tellNotRenewed tells the console once what could not be renewed on a day; the check of the ledger names all of it.
func (a *App) tellNotRenewed(ctx context.Context, tx *store.Tx, now time.Time, r billing.Renewed) error {
	c, err := tx.Customer(ctx, r.ConsoleID, r.CustomerID)
	if err != nil {
		return err
	}
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: r.ConsoleID, Kind: "subscription.not_renewed", Audience: console.EditCustomers,
		Dedupe: "subscription.not_renewed/" + r.From.String(),
		Data:   map[string]string{"Customer": c.Name, "Date": r.From.String(), "Path": "/customers/" + c.ID},
	})
}

// notRenewed finds what is due and cannot be renewed.
func (a *App) notRenewed(ctx context.Context, tx *store.Tx) (found []store.Discrepancy, err error) {
	today := a.billingDate(a.Clock.Now())
	consoles, err := tx.ConsolesWithDueTerms(ctx, today)
	if err != nil {
		return nil, err
	}
	for _, id := range consoles {
		for after, left := (store.DueCursor{}), true; left && len(found) < discrepanciesShown; {
			due, err := tx.DueTerms(ctx, id, today, after, draftChunk)
			if err != nil {
				return nil, err
			}
			if left = len(due) > 0; !left {
				break
			}
			day, err := renewals(ctx, tx, due, today)
			if err != nil {
				return nil, err
			}
			for _, r := range day {
				after = store.DueCursor{Due: r.From, ID: r.ID}
				if r.stuck {
					found = append(found, store.Discrepancy{Check: "renewal", Subject: id + " " + r.ID, Expected: 1})
				}
			}
		}
	}
	return found, nil
}

// priceOf returns what a seat of the subscription's product costs, from its renewal on that of the product that is ordered for then.
func priceOf(prices catalog.Prices, s customer.Subscription) billing.PriceOn {
	return func(plan catalog.Plan, on civil.Date) (money.Price, bool) {
		skuID := s.SKUID
		if s.RenewalSKUID != "" && on >= s.TermEnd {
			skuID = s.RenewalSKUID
		}
		return prices.On(catalog.Offer{SKUID: skuID, Plan: plan, Currency: s.Currency}, on)
	}
}
