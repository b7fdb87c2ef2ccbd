package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/console"
)

type consoleJSON struct {
	AccountID string        `json:"account_id"`
	Name      string        `json:"name"`
	Reseller  string        `json:"reseller"`
	State     console.State `json:"state"`
	CreatedAt time.Time     `json:"created_at"`
}

func newConsoleJSON(c console.Console) consoleJSON {
	return consoleJSON{string(c.AccountID), c.Name, c.ResellerName, c.State, c.CreatedAt}
}

func consoleCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"console",
		t.verb("console", "list", outside, cobra.NoArgs, listConsoles),
		t.verb("console", "show", inConsole, cobra.NoArgs, showConsole),
		adviseMain(t),
		createConsole(t),
	)
}

func listConsoles(ctx context.Context, s *session, _ []string) error {
	list, err := s.Consoles(ctx, s.actor)
	if err != nil {
		return err
	}
	return s.consoles(collected(list, newConsoleJSON))
}

func showConsole(_ context.Context, s *session, _ []string) error {
	if s.JSON {
		return s.Write(newConsoleJSON(s.console))
	}
	return s.consoles([]consoleJSON{newConsoleJSON(s.console)})
}

func (s *session) consoles(list []consoleJSON) error {
	tab := table{columns: []string{"account_id", "name", "reseller", "state", "created"}}
	for _, c := range list {
		tab.add(c.AccountID, c.Name, c.Reseller, string(c.State), s.when(c.CreatedAt))
	}
	return s.Table(list, tab)
}

func createConsole(t *Terminal) *cobra.Command {
	var reseller, name string
	cmd := t.verb("console", "create", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		c, err := s.CreateConsole(ctx, s.actor, reseller, name)
		if err != nil {
			return err
		}
		return s.Result(newConsoleJSON(c), string(c.AccountID),
			s.Say.T("cli.console.created", "Console", c.Name, "AccountID", string(c.AccountID)))
	})
	t.text(cmd, &reseller, "reseller", "")
	t.text(cmd, &name, "name", "")
	return cmd
}
