package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/support"
)

func undoCommand(t *Terminal) *cobra.Command {
	return t.slice("undo", askUndo(t), showUndo(t), approveUndo(t), rejectUndo(t))
}

// askUndo asks for a customer's latest migration to be undone.
func askUndo(t *Terminal) *cobra.Command {
	var text string
	cmd := t.verb("undo", "ask CUSTOMER_ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		c, err := s.AskUndo(ctx, s.actor, args[0], text)
		if err != nil {
			return err
		}
		reference := c.Reference(s.console.AccountID)
		return s.Result(newCaseJSON(c, reference), c.ID, s.Say.T("case_page.opened", "Case", reference))
	})
	t.text(cmd, &text, "text", "")
	return cmd
}

type undoJSON struct {
	CaseID        string           `json:"case_id"`
	MigrationID   string           `json:"migration_id"`
	CustomerID    string           `json:"customer_id"`
	From          string           `json:"from_account_id"` // the console that has the customer
	To            string           `json:"to_account_id"`
	Date          string           `json:"billing_date"`
	Zone          string           `json:"billing_time_zone"`
	Decision      support.Decision `json:"decision,omitempty"`
	Reason        string           `json:"reason,omitempty"`
	UndoID        string           `json:"undo_migration_id,omitempty"`
	Refused       string           `json:"refused,omitempty"`
	EntityChanges int              `json:"entity_changes"`
	Subscriptions []undoRowJSON    `json:"subscriptions"`
	Totals        []undoEffectJSON `json:"totals"`
}

type undoRowJSON struct {
	ID      string `json:"id"`
	SKU     string `json:"sku_id"`
	Seats   int64  `json:"num_units"`
	Since   bool   `json:"bought_since"`
	Account string `json:"present_billing_account_id"`
	Former  string `json:"former_billing_account_id,omitempty"`
	Chosen  string `json:"chosen_billing_account_id,omitempty"`
}

type undoEffectJSON struct {
	Currency money.Currency `json:"currency"`
	Without  string         `json:"from_without_minor"`
	With     string         `json:"from_with_minor"`
	More     string         `json:"to_more_minor"`
}

func (s *session) newUndoJSON(v app.UndoView) undoJSON {
	minor := func(n int64) string { return strconv.FormatInt(n, 10) }
	out := undoJSON{
		CaseID: v.CaseID, MigrationID: v.MigrationID, CustomerID: v.Answers.CustomerID, From: string(v.Holder.AccountID),
		To: string(v.Receiver.AccountID), Date: isoDate(v.Date), Zone: v.Zone, Decision: v.Decision, UndoID: v.UndoID, EntityChanges: v.Changes(),
		Subscriptions: collected(v.Rows, func(r app.UndoRow) undoRowJSON {
			return undoRowJSON{r.ID, r.SKUID, r.Seats, r.Since, r.Account.ID, r.Former.ID, r.Chosen.ID}
		}),
		Reason: v.Reason,
		Totals: collected(v.Totals, func(e app.Effect) undoEffectJSON {
			return undoEffectJSON{e.Currency, minor(e.SourceWithout), minor(e.SourceWith), minor(e.MainWith)}
		}),
	}
	if v.Decision != "" {
		out.Date = isoDate(v.BillingDate)
	}
	if v.Refused != nil {
		out.Refused = s.Say.Fault(v.Refused)
	}
	return out
}

// showUndo shows what an undo would do, with its effect on both consoles' invoices.
func showUndo(t *Terminal) *cobra.Command {
	var date string
	var accounts []string
	cmd := t.verb("undo", "show CASE_ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		var d civil.Date
		chosen, err := subAccounts(accounts)
		if err != nil {
			return err
		}
		if date != "" {
			if d, err = civil.Parse(date); err != nil {
				return fault.InvalidField("date", "cli.date", fault.Args{"Value": date})
			}
		}
		v, err := s.Undo(ctx, s.actor, args[0], d, chosen)
		if err != nil {
			return err
		}
		out := s.newUndoJSON(v)
		if s.JSON || s.Quiet {
			return s.Result(out, v.CaseID, "")
		}
		if v.Decision != "" { // what was decided: nothing is to be computed any more
			s.record("case_id", v.CaseID, "customer_id", out.CustomerID, "billing_date", s.date(v.BillingDate),
				"decision", s.Say.T("undo_decision."+string(v.Decision)), "decided_because", v.Reason)
			return nil
		}
		s.record("case_id", v.CaseID, "customer_id", out.CustomerID, "billing_date", s.date(v.Date))
		if out.Refused != "" {
			s.Line(out.Refused)
		}
		rows := table{columns: []string{"subscription_id", "sku_id", "seats", "present_account", "chosen_account"}}
		for _, r := range out.Subscriptions {
			rows.add(r.ID, r.SKU, s.Say.Num(r.Seats), r.Account, r.Chosen)
		}
		s.lines(rows)
		sums := table{columns: []string{"currency", "without", "with_undo", "more"}}
		for _, e := range v.Totals {
			c := string(e.Currency)
			sums.add(c, s.Say.Money(e.SourceWithout, c), s.Say.Money(e.SourceWith, c), s.Say.Money(e.MainWith, c))
		}
		s.lines(sums)
		return nil
	})
	t.text(cmd, &date, "date", "")
	cmd.Flags().StringArrayVar(&accounts, "sub-account", nil, t.flagHelp("sub-account"))
	return cmd
}

// subAccounts reads which account pays for which subscription.
func subAccounts(typed []string) (map[string]string, error) {
	chosen := map[string]string{}
	for _, pair := range typed {
		sub, account, ok := strings.Cut(pair, "=")
		if !ok || sub == "" || account == "" {
			return nil, fault.InvalidField("sub_account", "cli.sub_account", fault.Args{"Value": pair})
		}
		chosen[sub] = account
	}
	return chosen, nil
}

func approveUndo(t *Terminal) *cobra.Command {
	var in app.UndoApproval
	var consent string
	var accounts []string
	cmd := t.verb("undo", "approve CASE_ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) (err error) {
		in.Consent = support.Consent(consent)
		if in.Accounts, err = subAccounts(accounts); err != nil {
			return err
		}
		if err := s.ApproveUndo(ctx, s.actor, args[0], in); err != nil {
			return err
		}
		return s.said(args[0], "undo_page.approved")
	})
	t.text(cmd, &consent, "consent", "")
	t.text(cmd, &in.Reason, "reason", "")
	t.yes(cmd, &in.Entities, "entities")
	cmd.Flags().StringArrayVar(&accounts, "sub-account", nil, t.flagHelp("sub-account"))
	return cmd
}

func rejectUndo(t *Terminal) *cobra.Command {
	var reason string
	cmd := t.verb("undo", "reject CASE_ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if err := s.RejectUndo(ctx, s.actor, args[0], reason); err != nil {
			return err
		}
		return s.said(args[0], "undo_page.rejected")
	})
	t.text(cmd, &reason, "reason", "")
	return cmd
}
