package api_test

import (
	"net/http"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/store"
	pscv1 "psc/proto/psc/v1"
)

// TestUnifyByGRPC connects two consoles and moves customers, start to report, with nothing but the API.
func TestUnifyByGRPC(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.AddCustomers(w.B, 12, func(i int, c *customer.Customer, _ *customer.Subscription) {
		if i == 11 {
			c.TOSAcceptedAt = time.Time{}
		}
	})
	main, source := w.as("Console A"), w.as("Console B")
	connections, migrations := pscv1.NewConnectionServiceClient(w.conn), pscv1.NewMigrationServiceClient(w.conn)

	invited, err := connections.CreateConnection(main, &pscv1.CreateConnectionRequest{
		Parent: in(w.A, ""), Connection: &pscv1.Connection{AccountId: string(w.B.AccountID)},
	})
	w.Must(err)
	if invited.GetState() != pscv1.Connection_STATE_INVITED || invited.GetDisplayName() != "" {
		t.Errorf("invited: %v", invited)
	}
	ofSource, ofMain := in(w.B, "/connections/"+invited.GetId()), invited.GetName()
	accepted, err := connections.AcceptConnection(source, &pscv1.AcceptConnectionRequest{Name: ofSource})
	w.Must(err)
	if accepted.GetSide() != pscv1.Connection_SIDE_SOURCE || !accepted.GetWaiting() {
		t.Errorf("accepted: %v", accepted)
	}
	w.RunJobs(app.EvaluateJob{}.Kind())
	w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.Waiting)

	ready, err := migrations.ListMigrations(source, &pscv1.ListMigrationsRequest{Parent: ofSource, Filter: "state = READY", PageSize: 5})
	w.Must(err)
	if len(ready.GetMigrations()) != 5 || ready.GetNextPageToken() == "" || ready.GetCounts()["NOT_READY"] != 1 {
		t.Errorf("ready: %v", ready)
	}
	started, err := migrations.BatchStartMigrations(source, &pscv1.BatchStartMigrationsRequest{Parent: ofSource, Scope: &pscv1.Scope{Ids: ids}})
	w.Must(err)
	if started.GetStartedCount() != 11 || len(started.GetNotStarted()) != 1 || started.GetNotStarted()[0].GetReasons()[0] != "PENDING_TOS" {
		t.Errorf("started: %v", started)
	}

	everybody := &pscv1.Scope{All: true}
	suggested, err := migrations.SuggestAccounts(main, &pscv1.SuggestAccountsRequest{Parent: ofMain, Scope: everybody})
	w.Must(err)
	if suggested.GetMissing() != 0 || suggested.GetCustomers() != 11 || suggested.GetEntityChanges() != 0 {
		t.Errorf("suggested: %v", suggested)
	}
	run, err := migrations.BatchCompleteMigrations(main, &pscv1.BatchCompleteMigrationsRequest{
		Parent: ofMain, Scope: everybody, Choices: suggested.GetChoices(), EntityToken: suggested.GetEntityToken(),
	})
	w.Must(err)
	w.Finish(store.Operation{ConsoleID: w.A.ID, ID: run.GetId()})
	done, err := pscv1.NewOperationServiceClient(w.conn).WaitOperation(source, &pscv1.WaitOperationRequest{Name: in(w.B, "/operations/"+run.GetId())})
	w.Must(err)
	if !done.GetDone() || done.GetDoneCount() != 11 {
		t.Errorf("done: %v", done)
	}
	report, err := migrations.GetMigrationReport(main, &pscv1.GetMigrationReportRequest{Name: ofMain + "/reports/" + run.GetId()})
	w.Must(err)
	if !report.GetFits() || report.GetCustomers() != 11 || len(report.GetRows()) != 11 {
		t.Errorf("report: %v", report)
	}
	moved, err := pscv1.NewCustomerServiceClient(w.conn).GetCustomer(main, &pscv1.GetCustomerRequest{Name: in(w.A, "/customers/"+ids[0])})
	w.Must(err)
	if moved.GetState() != pscv1.Customer_STATE_LIVE {
		t.Errorf("at the main: %v", moved)
	}
}

// TestAScopeThatSaysNothingIsNobody: forgetting whom one means must not mean everybody.
func TestAScopeThatSaysNothingIsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddCustomers(w.B, 1, nil)
	c := w.Connect(w.A, w.B)
	for _, body := range []string{`{}`, `{"scope":{}}`, `{"scope":{"search":"x"}}`, `{"scope":{"all":true,"ids":["x"]}}`} {
		code, got := w.rest("Console B", http.MethodPost, "/v1/"+in(w.B, "/connections/"+c.ID)+"/migrations:batchStart", body)
		if code != http.StatusBadRequest || reasonOf(got) != "API_SCOPE" {
			t.Errorf("%s: %d %v", body, code, got)
		}
	}
	_, err := pscv1.NewMigrationServiceClient(w.conn).BatchStartMigrations(w.as("VIEWER Console B"), &pscv1.BatchStartMigrationsRequest{
		Parent: in(w.B, "/connections/"+c.ID), Scope: &pscv1.Scope{All: true},
	})
	if status.Code(err) != codes.PermissionDenied {
		t.Errorf("a viewer starts: %v", err)
	}
}
