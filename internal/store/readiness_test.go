package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// readinessWorld is everything that readiness of the source "s" against the main "m" depends on. "x" is neither.
type readinessWorld struct {
	skus       []catalog.SKU
	accounts   []billing.Account
	agreements []billing.LegalEntity // ID is the entity, ResellerID the console that signed
	authorized map[string][]string   // by console
	customers  []customer.Customer
	subs       []customer.Subscription
	orders     []customer.Order
}

var (
	readinessConsoles   = []string{"m", "s", "x"}
	readinessEntities   = []string{"e1", "e2"}
	readinessCurrencies = []money.Currency{"JPY", "USD", "EUR"}
	groups              = []catalog.ProductGroup{catalog.GoogleWorkspace, catalog.GoogleCloud}
	accountStates       = []billing.AccountState{billing.AccountActive, billing.AccountPending, billing.AccountProbation, billing.AccountClosed}
)

func drawWorld(t *rapid.T) *readinessWorld {
	w := &readinessWorld{}
	maybe := func(what string) bool { return rapid.Bool().Draw(t, what) }
	for i := range 4 {
		sku := catalog.SKU{ID: fmt.Sprintf("k%d", i), Product: "P", Name: "N", Group: groups[i%2]}
		for _, plan := range catalog.Plans {
			if i < 2 && maybe("blocked") {
				sku.Blocks = append(sku.Blocks, catalog.Block{
					Plan: plan, Code: string([]migration.Code{migration.HasVoiceCommitment, migration.HasGoogleCloud}[i]),
				})
			}
		}
		w.skus = append(w.skus, sku)
	}
	w.authorized = map[string][]string{}
	for _, c := range readinessConsoles {
		for _, entity := range readinessEntities {
			if maybe("signed") {
				w.agreements = append(w.agreements, billing.LegalEntity{ID: entity, ResellerID: c})
			}
			for _, currency := range readinessCurrencies {
				for _, group := range groups {
					state := rapid.SampledFrom(accountStates).Draw(t, "account")
					if c == "m" && maybe("no account") {
						continue
					}
					w.accounts = append(w.accounts, billing.Account{
						ConsoleID: c, ID: fmt.Sprintf("b_%s_%s_%s_%s", c, entity, currency, group), Name: "A",
						Currency: currency, Group: group, LegalEntityID: entity, State: state, CreatedAt: noon,
					})
				}
			}
		}
		for _, sku := range w.skus {
			if maybe("sold") {
				w.authorized[c] = append(w.authorized[c], sku.ID)
			}
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "customers") {
			w.drawCustomer(t, c, i)
		}
	}
	return w
}

func (w *readinessWorld) drawCustomer(t *rapid.T, consoleID string, i int) {
	c := customer.Customer{
		ConsoleID: consoleID, ID: fmt.Sprintf("c_%s%d", consoleID, i), Name: "N", State: customer.Live, CreatedAt: noon,
		Domain: fmt.Sprintf("d%d.example", i*rapid.IntRange(1, 2).Draw(t, "domain")),
	}
	if slices.ContainsFunc(w.customers, func(o customer.Customer) bool { return o.ConsoleID == c.ConsoleID && o.Domain == c.Domain }) {
		return
	}
	if rapid.Bool().Draw(t, "terms") {
		c.TOSAcceptedAt = noon
	}
	w.customers = append(w.customers, c)
	if consoleID == "m" {
		return // it may lack the accounts to bill them to
	}
	for j := range rapid.IntRange(0, 3).Draw(t, "subscriptions") {
		sku := rapid.SampledFrom(w.skus).Draw(t, "sku")
		currency := rapid.SampledFrom(readinessCurrencies).Draw(t, "currency")
		s := business()
		s.ConsoleID, s.ID, s.CustomerID, s.ExternalID = consoleID, fmt.Sprintf("u_%s_%d", c.ID, j), c.ID, ""
		s.SKUID, s.Group, s.Currency = sku.ID, sku.Group, currency
		s.Plan = rapid.SampledFrom(catalog.Plans).Draw(t, "plan")
		s.Moved = rapid.IntRange(0, 9).Draw(t, "moved") == 9
		s.State, s.SuspensionReason = rapid.SampledFrom([]customer.SubscriptionState{
			customer.SubActive, customer.SubTrial, customer.SubCancelled, customer.SubSuspended,
		}).Draw(t, "state"), ""
		if s.State == customer.SubSuspended {
			s.SuspensionReason = rapid.SampledFrom([]customer.SuspensionReason{
				customer.SuspendedByVendor, customer.SuspendedByReseller, customer.SuspendedTrialEnded,
			}).Draw(t, "reason")
		}
		entity := rapid.SampledFrom(readinessEntities).Draw(t, "entity")
		s.BillingAccountID = fmt.Sprintf("b_%s_%s_%s_%s", consoleID, entity, currency, sku.Group)
		w.subs = append(w.subs, s)
		w.orders = append(w.orders, customer.Order{
			ConsoleID: consoleID, ID: "o_" + s.ID, CustomerID: c.ID, SubscriptionID: s.ID, At: noon, By: customer.ByReseller,
			Action: customer.OrderSeatsChanged, SKUID: s.SKUID, Plan: s.Plan,
			State: rapid.SampledFrom([]customer.OrderState{
				customer.OrderFulfilled, customer.OrderCancelled, customer.OrderOpen,
			}).Draw(t, "order"),
		})
	}
}

func (w *readinessWorld) store(t *testing.T, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	update(t, db, func(tx *store.Tx) error {
		errs := []error{tx.InsertReseller(ctx, "r", "R", noon), tx.PutSKUs(ctx, w.skus)}
		for _, entity := range readinessEntities {
			errs = append(errs, tx.InsertLegalEntity(ctx, billing.LegalEntity{ID: entity, ResellerID: "r", Name: entity, Country: "JP"}, noon))
		}
		for i, c := range readinessConsoles {
			errs = append(errs, tx.InsertConsole(ctx, console.Console{
				ID: c, AccountID: console.NewAccountID([7]byte{byte(i)}), Name: c, ResellerID: "r", State: console.Active, CreatedAt: noon,
			}))
			_, err := tx.GrantSKUs(ctx, c, w.authorized[c], noon)
			errs = append(errs, err)
		}
		for _, g := range w.agreements {
			_, err := tx.SignAgreement(ctx, g.ResellerID, g.ID, "Tester", noon)
			errs = append(errs, err)
		}
		return errors.Join(append(errs, tx.InsertBillingAccounts(ctx, w.accounts), tx.InsertCustomers(ctx, w.customers),
			tx.InsertSubscriptions(ctx, w.subs), tx.InsertOrders(ctx, w.orders))...)
	})
}

// found is a naive reading of spec R1: what there is against each live customer of the source.
func (w *readinessWorld) found() map[string][]migration.Finding {
	all := map[string][]migration.Finding{}
	for _, c := range w.customers {
		if c.ConsoleID != "s" {
			continue
		}
		found := []migration.Finding{}
		add := func(code migration.Code) { found = append(found, migration.Finding{Code: code}) }
		for _, s := range w.subs {
			if s.CustomerID == c.ID && s.State != customer.SubCancelled && !s.Moved {
				for _, code := range w.against(s) {
					found = append(found, migration.Finding{Code: code, SKUID: s.SKUID, Currency: s.Currency, Group: s.Group})
				}
			}
		}
		if slices.ContainsFunc(w.orders, func(o customer.Order) bool { return o.CustomerID == c.ID && o.State == customer.OrderOpen }) {
			add(migration.OpenOrder)
		}
		if c.TOSAcceptedAt.IsZero() {
			add(migration.PendingTOS)
		}
		if slices.ContainsFunc(w.customers, func(o customer.Customer) bool { return o.ConsoleID == "m" && o.Domain == c.Domain }) {
			add(migration.AlreadyCustomerOfMain)
		}
		all[c.ID] = found
	}
	return all
}

func (w *readinessWorld) against(s customer.Subscription) (codes []migration.Code) {
	for _, sku := range w.skus {
		for _, b := range sku.Blocks {
			if sku.ID == s.SKUID && b.Plan == s.Plan {
				codes = append(codes, migration.Code(b.Code))
			}
		}
	}
	if len(codes) == 0 {
		if code := w.accountFor(s); code != "" {
			codes = append(codes, code)
		}
		if !slices.Contains(w.authorized["m"], s.SKUID) {
			codes = append(codes, migration.SKUNotAuthorized)
		}
	}
	if s.SuspensionReason == customer.SuspendedByVendor {
		codes = append(codes, migration.SuspendedByVendor)
	}
	return codes
}

func (w *readinessWorld) accountFor(s customer.Subscription) migration.Code {
	var states []billing.AccountState
	for _, a := range w.accounts {
		if a.ConsoleID != "m" || !a.Fits(s.Currency, s.Group) {
			continue
		}
		states = append(states, a.State)
		for _, g := range w.agreements {
			if g.ResellerID == "m" && g.ID == a.LegalEntityID && a.State == billing.AccountActive {
				return ""
			}
		}
	}
	switch {
	case slices.Contains(states, billing.AccountActive):
		return migration.AgreementNotSigned
	case slices.Contains(states, billing.AccountPending), slices.Contains(states, billing.AccountProbation):
		return migration.BillingAccountNotActive
	default:
		return migration.NoBillingAccountInCurrency
	}
}

// TestReadinessOfRandomWorlds compares the statement that knows spec R1, in all its uses, with the naive reading.
func TestReadinessOfRandomWorlds(t *testing.T) {
	storetest.EachRandom(t, 100, 40, func(t *testing.T, rt *rapid.T, db *store.DB) {
		w := drawWorld(rt)
		w.store(t, db)
		compareReadiness(t, rt, db, w.found())
	})
}

func compareReadiness(t *testing.T, rt *rapid.T, db *store.DB, want map[string][]migration.Finding) {
	t.Helper()
	ctx, ids := t.Context(), slices.Sorted(maps.Keys(want))
	wantBits, missing := map[string]int64{}, map[store.MissingAccount]map[string]bool{}
	for id, findings := range want {
		wantBits[id] = 0
		for _, f := range findings {
			wantBits[id] |= f.Code.Bit()
			if f.Code == migration.NoBillingAccountInCurrency || f.Code == migration.BillingAccountNotActive || f.Code == migration.AgreementNotSigned {
				key := store.MissingAccount{Currency: f.Currency, Group: f.Group}
				if missing[key] == nil {
					missing[key] = map[string]bool{}
				}
				missing[key][id] = true
			}
		}
	}
	update(t, db, func(tx *store.Tx) error {
		verdicts, err := tx.Verdicts(ctx, "s", "m", append(ids, "c_m0", "c_x0", "nobody"))
		if err != nil || !maps.Equal(verdicts, wantBits) {
			rt.Errorf("verdicts %v, want %v (%v)", verdicts, wantBits, err)
		}
		for after, more := "", true; more; more = after != "" {
			if after, err = tx.EvaluateAfter(ctx, "s", "m", after, 2, noon); err != nil {
				return err
			}
		}
		for _, id := range ids {
			rec, err := tx.Customer(ctx, "s", id)
			if err != nil || rec.Blockers != wantBits[id] || rec.EvaluatedAt != noon {
				rt.Errorf("%s: stored are %v, want %v (%v)", id, rec.Blockers, wantBits[id], err)
			}
			found, err := tx.Findings(ctx, "s", "m", id)
			if err != nil || !slices.Equal(sorted(found), slices.Compact(sorted(want[id]))) {
				rt.Errorf("%s: found %v, want %v (%v)", id, found, want[id], err)
			}
		}
		accounts, err := tx.MissingAccounts(ctx, "s", "m")
		if err != nil || len(accounts) != len(missing) {
			rt.Errorf("missing accounts %v, want %v (%v)", accounts, missing, err)
		}
		for _, m := range accounts {
			if who := missing[store.MissingAccount{Currency: m.Currency, Group: m.Group}]; int64(len(who)) != m.Customers {
				rt.Errorf("missing account %v, want one for %v", m, who)
			}
		}
		lacked, err := tx.LackedAccounts(ctx, "s", "m")
		if err != nil || !slices.Equal(lacked, accounts) {
			rt.Errorf("lacked are %v, missing %v (%v)", lacked, accounts, err)
		}
		for _, c := range []string{"m", "x"} { // what belongs to others is as it was
			for i := range 4 {
				if rec, err := tx.Customer(ctx, c, fmt.Sprintf("c_%s%d", c, i)); err == nil && !rec.EvaluatedAt.IsZero() {
					rt.Errorf("a customer of %s was evaluated: %+v", c, rec)
				}
			}
		}
		return nil
	})
}

// sorted sorts findings. Two subscriptions of one kind are one finding, which is for who compares to say.
func sorted(list []migration.Finding) []migration.Finding {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b migration.Finding) int {
		return slices.Compare([]string{string(a.Code), a.SKUID, string(a.Currency)}, []string{string(b.Code), b.SKUID, string(b.Currency)})
	})
	return list
}

// TestMissingAccountsAreCountedToALimit counts each customer once, whichever of its accounts it has in a currency, and no
// further than a page shows.
func TestMissingAccountsAreCountedToALimit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := apptest.New(t, db), t.Context()
		const usd = 7
		w.AddCustomers(w.B, store.CountLimit+usd+3, func(i int, _ *customer.Customer, s *customer.Subscription) {
			switch {
			case i < usd:
				s.Currency, s.BillingAccountID = "USD", apptest.Account(w.B, "USD", "le_1")
			case i%2 == 0:
				s.BillingAccountID = apptest.Account(w.B, "JPY", "le_2")
			}
		})
		w.Exec(`UPDATE billing_accounts SET state = 'CLOSED' WHERE console_id = '` + w.A.ID + `'`)
		w.Connect(w.A, w.B)
		w.Read(func(tx *store.Tx) error {
			got, err := tx.MissingAccounts(ctx, w.B.ID, w.A.ID)
			if want := []store.MissingAccount{
				{Currency: "JPY", Group: catalog.GoogleWorkspace, Customers: store.CountLimit},
				{Currency: "USD", Group: catalog.GoogleWorkspace, Customers: usd},
			}; !slices.Equal(got, want) {
				t.Errorf("missing are %v, want %v", got, want)
			}
			return err
		})
	})
}
