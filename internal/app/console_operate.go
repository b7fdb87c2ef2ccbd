package app

import (
	"context"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/store"
)

// operatorShown is how many open orders and suspensions the operator's page of a console shows.
const operatorShown = 100

// Consoles lists all consoles for the operator.
func (a *App) Consoles(ctx context.Context, actor console.Actor) (list []console.Console, err error) {
	if err := actor.MayOperate(); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Consoles(ctx)
		return err
	})
	return list, err
}

// ConsoleLine is a console with how much waits there for the vendor: cases, open orders and accounts, up to store.CountLimit of each.
type ConsoleLine struct {
	console.Console
	Waiting int
}

// ConsoleList returns one page of the consoles whose name, reseller or account ID contains a text, for the operator.
func (a *App) ConsoleList(ctx context.Context, actor console.Actor, search string, page Page) (list List[ConsoleLine], err error) {
	if err := actor.MayOperate(); err != nil {
		return list, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		consoles, err := tx.ConsolePage(ctx, search, page)
		if err != nil {
			return err
		}
		ids := make([]string, len(consoles.Rows))
		for i, c := range consoles.Rows {
			ids[i] = c.ID
		}
		waiting, err := tx.VendorWorkOf(ctx, ids)
		list = List[ConsoleLine]{HasPrevious: consoles.HasPrevious, HasNext: consoles.HasNext}
		for _, c := range consoles.Rows {
			list.Rows = append(list.Rows, ConsoleLine{c, waiting[c.ID]})
		}
		return err
	})
	return list, err
}

// VendorWork is what only the vendor can settle in a console, the reasons of customers that wait for it among them.
type VendorWork struct {
	Suspended  Event // who suspended the console, when and why
	Agreements []Agreement
	Accounts   []billing.Account
	SKUs       []SKUAuthorization
	OpenOrders []OpenOrder
	Stopped    []VendorSuspension
}

// OpenOrder is an order that waits, with whose it is.
type OpenOrder = store.OpenOrder

// VendorSuspension is a subscription that the vendor suspended, with whose it is.
type VendorSuspension = store.VendorSuspension

// VendorWork returns what the operator may settle in the console in which it acts.
func (a *App) VendorWork(ctx context.Context, actor console.Actor) (w VendorWork, err error) {
	if err := actor.MayOperate(); err != nil {
		return w, err
	}
	if w.SKUs, err = a.SKUAuthorizations(ctx, actor); err != nil {
		return w, err
	}
	if w.Agreements, err = a.Agreements(ctx, actor); err != nil {
		return w, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if w.Suspended, err = suspension(ctx, tx, actor.ConsoleID); err != nil {
			return err
		}
		if w.Accounts, err = tx.BillingAccounts(ctx, actor.ConsoleID); err != nil {
			return err
		}
		if w.OpenOrders, err = tx.OpenOrders(ctx, actor.ConsoleID, operatorShown); err != nil {
			return err
		}
		w.Stopped, err = tx.VendorSuspended(ctx, actor.ConsoleID, operatorShown)
		return err
	})
	return w, err
}
