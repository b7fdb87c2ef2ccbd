package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
)

type roleJSON struct {
	Role       console.Role        `json:"role"` // what user set-role takes
	Name       string              `json:"name,omitempty"`
	Privileges []console.Privilege `json:"privileges"`
	Held       int                 `json:"held"`
}

func roleCommand(t *Terminal) *cobra.Command {
	return t.slice("role", listRoles(t), makeRole(t), changeRole(t), archiveRole(t))
}

func listRoles(t *Terminal) *cobra.Command {
	return t.verb("role", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		found, err := s.Roles(ctx, s.actor)
		if err != nil {
			return err
		}
		list := collected(found, func(r app.RoleView) roleJSON {
			return roleJSON{r.Role, r.Custom.Name, r.Privileges(), r.Held}
		})
		tab := table{columns: []string{"role", "name", "privileges", "held"}}
		for _, r := range list {
			tab.add(string(r.Role), r.Name, joined(r.Privileges), s.Say.Num(int64(r.Held)))
		}
		return s.Table(list, tab)
	})
}

func joined(list []console.Privilege) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = string(p)
	}
	return strings.Join(words, " ")
}

// privileges reads the privileges that are named after a role.
func privileges(args []string) []console.Privilege {
	return collected(args, func(word string) console.Privilege { return console.Privilege(strings.ToUpper(word)) })
}

func makeRole(t *Terminal) *cobra.Command {
	return t.verb("role", "make NAME PRIVILEGE...", inConsole, cobra.MinimumNArgs(1), func(ctx context.Context, s *session, args []string) error {
		r, err := s.MakeRole(ctx, s.actor, args[0], privileges(args[1:]))
		if err != nil {
			return err
		}
		return s.said(string(r.ID), "cli.role.made", "Name", r.Name, "Role", string(r.ID))
	})
}

func changeRole(t *Terminal) *cobra.Command {
	return t.verb("role", "change ROLE NAME PRIVILEGE...", inConsole, cobra.MinimumNArgs(2), func(ctx context.Context, s *session, args []string) error {
		r, err := s.ChangeRole(ctx, s.actor, console.Role(args[0]), args[1], privileges(args[2:]))
		if err != nil {
			return err
		}
		return s.said(string(r.ID), "role_page.changed", "Name", r.Name)
	})
}

func archiveRole(t *Terminal) *cobra.Command {
	return t.verb("role", "archive ROLE", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if err := s.ArchiveRole(ctx, s.actor, console.Role(args[0])); err != nil {
			return err
		}
		return s.said(args[0], "cli.role.archived", "Role", args[0])
	})
}
