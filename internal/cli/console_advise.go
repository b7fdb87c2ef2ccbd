package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/migration"
)

type adviceJSON struct {
	AccountID  string               `json:"account_id"`
	Name       string               `json:"name"`
	Customers  int64                `json:"customers"`
	Fixed      int64                `json:"never_move"` // of its own customers
	Currencies int                  `json:"currencies"`
	Ready      int64                `json:"others_ready"`
	Curable    int64                `json:"others_curable"`
	Stay       int64                `json:"others_never_move"`
	Reasons    []reasonJSON         `json:"reasons"`
	Missing    []missingAccountJSON `json:"missing_accounts"`
	Earliest   time.Time            `json:"earliest_start"`
	CloseFirst []string             `json:"close_first"` // connection IDs
}

type reasonJSON struct {
	Code      migration.Code `json:"code"`
	Customers int64          `json:"customers"`
}

func newAdviceJSON(a app.Advice) adviceJSON {
	j := adviceJSON{
		AccountID: string(a.AccountID), Name: a.Name, Customers: a.Customers, Fixed: a.Fixed, Currencies: a.Currencies,
		Ready: a.Ready, Curable: a.Curable, Stay: a.Stay, Earliest: a.Earliest,
		Reasons: make([]reasonJSON, 0, len(a.Reasons)), CloseFirst: make([]string, 0, len(a.Obstacles)),
		Missing: collected(a.Missing, newMissingAccountJSON),
	}
	for _, r := range a.Reasons {
		j.Reasons = append(j.Reasons, reasonJSON{r.Code, r.Customers})
	}
	for _, o := range a.Obstacles {
		j.CloseFirst = append(j.CloseFirst, o.ID)
	}
	return j
}

func adviseMain(t *Terminal) *cobra.Command {
	var domain string
	cmd := t.verb("console", "advise", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		list, err := s.AdviseMain(ctx, s.actor, domain)
		if err != nil {
			return err
		}
		tab := table{columns: []string{"account_id", "name", "customers", "never_move", "currencies", "others_ready", "curable", "stay", "may_start", "close_first"}}
		for _, a := range list {
			j := newAdviceJSON(a)
			tab.add(j.AccountID, j.Name, s.Say.Num(j.Customers), s.Say.Num(j.Fixed), s.Say.Num(int64(j.Currencies)), s.Say.Num(j.Ready),
				s.Say.Num(j.Curable), s.Say.Num(j.Stay), s.when(j.Earliest), strings.Join(j.CloseFirst, " "))
		}
		return s.Table(collected(list, newAdviceJSON), tab)
	})
	t.text(cmd, &domain, "prefer-domain", "")
	return cmd
}
