package app_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// TestModel lets several people of three consoles, the operator, the vendor, jobs and time do random things in random
// order, and compares what comes of each with a model that knows no database. After each, everything that always must
// hold is looked at.
func TestModel(t *testing.T) {
	reached := map[string]int{}
	storetest.EachRandom(t, 40, 10, func(t *testing.T, rt *rapid.T, db *store.DB) {
		w := apptest.New(t, db)
		w.Wall = w.Clock // as in production
		m := newModel(rt, w, reached)
		for range 2 { // rapid's usual number of actions, twice
			rt.Repeat(map[string]func(*rapid.T){"": m.check, "somebody": m.somebody(m.actions())})
		}
	})
	t.Log(reached)
	for _, what := range []string{
		"moved", "returned", "cancelled", "closed under way", "moved back", "moved on", "twice on one day", "paused", "resumed",
		"worked on in vain", "undone", "undone again",
	} {
		if reached[what] == 0 {
			t.Errorf("nobody was %s: the model does not try enough", what)
		}
	}
}

// nothing is why an action has nothing to act on.
type nothing string

// somebody does the first drawn action that has something to act on.
func (m *model) somebody(actions []func(*rapid.T)) func(*rapid.T) {
	try := func(t *rapid.T) (done bool) {
		defer func() {
			if r := recover(); r != nil {
				if _, ok := r.(nothing); !ok {
					panic(r)
				}
				done = false
			}
		}()
		pick(t, "does", actions)(t)
		return true
	}
	return func(t *rapid.T) {
		for !try(t) {
		}
		m.reached["actions"]++
	}
}

// model is what a world is expected to be.
type model struct {
	t           *rapid.T
	w           *apptest.World
	places      []console.Console
	connections []*modelConnection
	customers   []*modelCustomer
	migrations  []*modelMigration
	runs        []*modelRun
	undos       []*modelRun // which are runs that have ended when they begin
	accounts    []*modelAccount
	reached     map[string]int // how often something happened that the test is there for, over all worlds
}

type modelConnection struct {
	connection.Connection
}

type modelCustomer struct {
	id, domain string
	home       string
	been       []string // consoles with a record of it
	movedOn    civil.Date
	tos        bool
	orders     []*modelOrder
	subs       []*modelSub
	migration  *modelMigration   // open
	trail      []*modelMigration // completed
}

type modelOrder struct {
	id      string
	console string
	sub     *modelSub
	seats   int64
	state   customer.OrderState
}

type modelSub struct {
	id       string
	sku      string
	blocked  migration.Code
	currency money.Currency
	state    customer.SubscriptionState
	reason   customer.SuspensionReason
	seats    int64
	account  *modelAccount
	former   map[string]*modelAccount // by console
}

type modelMigration struct {
	id         string
	connection *modelConnection
	customer   *modelCustomer
	state      migration.State
	run        *modelRun
	seq        int64
	reason     migration.Code
	ended      string
	choices    map[*modelSub]*modelAccount
	from, to   string // of a completed one
}

type modelRun struct {
	id                    string
	connection            *modelConnection
	state                 store.OperationState
	total, done, returned int64
	next                  int64
}

type modelAccount struct {
	id, console, entity string
	currency            money.Currency
	state               billing.AccountState
	billed              bool // something is or was billed to it
}

const modelChunk = 2

func newModel(t *rapid.T, w *apptest.World, reached map[string]int) *model {
	w.Config.ChunkSize = modelChunk
	w.Config.Terms.Waiting = pick(t, "waiting", []time.Duration{0, 7 * 24 * time.Hour})
	m := &model{t: t, w: w, reached: reached, places: []console.Console{w.A, w.B, w.C}}
	for _, c := range m.places {
		for _, currency := range []money.Currency{"JPY", "USD"} {
			for _, entity := range []string{"le_1", "le_2"} {
				m.accounts = append(m.accounts, &modelAccount{
					id: apptest.Account(c, currency, entity), console: c.ID, entity: entity, currency: currency,
					state: billing.AccountActive,
				})
			}
		}
	}
	for i, n := range []int{1, 6, 4} {
		for range n {
			m.addCustomer(m.places[i])
		}
	}
	for _, source := range m.places[1:] {
		if rapid.Bool().Draw(t, "connected") {
			m.connect(w.A, source)
		}
	}
	return m
}

// connect does what everybody does at first, so that more of the rest is reached.
func (m *model) connect(main, source console.Console) {
	m.invite(console.RoleSuperAdmin, main, source)
	m.accept(apptest.Admin(source), m.connections[len(m.connections)-1])
	m.advance(m.w.Config.Terms.Waiting)
	m.settle()
}

// settle lets the evaluations that use cases have asked for happen, as workers would within seconds.
func (m *model) settle() { m.w.RunJobs(app.EvaluateJob{}.Kind()) }

// want compares what came of an action with the fault, or success, that the model expects.
func (m *model) want(what string, err error, key string) {
	m.t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
		if f := fault.As(err); f != nil {
			got = f.Key
		}
	}
	if got != key {
		m.t.Fatalf("%s: %q, want %q", what, got, key)
	}
	m.t.Logf("%s: %q", what, got)
}

// check compares everything with the database.
func (m *model) check(t *rapid.T) {
	t.Helper()
	m.settle()
	for _, what := range m.w.Broken() {
		t.Error(what)
	}
	now := m.w.Clock.Now()
	var connections, homes, verdicts, migrations, runs, subs []string
	for _, c := range m.connections {
		connections = append(connections, join(c.ID, string(c.At(now)), c.Reason))
		if c.State != connection.Connected {
			continue
		}
		for _, cust := range m.customers {
			if cust.home == c.SourceID {
				verdicts = append(verdicts, join(cust.id, strconv.FormatInt(m.bits(cust, c.MainID), 10)))
			}
		}
	}
	for _, c := range m.customers {
		open := ""
		if c.migration != nil {
			open = c.migration.id
		}
		homes = append(homes, join(c.id, c.home, open))
		for _, s := range c.subs {
			subs = append(subs, join(s.id, c.home, s.account.id, string(s.state), string(s.reason), strconv.FormatInt(s.seats, 10)))
		}
	}
	for _, g := range m.migrations {
		migrations = append(migrations, join(g.id, g.customer.id, g.connection.ID, string(g.state), string(g.reason), g.ended))
	}
	for _, r := range slices.Concat(m.runs, m.undos) {
		runs = append(runs, join(r.id, string(r.state), fmt.Sprintf("%d/%d/%d/%d", r.total, r.done, r.returned, r.next)))
	}
	m.same("connections", connections, fmt.Sprintf(`SELECT id || '|' || CASE WHEN state = 'INVITED' AND expires_at <= %d
		THEN 'EXPIRED' ELSE state END || '|' || reason FROM connections`, now.UnixMicro()))
	m.same("homes", homes, `SELECT id || '|' || console_id || '|' || migration_id FROM customers WHERE state = 'LIVE'`)
	m.same("verdicts", verdicts, `SELECT c.id || '|' || c.blockers FROM customers c JOIN connections n
		ON n.source_id = c.console_id AND n.state = 'CONNECTED' WHERE c.state = 'LIVE' AND c.evaluated_at > 0`)
	m.same("migrations", migrations, `SELECT id || '|' || customer_id || '|' || connection_id || '|' || state || '|' ||
		return_reason || '|' || ended_reason FROM migrations`)
	m.same("runs", runs, `SELECT id || '|' || state || '|' || total || '/' || done || '/' || returned || '/' || next_seq
		FROM operations`)
	m.same("subscriptions", subs, `SELECT id || '|' || console_id || '|' || billing_account_id || '|' || state || '|' ||
		suspension_reason || '|' || seats FROM subscriptions WHERE moved = 0`)
}

// draw draws a number below n, each as often as any other: rapid's own ranges prefer small ones.
func draw(t *rapid.T, what string, n int) int {
	const golden = 0x9E3779B97F4A7C15
	return int(rapid.Uint64().Draw(t, what) * golden >> 33 % uint64(n))
}

// pick draws one of a list.
func pick[T any](t *rapid.T, what string, list []T) T { return list[draw(t, what, len(list))] }

// rarely is true once in n times.
func rarely(t *rapid.T, what string, n int) bool { return draw(t, what, n) == n-1 }

func join(parts ...string) string { return strings.Join(parts, "|") }

func (m *model) same(what string, want []string, sql string) {
	m.t.Helper()
	got := m.w.Texts(sql)
	slices.Sort(got)
	slices.Sort(want)
	for _, s := range want {
		if !slices.Contains(got, s) {
			m.t.Errorf("%s: there should be %s", what, s)
		}
	}
	for _, s := range got {
		if !slices.Contains(want, s) {
			m.t.Errorf("%s: there should not be %s", what, s)
		}
	}
}

// bits is spec R1 for the world that the model knows: everything is signed and authorised.
func (m *model) bits(c *modelCustomer, mainID string) int64 {
	var bits int64
	for _, s := range c.subs {
		if s.blocked != "" {
			bits |= s.blocked.Bit()
		} else {
			bits |= m.accountBits(mainID, s.currency)
		}
		if s.reason == customer.SuspendedByVendor {
			bits |= migration.SuspendedByVendor.Bit()
		}
	}
	for _, o := range c.orders {
		if o.state == customer.OrderOpen {
			bits |= migration.OpenOrder.Bit()
		}
	}
	if !c.tos {
		bits |= migration.PendingTOS.Bit()
	}
	if slices.ContainsFunc(m.customers, func(o *modelCustomer) bool { return o.home == mainID && o.domain == c.domain }) {
		bits |= migration.AlreadyCustomerOfMain.Bit()
	}
	return bits
}

func (m *model) accountBits(mainID string, currency money.Currency) int64 {
	code := migration.NoBillingAccountInCurrency
	for _, a := range m.accounts {
		if a.console != mainID || a.currency != currency || a.state == billing.AccountClosed {
			continue
		}
		if a.state == billing.AccountActive {
			return 0
		}
		code = migration.BillingAccountNotActive
	}
	return code.Bit()
}

func (m *model) connectedAsSource(consoleID string) *modelConnection {
	for _, c := range m.connections {
		if c.State == connection.Connected && c.SourceID == consoleID {
			return c
		}
	}
	return nil
}

func (m *model) connectedAsMain(consoleID string) bool {
	return slices.ContainsFunc(m.connections, func(c *modelConnection) bool {
		return c.State == connection.Connected && c.MainID == consoleID
	})
}

// members are a run's migrations that wait to be moved.
func (m *model) members(r *modelRun, state migration.State) (list []*modelMigration) {
	for _, g := range m.migrations {
		if g.run == r && g.state == state {
			list = append(list, g)
		}
	}
	return list
}

func (m *model) advance(d time.Duration) {
	m.w.Clock.Advance(m.w.Clock.Ahead() + d)
	if err := m.w.RunDue(m.w.T.Context()); err != nil {
		m.t.Fatal(err)
	}
	now := m.w.Clock.Now()
	for _, c := range m.connections {
		c.State = c.At(now)
	}
	m.t.Logf("it is %s", now)
}
