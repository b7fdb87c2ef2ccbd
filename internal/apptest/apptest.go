// Package apptest is what tests of use cases share: a small world of consoles over a real database, a clock that the
// test moves, and jobs that run when the test says so.
package apptest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/clock"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/ident"
	"psc/internal/money"
	"psc/internal/store"
)

// Start is when the clock of a world begins: 1 October 2026, 09:00 in Tokyo.
var Start = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// SKUs of the world: Seats migrates on every plan; Voice does not on commitments; Cloud never does.
const (
	Seats = "sku_seats"
	Voice = "sku_voice"
	Cloud = "sku_cloud"
)

// World is a reseller with the consoles A, B and C, each with JPY and USD accounts of the legal entities le_1 and le_2,
// all agreements signed and all SKUs authorised.
type World struct {
	*app.App
	T       testing.TB
	Clock   *clock.Offset
	A, B, C console.Console
	n       int

	accounts int // opened by NewAccount
}

// New builds the world in an empty database.
func New(tb testing.TB, db *store.DB) *World {
	tb.Helper()
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		tb.Fatal(err)
	}
	ticking := clock.NewOffset(clock.Fixed(Start), 0)
	w := &World{T: tb, Clock: ticking, App: &app.App{
		DB: db, Clock: ticking, Wall: clock.Fixed(Start), IDs: ident.NewSource(rand.Reader), MessageIDs: ident.NewSource(rand.Reader), Random: rand.Reader,
		Log: slog.New(slog.DiscardHandler),
		Config: app.Config{
			BillingZone: zone, ChunkSize: 10, Sandbox: true,
			Terms: connection.Terms{Waiting: 7 * 24 * time.Hour, InviteLife: 30 * 24 * time.Hour},
		},
	}}
	w.A, w.B, w.C = w.console("A", 1), w.console("B", 2), w.console("C", 3)
	w.Update(func(tx *store.Tx) error { return w.fill(tx) })
	return w
}

func (w *World) console(name string, n byte) console.Console {
	return console.Console{
		ID: "cns_" + name, AccountID: console.NewAccountID([7]byte{n}), Name: "Console " + name, ResellerID: "res_1",
		ResellerName: "Reseller", State: console.Active, CreatedAt: Start,
	}
}

func (w *World) fill(tx *store.Tx) error {
	ctx := w.T.Context()
	errs := []error{
		tx.InsertReseller(ctx, "res_1", "Reseller", Start),
		tx.InsertLegalEntity(ctx, billing.LegalEntity{ID: "le_1", ResellerID: "res_1", Name: "Entity One", Country: "JP"}, Start),
		tx.InsertLegalEntity(ctx, billing.LegalEntity{ID: "le_2", ResellerID: "res_1", Name: "Entity Two", Country: "US"}, Start),
		tx.PutSKUs(ctx, skus()),
	}
	for _, c := range []console.Console{w.A, w.B, w.C} {
		errs = append(errs, tx.InsertConsole(ctx, c))
		var accounts []billing.Account
		for i, currency := range []money.Currency{"JPY", "USD"} {
			for j, entity := range []string{"le_1", "le_2"} {
				accounts = append(accounts, billing.Account{
					ConsoleID: c.ID, ID: Account(c, currency, entity), Name: string(currency), Currency: currency,
					Group: catalog.GoogleWorkspace, LegalEntityID: entity, State: billing.AccountActive,
					PaymentDays: billing.PaymentDays, CreatedAt: Start.Add(time.Duration(2*i+j) * time.Minute),
				})
			}
		}
		_, err := tx.GrantSKUs(ctx, c.ID, []string{Seats, Voice, Cloud}, Start)
		errs = append(errs, err, tx.InsertBillingAccounts(ctx, accounts))
		for _, entity := range []string{"le_1", "le_2"} {
			_, err := tx.SignAgreement(ctx, c.ID, entity, "Tester", Start)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func skus() []catalog.SKU {
	all := func(code string, plans ...catalog.Plan) (blocks []catalog.Block) {
		for _, p := range plans {
			blocks = append(blocks, catalog.Block{Plan: p, Code: code})
		}
		return blocks
	}
	return []catalog.SKU{
		{ID: Seats, Product: "Workspace", Name: "Seats", Group: catalog.GoogleWorkspace},
		{
			ID: Voice, Product: "Voice", Name: "Voice", Group: catalog.GoogleWorkspace,
			Blocks: all("HAS_VOICE_COMMITMENT", catalog.AnnualMonthlyPay, catalog.AnnualYearlyPay),
		},
		{
			ID: Cloud, Product: "Cloud", Name: "Cloud", Group: catalog.GoogleCloud,
			Blocks: all("HAS_GOOGLE_CLOUD", catalog.Plans...),
		},
	}
}

// Account returns the ID of a console's account in the currency of the legal entity.
func Account(c console.Console, currency money.Currency, entity string) string {
	return fmt.Sprintf("ba_%s_%s_%s", c.ID, currency, entity)
}

// NewAccount opens one more active account of the console and returns its ID.
func (w *World) NewAccount(c console.Console, currency money.Currency, entity string) string {
	w.T.Helper()
	w.accounts++
	a, err := w.CreateBillingAccount(w.T.Context(), Admin(c), app.NewBillingAccount{
		Name: fmt.Sprintf("One more %d", w.accounts), Currency: currency, Group: catalog.GoogleWorkspace, LegalEntityID: entity,
	})
	w.Must(err)
	return a.ID
}

// As returns a person with the role in the console.
func As(c console.Console, role console.Role) console.Actor {
	return console.Actor{
		PersonID: "per_" + c.ID, Name: personName + c.Name, ConsoleID: c.ID, Role: role, Suspended: c.State == console.Suspended,
	}
}

// Admin returns a super admin of the console.
func Admin(c console.Console) console.Actor { return As(c, console.RoleSuperAdmin) }

// Operator returns the vendor's operator at work in the console.
func Operator(c console.Console) console.Actor {
	return console.Actor{PersonID: "per_op", Name: "Operator", ConsoleID: c.ID, Operator: true}
}

// Update runs fn in a transaction and fails the test on an error.
func (w *World) Update(fn func(*store.Tx) error) {
	w.T.Helper()
	if err := w.DB.Update(w.T.Context(), fn); err != nil {
		w.T.Fatal(err)
	}
}

// Read runs fn in a read-only transaction and fails the test on an error.
func (w *World) Read(fn func(*store.Tx) error) {
	w.T.Helper()
	if err := w.DB.View(w.T.Context(), fn); err != nil {
		w.T.Fatal(err)
	}
}

// AddCustomers adds n customers with one JPY subscription each to the console and returns their IDs. change may alter
// them before they are written.
func (w *World) AddCustomers(c console.Console, n int, change func(i int, cust *customer.Customer, sub *customer.Subscription)) []string {
	w.T.Helper()
	customers, subs, ids := make([]customer.Customer, n), make([]customer.Subscription, n), make([]string, n)
	now := w.Clock.Now()
	for i := range n {
		w.n++
		id := fmt.Sprintf("cus_%06d", w.n)
		customers[i] = customer.Customer{
			ConsoleID: c.ID, ID: id, Domain: fmt.Sprintf("c%06d.example", w.n), Name: fmt.Sprintf("Customer %06d", w.n),
			State: customer.Live, TOSAcceptedAt: now, CreatedAt: now,
		}
		subs[i] = customer.Subscription{
			ConsoleID: c.ID, ID: "sub_" + id[4:], CustomerID: id, SKUID: Seats, Group: catalog.GoogleWorkspace,
			Plan: catalog.Flexible, State: customer.SubActive, Channel: customer.Online, Seats: 10, Currency: "JPY",
			Price: money.Price{Num: 1360, Den: 1}, BillingAccountID: Account(c, "JPY", "le_1"),
			StartDate: civil.NewDate(2026, 9, 1), CreatedAt: now,
		}
		if change != nil {
			change(i, &customers[i], &subs[i])
		}
		ids[i] = id
	}
	w.Update(func(tx *store.Tx) error {
		return errors.Join(tx.InsertCustomers(w.T.Context(), customers), tx.InsertSubscriptions(w.T.Context(), subs))
	})
	return ids
}

// Connect invites source from main, accepts, lets the waiting period pass, and evaluates everybody.
func (w *World) Connect(main, source console.Console) connection.Connection {
	w.T.Helper()
	c := w.Accept(main, source)
	w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.Waiting)
	w.Evaluate(c)
	return c
}

// Accept invites source from main, accepts, and evaluates everybody.
func (w *World) Accept(main, source console.Console) connection.Connection {
	w.T.Helper()
	c, err := w.InviteConsole(w.T.Context(), Admin(main), string(source.AccountID))
	w.Must(err)
	c, err = w.AcceptConnection(w.T.Context(), Admin(source), c.ID)
	w.Must(err)
	w.RunJobs(app.EvaluateJob{}.Kind())
	return c
}

// Evaluate checks everybody of the connection's source again.
func (w *World) Evaluate(c connection.Connection) {
	w.T.Helper()
	w.Must(w.CheckAgain(w.T.Context(), Admin(console.Console{ID: c.SourceID}), c.ID))
	w.RunJobs(app.EvaluateJob{}.Kind())
}

// Finish does what the jobs of a run would, until it has ended or is paused, and returns it.
func (w *World) Finish(op store.Operation) store.Operation {
	w.T.Helper()
	for {
		w.Read(func(tx *store.Tx) (err error) {
			op, err = tx.Operation(w.T.Context(), op.ConsoleID, op.ID)
			return err
		})
		if op.State != store.OperationRunning {
			return op
		}
		w.Must(w.RunMoveChunk(w.T.Context(), app.MoveChunkJob{ConsoleID: op.ConsoleID, OperationID: op.ID, Seq: op.NextSeq}))
	}
}

// Choose returns the choice of the main's account for everything in the currency that is billed through from.
func Choose(main console.Console, currency money.Currency, from, to string) store.GroupChoice {
	return store.GroupChoice{
		Currency: currency, Group: catalog.GoogleWorkspace, LegalEntityID: from, AccountID: Account(main, currency, to),
	}
}

// Must fails the test on an error.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Confirm returns the completion with the changes of legal entity confirmed as the main's page shows them.
func (w *World) Confirm(main console.Console, in app.Completion) app.Completion {
	w.T.Helper()
	p, err := w.ChoicePage(w.T.Context(), Admin(main), in.ConnectionID, in.Scope, in.Choices, store.Cursor{}, 1)
	w.Must(err)
	in.Confirmed = p.Check.EntityToken
	return in
}

// Move starts and completes everything that is ready in the connection, and returns the finished run.
func (w *World) Move(c connection.Connection, main, source console.Console) store.Operation {
	w.T.Helper()
	started, err := w.StartMigrations(w.T.Context(), Admin(source), c.ID, store.Scope{All: true})
	w.Must(err)
	if started.Count == 0 {
		w.T.Fatal("nobody was ready")
	}
	op, err := w.CompleteMigrations(w.T.Context(), Admin(main), app.Completion{
		ConnectionID: c.ID, Scope: store.Scope{All: true},
		Choices: store.Choices{Groups: []store.GroupChoice{
			Choose(main, "JPY", "le_1", "le_1"), Choose(main, "JPY", "le_2", "le_2"),
			Choose(main, "USD", "le_1", "le_1"), Choose(main, "USD", "le_2", "le_2"),
		}},
	})
	w.Must(err)
	return w.Finish(op)
}
