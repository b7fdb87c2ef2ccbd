package api

import (
	"context"
	"slices"
	"strings"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

// ListBillingAccounts implements pscv1.BillingAccountServiceServer.
func (o own) ListBillingAccounts(ctx context.Context, r *pscv1.ListBillingAccountsRequest) (*pscv1.ListBillingAccountsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.billingAccounts(ctx, p)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListBillingAccountsResponse{BillingAccounts: rows, NextPageToken: next}, err
}

// billingAccounts returns the console's accounts, with what is due for those who see invoices.
func (o own) billingAccounts(ctx context.Context, p place) ([]*pscv1.BillingAccount, error) {
	if p.actor.May(console.Billing) != nil {
		list, err := o.app.BillingAccounts(ctx, p.actor)
		return each(list, p.billingAccount), err
	}
	list, err := o.app.AccountOverviews(ctx, p.actor)
	return each(list, func(a app.AccountOverview) *pscv1.BillingAccount {
		m := p.billingAccount(a.Account)
		m.Due, m.NextDueDate, m.Balance = minor(a.Due, a.Currency), day(a.NextDue), minor(a.Balance, a.Currency)
		return m
	}), err
}

// GetBillingAccount implements pscv1.BillingAccountServiceServer.
func (o own) GetBillingAccount(ctx context.Context, r *pscv1.GetBillingAccountRequest) (*pscv1.BillingAccount, error) {
	p, err := at(ctx, "name", r.GetName(), billingAccounts)
	if err != nil {
		return nil, err
	}
	return o.billingAccount(ctx, p)
}

func (o own) billingAccount(ctx context.Context, p place) (*pscv1.BillingAccount, error) {
	list, err := o.billingAccounts(ctx, p)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(a *pscv1.BillingAccount) bool { return a.GetId() == p.ids[0] })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "billing_account.not_found", nil)
	}
	return list[i], nil
}

// CreateBillingAccount implements pscv1.BillingAccountServiceServer.
func (o own) CreateBillingAccount(ctx context.Context, r *pscv1.CreateBillingAccountRequest) (*pscv1.BillingAccount, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	a := r.GetBillingAccount()
	account, err := o.app.CreateBillingAccount(ctx, p.actor, app.NewBillingAccount{
		Name: a.GetDisplayName(), Currency: money.Currency(a.GetCurrencyCode()), Group: catalog.ProductGroup(a.GetProductGroup()),
		LegalEntityID: a.GetLegalEntityId(),
	})
	if err != nil {
		return nil, err
	}
	p.ids = []string{account.ID}
	return o.billingAccount(ctx, p)
}

// RequestBillingAccount implements pscv1.BillingAccountServiceServer.
func (o own) RequestBillingAccount(ctx context.Context, r *pscv1.RequestBillingAccountRequest) (*pscv1.RequestBillingAccountResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	return &pscv1.RequestBillingAccountResponse{}, o.app.RequestBillingAccount(
		ctx, p.actor, money.Currency(r.GetCurrencyCode()), catalog.ProductGroup(r.GetProductGroup()))
}

// CloseBillingAccount implements pscv1.BillingAccountServiceServer.
func (o own) CloseBillingAccount(ctx context.Context, r *pscv1.CloseBillingAccountRequest) (*pscv1.BillingAccount, error) {
	p, err := at(ctx, "name", r.GetName(), billingAccounts)
	if err != nil {
		return nil, err
	}
	if err := o.app.SetBillingAccountState(ctx, p.actor, p.ids[0], billing.CloseAccount); err != nil {
		return nil, err
	}
	return o.billingAccount(ctx, p)
}

// GetStatement implements pscv1.BillingAccountServiceServer.
func (o own) GetStatement(ctx context.Context, r *pscv1.GetStatementRequest) (*pscv1.Statement, error) {
	p, err := at(ctx, "name", strings.TrimSuffix(r.GetName(), "/statement"), billingAccounts)
	if err != nil {
		return nil, err
	}
	s, err := o.app.AccountStatement(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return &pscv1.Statement{Name: r.GetName(), Lines: each(s.Lines, func(l app.StatementLine) *pscv1.StatementLine {
		return &pscv1.StatementLine{
			Date: day(l.Date), Document: l.Document, Kind: string(l.Kind), Amount: amount(l.Amount), Balance: amount(l.Balance),
		}
	})}, nil
}

// ListLegalEntities implements pscv1.BillingAccountServiceServer.
func (o own) ListLegalEntities(ctx context.Context, r *pscv1.ListLegalEntitiesRequest) (*pscv1.ListLegalEntitiesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.LegalEntities(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListLegalEntitiesResponse{NextPageToken: next, LegalEntities: each(rows, legalEntity)}, err
}

// ListAgreements implements pscv1.BillingAccountServiceServer.
func (o own) ListAgreements(ctx context.Context, r *pscv1.ListAgreementsRequest) (*pscv1.ListAgreementsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.Agreements(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListAgreementsResponse{NextPageToken: next, Agreements: each(rows, p.agreement)}, err
}

// SignAgreement implements pscv1.BillingAccountServiceServer.
func (o own) SignAgreement(ctx context.Context, r *pscv1.SignAgreementRequest) (*pscv1.SignAgreementResponse, error) {
	p, err := at(ctx, "name", r.GetName(), "agreements")
	if err != nil {
		return nil, err
	}
	return &pscv1.SignAgreementResponse{}, o.app.SignAgreement(ctx, p.actor, p.ids[0])
}

func (p place) agreement(a app.Agreement) *pscv1.Agreement {
	return &pscv1.Agreement{
		Name: p.name("agreements", a.LegalEntity.ID), LegalEntityId: a.LegalEntity.ID, LegalEntityDisplayName: a.LegalEntity.Name,
		SignTime: instant(a.SignedAt), Signer: a.SignedBy,
	}
}

func (p place) billingAccount(a billing.Account) *pscv1.BillingAccount {
	return &pscv1.BillingAccount{
		Name: p.name(billingAccounts, a.ID), Id: a.ID, DisplayName: a.Name, CurrencyCode: string(a.Currency), ProductGroup: string(a.Group),
		LegalEntityId: a.LegalEntityID, LegalEntityDisplayName: a.LegalEntity, State: enum[pscv1.BillingAccount_State](string(a.State)),
		PaymentDays: a.PaymentDays, AgreementSigned: a.Signed, CreateTime: instant(a.CreatedAt),
	}
}
