package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
)

type agreementJSON struct {
	LegalEntityID string    `json:"legal_entity_id"`
	LegalEntity   string    `json:"legal_entity"`
	SignedAt      time.Time `json:"signed_at,omitzero"`
	SignedBy      string    `json:"signed_by,omitempty"`
}

func agreementCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"agreement",
		t.verb("agreement", "list", inConsole, cobra.NoArgs, listAgreements),
		t.verb("agreement", "sign LEGAL_ENTITY_ID", inConsole, cobra.ExactArgs(1), signAgreement),
	)
}

func listAgreements(ctx context.Context, s *session, _ []string) error {
	list, err := s.Agreements(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"legal_entity_id", "legal_entity", "signed", "signed_by"}}
	for _, g := range list {
		tab.add(g.LegalEntity.ID, g.LegalEntity.Name, s.when(g.SignedAt), g.SignedBy)
	}
	return s.Table(collected(list, func(g app.Agreement) agreementJSON {
		return agreementJSON{g.LegalEntity.ID, g.LegalEntity.Name, g.SignedAt, g.SignedBy}
	}), tab)
}

func signAgreement(ctx context.Context, s *session, args []string) error {
	if err := s.SignAgreement(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.said(args[0], "cli.agreement.signed", "ID", args[0])
}
