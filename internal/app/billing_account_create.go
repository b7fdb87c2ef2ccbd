package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// NewBillingAccount is what a new billing account is made of. Only the name could ever change afterwards.
type NewBillingAccount struct {
	Name          string
	Currency      money.Currency
	Group         catalog.ProductGroup
	LegalEntityID string
}

// accountNameLimit is how many characters the name of a billing account may have.
const accountNameLimit = 100

func (n NewBillingAccount) check() error {
	var fields []fault.Field
	switch {
	case n.Name == "":
		fields = append(fields, fault.Field{Name: "name", Key: "billing_account.name_missing"})
	case utf8.RuneCountInString(n.Name) > accountNameLimit:
		fields = append(fields, fault.Field{
			Name: "name", Key: "billing_account.name_too_long", Args: fault.Args{"Limit": accountNameLimit},
		})
	}
	if !n.Currency.Valid() {
		fields = append(fields, fault.Field{Name: "currency", Key: "billing_account.currency_unknown"})
	}
	if !n.Group.Valid() {
		fields = append(fields, fault.Field{Name: "product_group", Key: "billing_account.group_unknown"})
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Key: "billing_account.invalid", Fields: fields}
}

// CreateBillingAccount opens a billing account in the actor's console. It is ACTIVE at once unless the operator wants
// to approve it first (spec M3). A second one that nobody could tell from one that is open is refused: a form sent twice
// opens one.
func (a *App) CreateBillingAccount(ctx context.Context, actor console.Actor, n NewBillingAccount) (account billing.Account, err error) {
	if err := actor.May(console.Billing); err != nil {
		return account, err
	}
	n.Name = strings.TrimSpace(n.Name)
	if err := n.check(); err != nil {
		return account, err
	}
	now := a.Clock.Now()
	account = billing.Account{
		ConsoleID: actor.ConsoleID, ID: a.IDs.New("bac", now), Name: n.Name, Currency: n.Currency, Group: n.Group,
		LegalEntityID: n.LegalEntityID, State: billing.AccountActive, PaymentDays: billing.PaymentDays, CreatedAt: now,
	}
	if a.Config.AccountApproval {
		account.State = billing.AccountPending
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := checkNoNamesake(ctx, tx, account); err != nil {
			return err
		}
		_, err := tx.LegalEntity(ctx, actor.ConsoleID, n.LegalEntityID)
		if errors.Is(err, store.ErrNone) {
			return &fault.Error{Kind: fault.Invalid, Key: "billing_account.invalid", Fields: []fault.Field{
				{Name: "legal_entity", Key: "billing_account.legal_entity_unknown"},
			}}
		}
		if err != nil {
			return err
		}
		if err := tx.InsertBillingAccounts(ctx, []billing.Account{account}); err != nil {
			return err
		}
		if account, err = tx.BillingAccount(ctx, actor.ConsoleID, account.ID); err != nil {
			return err
		}
		if err := a.record(ctx, tx, now, actor, entry{
			Action: "billing_account.created", Subject: account.ID, Data: accountData(account),
		}); err != nil {
			return err
		}
		return a.evaluateSources(ctx, tx, actor.ConsoleID)
	})
	return account, err
}

// checkNoNamesake refuses an account that is like an open one of the console. Who opens accounts in a console takes turns.
func checkNoNamesake(ctx context.Context, tx *store.Tx, account billing.Account) error {
	if err := tx.LockConsoles(ctx, account.ConsoleID); err != nil {
		return err
	}
	list, err := tx.BillingAccounts(ctx, account.ConsoleID)
	if err != nil || !slices.ContainsFunc(list, account.Namesake) {
		return err
	}
	f := fault.InvalidField("name", "billing_account.exists", fault.Args{"Account": account.Name})
	f.Kind = fault.Conflict
	return f
}

// accountData is what the audit trail says of a billing account.
func accountData(account billing.Account) map[string]string {
	return map[string]string{
		"Account": account.Name, "Currency": string(account.Currency), "Group": account.Group.Name(),
		"LegalEntity": account.LegalEntity,
	}
}
