package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
)

type userJSON struct {
	Email    string       `json:"email"`
	Name     string       `json:"name"`
	Role     console.Role `json:"role,omitempty"` // in the console of --console
	State    string       `json:"state,omitempty"`
	Operator bool         `json:"operator"`
}

type newUserJSON struct {
	userJSON

	PasswordLink string `json:"password_link"`
}

func userCommand(t *Terminal) *cobra.Command {
	return t.slice("user", listUsers(t), createUser(t), inviteUser(t), setRole(t),
		changeUser(t, "suspend"), changeUser(t, "reactivate"), changeUser(t, "remove"), resetPassword(t), listSessions(t), signOut(t),
		t.verb("user", "end-operator EMAIL", outside, cobra.ExactArgs(1), endOperator))
}

// listUsers lists the people of a console, or without one everybody.
func listUsers(t *Terminal) *cobra.Command {
	var account string
	cmd := t.verb("user", "list", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		list, err := s.users(ctx, account)
		if err != nil {
			return err
		}
		tab := table{columns: []string{"email", "name", "role", "state", "operator"}}
		for _, u := range list {
			tab.add(u.Email, u.Name, word(s.Terminal, "role", u.Role), word(s.Terminal, "people.state", u.State), s.yesNo(u.Operator))
		}
		return s.Table(list, tab)
	})
	t.text(cmd, &account, "console", "")
	return cmd
}

func (s *session) users(ctx context.Context, account string) ([]userJSON, error) {
	if account == "" {
		list, err := s.People(ctx, s.actor)
		return collected(list, func(p console.Person) userJSON {
			return userJSON{Email: p.Email, Name: p.Name, Operator: p.Operator}
		}), err
	}
	actor, _, err := s.enter(ctx, account)
	if err != nil {
		return nil, err
	}
	list, err := s.Members(ctx, actor)
	return collected(list, func(m app.Member) userJSON {
		return userJSON{m.Person.Email, m.Person.Name, m.Role, string(m.State), m.Person.Operator}
	}), err
}

// createUser makes a person, gives it a role if a console is named, and hands out the link to choose a password.
func createUser(t *Terminal) *cobra.Command {
	var p console.Person
	var account, role, base string
	cmd := t.verb("user", "create", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) (err error) {
		if (account == "") != (role == "") || (account == "" && !p.Operator) {
			return fault.New(fault.Invalid, "cli.user_role", nil)
		}
		actor := s.actor
		if account != "" {
			if actor, _, err = s.enter(ctx, account); err != nil {
				return err
			}
			if err := s.hasRole(ctx, actor, console.Role(role)); err != nil {
				return err
			}
		}
		if p, err = s.CreatePerson(ctx, s.actor, p); err != nil {
			return err
		}
		if account != "" {
			if err := s.SetRole(ctx, actor, p.Email, console.Role(role)); err != nil {
				return err
			}
		}
		return s.offerLink(ctx, base, userJSON{Email: p.Email, Name: p.Name, Role: console.Role(role), Operator: p.Operator}, "cli.user.created")
	})
	t.text(cmd, &p.Email, "email", "")
	t.text(cmd, &p.Name, "name", "")
	t.text(cmd, &p.Language, "language", "")
	t.yes(cmd, &p.Operator, "operator")
	t.text(cmd, &account, "console", "")
	t.text(cmd, &role, "role", "")
	t.text(cmd, &base, "base-url", t.BaseURL)
	return cmd
}

// hasRole refuses a role that the console does not have.
func (s *session) hasRole(ctx context.Context, actor console.Actor, role console.Role) error {
	list, err := s.Roles(ctx, actor)
	if err == nil && !slices.ContainsFunc(list, func(r app.RoleView) bool { return r.Role == role }) {
		err = fault.InvalidField("role", "person.role", nil)
	}
	return err
}

// offerLink hands out the one-time link with which the person chooses a password.
func (s *session) offerLink(ctx context.Context, base string, u userJSON, key string) error {
	secret, err := s.OfferPasswordReset(ctx, s.actor, u.Email)
	if err != nil {
		return err
	}
	link := strings.TrimRight(base, "/") + "/reset/" + secret
	return s.Result(newUserJSON{u, link}, u.Email, s.Say.T(key, "Email", u.Email, "Link", link))
}

func endOperator(ctx context.Context, s *session, args []string) error {
	if err := s.EndOperator(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.said(args[0], "operator_person.ended", "Email", args[0])
}

func setRole(t *Terminal) *cobra.Command {
	return t.verb("user", "set-role EMAIL ROLE", inConsole, cobra.ExactArgs(2), func(ctx context.Context, s *session, args []string) error {
		if err := s.SetRole(ctx, s.actor, args[0], console.Role(args[1])); err != nil {
			return err
		}
		return s.said(args[0], "cli.user.role_set", "Email", args[0], "Role", args[1], "Console", s.console.Name)
	})
}

func resetPassword(t *Terminal) *cobra.Command {
	var base string
	cmd := t.verb("user", "reset-password EMAIL", outside, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		return s.offerLink(ctx, base, userJSON{Email: console.Fold(args[0])}, "cli.user.reset")
	})
	t.text(cmd, &base, "base-url", t.BaseURL)
	return cmd
}
