package cli

import (
	"context"

	"github.com/spf13/cobra"

	"psc/internal/billing"
	"psc/internal/money"
)

type issuerJSON struct {
	ID                 string         `json:"id"`
	Code               string         `json:"code"`
	Name               string         `json:"name"`
	Currency           money.Currency `json:"currency,omitempty"`
	RegistrationNumber string         `json:"registration_number,omitempty"`
	TaxRounding        money.Rounding `json:"tax_rounding"`
}

func newIssuerJSON(i billing.Issuer) issuerJSON {
	return issuerJSON{i.ID, i.Code, i.Name, i.Currency, i.RegistrationNumber, i.TaxRounding}
}

func issuerCommand(t *Terminal) *cobra.Command {
	return t.slice("issuer", t.verb("issuer", "list", outside, cobra.NoArgs, listIssuers), createIssuer(t), editIssuer(t))
}

func listIssuers(ctx context.Context, s *session, _ []string) error {
	list, err := s.Issuers(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"ident", "code", "name", "currency", "registration_number"}}
	for _, i := range list {
		tab.add(i.ID, i.Code, i.Name, string(i.Currency), i.RegistrationNumber)
	}
	return s.Table(collected(list, newIssuerJSON), tab)
}

func createIssuer(t *Terminal) *cobra.Command {
	var code, name, currency, number, rounding string
	cmd := t.verb("issuer", "create", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		i, err := s.CreateIssuer(ctx, s.actor, billing.Issuer{
			Code: code, Name: name, Currency: money.Currency(currency), RegistrationNumber: number, TaxRounding: money.Rounding(rounding),
		})
		if err != nil {
			return err
		}
		return s.Result(newIssuerJSON(i), i.ID, s.Say.T("cli.issuer.created", "Issuer", i.Name, "ID", i.ID))
	})
	t.text(cmd, &code, "code", "")
	t.text(cmd, &name, "name", "")
	t.text(cmd, &currency, "currency", "")
	t.text(cmd, &number, "registration-number", "")
	t.text(cmd, &rounding, "tax-rounding", string(money.Floor))
	return cmd
}

// editIssuer changes what the command names and leaves the rest.
func editIssuer(t *Terminal) *cobra.Command {
	var typed [3]string
	cmd := t.verb("issuer", "edit ISSUER", outside, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		i, err := s.Issuer(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		rounding := string(i.TaxRounding)
		for n, field := range map[string]*string{"name": &i.Name, "registration-number": &i.RegistrationNumber, "tax-rounding": &rounding} {
			if flag := t.running.Flags().Lookup(n); flag.Changed {
				*field = flag.Value.String()
			}
		}
		i.TaxRounding = money.Rounding(rounding)
		if i, err = s.EditIssuer(ctx, s.actor, i); err != nil {
			return err
		}
		return s.Result(newIssuerJSON(i), i.ID, s.Say.T("cli.issuer.edited", "Issuer", i.Name))
	})
	t.text(cmd, &typed[0], "name", "")
	t.text(cmd, &typed[1], "registration-number", "")
	t.text(cmd, &typed[2], "tax-rounding", "")
	return cmd
}
