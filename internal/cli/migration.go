package cli

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/fault"
	"psc/internal/migration"
)

func migrationCommand(t *Terminal) *cobra.Command {
	cmd := t.slice(
		"migration",
		listMigrations(t), startMigrations(t), cancelMigrations(t), completeMigrations(t), rescheduleMigrations(t),
		withdrawSchedules(t), previewMigrations(t), askMain(t), checkAgain(t), showRun(t),
		t.verb("migration", "pause RUN_ID", inConsole, cobra.ExactArgs(1), pauseRun),
		t.verb("migration", "resume RUN_ID", inConsole, cobra.ExactArgs(1), resumeRun),
		choicesOfMigrations(t),
	)
	return cmd
}

// connectionFlag defines --connection; the connected one is taken if it is not given.
func (t *Terminal) connectionFlag(cmd *cobra.Command, id *string) { t.text(cmd, id, "connection", "") }

// connectionOf returns the connection of --connection, or else the only one that is connected.
func (s *session) connectionOf(ctx context.Context, id string) (string, error) {
	if id != "" {
		return id, nil
	}
	list, err := s.Connections(ctx, s.actor)
	if err != nil {
		return "", err
	}
	for _, v := range list {
		if v.State != connection.Connected {
			continue
		}
		if id != "" {
			return "", fault.InvalidField("connection", "cli.connection_missing", nil)
		}
		id = v.ID
	}
	if id == "" {
		return "", fault.New(fault.Precondition, "cli.not_connected", nil)
	}
	return id, nil
}

type migrationJSON struct {
	ID           string           `json:"id,omitempty"`
	CustomerID   string           `json:"customer_id"`
	CustomerName string           `json:"customer_name"`
	Domain       string           `json:"domain"`
	State        string           `json:"state"`   // of the migration; READY or NOT_READY before one has started
	Reasons      []migration.Code `json:"reasons"` // why not ready, or why it was returned
	RunID        string           `json:"run_id,omitempty"`
	BillingDate  string           `json:"billing_date,omitempty"`
}

type migrationListJSON struct {
	ConnectionID string                   `json:"connection_id"`
	List         app.MigrationTab         `json:"list"`
	Counts       map[app.MigrationTab]int `json:"counts"`
	Migrations   []migrationJSON          `json:"migrations"`
	More         bool                     `json:"more"`
	Runs         []runJSON                `json:"runs"` // that run or are paused
}

func newMigrationJSON(item app.MigrationItem) migrationJSON {
	j := migrationJSON{
		ID: item.ID, CustomerID: item.CustomerID, CustomerName: item.CustomerName, Domain: item.Domain, State: string(item.State),
		Reasons: append([]migration.Code{}, item.Codes...), RunID: item.RunID, BillingDate: isoDate(item.BillingDate),
	}
	if item.Returned() {
		j.Reasons = append(j.Reasons, item.ReturnReason)
	}
	return j
}

// listMigrations lists one tab of the page "manage customer migrations", as many pages of it as --limit wants.
func listMigrations(t *Terminal) *cobra.Command {
	var id, tab, search string
	var limit int64
	cmd := t.verb("migration", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		q := app.MigrationQuery{ConnectionID: id, Tab: app.MigrationTab(tab), Search: search}
		out := migrationListJSON{Migrations: []migrationJSON{}}
		for {
			q.Page.Limit = int(min(limit-int64(len(out.Migrations)), pageOf))
			p, err := s.Migrations(ctx, s.actor, q)
			if err != nil {
				return err
			}
			out.ConnectionID, out.List, out.Counts, out.More = p.Connection.ID, p.Tab, p.Counts, p.Items.HasNext
			out.Runs = collected(p.Runs, newRunJSON)
			for _, item := range p.Items.Rows {
				j := newMigrationJSON(item)
				if j.State == "" {
					j.State = strings.ToUpper(string(p.Tab)) // READY or NOT_READY
				}
				out.Migrations = append(out.Migrations, j)
			}
			if !p.Items.HasNext || int64(len(out.Migrations)) >= limit {
				return s.migrations(out)
			}
			q.Tab, q.Page.After = p.Tab, p.Items.Rows[len(p.Items.Rows)-1].Cursor
		}
	})
	t.connectionFlag(cmd, &id)
	t.text(cmd, &tab, "list", "")
	t.text(cmd, &search, "search", "")
	t.number(cmd, &limit, "limit", defaultLimit)
	return cmd
}

// pageOf is how many rows of a list are read at a time, and defaultLimit how many are shown.
const (
	pageOf       = 200
	defaultLimit = 200
)

func (s *session) migrations(out migrationListJSON) error {
	tab := table{columns: []string{"ident", "customer_id", "name", "domain", "state", "reasons"}}
	for _, m := range out.Migrations {
		id := m.ID
		if id == "" {
			id = m.CustomerID // what start takes
		}
		tab.add(id, m.CustomerID, m.CustomerName, m.Domain, m.State, s.reasons(m.Reasons...))
	}
	s.more(out.More)
	if !s.JSON && !s.Quiet && out.ConnectionID != "" {
		s.Line(s.Say.T("cli.migration.list_of", "List", string(out.List), "Count", out.Counts[out.List]))
		for _, run := range out.Runs {
			s.Line(s.Say.T("cli.migration.run_open", "ID", run.ID, "State", word(s.Terminal, "run_state", run.State), "Done", run.Done, "Total", run.Total))
		}
	}
	return s.Table(out, tab)
}

// more says on the error stream that a list goes on behind --limit.
func (t *Terminal) more(more bool) {
	if more && !t.JSON {
		t.Tell(t.Say.T("cli.more"))
	}
}

type startedJSON struct {
	Count      int64            `json:"started"`
	NotStarted []notStartedJSON `json:"not_started"`
}

type notStartedJSON struct {
	CustomerID  string           `json:"customer_id"`
	Name        string           `json:"customer_name"`
	Reasons     []migration.Code `json:"reasons"`
	InMigration bool             `json:"in_migration"`
	Moved       bool             `json:"moved"`
	Unknown     bool             `json:"unknown"`
}

func startMigrations(t *Terminal) *cobra.Command {
	var id string
	var sc scope
	cmd := t.verb("migration", "start [CUSTOMER_ID...]", inConsole, cobra.ArbitraryArgs, func(ctx context.Context, s *session, ids []string) error {
		rows, err := sc.of(ids)
		if err != nil {
			return err
		}
		if id, err = s.connectionOf(ctx, id); err != nil {
			return err
		}
		if err := s.warnOfEntities(ctx, id, rows); err != nil {
			return err
		}
		started, err := s.StartMigrations(ctx, s.actor, id, rows)
		if err != nil {
			return err
		}
		out := startedJSON{started.Count, []notStartedJSON{}}
		for _, n := range started.NotStarted {
			codes := append([]migration.Code{}, migration.CodesOf(n.Blockers)...)
			out.NotStarted = append(out.NotStarted, notStartedJSON{n.CustomerID, n.Name, codes, n.InMigration, n.Moved, n.Unknown})
			if !s.JSON {
				s.Tell(s.Say.T("cli.migration.not_started", "Customer", cmp.Or(n.Name, n.CustomerID), "Reasons", s.whyNot(n)))
			}
		}
		return s.Result(out, id, s.Say.T("cli.migration.started", "Count", started.Count))
	})
	t.connectionFlag(cmd, &id)
	t.scopeFlags(cmd, &sc)
	return cmd
}

// whyNot says why a customer was not started.
func (s *session) whyNot(n app.NotStarted) string {
	switch {
	case n.Unknown:
		return s.Say.T("migrations.unknown_customer")
	case n.Moved:
		return s.Say.T("migrations.moved_already")
	case n.InMigration:
		return s.Say.T("migrations.in_migration_already")
	default:
		return s.reasons(migration.CodesOf(n.Blockers)...)
	}
}

// warnOfEntities says which present legal entities have no active account at the main (spec M1).
func (s *session) warnOfEntities(ctx context.Context, connectionID string, rows app.Scope) error {
	p, err := s.PreviewStart(ctx, s.actor, connectionID, rows)
	if err != nil || s.JSON {
		return err
	}
	for _, e := range p.Entities {
		if !e.AtMain {
			s.Tell(s.Say.T("cli.migration.entity_missing", "LegalEntity", e.LegalEntity, "Currency", e.Currency, "Count", e.Subscriptions))
		}
	}
	return nil
}

// reasons names readiness codes in a few words.
func (t *Terminal) reasons(codes ...migration.Code) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = t.Say.T("readiness.short." + string(code))
	}
	return strings.Join(words, ", ")
}

func cancelMigrations(t *Terminal) *cobra.Command {
	var id string
	var sc scope
	cmd := t.verb("migration", "cancel [MIGRATION_ID...]", inConsole, cobra.ArbitraryArgs, func(ctx context.Context, s *session, ids []string) error {
		rows, err := sc.of(ids)
		if err != nil {
			return err
		}
		if id, err = s.connectionOf(ctx, id); err != nil {
			return err
		}
		n, err := s.CancelMigrations(ctx, s.actor, id, rows)
		if err != nil {
			return err
		}
		return s.Result(map[string]int{"cancelled": n}, id, s.Say.T("cli.migration.cancelled", "Count", n))
	})
	t.connectionFlag(cmd, &id)
	t.scopeFlags(cmd, &sc)
	return cmd
}
