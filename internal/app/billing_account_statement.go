package app

import (
	"context"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/money"
	"psc/internal/store"
)

// StatementLine is what one document did to an account.
type StatementLine = store.StatementLine

// StatementKind says what a line of a statement is.
type StatementKind = store.StatementKind

// AccountOverview is a billing account with what is due and what it has.
type AccountOverview struct {
	billing.Account
	store.AccountSums
}

// DueAmount is what the account's invoices of today and later ask for.
func (o AccountOverview) DueAmount() money.Amount {
	return money.Amount{Minor: o.Due, Currency: o.Currency}
}

// Credit is the account's credit balance.
func (o AccountOverview) Credit() money.Amount {
	return money.Amount{Minor: o.Balance, Currency: o.Currency}
}

// AccountStatement is an account with the invoices that are due and the newest lines of its statement.
type AccountStatement struct {
	AccountOverview

	DueInvoices []IssuedInvoice
	Lines       []StatementLine // the newest first
}

// statementShown is how many lines of a statement are shown.
const statementShown = 200

// AccountOverviews lists the billing accounts of the actor's console with what is due, the oldest first.
func (a *App) AccountOverviews(ctx context.Context, actor console.Actor) (list []AccountOverview, err error) {
	if err := actor.May(console.Billing); err != nil {
		return nil, err
	}
	today := a.billingDate(a.Clock.Now())
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.BillingAccounts(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		sums, err := tx.AccountSums(ctx, actor.ConsoleID, today)
		list = make([]AccountOverview, len(accounts))
		for i, account := range accounts {
			list[i] = AccountOverview{account, sums[account.ID]}
		}
		return err
	})
	return list, err
}

// AccountStatement returns an account of the actor's console with its statement.
func (a *App) AccountStatement(ctx context.Context, actor console.Actor, id string) (s AccountStatement, err error) {
	if err := actor.May(console.Billing); err != nil {
		return s, err
	}
	today := a.billingDate(a.Clock.Now())
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		account, err := tx.BillingAccount(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "billing_account.not_found")
		}
		sums, err := tx.AccountSums(ctx, actor.ConsoleID, today)
		if err != nil {
			return err
		}
		s.AccountOverview = AccountOverview{account, sums[id]}
		if s.DueInvoices, err = tx.DueInvoices(ctx, actor.ConsoleID, id, today); err != nil {
			return err
		}
		s.Lines, err = tx.Statement(ctx, account, statementShown)
		return err
	})
	return s, err
}
