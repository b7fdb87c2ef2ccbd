package cli

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
)

type serviceAccountJSON struct {
	ID         string              `json:"id"` // the client ID of OAuth 2
	Name       string              `json:"name"`
	Email      string              `json:"email,omitempty"` // in the list
	Privileges []console.Privilege `json:"privileges"`
	CreatedBy  string              `json:"created_by"`
	CreatedAt  time.Time           `json:"created_at"`
	Tokens     []tokenJSON         `json:"tokens"`
}

func accountOf(a app.ServiceAccountView) serviceAccountJSON {
	return serviceAccountJSON{a.ID, a.Name, a.Email, a.Scopes, a.CreatedBy, a.CreatedAt, collected(a.Tokens, tokenOf)}
}

func serviceAccountCommand(t *Terminal) *cobra.Command {
	return t.slice("service-account", listServiceAccounts(t), makeServiceAccount(t), makeClientSecret(t), makeKey(t), removeServiceAccount(t))
}

func listServiceAccounts(t *Terminal) *cobra.Command {
	return t.verb("service-account", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		found, err := s.ServiceAccounts(ctx, s.actor)
		if err != nil {
			return err
		}
		list := collected(found, accountOf)
		tab := table{columns: []string{"service_account", "name", "privileges", "email"}}
		for _, a := range list {
			tab.add(a.ID, a.Name, joined(a.Privileges), a.Email)
		}
		return s.Table(list, tab)
	})
}

func makeServiceAccount(t *Terminal) *cobra.Command {
	return t.verb("service-account", "create NAME PRIVILEGE...", inConsole, cobra.MinimumNArgs(1), func(ctx context.Context, s *session, args []string) error {
		a, err := s.MakeServiceAccount(ctx, s.actor, args[0], privileges(args[1:]))
		if err != nil {
			return err
		}
		return s.Result(accountOf(app.ServiceAccountView{ServiceAccount: a}), a.ID, s.Say.T("cli.service_account.made", "Name", a.Name, "ID", a.ID))
	})
}

func makeClientSecret(t *Terminal) *cobra.Command {
	var days int64
	cmd := t.verb("service-account", "secret SERVICE_ACCOUNT NAME", inConsole, cobra.ExactArgs(2), func(ctx context.Context, s *session, args []string) error {
		secret, made, err := s.MakeClientSecret(ctx, s.actor, args[0], app.NewToken{Name: args[1], Life: life(days)})
		if err != nil {
			return err
		}
		return s.secret(made, secret)
	})
	t.days(cmd, &days)
	return cmd
}

// makeKey writes the key file, whatever else was asked for: it is what Google's client libraries read.
func makeKey(t *Terminal) *cobra.Command {
	var days int64
	var base string
	cmd := t.verb("service-account", "key SERVICE_ACCOUNT NAME", inConsole, cobra.ExactArgs(2), func(ctx context.Context, s *session, args []string) error {
		file, _, err := s.MakeKey(ctx, s.actor, args[0], app.NewToken{Name: args[1], Life: life(days)}, strings.TrimRight(base, "/")+app.TokenPath)
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(file, "", "  ") //nolint:gosec // a key file holds the key
		if err != nil {
			return err
		}
		s.Line(string(text))
		return nil
	})
	t.days(cmd, &days)
	t.text(cmd, &base, "base-url", t.BaseURL)
	return cmd
}

func removeServiceAccount(t *Terminal) *cobra.Command {
	return t.verb("service-account", "remove SERVICE_ACCOUNT", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if err := s.RemoveServiceAccount(ctx, s.actor, args[0]); err != nil {
			return err
		}
		return s.said(args[0], "service_account_page.removed", "Name", args[0])
	})
}
