package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/fault"
)

// choicesOfMigrations writes the choices of accounts as CSV, or with --load reads them.
func choicesOfMigrations(t *Terminal) *cobra.Command {
	var id, load string
	var forget bool
	cmd := t.verb("migration", "choices", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) (err error) {
		if id, err = s.connectionOf(ctx, id); err != nil {
			return err
		}
		everything := app.Scope{All: true}
		switch {
		case forget && load != "":
			return fault.New(fault.Invalid, "cli.choices_clear", nil)
		case forget:
			if err := s.ClearChoices(ctx, s.actor, id, everything); err != nil {
				return err
			}
			return s.said(id, "cli.migration.choices_cleared")
		case load == "":
			return s.ExportChoices(ctx, s.actor, id, everything, app.Choices{}, s.Out)
		}
		file, err := openFile(load)
		if err != nil {
			return err
		}
		n, err := s.ImportChoices(ctx, s.actor, id, everything, file)
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		return s.Result(map[string]int64{"subscriptions": n}, id, s.Say.T("cli.migration.choices_loaded", "Count", n))
	})
	t.connectionFlag(cmd, &id)
	t.text(cmd, &load, "load", "")
	t.yes(cmd, &forget, "clear")
	return cmd
}
