package cli

import (
	"context"

	"github.com/spf13/cobra"

	"psc/internal/billing"
)

type legalEntityJSON struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Country string `json:"country"`
}

func newLegalEntityJSON(e billing.LegalEntity) legalEntityJSON {
	return legalEntityJSON{e.ID, e.Name, e.Country}
}

func legalEntityCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"legal-entity",
		t.verb("legal-entity", "list", inConsole, cobra.NoArgs, listLegalEntities),
		createLegalEntity(t),
	)
}

func listLegalEntities(ctx context.Context, s *session, _ []string) error {
	list, err := s.LegalEntities(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"ident", "name", "country"}}
	for _, e := range list {
		tab.add(e.ID, e.Name, e.Country)
	}
	return s.Table(collected(list, newLegalEntityJSON), tab)
}

func createLegalEntity(t *Terminal) *cobra.Command {
	var name, country string
	cmd := t.verb("legal-entity", "create", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		e, err := s.CreateLegalEntity(ctx, s.actor, name, country)
		if err != nil {
			return err
		}
		return s.Result(newLegalEntityJSON(e), e.ID, s.Say.T("cli.legal_entity.created", "LegalEntity", e.Name, "ID", e.ID))
	})
	t.text(cmd, &name, "name", "")
	t.text(cmd, &country, "country", "")
	return cmd
}
