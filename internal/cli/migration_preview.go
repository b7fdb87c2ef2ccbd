package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

type previewJSON struct {
	ConnectionID string       `json:"connection_id"`
	BillingDate  string       `json:"billing_date"`
	Zone         string       `json:"billing_time_zone"`
	Customers    int64        `json:"customers"`
	Totals       []effectJSON `json:"totals"`
}

type effectJSON struct {
	Currency      money.Currency `json:"currency"`
	Subscriptions int64          `json:"subscriptions"`
	SourceWithout string         `json:"source_without_minor"` // before tax, as a decimal number
	SourceWith    string         `json:"source_with_minor"`
	MainWith      string         `json:"main_with_minor"`
}

// previewMigrations shows what moving would do to the invoices of both consoles for the month of the billing date.
func previewMigrations(t *Terminal) *cobra.Command {
	var id, on string
	var sc scope
	cmd := t.verb("migration", "preview [ID...]", inConsole, cobra.ArbitraryArgs, func(ctx context.Context, s *session, ids []string) error {
		rows, err := sc.of(ids)
		if err != nil {
			return err
		}
		if id, err = s.connectionOf(ctx, id); err != nil {
			return err
		}
		day := civil.DateOf(s.Clock.Now(), s.Config.BillingZone)
		if on != "" {
			if day, err = civil.Parse(on); err != nil {
				return fault.InvalidField("on", "cli.date", fault.Args{"Value": on})
			}
		}
		p, err := s.PreviewMigration(ctx, s.actor, id, rows, day, 0)
		if err != nil {
			return err
		}
		return s.preview(p)
	})
	t.connectionFlag(cmd, &id)
	t.scopeFlags(cmd, &sc)
	t.text(cmd, &on, "on", "")
	return cmd
}

func (s *session) preview(p app.Preview) error {
	out := previewJSON{p.Connection.ID, p.Date.String(), p.Zone, p.Customers, []effectJSON{}}
	tab := table{columns: []string{"currency", "subscriptions", "source_without", "source_with", "main_with"}}
	for _, e := range p.Totals {
		out.Totals = append(out.Totals, effectJSON{
			e.Currency, e.Subscriptions, strconv.FormatInt(e.SourceWithout, 10), strconv.FormatInt(e.SourceWith, 10), strconv.FormatInt(e.MainWith, 10),
		})
		currency := string(e.Currency)
		tab.add(currency, s.Say.Num(e.Subscriptions), s.Say.Money(e.SourceWithout, currency), s.Say.Money(e.SourceWith, currency), s.Say.Money(e.MainWith, currency))
	}
	if !s.JSON && !s.Quiet {
		s.Line(s.Say.T("cli.migration.previewed", "Count", p.Customers, "Date", p.Date, "Zone", p.Zone))
	}
	return s.Table(out, tab)
}
