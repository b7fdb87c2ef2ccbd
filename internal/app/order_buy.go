package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// Purchase is an order of a new subscription.
type Purchase struct {
	CustomerID      string
	SKUID           string
	Plan            catalog.Plan
	Seats           int64
	MaxSeats        int64 // of the flexible plan; 0: no cap
	AccountID       string
	PurchaseOrderID string
	Renewal         customer.RenewalKind // of an annual plan; empty: the same plan again
	Key             string               // the same key does nothing twice
	Trial           bool                 // free for as long as the catalogue says
	Offline         bool                 // done by the vendor, for whom the order waits
}

// poLimit is how long a purchase order number may be, as in a file of customers.
const poLimit = 100

// Buy orders a new subscription for a customer of the actor's console, from the present billing date on at the catalogue's price.
// Refused while the customer moves (spec M7). A second order with the same key returns what the first one bought. An offline
// subscription is done by the vendor: the order waits, and begins nothing yet.
func (a *App) Buy(ctx context.Context, actor console.Actor, in Purchase) (s customer.Subscription, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return s, err
	}
	now := a.Clock.Now()
	on := a.billingDate(now)
	id := a.IDs.New("sub", now)
	if in.Key != "" {
		id = keyedSubscription(actor.ConsoleID, in.Key)
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := touch(ctx, tx, actor.ConsoleID, in.CustomerID, byReseller)
		if err != nil {
			return err
		}
		if s, err = tx.Subscription(ctx, actor.ConsoleID, id); !errors.Is(err, store.ErrNone) {
			if err == nil && (s.CustomerID != in.CustomerID || s.SKUID != in.SKUID || s.Seats != in.Seats) {
				err = fault.New(fault.Conflict, "order.key_used", nil)
			}
			return err
		}
		if _, err := tx.TouchPayingAccounts(ctx, actor.ConsoleID, []string{in.AccountID}); err != nil {
			return err
		}
		if s, err = a.bought(ctx, tx, actor, in, now); err != nil {
			return err
		}
		s.ID = id
		if in.Offline {
			return a.orderOffline(ctx, tx, now, actor, c, s)
		}
		if err := errors.Join(tx.TouchMonth(ctx, actor.ConsoleID, on), tx.InsertSubscriptions(ctx, []customer.Subscription{s})); err != nil {
			return err
		}
		order := a.order(now, actor, operatorOf(actor), customer.OrderCreated, s)
		order.SeatsBefore = 0
		return a.tellOrdered(ctx, tx, now, actor, c, order, "subscription.bought")
	})
	return s, err
}

// keyedSubscription is the ID of the subscription that a console orders with a key.
func keyedSubscription(consoleID, key string) string {
	sum := sha256.Sum256([]byte(consoleID + "/" + key))
	return "sub_" + hex.EncodeToString(sum[:13])
}

// bought returns the subscription that a purchase makes, without its ID.
func (a *App) bought(ctx context.Context, tx *store.Tx, actor console.Actor, in Purchase, now time.Time) (s customer.Subscription, err error) {
	sku, err := a.sellable(ctx, tx, actor.ConsoleID, in)
	if err != nil {
		return s, err
	}
	account, err := tx.BillingAccount(ctx, actor.ConsoleID, in.AccountID)
	switch {
	case errors.Is(err, store.ErrNone):
		return s, fault.InvalidField("account", "order.account_missing", nil)
	case err != nil:
		return s, err
	case account.Group != sku.Group:
		return s, fault.InvalidField("account", "order.account_group", fault.Args{"Account": account.Name, "Group": sku.Group.Name()})
	case !account.Usable():
		return s, fault.InvalidField("account", "order.account_unusable", fault.Args{"Account": account.Name})
	}
	on := a.billingDate(now)
	s = customer.Subscription{
		ConsoleID: actor.ConsoleID, CustomerID: in.CustomerID, SKUID: sku.ID, Group: sku.Group, Plan: in.Plan,
		State: customer.SubActive, Channel: customer.Online, MaxSeats: in.MaxSeats, Currency: account.Currency,
		BillingAccountID: account.ID, PurchaseOrderID: strings.TrimSpace(in.PurchaseOrderID), StartDate: on, CreatedAt: now,
	}
	if s.PurchaseOrderID, err = purchaseOrder(in.PurchaseOrderID); err != nil {
		return s, err
	}
	if in.Offline {
		s.Channel = customer.Offline
	}
	begins := on
	if in.Trial {
		if err := trialOf(ctx, tx, in, sku, actor.ConsoleID); err != nil {
			return s, err
		}
		begins += civil.Date(sku.TrialDays) //nolint:gosec // bounded by the catalogue
		s.State, s.TrialEnd = customer.SubTrial, begins
	}
	if in.Plan.Annual() {
		s.TermStart, s.TermEnd, s.Renewal = begins, begins.AddMonths(12), sameAgain(in)
	}
	prices, err := tx.Prices(ctx)
	if err != nil {
		return s, err
	}
	price := priceOf(prices, s)
	var offered bool
	if s.Price, offered = price(in.Plan, on); !offered {
		return s, fault.InvalidField("plan", "order.not_offered_in", fault.Args{
			"SKU": sku.Name, "Plan": fault.Word("plan." + string(in.Plan)), "Currency": string(account.Currency),
		})
	}
	if in.Plan.Annual() {
		if s, err = billing.OrderRenewal(s, s.Renewal, price); err != nil {
			return s, err
		}
	}
	if in.MaxSeats < 0 || in.MaxSeats > customer.MostSeats || in.MaxSeats > 0 && in.Plan.Annual() {
		return s, fault.InvalidField("max_seats", "order.max_seats", fault.Args{"Most": customer.MostSeats})
	}
	if s, err = billing.OrderSeats(s, in.Seats, on); err != nil {
		return s, err
	}
	return s, checkLimits(ctx, tx, customer.Subscription{}, s)
}

// trialOf refuses a trial that there is none of: of an offline subscription, of a product without, and of one that the customer has
// tried already.
func trialOf(ctx context.Context, tx *store.Tx, in Purchase, sku catalog.SKU, consoleID string) error {
	if sku.TrialDays == 0 || in.Offline {
		return fault.InvalidField("trial", "order.no_trial", fault.Args{"SKU": sku.Name})
	}
	subs, err := tx.Subscriptions(ctx, consoleID, in.CustomerID)
	if err == nil && slices.ContainsFunc(subs, func(s customer.Subscription) bool { return s.SKUID == sku.ID && s.TrialEnd != 0 }) {
		err = fault.InvalidField("trial", "order.tried", fault.Args{"SKU": sku.Name})
	}
	return err
}

// purchaseOrder returns a purchase order number as it is stored.
func purchaseOrder(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	if utf8.RuneCountInString(s) > poLimit || strings.ContainsAny(s, "\n\r\t") {
		return "", fault.InvalidField("purchase_order", "order.purchase_order", fault.Args{"Limit": poLimit})
	}
	return s, nil
}

// sameAgain is the renewal that a purchase asks for, or else of its own plan.
func sameAgain(in Purchase) customer.RenewalKind {
	switch {
	case in.Renewal != "":
		return in.Renewal
	case in.Plan == catalog.AnnualYearlyPay:
		return customer.RenewYearly
	default:
		return customer.RenewMonthly
	}
}

// sellable returns the SKU of a purchase if the console may sell it.
func (a *App) sellable(ctx context.Context, tx *store.Tx, consoleID string, in Purchase) (sku catalog.SKU, err error) {
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return sku, err
	}
	if sku, err = authorized(ctx, tx, consoleID, skus, in.SKUID); err != nil {
		return sku, err
	}
	if !in.Plan.Valid() {
		return sku, fault.InvalidField("plan", "order.plan_missing", nil)
	}
	return sku, nil
}
