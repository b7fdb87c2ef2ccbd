package channelv1_test

import (
	"strings"
	"testing"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/api/option"
	"google.golang.org/api/reseller/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"psc/internal/api"
	"psc/internal/api/apitest"
	"psc/internal/api/channelv1"
	"psc/internal/api/resellerv1"
	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/store"
	pscv1 "psc/proto/psc/v1"
)

// seen is a customer's subscription as a client of a console sees it.
type seen struct {
	domain, subscription string
	seats                int64
}

// TestEveryClientSeesOneTruth unifies two consoles by psc.v1, while Google's clients of both APIs look on at both: before, while it
// waits and after it each subscription stands with the same seats in the same console for all of them, and in one of the two.
func TestEveryClientSeesOneTruth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddCustomers(w.B, 12, nil)
	_, w.url = apitest.Serve(w.World, api.Config{Parts: []api.Part{channelv1.Part(w.App), resellerv1.Part(w.App, apitest.Base())}})
	conn, err := grpc.NewClient(strings.TrimPrefix(w.url, "http://"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	w.Must(err)
	t.Cleanup(func() { _ = conn.Close() })

	main, source := w.own(conn, w.A), w.own(conn, w.B)
	invited, err := main.connections.CreateConnection(t.Context(), &pscv1.CreateConnectionRequest{
		Parent: "consoles/" + string(w.A.AccountID), Connection: &pscv1.Connection{AccountId: string(w.B.AccountID)},
	}, main.token)
	w.Must(err)
	ofSource := "consoles/" + string(w.B.AccountID) + "/connections/" + invited.GetId()
	_, err = source.connections.AcceptConnection(t.Context(), &pscv1.AcceptConnectionRequest{Name: ofSource}, source.token)
	w.Must(err)
	w.RunJobs(app.EvaluateJob{}.Kind())
	w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.Waiting)
	before := w.sameForAll(t, w.B, source, 12)
	w.sameForAll(t, w.A, main, 0)

	started, err := source.migrations.BatchStartMigrations(t.Context(), &pscv1.BatchStartMigrationsRequest{Parent: ofSource, Scope: &pscv1.Scope{All: true}}, source.token)
	w.Must(err)
	if started.GetStartedCount() != 12 {
		t.Fatalf("%v", started)
	}
	w.sameForAll(t, w.B, source, 12)
	everybody := &pscv1.Scope{All: true}
	suggested, err := main.migrations.SuggestAccounts(t.Context(), &pscv1.SuggestAccountsRequest{Parent: invited.GetName(), Scope: everybody}, main.token)
	w.Must(err)
	run, err := main.migrations.BatchCompleteMigrations(t.Context(), &pscv1.BatchCompleteMigrationsRequest{
		Parent: invited.GetName(), Scope: everybody, Choices: suggested.GetChoices(), EntityToken: suggested.GetEntityToken(),
	}, main.token)
	w.Must(err)
	w.Finish(store.Operation{ConsoleID: w.A.ID, ID: run.GetId()})

	after := w.sameForAll(t, w.A, main, 12)
	w.sameForAll(t, w.B, source, 0)
	for s := range before {
		if !after[s] {
			t.Errorf("%+v is not what it was", s)
		}
	}
	w.CheckInvariants()
}

// owns are the clients of psc.v1 of a console.
type owns struct {
	connections   pscv1.ConnectionServiceClient
	migrations    pscv1.MigrationServiceClient
	customers     pscv1.CustomerServiceClient
	subscriptions pscv1.SubscriptionServiceClient
	token         grpc.CallOption
}

func (w *world) own(conn *grpc.ClientConn, c console.Console) owns {
	return owns{
		pscv1.NewConnectionServiceClient(conn), pscv1.NewMigrationServiceClient(conn), pscv1.NewCustomerServiceClient(conn),
		pscv1.NewSubscriptionServiceClient(conn), grpc.PerRPCCredentials(bearer(c.Name)),
	}
}

// sameForAll returns the live subscriptions of a console, and fails unless every client sees the same ones, want of them.
func (w *world) sameForAll(t *testing.T, c console.Console, own owns, want int) map[seen]bool {
	t.Helper()
	list := map[seen]bool{}
	page, err := own.customers.ListCustomers(t.Context(), &pscv1.ListCustomersRequest{
		Parent: "consoles/" + string(c.AccountID), Filter: "state = LIVE", PageSize: 200,
	}, own.token)
	w.Must(err)
	for _, customer := range page.GetCustomers() {
		subs, err := own.subscriptions.ListSubscriptions(t.Context(), &pscv1.ListSubscriptionsRequest{Parent: customer.GetName()}, own.token)
		w.Must(err)
		for _, s := range subs.GetSubscriptions() {
			list[seen{customer.GetDomain(), s.GetId(), s.GetNumUnits()}] = true
		}
	}
	if len(list) != want {
		t.Errorf("psc.v1: %d subscriptions in %s", len(list), c.Name)
	}
	same := func(client string, others map[seen]bool) {
		if len(others) != len(list) {
			t.Errorf("%s: %d subscriptions in %s, not %d", client, len(others), c.Name, len(list))
		}
		for s := range others {
			if !list[s] {
				t.Errorf("%s: %+v in %s", client, s, c.Name)
			}
		}
	}
	channel, others := w.client(c.Name), map[seen]bool{}
	for _, customer := range all(t, channel.ListCustomers(t.Context(), &channelpb.ListCustomersRequest{Parent: account(c)}).Next) {
		for _, e := range all(t, channel.ListEntitlements(t.Context(), &channelpb.ListEntitlementsRequest{Parent: customer.GetName()}).Next) {
			for _, p := range e.GetParameters() {
				if p.GetName() == "num_units" {
					others[seen{customer.GetDomain(), e.GetName()[strings.LastIndex(e.GetName(), "/")+1:], p.GetValue().GetInt64Value()}] = true
				}
			}
		}
	}
	same("Cloud Channel", others)
	old, err := reseller.NewService(t.Context(), option.WithEndpoint(w.url), option.WithHTTPClient(signedIn(c.Name)))
	w.Must(err)
	subs, err := old.Subscriptions.List().MaxResults(100).Do()
	w.Must(err)
	others = map[seen]bool{}
	for _, s := range subs.Subscriptions {
		others[seen{s.CustomerDomain, s.SubscriptionId, max(s.Seats.NumberOfSeats, s.Seats.MaximumNumberOfSeats)}] = true
	}
	same("Reseller", others)
	return list
}
