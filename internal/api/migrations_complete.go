package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/fault"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

func badScope() error { return fault.InvalidField("scope", "api.scope", nil) }

// SuggestAccounts implements pscv1.MigrationServiceServer.
func (o own) SuggestAccounts(ctx context.Context, r *pscv1.SuggestAccountsRequest) (*pscv1.SuggestAccountsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	limit, after, err := readPage[app.Cursor](r, p.actor.ConsoleID, r.GetScope().String())
	if err != nil {
		return nil, err
	}
	page, err := o.app.ChoicePage(ctx, p.actor, p.ids[0], scope, choicesIn(r.GetChoices()), after, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.SuggestAccountsResponse{
		Choices: choicesOut(page.Choices), Customers: page.Customers, Subscriptions: page.Check.Subscriptions,
		Missing: page.Check.Missing, EntityChanges: page.Check.EntityChanges, EntityToken: page.Check.EntityToken,
	}
	for _, row := range page.Rows {
		answer.Rows = append(answer.Rows, &pscv1.AccountChoiceRow{
			MigrationId: row.MigrationID, CustomerId: row.CustomerID, SubscriptionId: row.ID, CurrencyCode: string(row.Currency),
			ProductGroup: string(row.Group), LegalEntityId: row.LegalEntityID, BillingAccountId: page.Chosen(row),
		})
	}
	if page.Next != (app.Cursor{}) {
		answer.NextPageToken = nextPage(page.Next, p.actor.ConsoleID, r.GetScope().String())
	}
	return answer, nil
}

// ClearAccounts implements pscv1.MigrationServiceServer.
func (o own) ClearAccounts(ctx context.Context, r *pscv1.ClearAccountsRequest) (*pscv1.ClearAccountsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	return &pscv1.ClearAccountsResponse{}, o.app.ClearChoices(ctx, p.actor, p.ids[0], scope)
}

// completing is a request with everything that completing needs.
type completing interface {
	scopedRequest
	GetChoices() *pscv1.AccountChoices
	GetEntityToken() string
}

func completion(ctx context.Context, r completing) (place, app.Completion, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return p, app.Completion{}, err
	}
	return p, app.Completion{
		ConnectionID: p.ids[0], Scope: scope, Choices: choicesIn(r.GetChoices()), Confirmed: r.GetEntityToken(),
	}, nil
}

// BatchCompleteMigrations implements pscv1.MigrationServiceServer.
func (o own) BatchCompleteMigrations(ctx context.Context, r *pscv1.BatchCompleteMigrationsRequest) (*pscv1.Operation, error) {
	p, in, err := completion(ctx, r)
	if err != nil {
		return nil, err
	}
	op, err := o.app.CompleteMigrations(ctx, p.actor, in)
	if err != nil {
		return nil, err
	}
	return p.operation(op), nil
}

// BatchScheduleMigrations implements pscv1.MigrationServiceServer.
func (o own) BatchScheduleMigrations(ctx context.Context, r *pscv1.BatchScheduleMigrationsRequest) (*pscv1.BatchScheduleMigrationsResponse, error) {
	p, in, err := completion(ctx, r)
	if err != nil {
		return nil, err
	}
	on, err := readDay("billing_date", r.GetBillingDate())
	if err != nil {
		return nil, err
	}
	n, err := o.app.ScheduleMigrations(ctx, p.actor, in, on)
	return &pscv1.BatchScheduleMigrationsResponse{ScheduledCount: n}, err
}

// BatchRescheduleMigrations implements pscv1.MigrationServiceServer.
func (o own) BatchRescheduleMigrations(ctx context.Context, r *pscv1.BatchRescheduleMigrationsRequest) (*pscv1.BatchRescheduleMigrationsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	on, err := readDay("billing_date", r.GetBillingDate())
	if err != nil {
		return nil, err
	}
	n, err := o.app.RescheduleMigrations(ctx, p.actor, p.ids[0], scope, on)
	return &pscv1.BatchRescheduleMigrationsResponse{ScheduledCount: n}, err
}

// BatchWithdrawMigrations implements pscv1.MigrationServiceServer.
func (o own) BatchWithdrawMigrations(ctx context.Context, r *pscv1.BatchWithdrawMigrationsRequest) (*pscv1.BatchWithdrawMigrationsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	n, err := o.app.WithdrawSchedules(ctx, p.actor, p.ids[0], scope)
	return &pscv1.BatchWithdrawMigrationsResponse{WithdrawnCount: n}, err
}

func choicesIn(m *pscv1.AccountChoices) app.Choices {
	return app.Choices{Own: m.GetSubscriptions(), Groups: each(m.GetGroups(), func(g *pscv1.AccountChoice) app.GroupChoice {
		return app.GroupChoice{
			Currency: money.Currency(g.GetCurrencyCode()), Group: catalog.ProductGroup(g.GetProductGroup()),
			LegalEntityID: g.GetLegalEntityId(), AccountID: g.GetBillingAccountId(),
		}
	})}
}

func choicesOut(c app.Choices) *pscv1.AccountChoices {
	return &pscv1.AccountChoices{Subscriptions: c.Own, Groups: each(c.Groups, func(g app.GroupChoice) *pscv1.AccountChoice {
		return &pscv1.AccountChoice{
			CurrencyCode: string(g.Currency), ProductGroup: string(g.Group), LegalEntityId: g.LegalEntityID, BillingAccountId: g.AccountID,
		}
	})}
}
