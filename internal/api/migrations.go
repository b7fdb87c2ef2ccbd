package api

import (
	"context"
	"strings"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/migration"
	pscv1 "psc/proto/psc/v1"
)

const migrations = "migrations"

// ListMigrations implements pscv1.MigrationServiceServer.
func (o own) ListMigrations(ctx context.Context, r *pscv1.ListMigrationsRequest) (*pscv1.ListMigrationsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), connections)
	if err != nil {
		return nil, err
	}
	q := app.MigrationQuery{ConnectionID: p.ids[0]}
	f := filterable{}
	f.many("state", "=", func(_, s string) (ok bool) { q.Tab, ok = tabs[s]; return ok })
	f.one("search", func(s string) { q.Search = s })
	f.one("reason", func(s string) { q.Blocker = migration.Code(s) })
	if err := f.apply(r.GetFilter()); err != nil {
		return nil, err
	}
	limit, after, err := readPage[app.Cursor](r, p.actor.ConsoleID, q.ConnectionID, r.GetFilter())
	if err != nil {
		return nil, err
	}
	q.Page = app.Page{After: after, Limit: limit}
	page, err := o.app.Migrations(ctx, p.actor, q)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListMigrationsResponse{Counts: map[string]int64{}}
	for name, tab := range tabs {
		if n, ok := page.Counts[tab]; ok {
			answer.Counts[name] = int64(n)
		}
	}
	for _, item := range page.Items.Rows {
		m := p.migration(item)
		if item.State == "" {
			m.State = candidateState(page.Tab)
		}
		answer.Migrations = append(answer.Migrations, m)
	}
	if page.Items.HasNext {
		last := page.Items.Rows[len(page.Items.Rows)-1]
		answer.NextPageToken = nextPage(last.Cursor, p.actor.ConsoleID, q.ConnectionID, r.GetFilter())
	}
	return answer, nil
}

// tabs are the lists of the page about migrations, by the state that a filter names.
var tabs = map[string]app.MigrationTab{
	"READY": app.TabReady, "NOT_READY": app.TabNotReady, "STARTED": app.TabStarted, "MIGRATING": app.TabMigrating,
	"COMPLETED": app.TabDone, "CANCELLED": app.TabCancelled,
}

// candidateState is the state of what has no migration yet, by the list it stands in.
func candidateState(tab app.MigrationTab) pscv1.Migration_State {
	if tab == app.TabReady {
		return pscv1.Migration_STATE_READY
	}
	return pscv1.Migration_STATE_NOT_READY
}

// GetMigration implements pscv1.MigrationServiceServer.
func (o own) GetMigration(ctx context.Context, r *pscv1.GetMigrationRequest) (*pscv1.Migration, error) {
	p, err := at(ctx, "name", r.GetName(), connections, migrations)
	if err != nil {
		return nil, err
	}
	d, err := o.app.MigrationDetail(ctx, p.actor, p.ids[0], p.ids[1])
	if err != nil {
		return nil, err
	}
	m := p.migration(d.MigrationItem)
	if !d.Candidate() {
		return m, nil
	}
	readiness, err := o.app.Readiness(ctx, p.actor, d.CustomerID)
	if err != nil {
		return nil, err
	}
	m.State = pscv1.Migration_STATE_READY
	for _, finding := range readiness.Findings {
		m.State = pscv1.Migration_STATE_NOT_READY
		m.Reasons = append(m.Reasons, string(finding.Code))
	}
	return m, nil
}

// BatchStartMigrations implements pscv1.MigrationServiceServer.
func (o own) BatchStartMigrations(ctx context.Context, r *pscv1.BatchStartMigrationsRequest) (*pscv1.BatchStartMigrationsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	started, err := o.app.StartMigrations(ctx, p.actor, p.ids[0], scope)
	return &pscv1.BatchStartMigrationsResponse{
		StartedCount: started.Count, NotStarted: each(started.NotStarted, notStarted),
	}, err
}

func notStarted(n app.NotStarted) *pscv1.NotStarted {
	m := &pscv1.NotStarted{CustomerId: n.CustomerID, CustomerDisplayName: n.Name}
	for _, code := range migration.CodesOf(n.Blockers) {
		m.Reasons = append(m.Reasons, string(code))
	}
	for reason, holds := range map[string]bool{"IN_MIGRATION": n.InMigration, "MOVED": n.Moved, "UNKNOWN": n.Unknown} {
		if holds {
			m.Reasons = append(m.Reasons, reason)
		}
	}
	return m
}

// PreviewStartMigrations implements pscv1.MigrationServiceServer.
func (o own) PreviewStartMigrations(ctx context.Context, r *pscv1.PreviewStartMigrationsRequest) (*pscv1.PreviewStartMigrationsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	preview, err := o.app.PreviewStart(ctx, p.actor, p.ids[0], scope)
	answer := &pscv1.PreviewStartMigrationsResponse{Customers: preview.Customers}
	for _, e := range preview.Entities {
		answer.Entities = append(answer.Entities, &pscv1.PresentEntity{
			LegalEntityId: e.LegalEntityID, DisplayName: e.LegalEntity, CurrencyCode: e.Currency, ProductGroup: e.Group,
			Subscriptions: e.Subscriptions, AtMain: e.AtMain,
		})
	}
	return answer, err
}

// BatchCancelMigrations implements pscv1.MigrationServiceServer.
func (o own) BatchCancelMigrations(ctx context.Context, r *pscv1.BatchCancelMigrationsRequest) (*pscv1.BatchCancelMigrationsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	if r.GetValidateOnly() {
		n, err := o.app.PreviewCancel(ctx, p.actor, p.ids[0], scope)
		return &pscv1.BatchCancelMigrationsResponse{CancelledCount: n}, err
	}
	n, err := o.app.CancelMigrations(ctx, p.actor, p.ids[0], scope)
	return &pscv1.BatchCancelMigrationsResponse{CancelledCount: int64(n)}, err
}

// PreviewMigrations implements pscv1.MigrationServiceServer.
func (o own) PreviewMigrations(ctx context.Context, r *pscv1.PreviewMigrationsRequest) (*pscv1.PreviewMigrationsResponse, error) {
	p, scope, err := scoped(ctx, r)
	if err != nil {
		return nil, err
	}
	on, err := readDay("billing_date", r.GetBillingDate())
	if err != nil {
		return nil, err
	}
	listed := min(max(0, int(r.GetSubscriptionCount())), mostRows)
	preview, err := o.app.PreviewMigration(ctx, p.actor, p.ids[0], scope, on, listed)
	if err != nil {
		return nil, err
	}
	return &pscv1.PreviewMigrationsResponse{
		BillingDate: day(preview.Date), BillingZone: preview.Zone, Customers: preview.Customers,
		Totals: each(preview.Totals, effect),
		Subscriptions: each(preview.Subscriptions, func(e app.SubscriptionEffect) *pscv1.BillingEffect {
			m := effect(e.Effect)
			m.SubscriptionId, m.CustomerId = e.SubscriptionID, e.CustomerID
			return m
		}),
	}, nil
}

func effect(e app.Effect) *pscv1.BillingEffect {
	return &pscv1.BillingEffect{
		SourceWithout: minor(e.SourceWithout, e.Currency), SourceWith: minor(e.SourceWith, e.Currency),
		MainWith: minor(e.MainWith, e.Currency), SubscriptionCount: e.Subscriptions,
	}
}

// scopedRequest is a request about some customers of a connection.
type scopedRequest interface {
	GetParent() string
	GetScope() *pscv1.Scope
}

// scoped reads where the request acts and on whom. A scope that says nothing is nobody, never everybody.
func scoped(ctx context.Context, r scopedRequest) (place, app.Scope, error) {
	p, err := at(ctx, "parent", r.GetParent(), connections)
	if err != nil {
		return p, app.Scope{}, err
	}
	s := r.GetScope()
	scope := app.Scope{All: s.GetAll(), Search: strings.TrimSpace(s.GetSearch()), IDs: s.GetIds()}
	if scope.All == (len(scope.IDs) > 0) || !scope.All && scope.Search != "" {
		return p, scope, badScope()
	}
	return p, scope, nil
}

func (p place) migration(item app.MigrationItem) *pscv1.Migration {
	m := &pscv1.Migration{
		Name: p.name(connections, p.ids[0], migrations, item.CustomerID), MigrationId: item.ID, CustomerId: item.CustomerID,
		CustomerDisplayName: item.CustomerName, Domain: item.Domain, State: enum[pscv1.Migration_State](string(item.State)),
		ReturnReason: string(item.ReturnReason), BillingDate: day(item.BillingDate), StartTime: instant(item.StartedAt),
		EndTime: instant(item.EndedAt), Undo: item.Kind == migration.Undo,
		Subscriptions: each(item.Subscriptions, func(s customer.Subscription) *pscv1.Subscription { return p.subscription(s, "") }),
	}
	for _, code := range item.Codes {
		m.Reasons = append(m.Reasons, string(code))
	}
	if item.RunID != "" {
		m.Operation = p.name(operations, item.RunID)
	}
	return m
}
