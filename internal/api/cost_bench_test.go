package api_test

import (
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/store"
	pscv1 "psc/proto/psc/v1"
)

// BenchmarkList reads a page of 50 customers of 2,000: the use case alone, and the same by gRPC.
func BenchmarkList(b *testing.B) {
	w := newWorld(b)
	w.AddCustomers(w.A, 2_000, nil)
	query := app.CustomerQuery{Page: app.Page{Limit: 50}}
	query.Order.Key = app.ByName
	b.Run("use case", func(b *testing.B) {
		for b.Loop() {
			if list, err := w.Customers(b.Context(), apptest.Admin(w.A), query); err != nil || len(list.Rows) != 50 {
				b.Fatal(len(list.Rows), err)
			}
		}
	})
	client, ctx := pscv1.NewCustomerServiceClient(w.conn), w.as("Console A")
	b.Run("API", func(b *testing.B) {
		for b.Loop() {
			list, err := client.ListCustomers(ctx, &pscv1.ListCustomersRequest{Parent: in(w.A, ""), PageSize: 50})
			if err != nil || len(list.GetCustomers()) != 50 {
				b.Fatal(len(list.GetCustomers()), err)
			}
		}
	})
}

// BenchmarkComplete completes 200 started customers, until the last has moved: by the use case alone, and by gRPC.
func BenchmarkComplete(b *testing.B) {
	choice := func(w *world) store.GroupChoice { return apptest.Choose(w.A, "JPY", "le_1", "le_1") }
	ways := []struct {
		name     string
		complete func(w *world, connection string) (run string, err error)
	}{
		{"use case", func(w *world, connection string) (string, error) {
			op, err := w.CompleteMigrations(w.T.Context(), apptest.Admin(w.A), app.Completion{
				ConnectionID: connection, Scope: store.Scope{All: true}, Choices: store.Choices{Groups: []store.GroupChoice{choice(w)}},
			})
			return op.ID, err
		}},
		{"API", func(w *world, connection string) (string, error) {
			g := choice(w)
			op, err := pscv1.NewMigrationServiceClient(w.conn).BatchCompleteMigrations(w.as("Console A"), &pscv1.BatchCompleteMigrationsRequest{
				Parent: in(w.A, "/connections/"+connection), Scope: &pscv1.Scope{All: true},
				Choices: &pscv1.AccountChoices{Groups: []*pscv1.AccountChoice{{
					CurrencyCode: string(g.Currency), ProductGroup: string(g.Group), LegalEntityId: g.LegalEntityID, BillingAccountId: g.AccountID,
				}}},
			})
			return op.GetId(), err
		}},
	}
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				w := newWorld(b)
				w.AddCustomers(w.B, 200, nil)
				c := w.Connect(w.A, w.B)
				_, err := w.StartMigrations(b.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
				w.Must(err)
				b.StartTimer()
				run, err := way.complete(w, c.ID)
				w.Must(err)
				if op := w.Finish(store.Operation{ConsoleID: w.A.ID, ID: run}); op.Done != 200 {
					b.Fatalf("%+v", op)
				}
			}
		})
	}
}
