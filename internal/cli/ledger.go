package cli

import (
	"context"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/fault"
)

type ledgerJSON struct {
	Entries       int64             `json:"entries"`
	Invoices      int64             `json:"invoices"`
	Discrepancies []discrepancyJSON `json:"discrepancies"`
}

type discrepancyJSON struct {
	Check    string `json:"check"`
	Subject  string `json:"subject"`
	Expected int64  `json:"expected_minor"`
	Found    int64  `json:"found_minor"`
}

func newLedgerJSON(r app.LedgerReport) ledgerJSON {
	return ledgerJSON{r.Entries, r.Invoices, collected(r.Discrepancies, func(d app.Discrepancy) discrepancyJSON { return discrepancyJSON(d) })}
}

func (s *session) discrepancies(r app.LedgerReport) table {
	tab := table{columns: []string{"subject", "check", "expected", "found"}}
	for _, d := range r.Discrepancies {
		tab.add(d.Subject, s.Say.T("cli.ledger.checks."+d.Check), s.Say.Num(d.Expected), s.Say.Num(d.Found))
	}
	return tab
}

func ledgerCommand(t *Terminal) *cobra.Command {
	return t.slice("ledger", t.verb("ledger", "check", outside, cobra.NoArgs, checkLedger))
}

// checkLedger tells what does not agree, and fails if there is anything.
func checkLedger(ctx context.Context, s *session, _ []string) error {
	r, err := s.CheckLedger(ctx, s.actor)
	if err != nil {
		return err
	}
	out := newLedgerJSON(r)
	if len(r.Discrepancies) == 0 {
		return s.Result(out, "", s.Say.T("cli.ledger.agrees", "Entries", s.Say.Num(r.Entries), "Invoices", s.Say.Num(r.Invoices)))
	}
	if err := s.Table(out, s.discrepancies(r)); err != nil {
		return err
	}
	return fault.New(fault.Precondition, "ledger.disagrees", fault.Args{"Number": len(r.Discrepancies)})
}
