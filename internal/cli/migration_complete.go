package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
)

// completing is what the command line says about completing migrations.
type completing struct {
	id       string
	scope    scope
	accounts []string
	suggest  bool
	changes  string // the token of those that are confirmed
	wait     bool
	on       string
}

func completeMigrations(t *Terminal) *cobra.Command {
	var in completing
	cmd := t.verb("migration", "complete [MIGRATION_ID...]", inConsole, cobra.ArbitraryArgs, func(ctx context.Context, s *session, ids []string) error {
		rows, err := in.scope.of(ids)
		if err != nil {
			return err
		}
		if in.id, err = s.connectionOf(ctx, in.id); err != nil {
			return err
		}
		choices, err := s.choose(ctx, in, rows)
		if err != nil {
			return err
		}
		what := app.Completion{ConnectionID: in.id, Scope: rows, Choices: choices, Confirmed: in.changes}
		if in.on != "" {
			return withToken(s.schedule(in.on, func(d civil.Date) (int64, error) { return s.ScheduleMigrations(ctx, s.actor, what, d) }))
		}
		op, err := s.CompleteMigrations(ctx, s.actor, what)
		if err != nil {
			return withToken(err)
		}
		if in.wait {
			return s.await(ctx, in.id, op.ID)
		}
		return s.Result(newRunJSON(op), op.ID, s.Say.T("cli.migration.run_started", "ID", op.ID, "Count", op.Total))
	})
	t.connectionFlag(cmd, &in.id)
	t.scopeFlags(cmd, &in.scope)
	cmd.Flags().StringArrayVar(&in.accounts, "account", nil, t.flagHelp("account"))
	t.yes(cmd, &in.suggest, "suggest")
	t.text(cmd, &in.changes, "confirm-entity-changes", "")
	t.yes(cmd, &in.wait, "wait")
	t.text(cmd, &in.on, "on", "")
	return cmd
}

// withToken says at a refusal how exactly these changes of legal entity are confirmed.
func withToken(err error) error {
	if fault.Is(err, "migration.entity_unconfirmed") {
		f := fault.As(err)
		f.Fields = append(f.Fields, fault.Field{
			Name: "confirm_entity_changes", Key: "cli.migration.entity_token", Args: fault.Args{"Token": f.Args["Token"]},
		})
	}
	return err
}

// choose turns --account and --suggest into a choice for each group of the scope. Groups of which every subscription has
// an account of its own need none.
func (s *session) choose(ctx context.Context, in completing, rows app.Scope) (choices app.Choices, err error) {
	specs := make([]accountSpec, len(in.accounts))
	for i, text := range in.accounts {
		if specs[i], err = parseAccountSpec(text); err != nil {
			return choices, err
		}
	}
	p, err := s.ChoicePage(ctx, s.actor, in.id, rows, app.Choices{}, app.Cursor{}, 1)
	if err != nil {
		return choices, err
	}
	for i, g := range p.Groups {
		choice := app.GroupChoice{Currency: g.Currency, Group: g.Group, LegalEntityID: g.LegalEntityID}
		if in.suggest {
			choice.AccountID = p.Suggested[i]
		}
		if spec := bestSpec(specs, choice); spec != nil {
			choice.AccountID = spec.account
		}
		choices.Groups = append(choices.Groups, choice)
		if !s.JSON && choice.AccountID != "" {
			s.Tell(s.Say.T("cli.migration.choice", "Currency", string(g.Currency), "Group", g.Group.Name(),
				"LegalEntity", g.LegalEntity, "Account", choice.AccountID, "Count", g.Subscriptions))
		}
	}
	for i, spec := range specs {
		if !spec.used {
			return choices, fault.InvalidField("account", "cli.account_unused", fault.Args{"Value": in.accounts[i]})
		}
	}
	return choices, nil
}

// accountSpec is one --account: for which groups, and which account.
type accountSpec struct {
	currency money.Currency
	group    catalog.ProductGroup // empty: all
	entity   string               // empty: all
	account  string
	used     bool
}

// parseAccountSpec reads CURRENCY[/GROUP[/LEGAL_ENTITY_ID]]=ACCOUNT_ID.
func parseAccountSpec(text string) (spec accountSpec, err error) {
	of, account, ok := strings.Cut(text, "=")
	parts := append(strings.Split(of, "/"), "", "")
	spec = accountSpec{currency: money.Currency(parts[0]), group: catalog.ProductGroup(parts[1]), entity: parts[2], account: account}
	if !ok || account == "" || len(parts) > 5 || !spec.currency.Valid() || (spec.group != "" && !spec.group.Valid()) {
		return spec, fault.InvalidField("account", "cli.account", fault.Args{"Value": text})
	}
	return spec, nil
}

// about reports whether the spec is about the group, and how much it says of it.
func (spec accountSpec) about(g app.GroupChoice) (says int, is bool) {
	if spec.group != "" {
		says++
	}
	if spec.entity != "" {
		says++
	}
	return says, spec.currency == g.Currency && (spec.group == "" || spec.group == g.Group) &&
		(spec.entity == "" || spec.entity == g.LegalEntityID)
}

// bestSpec returns the spec that says most about the group, the last of several alike; nil if none is about it. It marks
// all that are about it as used.
func bestSpec(specs []accountSpec, g app.GroupChoice) (best *accountSpec) {
	most := -1
	for i := range specs {
		says, is := specs[i].about(g)
		if !is {
			continue
		}
		if specs[i].used = true; says >= most {
			most, best = says, &specs[i]
		}
	}
	return best
}
