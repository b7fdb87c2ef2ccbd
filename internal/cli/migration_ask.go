package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/migration"
	"psc/internal/money"
)

// askMain asks the main console to clear a reason for which customers are not ready.
func askMain(t *Terminal) *cobra.Command {
	var id, currency, group, sku string
	cmd := t.verb("migration", "ask REASON", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		connection, err := s.connectionOf(ctx, id)
		if err != nil {
			return err
		}
		err = s.AskMain(ctx, s.actor, connection, app.Ask{
			Code: migration.Code(args[0]), Currency: money.Currency(strings.ToUpper(currency)), Group: catalog.ProductGroup(group), SKUID: sku,
		})
		if err != nil {
			return err
		}
		return s.said(connection, "cli.migration.asked")
	})
	t.connectionFlag(cmd, &id)
	t.text(cmd, &currency, "currency", "")
	t.text(cmd, &group, "product-group", "")
	t.text(cmd, &sku, "sku", "")
	return cmd
}

// checkAgain evaluates the readiness of all customers of a connection anew.
func checkAgain(t *Terminal) *cobra.Command {
	var id string
	cmd := t.verb("migration", "check-again", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		connection, err := s.connectionOf(ctx, id)
		if err != nil {
			return err
		}
		if err := s.CheckAgain(ctx, s.actor, connection); err != nil {
			return err
		}
		return s.said(connection, "cli.migration.checking")
	})
	t.connectionFlag(cmd, &id)
	return cmd
}
