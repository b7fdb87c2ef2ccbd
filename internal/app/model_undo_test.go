package app_test

import (
	"fmt"

	"pgregory.net/rapid"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/store"
	"psc/internal/support"
)

// moveTo has another account pay, and remembers the one before.
func (s *modelSub) moveTo(to *modelAccount) {
	if s.former == nil {
		s.former = map[string]*modelAccount{}
	}
	s.former[s.account.console] = s.account
	s.account = to
	to.billed = true
}

// undo has either side ask for the latest move of a customer to be undone, and the operator decide.
func (m *model) undo(t *rapid.T) {
	var moved []*modelCustomer
	for _, c := range m.customers {
		if len(c.trail) > 0 {
			moved = append(moved, c)
		}
	}
	if len(moved) == 0 {
		panic(nothing("nobody has moved"))
	}
	c := pick(t, "customer", moved)
	last := c.trail[len(c.trail)-1]
	place := pick(t, "side", []string{last.from, last.to})
	want := ""
	if place == last.to && c.migration != nil {
		want = "undo.in_migration"
	}
	asked, err := m.w.AskUndo(m.w.T.Context(), apptest.Admin(console.Console{ID: place, Name: place}), c.id, "It was a mistake.")
	m.want(fmt.Sprintf("%s asks to undo %s", place, last.id), err, want)
	if err != nil {
		return
	}
	switch {
	case c.migration != nil:
		want = "undo.in_migration"
	case m.bits(c, last.from) != 0:
		want = "undo.not_ready"
	}
	operator := apptest.Operator(console.Console{ID: place})
	err = m.w.ApproveUndo(m.w.T.Context(), operator, asked.ID, app.UndoApproval{Consent: support.Agreed, Reason: "R", Entities: true})
	m.want("the operator undoes "+last.id, err, want)
	if err != nil {
		m.want("the operator rejects it", m.w.RejectUndo(m.w.T.Context(), operator, asked.ID, "R"), "")
		m.reached["undo refused"]++
		return
	}
	done := &modelMigration{
		id: m.w.Texts(`SELECT undo_id FROM case_undos WHERE case_id = '` + asked.ID + `'`)[0], connection: last.connection, customer: c,
		state: migration.Completed, from: last.to, to: last.from,
	}
	m.migrations, c.trail, c.home = append(m.migrations, done), append(c.trail, done), done.to
	m.undos = append(m.undos, &modelRun{ // of one customer, that has ended
		id: m.w.Texts(`SELECT run_id FROM migrations WHERE id = '` + done.id + `'`)[0], connection: last.connection, state: store.OperationDone,
		total: 1, done: 1, next: 2,
	})
	m.moved(c, done.to)
	for _, s := range c.subs {
		s.moveTo(m.returning(s, done.to))
	}
	m.reached["undone"]++
	if len(c.trail) > 2 {
		m.reached["undone again"]++
	}
}

// returning is the account that pays for what comes back: the former one, else as every move suggests.
func (m *model) returning(s *modelSub, place string) (best *modelAccount) {
	if f := s.former[place]; f.takes(s, place) {
		return f
	}
	for _, a := range m.accounts {
		if a.takes(s, place) && (best == nil || best.entity != s.account.entity && a.entity == s.account.entity) {
			best = a
		}
	}
	return best
}
