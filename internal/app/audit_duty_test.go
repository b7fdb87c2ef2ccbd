package app_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store"
)

// silent are the use cases that write and leave no event of their own, each with why that is right.
var silent = map[string]string{
	"RunDueJob": "what it does has its own events; old sessions need none", "SweepEnded": "old sessions, links and attempts end by themselves",
	"FollowClock": "it writes nothing", "RunEvaluate": derived, "CheckAgain": derived, "CheckCustomer": derived,
	"StartImport": "the import writes its events when it begins to write and when it ends", "ReadNotices": taste, "ReadNotice": taste, "ChooseNotices": taste, "Unsubscribe": taste,
	"AccessByClientSecret": signingIn, "AccessByAssertion": signingIn, "Once": "what it does has its own events", "Caller": "it writes when a token was last used", "RunMail": "the mail is its record", "RunWebhook": "what became of a message is its record; disabling a webhook has its event", "SwitchMailOn": "the operator who starts the process decides that, and the process has no actor",
	"SetPreferences": taste, "SetCustomerSettings": taste, "SaveCustomerFilter": taste, "DeleteCustomerFilter": taste,
	"SaveSession": signingIn, "EndSession": signingIn, "EndOwnSession": signingIn, "EndOtherSessions": signingIn, "SignIn": signingIn, "OfferSetup": "nobody is there yet to be told",
	"ActAs": "what it may write is that a granted role was taken, which has its event", "Visit": "as ActAs",
	"ImportCustomers": "the first batch that changes something has the event of the beginning, and the end has one; see TestAnInterruptedImport",
	"RunImport":       "as ImportCustomers", "RunMoveChunk": "the run has its events; each customer's migration is its record",
	"RunCloseMonth": "the invoices are its record; beginning the close has its event",
}

const (
	derived   = "readiness is derived from what has its own events"
	taste     = "it concerns nobody but the person"
	signingIn = "signing in and out changes nothing of anybody's"
)

// writers returns the use cases that can write: those from which a transaction of DB.Update can be reached.
func writers(t *testing.T) (list []string) {
	t.Helper()
	calls := map[string][]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if to, ok := call.Fun.(*ast.SelectorExpr); ok {
						calls[f.Name.Name] = append(calls[f.Name.Name], to.Sel.Name)
					}
				}
				return true
			})
		}
	}
	delete(calls, "Workers") // it only names the jobs
	var writes func(name string, seen []string) bool
	writes = func(name string, seen []string) bool {
		return slices.ContainsFunc(calls[name], func(to string) bool {
			return to == "Update" || !slices.Contains(seen, to) && writes(to, append(seen, to))
		})
	}
	for name := range calls {
		if ast.IsExported(name) && writes(name, []string{name}) {
			list = append(list, name)
		}
	}
	return list
}

// act is one use case made ready, and what it is then called with.
type act func(w *apptest.World) func() error

// TestEveryChangeHasItsEvent calls every use case that changes something: it leaves an event in a trail, written in the
// transaction of the change, so that without a trail nothing is changed.
func TestEveryChangeHasItsEvent(t *testing.T) {
	acts := everyAct()
	for _, name := range writers(t) {
		if acts[name] == nil && silent[name] == "" {
			t.Errorf("%s writes: call it in everyAct, or name it in silent with the reason", name)
		}
		if acts[name] != nil && silent[name] != "" {
			t.Errorf("%s is both called and excused", name)
		}
	}
	for name, ready := range acts {
		once(t, func(t *testing.T, w *apptest.World) {
			w.Config.Terms.Waiting, w.Config.Demo = 0, true
			do := ready(w)
			db, before, trail := w.DB, w.Texts(w.DumpSQL("")), trails(w)
			w.DB = store.New(trailless{db.Engine()})
			if err := do(); !errors.Is(err, errTrailless) {
				t.Errorf("%s without a trail: %v", name, err)
			}
			w.DB = db
			if after := w.Texts(w.DumpSQL("")); !slices.Equal(before, after) && !twoSteps[name] {
				t.Errorf("%s changes something although its event cannot be written", name)
			}
			if err := do(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if trails(w) == trail {
				t.Errorf("%s leaves no event", name)
			}
			for _, topic := range w.Texts("SELECT DISTINCT topic FROM audit_events") {
				if !slices.Contains(app.AuditTopics, topic) {
					t.Errorf("%s leaves an event about %q, which nobody can ask for", name, topic)
				}
			}
		})
	}
}

// twoSteps are the use cases that may have done something before their event: each step has its own transaction.
var twoSteps = map[string]bool{
	"ChangePassword": true, // counts the attempt first
}

func trails(w *apptest.World) string {
	return strings.Join(w.Texts(`SELECT id || console_id FROM audit_events UNION ALL SELECT id FROM operator_events ORDER BY 1`), " ")
}

// trailless is an engine that cannot write events.
type trailless struct{ store.Engine }

var errTrailless = errors.New("no trail")

// Update implements store.Engine.
func (e trailless) Update(ctx context.Context, fn func(store.Conn) error) error {
	return e.Engine.Update(ctx, func(c store.Conn) error { return fn(traillessConn{c}) })
}

type traillessConn struct{ store.Conn }

// Exec implements store.Conn.
func (c traillessConn) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if strings.HasPrefix(sql, "INSERT INTO audit_events") || strings.HasPrefix(sql, "INSERT INTO operator_events") {
		return 0, errTrailless
	}
	return c.Conn.Exec(ctx, sql, args...)
}
