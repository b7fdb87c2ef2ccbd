package demo_test

import (
	"maps"
	"slices"
	"testing"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/demo"
	"psc/internal/migration"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// judge is a naive reading of spec R1: it asks every question of every customer of a source.
type judge struct {
	world  demo.World
	mainID string
}

func (j judge) account(s customer.Subscription) migration.Code {
	code := migration.NoBillingAccountInCurrency
	for _, a := range j.world.Accounts {
		switch {
		case a.ConsoleID != j.mainID || !a.Fits(s.Currency, s.Group) || a.State == billing.AccountClosed:
		case a.Usable():
			return ""
		case a.State == billing.AccountActive:
			code = migration.AgreementNotSigned
		case code == migration.NoBillingAccountInCurrency:
			code = migration.BillingAccountNotActive
		}
	}
	return code
}

func (j judge) subscription(s customer.Subscription, blocks map[string][]catalog.Block, sells map[string]bool) []migration.Code {
	if s.State == customer.SubCancelled {
		return nil
	}
	var codes []migration.Code
	for _, b := range blocks[s.SKUID] {
		if b.Plan == s.Plan {
			codes = append(codes, migration.Code(b.Code))
		}
	}
	if len(codes) == 0 { // what can never move asks for no account
		if code := j.account(s); code != "" {
			codes = append(codes, code)
		}
		if !sells[s.SKUID] {
			codes = append(codes, migration.SKUNotAuthorized)
		}
	}
	if s.SuspensionReason == customer.SuspendedByVendor {
		codes = append(codes, migration.SuspendedByVendor)
	}
	return codes
}

func (j judge) reasons(sourceID string) map[string]map[migration.Code]bool {
	found := map[string]map[migration.Code]bool{}
	blocks, sells, domains := map[string][]catalog.Block{}, map[string]bool{}, map[string]bool{}
	for _, s := range j.world.SKUs {
		blocks[s.ID] = s.Blocks
	}
	for _, a := range j.world.Authorizations {
		if a.ConsoleID == j.mainID {
			sells[a.SKUID] = true
		}
	}
	for _, c := range j.world.Customers {
		if c.ConsoleID == j.mainID {
			domains[c.Domain] = true
		}
	}
	for _, c := range j.world.Customers {
		if c.ConsoleID != sourceID {
			continue
		}
		found[c.ID] = make(map[migration.Code]bool)
		if c.TOSAcceptedAt.IsZero() {
			found[c.ID][migration.PendingTOS] = true
		}
		if domains[c.Domain] {
			found[c.ID][migration.AlreadyCustomerOfMain] = true
		}
	}
	for _, s := range j.world.Subscriptions {
		if s.ConsoleID == sourceID {
			for _, code := range j.subscription(s, blocks, sells) {
				found[s.CustomerID][code] = true
			}
		}
	}
	for _, o := range j.world.Orders {
		if o.ConsoleID == sourceID && o.State == customer.OrderOpen {
			found[o.CustomerID][migration.OpenOrder] = true
		}
	}
	return found
}

// TestReadinessInTheDatabase holds the store's one statement about readiness to the naive reading, for every customer
// of every console against every other.
func TestReadinessInTheDatabase(t *testing.T) {
	w := build(t, 1, demo.Default)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db, w)
		for _, main := range w.Consoles {
			for _, source := range w.Consoles {
				if main.ID != source.ID {
					compareVerdicts(t, db, source, main, judge{w, main.ID}.reasons(source.ID))
				}
			}
		}
	})
}

func compareVerdicts(t *testing.T, db *store.DB, source, main console.Console, want map[string]map[migration.Code]bool) {
	t.Helper()
	var verdicts map[string]int64
	if err := db.View(t.Context(), func(tx *store.Tx) (err error) {
		verdicts, err = tx.Verdicts(t.Context(), source.ID, main.ID, slices.Collect(maps.Keys(want)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(verdicts) != len(want) {
		t.Errorf("%d verdicts on %d customers of %s", len(verdicts), len(want), source.Name)
	}
	for id, codes := range want {
		bits := int64(0)
		for code := range codes {
			bits |= code.Bit()
		}
		if verdicts[id] != bits {
			t.Errorf("%s of %s against %s: %v, want %v", id, source.Name, main.Name, migration.CodesOf(verdicts[id]), migration.CodesOf(bits))
		}
	}
}

func TestReadinessOfSeattleAgainstTokyo(t *testing.T) {
	for _, c := range []struct {
		name      string
		seed      uint64
		sizes     demo.Sizes
		wantReady int
	}{
		{"default", 1, demo.Default, 300},
		{"another seed", 99, demo.Default, 300},
		{"the fewest", 1, demo.SizesFor(0), 10},
		{"many", 1, demo.SizesFor(8000), 1500},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := build(t, c.seed, c.sizes)
			found := judge{w, w.Consoles[0].ID}.reasons(w.Consoles[1].ID)
			count, ready, several := make(map[migration.Code]int), 0, 0
			for _, codes := range found {
				if len(codes) == 0 {
					ready++
				}
				if len(codes) > 1 {
					several++
				}
				for code := range codes {
					count[code]++
				}
			}
			t.Logf("%d of %d ready; %v", ready, len(found), count)
			if ready < c.wantReady {
				t.Errorf("%d are ready, want %d at least", ready, c.wantReady)
			}
			if several == 0 {
				t.Error("nobody has several reasons")
			}
			for _, code := range migration.Codes() {
				if count[code] == 0 {
					t.Errorf("nobody has %s", code)
				}
			}
		})
	}
}

func TestBillingAccountsOfTokyo(t *testing.T) {
	w := build(t, 1, demo.Default)
	active := map[string]map[string]bool{}
	for _, a := range w.Accounts {
		if a.ConsoleID != w.Consoles[0].ID {
			continue
		}
		switch {
		case a.Currency == "EUR":
			t.Errorf("Tokyo has the EUR account %s", a.Name)
		case a.Currency == "GBP" && a.State != billing.AccountPending:
			t.Errorf("the GBP account is %s, want PENDING", a.State)
		case a.Group == catalog.GoogleWorkspace && a.Usable():
			if active[string(a.Currency)] == nil {
				active[string(a.Currency)] = map[string]bool{}
			}
			active[string(a.Currency)][a.LegalEntityID] = true
		}
	}
	for currency, want := range map[string]int{"JPY": 2, "USD": 2, "SGD": 0} {
		if len(active[currency]) != want {
			t.Errorf("usable %s accounts of %d legal entities, want %d", currency, len(active[currency]), want)
		}
	}
}
