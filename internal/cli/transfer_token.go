package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
)

type transferTokenJSON struct {
	ID        string    `json:"id"`
	Token     string    `json:"token,omitempty"` // of a new one only
	CreatedBy string    `json:"created_by,omitempty"`
	ExpiresAt time.Time `json:"expires_at"`
	UsedAt    time.Time `json:"used_at,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
}

// createTransferToken makes the token with which a customer lets another reseller have its subscriptions, and tells it this once.
func createTransferToken(ctx context.Context, s *session, id string) error {
	token, made, err := s.CreateTransferToken(ctx, s.actor, id)
	if err != nil {
		return err
	}
	return s.Result(transferTokenJSON{ID: made.ID, Token: token, ExpiresAt: made.ExpiresAt}, token,
		s.Say.T("cli.customer.token_made", "Until", s.when(made.ExpiresAt))+"\n"+token)
}

func listTransferTokens(ctx context.Context, s *session, id string) error {
	_, found, err := s.TransferTokens(ctx, s.actor, id)
	if err != nil {
		return err
	}
	list := collected(found, func(t app.TransferToken) transferTokenJSON {
		return transferTokenJSON{ID: t.ID, CreatedBy: t.CreatedBy, ExpiresAt: t.ExpiresAt, UsedAt: t.UsedAt, RevokedAt: t.RevokedAt}
	})
	tab := table{columns: []string{"token", "name", "until", "used", "revoked"}}
	for _, j := range list {
		tab.add(j.ID, j.CreatedBy, s.when(j.ExpiresAt), s.when(j.UsedAt), s.when(j.RevokedAt))
	}
	return s.Table(list, tab)
}

func revokeTransferToken(t *Terminal) *cobra.Command {
	return t.verb("customer", "revoke-transfer-token CUSTOMER_ID TOKEN_ID", inConsole, cobra.ExactArgs(2),
		func(ctx context.Context, s *session, args []string) error {
			if err := s.RevokeTransferToken(ctx, s.actor, args[0], args[1]); err != nil {
				return err
			}
			return s.said(args[1], "transfer_token_page.revoked")
		})
}

// takeOverCommand takes over the subscriptions of a customer from another reseller.
func takeOverCommand(t *Terminal) *cobra.Command {
	var token string
	cmd := t.verb("customer", "take-over ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		ids, err := s.TakeOver(ctx, s.actor, app.TransferIn{CustomerID: args[0], Token: token})
		if err != nil {
			return err
		}
		return s.Result(map[string][]string{"subscription_ids": ids}, strings.Join(ids, "\n"), s.Say.T("cli.customer.taken_over"))
	})
	t.text(cmd, &token, "transfer-token", "")
	return cmd
}
