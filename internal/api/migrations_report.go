package api

import (
	"context"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

// GetMigrationReport implements pscv1.MigrationServiceServer.
func (o own) GetMigrationReport(ctx context.Context, r *pscv1.GetMigrationReportRequest) (*pscv1.MigrationReport, error) {
	p, err := at(ctx, "name", r.GetName(), connections, "reports")
	if err != nil {
		return nil, err
	}
	limit, after, err := readPage[int64](r, p.actor.ConsoleID, r.GetName())
	if err != nil {
		return nil, err
	}
	report, err := o.app.MigrationReport(ctx, p.actor, p.ids[0], p.ids[1], after, limit)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.MigrationReport{
		Name: p.name(connections, p.ids[0], "reports", p.ids[1]), Operation: p.operation(report.Operation), Fits: report.Fits(),
		Customers: report.Customers, Subscriptions: report.Subscriptions, Misfits: report.Misfits, Cancelled: report.Cancelled,
		Totals: each(report.Totals, func(t app.ReportTotal) *pscv1.ReportTotal {
			return &pscv1.ReportTotal{
				CurrencyCode: string(t.Currency), Subscriptions: t.Subscriptions, Lots: t.Lots, Credit: amount(t.Credit), Charge: amount(t.Charge),
			}
		}),
		Rows: each(report.Rows, reportRow),
		Returned: each(report.Returns, func(c app.OperationReturn) *pscv1.ReturnedCustomer {
			return &pscv1.ReturnedCustomer{
				MigrationId: c.MigrationID, CustomerId: c.CustomerID, CustomerDisplayName: c.CustomerName, Reason: c.Reason,
			}
		}),
	}
	if report.Next >= 0 {
		answer.NextPageToken = nextPage(report.Next, p.actor.ConsoleID, r.GetName())
	}
	return answer, nil
}

func reportRow(row app.ReportRow) *pscv1.ReportRow {
	return &pscv1.ReportRow{
		Number: row.Seq, MigrationId: row.MigrationID, State: enum[pscv1.Migration_State](string(row.State)), CustomerId: row.CustomerID,
		CustomerDisplayName: row.CustomerName, SubscriptionId: row.SubscriptionID, SkuDisplayName: row.SKUName, Seats: row.Seats,
		CurrencyCode: string(row.Currency), BillingAccountId: row.FromAccountID + row.ToAccountID, // reported leaves one of them
		FromLegalEntity: row.FromEntity, ToLegalEntity: row.ToEntity, BillingDate: day(row.Date), Misfit: string(row.Misfit),
	}
}
