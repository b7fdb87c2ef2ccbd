package app

import (
	"context"
	"errors"
	"slices"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// CustomerFilter says which of a console's customers are asked for.
type CustomerFilter = store.CustomerFilter

// CustomerOrder is the order of a list of customers.
type CustomerOrder = store.CustomerOrder

// MigrationPlace is where a live customer stands on its way to a main.
type MigrationPlace = store.MigrationPlace

// CustomerKey is what a list of customers is sorted by.
type CustomerKey = store.CustomerKey

// The keys.
const (
	ByName    = store.ByName
	ByDomain  = store.ByDomain
	ByCreated = store.ByCreated
	ByRenewal = store.ByRenewal
	BySeats   = store.BySeats
)

// CustomerKeys are what a list of customers can be sorted by.
var CustomerKeys = []CustomerKey{ByName, ByDomain, ByCreated, ByRenewal, BySeats}

// MigrationPlaces are where a live customer can stand on its way to a main.
var MigrationPlaces = store.MigrationPlaces

// RowCount is how many rows a list has, or at least has.
type RowCount = store.Count

// CustomerQuery asks for a page of customers.
type CustomerQuery struct {
	CustomerFilter // of live customers if it has no state

	RenewsWithin int64 // that many days from the present billing date, which is the first of them; 0: at any time
	Order        CustomerOrder
	Page         Page
}

// maxRenewsWithin is the longest window of renewals, in days: no term is longer.
const maxRenewsWithin = 1_000

// check refuses what cannot be asked for, naming each field.
func (q CustomerQuery) check() error {
	var fields []fault.Field
	refuse := func(name, key string, allowed bool) {
		if !allowed {
			fields = append(fields, fault.Field{Name: name, Key: "customer_filter." + key})
		}
	}
	refuse("state", "choose", q.State == customer.Live || q.State == customer.Moved)
	refuse("plan", "choose", q.Plan == "" || q.Plan.Valid())
	refuse("status", "choose", q.Status == "" || slices.Contains(SubscriptionStates, q.Status))
	refuse("reason", "choose", q.Reason == "" || slices.Contains(SuspensionReasons, q.Reason))
	refuse("currency", "choose", q.Currency == "" || q.Currency.Valid())
	refuse("migration", "choose", q.Migration == "" || slices.Contains(MigrationPlaces, q.Migration))
	refuse("sort", "choose", q.Order.Key == "" || slices.Contains(CustomerKeys, q.Order.Key))
	refuse("renews", "days", q.RenewsWithin >= 0 && q.RenewsWithin <= maxRenewsWithin)
	refuse("terms_to", "dates", q.TermsFrom == 0 || q.TermsTo == 0 || q.TermsFrom <= q.TermsTo)
	refuse("seats_from", "number", q.SeatsFrom >= 0)
	refuse("seats_to", "number", q.SeatsTo >= 0)
	refuse("seats_to", "range", q.SeatsFrom <= 0 || q.SeatsTo <= 0 || q.SeatsFrom <= q.SeatsTo)
	if len(fields) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "customer_filter.invalid", Fields: fields}
	}
	return nil
}

// SubscriptionStates are those by which customers can be asked for: what has ended counts no more.
var SubscriptionStates = []customer.SubscriptionState{customer.SubActive, customer.SubTrial, customer.SubSuspended}

// SuspensionReasons are all reasons.
var SuspensionReasons = []customer.SuspensionReason{
	customer.SuspendedByReseller, customer.SuspendedByVendor, customer.SuspendedTrialEnded,
}

// CustomerList is a page of customers.
type CustomerList struct {
	List[customer.Customer]
	Counts    map[customer.State]RowCount // of what the filter asks for
	Summaries map[string]CustomerSummary  // by customer ID
}

// CustomerSummary is what a list tells of a customer's subscriptions that have not ended.
type CustomerSummary struct {
	Subscriptions int
	States        []customer.SubscriptionState // that there are, the worst first
	Products      []string                     // names of SKUs
	Currencies    []money.Currency
	Cap           int64 // of seats; 0: there is none, or no subscription
}

// Customers lists the customers of the actor's console.
func (a *App) Customers(ctx context.Context, actor console.Actor, q CustomerQuery) (l CustomerList, err error) {
	f, err := a.customerFilter(actor, &q)
	if err != nil {
		return l, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if l, err = customerRows(ctx, tx, actor.ConsoleID, f, q); err != nil {
			return err
		}
		l.Counts = make(map[customer.State]RowCount)
		for _, state := range []customer.State{customer.Live, customer.Moved} {
			f.State = state
			if l.Counts[state], err = tx.CountCustomers(ctx, actor.ConsoleID, f); err != nil {
				return err
			}
		}
		return nil
	})
	return l, err
}

// customerFilter returns the filter with the days that the query means, if the actor may see customers.
func (a *App) customerFilter(actor console.Actor, q *CustomerQuery) (CustomerFilter, error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return q.CustomerFilter, err
	}
	if q.State == "" {
		q.State = customer.Live
	}
	f := q.CustomerFilter
	if q.RenewsWithin > 0 {
		f.RenewsFrom = a.billingDate(a.Clock.Now())
		f.RenewsTo = f.RenewsFrom + civil.Date(q.RenewsWithin) + 1 //nolint:gosec // check refuses more than there are dates
	}
	return f, q.check()
}

// customerRows returns a page of customers with their summaries.
func customerRows(ctx context.Context, tx *store.Tx, consoleID string, f CustomerFilter, q CustomerQuery) (l CustomerList, err error) {
	if l.List, err = tx.CustomersPage(ctx, consoleID, f, q.Order, q.Page); err != nil {
		return l, err
	}
	ids := make([]string, len(l.Rows))
	for i, c := range l.Rows {
		ids[i] = c.ID
	}
	subs, err := tx.SubscriptionsOf(ctx, consoleID, ids)
	if err != nil {
		return l, err
	}
	skus, err := skusByID(ctx, tx)
	if err != nil {
		return l, err
	}
	of := make(map[string][]customer.Subscription, len(ids))
	for _, s := range subs {
		if s.State != customer.SubCancelled {
			of[s.CustomerID] = append(of[s.CustomerID], s)
		}
	}
	l.Summaries = make(map[string]CustomerSummary, len(ids))
	for id, subs := range of {
		l.Summaries[id] = summaryOf(subs, skus)
	}
	return l, nil
}

func summaryOf(subs []customer.Subscription, skus map[string]catalog.SKU) CustomerSummary {
	m := CustomerSummary{Subscriptions: len(subs)}
	open := false // a flexible plan without a cap has none in sum either
	for _, s := range subs {
		name := skus[s.SKUID].Name
		if !slices.Contains(m.Products, name) {
			m.Products = append(m.Products, name)
		}
		if !slices.Contains(m.Currencies, s.Currency) {
			m.Currencies = append(m.Currencies, s.Currency)
		}
		switch {
		case s.Plan.Annual():
			m.Cap += s.Seats
		case s.MaxSeats > 0:
			m.Cap += s.MaxSeats
		default:
			open = true
		}
	}
	if open {
		m.Cap = 0
	}
	for _, state := range []customer.SubscriptionState{customer.SubSuspended, customer.SubTrial, customer.SubActive} {
		if slices.ContainsFunc(subs, func(s customer.Subscription) bool { return s.State == state }) {
			m.States = append(m.States, state)
		}
	}
	slices.Sort(m.Currencies)
	return m
}

// CustomerChoices are what customers of a console can be asked for by, and how the actor likes to see them.
type CustomerChoices struct {
	SKUs       []catalog.SKU
	Currencies []money.Currency // of the console's billing accounts
	Settings   CustomerSettings // of the actor
	Filters    []SavedFilter    // that the actor keeps, by name
	Source     bool             // the console is a connected source, of which it is known who is ready
}

// CustomerChoices returns what a list of the console's customers can be filtered by, and how the actor likes to see it.
func (a *App) CustomerChoices(ctx context.Context, actor console.Actor) (c CustomerChoices, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return c, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if c.SKUs, err = tx.SKUs(ctx); err != nil {
			return err
		}
		if c.Settings, err = tx.CustomerSettings(ctx, actor.ConsoleID, actor.PersonID); err != nil {
			return err
		}
		if len(c.Settings.Columns) == 0 {
			c.Settings.Columns = UsualCustomerColumns
		}
		if c.Filters, err = tx.CustomerFilters(ctx, actor.ConsoleID, actor.PersonID); err != nil {
			return err
		}
		accounts, err := tx.BillingAccounts(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			if !slices.Contains(c.Currencies, account.Currency) {
				c.Currencies = append(c.Currencies, account.Currency)
			}
		}
		slices.Sort(c.Currencies)
		_, err = tx.ConnectedAsSource(ctx, actor.ConsoleID)
		c.Source = err == nil
		if errors.Is(err, store.ErrNone) {
			return nil
		}
		return err
	})
	return c, err
}

// CustomerNeighbours are the customers before and after one in a list; nil where it begins or ends.
type CustomerNeighbours struct {
	Previous, Next *customer.Customer
}

// CustomerNeighbours returns who stands beside a customer in the list that is asked for. The customer need not be in it: then they
// are those between which it would stand.
func (a *App) CustomerNeighbours(ctx context.Context, actor console.Actor, q CustomerQuery, c customer.Customer) (n CustomerNeighbours, err error) {
	f, err := a.customerFilter(actor, &q)
	if err != nil {
		return n, err
	}
	at := q.Order.Place(c)
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		for side, page := range map[**customer.Customer]Page{
			&n.Previous: {Before: at, Limit: 1}, &n.Next: {After: at, Limit: 1},
		} {
			l, err := tx.CustomersPage(ctx, actor.ConsoleID, f, q.Order, page)
			if err != nil {
				return err
			}
			if len(l.Rows) > 0 {
				*side = &l.Rows[0]
			}
		}
		return nil
	})
	return n, err
}
