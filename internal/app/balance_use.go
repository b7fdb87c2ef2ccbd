package app

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"psc/internal/billing"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// BalanceUse is what the operator does with an account's credit balance: pay it out or, both sides agreeing, transfer it to another
// account of the console (spec B6).
type BalanceUse struct {
	AccountID string
	ToID      string // empty: it is paid out
	Amount    string // in major units, as it is typed
	Reason    string // who agreed, or how it was paid
	Key       string // the same key does nothing twice
	Check     bool   // book nothing: only say whether it would be refused, and of how much
}

// PaymentDaysLimit is the longest that an invoice may be due after its issue.
const PaymentDaysLimit = 365

// UseBalance pays an account's credit balance out, or transfers it, through the ledger. A second request with the same key and the
// same content does nothing; with another content it is the fault "balance.key_used".
func (a *App) UseBalance(ctx context.Context, actor console.Actor, in BalanceUse) (use store.BalanceUse, err error) {
	if err := actor.MayOperate(); err != nil {
		return use, err
	}
	in.Reason, in.Key = strings.TrimSpace(in.Reason), strings.TrimSpace(in.Key)
	if in.Reason == "" {
		return use, fault.InvalidField("reason", "balance.reason_missing", nil)
	}
	now := a.Clock.Now()
	id := a.IDs.New("bal", now)
	if in.Key != "" {
		id = "bal_" + in.Key
	}
	if strings.ContainsAny(id, "/% ") {
		return use, fault.InvalidField("key", "balance.key", nil)
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		from, to, err := balanceAccounts(ctx, tx, actor.ConsoleID, in)
		if err != nil {
			return err
		}
		amount, err := money.Parse(ungrouped(in.Amount), from.Currency)
		if err != nil || amount.Minor <= 0 {
			return fault.InvalidField("amount", "balance.amount", fault.Args{"Currency": string(from.Currency)})
		}
		use = store.BalanceUse{ConsoleID: actor.ConsoleID, ID: id, AccountID: from.ID, ToID: to.ID, Amount: amount}
		if was, err := tx.BalanceUsed(ctx, actor.ConsoleID, id); !errors.Is(err, store.ErrNone) {
			if err == nil && was != use {
				err = fault.New(fault.Conflict, "balance.key_used", nil)
			}
			return err
		}
		use.Note = in.Reason
		balance, err := tx.Balance(ctx, from)
		if err != nil {
			return err
		}
		if amount.Minor > balance.Minor {
			return fault.New(fault.Precondition, "balance.too_little", fault.Args{"Account": from.Name, "Balance": balance})
		}
		if in.Check {
			return nil
		}
		if ok, err := tx.UseBalance(ctx, use, a.billingDate(now), now.UnixMicro()); err != nil || !ok {
			return orTooLate(err)
		}
		event := entry{Action: "balance.paid_out", Subject: id, Data: map[string]string{
			"Account": from.Name, "Amount": amount.Decimal() + " " + string(amount.Currency), "Reason": in.Reason,
		}}
		if to.ID != "" {
			event.Action, event.Data["To"] = "balance.transferred", to.Name
		}
		return a.record(ctx, tx, now, actor, event)
	})
	return use, err
}

// grouped is an amount as the pages write it, without the currency.
var grouped = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)

// ungrouped returns what was typed as an amount without the commas between thousands, if they stand where they belong.
func ungrouped(typed string) string {
	if typed = strings.TrimSpace(typed); grouped.MatchString(typed) {
		return strings.ReplaceAll(typed, ",", "")
	}
	return typed
}

// balanceAccounts returns the accounts that a use is about; the second is empty when the balance is paid out.
func balanceAccounts(ctx context.Context, tx *store.Tx, consoleID string, in BalanceUse) (from, to billing.Account, err error) {
	if from, err = tx.BillingAccount(ctx, consoleID, in.AccountID); err != nil || in.ToID == "" {
		return from, to, found(err, "billing_account.not_found")
	}
	to, err = tx.BillingAccount(ctx, consoleID, in.ToID)
	switch {
	case errors.Is(err, store.ErrNone):
		err = fault.InvalidField("to", "billing_account.not_found", nil)
	case err != nil:
	case to.ID == from.ID || to.Currency != from.Currency || to.LegalEntityID != from.LegalEntityID || to.State == billing.AccountClosed:
		err = fault.InvalidField("to", "balance.accounts_differ", fault.Args{"Account": from.Name})
	}
	return from, to, err
}

// SetPaymentDays sets how many days after its issue an invoice of the account is due; issued ones keep their date.
func (a *App) SetPaymentDays(ctx context.Context, actor console.Actor, accountID string, days int64) error {
	if err := actor.MayOperate(); err != nil {
		return err
	}
	if days < 0 || days > PaymentDaysLimit {
		return fault.InvalidField("days", "balance.payment_days", fault.Args{"Limit": PaymentDaysLimit})
	}
	now := a.Clock.Now()
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		account, err := tx.BillingAccount(ctx, actor.ConsoleID, accountID)
		if err != nil {
			return found(err, "billing_account.not_found")
		}
		account.PaymentDays = days
		if ok, err := tx.SetPaymentDays(ctx, account); err != nil || !ok {
			return orTooLate(err)
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "billing_account.terms", Subject: account.ID, Data: map[string]string{"Account": account.Name, "Days": count(days)},
		})
	})
}
