package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/money"
)

type billingAccountJSON struct {
	ID            string               `json:"id"`
	Name          string               `json:"name"`
	Currency      money.Currency       `json:"currency"`
	ProductGroup  catalog.ProductGroup `json:"product_group"`
	LegalEntityID string               `json:"legal_entity_id"`
	LegalEntity   string               `json:"legal_entity"`
	State         billing.AccountState `json:"state"`
	Signed        bool                 `json:"agreement_signed"`
	CreatedAt     time.Time            `json:"created_at"`
}

func newBillingAccountJSON(a billing.Account) billingAccountJSON {
	return billingAccountJSON{a.ID, a.Name, a.Currency, a.Group, a.LegalEntityID, a.LegalEntity, a.State, a.Signed, a.CreatedAt}
}

func billingAccountCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"billing-account",
		t.verb("billing-account", "list", inConsole, cobra.NoArgs, listBillingAccounts),
		t.verb("billing-account", "queue", outside, cobra.NoArgs, listAccountQueue),
		createBillingAccount(t), requestBillingAccount(t),
		t.verb("billing-account", "set-state ID approve|restrict|restore|close", inConsole, cobra.ExactArgs(2), setBillingAccountState),
		t.verb("billing-account", "statement ID", inConsole, cobra.ExactArgs(1), showStatement),
		t.verb("billing-account", "set-terms ID DAYS", inConsole, cobra.ExactArgs(2), setPaymentDays),
		useBalance(t, "pay-out ID AMOUNT", cobra.ExactArgs(2)), useBalance(t, "transfer ID TO_ID AMOUNT", cobra.ExactArgs(3)),
	)
}

func listBillingAccounts(ctx context.Context, s *session, _ []string) error {
	list, err := s.BillingAccounts(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"ident", "name", "currency", "product_group", "legal_entity", "state", "signed"}}
	for _, a := range list {
		tab.add(a.ID, a.Name, string(a.Currency), a.Group.Name(), a.LegalEntity, word(s.Terminal, "account_state", a.State), s.yesNo(a.Signed))
	}
	return s.Table(collected(list, newBillingAccountJSON), tab)
}

type queuedAccountJSON struct {
	billingAccountJSON

	AccountID console.AccountID `json:"account_id"`
	Console   string            `json:"console"`
}

// listAccountQueue lists the billing accounts of all consoles that wait for approval.
func listAccountQueue(ctx context.Context, s *session, _ []string) error {
	list, more, err := s.AccountQueue(ctx, s.actor, "", queued)
	if err != nil {
		return err
	}
	s.more(more)
	tab := table{columns: []string{"ident", "account_id", "console", "name", "currency", "product_group", "legal_entity"}}
	for _, a := range list {
		tab.add(a.ID, string(a.AccountID), a.Console, a.Name, string(a.Currency), a.Group.Name(), a.LegalEntity)
	}
	return s.Table(collected(list, func(a app.QueuedAccount) queuedAccountJSON {
		return queuedAccountJSON{newBillingAccountJSON(a.Account), a.AccountID, a.Console}
	}), tab)
}

func (t *Terminal) yesNo(yes bool) string {
	if yes {
		return t.Say.T("cli.yes")
	}
	return t.Say.T("cli.no")
}

func createBillingAccount(t *Terminal) *cobra.Command {
	var name, currency, group, entity string
	cmd := t.verb("billing-account", "create", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		a, err := s.CreateBillingAccount(ctx, s.actor, app.NewBillingAccount{
			Name: name, Currency: money.Currency(currency), Group: catalog.ProductGroup(group), LegalEntityID: entity,
		})
		if err != nil {
			return err
		}
		return s.Result(newBillingAccountJSON(a), a.ID,
			s.Say.T("cli.billing_account.created", "Account", a.Name, "ID", a.ID, "State", word(s.Terminal, "account_state", a.State)))
	})
	t.text(cmd, &name, "name", "")
	t.text(cmd, &currency, "currency", "")
	t.text(cmd, &group, "product-group", string(catalog.GoogleWorkspace))
	t.text(cmd, &entity, "legal-entity", "")
	return cmd
}

// requestBillingAccount asks the people of the console who may to open an account.
func requestBillingAccount(t *Terminal) *cobra.Command {
	var currency, group string
	cmd := t.verb("billing-account", "request", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		if err := s.RequestBillingAccount(ctx, s.actor, money.Currency(currency), catalog.ProductGroup(group)); err != nil {
			return err
		}
		return s.said(string(s.console.AccountID), "cli.billing_account.requested")
	})
	t.text(cmd, &currency, "currency", "")
	t.text(cmd, &group, "product-group", string(catalog.GoogleWorkspace))
	return cmd
}

func setBillingAccountState(ctx context.Context, s *session, args []string) error {
	id, action := args[0], billing.AccountAction(args[1])
	if err := s.SetBillingAccountState(ctx, s.actor, id, action); err != nil {
		return err
	}
	return s.said(id, "cli.billing_account.set", "ID", id, "Action", string(action))
}
