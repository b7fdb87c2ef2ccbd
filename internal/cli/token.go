package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
)

type tokenJSON struct {
	ID             string              `json:"id"`
	Kind           console.TokenKind   `json:"kind"`
	Name           string              `json:"name"`
	Privileges     []console.Privilege `json:"privileges"`
	ServiceAccount string              `json:"service_account,omitempty"`
	AccountID      string              `json:"account_id,omitempty"` // of the console, where tokens of several are listed
	CreatedBy      string              `json:"created_by"`
	CreatedAt      time.Time           `json:"created_at"`
	ExpiresAt      time.Time           `json:"expires_at"`
	LastUsedAt     *time.Time          `json:"last_used_at"`
	Secret         string              `json:"secret,omitempty"` // of a new one only
}

func tokenOf(t console.Token) tokenJSON {
	j := tokenJSON{
		ID: t.ID, Kind: t.Kind, Name: t.Name, Privileges: t.Scopes, ServiceAccount: t.ServiceAccountID,
		CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt,
	}
	if !t.LastUsedAt.IsZero() {
		j.LastUsedAt = &t.LastUsedAt
	}
	return j
}

func tokenCommand(t *Terminal) *cobra.Command {
	return t.slice("token", makeToken(t), listTokens(t), ownTokens(t), revokeToken(t))
}

const usualDays = 90

// days adds the flag for the life of what a command makes.
func (t *Terminal) days(cmd *cobra.Command, value *int64) { t.number(cmd, value, "days", usualDays) }

// life is what --days says; what is no life that a token can have stays none.
func life(days int64) time.Duration { return time.Duration(max(min(days, 10_000), 0)) * 24 * time.Hour }

func makeToken(t *Terminal) *cobra.Command {
	var days int64
	cmd := t.verb("token", "create NAME PRIVILEGE...", inConsole, cobra.MinimumNArgs(1), func(ctx context.Context, s *session, args []string) error {
		secret, made, err := s.MakeToken(ctx, s.actor, app.NewToken{Name: args[0], Scopes: privileges(args[1:]), Life: life(days)})
		if err != nil {
			return err
		}
		return s.secret(made, secret)
	})
	t.days(cmd, &days)
	return cmd
}

// secret hands out what is new, this once.
func (s *session) secret(made console.Token, secret string) error {
	j := tokenOf(made)
	j.Secret = secret
	return s.Result(j, secret, s.Say.T("cli.token.made", "Name", made.Name, "Secret", secret, "Until", made.ExpiresAt))
}

func listTokens(t *Terminal) *cobra.Command {
	return t.verb("token", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		found, err := s.Tokens(ctx, s.actor)
		if err != nil {
			return err
		}
		return s.tokens(collected(found, tokenOf))
	})
}

func ownTokens(t *Terminal) *cobra.Command {
	return t.verb("token", "own", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		found, err := s.OwnTokens(ctx, s.actor.PersonID)
		if err != nil {
			return err
		}
		return s.tokens(collected(found, func(o app.OwnToken) tokenJSON {
			j := tokenOf(o.Token)
			j.AccountID = string(o.Console.AccountID)
			return j
		}))
	})
}

func (s *session) tokens(list []tokenJSON) error {
	tab := table{columns: []string{"token", "name", "kind", "privileges", "used", "until"}}
	for _, j := range list {
		used := s.Say.T("token_page.never")
		if j.LastUsedAt != nil {
			used = s.Say.When(*j.LastUsedAt)
		}
		tab.add(j.ID, j.Name, string(j.Kind), joined(j.Privileges), used, s.Say.When(j.ExpiresAt))
	}
	return s.Table(list, tab)
}

func revokeToken(t *Terminal) *cobra.Command {
	return t.verb("token", "revoke TOKEN", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if err := s.RevokeToken(ctx, s.actor, args[0]); err != nil {
			return err
		}
		return s.said(args[0], "token_page.revoked", "Name", args[0])
	})
}
