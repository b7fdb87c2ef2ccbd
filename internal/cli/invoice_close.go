package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

type checksJSON struct {
	Month       string            `json:"month"`
	Standing    app.CloseStanding `json:"standing"`
	Moves       []string          `json:"scheduled_moves"`
	Uncovered   []money.Currency  `json:"currencies_without_issuer"`
	Billed      int64             `json:"billed"`
	Renewals    int64             `json:"renewals_due"`
	Prices      int               `json:"prices_due"`
	Runs        int64             `json:"runs_under_way"`
	Corrections []correctionJSON  `json:"corrections"`
}

type correctionJSON struct {
	Count    int64          `json:"count"`
	Currency money.Currency `json:"currency"`
	Amount   int64          `json:"amount_minor"`
}

func newChecksJSON(c app.CloseChecks) checksJSON {
	return checksJSON{
		c.Month.String(), c.Standing(), collected(c.Moves, func(s string) string { return s }),
		collected(c.Uncovered, func(m money.Currency) money.Currency { return m }), c.Billed, c.Renewals, c.Prices, c.Runs,
		collected(c.Corrections, func(s app.CorrectionSum) correctionJSON {
			return correctionJSON{s.Count, s.Amount.Currency, s.Amount.Minor}
		}),
	}
}

// checkMonth tells what there is to know before the next month is closed.
func checkMonth(ctx context.Context, s *session, _ []string) error {
	c, err := s.CloseChecks(ctx, s.actor)
	if err != nil {
		return err
	}
	if s.JSON || c.Standing() == app.CloseNothing {
		return s.Write(newChecksJSON(c), s.Say.T("cli.invoice.nothing"))
	}
	var uncovered, corrections []string
	for _, currency := range c.Uncovered {
		uncovered = append(uncovered, string(currency))
	}
	for _, sum := range c.Corrections {
		corrections = append(corrections, s.money(sum.Amount))
	}
	s.record(
		"month", s.Say.Month(c.Month), "state", word(s.Terminal, "close_standing", c.Standing()), "scheduled_moves", strings.Join(c.Moves, ", "),
		"uncovered", strings.Join(uncovered, ", "), "billed", s.Say.Num(c.Billed), "renewals_due", s.Say.Num(c.Renewals),
		"prices_due", s.Say.Num(int64(c.Prices)), "runs_under_way", s.Say.Num(c.Runs), "corrections", strings.Join(corrections, ", "),
	)
	return nil
}

type closedJSON struct {
	closeJSON

	Month  string `json:"month"`
	Issued int64  `json:"issued"`
	By     string `json:"started_by,omitempty"`
}

// listCloses lists the closes of a console, the newest first.
func listCloses(ctx context.Context, s *session, _ []string) error {
	list, err := s.Closes(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"ident", "month", "state", "invoices", "by", "ended"}}
	for _, c := range list {
		tab.add(c.ID, s.Say.Month(c.Month), word(s.Terminal, "run_state", c.State), s.Say.Num(c.Issued), c.StartedBy, s.when(c.EndedAt))
	}
	return s.Table(collected(list, func(c app.Closed) closedJSON {
		return closedJSON{newCloseJSON(c.Operation), c.Month.String(), c.Issued, c.StartedBy}
	}), tab)
}

type waitingJSON struct {
	AccountID string            `json:"account_id"`
	Console   string            `json:"console"`
	Month     string            `json:"month"`
	Standing  app.CloseStanding `json:"standing"`
}

// listWaiting lists the consoles of which a month waits to be closed.
func listWaiting(ctx context.Context, s *session, _ []string) error {
	list, err := s.MonthsToClose(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"account_id", "name", "month", "state"}}
	for _, n := range list {
		tab.add(string(n.Console.AccountID), n.Console.Name, s.Say.Month(n.Month), word(s.Terminal, "close_standing", n.Standing()))
	}
	return s.Table(collected(list, func(n app.NextMonth) waitingJSON {
		return waitingJSON{string(n.Console.AccountID), n.Console.Name, n.Month.String(), n.Standing()}
	}), tab)
}

type closeJSON struct {
	ID        string             `json:"id"`
	State     app.OperationState `json:"state"`
	Done      int64              `json:"done"`
	Total     int64              `json:"total"`
	StartedAt time.Time          `json:"started_at"`
	EndedAt   time.Time          `json:"ended_at,omitzero"`
}

func newCloseJSON(op app.Operation) closeJSON {
	return closeJSON{op.ID, op.State, op.Done, op.Total, op.StartedAt, op.EndedAt}
}

func closeMonth(t *Terminal) *cobra.Command {
	var wait bool
	cmd := t.verb("invoice", "close MONTH", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		month, err := parseMonth(args[0])
		if err != nil {
			return err
		}
		op, err := s.CloseMonth(ctx, s.actor, month)
		if err != nil {
			return err
		}
		if wait {
			return s.awaitClose(ctx, op.ID, month)
		}
		return s.Result(newCloseJSON(op), op.ID, s.Say.T("cli.invoice.closing", "Month", month, "ID", op.ID))
	})
	t.yes(cmd, &wait, "wait")
	return cmd
}

// awaitClose tells the progress of a close on the error stream until it has ended.
func (s *session) awaitClose(ctx context.Context, id string, month civil.Month) error {
	told, still := int64(-1), 0
	for {
		op, err := s.MonthClose(ctx, s.actor, id)
		if err != nil {
			return err
		}
		if op.Done != told {
			s.Tell(s.Say.T("cli.invoice.progress", "Done", op.Done, "Total", op.Total))
			told, still = op.Done, 0
		}
		switch op.State {
		case app.RunRunning, app.RunPaused:
		case app.RunFailed:
			return fault.New(fault.Invalid, "invoice.close_failed", fault.Args{"Month": month})
		case app.RunDone:
			return s.Result(newCloseJSON(op), op.ID, s.Say.T("cli.invoice.closed", "Month", month))
		}
		if still++; still == looksInDoubt {
			s.Tell(s.Say.T("cli.nobody_works"))
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
}
