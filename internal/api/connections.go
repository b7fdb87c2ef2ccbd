package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/migration"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

const connections = "connections"

// ListConnections implements pscv1.ConnectionServiceServer.
func (o own) ListConnections(ctx context.Context, r *pscv1.ListConnectionsRequest) (*pscv1.ListConnectionsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.Connections(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListConnectionsResponse{Connections: each(rows, p.connection), NextPageToken: next}, err
}

// GetConnection implements pscv1.ConnectionServiceServer.
func (o own) GetConnection(ctx context.Context, r *pscv1.GetConnectionRequest) (*pscv1.Connection, error) {
	p, err := at(ctx, "name", r.GetName(), connections)
	if err != nil {
		return nil, err
	}
	return o.connection(ctx, p)
}

// connection returns the connection of a name as it is now.
func (o own) connection(ctx context.Context, p place) (*pscv1.Connection, error) {
	page, err := o.app.Connection(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	m := p.connection(page.ConnectionView)
	if page.State == connection.Connected {
		m.Counts = &pscv1.ConnectionCounts{
			Ready: int64(page.Ready), NotReady: int64(page.NotReady), Open: int64(page.Open), Completed: int64(page.Completed),
			MissingAccounts: each(page.Missing, func(a app.MissingAccount) *pscv1.MissingAccount {
				return &pscv1.MissingAccount{CurrencyCode: string(a.Currency), ProductGroup: string(a.Group), Customers: a.Customers}
			}),
		}
	}
	return m, nil
}

// CreateConnection implements pscv1.ConnectionServiceServer.
func (o own) CreateConnection(ctx context.Context, r *pscv1.CreateConnectionRequest) (*pscv1.Connection, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	c, err := o.app.InviteConsole(ctx, p.actor, r.GetConnection().GetAccountId())
	if err != nil {
		return nil, err
	}
	p.ids = []string{c.ID}
	return o.connection(ctx, p)
}

// AcceptConnection implements pscv1.ConnectionServiceServer.
func (o own) AcceptConnection(ctx context.Context, r *pscv1.AcceptConnectionRequest) (*pscv1.Connection, error) {
	return o.changeConnection(ctx, r.GetName(), func(p place, id string) error {
		_, err := o.app.AcceptConnection(ctx, p.actor, id)
		return err
	})
}

// DeclineConnection implements pscv1.ConnectionServiceServer.
func (o own) DeclineConnection(ctx context.Context, r *pscv1.DeclineConnectionRequest) (*pscv1.Connection, error) {
	return o.changeConnection(ctx, r.GetName(), func(p place, id string) error { return o.app.DeclineConnection(ctx, p.actor, id) })
}

// CancelConnection implements pscv1.ConnectionServiceServer.
func (o own) CancelConnection(ctx context.Context, r *pscv1.CancelConnectionRequest) (*pscv1.Connection, error) {
	return o.changeConnection(ctx, r.GetName(), func(p place, id string) error { return o.app.CancelInvite(ctx, p.actor, id) })
}

// CloseConnection implements pscv1.ConnectionServiceServer.
func (o own) CloseConnection(ctx context.Context, r *pscv1.CloseConnectionRequest) (*pscv1.Connection, error) {
	return o.changeConnection(ctx, r.GetName(), func(p place, id string) error {
		return o.app.CloseConnection(ctx, p.actor, id, r.GetStopRun())
	})
}

// ShareOrders implements pscv1.ConnectionServiceServer.
func (o own) ShareOrders(ctx context.Context, r *pscv1.ShareOrdersRequest) (*pscv1.Connection, error) {
	return o.changeConnection(ctx, r.GetName(), func(p place, id string) error {
		return o.app.ShareOrders(ctx, p.actor, id, r.GetSharesOrders())
	})
}

// EvaluateReadiness implements pscv1.ConnectionServiceServer.
func (o own) EvaluateReadiness(ctx context.Context, r *pscv1.EvaluateReadinessRequest) (*pscv1.Connection, error) {
	return o.changeConnection(ctx, r.GetName(), func(p place, id string) error { return o.app.CheckAgain(ctx, p.actor, id) })
}

// changeConnection does something with a connection and answers with what it is then.
func (o own) changeConnection(ctx context.Context, name string, change func(p place, id string) error) (*pscv1.Connection, error) {
	p, err := at(ctx, "name", name, connections)
	if err != nil {
		return nil, err
	}
	if err := change(p, p.ids[0]); err != nil {
		return nil, err
	}
	return o.connection(ctx, p)
}

// PreviewCloseConnection implements pscv1.ConnectionServiceServer.
func (o own) PreviewCloseConnection(ctx context.Context, r *pscv1.PreviewCloseConnectionRequest) (*pscv1.PreviewCloseConnectionResponse, error) {
	p, err := at(ctx, "name", r.GetName(), connections)
	if err != nil {
		return nil, err
	}
	c, err := o.app.PreviewClose(ctx, p.actor, p.ids[0])
	return &pscv1.PreviewCloseConnectionResponse{
		CancelledMigrations: c.Open, MigratingCustomers: c.Migrating, MayStopRun: c.MayStopRun,
	}, err
}

// AskMain implements pscv1.ConnectionServiceServer.
func (o own) AskMain(ctx context.Context, r *pscv1.AskMainRequest) (*pscv1.AskMainResponse, error) {
	p, err := at(ctx, "name", r.GetName(), connections)
	if err != nil {
		return nil, err
	}
	return &pscv1.AskMainResponse{}, o.app.AskMain(ctx, p.actor, p.ids[0], app.Ask{
		Code: migration.Code(r.GetReason()), Currency: money.Currency(r.GetCurrencyCode()),
		Group: catalog.ProductGroup(r.GetProductGroup()), SKUID: r.GetSkuId(),
	})
}

// sides are the sides in the API's words.
var sides = map[connection.Side]pscv1.Connection_Side{
	connection.Main: pscv1.Connection_SIDE_MAIN, connection.Source: pscv1.Connection_SIDE_SOURCE,
}

func (p place) connection(v app.ConnectionView) *pscv1.Connection {
	m := &pscv1.Connection{
		Name: p.name(connections, v.ID), Id: v.ID, AccountId: string(v.AccountID), Side: sides[v.Side],
		State: enum[pscv1.Connection_State](string(v.State)), EndReason: v.Reason, DisplayName: v.Name, Reseller: v.Reseller,
		InviteTime: instant(v.InvitedAt), ExpireTime: instant(v.ExpiresAt), AcceptTime: instant(v.AcceptedAt),
		MayStartTime: instant(v.MayStartAt), EndTime: instant(v.EndedAt), Waiting: v.Waiting,
		EvaluateTime: instant(v.EvaluatedAt), SharesOrders: v.SharesOrders,
	}
	for _, action := range connection.Actions {
		if v.Allowed[action] {
			m.AllowedActions = append(m.AllowedActions, string(action))
		}
	}
	return m
}
