package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/console"
	pscv1 "psc/proto/psc/v1"
)

// ListVendorConsoles implements pscv1.VendorConsoleServiceServer.
func (v vendor) ListVendorConsoles(ctx context.Context, r *pscv1.ListVendorConsolesRequest) (*pscv1.ListVendorConsolesResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	search := ""
	f := filterable{}
	f.one("search", func(s string) { search = s })
	if err := f.apply(r.GetFilter()); err != nil {
		return nil, err
	}
	limit, after, err := readPage[app.Cursor](r, r.GetFilter())
	if err != nil {
		return nil, err
	}
	list, err := v.app.ConsoleList(ctx, actor, search, app.Page{After: after, Limit: limit})
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListVendorConsolesResponse{Consoles: each(list.Rows, func(c app.ConsoleLine) *pscv1.Console { return consoleOf(c.Console) })}
	if list.HasNext {
		last := list.Rows[len(list.Rows)-1]
		answer.NextPageToken = nextPage(app.Cursor{SortName: last.Name, ID: last.ID}, r.GetFilter())
	}
	return answer, nil
}

// CreateConsole implements pscv1.VendorConsoleServiceServer.
func (v vendor) CreateConsole(ctx context.Context, r *pscv1.CreateConsoleRequest) (*pscv1.Console, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	c, err := v.app.CreateConsole(ctx, actor, r.GetConsole().GetReseller(), r.GetConsole().GetDisplayName())
	if err != nil {
		return nil, err
	}
	return consoleOf(c), nil
}

// SuspendConsole implements pscv1.VendorConsoleServiceServer.
func (v vendor) SuspendConsole(ctx context.Context, r *pscv1.SuspendConsoleRequest) (*pscv1.Console, error) {
	return v.setConsole(ctx, r.GetName(), r.GetReason(), console.Suspended, v.app.SuspendConsole)
}

// ReactivateConsole implements pscv1.VendorConsoleServiceServer.
func (v vendor) ReactivateConsole(ctx context.Context, r *pscv1.ReactivateConsoleRequest) (*pscv1.Console, error) {
	return v.setConsole(ctx, r.GetName(), r.GetReason(), console.Active, v.app.ReactivateConsole)
}

func (v vendor) setConsole(
	ctx context.Context, name, reason string, to console.State, set func(context.Context, console.Actor, string) error,
) (*pscv1.Console, error) {
	p, err := v.at(ctx, "name", name)
	if err != nil {
		return nil, err
	}
	if err := set(ctx, p.actor, reason); err != nil {
		return nil, err
	}
	p.console.State = to
	return consoleOf(p.console), nil
}

// GetVendorWork implements pscv1.VendorConsoleServiceServer.
func (v vendor) GetVendorWork(ctx context.Context, r *pscv1.GetVendorWorkRequest) (*pscv1.VendorWork, error) {
	p, err := v.at(ctx, "name", r.GetName())
	if err != nil {
		return nil, err
	}
	w, err := v.app.VendorWork(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	return &pscv1.VendorWork{
		Name: consoleName(p.console), SuspendTime: instant(w.Suspended.At), SuspendReason: w.Suspended.Data["Reason"],
		Agreements: each(w.Agreements, p.agreement), BillingAccounts: each(w.Accounts, p.billingAccount), Skus: each(w.SKUs, skuOf),
		OpenOrders: each(w.OpenOrders, p.openOrder),
		Suspensions: each(w.Stopped, func(s app.VendorSuspension) *pscv1.VendorSuspension {
			return &pscv1.VendorSuspension{
				Subscription:        p.name(customers, s.CustomerID, subscriptions, s.ID),
				CustomerDisplayName: s.Customer, Domain: s.Domain, SkuId: s.SKUID, SkuDisplayName: s.SKU,
			}
		}),
	}, nil
}

// openOrder tells an order that waits in the place's console.
func (p place) openOrder(o app.OpenOrder) *pscv1.OpenOrder {
	line := app.OrderLine{Order: o.Order}
	line.SKU.Name = o.SKU
	return &pscv1.OpenOrder{
		Order: p.order(line), CustomerDisplayName: o.Customer, Domain: o.Domain, Console: consoleName(p.console),
		ConsoleDisplayName: p.console.Name, Reseller: p.console.ResellerName,
	}
}

// GrantSkus implements pscv1.VendorConsoleServiceServer.
func (v vendor) GrantSkus(ctx context.Context, r *pscv1.GrantSkusRequest) (*pscv1.GrantSkusResponse, error) {
	p, err := v.at(ctx, "name", r.GetName())
	if err != nil {
		return nil, err
	}
	if err := v.app.GrantSKUs(ctx, p.actor, r.GetSkuIds()); err != nil {
		return nil, err
	}
	list, err := v.app.SKUAuthorizations(ctx, p.actor)
	return &pscv1.GrantSkusResponse{Skus: each(list, skuOf)}, err
}

// CreateLegalEntity implements pscv1.VendorConsoleServiceServer.
func (v vendor) CreateLegalEntity(ctx context.Context, r *pscv1.CreateLegalEntityRequest) (*pscv1.LegalEntity, error) {
	p, err := v.at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	e, err := v.app.CreateLegalEntity(ctx, p.actor, r.GetLegalEntity().GetDisplayName(), r.GetLegalEntity().GetRegionCode())
	if err != nil {
		return nil, err
	}
	return legalEntity(e), nil
}

func legalEntity(e billing.LegalEntity) *pscv1.LegalEntity {
	return &pscv1.LegalEntity{Id: e.ID, DisplayName: e.Name, RegionCode: e.Country}
}
