package app_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// rounds is how often each race is run.
const rounds = 6

// together does things at the same moment and returns what came of each.
func together(acts ...func() error) []error {
	errs := make([]error, len(acts))
	var done sync.WaitGroup
	begin := make(chan struct{})
	for i, act := range acts {
		done.Go(func() {
			<-begin
			errs[i] = act()
		})
	}
	close(begin)
	done.Wait()
	return errs
}

// wantOne checks that exactly one succeeded and the others were told why not.
func wantOne(tb testing.TB, errs []error, keys ...string) {
	tb.Helper()
	won := 0
	for _, err := range errs {
		f := fault.As(err)
		switch {
		case err == nil:
			won++
		case f == nil:
			tb.Errorf("a fault is expected, not %v", err)
		default:
			wantOneOf(tb, err, keys...)
		}
	}
	if won != 1 {
		tb.Errorf("%d succeeded: %v", won, errs)
	}
}

func wantOneOf(tb testing.TB, err error, keys ...string) {
	tb.Helper()
	for _, key := range keys {
		if fault.Is(err, key) {
			return
		}
	}
	tb.Errorf("err = %v, want one of %v", err, keys)
}

// race runs a race several times in one world, each time followed by a look at what always must hold.
func race(t *testing.T, round func(w *apptest.World)) {
	t.Helper()
	once(t, func(t *testing.T, w *apptest.World) {
		w.Config.Terms.Waiting = 0
		for range rounds {
			round(w)
			w.CheckInvariants()
		}
	})
}

// TestAFormSentTwiceOpensOneAccount opens one account, however often and however close together it is asked for.
func TestAFormSentTwiceOpensOneAccount(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		n := newAccount("le_1")
		open := func() error { _, err := w.CreateBillingAccount(t.Context(), apptest.Admin(w.A), n); return err }
		for _, n.Name = range []string{"First", "Second", "Third"} {
			wantOne(t, together(open, open, open, open), "billing_account.exists", "changed_meanwhile")
		}
		wantFault(t, open(), "billing_account.exists")
		for _, other := range []func(){
			func() { n.Name = "Another" },
			func() { n.Currency = "GBP" },
			func() { n.Group = catalog.GoogleCloud },
			func() { n.LegalEntityID = "le_2" },
		} {
			other()
			w.Must(open())
		}
		own, err := w.CreateBillingAccount(t.Context(), apptest.Admin(w.B), n) // what another console has does not matter
		w.Must(err)
		w.Must(w.SetBillingAccountState(t.Context(), apptest.Operator(w.B), own.ID, billing.CloseAccount))
		_, err = w.CreateBillingAccount(t.Context(), apptest.Admin(w.B), n)
		w.Must(err)
	})
}

// TestConsolesOfANewResellerMakeOneReseller makes consoles at once of a reseller that there was not.
func TestConsolesOfANewResellerMakeOneReseller(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		for _, name := range []string{"First", "Second", "Third"} {
			create := func() error {
				_, err := w.CreateConsole(t.Context(), apptest.Operator(w.A), name, "Console")
				return err
			}
			for _, err := range together(create, create, create) {
				w.Must(err)
			}
			if got := w.Texts(`SELECT CAST(count(*) AS text) || ' of ' || CAST(count(DISTINCT reseller_id) AS text) FROM consoles
				WHERE reseller_id IN (SELECT id FROM resellers WHERE name = '` + name + `')`)[0]; got != "3 of 1" {
				t.Errorf("%s: %s", name, got)
			}
		}
	})
}

func (s side) invite(source console.Console) connection.Connection {
	s.w.T.Helper()
	c, err := s.w.InviteConsole(s.w.T.Context(), apptest.Admin(s.c), string(source.AccountID))
	s.w.Must(err)
	return c
}

// side is a console in a world.
type side struct {
	w *apptest.World
	c console.Console
}

func (s side) accept(ctx context.Context, c connection.Connection) func() error {
	return func() error {
		_, err := s.w.AcceptConnection(ctx, apptest.Admin(s.c), c.ID)
		return err
	}
}

// closeAll ends whatever is connected, for the next round.
func closeAll(w *apptest.World) {
	w.T.Helper()
	for _, main := range []console.Console{w.A, w.B, w.C} {
		list, err := w.Connections(w.T.Context(), apptest.Admin(main))
		w.Must(err)
		for _, c := range list {
			switch {
			case c.MainID != main.ID:
			case c.State == connection.Connected:
				w.Must(w.CloseConnection(w.T.Context(), apptest.Admin(main), c.ID, true))
			case c.State == connection.Invited:
				w.Must(w.CancelInvite(w.T.Context(), apptest.Admin(main), c.ID))
			}
		}
	}
	w.Clock.Advance(w.Clock.Ahead() + 24*time.Hour)
}

func TestRaceOfTwoInvitesToOneSource(t *testing.T) {
	race(t, func(w *apptest.World) {
		byA, byC := side{w, w.A}.invite(w.B), side{w, w.C}.invite(w.B)
		b := side{w, w.B}
		wantOne(w.T, together(b.accept(w.T.Context(), byA), b.accept(w.T.Context(), byC), b.accept(w.T.Context(), byA)),
			"connection.state", "connection.invite.source_connected")
		closeAll(w)
	})
}

func TestRaceOfInvitesThatWouldMakeACircle(t *testing.T) {
	race(t, func(w *apptest.World) {
		invite := func(main, source console.Console) func() error {
			return func() error {
				_, err := w.InviteConsole(w.T.Context(), apptest.Admin(main), string(source.AccountID))
				return err
			}
		}
		wantOne(w.T, together(invite(w.A, w.B), invite(w.B, w.A), invite(w.A, w.B)), "connection.invite.open_between")
		closeAll(w)
	})
}

func TestRaceOfAcceptancesThatWouldMakeAChain(t *testing.T) {
	race(t, func(w *apptest.World) {
		upper, lower := side{w, w.C}.invite(w.A), side{w, w.A}.invite(w.B)
		wantOne(w.T, together(side{w, w.A}.accept(w.T.Context(), upper), side{w, w.B}.accept(w.T.Context(), lower)),
			"connection.state", "connection.invite.main_is_source", "connection.invite.source_is_main")
		closeAll(w)
	})
}

func TestRaceOfAcceptingAndCancelling(t *testing.T) {
	race(t, func(w *apptest.World) {
		c := side{w, w.A}.invite(w.B)
		wantOne(w.T, together(
			side{w, w.B}.accept(w.T.Context(), c),
			func() error { return w.CancelInvite(w.T.Context(), apptest.Admin(w.A), c.ID) },
			func() error { return w.DeclineConnection(w.T.Context(), apptest.Admin(w.B), c.ID) },
		), "connection.state", "changed_meanwhile")
		closeAll(w)
	})
}

// connected is a world's connection of A and B with ready customers in B.
func connected(w *apptest.World, customers int) (connection.Connection, []string) {
	ids := w.AddCustomers(w.B, customers, nil)
	return w.Connect(w.A, w.B), ids
}

func startAll(ctx context.Context, w *apptest.World, c connection.Connection) func() error {
	return func() error {
		_, err := w.StartMigrations(ctx, apptest.Admin(w.B), c.ID, store.Scope{All: true})
		return err
	}
}

func completeAll(ctx context.Context, w *apptest.World, c connection.Connection) func() error {
	return func() error {
		_, err := w.CompleteMigrations(ctx, apptest.Admin(w.A), completion(w, c.ID))
		return err
	}
}

func TestRaceOfStartingAndClosing(t *testing.T) {
	race(t, func(w *apptest.World) {
		c, _ := connected(w, 5)
		errs := together(startAll(w.T.Context(), w, c), startAll(w.T.Context(), w, c), func() error {
			return w.CloseConnection(w.T.Context(), apptest.Admin(w.A), c.ID, false)
		})
		w.Must(errs[2])
		for _, err := range errs[:2] {
			if err != nil {
				wantOneOf(w.T, err, "migration.not_connected", "changed_meanwhile")
			}
		}
		closeAll(w)
	})
}

func TestRaceOfCompletingCancellingAndClosing(t *testing.T) {
	race(t, func(w *apptest.World) {
		c, _ := connected(w, 5)
		w.Must(startAll(w.T.Context(), w, c)())
		errs := together(completeAll(w.T.Context(), w, c), completeAll(w.T.Context(), w, c),
			func() error {
				_, err := w.CancelMigrations(w.T.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
				return err
			},
			func() error { return w.CloseConnection(w.T.Context(), apptest.Admin(w.B), c.ID, false) })
		for _, err := range errs {
			if err != nil {
				wantOneOf(w.T, err, "migration.none_to_complete", "migration.none_to_cancel", "migration.not_connected",
					"connection.close.migrating", "changed_meanwhile")
			}
		}
		w.RunJobs(chunkKind)
		closeAll(w)
	})
}

// running is a run under way, with its first job.
func running(w *apptest.World, customers int) (connection.Connection, store.Operation, apptest.Job) {
	w.T.Helper()
	c, _ := connected(w, customers)
	w.Must(startAll(w.T.Context(), w, c)())
	op, err := w.CompleteMigrations(w.T.Context(), apptest.Admin(w.A), completion(w, c.ID))
	w.Must(err)
	return c, op, w.Jobs(chunkKind)[0]
}

func TestRaceOfPausingAndMoving(t *testing.T) {
	race(t, func(w *apptest.World) {
		_, op, job := running(w, 25)
		errs := together(
			func() error { return w.RunJob(job) },
			func() error { return w.RunJob(job) },
			func() error { return w.PauseRun(w.T.Context(), apptest.Admin(w.A), op.ID) },
			func() error { return w.PauseRun(w.T.Context(), apptest.Admin(w.A), op.ID) },
		)
		w.Must(errs[0])
		w.Must(errs[1])
		wantOne(w.T, errs[2:], "changed_meanwhile")
		w.CheckInvariants()
		w.RunJobs(chunkKind)
		resume := func() error { return w.ResumeRun(w.T.Context(), apptest.Admin(w.A), op.ID) }
		wantOne(w.T, together(resume, resume, resume), "changed_meanwhile")
		w.CheckInvariants()
		w.RunJobs(chunkKind)
		if op = w.Finish(op); op.Done != 25 || op.State != store.OperationDone {
			w.T.Errorf("run = %+v", op)
		}
		closeAll(w)
	})
}

func TestRaceOfClosingAndMoving(t *testing.T) {
	race(t, func(w *apptest.World) {
		c, _, job := running(w, 25)
		errs := together(
			func() error { return w.RunJob(job) },
			func() error { return w.CloseConnection(w.T.Context(), apptest.Admin(w.A), c.ID, true) },
		)
		w.Must(errs[0])
		w.Must(errs[1])
		w.RunJobs(chunkKind)
		closeAll(w)
	})
}

// What the vendor or the main's people do while a customer moves is either seen by the move or comes after it.
func TestRaceOfChangesAndMoving(t *testing.T) {
	race(t, func(w *apptest.World) {
		_, op, job := running(w, 3)
		moving := w.Texts(`SELECT customer_id FROM migrations WHERE state = 'MIGRATING' ORDER BY customer_id`)
		errs := together(
			func() error { return w.RunJob(job) },
			func() error { return w.VendorSuspend(w.T.Context(), apptest.Operator(w.B), "sub_"+moving[0][4:]) },
			func() error { return takeDomain(w.T.Context(), w, moving[2]) },
		)
		for _, err := range []error{errs[0], errs[2]} { // the same domain: the one who is late runs again, or is refused
			if err != nil && !w.DB.Engine().Duplicate(err) {
				w.T.Error(err)
			}
		}
		if errs[1] != nil {
			wantOneOf(w.T, errs[1], "customer.moved")
		}
		w.RunJobs(chunkKind)
		op = w.Finish(op)
		if want := int64(1) + count01(errs[1] != nil) + count01(errs[2] != nil); op.Done != want {
			w.T.Errorf("%d moved, want %d: %v", op.Done, want, errs)
		}
		closeAll(w)
	})
}

func count01(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// takeDomain adds a customer of the main with the domain of a customer of the source.
func takeDomain(ctx context.Context, w *apptest.World, id string) error {
	return w.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Customer(ctx, w.B.ID, id)
		if err != nil {
			return err
		}
		return tx.InsertCustomers(ctx, []customer.Customer{{
			ConsoleID: w.A.ID, ID: "cus_taken_" + id, Domain: was.Domain, Name: "Taken", State: customer.Live,
			CreatedAt: w.Clock.Now(),
		}})
	})
}

// An account that a run is about to use is closed meanwhile: either it is in use, or the run gives the customer back.
func TestRaceOfClosingAnAccountAndMoving(t *testing.T) {
	race(t, func(w *apptest.World) {
		c, _ := connected(w, 2)
		w.Must(startAll(w.T.Context(), w, c)())
		account := w.NewAccount(w.A, "JPY", "le_1")
		in := completion(w, c.ID)
		in.Choices.Groups[0].AccountID = account
		op, err := w.CompleteMigrations(w.T.Context(), apptest.Admin(w.A), in)
		w.Must(err)
		job := w.Jobs(chunkKind)[0]
		errs := together(
			func() error { return w.RunJob(job) },
			func() error {
				return w.SetBillingAccountState(w.T.Context(), apptest.Operator(w.A), account, billing.CloseAccount)
			},
		)
		w.Must(errs[0])
		if op = w.Finish(op); errs[1] == nil && op.Returned != op.Total {
			w.T.Errorf("run = %+v", op)
		}
		if errs[1] != nil {
			wantOneOf(w.T, errs[1], "billing_account.in_use")
		}
		w.RunJobs(chunkKind)
		closeAll(w)
	})
}

// An account is closed while an import bills to it: either it is in use, or its rows are left out.
func TestRaceOfClosingAnAccountAndImporting(t *testing.T) {
	race(t, func(w *apptest.World) {
		account := w.NewAccount(w.B, "JPY", "le_1")
		name := account[len(account)-6:]
		file := header + strings.ReplaceAll(row("X", strings.ToLower(name)+".example", "S-"+name, 5, "ACTIVE"), "ba_cns_B_JPY_le_1", account)
		errs := together(
			func() error {
				_, err := w.ImportCustomers(w.T.Context(), apptest.Admin(w.B), strings.NewReader(file), true, nil)
				return err
			},
			func() error {
				return w.SetBillingAccountState(w.T.Context(), apptest.Operator(w.B), account, billing.CloseAccount)
			},
		)
		w.Must(errs[0])
		if errs[1] != nil {
			wantOneOf(w.T, errs[1], "billing_account.in_use")
		}
	})
}

// Somebody takes a domain that an import is about to add: the import goes on with the customer that is there.
func TestRaceOfImportingAndTakingADomain(t *testing.T) {
	race(t, func(w *apptest.World) {
		id := w.AddCustomers(w.B, 1, nil)[0]
		domain := w.Texts(`SELECT domain FROM customers WHERE id = '` + id + `'`)[0]
		file := "org_display_name,domain\nX," + domain + "\n"
		errs := together(
			func() error {
				_, err := w.ImportCustomers(w.T.Context(), apptest.Admin(w.A), strings.NewReader(file), false, nil)
				return err
			},
			func() error { return takeDomain(w.T.Context(), w, id) },
		)
		w.Must(errs[0])
		if errs[1] != nil && !w.DB.Engine().Duplicate(errs[1]) {
			w.T.Error(errs[1])
		}
	})
}

func TestRaceOfOrderingAndStarting(t *testing.T) {
	race(t, func(w *apptest.World) {
		c, ids := connected(w, 1)
		errs := together(startAll(w.T.Context(), w, c), func() error {
			return w.SuspendSubscription(w.T.Context(), apptest.Admin(w.B), "sub_"+ids[0][4:])
		})
		w.Must(errs[0])
		if errs[1] != nil {
			wantOneOf(w.T, errs[1], "customer.migration_in_progress")
		}
		closeAll(w)
	})
}

// TestStorm lets many people and workers do everything at once. Whoever is refused is told so; nothing breaks.
func TestStorm(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		w.Config.Terms.Waiting, w.Config.ChunkSize = 0, 2
		for _, c := range []console.Console{w.A, w.B, w.C} {
			w.AddCustomers(c, 8, nil)
		}
		w.Connect(w.A, w.B)
		var acts []func() error
		for i := range 6 {
			dice := rand.New(rand.NewPCG(uint64(i), 1))
			acts = append(acts, func() error {
				for i := range 60 {
					if err := bluster(t.Context(), w, dice, i > 30); err != nil && fault.As(err) == nil && !w.DB.Engine().Duplicate(err) {
						return err
					}
				}
				return nil
			})
		}
		for _, err := range together(acts...) {
			w.Must(err)
		}
		w.CheckInvariants()
		w.RunJobs(app.EvaluateJob{}.Kind())
		w.RunJobs(chunkKind)
		w.CheckInvariants()
		moved := w.Texts(`SELECT id FROM migrations WHERE state = 'COMPLETED'`)
		t.Logf("%d moved", len(moved))
		if len(moved) == 0 {
			t.Error("nobody moved in the storm")
		}
	})
}

// bluster does one random thing, mostly on the side that may do it. Late in a storm, connections begin and end too.
func bluster(ctx context.Context, w *apptest.World, dice *rand.Rand, late bool) error {
	places := map[string]console.Console{w.A.ID: w.A, w.B.ID: w.B, w.C.ID: w.C}
	one := []console.Console{w.A, w.B, w.C}[dice.IntN(3)]
	other := []console.Console{w.A, w.B, w.C}[dice.IntN(3)]
	list, err := w.Connections(ctx, apptest.Admin(one))
	if err != nil {
		return err
	}
	if len(list) == 0 || late && dice.IntN(20) == 0 {
		_, err = w.InviteConsole(ctx, apptest.Admin(one), string(other.AccountID))
		return err
	}
	c := list[dice.IntN(min(len(list), 2))]
	main, source := apptest.Admin(places[c.MainID]), apptest.Admin(places[c.SourceID])
	some := store.Scope{All: true, Search: []string{"", "0", "1", "2", "3"}[dice.IntN(5)]}
	switch dice.IntN(16) {
	case 0, 1:
		_, err = w.AcceptConnection(ctx, source, c.ID)
	case 2:
		if late && dice.IntN(4) == 0 {
			err = w.CloseConnection(ctx, apptest.Admin(one), c.ID, dice.IntN(2) == 0)
		}
	case 3, 4, 5, 6:
		if err = w.RunEvaluate(ctx, app.EvaluateJob{ConnectionID: c.ID, SourceID: c.SourceID}); err == nil {
			_, err = w.StartMigrations(ctx, source, c.ID, some)
		}
	case 7:
		_, err = w.CancelMigrations(ctx, source, c.ID, some)
	case 8, 9:
		_, err = w.CompleteMigrations(ctx, main, app.Completion{
			ConnectionID: c.ID, Scope: store.Scope{All: true},
			Choices: store.Choices{Groups: []store.GroupChoice{apptest.Choose(places[c.MainID], "JPY", "le_1", "le_1")}},
		})
	case 10:
		err = steer(ctx, w, main, c, dice)
	default:
		if jobs := w.Jobs(chunkKind); len(jobs) > 0 {
			err = w.RunJob(jobs[dice.IntN(len(jobs))])
		}
	}
	return err
}

func steer(ctx context.Context, w *apptest.World, main console.Actor, c app.ConnectionView, dice *rand.Rand) error {
	page, err := w.Migrations(ctx, main, app.MigrationQuery{ConnectionID: c.ID})
	if err != nil || len(page.Runs) == 0 {
		return err
	}
	run := page.Runs[dice.IntN(len(page.Runs))]
	if run.State == store.OperationPaused {
		return w.ResumeRun(ctx, main, run.ID)
	}
	return w.PauseRun(ctx, main, run.ID)
}
