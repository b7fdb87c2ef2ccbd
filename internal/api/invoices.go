package api

import (
	"context"
	"time"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
	pscv1 "psc/proto/psc/v1"
)

const (
	invoices      = "invoices"
	billingMonths = "billingMonths"

	// mostInvoices is how many of the newest invoices a console lists.
	mostInvoices = 10_000
)

// ListInvoices implements pscv1.InvoiceServiceServer.
func (o own) ListInvoices(ctx context.Context, r *pscv1.ListInvoicesRequest) (*pscv1.ListInvoicesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.IssuedInvoices(ctx, p.actor, mostInvoices)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListInvoicesResponse{Invoices: each(rows, p.invoice), NextPageToken: next}, err
}

// GetInvoice implements pscv1.InvoiceServiceServer.
func (o own) GetInvoice(ctx context.Context, r *pscv1.GetInvoiceRequest) (*pscv1.Invoice, error) {
	p, err := at(ctx, "name", r.GetName(), invoices)
	if err != nil {
		return nil, err
	}
	inv, err := o.app.IssuedInvoice(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return p.invoice(inv), nil
}

// ListInvoiceLines implements pscv1.InvoiceServiceServer.
func (o own) ListInvoiceLines(ctx context.Context, r *pscv1.ListInvoiceLinesRequest) (*pscv1.ListInvoiceLinesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), invoices)
	if err != nil {
		return nil, err
	}
	limit, after, err := readPage[app.LineCursor](r, p.actor.ConsoleID, p.ids[0])
	if err != nil {
		return nil, err
	}
	list, next, err := o.app.IssuedLines(ctx, p.actor, p.ids[0], after, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListInvoiceLinesResponse{Lines: each(list, invoiceLine)}
	if len(list) == limit {
		answer.NextPageToken = nextPage(next, p.actor.ConsoleID, p.ids[0])
	}
	return answer, nil
}

// DraftInvoice implements pscv1.InvoiceServiceServer.
func (o own) DraftInvoice(ctx context.Context, r *pscv1.DraftInvoiceRequest) (*pscv1.DraftInvoiceResponse, error) {
	p, err := at(ctx, "name", r.GetName(), billingAccounts)
	if err != nil {
		return nil, err
	}
	month, err := readMonth("month", r.GetMonth())
	if err != nil {
		return nil, err
	}
	inv, err := o.app.DraftInvoice(ctx, p.actor, p.ids[0], month)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, inv.Lines, r.GetName(), r.GetMonth())
	return &pscv1.DraftInvoiceResponse{
		Month: day(month.First()), Closed: inv.Closed, Net: amount(inv.Totals.Net), Gross: amount(inv.Totals.Gross),
		LineCount: int64(len(inv.Lines)), Lines: each(rows, invoiceLine), NextPageToken: next,
	}, err
}

// ListBillingMonths implements pscv1.InvoiceServiceServer.
func (o own) ListBillingMonths(ctx context.Context, r *pscv1.ListBillingMonthsRequest) (*pscv1.ListBillingMonthsResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.BillingMonths(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListBillingMonthsResponse{NextPageToken: next, BillingMonths: each(rows, func(m app.BillingMonth) *pscv1.BillingMonth {
		return &pscv1.BillingMonth{
			Name: p.name(billingMonths, m.Month.String()), Closed: !m.ClosedAt.IsZero(), CloseTime: instant(m.ClosedAt),
		}
	})}, err
}

// ListMonthInvoices implements pscv1.InvoiceServiceServer.
func (o own) ListMonthInvoices(ctx context.Context, r *pscv1.ListMonthInvoicesRequest) (*pscv1.ListMonthInvoicesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent(), billingMonths)
	if err != nil {
		return nil, err
	}
	month, err := readMonth("parent", p.ids[0])
	if err != nil {
		return nil, err
	}
	list, err := o.app.MonthInvoices(ctx, p.actor, month)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID, p.ids[0])
	return &pscv1.ListMonthInvoicesResponse{NextPageToken: next, Invoices: each(rows, func(s app.MonthStatus) *pscv1.MonthInvoice {
		m := &pscv1.MonthInvoice{
			BillingAccount: p.name(billingAccounts, s.Account.ID), State: string(s.State), Number: s.Number, LineCount: s.Lines,
			Net: amount(s.Totals.Net), Gross: amount(s.Totals.Gross),
		}
		if s.State == app.InvoiceIssued {
			m.Due = amount(s.Due)
		}
		return m
	})}, err
}

// readMonth reads YYYY-MM.
func readMonth(field, text string) (civil.Month, error) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return civil.Month{}, fault.InvalidField(field, "api.month", nil)
	}
	return civil.Month{Year: t.Year(), Month: t.Month()}, nil
}

func (p place) invoice(i app.IssuedInvoice) *pscv1.Invoice {
	return &pscv1.Invoice{
		Name: p.name(invoices, i.ID), Id: i.ID, Number: i.Number, Issuer: i.Issuer, BillingAccount: p.name(billingAccounts, i.AccountID),
		LegalEntity: i.LegalEntity, Month: day(i.Month.First()), Net: amount(i.Net), Gross: amount(i.Gross), Applied: amount(i.Applied),
		Due: amount(i.Due), LineCount: i.Lines, IssueDate: day(i.IssuedOn), DueDate: day(i.DueOn),
	}
}

func invoiceLine(l app.InvoiceLine) *pscv1.InvoiceLine {
	return &pscv1.InvoiceLine{
		Type: string(l.Type), CustomerId: l.CustomerID, CustomerDisplayName: l.CustomerName, Domain: l.Domain,
		SubscriptionId: l.SubscriptionID, SkuId: l.SKUID, SkuDisplayName: l.SKUName, PurchaseOrderId: l.PurchaseOrderID,
		StartDate: day(l.Period.From), EndDate: day(l.Period.Last()), Quantity: l.Seats, UnitPrice: price(l.Price, l.Amount.Currency),
		PriceDays: l.PerDays, Amount: amount(l.Amount), MigrationId: l.MigrationID, CounterpartyAccountId: l.CounterpartyID, LotId: l.LotID,
	}
}
