package store_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"psc/internal/apptest"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// grows are the tables that grow with the customers of a console.
const grows = `(audit_events|customers|subscriptions|migrations|migration_subscriptions|segments|lots|charges|orders)`

// walks and sorts are the steps with which the time of one page, or of one look each minute, grows with everything there is.
// SQLite sorts the limited parts of a page, which is little.
var (
	walks = map[string]*regexp.Regexp{
		"sqlite":   regexp.MustCompile(`SCAN ` + grows + `\b|SCAN [a-z]\b.* INDEX ` + grows),
		"postgres": regexp.MustCompile(`Seq Scan on ` + grows),
	}
	sorts = map[string]*regexp.Regexp{
		"sqlite":   regexp.MustCompile(`SEARCH .*\nUSE TEMP B-TREE FOR ORDER BY`),
		"postgres": regexp.MustCompile(`Sort  \(`),
	}
)

// TestPagesFindTheirRows holds how the lists and the looks of every minute find their rows among many on both engines: by
// an index that knows what is asked for and has it in the order of the list. Each case names that index.
func TestPagesFindTheirRows(t *testing.T) {
	t.Parallel()
	const many, today = 2_000, civil.Date(20_500)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := apptest.New(t, db)
		ctx := t.Context()
		w.AddCustomers(w.B, many, func(i int, cust *customer.Customer, sub *customer.Subscription) {
			if i%200 == 0 {
				cust.TOSAcceptedAt = time.Time{}
			}
			sub.TermEnd = today + civil.Date(i)
			if i%1000 == 0 {
				sub.State, sub.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
			}
		})
		c := w.Connect(w.A, w.B)
		insertMigrations(t, w, c.ID)
		insertEvents(w)
		w.Must(db.Analyze(ctx))
		planned, plans := storetest.Planned(db)
		filter := func(s ...migration.State) store.MigrationFilter {
			return store.MigrationFilter{ConnectionID: c.ID, SourceID: w.B.ID, States: s}
		}
		customersBy := func(key store.CustomerKey) func(tx *store.Tx) (any, error) {
			return func(tx *store.Tx) (any, error) {
				return tx.CustomersPage(ctx, w.B.ID, store.CustomerFilter{State: customer.Live}, store.CustomerOrder{Key: key, Down: true},
					store.Page{After: store.Cursor{SortName: "9", ID: "cus_000100"}, Limit: 20})
			}
		}
		second := store.Page{After: store.Cursor{SortName: "customer 000100", ID: "m100"}, Limit: 20}
		before := store.Page{Before: store.Cursor{SortName: "customer 000100", ID: "m100"}, Limit: 20}
		for _, look := range []struct {
			name, index string // of (few) the rows may be sorted
			call        func(tx *store.Tx) (any, error)
		}{
			{"migrations of a state", "migrations_list", func(tx *store.Tx) (any, error) {
				return tx.Migrations(ctx, w.A.ID, filter(migration.Completed), second)
			}},
			{"migrations of a state, backwards", "migrations_list", func(tx *store.Tx) (any, error) {
				return tx.Migrations(ctx, w.A.ID, filter(migration.Completed), before)
			}},
			{"migrations of two states", "migrations_list", func(tx *store.Tx) (any, error) {
				return tx.Migrations(ctx, w.B.ID, filter(migration.Completed, migration.Cancelled), second)
			}},
			{"migrations of two states, backwards", "migrations_list", func(tx *store.Tx) (any, error) {
				return tx.Migrations(ctx, w.B.ID, filter(migration.Completed, migration.Cancelled), before)
			}},
			{"missing accounts (few)", "subscriptions_", func(tx *store.Tx) (any, error) {
				return tx.MissingAccounts(ctx, w.B.ID, w.C.ID)
			}},
			{"number of migrations", "migrations_", func(tx *store.Tx) (any, error) {
				return tx.CountMigrations(ctx, w.B.ID, filter(migration.Started, migration.Scheduled))
			}},
			{"number that came back", "migrations_returned", func(tx *store.Tx) (any, error) {
				return tx.CountReturned(ctx, w.A.ID, w.B.ID, c.ID)
			}},
			{"customers of migrations", "migrations_list", func(tx *store.Tx) (any, error) {
				ids, _, err := tx.StartedCustomers(ctx, c, store.Scope{All: true}, []migration.State{migration.Completed}, second.After, 20)
				return ids, err
			}},
			{"ready", "customers_ready", func(tx *store.Tx) (any, error) {
				return tx.Candidates(ctx, w.B.ID, store.CandidateFilter{Ready: true}, second)
			}},
			{"not ready", "customers_not_ready", func(tx *store.Tx) (any, error) {
				return tx.Candidates(ctx, w.B.ID, store.CandidateFilter{}, second)
			}},
			{"not ready for a reason", "customers_not_ready", func(tx *store.Tx) (any, error) {
				return tx.Candidates(ctx, w.B.ID, store.CandidateFilter{Blocker: migration.PendingTOS}, second)
			}},
			{"number of not ready", "customers_not_ready", func(tx *store.Tx) (any, error) {
				return tx.CountCandidates(ctx, w.B.ID, store.CandidateFilter{})
			}},
			{"number that may become ready", "customers_not_ready", func(tx *store.Tx) (any, error) {
				return tx.CountCandidates(ctx, w.B.ID, store.CandidateFilter{Curable: true})
			}},
			{"customers by name", "customers_list", customersBy(store.ByName)},
			{"customers by domain", "customers_by_domain", customersBy(store.ByDomain)},
			{"customers by creation", "customers_by_created", customersBy(store.ByCreated)},
			{"customers by renewal", "customers_by_renewal", customersBy(store.ByRenewal)},
			{"customers by seats", "customers_by_seats", customersBy(store.BySeats)},
			{"consoles with due terms (few)", "subscriptions_due", func(tx *store.Tx) (any, error) {
				return tx.ConsolesWithDueTerms(ctx, today+3)
			}},
			{"suspended by the vendor (few)", "subscriptions_vendor_suspended", func(tx *store.Tx) (any, error) {
				return tx.VendorSuspended(ctx, w.B.ID, 50)
			}},
			{"events about something", "audit_events_topic", func(tx *store.Tx) (any, error) {
				return tx.Events(ctx, w.B.ID, store.EventFilter{Topic: "topic2"}, 20)
			}},
			{"events of a person", "audit_events_person", func(tx *store.Tx) (any, error) {
				return tx.Events(ctx, w.B.ID, store.EventFilter{PersonID: "per_2"}, 20)
			}},
			{"events of customers (few)", "audit_events_customer", func(tx *store.Tx) (any, error) {
				return tx.Events(ctx, w.B.ID, store.EventFilter{OfCustomers: true, CustomerIDs: []string{"cus_2"}}, 20)
			}},
			{"events of what was done to customers in bulk (few)", "audit_events_", func(tx *store.Tx) (any, error) {
				return tx.Events(ctx, w.B.ID, store.EventFilter{OfCustomers: true, CustomerIDs: []string{"cus_2"}, Marks: []string{"op_1", "evt_1"}}, 20)
			}},
			{"marks of customers (few)", "migrations_customer", func(tx *store.Tx) (any, error) {
				return tx.CustomerMarks(ctx, w.A.ID, []string{"cus_2"})
			}},
			{"marks of customers in all consoles", "migrations_customer", func(tx *store.Tx) (any, error) {
				return tx.MarksOfCustomers(ctx, []string{"cus_2"})
			}},
			{"due terms", "subscriptions_due", func(tx *store.Tx) (any, error) {
				return tx.DueTerms(ctx, w.B.ID, today+3, store.DueCursor{}, 50)
			}},
		} {
			for _, p := range plans.Of(t, func() error {
				return planned.View(ctx, func(tx *store.Tx) error { _, err := look.call(tx); return err })
			}) {
				sorted := sorts[plans.Name()].MatchString(p.Steps) && !strings.HasSuffix(look.name, "(few)")
				if walks[plans.Name()].MatchString(p.Steps) || sorted || !strings.Contains(p.Steps, look.index) {
					t.Errorf("%s: %s\n%s", look.name, p.SQL, p.Steps)
				}
			}
		}
	})
}

// insertMigrations gives each customer of B a migration that is over.
func insertMigrations(t *testing.T, w *apptest.World, connectionID string) {
	t.Helper()
	w.Update(func(tx *store.Tx) error {
		_, err := store.ConnOf(tx).Exec(t.Context(), `INSERT INTO migrations (console_id, id, connection_id, to_console_id, customer_id,
				customer_name, sort_name, search_text, domain, kind, state, started_at, started_by, ended_at, billing_date)
			SELECT console_id, 'm' || id, $2, $3, id, name, sort_name, search_text, domain, 'MOVE',
				CASE WHEN id LIKE '%7' THEN 'CANCELLED' ELSE 'COMPLETED' END, CAST($4 AS bigint), '', CAST($4 AS bigint), 1
			FROM customers WHERE console_id = $1`, w.B.ID, connectionID, w.A.ID, apptest.Start.UnixMicro())
		return err
	})
}

// insertEvents gives B a long trail.
func insertEvents(w *apptest.World) {
	w.Update(func(tx *store.Tx) error {
		for i := range 2_000 {
			n := strconv.Itoa(i % 4)
			if err := tx.InsertEvent(w.T.Context(), store.Event{
				ConsoleID: w.B.ID, ID: w.IDs.New("evt", apptest.Start), At: apptest.Start, Side: store.SideOwn, Action: "topic" + n + ".x",
				PersonID: "per_" + n, PersonName: "X", CustomerID: "cus_" + strconv.Itoa(i%500),
			}); err != nil {
				return err
			}
		}
		return nil
	})
}
