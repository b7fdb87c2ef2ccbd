package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
)

// session is one run of a command: the product, who acts, and in which console.
type session struct {
	*Terminal
	*app.App

	as      string
	actor   console.Actor
	console console.Console
}

// place says whether a command acts in a console, which --console then names.
type place bool

const (
	outside   place = false
	inConsole place = true
)

// slice returns the command that the verbs of one slice stand below.
func (t *Terminal) slice(name string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: t.Say.T("cli." + keyed(name) + ".short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(verbs...)
	return cmd
}

// verb returns a command that runs with the product open, as the person of --as or else as an operator.
func (t *Terminal) verb(slice, use string, at place, args cobra.PositionalArgs, run func(ctx context.Context, s *session, args []string) error) *cobra.Command {
	name, _, _ := strings.Cut(use, " ")
	key := "cli." + keyed(slice)
	if name != slice {
		key += "." + keyed(name)
	} else {
		key += ".short"
	}
	var as, account string
	cmd := &cobra.Command{
		Use: use, Short: t.Say.T(key), Args: args,
		RunE: func(cmd *cobra.Command, args []string) error {
			t.running = cmd
			if at == inConsole && account == "" {
				return fault.InvalidField("console", "cli.console_missing", nil)
			}
			return t.with(cmd.Context(), as, account, func(s *session) error { return run(cmd.Context(), s, args) })
		},
	}
	t.text(cmd, &as, "as", "")
	if at == inConsole {
		t.text(cmd, &account, "console", "")
	}
	return cmd
}

// with opens the product for do and closes it.
func (t *Terminal) with(ctx context.Context, as, account string, do func(*session) error) error {
	p, err := t.Open(ctx)
	if err != nil {
		return err
	}
	t.Say = t.Say.In(p.Config.BillingZone)
	s := &session{Terminal: t, App: p.App, as: as}
	if s.actor, s.console, err = s.enter(ctx, account); err == nil {
		err = do(s)
	}
	return errors.Join(err, p.Close())
}

// enter returns who acts in the console of the account ID, or for an empty one outside of all.
func (s *session) enter(ctx context.Context, account string) (console.Actor, console.Console, error) {
	if s.as == "" {
		return s.OperateAs(ctx, s.RunBy, account)
	}
	return s.ActAs(ctx, s.as, account)
}

// text defines a flag of a command; its help is the message of its name.
func (t *Terminal) text(cmd *cobra.Command, value *string, name, otherwise string) {
	cmd.Flags().StringVar(value, name, otherwise, t.flagHelp(name))
}

func (t *Terminal) yes(cmd *cobra.Command, value *bool, name string) {
	cmd.Flags().BoolVar(value, name, false, t.flagHelp(name))
}

func (t *Terminal) number(cmd *cobra.Command, value *int64, name string, otherwise int64) {
	cmd.Flags().Int64Var(value, name, otherwise, t.flagHelp(name))
}

func (t *Terminal) flagHelp(name string) string { return t.Say.T("cli.flag." + keyed(name)) }

// keyed turns a name of the command line into its part of a message key.
func keyed(name string) string { return strings.ReplaceAll(name, "-", "_") }

// scope is which rows of a list a command is for: those named, or all that match.
type scope struct {
	all    bool
	search string
}

func (t *Terminal) scopeFlags(cmd *cobra.Command, sc *scope) {
	t.yes(cmd, &sc.all, "all")
	t.text(cmd, &sc.search, "search", "")
}

// of returns the scope, or refuses a command line that names nothing, or both.
func (sc scope) of(ids []string) (app.Scope, error) {
	if sc.all == (len(ids) > 0) || (!sc.all && sc.search != "") {
		return app.Scope{}, fault.New(fault.Invalid, "cli.scope", nil)
	}
	return app.Scope{All: sc.all, Search: sc.search, IDs: ids}, nil
}
