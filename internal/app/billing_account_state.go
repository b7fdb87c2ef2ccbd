package app

import (
	"context"
	"strings"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// accountEvents names what the audit trail and the notice say of each action.
var accountEvents = map[billing.AccountAction]string{
	billing.ApproveAccount:  "billing_account.approved",
	billing.RestrictAccount: "billing_account.restricted",
	billing.RestoreAccount:  "billing_account.restored",
	billing.CloseAccount:    "billing_account.closed",
}

// SetBillingAccountState approves, restricts, restores or closes a billing account of the console in which the
// operator acts, and tells the console's people.
func (a *App) SetBillingAccountState(ctx context.Context, actor console.Actor, id string, action billing.AccountAction) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		account, err := tx.BillingAccount(ctx, actor.ConsoleID, id)
		if err != nil {
			return found(err, "billing_account.not_found")
		}
		used, err := accountUsed(ctx, tx, account)
		if err != nil {
			return err
		}
		balance, err := tx.Balance(ctx, account)
		if err != nil {
			return err
		}
		if action == billing.CloseAccount && balance.Minor > 0 {
			return fault.New(fault.Precondition, "billing_account.has_balance", fault.Args{"Account": account.Name})
		}
		from := account.State
		if account.State, err = account.Next(action, used); err != nil {
			return err
		}
		if ok, err := tx.SetBillingAccountState(ctx, account, from); err != nil || !ok {
			return orTooLate(err)
		}
		event := accountEvents[action]
		if err := a.record(ctx, tx, now, actor, entry{Action: event, Subject: id, Data: accountData(account)}); err != nil {
			return err
		}
		if err := a.notify(ctx, tx, now, store.Notice{
			ConsoleID: actor.ConsoleID, Kind: event, Audience: console.Billing,
			Dedupe: strings.Join([]string{event, id, now.String()}, "/"),
			Data:   map[string]string{"Account": account.Name, "Path": "/billing"},
		}); err != nil {
			return err
		}
		return a.evaluateSources(ctx, tx, actor.ConsoleID)
	})
}

// accountUsed reports whether something is billed to an account, or is going to be on an invoice that is not issued yet.
func accountUsed(ctx context.Context, tx *store.Tx, account billing.Account) (bool, error) {
	months, err := tx.BillingMonths(ctx, account.ConsoleID)
	if err != nil {
		return false, err
	}
	var from civil.Date
	if open, ok := firstOpen(months); ok {
		from = open.First()
	}
	return tx.BillingAccountUsed(ctx, account.ConsoleID, account.ID, from)
}
