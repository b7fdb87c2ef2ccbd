// Unify moves every customer that is ready from one console to another, with the generated client of psc.v1. It can be run
// again at any time and goes on where it was: first it connects the consoles, and seven days later it moves the customers.
//
//	go run ./examples/unify -addr localhost:8080 -main C2... -main-token psc_... -source C3... -source-token psc_...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	psc "psc/proto/psc/v1"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where the product listens")
	var main, source side
	flag.StringVar(&main.account, "main", "", "account ID of the console that takes the customers")
	flag.StringVar(&main.token, "main-token", "", "a token of it")
	flag.StringVar(&source.account, "source", "", "account ID of the console that gives them")
	flag.StringVar(&source.token, "source-token", "", "a token of it")
	flag.Parse()
	if err := unify(context.Background(), *addr, main, source, os.Stdout); err != nil {
		slog.New(slog.NewTextHandler(os.Stderr, nil)).Error("not unified", "error", err)
		os.Exit(1)
	}
}

// side is one of the two consoles.
type side struct{ account, token string }

func (s side) name(rest string) string { return "consoles/" + s.account + rest }

func (s side) call(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+s.token)
}

func unify(ctx context.Context, addr string, main, source side, out io.Writer) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	c, err := connect(ctx, conn, main, source)
	if err != nil || c.GetWaiting() {
		_, said := fmt.Fprintf(out, "connected; migrations may start at %s\n", c.GetMayStartTime().AsTime())
		return errors.Join(err, said, conn.Close())
	}
	return errors.Join(move(ctx, conn, main, source, c.GetId(), out), conn.Close())
}

// connect returns the connection of the two, which it makes if there is none.
func connect(ctx context.Context, conn *grpc.ClientConn, main, source side) (*psc.Connection, error) {
	client := psc.NewConnectionServiceClient(conn)
	list, err := client.ListConnections(main.call(ctx), &psc.ListConnectionsRequest{Parent: main.name("")})
	if err != nil {
		return nil, err
	}
	for _, c := range list.GetConnections() {
		if c.GetAccountId() == source.account && c.GetState() == psc.Connection_STATE_CONNECTED {
			return c, nil
		}
	}
	c, err := client.CreateConnection(main.call(ctx), &psc.CreateConnectionRequest{
		Parent: main.name(""), Connection: &psc.Connection{AccountId: source.account}, RequestId: "invite-" + source.account,
	})
	if err != nil {
		return nil, err
	}
	return client.AcceptConnection(source.call(ctx), &psc.AcceptConnectionRequest{Name: source.name("/connections/" + c.GetId())})
}

// move starts everybody who is ready at the source, completes them at the main with the suggested accounts, and reports.
func move(ctx context.Context, conn *grpc.ClientConn, main, source side, connection string, out io.Writer) error {
	client, all := psc.NewMigrationServiceClient(conn), &psc.Scope{All: true}
	ofMain, ofSource := main.name("/connections/"+connection), source.name("/connections/"+connection)
	if _, err := client.BatchStartMigrations(source.call(ctx), &psc.BatchStartMigrationsRequest{Parent: ofSource, Scope: all}); err != nil {
		return err
	}
	accounts, err := client.SuggestAccounts(main.call(ctx), &psc.SuggestAccountsRequest{Parent: ofMain, Scope: all})
	if err != nil {
		return err
	}
	run, err := client.BatchCompleteMigrations(main.call(ctx), &psc.BatchCompleteMigrationsRequest{
		Parent: ofMain, Scope: all, Choices: accounts.GetChoices(), EntityToken: accounts.GetEntityToken(),
	})
	for err == nil && !run.GetDone() {
		run, err = psc.NewOperationServiceClient(conn).WaitOperation(main.call(ctx), &psc.WaitOperationRequest{Name: run.GetName()})
	}
	if err != nil {
		return err
	}
	report, err := client.GetMigrationReport(main.call(ctx), &psc.GetMigrationReportRequest{Name: ofMain + "/reports/" + run.GetId()})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "moved %d of %d customers; the books fit: %t\n", report.GetCustomers(), run.GetTotalCount(), report.GetFits())
	return err
}
