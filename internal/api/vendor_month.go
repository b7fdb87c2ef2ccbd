package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

const (
	monthCloses = "monthCloses"
	monthCheck  = "monthCheck"
)

// ListMonthsToClose implements pscv1.MonthServiceServer.
func (v vendor) ListMonthsToClose(ctx context.Context, r *pscv1.ListMonthsToCloseRequest) (*pscv1.ListMonthsToCloseResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.app.MonthsToClose(ctx, actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list)
	return &pscv1.ListMonthsToCloseResponse{NextPageToken: next, Months: each(rows, func(n app.NextMonth) *pscv1.MonthCheck {
		return place{console: n.Console}.monthCheck(n.CloseChecks)
	})}, err
}

// GetMonthCheck implements pscv1.MonthServiceServer.
func (v vendor) GetMonthCheck(ctx context.Context, r *pscv1.GetMonthCheckRequest) (*pscv1.MonthCheck, error) {
	p, err := v.single(ctx, r.GetName(), monthCheck)
	if err != nil {
		return nil, err
	}
	c, err := v.app.CloseChecks(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	return p.monthCheck(c), nil
}

func (p place) monthCheck(c app.CloseChecks) *pscv1.MonthCheck {
	m := &pscv1.MonthCheck{
		Name: p.name(monthCheck), ConsoleDisplayName: p.console.Name, Reseller: p.console.ResellerName, Standing: string(c.Standing()),
		ScheduledCustomers: c.Moves, UncoveredCurrencies: each(c.Uncovered, func(c money.Currency) string { return string(c) }),
		BilledCount: c.Billed, RenewalCount: c.Renewals, PriceCount: int64(c.Prices), RunCount: c.Runs,
	}
	if c.Standing() != app.CloseNothing {
		m.Month = day(c.Month.First())
	}
	for _, sum := range c.Corrections {
		m.Corrections = append(m.Corrections, amount(sum.Amount))
	}
	if c.Running.ID != "" {
		m.Running = p.monthClose(app.Closed{Operation: c.Running, Month: c.Month})
	}
	if c.Failed.ID != "" {
		m.Failed = p.monthClose(c.Failed)
	}
	return m
}

// CloseMonth implements pscv1.MonthServiceServer.
func (v vendor) CloseMonth(ctx context.Context, r *pscv1.CloseMonthRequest) (*pscv1.MonthClose, error) {
	p, err := v.at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	month, err := readMonth("month", r.GetMonth())
	if err != nil {
		return nil, err
	}
	op, err := v.app.CloseMonth(ctx, p.actor, month)
	if err != nil {
		return nil, err
	}
	return p.monthClose(app.Closed{Operation: op, Month: month}), nil
}

// ListMonthCloses implements pscv1.MonthServiceServer.
func (v vendor) ListMonthCloses(ctx context.Context, r *pscv1.ListMonthClosesRequest) (*pscv1.ListMonthClosesResponse, error) {
	p, err := v.at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := v.app.Closes(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, r.GetParent())
	return &pscv1.ListMonthClosesResponse{MonthCloses: each(rows, p.monthClose), NextPageToken: next}, err
}

// GetMonthClose implements pscv1.MonthServiceServer.
func (v vendor) GetMonthClose(ctx context.Context, r *pscv1.GetMonthCloseRequest) (*pscv1.MonthClose, error) {
	p, err := v.at(ctx, "name", r.GetName(), monthCloses)
	if err != nil {
		return nil, err
	}
	result, err := v.app.CloseResult(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	m := p.monthClose(result.Closed)
	m.Sums = each(result.Sums, func(s app.IssuedSum) *pscv1.IssuedSum {
		return &pscv1.IssuedSum{
			Issuer: s.Issuer, InvoiceCount: int64(s.Invoices), Net: amount(s.Net), Gross: amount(s.Gross), Due: amount(s.Due),
		}
	})
	return m, nil
}

func (p place) monthClose(c app.Closed) *pscv1.MonthClose {
	return &pscv1.MonthClose{
		Name: p.name(monthCloses, c.ID), Month: day(c.Month.First()), Operation: p.operation(c.Operation), InvoiceCount: c.Issued, Failure: c.Failure,
	}
}

// CheckLedger implements pscv1.MonthServiceServer.
func (v vendor) CheckLedger(ctx context.Context, _ *pscv1.CheckLedgerRequest) (*pscv1.LedgerReport, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	report, err := v.app.CheckLedger(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &pscv1.LedgerReport{
		EntryCount: report.Entries, InvoiceCount: report.Invoices,
		Discrepancies: each(report.Discrepancies, func(d app.Discrepancy) *pscv1.Discrepancy {
			return &pscv1.Discrepancy{Check: d.Check, Subject: d.Subject, Expected: d.Expected, Found: d.Found}
		}),
	}, nil
}
