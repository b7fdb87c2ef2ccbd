package api

import (
	"context"
	"fmt"
	"strings"

	moneypb "google.golang.org/genproto/googleapis/type/money"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/fault"
	pscv1 "psc/proto/psc/v1"
)

// ListPendingAccounts implements pscv1.VendorAccountServiceServer.
func (v vendor) ListPendingAccounts(ctx context.Context, r *pscv1.ListPendingAccountsRequest) (*pscv1.ListPendingAccountsResponse, error) {
	list, next, err := queued(ctx, r, v.app.AccountQueue, func(q app.QueuedAccount) string { return q.ID })
	return &pscv1.ListPendingAccountsResponse{NextPageToken: next, PendingAccounts: each(list, func(q app.QueuedAccount) *pscv1.PendingAccount {
		return &pscv1.PendingAccount{
			BillingAccount: placeOf(q.Place).billingAccount(q.Account), ConsoleDisplayName: q.Console, Reseller: q.Reseller,
		}
	})}, err
}

// SetAccountState implements pscv1.VendorAccountServiceServer.
func (v vendor) SetAccountState(ctx context.Context, r *pscv1.SetAccountStateRequest) (*pscv1.BillingAccount, error) {
	return v.changeAccount(ctx, r.GetName(), func(p place) error {
		action, err := chosen("action", r.GetAction(), billing.AccountActions)
		if err != nil {
			return err
		}
		return v.app.SetBillingAccountState(ctx, p.actor, p.ids[0], action)
	})
}

// SetPaymentDays implements pscv1.VendorAccountServiceServer.
func (v vendor) SetPaymentDays(ctx context.Context, r *pscv1.SetPaymentDaysRequest) (*pscv1.BillingAccount, error) {
	return v.changeAccount(ctx, r.GetName(), func(p place) error {
		return v.app.SetPaymentDays(ctx, p.actor, p.ids[0], r.GetPaymentDays())
	})
}

func (v vendor) changeAccount(ctx context.Context, name string, change func(p place) error) (*pscv1.BillingAccount, error) {
	p, err := v.at(ctx, "name", name, billingAccounts)
	if err != nil {
		return nil, err
	}
	if err := change(p); err != nil {
		return nil, err
	}
	return v.billingAccount(ctx, p)
}

// UseBalance implements pscv1.VendorAccountServiceServer.
func (v vendor) UseBalance(ctx context.Context, r *pscv1.UseBalanceRequest) (*pscv1.UseBalanceResponse, error) {
	answer := &pscv1.UseBalanceResponse{}
	account, err := v.changeAccount(ctx, r.GetName(), func(p place) error {
		account, err := v.billingAccount(ctx, p)
		if err != nil {
			return err
		}
		typed, ok := decimal(r.GetAmount())
		if !ok || r.GetAmount().GetCurrencyCode() != account.GetCurrencyCode() {
			return fault.InvalidField("amount", "balance.amount", fault.Args{"Currency": account.GetCurrencyCode()})
		}
		use, err := v.app.UseBalance(ctx, p.actor, app.BalanceUse{
			AccountID: p.ids[0], ToID: r.GetToBillingAccount(), Amount: typed, Reason: r.GetReason(),
		})
		answer.Id = use.ID
		return err
	})
	answer.BillingAccount = account
	return answer, err
}

// decimal writes an amount as people type it; false for one that is less than nothing.
func decimal(m *moneypb.Money) (string, bool) {
	units, nanos := m.GetUnits(), m.GetNanos()
	text := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%09d", units, nanos), "0"), ".")
	return text, units >= 0 && nanos >= 0 && nanos <= 999_999_999
}
