package cli

import (
	"context"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
)

type scheduledJSON struct {
	Count       int64  `json:"scheduled"`
	BillingDate string `json:"billing_date"`
}

type withdrawnJSON struct {
	Count int64 `json:"withdrawn"`
}

// scheduleOf is a verb about scheduled migrations.
func (t *Terminal) scheduleOf(use string, run func(ctx context.Context, s *session, connectionID string, rows app.Scope) error) *cobra.Command {
	var id string
	var sc scope
	cmd := t.verb("migration", use+" [MIGRATION_ID...]", inConsole, cobra.ArbitraryArgs, func(ctx context.Context, s *session, ids []string) error {
		rows, err := sc.of(ids)
		if err != nil {
			return err
		}
		if id, err = s.connectionOf(ctx, id); err != nil {
			return err
		}
		return run(ctx, s, id, rows)
	})
	t.connectionFlag(cmd, &id)
	t.scopeFlags(cmd, &sc)
	return cmd
}

func rescheduleMigrations(t *Terminal) *cobra.Command {
	var on string
	cmd := t.scheduleOf("reschedule", func(ctx context.Context, s *session, id string, rows app.Scope) error {
		return s.schedule(on, func(d civil.Date) (int64, error) { return s.RescheduleMigrations(ctx, s.actor, id, rows, d) })
	})
	t.text(cmd, &on, "on", "")
	return cmd
}

func withdrawSchedules(t *Terminal) *cobra.Command {
	return t.scheduleOf("withdraw", func(ctx context.Context, s *session, id string, rows app.Scope) error {
		n, err := s.WithdrawSchedules(ctx, s.actor, id, rows)
		if err != nil {
			return err
		}
		return s.Result(withdrawnJSON{n}, "", s.Say.T("cli.migration.withdrawn", "Count", n))
	})
}

// schedule reads the billing date of --on and tells for how many it was taken.
func (s *session) schedule(on string, do func(civil.Date) (int64, error)) error {
	d, err := civil.Parse(on)
	if err != nil {
		return fault.InvalidField("on", "cli.date", fault.Args{"Value": on})
	}
	n, err := do(d)
	if err != nil {
		return err
	}
	return s.Result(scheduledJSON{n, d.String()}, "", s.Say.T("cli.migration.scheduled", "Count", n, "Date", d))
}
