package cli

import (
	"context"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/money"
)

type reconciledJSON struct {
	runReportJSON

	Fits          bool              `json:"fits"`
	Customers     int64             `json:"customers"`
	Subscriptions int64             `json:"subscriptions"`
	Misfits       int64             `json:"misfits"`
	Undone        int64             `json:"undone"`
	Totals        []reportTotalJSON `json:"totals"`
	Bad           []misfitJSON      `json:"does_not_fit"`
}

type reportTotalJSON struct {
	Currency      money.Currency `json:"currency"`
	Subscriptions int64          `json:"subscriptions"`
	Lots          int64          `json:"lots"`
	Credit        int64          `json:"credit_minor"`
	Charge        int64          `json:"charge_minor"`
}

func newReportTotalJSON(t app.ReportTotal) reportTotalJSON {
	return reportTotalJSON{t.Currency, t.Subscriptions, t.Lots, t.Credit.Minor, t.Charge.Minor}
}

type misfitJSON struct {
	MigrationID    string `json:"migration_id"`
	CustomerID     string `json:"customer_id"`
	CustomerName   string `json:"customer_name"`
	SubscriptionID string `json:"subscription_id"`
	Misfit         string `json:"misfit"`
}

func newMisfitJSON(r app.ReportRow) misfitJSON {
	return misfitJSON{r.MigrationID, r.CustomerID, r.CustomerName, r.SubscriptionID, string(r.Misfit)}
}

// reconcile tells what a run moved, and fails if days or amounts do not fit.
func (s *session) reconcile(ctx context.Context, connectionID, id string) error {
	r, err := s.MigrationReport(ctx, s.actor, connectionID, id, 0, 1)
	if err != nil {
		return err
	}
	if s.JSON || s.Quiet {
		err = s.Result(reconciledJSON{
			newRunReportJSON(r.Run), r.Fits(), r.Customers, r.Subscriptions, r.Misfits, r.Undone, collected(r.Totals, newReportTotalJSON),
			collected(r.Bad, newMisfitJSON),
		}, r.ID, "")
	} else {
		err = s.reconciled(r)
	}
	if err == nil && !r.Fits() {
		err = fault.New(fault.Precondition, "report.does_not_fit", nil)
	}
	return err
}

func (s *session) reconciled(r app.Report) error {
	if err := s.report(r.Run); err != nil {
		return err
	}
	for _, t := range r.Totals {
		s.Line(s.Say.T("cli.migration.reconciled.total", "Currency", string(t.Currency), "Subscriptions", s.Say.Num(t.Subscriptions),
			"Lots", s.Say.Num(t.Lots), "Credit", s.money(t.Credit), "Charge", s.money(t.Charge)))
	}
	if r.Fits() {
		s.Line(s.Say.T("cli.migration.reconciled.fits"))
	}
	if r.Undone > 0 {
		s.Line(s.Say.T("report.undone", "Count", r.Undone))
	}
	tab := table{columns: []string{"migration_id", "customer_id", "name", "subscription_id", "check"}}
	for _, b := range r.Bad {
		tab.add(b.MigrationID, b.CustomerID, b.CustomerName, b.SubscriptionID, s.Say.T("report.misfit."+string(b.Misfit)))
	}
	if len(tab.rows) > 0 {
		s.lines(tab)
	}
	return nil
}
