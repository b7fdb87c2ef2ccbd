package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/store"
)

// VendorTask says what waits for the vendor's operators.
type VendorTask string

// What waits, the most urgent first.
const (
	VendorUndos    VendorTask = "undos"    // requests to undo a migration
	VendorCases    VendorTask = "cases"    // support cases
	VendorOrders   VendorTask = "orders"   // orders of offline subscriptions
	VendorAccounts VendorTask = "accounts" // billing accounts to approve
	VendorMonths   VendorTask = "months"   // months that are over and not closed
	VendorGivenUp  VendorTask = "given_up" // jobs that are not tried again
	VendorFailing  VendorTask = "failing"  // jobs that failed and are tried again
)

// VendorLine is how much of something waits, up to CountLimit.
type VendorLine struct {
	Task  VendorTask
	Count int
}

// VendorHome returns what waits for the vendor in all consoles; what does not is left out.
func (a *App) VendorHome(ctx context.Context, actor console.Actor) (list []VendorLine, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	month := a.billingDate(a.Clock.Now()).Month()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.CountVendorWork(ctx)
		if err != nil {
			return err
		}
		months, err := tx.ConsolesToClose(ctx, month)
		list = nil
		for _, l := range []VendorLine{
			{VendorUndos, c.Undos},
			{VendorCases, c.Cases},
			{VendorOrders, c.Orders},
			{VendorAccounts, c.Accounts},
			{VendorMonths, len(months)},
			{VendorGivenUp, c.GivenUp},
			{VendorFailing, c.Failing},
		} {
			if l.Count > 0 {
				list = append(list, l)
			}
		}
		return err
	})
	return list, err
}

// QueuedOrder is an order that waits for the vendor, with the console that it is of.
type QueuedOrder = store.QueuedOrder

// QueuedAccount is a billing account that waits for the vendor's approval, with the console that it is of.
type QueuedAccount = store.QueuedAccount

// QueuePlace is where something in a queue over all consoles is.
type QueuePlace = store.Place

// OrderQueue returns one page of the open orders of all consoles, the oldest first, after an ID, and whether there is more.
func (a *App) OrderQueue(ctx context.Context, actor console.Actor, after string, limit int) ([]QueuedOrder, bool, error) {
	return queue(ctx, a, actor, (*store.Tx).OrderQueue, after, limit)
}

// AccountQueue returns one page of the billing accounts of all consoles that wait for approval, the oldest first, after an ID, and
// whether there is more.
func (a *App) AccountQueue(ctx context.Context, actor console.Actor, after string, limit int) ([]QueuedAccount, bool, error) {
	return queue(ctx, a, actor, (*store.Tx).AccountQueue, after, limit)
}

func queue[T any](
	ctx context.Context, a *App, actor console.Actor, read func(*store.Tx, context.Context, string, int) ([]T, error), after string, limit int,
) (list []T, more bool, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, false, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = read(tx, ctx, after, limit+1)
		return err
	})
	return list[:min(len(list), limit)], len(list) > limit, err
}
