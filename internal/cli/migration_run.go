package cli

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/migration"
	"psc/internal/reportcsv"
)

type runJSON struct {
	ID           string             `json:"id"`
	ConnectionID string             `json:"connection_id"`
	State        app.OperationState `json:"state"`
	Total        int64              `json:"total"`
	Done         int64              `json:"done"`
	Returned     int64              `json:"returned"`
	StartedAt    time.Time          `json:"started_at"`
	EndedAt      time.Time          `json:"ended_at,omitzero"`
	FirstDate    string             `json:"first_billing_date,omitempty"`
	LastDate     string             `json:"last_billing_date,omitempty"`
}

func newRunJSON(op app.Operation) runJSON {
	return runJSON{
		op.ID, op.ConnectionID, op.State, op.Total, op.Done, op.Returned, op.StartedAt, op.EndedAt,
		isoDate(op.FirstBillingDate), isoDate(op.LastBillingDate),
	}
}

type runReportJSON struct {
	runJSON

	Cancelled int64        `json:"cancelled"`
	Returns   []returnJSON `json:"returns"`
}

type returnJSON struct {
	MigrationID  string    `json:"migration_id"`
	CustomerID   string    `json:"customer_id"`
	CustomerName string    `json:"customer_name"`
	Domain       string    `json:"domain"`
	Reason       string    `json:"reason"`
	At           time.Time `json:"at"`
}

func showRun(t *Terminal) *cobra.Command {
	var id string
	var wait, file, bom bool
	cmd := t.verb("migration", "report RUN_ID [FILE]", inConsole, cobra.RangeArgs(1, 2), func(ctx context.Context, s *session, args []string) (err error) {
		if id, err = s.connectionOf(ctx, id); err != nil {
			return err
		}
		switch {
		case wait:
			return s.await(ctx, id, args[0])
		case file || len(args) > 1:
			report, rows, err := s.AllReported(ctx, s.actor, id, args[0])
			if err != nil {
				return err
			}
			return s.export(args[1:], func(w io.Writer) error { return reportcsv.Write(w, report, rows, bom) })
		default:
			return s.reconcile(ctx, id, args[0])
		}
	})
	t.connectionFlag(cmd, &id)
	t.yes(cmd, &wait, "wait")
	t.yes(cmd, &file, "csv")
	t.yes(cmd, &bom, "bom")
	return cmd
}

func newRunReportJSON(run app.Run) runReportJSON {
	return runReportJSON{newRunJSON(run.Operation), run.Cancelled, collected(run.Returns, newReturnJSON)}
}

func newReturnJSON(r app.OperationReturn) returnJSON { return returnJSON(r) }

func (s *session) report(run app.Run) error {
	tab := table{columns: []string{"migration_id", "customer_id", "name", "domain", "reasons"}}
	for _, r := range run.Returns {
		tab.add(r.MigrationID, r.CustomerID, r.CustomerName, r.Domain, s.reasons(migration.Code(r.Reason)))
	}
	if s.JSON || s.Quiet {
		return s.Result(newRunReportJSON(run), run.ID, "")
	}
	s.record(
		"ident", run.ID, "state", word(s.Terminal, "run_state", run.State), "total", s.Say.Num(run.Total), "migrated", s.Say.Num(run.Done),
		"returned", s.Say.Num(run.Returned), "cancelled", s.Say.Num(run.Cancelled), "started", s.when(run.StartedAt),
		"ended", s.when(run.EndedAt), "first_date", s.date(run.FirstBillingDate), "last_date", s.date(run.LastBillingDate),
	)
	if len(tab.rows) > 0 {
		s.lines(tab)
	}
	return nil
}

// How often a waiting command looks at a run, and after how many looks without progress it says what may be missing.
const (
	lookEvery    = 300 * time.Millisecond
	looksInDoubt = 50
)

// await tells the progress of a run on the error stream until it has ended or is paused, then reports it. The run itself
// is the work of psc serve or psc work: the command may be stopped.
func (s *session) await(ctx context.Context, connectionID, id string) error {
	told, still := int64(-1), 0
	for {
		run, err := s.MigrationRun(ctx, s.actor, connectionID, id)
		if err != nil {
			return err
		}
		if settled := run.Done + run.Returned; settled != told {
			s.Tell(s.Say.T("progress.done", "Done", settled, "Total", run.Total))
			told, still = settled, 0
		}
		if run.State != app.RunRunning {
			return s.report(run)
		}
		if still++; still == looksInDoubt {
			s.Tell(s.Say.T("cli.nobody_works"))
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
}

// pause waits, or returns why ctx has ended.
func pause(ctx context.Context, d time.Duration) error {
	wait, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-wait.Done()
	return ctx.Err()
}

func pauseRun(ctx context.Context, s *session, args []string) error {
	if err := s.PauseRun(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.said(args[0], "cli.migration.paused")
}

func resumeRun(ctx context.Context, s *session, args []string) error {
	if err := s.ResumeRun(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.said(args[0], "cli.migration.resumed")
}
