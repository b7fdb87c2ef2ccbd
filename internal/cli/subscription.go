package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
)

func subscriptionCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"subscription",
		change(t, "seats ID NUMBER", func(args []string) (app.Change, error) {
			seats, err := seatsOf(args[1])
			return app.Change{Action: app.ChangeSeats, Seats: seats}, err
		}),
		change(t, "renewal ID RENEWAL", func(args []string) (app.Change, error) {
			return app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewalKind(args[1])}, nil
		}),
		change(t, "plan ID PLAN", func(args []string) (app.Change, error) {
			return app.Change{Action: app.ChangeOffer, Plan: catalog.Plan(args[1])}, nil
		}),
		change(t, "product ID SKU_ID", func(args []string) (app.Change, error) {
			return app.Change{Action: app.ChangeOffer, SKUID: args[1]}, nil
		}),
		change(t, "start-paid ID", func([]string) (app.Change, error) { return app.Change{Action: app.StartPaid}, nil }),
		change(t, "cancel ID", func([]string) (app.Change, error) { return app.Change{Action: app.EndNow}, nil }),
		suspension(t, "subscription", "suspend ID", (*app.App).SuspendSubscription, (*app.App).VendorSuspend, "cli.customer.suspended"),
		suspension(t, "subscription", "reactivate ID", (*app.App).ReactivateSubscription, (*app.App).LiftVendorSuspension, "cli.customer.reactivated"),
	)
}

// seatsOf reads a number of seats; what is none is refused as one that nobody can have.
func seatsOf(typed string) (int64, error) {
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		return 0, fault.InvalidField("seats", "order.seats", fault.Args{"Most": customer.MostSeats})
	}
	return n, nil
}

// change orders something of a subscription, or with --quote says what it would cost.
func change(t *Terminal, use string, read func(args []string) (app.Change, error)) *cobra.Command {
	var quote bool
	cmd := t.verb("subscription", use, inConsole, cobra.ExactArgs(strings.Count(use, " ")), func(ctx context.Context, s *session, args []string) error {
		ordered, err := read(args)
		if err != nil {
			return err
		}
		q, err := s.QuoteChange(ctx, s.actor, args[0], ordered)
		if err != nil {
			return err
		}
		if quote {
			return s.quote(q)
		}
		if err := s.ChangeSubscription(ctx, s.actor, args[0], ordered); err != nil {
			return err
		}
		switch {
		case q.Waits():
			return s.said(args[0], "cli.subscription.waits")
		case q.AtRenewal():
			return s.said(args[0], "cli.subscription.at_renewal", "Date", q.Now.TermEnd)
		}
		return s.said(args[0], "cli.subscription.changed")
	})
	t.yes(cmd, &quote, "quote")
	return cmd
}

// suspending is a use case that suspends a subscription, or lifts its suspension.
type suspending func(a *app.App, ctx context.Context, actor console.Actor, id string) error

// suspension is one of the two, for the reseller or with --vendor for the vendor.
func suspension(t *Terminal, slice, use string, reseller, vendor suspending, said string) *cobra.Command {
	var byVendor bool
	cmd := t.verb(slice, use, inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
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
