package cli

import (
	"context"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
)

// suspending is a use case that suspends a subscription, or lifts its suspension.
type suspending func(a *app.App, ctx context.Context, actor console.Actor, id string) error

// suspension is one of the two, for the reseller or with --vendor for the vendor.
func suspension(t *Terminal, use string, reseller, vendor suspending, said string) *cobra.Command {
	var byVendor bool
	cmd := t.verb("customer", use, inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		do := reseller
		if byVendor {
			do = vendor
		}
		if err := do(s.App, ctx, s.actor, args[0]); err != nil {
			return err
		}
		return s.said(args[0], said)
	})
	t.yes(cmd, &byVendor, "vendor")
	return cmd
}
