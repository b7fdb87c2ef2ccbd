package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
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
		listConsoles(t),
		t.verb("console", "show", inConsole, cobra.NoArgs, showConsole),
		adviseMain(t),
		createConsole(t),
		setConsoleState(t, "suspend", (*app.App).SuspendConsole),
		setConsoleState(t, "reactivate", (*app.App).ReactivateConsole),
	)
}

// setConsoleState suspends a console, or lets it go on.
func setConsoleState(t *Terminal, verb string, do func(*app.App, context.Context, console.Actor, string) error) *cobra.Command {
	var reason string
	cmd := t.verb("console", verb, inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		if err := do(s.App, ctx, s.actor, reason); err != nil {
			return err
		}
		return s.said(string(s.console.AccountID), "cli.console."+verb+"_done", "Console", s.console.Name)
	})
	t.text(cmd, &reason, "reason", "")
	return cmd
}

func listConsoles(t *Terminal) *cobra.Command {
	var search string
	var limit int64
	cmd := t.verb("console", "list", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		list, err := s.ConsoleList(ctx, s.actor, search, app.Page{Limit: int(max(limit, 1))})
		if err != nil {
			return err
		}
		if err := s.consoles(collected(list.Rows, func(c app.ConsoleLine) consoleJSON { return newConsoleJSON(c.Console) })); err != nil {
			return err
		}
		t.more(list.HasNext)
		return nil
	})
	t.text(cmd, &search, "search", "")
	t.number(cmd, &limit, "limit", app.PageSize)
	return cmd
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
		tab.add(c.AccountID, c.Name, c.Reseller, word(s.Terminal, "console_state", c.State), s.when(c.CreatedAt))
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
