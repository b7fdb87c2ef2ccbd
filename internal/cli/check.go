package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/fault"
)

type checkJSON struct {
	Rules    int          `json:"rules"`
	Breaches []breachJSON `json:"breaches"`
	Ledger   ledgerJSON   `json:"ledger"`
}

type breachJSON struct {
	Rule     string   `json:"rule"`
	Subjects []string `json:"subjects"`
}

// checkCommand tells what of the whole database does not hold together, and fails if there is anything.
func checkCommand(t *Terminal) *cobra.Command {
	return t.verb("check", "check", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		r, err := s.Check(ctx, s.actor)
		if err != nil {
			return err
		}
		if err := s.showCheck(r); err != nil || r.Sound() {
			return err
		}
		return fault.New(fault.Precondition, "check.broken", fault.Args{"Number": len(r.Breaches) + len(r.Ledger.Discrepancies)})
	})
}

func (s *session) showCheck(r app.CheckReport) error {
	if s.JSON {
		return s.Write(checkJSON{r.Rules, collected(r.Breaches, func(b app.Breach) breachJSON { return breachJSON(b) }), newLedgerJSON(r.Ledger)})
	}
	if r.Sound() {
		s.Line(s.Say.T("cli.check.sound", "Rules", s.Say.Num(int64(r.Rules)), "Entries", s.Say.Num(r.Ledger.Entries), "Invoices", s.Say.Num(r.Ledger.Invoices)))
	}
	for _, b := range r.Breaches {
		s.Line(s.Say.T("cli.check.not_so", "Rule", s.Say.T("cli.check.rules."+b.Rule), "Subjects", strings.Join(b.Subjects, ", ")))
	}
	if len(r.Ledger.Discrepancies) > 0 {
		s.lines(s.discrepancies(r.Ledger))
	}
	return nil
}
