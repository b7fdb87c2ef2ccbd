package app

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// CustomerSettings are how a person likes to see the customers of a console.
type CustomerSettings = store.CustomerSettings

// SavedFilter is a filter of customers that a person keeps under a name.
type SavedFilter = store.SavedFilter

// CustomerColumns are the columns that a list of customers can have, in their order. The first is always there.
var CustomerColumns = []string{
	"name", "domain", "contact", "products", "subscriptions", "seats", "renewal", "currencies", "created", "status",
}

// UsualCustomerColumns are the columns for who has not chosen.
var UsualCustomerColumns = []string{"name", "products", "subscriptions", "seats", "renewal", "status"}

// How many filters a person keeps in a console, and how long they are.
const (
	mostFilters     = 30
	longestFilter   = 60
	longestFiltered = 2_000
)

// SetCustomerSettings remembers how the actor likes to see the customers of the console.
func (a *App) SetCustomerSettings(ctx context.Context, actor console.Actor, s CustomerSettings) error {
	if err := personal(actor); err != nil {
		return err
	}
	if err := actor.May(console.ViewCustomers); err != nil {
		return err
	}
	known := func(column string) bool { return slices.Contains(CustomerColumns, column) }
	if len(s.Columns) != len(slices.Compact(slices.Sorted(slices.Values(s.Columns)))) || slices.ContainsFunc(s.Columns, func(c string) bool { return !known(c) }) {
		return fault.InvalidField("columns", "customer_settings.columns", nil)
	}
	if !slices.Contains(PageSizes, s.PageSize) {
		return fault.InvalidField("size", "customer_settings.size", nil)
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.SetCustomerSettings(ctx, actor.ConsoleID, actor.PersonID, s)
	})
}

// SaveCustomerFilter keeps a filter of the list of customers under a name, for the actor in this console.
func (a *App) SaveCustomerFilter(ctx context.Context, actor console.Actor, f SavedFilter) error {
	if err := personal(actor); err != nil {
		return err
	}
	if err := actor.May(console.ViewCustomers); err != nil {
		return err
	}
	f.Name = strings.TrimSpace(f.Name)
	if n := utf8.RuneCountInString(f.Name); n == 0 || n > longestFilter || strings.ContainsFunc(f.Name, unicode.IsControl) {
		return fault.InvalidField("name", "customer_settings.name", fault.Args{"Most": longestFilter})
	}
	if len(f.Query) == 0 || len(f.Query) > longestFiltered {
		return fault.InvalidField("name", "customer_settings.nothing", nil)
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		kept, err := tx.CustomerFilters(ctx, actor.ConsoleID, actor.PersonID)
		if err != nil {
			return err
		}
		there := slices.ContainsFunc(kept, func(k SavedFilter) bool { return k.Name == f.Name })
		if !there && len(kept) >= mostFilters {
			return fault.InvalidField("name", "customer_settings.too_many", fault.Args{"Most": mostFilters})
		}
		return tx.SaveCustomerFilter(ctx, actor.ConsoleID, actor.PersonID, f)
	})
}

// DeleteCustomerFilter forgets a filter of the actor.
func (a *App) DeleteCustomerFilter(ctx context.Context, actor console.Actor, name string) error {
	if err := actor.May(console.ViewCustomers); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		ok, err := tx.DeleteCustomerFilter(ctx, actor.ConsoleID, actor.PersonID, name)
		if err == nil && !ok {
			return fault.New(fault.NotFound, "customer_settings.no_filter", nil)
		}
		return err
	})
}
