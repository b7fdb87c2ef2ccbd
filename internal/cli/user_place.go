package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
)

type invitationJSON struct {
	Email string       `json:"email"`
	Role  console.Role `json:"role"`
	Link  string       `json:"link"`
	Until time.Time    `json:"until"`
}

// inviteUser grants a role and hands out the link with which its person comes.
func inviteUser(t *Terminal) *cobra.Command {
	var base string
	cmd := t.verb("user", "invite EMAIL ROLE", inConsole, cobra.ExactArgs(2), func(ctx context.Context, s *session, args []string) error {
		in := invitationJSON{Email: console.Fold(args[0]), Role: console.Role(args[1])}
		secret, until, err := s.Invite(ctx, s.actor, in.Email, in.Role)
		if err != nil {
			return err
		}
		in.Link, in.Until = strings.TrimRight(base, "/")+"/join/"+secret, until
		return s.Result(in, in.Email, s.Say.T("cli.user.invited", "Email", in.Email, "Link", in.Link))
	})
	t.text(cmd, &base, "base-url", t.BaseURL)
	return cmd
}

// changeUser does something about a person's place in the console. To remove who has not come yet withdraws the invitation.
func changeUser(t *Terminal, act string) *cobra.Command {
	return t.verb("user", act+" EMAIL", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		email := console.Fold(args[0])
		m, err := s.member(ctx, email)
		if err != nil {
			return err
		}
		change := map[string]func(context.Context, console.Actor, string) error{
			"suspend": s.SuspendMember, "reactivate": s.ReactivateMember, "remove": s.RemoveMember,
		}[act]
		if act == "remove" && m.State == console.MemberInvited {
			err = s.WithdrawInvite(ctx, s.actor, email)
		} else {
			err = change(ctx, s.actor, m.PersonID)
		}
		if err != nil {
			return err
		}
		return s.said(email, "cli.user.done_"+act, "Email", email, "Console", s.console.Name)
	})
}

// member returns who has the e-mail address in the console, or has been invited by it.
func (s *session) member(ctx context.Context, email string) (app.Member, error) {
	list, err := s.Members(ctx, s.actor)
	if err != nil {
		return app.Member{}, err
	}
	for _, m := range list {
		if m.Person.Email == email {
			return m, nil
		}
	}
	return app.Member{}, fault.New(fault.NotFound, "person.not_found", nil)
}

type sessionJSON struct {
	ID    string    `json:"id"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	Agent string    `json:"agent"`
}

// person returns whose own affairs a command is about: the person of --as.
func (s *session) person() (string, error) {
	if s.actor.PersonID == "" {
		return "", fault.InvalidField("as", "cli.as_missing", nil)
	}
	return s.actor.PersonID, nil
}

// listSessions lists where the person of --as is signed in.
func listSessions(t *Terminal) *cobra.Command {
	return t.verb("user", "sessions", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		id, err := s.person()
		if err != nil {
			return err
		}
		found, err := s.Sessions(ctx, id)
		if err != nil {
			return err
		}
		list := collected(found, func(o app.Session) sessionJSON { return sessionJSON{o.Token, o.BegunAt, o.Expires, o.Agent} })
		tab := table{columns: []string{"session", "since", "until", "browser"}}
		for _, o := range list {
			tab.add(o.ID, s.Say.When(o.Since), s.Say.When(o.Until), o.Agent)
		}
		return s.Table(list, tab)
	})
}

// signOut ends one session of the person of --as, or all.
func signOut(t *Terminal) *cobra.Command {
	var all bool
	cmd := t.verb("user", "sign-out [SESSION]", outside, cobra.MaximumNArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := s.person()
		if err == nil && all == (len(args) > 0) {
			err = fault.New(fault.Invalid, "cli.scope", nil)
		}
		if err != nil {
			return err
		}
		if all {
			_, err = s.EndOtherSessions(ctx, id, "")
		} else {
			err = s.EndOwnSession(ctx, id, args[0])
		}
		if err != nil {
			return err
		}
		return s.said(id, "cli.user.signed_out")
	})
	t.yes(cmd, &all, "all")
	return cmd
}
