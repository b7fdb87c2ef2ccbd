package app_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
)

// unsigned is a legal entity whose agreement nobody has signed; unsold is a SKU that only B may sell.
const (
	unsigned = "le_unsigned"
	unsold   = "sku_unsold"
)

// readinessCase is a customer of the source B and what keeps it from moving to A.
type readinessCase struct {
	name   string
	change func(c *customer.Customer, s *customer.Subscription) // of an ordinary customer that is ready
	after  func(w *apptest.World, c customer.Customer, s customer.Subscription)
	want   []migration.Finding
}

// account adds an account for the currency; entity and state say what is wrong with it.
func account(w *apptest.World, in console.Console, currency money.Currency, group catalog.ProductGroup, entity string, state billing.AccountState) {
	w.T.Helper()
	w.Update(func(tx *store.Tx) error {
		return tx.InsertBillingAccounts(w.T.Context(), []billing.Account{{
			ConsoleID: in.ID, ID: fmt.Sprintf("ba_%s_%s_%s_%s", in.ID, currency, entity, state), Name: "Account",
			Currency: currency, Group: group, LegalEntityID: entity, State: state, CreatedAt: w.Clock.Now(),
		}})
	})
}

// paidIn gives the subscription a currency of its own, in which B has an account and A those of the states.
func paidIn(currency money.Currency, states ...billing.AccountState) (func(*customer.Customer, *customer.Subscription), func(*apptest.World, customer.Customer, customer.Subscription)) {
	return func(_ *customer.Customer, s *customer.Subscription) { s.Currency = currency },
		func(w *apptest.World, _ customer.Customer, _ customer.Subscription) {
			for _, state := range states {
				account(w, w.A, currency, catalog.GoogleWorkspace, "le_1", state)
			}
		}
}

func paid(name string, currency money.Currency, code migration.Code, states ...billing.AccountState) readinessCase {
	c := readinessCase{name: name}
	c.change, c.after = paidIn(currency, states...)
	if code != "" {
		c.want = []migration.Finding{{Code: code, SKUID: apptest.Seats, Currency: currency, Group: catalog.GoogleWorkspace}}
	}
	return c
}

func withOrder(state customer.OrderState) func(*apptest.World, customer.Customer, customer.Subscription) {
	return func(w *apptest.World, c customer.Customer, s customer.Subscription) {
		w.Update(func(tx *store.Tx) error {
			return tx.InsertOrders(w.T.Context(), []customer.Order{{
				ConsoleID: w.B.ID, ID: "ord_" + c.ID, CustomerID: c.ID, SubscriptionID: s.ID, At: w.Clock.Now(),
				By: customer.ByReseller, Action: customer.OrderSeatsChanged, SKUID: s.SKUID, Plan: s.Plan, State: state,
			}})
		})
	}
}

// also adds a second subscription.
func also(change func(s *customer.Subscription)) func(*apptest.World, customer.Customer, customer.Subscription) {
	return func(w *apptest.World, _ customer.Customer, s customer.Subscription) {
		s.ID += "_2"
		change(&s)
		w.Update(func(tx *store.Tx) error { return tx.InsertSubscriptions(w.T.Context(), []customer.Subscription{s}) })
	}
}

// domainAtMain adds a customer of the main with the same domain.
func domainAtMain(state customer.State) func(*apptest.World, customer.Customer, customer.Subscription) {
	return func(w *apptest.World, c customer.Customer, _ customer.Subscription) {
		there := c
		there.ConsoleID, there.ID = w.A.ID, c.ID+"_there"
		w.Update(func(tx *store.Tx) error { return tx.InsertCustomers(w.T.Context(), []customer.Customer{there}) })
		if state == customer.Moved { // as if it had moved to C
			w.Exec(`UPDATE customers SET state = 'MOVED', moved_at = 1 WHERE id = '` + there.ID + `'`)
		}
	}
}

func suspended(reason customer.SuspensionReason) func(*customer.Customer, *customer.Subscription) {
	return func(_ *customer.Customer, s *customer.Subscription) {
		s.State, s.SuspensionReason = customer.SubSuspended, reason
	}
}

func sold(sku string, plan catalog.Plan) func(*customer.Customer, *customer.Subscription) {
	return func(_ *customer.Customer, s *customer.Subscription) {
		s.SKUID, s.Plan = sku, plan
		if plan != catalog.Flexible {
			s.TermStart, s.TermEnd = s.StartDate, s.StartDate+365
		}
		if sku == apptest.Cloud {
			s.Group = catalog.GoogleCloud
		}
	}
}

// own is a finding about the customer itself, of is one about its subscription of a SKU in yen.
func own(code migration.Code) migration.Finding { return migration.Finding{Code: code} }

func of(code migration.Code, sku string) migration.Finding {
	group := catalog.GoogleWorkspace
	if sku == apptest.Cloud {
		group = catalog.GoogleCloud
	}
	return migration.Finding{Code: code, SKUID: sku, Currency: "JPY", Group: group}
}

func readinessCases() []readinessCase {
	const active, pending, probation, closed = billing.AccountActive, billing.AccountPending, billing.AccountProbation, billing.AccountClosed
	ended := func(s *customer.Subscription) {
		s.SKUID, s.Group, s.State = apptest.Cloud, catalog.GoogleCloud, customer.SubCancelled
	}
	moved := func(s *customer.Subscription) {
		s.SKUID, s.Plan, s.Moved = apptest.Voice, catalog.AnnualMonthlyPay, true
	}
	return []readinessCase{
		{name: "ready"},
		{name: "cloud", change: sold(apptest.Cloud, catalog.Flexible), want: []migration.Finding{of(migration.HasGoogleCloud, apptest.Cloud)}},
		{name: "voice, monthly", change: sold(apptest.Voice, catalog.AnnualMonthlyPay), want: []migration.Finding{of(migration.HasVoiceCommitment, apptest.Voice)}},
		{name: "voice, yearly", change: sold(apptest.Voice, catalog.AnnualYearlyPay), want: []migration.Finding{of(migration.HasVoiceCommitment, apptest.Voice)}},
		{name: "voice, flexible", change: sold(apptest.Voice, catalog.Flexible)},
		{name: "seats, yearly", change: sold(apptest.Seats, catalog.AnnualYearlyPay)},
		paid("no account", "EUR", migration.NoBillingAccountInCurrency),
		paid("a closed account", "GBP", migration.NoBillingAccountInCurrency, closed),
		paid("an account on probation", "SGD", migration.BillingAccountNotActive, probation),
		paid("an account that waits", "AUD", migration.BillingAccountNotActive, pending),
		paid("accounts that cannot", "CAD", migration.BillingAccountNotActive, closed, pending, probation),
		paid("one of them can", "CHF", "", closed, pending, probation, active),
		{
			name: "unsigned", change: func(_ *customer.Customer, s *customer.Subscription) { s.Currency = "KRW" },
			after: func(w *apptest.World, _ customer.Customer, _ customer.Subscription) {
				account(w, w.A, "KRW", catalog.GoogleWorkspace, unsigned, active)
				account(w, w.A, "KRW", catalog.GoogleWorkspace, "le_1", pending)
			},
			want: []migration.Finding{{Code: migration.AgreementNotSigned, SKUID: apptest.Seats, Currency: "KRW", Group: catalog.GoogleWorkspace}},
		},
		{
			name: "unsigned and waiting", change: func(_ *customer.Customer, s *customer.Subscription) { s.Currency = "TWD" },
			after: func(w *apptest.World, _ customer.Customer, _ customer.Subscription) {
				account(w, w.A, "TWD", catalog.GoogleWorkspace, unsigned, pending)
			},
			want: []migration.Finding{{Code: migration.BillingAccountNotActive, SKUID: apptest.Seats, Currency: "TWD", Group: catalog.GoogleWorkspace}},
		},
		{
			name: "an account of the other product group", change: func(_ *customer.Customer, s *customer.Subscription) { s.Currency = "INR" },
			after: func(w *apptest.World, _ customer.Customer, _ customer.Subscription) {
				account(w, w.A, "INR", catalog.GoogleCloud, "le_1", active)
			},
			want: []migration.Finding{{Code: migration.NoBillingAccountInCurrency, SKUID: apptest.Seats, Currency: "INR", Group: catalog.GoogleWorkspace}},
		},
		{name: "open order", after: withOrder(customer.OrderOpen), want: []migration.Finding{own(migration.OpenOrder)}},
		{name: "fulfilled order", after: withOrder(customer.OrderFulfilled)},
		{name: "cancelled order", after: withOrder(customer.OrderCancelled)},
		{name: "not to be sold", change: sold(unsold, catalog.Flexible), want: []migration.Finding{of(migration.SKUNotAuthorized, unsold)}},
		{name: "terms", change: func(c *customer.Customer, _ *customer.Subscription) { c.TOSAcceptedAt = time.Time{} }, want: []migration.Finding{own(migration.PendingTOS)}},
		{name: "suspended by the vendor", change: suspended(customer.SuspendedByVendor), want: []migration.Finding{of(migration.SuspendedByVendor, apptest.Seats)}},
		{name: "suspended by the reseller", change: suspended(customer.SuspendedByReseller)},
		{name: "suspended after the trial", change: suspended(customer.SuspendedTrialEnded)},
		{name: "trial", change: func(_ *customer.Customer, s *customer.Subscription) { s.State = customer.SubTrial }},
		{name: "offline", change: func(_ *customer.Customer, s *customer.Subscription) { s.Channel = customer.Offline }},
		{name: "there already", after: domainAtMain(customer.Live), want: []migration.Finding{own(migration.AlreadyCustomerOfMain)}},
		{name: "was there", after: domainAtMain(customer.Moved)},
		{name: "what has ended does not count", after: also(ended)},
		{name: "what has moved does not count", after: also(moved)},
		{
			name: "an account that is of no use is not asked for",
			change: func(_ *customer.Customer, s *customer.Subscription) {
				s.SKUID, s.Group, s.Currency, s.State, s.SuspensionReason = apptest.Cloud, catalog.GoogleCloud, "EUR", customer.SubSuspended, customer.SuspendedByVendor
			},
			want: []migration.Finding{
				{Code: migration.HasGoogleCloud, SKUID: apptest.Cloud, Currency: "EUR", Group: catalog.GoogleCloud},
				{Code: migration.SuspendedByVendor, SKUID: apptest.Cloud, Currency: "EUR", Group: catalog.GoogleCloud},
			},
		},
		{
			name: "several at once",
			change: func(c *customer.Customer, s *customer.Subscription) {
				c.TOSAcceptedAt = time.Time{}
				s.SKUID, s.Currency, s.State, s.SuspensionReason = unsold, "EUR", customer.SubSuspended, customer.SuspendedByVendor
			},
			after: func(w *apptest.World, c customer.Customer, s customer.Subscription) {
				withOrder(customer.OrderOpen)(w, c, s)
				domainAtMain(customer.Live)(w, c, s)
				also(func(s *customer.Subscription) {
					s.SKUID, s.Plan, s.Currency = apptest.Voice, catalog.AnnualMonthlyPay, "JPY"
				})(w, c, s)
			},
			want: []migration.Finding{
				of(migration.HasVoiceCommitment, apptest.Voice),
				{Code: migration.NoBillingAccountInCurrency, SKUID: unsold, Currency: "EUR", Group: catalog.GoogleWorkspace},
				own(migration.OpenOrder),
				{Code: migration.SKUNotAuthorized, SKUID: unsold, Currency: "EUR", Group: catalog.GoogleWorkspace},
				own(migration.PendingTOS),
				of(migration.SuspendedByVendor, apptest.Voice),
				{Code: migration.SuspendedByVendor, SKUID: unsold, Currency: "EUR", Group: catalog.GoogleWorkspace},
				own(migration.AlreadyCustomerOfMain),
			},
		},
	}
}

// TestReadinessReasons has a customer for each reason and each exception of spec R1, all in one world.
func TestReadinessReasons(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		prepareReadiness(w)
		cases := readinessCases()
		ids := make([]string, len(cases))
		for i, c := range cases {
			ids[i] = addCase(w, c)
		}
		con := w.Connect(w.A, w.B)
		blockers := map[string]int64{}
		w.Read(func(tx *store.Tx) error {
			for _, id := range ids {
				rec, err := tx.Customer(t.Context(), w.B.ID, id)
				if err != nil {
					return err
				}
				blockers[id] = rec.Blockers
			}
			return nil
		})
		var ready []string
		for i, c := range cases {
			r, err := w.CheckCustomer(t.Context(), apptest.Admin(w.B), ids[i])
			w.Must(err)
			if !slices.Equal(r.Findings, c.want) {
				t.Errorf("%s: %+v, want %+v", c.name, r.Findings, c.want)
			}
			var bits int64
			for _, f := range c.want {
				bits |= f.Code.Bit()
			}
			if blockers[ids[i]] != bits {
				t.Errorf("%s: stored are %v, want %v", c.name, migration.CodesOf(blockers[ids[i]]), migration.CodesOf(bits))
			}
			if bits == 0 {
				ready = append(ready, ids[i])
			}
		}
		started, err := w.StartMigrations(t.Context(), apptest.Admin(w.B), con.ID, store.Scope{IDs: ids})
		w.Must(err)
		if int(started.Count) != len(ready) || len(started.NotStarted) != len(cases)-len(ready) {
			t.Errorf("%d started and %d not, of %d that are ready and %d in all",
				started.Count, len(started.NotStarted), len(ready), len(cases))
		}
	})
}

func prepareReadiness(w *apptest.World) {
	w.T.Helper()
	ctx := w.T.Context()
	w.Update(func(tx *store.Tx) error {
		_, err := tx.GrantSKUs(ctx, w.B.ID, []string{apptest.Seats}, apptest.Start)
		return errors.Join(err,
			tx.PutSKUs(ctx, []catalog.SKU{{ID: unsold, Product: "Workspace", Name: "Unsold", Group: catalog.GoogleWorkspace}}),
			tx.InsertLegalEntity(ctx, billing.LegalEntity{ID: unsigned, ResellerID: "res_1", Name: "Unsigned", Country: "DE"}, apptest.Start),
		)
	})
}

func addCase(w *apptest.World, c readinessCase) string {
	w.T.Helper()
	var cust customer.Customer
	var sub customer.Subscription
	w.AddCustomers(w.B, 1, func(_ int, rec *customer.Customer, s *customer.Subscription) {
		if c.change != nil {
			c.change(rec, s)
		}
		cust, sub = *rec, *s
	})
	if c.after != nil {
		c.after(w, cust, sub)
	}
	return cust.ID
}

// TestReasonsAreClearedOneAfterTheOther has each side clear a reason of one customer, and the evaluation follow by itself (spec R2).
func TestReasonsAreClearedOneAfterTheOther(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		prepareReadiness(w)
		id := addCase(w, readinessCase{
			change: func(c *customer.Customer, s *customer.Subscription) {
				c.TOSAcceptedAt = time.Time{}
				s.SKUID, s.Currency, s.State, s.SuspensionReason = unsold, "EUR", customer.SubSuspended, customer.SuspendedByVendor
			},
			after: withOrder(customer.OrderOpen),
		})
		c := w.Accept(w.A, w.B)
		w.RunJobs(app.EvaluateJob{}.Kind())
		left := []migration.Code{
			migration.NoBillingAccountInCurrency, migration.OpenOrder, migration.SKUNotAuthorized, migration.PendingTOS,
			migration.SuspendedByVendor,
		}
		look := func(what string) {
			w.RunJobs(app.EvaluateJob{}.Kind())
			w.Read(func(tx *store.Tx) error {
				rec, err := tx.Customer(ctx, w.B.ID, id)
				if got := migration.CodesOf(rec.Blockers); !slices.Equal(got, left) {
					t.Errorf("%s: %v, want %v", what, got, left)
				}
				return err
			})
			r, err := w.CheckCustomer(ctx, apptest.Admin(w.B), id)
			w.Must(err)
			if r.Findings[0].Code != migration.WaitingPeriod {
				t.Errorf("%s: the waiting period is not the first of %v", what, r.Findings)
			}
		}
		look("at first")
		w.Config.AccountApproval = true
		account := w.NewAccount(w.A, "EUR", unsigned)
		left[0] = migration.BillingAccountNotActive
		look("an account that waits")
		w.Must(w.SetBillingAccountState(ctx, apptest.Operator(w.A), account, billing.ApproveAccount))
		left[0] = migration.AgreementNotSigned
		look("an account that is approved")
		w.Must(w.SignAgreement(ctx, apptest.Admin(w.A), unsigned))
		left = left[1:]
		look("an agreement that is signed")
		w.Must(w.CancelOrder(ctx, apptest.Admin(w.B), "ord_"+id))
		left = left[1:]
		look("an order that is cancelled")
		w.Must(w.GrantSKUs(ctx, apptest.Operator(w.A), []string{unsold}))
		left = left[1:]
		look("a SKU that may be sold")
		w.Must(w.RecordTOS(ctx, apptest.Admin(w.B), id))
		left = left[1:]
		look("terms that are accepted")
		w.Must(w.LiftVendorSuspension(ctx, apptest.Operator(w.B), "sub_"+id[4:]))
		left = nil
		look("a suspension that is lifted")
		w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.Waiting)
		started, err := w.StartMigrations(ctx, apptest.Admin(w.B), c.ID, store.Scope{All: true})
		w.Must(err)
		if started.Count != 1 {
			t.Errorf("%d started", started.Count)
		}
	})
}

// The sweep finds what nobody has told (spec R2).
func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ids := w.AddCustomers(w.B, 1, nil)
		w.Connect(w.A, w.B)
		w.RunJobs(app.EvaluateJob{}.Kind())
		w.Exec(`UPDATE customers SET tos_accepted_at = 0`)
		count := func() int {
			return len(w.Texts(`SELECT id FROM customers WHERE blockers <> 0`))
		}
		w.Must(w.RunDue(t.Context()))
		w.RunJobs(app.EvaluateJob{}.Kind())
		if count() != 0 {
			t.Fatal("found before 12 hours were over: the test shows nothing")
		}
		w.Clock.Advance(w.Clock.Ahead() + 12*time.Hour + time.Microsecond)
		w.Must(w.RunDue(t.Context()))
		w.RunJobs(app.EvaluateJob{}.Kind())
		if count() != 1 {
			t.Errorf("%v is not found by the sweep", ids)
		}
	})
}
