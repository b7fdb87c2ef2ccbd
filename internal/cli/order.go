package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
)

type orderJSON struct {
	ID             string                `json:"id"`
	CustomerID     string                `json:"customer_id"`
	SubscriptionID string                `json:"subscription_id"`
	At             time.Time             `json:"at"`
	BillingDate    string                `json:"billing_date"`
	By             customer.OperatorType `json:"operator_type"`
	Action         customer.OrderAction  `json:"action"`
	SKUID          string                `json:"sku_id"`
	Plan           catalog.Plan          `json:"plan"`
	SeatsBefore    int64                 `json:"num_units_before"`
	SeatsAfter     int64                 `json:"num_units_after"`
	State          customer.OrderState   `json:"state"`
	Reason         string                `json:"reason,omitempty"`
}

func newOrderJSON(o app.OrderLine) orderJSON {
	return orderJSON{
		o.ID, o.CustomerID, o.SubscriptionID, o.At, isoDate(o.BillingDate), o.By, o.Action, o.SKUID, o.Plan, o.SeatsBefore,
		o.SeatsAfter, o.State, o.Reason,
	}
}

func orderCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"order", buyCommand(t),
		t.verb("order", "list", inConsole, cobra.NoArgs, listOpenOrders),
		t.verb("order", "queue", outside, cobra.NoArgs, listOrderQueue),
		t.verb("order", "fulfil ID", inConsole, cobra.ExactArgs(1), fulfilOrder),
		rejectCommand(t),
		t.verb("order", "cancel ID", inConsole, cobra.ExactArgs(1), cancelOrder),
	)
}

// orders is a table of orders.
func (t *Terminal) orders(list []orderJSON) table {
	tab := table{columns: []string{"order_id", "customer_id", "at", "action", "sku_id", "seats_before", "seats_after", "state"}}
	for _, o := range list {
		tab.add(o.ID, o.CustomerID, t.when(o.At), word(t, "order_action", o.Action), o.SKUID, t.Say.Num(o.SeatsBefore), t.Say.Num(o.SeatsAfter), word(t, "order_state", o.State))
	}
	return tab
}

// listOpenOrders lists the orders of a console that wait for the vendor.
func listOpenOrders(ctx context.Context, s *session, _ []string) error {
	work, err := s.VendorWork(ctx, s.actor)
	if err != nil {
		return err
	}
	list := collected(work.OpenOrders, func(o app.OpenOrder) orderJSON { return newOrderJSON(app.OrderLine{Order: o.Order}) })
	return s.Table(list, s.orders(list))
}

// queued are the rows of a queue that a command lists.
const queued = 500

type queuedOrderJSON struct {
	orderJSON

	AccountID console.AccountID `json:"account_id"`
	Console   string            `json:"console"`
	Customer  string            `json:"customer"`
}

// listOrderQueue lists the orders of all consoles that wait for the vendor.
func listOrderQueue(ctx context.Context, s *session, _ []string) error {
	list, more, err := s.OrderQueue(ctx, s.actor, "", queued)
	if err != nil {
		return err
	}
	s.more(more)
	tab := table{columns: []string{"order_id", "account_id", "console", "customer", "at", "action", "sku_id", "seats_before", "seats_after"}}
	for _, o := range list {
		tab.add(o.ID, string(o.AccountID), o.Console, o.Customer, s.when(o.At), word(s.Terminal, "order_action", o.Action), o.SKUID, s.Say.Num(o.SeatsBefore), s.Say.Num(o.SeatsAfter))
	}
	return s.Table(collected(list, func(o app.QueuedOrder) queuedOrderJSON {
		return queuedOrderJSON{newOrderJSON(app.OrderLine{Order: o.Order}), o.AccountID, o.Console, o.Customer}
	}), tab)
}

func fulfilOrder(ctx context.Context, s *session, args []string) error {
	if err := s.FulfilOrder(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.said(args[0], "cli.order.fulfilled")
}

func cancelOrder(ctx context.Context, s *session, args []string) error {
	if err := s.CancelOrder(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.said(args[0], "cli.order.cancelled")
}

func rejectCommand(t *Terminal) *cobra.Command {
	var reason string
	cmd := t.verb("order", "reject ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if err := s.RejectOrder(ctx, s.actor, args[0], reason); err != nil {
			return err
		}
		return s.said(args[0], "cli.order.rejected")
	})
	t.text(cmd, &reason, "reason", "")
	return cmd
}
