package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/store"
)

// importing is one batch of rows being compared with what the console has.
type importing struct {
	*App
	now       time.Time
	actor     console.Actor
	customers map[string]customer.Customer       // live ones, by domain; new ones too
	subs      map[string][]customer.Subscription // by the ID that the file uses; several if some came from other consoles
	held      map[string][]customer.Subscription // all that a customer has, by its ID
	skus      map[string]catalog.SKU
	paying    []string             // accounts that can pay: they stay so until the batch is written
	shut      map[civil.Month]bool // months of the console that are closed or being closed

	added       []customer.Customer
	isNew       map[string]bool              // of those in added, by ID
	contacts    map[string]customer.Customer // changed contact data, by customer ID
	called      map[string]string            // what they were called before
	accepted    map[string]customer.Customer // terms of service newly accepted, by customer ID
	newSubs     []customer.Subscription
	changedSubs []customer.Subscription
	orders      []customer.Order
	free        map[string]bool // existing customers whose subscriptions change
	refused     []customercsv.Problem
}

// importBatch writes those records that differ from what the console has, and returns the result with them. With the first of
// them the trail has that an import has begun: what an interrupted one wrote has a beginning and no end there. Two imports of
// one console do not run into each other: they take turns.
func (a *App) importBatch(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, subject string, r ImportResult, records []customercsv.Record) (ImportResult, ImportCounts, error) {
	if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
		return r, ImportCounts{}, err
	}
	b := &importing{
		App: a, now: now, actor: actor, isNew: map[string]bool{}, contacts: map[string]customer.Customer{}, called: map[string]string{},
		accepted: map[string]customer.Customer{}, free: map[string]bool{},
	}
	if err := b.load(ctx, tx, records); err != nil {
		return r, ImportCounts{}, err
	}
	b.takeAll(records)
	if err := b.write(ctx, tx); err != nil {
		return r, ImportCounts{}, err
	}
	counts := ImportCounts{
		CustomersAdded: int64(len(b.added)), CustomersChanged: int64(len(b.changedCustomers())),
		SubscriptionsAdded: int64(len(b.newSubs)), SubscriptionsChanged: int64(len(b.changedSubs)),
		Refused: int64(len(b.refused)),
	}
	if r.Counts.Nothing() && !counts.Nothing() {
		if err := a.record(ctx, tx, now, actor, entry{Action: "customer.import_begun", Subject: subject}); err != nil {
			return r, counts, err
		}
	}
	return r.with(counts, b.refused), counts, nil
}

// load reads what the console has of the customers and subscriptions in the records.
func (b *importing) load(ctx context.Context, tx *store.Tx, records []customercsv.Record) error {
	var domains, externals, accounts []string
	for _, rec := range records {
		domains = append(domains, rec.Customer.Domain)
		if rec.Subscription != nil {
			externals = append(externals, rec.Subscription.ExternalID)
			accounts = append(accounts, rec.Subscription.BillingAccountID)
		}
	}
	slices.Sort(accounts)
	paying, err := tx.TouchPayingAccounts(ctx, b.actor.ConsoleID, slices.Compact(accounts))
	if err != nil {
		return err
	}
	b.paying = paying
	months, err := tx.BillingMonths(ctx, b.actor.ConsoleID)
	if err != nil {
		return err
	}
	b.shut = map[civil.Month]bool{}
	for _, m := range months {
		b.shut[m.Month] = m.State != store.MonthOpen
	}
	slices.Sort(domains)
	customers, err := tx.CustomersOfDomains(ctx, b.actor.ConsoleID, slices.Compact(domains))
	if err != nil {
		return err
	}
	subs, err := tx.SubscriptionsOfExternal(ctx, b.actor.ConsoleID, externals)
	if err != nil {
		return err
	}
	b.customers, b.subs = map[string]customer.Customer{}, map[string][]customer.Subscription{}
	ids := make([]string, len(customers))
	for i, c := range customers {
		b.customers[c.Domain], ids[i] = c, c.ID
	}
	if err := b.loadLimits(ctx, tx, ids); err != nil {
		return err
	}
	for _, s := range subs {
		id := cmp.Or(s.ExternalID, s.ID)
		b.subs[id] = append(b.subs[id], s)
	}
	return nil
}

// known returns the subscription that the file calls by the ID: the customer's own, before another customer's, which it
// cannot be if the file has that one too.
func (b *importing) known(customerID, id string, namesake bool) (customer.Subscription, bool) {
	list := b.subs[id]
	own := slices.IndexFunc(list, func(s customer.Subscription) bool { return s.CustomerID == customerID })
	if own < 0 && (namesake || len(list) == 0) {
		return customer.Subscription{}, false
	}
	return list[max(own, 0)], true
}

// took has the customer's subscription of the ID be what the file says.
func (b *importing) took(id string, s customer.Subscription) {
	list := slices.DeleteFunc(b.subs[id], func(was customer.Subscription) bool { return was.ID == s.ID })
	b.subs[id] = append(list, s)
	b.held[s.CustomerID] = with(b.held[s.CustomerID], s)
}

// takeCustomer compares the customer of a record with what is there.
func (b *importing) takeCustomer(rec customercsv.Record) customer.Customer {
	c, there := b.customers[rec.Customer.Domain]
	switch {
	case there && !b.isNew[c.ID]:
		c = b.bringUp(c, rec.Customer)
	case !there:
		c = b.newCustomer(rec.Customer)
		b.added, b.isNew[c.ID] = append(b.added, c), true
	}
	b.customers[c.Domain] = c
	return c
}

func (b *importing) newCustomer(c customer.Customer) customer.Customer {
	c.ConsoleID, c.ID, c.State = b.actor.ConsoleID, b.IDs.New("cus", b.now), customer.Live
	if c.CreatedAt.IsZero() {
		c.CreatedAt = b.now
	}
	return c
}

// bringUp returns the customer with the file's contact data; an empty cell leaves what is there. It may be done while the
// customer moves (spec M7).
func (b *importing) bringUp(was, file customer.Customer) customer.Customer {
	c := was
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&c.Name, file.Name},
		{&c.ContactName, file.ContactName},
		{&c.ContactEmail, file.ContactEmail},
		{&c.AlternateEmail, file.AlternateEmail},
		{&c.Phone, file.Phone},
		{&c.Country, file.Country},
		{&c.PostalCode, file.PostalCode},
		{&c.Address, file.Address},
		{&c.Language, file.Language},
		{&c.CRMID, file.CRMID},
	} {
		if field.from != "" {
			*field.to = field.from
		}
	}
	if c != was {
		b.contacts[c.ID] = c
		if _, ok := b.called[c.ID]; !ok {
			b.called[c.ID] = was.Name
		}
	}
	if was.TOSAcceptedAt.IsZero() && !file.TOSAcceptedAt.IsZero() {
		c.TOSAcceptedAt = file.TOSAcceptedAt
		b.accepted[c.ID] = c
	}
	return c
}

// takeSubscription compares a subscription with what is there.
func (b *importing) takeSubscription(c customer.Customer, rec customercsv.Record) {
	file := *rec.Subscription
	was, there := b.known(c.ID, file.ExternalID, rec.Namesake)
	if !there {
		was = customer.Subscription{
			ConsoleID: c.ConsoleID, ID: b.IDs.New("sub", b.now), CustomerID: c.ID, ExternalID: file.ExternalID, CreatedAt: b.now,
		}
	}
	s := file
	s.ConsoleID, s.ID, s.CustomerID, s.ExternalID, s.CreatedAt = was.ConsoleID, was.ID, was.CustomerID, was.ExternalID, was.CreatedAt
	if s.TermEnd == was.TermEnd && s.Seats == was.Seats { // what is ordered for the renewal stands
		s.RenewalSeats = was.RenewalSeats
	}
	if there && s.Price.Equal(was.Price) {
		s.Price = was.Price
	}
	if there && s == was && was.CustomerID == c.ID {
		return
	}
	if column, key := b.refuses(c, was, s, there); key != "" {
		b.refused = append(b.refused, customercsv.Problem{Line: rec.Line, Column: column, Key: key})
		return
	}
	if p, bad := b.breaksLimits(s, rec.Line); bad {
		b.refused = append(b.refused, p)
		return
	}
	b.took(file.ExternalID, s)
	if !b.isNew[c.ID] {
		b.free[c.ID] = true
	}
	if there {
		b.changedSubs = append(b.changedSubs, s)
	} else {
		b.newSubs = append(b.newSubs, s)
	}
	b.orders = append(b.orders, b.ordersOf(was, s, there)...)
}

// refuses returns the column and the message if a row may not change the subscription as it wants to.
func (b *importing) refuses(c customer.Customer, was, s customer.Subscription, there bool) (column, key string) {
	switch {
	case there && was.CustomerID != c.ID:
		return "subscription_external_id", "import.subscription.elsewhere"
	case c.MigrationID != "":
		return "subscription_external_id", "import.subscription.migrating"
	case there && was.Currency != s.Currency:
		return "currency", "import.subscription.currency"
	case s.State != customer.SubCancelled && !slices.Contains(b.paying, s.BillingAccountID):
		return "billing_account_id", "import.subscription.account"
	case there && was.SuspensionReason == customer.SuspendedByVendor && s.SuspensionReason != was.SuspensionReason && !b.actor.Operator:
		return "status", "import.subscription.vendor_suspended"
	case there:
		return b.breaksTerms(was, s)
	default:
		return "", ""
	}
}

// ordersOf returns the entries of the order history for what happened to a subscription.
func (b *importing) ordersOf(was, s customer.Subscription, there bool) []customer.Order {
	by := customer.ByReseller
	if b.actor.Operator {
		by = customer.ByVendor
	}
	entry := func(action customer.OrderAction) customer.Order {
		o := b.order(b.now, b.actor, by, action, s)
		o.SeatsBefore = was.Seats
		return o
	}
	if !there {
		return []customer.Order{entry(customer.OrderCreated)}
	}
	var orders []customer.Order
	if s.Seats != was.Seats {
		orders = append(orders, entry(customer.OrderSeatsChanged))
	}
	if s.Plan != was.Plan {
		orders = append(orders, entry(customer.OrderPlanChanged))
	}
	if action, ok := stateAction(s.State); ok && s.State != was.State {
		orders = append(orders, entry(action))
	}
	return orders
}

// stateAction is how the order history names reaching a state; what becomes a trial has no name there.
func stateAction(state customer.SubscriptionState) (action customer.OrderAction, ok bool) {
	switch state {
	case customer.SubActive:
		return customer.OrderActivated, true
	case customer.SubSuspended:
		return customer.OrderSuspended, true
	case customer.SubCancelled:
		return customer.OrderEnded, true
	case customer.SubTrial:
		return "", false
	}
	return "", false
}

// changedCustomers returns the IDs of customers of which something was brought up to date.
func (b *importing) changedCustomers() map[string]bool {
	ids := map[string]bool{}
	for id := range b.contacts {
		ids[id] = true
	}
	for id := range b.accepted {
		ids[id] = true
	}
	return ids
}

// write writes what differs, and has the customers evaluated that it concerns.
func (b *importing) write(ctx context.Context, tx *store.Tx) error {
	console := b.actor.ConsoleID
	if ids := slices.Sorted(maps.Keys(b.free)); len(ids) > 0 {
		if ok, err := tx.TouchFree(ctx, console, ids...); err != nil || !ok {
			return orTooLate(err)
		}
	}
	if len(b.newSubs) > 0 {
		if err := tx.TouchMonth(ctx, console, b.billingDate(b.now)); err != nil {
			return err
		}
	}
	if err := errors.Join(
		tx.InsertCustomers(ctx, b.added), b.writeContacts(ctx, tx), tx.InsertSubscriptions(ctx, b.newSubs),
		tx.ChangeSubscriptions(ctx, b.changedSubs, b.billingDate(b.now)), tx.InsertOrders(ctx, b.orders),
	); err != nil {
		return err
	}
	touched := b.changedCustomers()
	maps.Copy(touched, b.free)
	added := make([]string, len(b.added))
	for i, c := range b.added {
		added[i], touched[c.ID] = c.ID, true
	}
	if len(touched) == 0 {
		return nil
	}
	return errors.Join(
		b.evaluateCustomers(ctx, tx, b.now, console, slices.Sorted(maps.Keys(touched))),
		evaluateNamesakes(ctx, tx, b.now, console, "", added),
	)
}

func (b *importing) writeContacts(ctx context.Context, tx *store.Tx) error {
	for _, id := range slices.Sorted(maps.Keys(b.contacts)) {
		if ok, err := tx.SetContact(ctx, b.contacts[id]); err != nil || !ok {
			return orTooLate(err)
		}
		if err := b.record(ctx, tx, b.now, b.actor, contactEdited(b.called[id], b.contacts[id])); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.accepted)) {
		if ok, err := tx.AcceptTOS(ctx, b.accepted[id]); err != nil || !ok {
			return orTooLate(err)
		}
	}
	return nil
}
