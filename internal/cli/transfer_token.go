package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
)

type transferTokenJSON struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expires_at"`
}

// createTransferToken makes the token with which a customer lets another reseller have its subscriptions, and tells it this once.
func createTransferToken(ctx context.Context, s *session, id string) error {
	token, until, err := s.CreateTransferToken(ctx, s.actor, id)
	if err != nil {
		return err
	}
	return s.Result(transferTokenJSON{token, until}, token, s.Say.T("cli.customer.token_made", "Until", s.when(until))+"\n"+token)
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
