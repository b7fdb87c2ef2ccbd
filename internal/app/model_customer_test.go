package app_test

import (
	"errors"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
)

// actions are what happens in the model's world, each as often as its weight says.
func (m *model) actions() (list []func(*rapid.T)) {
	for _, a := range []struct {
		weight int
		do     func(*rapid.T)
	}{
		{2, m.drawInvite},
		{2, m.drawAccept},
		{1, func(t *rapid.T) { m.drawRefusal(t, connection.Decline) }},
		{1, func(t *rapid.T) { m.drawRefusal(t, connection.Cancel) }},
		{1, m.drawClose},
		{2, m.turn},
		{3, m.time},
		{6, m.drawStart},
		{6, m.cancel},
		{6, m.drawComplete},
		{8, m.migrate},
		{12, m.work},
		{1, func(*rapid.T) { m.workAll() }},
		{6, m.pause},
		{6, m.resume},
		{5, m.undo},
		{2, func(*rapid.T) { m.addCustomer(m.drawPlace("console")) }},
		{4, m.suspend},
		{2, m.order},
		{3, m.endOrder},
		{2, m.acceptTOS},
		{3, m.changeAccount},
	} {
		for range a.weight {
			list = append(list, a.do)
		}
	}
	return list
}

// turn ends a connection and begins the opposite one, so that customers may go back.
func (m *model) turn(t *rapid.T) {
	for _, c := range slices.Clone(m.connections) {
		if c.State == connection.Connected {
			m.close(apptest.As(m.place(c.MainID), console.RoleSuperAdmin), c, true)
		}
	}
	main, source := m.drawPlace("main"), m.place(m.crowded())
	if m.inviting(console.RoleSuperAdmin, main.ID, source.ID, m.w.Clock.Now()) != "" {
		panic(nothing("cannot be connected"))
	}
	m.connect(main, source)
}

// crowded is the console with most customers.
func (m *model) crowded() string {
	count := map[string]int{}
	for _, c := range m.customers {
		count[c.home]++
	}
	return slices.MaxFunc(m.places, func(a, b console.Console) int { return count[a.ID] - count[b.ID] }).ID
}

// migrate takes a connection's customers through without a hitch, as far as rules allow.
func (m *model) migrate(t *rapid.T) {
	for _, c := range m.connections {
		if c.State == connection.Connected {
			m.start(c, apptest.Admin(m.place(c.SourceID)), everybody)
			m.complete(c, apptest.Admin(m.place(c.MainID)), everybody, m.rightChoices(c.MainID), true)
		}
	}
	if rarely(t, "to the end", 5) {
		m.workAll()
	}
}

func (m *model) place(id string) console.Console {
	return m.places[slices.IndexFunc(m.places, func(c console.Console) bool { return c.ID == id })]
}

// addCustomer adds a customer with up to two subscriptions, its domain out of a few.
func (m *model) addCustomer(c console.Console) {
	var free []string
	for i := range 24 {
		domain := fmt.Sprintf("d%02d.example", i)
		if !slices.ContainsFunc(m.customers, func(o *modelCustomer) bool { return o.home == c.ID && o.domain == domain }) {
			free = append(free, domain)
		}
	}
	now := m.w.Clock.Now()
	cust := &modelCustomer{
		id: fmt.Sprintf("cus_%03d", len(m.customers)+1), home: c.ID, been: []string{c.ID},
		domain: pick(m.t, "domain", free), tos: !rarely(m.t, "terms", 6),
	}
	record := customer.Customer{
		ConsoleID: c.ID, ID: cust.id, Domain: cust.domain, Name: "Customer " + cust.id, State: customer.Live, CreatedAt: now,
	}
	if cust.tos {
		record.TOSAcceptedAt = now
	}
	var subs []customer.Subscription
	for i := range pick(m.t, "subscriptions", []int{1, 2, 1, 2, 1, 0}) {
		s := &modelSub{
			id: fmt.Sprintf("sub_%s_%d", cust.id[4:], i), sku: apptest.Seats, currency: []money.Currency{"JPY", "USD"}[i],
			state: customer.SubActive, seats: 5, account: m.accounts[0],
		}
		own := func(a *modelAccount) bool {
			return a.console == c.ID && a.currency == s.currency && a.state != billing.AccountClosed
		}
		accounts := slices.DeleteFunc(slices.Clone(m.accounts), func(a *modelAccount) bool { return !own(a) })
		if len(accounts) == 0 {
			break
		}
		s.account = pick(m.t, "account", accounts)
		s.account.billed = true
		plan := catalog.Flexible
		if rarely(m.t, "voice", 12) {
			s.sku, s.blocked, plan = apptest.Voice, migration.HasVoiceCommitment, catalog.AnnualMonthlyPay
		}
		cust.subs = append(cust.subs, s)
		subs = append(subs, customer.Subscription{
			ConsoleID: c.ID, ID: s.id, CustomerID: cust.id, SKUID: s.sku, Group: catalog.GoogleWorkspace, Plan: plan,
			State: s.state, Channel: customer.Online, Seats: s.seats, Currency: s.currency,
			Price: money.Price{Num: 1360, Den: 1}, BillingAccountID: s.account.id,
			StartDate: civil.DateOf(now, m.w.Config.BillingZone), CreatedAt: now,
		})
	}
	m.w.Update(func(tx *store.Tx) error {
		ctx := m.w.T.Context()
		return errors.Join(tx.InsertCustomers(ctx, []customer.Customer{record}), tx.InsertSubscriptions(ctx, subs))
	})
	m.customers = append(m.customers, cust)
	m.t.Logf("%s of %s in %s", cust.id, cust.domain, c.Name)
	m.checkAgain(c)
}

// checkAgain asks for the evaluations that whoever added something behind the use cases' back owes.
func (m *model) checkAgain(place console.Console) {
	for _, c := range m.connections {
		if c.State == connection.Connected && c.SideOf(place.ID) != "" {
			if err := m.w.CheckAgain(m.w.T.Context(), apptest.Admin(place), c.ID); err != nil {
				m.t.Fatal(err)
			}
		}
	}
}

// drawCustomer draws a customer, often one that is being moved.
func (m *model) drawCustomer(t *rapid.T) *modelCustomer {
	var moving []*modelCustomer
	for _, c := range m.customers {
		if c.migration != nil {
			moving = append(moving, c)
		}
	}
	if len(moving) > 0 && rapid.Bool().Draw(t, "moving") {
		return pick(t, "customer", moving)
	}
	return pick(t, "customer", m.customers)
}

// reaching is what the rules say to whoever changes something of a customer from a console: people are kept from what
// is being moved, the vendor is not (spec M7).
func (c *modelCustomer) reaching(consoleID, unknown string, person bool) string {
	switch {
	case !slices.Contains(c.been, consoleID):
		return unknown
	case c.home != consoleID:
		return "customer.moved"
	case person && c.migration != nil:
		return "customer.migration_in_progress"
	default:
		return ""
	}
}

func (m *model) suspend(t *rapid.T) {
	cust := m.drawCustomer(t)
	if len(cust.subs) == 0 {
		panic(nothing("nothing to suspend"))
	}
	s := pick(t, "subscription", cust.subs)
	place := m.drawActor(cust.home).ConsoleID
	byVendor, lift := rapid.Bool().Draw(t, "by the vendor"), rapid.Bool().Draw(t, "lift")
	reason := customer.SuspendedByReseller
	if byVendor {
		reason = customer.SuspendedByVendor
	}
	want := cust.reaching(place, "subscription.not_found", !byVendor)
	fits := s.state == customer.SubActive || byVendor && s.reason == customer.SuspendedByReseller
	if lift {
		fits = s.state == customer.SubSuspended && s.reason == reason
	}
	if want == "" && !fits {
		want = "subscription.state"
	}
	act := map[bool]func(console.Actor, string) error{
		false: func(a console.Actor, id string) error { return m.w.SuspendSubscription(m.w.T.Context(), a, id) },
		true:  func(a console.Actor, id string) error { return m.w.ReactivateSubscription(m.w.T.Context(), a, id) },
	}
	actor := apptest.Admin(m.place(place))
	if byVendor {
		actor = apptest.Operator(m.place(place))
		act[false] = func(a console.Actor, id string) error { return m.w.VendorSuspend(m.w.T.Context(), a, id) }
		act[true] = func(a console.Actor, id string) error { return m.w.LiftVendorSuspension(m.w.T.Context(), a, id) }
	}
	err := act[lift](actor, s.id)
	m.want(fmt.Sprintf("%s suspends %s in %s; lifts: %v", reason, s.id, place, lift), err, want)
	if err != nil {
		return
	}
	s.state, s.reason = customer.SubSuspended, reason
	if lift {
		s.state, s.reason = customer.SubActive, ""
	}
}

// order opens an order for more seats, as the coming pages will: refused while the customer moves.
func (m *model) order(t *rapid.T) {
	cust := m.drawCustomer(t)
	if len(cust.subs) == 0 {
		panic(nothing("nothing to change"))
	}
	o := &modelOrder{
		id: fmt.Sprintf("ord_%s_%d", cust.id[4:], len(cust.orders)), console: cust.home, sub: cust.subs[0],
		seats: cust.subs[0].seats + 1, state: customer.OrderOpen,
	}
	now := m.w.Clock.Now()
	free := false
	m.w.Update(func(tx *store.Tx) (err error) {
		if free, err = tx.TouchFree(m.w.T.Context(), cust.home, cust.id); err != nil || !free {
			return err
		}
		return tx.InsertOrders(m.w.T.Context(), []customer.Order{{
			ConsoleID: cust.home, ID: o.id, CustomerID: cust.id, SubscriptionID: o.sub.id, At: now,
			BillingDate: civil.DateOf(now, m.w.Config.BillingZone), By: customer.ByReseller,
			Action: customer.OrderSeatsChanged, SKUID: apptest.Seats, Plan: catalog.Flexible,
			SeatsBefore: o.sub.seats, SeatsAfter: o.seats, State: customer.OrderOpen,
		}})
	})
	if free != (cust.migration == nil) {
		t.Fatalf("%s is free: %v", cust.id, free)
	}
	if free {
		cust.orders = append(cust.orders, o)
		m.t.Logf("order %s", o.id)
		m.checkAgain(m.place(cust.home))
	}
}

func (m *model) endOrder(t *rapid.T) {
	var orders []*modelOrder
	owner := map[*modelOrder]*modelCustomer{}
	for _, c := range m.customers {
		for _, o := range c.orders {
			orders = append(orders, o)
			owner[o] = c
		}
	}
	if len(orders) == 0 {
		panic(nothing("no order yet"))
	}
	o := pick(t, "order", orders)
	fulfil := rapid.Bool().Draw(t, "fulfil")
	want := owner[o].reaching(o.console, "order.not_found", !fulfil)
	if want == "" && o.state != customer.OrderOpen {
		want = "order.state"
	}
	var err error
	if fulfil {
		err = m.w.FulfilOrder(m.w.T.Context(), apptest.Operator(m.place(o.console)), o.id)
	} else {
		err = m.w.CancelOrder(m.w.T.Context(), apptest.Admin(m.place(o.console)), o.id)
	}
	m.want(fmt.Sprintf("end the order %s; fulfil: %v", o.id, fulfil), err, want)
	if err != nil {
		return
	}
	o.state = customer.OrderCancelled
	if fulfil {
		o.state, o.sub.seats = customer.OrderFulfilled, o.seats
	}
}

func (m *model) acceptTOS(t *rapid.T) {
	cust := m.drawCustomer(t)
	actor := m.drawActor(cust.home)
	want := "forbidden"
	if actor.May(console.EditCustomers) == nil {
		want = cust.reaching(actor.ConsoleID, "customer.not_found", false)
	}
	err := m.w.RecordTOS(m.w.T.Context(), actor, cust.id)
	m.want(fmt.Sprintf("%s of %s records the terms of %s", actor.Role, actor.ConsoleID, cust.id), err, want)
	cust.tos = cust.tos || err == nil
}

func (m *model) changeAccount(t *rapid.T) {
	accounts := slices.Clip(m.accounts)
	for _, g := range m.migrations {
		for _, s := range g.customer.subs {
			if chosen := g.choices[s]; chosen != nil && g.state == migration.Migrating {
				accounts = append(accounts, chosen) // more often than the others
			}
		}
	}
	a := pick(t, "account", accounts)
	action := pick(t, "change", []billing.AccountAction{
		billing.RestrictAccount, billing.RestrictAccount, billing.RestoreAccount, billing.RestoreAccount,
		billing.RestoreAccount, billing.CloseAccount, billing.ApproveAccount,
	})
	used := slices.ContainsFunc(m.customers, func(c *modelCustomer) bool {
		return slices.ContainsFunc(c.subs, func(s *modelSub) bool { return s.account == a })
	})
	to, want := a.state, "billing_account.state"
	switch {
	case action == billing.RestrictAccount && a.state == billing.AccountActive:
		to, want = billing.AccountProbation, ""
	case action == billing.RestoreAccount && a.state == billing.AccountProbation:
		to, want = billing.AccountActive, ""
	case action == billing.CloseAccount && a.state != billing.AccountClosed:
		to, want = billing.AccountClosed, ""
		if used {
			to, want = a.state, "billing_account.in_use"
		}
	}
	err := m.w.SetBillingAccountState(m.w.T.Context(), apptest.Operator(m.place(a.console)), a.id, action)
	if action == billing.CloseAccount && want == "" && a.billed && fault.Is(err, "billing_account.in_use") {
		return // days or charges of an open month may still come to it, which the model does not count
	}
	m.want(fmt.Sprintf("%s the account %s", action, a.id), err, want)
	a.state = to
}
