package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/store"
)

// modelScope is a scope that can tell what it holds.
type modelScope struct{ store.Scope }

var everybody = modelScope{store.Scope{All: true}}

func (s modelScope) holds(id string, c *modelCustomer) bool {
	if s.All {
		return strings.Contains("customer "+c.id+" "+c.domain, strings.ToLower(s.Search))
	}
	return slices.Contains(s.IDs, id)
}

// drawScope draws some of the IDs, or a search.
func (m *model) drawScope(t *rapid.T, ids []string) modelScope {
	if len(ids) == 0 || rarely(t, "scope", 3) {
		search := pick(t, "search", []string{"", "1", "3", "EXAMPLE", "nobody"})
		return modelScope{store.Scope{All: true, Search: search}}
	}
	some := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, min(len(ids), 6), rapid.ID).Draw(t, "ids")
	return modelScope{store.Scope{IDs: some}}
}

func (m *model) drawStart(t *rapid.T) {
	var ids []string
	c := m.drawConnection(t, connection.Connected)
	for _, cust := range m.customers {
		if cust.home == c.SourceID || rarely(t, "any customer", 8) {
			ids = append(ids, cust.id)
		}
	}
	m.start(c, m.drawActor(c.SourceID), m.drawScope(t, ids))
}

func (m *model) start(c *modelConnection, actor console.Actor, scope modelScope) {
	want := ""
	switch {
	case c.SideOf(actor.ConsoleID) == "":
		want = "connection.not_found"
	case actor.May(console.TransferCustomers) != nil:
		want = "forbidden"
	case actor.ConsoleID != c.SourceID:
		want = "migration.wrong_side"
	case c.State != connection.Connected:
		want = "migration.not_connected"
	case m.w.Clock.Now().Before(c.MayStartAt):
		want = "migration.waiting"
	}
	got, err := m.w.StartMigrations(m.w.T.Context(), actor, c.ID, scope.Scope)
	m.want(fmt.Sprintf("%s of %s starts %+v", actor.Role, actor.ConsoleID, scope), err, want)
	if err != nil {
		return
	}
	open := m.openMigrations(c.SourceID)
	started := int64(0)
	for _, cust := range m.customers {
		if cust.home != c.SourceID || cust.migration != nil || m.bits(cust, c.MainID) != 0 || !scope.holds(cust.id, cust) {
			continue
		}
		started++
		cust.migration = &modelMigration{
			id: open[cust.id], connection: c, customer: cust, state: migration.Started, choices: map[*modelSub]*modelAccount{},
		}
		m.migrations = append(m.migrations, cust.migration)
	}
	if got.Count != started {
		m.t.Fatalf("%d started, want %d", got.Count, started)
	}
}

// openMigrations returns the open migration of each customer of a console that has one.
func (m *model) openMigrations(consoleID string) map[string]string {
	open := map[string]string{}
	for _, row := range m.w.Texts(`SELECT customer_id || '|' || id FROM migrations
		WHERE console_id = '` + consoleID + `' AND state IN ('STARTED', 'SCHEDULED', 'MIGRATING')`) {
		cust, id, _ := strings.Cut(row, "|")
		open[cust] = id
	}
	return open
}

// drawMigrations draws a scope of migrations, mostly of those in the connection that have started.
func (m *model) drawMigrations(t *rapid.T, c *modelConnection) modelScope {
	var ids []string
	stale := rarely(t, "any migration", 8)
	for _, g := range m.migrations {
		if stale || g.connection == c && g.state == migration.Started {
			ids = append(ids, g.id)
		}
	}
	if len(ids) == 0 {
		panic(nothing("no migration yet"))
	}
	return m.drawScope(t, ids)
}

func (m *model) cancel(t *rapid.T) {
	c := m.drawConnection(t, connection.Connected)
	for _, g := range m.migrations {
		if g.state == migration.Started && g.run != nil {
			c = g.connection // a paused run's
		}
	}
	actor := m.drawActor(c.SourceID)
	scope := m.drawMigrations(t, c)
	var hit []*modelMigration
	for _, g := range m.migrations {
		if g.connection == c && g.state == migration.Started && scope.holds(g.id, g.customer) {
			hit = append(hit, g)
		}
	}
	want := ""
	switch {
	case c.SideOf(actor.ConsoleID) == "":
		want = "connection.not_found"
	case actor.May(console.TransferCustomers) != nil:
		want = "forbidden"
	case actor.ConsoleID != c.SourceID:
		want = "migration.wrong_side"
	case len(hit) == 0:
		want = "migration.none_to_cancel"
	}
	n, err := m.w.CancelMigrations(m.w.T.Context(), actor, c.ID, scope.Scope)
	m.want(fmt.Sprintf("%s of %s cancels %+v", actor.Role, actor.ConsoleID, scope), err, want)
	if err != nil {
		return
	}
	if n != len(hit) {
		t.Fatalf("%d cancelled, want %d", n, len(hit))
	}
	for _, g := range hit {
		g.state, g.customer.migration = migration.Cancelled, nil
		m.reached["cancelled"]++
	}
}

// modelChoices are the accounts chosen for each currency and present legal entity.
type modelChoices map[string]*modelAccount

func choiceKey(a *modelAccount) string { return string(a.currency) + a.entity }

// groups are the choices in the words of the store.
func (m *model) groups(choices modelChoices) (c store.Choices) {
	for _, from := range m.accounts[:4] { // one for each currency and legal entity
		choice := apptest.Choose(m.w.A, from.currency, from.entity, from.entity)
		choice.AccountID = choices[choiceKey(from)].id
		c.Groups = append(c.Groups, choice)
	}
	return c
}

// rightChoices chooses the main's accounts of the same currency, and of the same legal entity if that one can take more.
func (m *model) rightChoices(mainID string) modelChoices {
	choices := modelChoices{}
	for _, from := range m.accounts[:4] {
		for _, a := range m.accounts {
			if a.console != mainID || a.currency != from.currency {
				continue
			}
			if was := choices[choiceKey(from)]; was == nil || was.state != billing.AccountActive || a.entity == from.entity && a.state == billing.AccountActive {
				choices[choiceKey(from)] = a
			}
		}
	}
	return choices
}

// drawChoices draws an account for each group: some of another legal entity, and rarely one that does not fit at all.
func (m *model) drawChoices(t *rapid.T, mainID string) modelChoices {
	right := m.rightChoices(mainID)
	choices := modelChoices{}
	for _, from := range m.accounts[:4] {
		entity := pick(t, "entity", []string{from.entity, "le_1", "le_2"})
		choices[choiceKey(from)] = right[string(from.currency)+entity]
		if rarely(t, "wrong", 12) {
			choices[choiceKey(from)] = pick(t, "account", m.accounts)
		}
	}
	return choices
}

func (a *modelAccount) takes(s *modelSub, mainID string) bool {
	return a != nil && a.console == mainID && a.currency == s.currency && a.state == billing.AccountActive
}

func (m *model) drawComplete(t *rapid.T) {
	c := m.drawConnection(t, connection.Connected)
	m.complete(c, m.drawActor(c.MainID), m.drawMigrations(t, c), m.drawChoices(t, c.MainID), rapid.Bool().Draw(t, "confirmed"))
}

func (m *model) complete(c *modelConnection, actor console.Actor, scope modelScope, choices modelChoices, confirmed bool) {
	in := app.Completion{ConnectionID: c.ID, Scope: scope.Scope, Choices: m.groups(choices)}
	if confirmed {
		main := apptest.Admin(console.Console{ID: c.MainID})
		p, _ := m.w.ChoicePage(m.w.T.Context(), main, in.ConnectionID, in.Scope, in.Choices, store.Cursor{}, 1) // refused like what follows
		in.Confirmed = p.Check.EntityToken
	}
	var hit []*modelMigration
	missing, changes := 0, 0
	chosen := map[*modelSub]*modelAccount{}
	for _, g := range m.migrations {
		if g.connection != c || g.state != migration.Started || !scope.holds(g.id, g.customer) {
			continue
		}
		hit = append(hit, g)
		for _, s := range g.customer.subs {
			account := g.choices[s]
			if !account.takes(s, c.MainID) {
				account = choices[choiceKey(s.account)]
			}
			switch {
			case !account.takes(s, c.MainID):
				missing++
			case account.entity != s.account.entity:
				changes++
			}
			chosen[s] = account
		}
	}
	want := ""
	switch {
	case c.SideOf(actor.ConsoleID) == "":
		want = "connection.not_found"
	case actor.May(console.AddCustomers) != nil:
		want = "forbidden"
	case actor.ConsoleID != c.MainID:
		want = "migration.wrong_side"
	case c.State != connection.Connected:
		want = "migration.not_connected"
	case missing > 0:
		want = "migration.choice_missing"
	case changes > 0 && !confirmed:
		want = "migration.entity_unconfirmed"
	case len(hit) == 0:
		want = "migration.none_to_complete"
	}
	op, err := m.w.CompleteMigrations(m.w.T.Context(), actor, in)
	m.want(fmt.Sprintf("%s of %s completes %+v", actor.Role, actor.ConsoleID, scope), err, want)
	if err != nil {
		return
	}
	run := &modelRun{id: op.ID, connection: c, state: store.OperationRunning, total: int64(len(hit)), next: 1}
	m.runs = append(m.runs, run)
	slices.SortFunc(hit, func(a, b *modelMigration) int { return strings.Compare(a.customer.id, b.customer.id) })
	for i, g := range hit {
		g.state, g.run, g.seq, g.reason = migration.Migrating, run, int64(i+1), ""
		for _, s := range g.customer.subs {
			g.choices[s] = chosen[s]
		}
	}
}

// work lets a worker take any waiting job of a run, perhaps one that somebody has done already, and perhaps without
// noting that it is done.
func (m *model) work(t *rapid.T) {
	jobs := m.w.Jobs(chunkKind)
	if len(jobs) == 0 {
		panic(nothing("no run"))
	}
	m.runJob(pick(t, "job", jobs), rapid.Bool().Draw(t, "again"))
}

// workAll lets workers do all that waits.
func (m *model) workAll() {
	for jobs := m.w.Jobs(chunkKind); len(jobs) > 0; jobs = m.w.Jobs(chunkKind) {
		m.runJob(jobs[0], false)
	}
}

var chunkKind = app.MoveChunkJob{}.Kind()

func (m *model) runJob(job apptest.Job, again bool) {
	if err := m.w.RunJob(job); err != nil {
		m.t.Fatal(err)
	}
	m.t.Logf("worked on %s, to be worked on again: %v", job.Args, again)
	if !again {
		m.w.DropJob(job)
	}
	var chunk app.MoveChunkJob
	if err := json.Unmarshal(job.Args, &chunk); err != nil {
		m.t.Fatal(err)
	}
	for _, r := range m.runs {
		switch {
		case r.id != chunk.OperationID || r.state != store.OperationRunning:
		case r.next == chunk.Seq:
			m.moveChunk(r)
		default:
			m.reached["worked on in vain"]++
		}
	}
}

func (m *model) moveChunk(r *modelRun) {
	main := r.connection.MainID
	back, good := map[*modelMigration]migration.Code{}, []*modelMigration{}
	for _, g := range m.members(r, migration.Migrating) {
		if g.seq >= r.next+modelChunk {
			continue
		}
		reason := migration.Code("")
		for _, s := range g.customer.subs {
			if !g.choices[s].takes(s, main) {
				reason = migration.AccountNotUsable
			}
		}
		if codes := migration.CodesOf(m.bits(g.customer, main)); len(codes) > 0 {
			reason = codes[0]
		}
		if reason != "" {
			back[g] = reason
		} else {
			good = append(good, g)
		}
	}
	for g, reason := range back {
		g.state, g.run, g.reason = migration.Started, nil, reason
		r.returned++
		m.reached["returned"]++
	}
	for _, g := range good {
		g.state, g.customer.migration, g.customer.home = migration.Completed, nil, main
		m.moved(g.customer, main)
		g.from, g.to = r.connection.SourceID, main
		g.customer.trail = append(g.customer.trail, g)
		for _, s := range g.customer.subs {
			s.moveTo(g.choices[s])
		}
		r.done++
	}
	if r.next += modelChunk; r.next > r.total {
		r.state = store.OperationDone
	}
}

// moved notes where a customer is now, and what kind of a move that was.
func (m *model) moved(c *modelCustomer, main string) {
	today := civil.DateOf(m.w.Clock.Now(), m.w.Config.BillingZone)
	m.reached["moved"]++
	switch {
	case slices.Contains(c.been, main):
		m.reached["moved back"]++
	case len(c.been) > 1:
		m.reached["moved on"]++
	}
	if c.movedOn == today {
		m.reached["twice on one day"]++
	}
	c.been, c.movedOn = append(c.been, main), today
}

func (m *model) drawRun(t *rapid.T, state store.OperationState) *modelRun {
	var fit []*modelRun
	for _, r := range m.runs {
		if r.state == state {
			fit = append(fit, r)
		}
	}
	if rarely(t, "any run", 8) {
		fit = m.runs
	}
	if len(fit) == 0 {
		panic(nothing("no run yet"))
	}
	return pick(t, "run", fit)
}

// steering is what the rules say to whoever pauses or resumes a run.
func steering(actor console.Actor, r *modelRun) string {
	switch {
	case actor.May(console.AddCustomers) != nil:
		return "forbidden"
	case actor.ConsoleID != r.connection.MainID:
		return "operation.not_found"
	default:
		return ""
	}
}

func (m *model) pause(t *rapid.T) {
	r := m.drawRun(t, store.OperationRunning)
	actor := m.drawActor(r.connection.MainID)
	want := steering(actor, r)
	if want == "" && r.state != store.OperationRunning {
		want = "changed_meanwhile"
	}
	err := m.w.PauseRun(m.w.T.Context(), actor, r.id)
	m.want(fmt.Sprintf("%s of %s pauses %s", actor.Role, actor.ConsoleID, r.id), err, want)
	if err != nil {
		return
	}
	for _, g := range m.members(r, migration.Migrating) {
		g.state = migration.Started
	}
	r.state = store.OperationPaused
	m.reached["paused"]++
}

func (m *model) resume(t *rapid.T) {
	r := m.drawRun(t, store.OperationPaused)
	actor := m.drawActor(r.connection.MainID)
	want := steering(actor, r)
	switch {
	case want != "":
	case r.connection.State != connection.Connected:
		want = "migration.not_connected"
	case r.state != store.OperationPaused:
		want = "changed_meanwhile"
	}
	err := m.w.ResumeRun(m.w.T.Context(), actor, r.id)
	m.want(fmt.Sprintf("%s of %s resumes %s", actor.Role, actor.ConsoleID, r.id), err, want)
	if err != nil {
		return
	}
	for _, g := range m.members(r, migration.Started) {
		g.state = migration.Migrating
	}
	r.state = store.OperationRunning
	m.reached["resumed"]++
}
