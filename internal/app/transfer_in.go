package app

import (
	"context"
	"errors"
	"slices"

	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// TransferIn takes over the subscriptions of a customer that is another console's, with the token that the customer was given there.
type TransferIn struct {
	CustomerID string // the console's own customer of the same domain, who gets them
	Token      string
	Accounts   map[string]string // of subscriptions, where it is not the oldest that can pay
}

// Transferable is a subscription that a token lets a console take over, and the fault that keeps it from that.
type Transferable struct {
	customer.Subscription

	SKU     catalog.SKU
	Refused *fault.Error // nil: it can be taken over
}

// TransferableTo lists what a token lets the actor's console take over for its customer.
func (a *App) TransferableTo(ctx context.Context, actor console.Actor, customerID, token string) (list []Transferable, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(ctx, actor.ConsoleID, customerID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		from, err := a.transferFrom(ctx, tx, c, token)
		if err != nil {
			return err
		}
		list, err = a.transferables(ctx, tx, c, from)
		return err
	})
	return list, err
}

// CustomerOfToken returns the customer of another console that a token is of: it has consented to be known.
func (a *App) CustomerOfToken(ctx context.Context, actor console.Actor, token string) (c customer.Customer, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return c, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		t, err := tx.OpenTransferToken(ctx, secretHash(token), a.Wall.Now())
		if err != nil {
			return unknownTransfer()
		}
		if c, err = tx.Customer(ctx, t.ConsoleID, t.CustomerID); err == nil && (c.State != customer.Live || c.ConsoleID == actor.ConsoleID) {
			err = unknownTransfer()
		}
		return err
	})
	return c, err
}

// transferFrom returns the customer of another console that a token is of, if it is the same organisation.
func (a *App) transferFrom(ctx context.Context, tx *store.Tx, to customer.Customer, token string) (from customer.Customer, err error) {
	t, err := tx.OpenTransferToken(ctx, secretHash(token), a.Wall.Now())
	if err != nil {
		if errors.Is(err, store.ErrNone) {
			err = unknownTransfer()
		}
		return from, err
	}
	if from, err = tx.Customer(ctx, t.ConsoleID, t.CustomerID); err != nil {
		return from, err
	}
	if from.State != customer.Live || from.Domain != to.Domain || from.ConsoleID == to.ConsoleID {
		return from, unknownTransfer()
	}
	losing, err := tx.Console(ctx, from.ConsoleID)
	if err == nil && losing.State == console.Suspended { // it cannot be changed
		err = fault.New(fault.Precondition, "transfer.from_suspended", nil)
	}
	return from, err
}

// transferables returns the subscriptions of a customer that have not ended, each with what keeps another console from taking it over.
func (a *App) transferables(ctx context.Context, tx *store.Tx, to, from customer.Customer) ([]Transferable, error) {
	subs, err := tx.Subscriptions(ctx, from.ConsoleID, from.ID)
	if err != nil {
		return nil, err
	}
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return nil, err
	}
	granted, err := tx.AuthorizedSKUs(ctx, to.ConsoleID)
	var list []Transferable
	for _, s := range subs {
		t := Transferable{Subscription: s, SKU: skus[s.SKUID]}
		switch {
		case s.State == customer.SubCancelled:
			continue
		case s.SuspensionReason == customer.SuspendedByVendor:
			t.Refused = fault.New(fault.Precondition, "transfer.suspended", nil)
		case granted[s.SKUID].IsZero():
			t.Refused = fault.InvalidField("sku", "order.sku_not_authorized", fault.Args{"SKU": t.SKU.Name})
		}
		list = append(list, t)
	}
	return list, err
}

// TakeOver gives all subscriptions of a customer of another console to the actor's own customer of the same domain, on the present
// billing date: plan, price, seats and term stay, and what is left of prepaid ones is credited there and charged here (spec B4, B5). Refused
// while either customer moves (spec M7). It returns the IDs of the subscriptions.
func (a *App) TakeOver(ctx context.Context, actor console.Actor, in TransferIn) (ids []string, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	on := a.billingDate(now)
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		to, err := touch(ctx, tx, actor.ConsoleID, in.CustomerID, byReseller)
		if err != nil {
			return err
		}
		from, err := a.transferFrom(ctx, tx, to, in.Token)
		if err != nil {
			return err
		}
		if from, err = touch(ctx, tx, from.ConsoleID, from.ID, byReseller); err != nil {
			return err
		}
		if err := a.renewMoving(ctx, tx, now, from.ConsoleID, []string{from.ID}, on); err != nil { // a term that is over by now is renewed first
			return err
		}
		subs, err := a.takenOver(ctx, tx, to, from, in.Accounts)
		if err != nil {
			return err
		}
		h := store.Handover{ID: a.IDs.New("trf", now), From: from.ID, To: to.ID, Subscriptions: subs, Date: on}
		ids = make([]string, len(subs))
		gone, come := make([]customer.Order, len(subs)), make([]customer.Order, len(subs))
		for i, s := range subs {
			ids[i] = s.ID
			come[i] = a.order(now, actor, operatorOf(actor), customer.OrderTransferredIn, s)
			come[i].SeatsBefore = 0
			s.ConsoleID, s.CustomerID = from.ConsoleID, from.ID
			gone[i] = a.order(now, system(from.ConsoleID), customer.ByCustomer, customer.OrderTransferredAway, s)
		}
		data := func(c customer.Customer) map[string]string {
			return map[string]string{"Customer": c.Name, "Subscriptions": count(int64(len(subs))), "Date": on.String()}
		}
		return errors.Join(
			tx.HandOver(ctx, to.ConsoleID, from.ConsoleID, h),
			tx.UseTransferTokens(ctx, from.ConsoleID, from.ID, a.Wall.Now()),
			tx.InsertOrders(ctx, slices.Concat(gone, come)),
			a.record(ctx, tx, now, actor, entry{Action: "customer.taken_over", Subject: to.ID, Customer: to.ID, Data: data(to)}),
			a.record(ctx, tx, now, system(from.ConsoleID), entry{
				Action: "customer.transferred_away", Subject: from.ID, Customer: from.ID, Data: data(from),
			}),
			a.evaluateCustomers(ctx, tx, now, to.ConsoleID, []string{to.ID}),
			a.evaluateCustomers(ctx, tx, now, from.ConsoleID, []string{from.ID}),
		)
	})
	return ids, err
}

// takenOver returns the subscriptions as the console that takes them over has them, or why it cannot have all of them.
func (a *App) takenOver(ctx context.Context, tx *store.Tx, to, from customer.Customer, chosen map[string]string) ([]customer.Subscription, error) {
	if _, err := transferable(ctx, tx, from.ConsoleID, from.ID); err != nil { // with orders that wait, for example
		return nil, err
	}
	list, err := a.transferables(ctx, tx, to, from)
	if err != nil {
		return nil, err
	}
	accounts, err := tx.BillingAccounts(ctx, to.ConsoleID)
	if err != nil {
		return nil, err
	}
	before, err := tx.Subscriptions(ctx, to.ConsoleID, to.ID)
	if err != nil {
		return nil, err
	}
	after := slices.Clone(before)
	subs := make([]customer.Subscription, len(list))
	for i, t := range list {
		if t.Refused != nil {
			return nil, t.Refused
		}
		payer, ok := payerOf(OfferLine{Offer: catalog.Offer{SKUID: t.SKUID, Currency: t.Currency}, SKU: t.SKU}, accounts, chosen[t.ID])
		if !ok {
			return nil, fault.New(fault.Precondition, "transfer.account", fault.Args{"Currency": string(t.Currency), "Group": t.Group.Name()})
		}
		s := t.Subscription
		s.ConsoleID, s.CustomerID, s.BillingAccountID = to.ConsoleID, to.ID, payer.ID
		subs[i], after = s, append(after, s)
	}
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return nil, err
	}
	return subs, customer.CheckLimitsNow(skus, before, after)
}
