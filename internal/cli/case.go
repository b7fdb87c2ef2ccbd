package cli

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/support"
)

type caseJSON struct {
	ID           string        `json:"id"`
	Reference    string        `json:"reference"`
	Kind         support.Kind  `json:"kind"`
	Title        string        `json:"title"`
	CustomerID   string        `json:"customer_id,omitempty"`
	CustomerName string        `json:"customer_name,omitempty"`
	State        support.State `json:"state"`
	OpenedAt     time.Time     `json:"opened_at"`
	ChangedAt    time.Time     `json:"changed_at"`
	Assignee     string        `json:"assignee,omitempty"`
	Entries      []entryJSON   `json:"entries,omitempty"`
}

type entryJSON struct {
	ID       string         `json:"id"`
	At       time.Time      `json:"at"`
	Operator bool           `json:"operator"`
	By       string         `json:"by"`
	Action   support.Action `json:"action,omitempty"`
	Internal bool           `json:"internal"`
	Text     string         `json:"text"`
	Files    []fileJSON     `json:"files,omitempty"`
}

type fileJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

func newCaseJSON(c support.Case, reference string) caseJSON {
	return caseJSON{
		ID: c.ID, Reference: reference, Kind: c.Kind, Title: c.Title, CustomerID: c.CustomerID, CustomerName: c.CustomerName,
		State: c.State, OpenedAt: c.OpenedAt, ChangedAt: c.ChangedAt, Assignee: c.Assignee,
	}
}

func caseCommand(t *Terminal) *cobra.Command {
	act := func(name string, action support.Action) *cobra.Command {
		return t.verb("case", name+" ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
			if err := s.ActOnCase(ctx, s.actor, args[0], action); err != nil {
				return err
			}
			return s.said(args[0], "case_page."+string(action)+"_done")
		})
	}
	return t.slice(
		"case", listCases(t), queueCases(t), openCase(t),
		t.verb("case", "show ID", inConsole, cobra.ExactArgs(1), showCase),
		writeCase(t, "reply ID", (*app.App).ReplyCase), writeCase(t, "note ID", (*app.App).NoteCase),
		act("resolve", support.Resolve), act("close", support.Close), act("reopen", support.Reopen), act("assign", support.Assign),
		act("release", support.Release),
		t.verb("case", "file ID FILE_ID", inConsole, cobra.ExactArgs(2), writeCaseFile),
	)
}

func (t *Terminal) cases(list []caseJSON) table {
	tab := table{columns: []string{"case_id", "reference", "title", "kind", "state", "customer_id", "changed_at"}}
	for _, c := range list {
		tab.add(c.ID, c.Reference, c.Title, word(t, "case_kind", c.Kind), word(t, "case_state", c.State), c.CustomerID, t.when(c.ChangedAt))
	}
	return tab
}

// tabOf refuses a part of a list that there is not.
func tabOf(typed string, otherwise app.CaseTab) (app.CaseTab, error) {
	if typed == "" {
		return otherwise, nil
	}
	if tab := app.CaseTab(typed); tab.Valid() {
		return tab, nil
	}
	return "", fault.InvalidField("tab", "cli.case_tab", nil)
}

func listCases(t *Terminal) *cobra.Command {
	var tab, about, before string
	var limit int64
	cmd := t.verb("case", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		part, err := tabOf(tab, app.CasesOpen)
		if err != nil {
			return err
		}
		found, more, err := s.Cases(ctx, s.actor, part, about, before, int(max(limit, 1)))
		if err != nil {
			return err
		}
		list := collected(found, func(c support.Case) caseJSON {
			if !s.actor.Operator {
				c.Assignee = ""
			}
			return newCaseJSON(c, c.Reference(s.console.AccountID))
		})
		if err := s.Table(list, s.cases(list)); err != nil {
			return err
		}
		t.more(more)
		return nil
	})
	t.text(cmd, &tab, "tab", "")
	t.text(cmd, &about, "customer", "")
	t.text(cmd, &before, "before", "")
	t.number(cmd, &limit, "limit", app.PageSize)
	return cmd
}

func queueCases(t *Terminal) *cobra.Command {
	var tab, after string
	var limit int64
	cmd := t.verb("case", "queue", outside, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		part, err := tabOf(tab, app.CasesOperator)
		if err != nil {
			return err
		}
		found, more, err := s.CaseQueue(ctx, s.actor, part, after, int(max(limit, 1)))
		if err != nil {
			return err
		}
		list := collected(found, func(c app.QueuedCase) caseJSON { return newCaseJSON(c.Case, c.Reference(c.AccountID)) })
		if err := s.Table(list, s.cases(list)); err != nil {
			return err
		}
		t.more(more)
		return nil
	})
	t.text(cmd, &tab, "tab", "")
	t.text(cmd, &after, "after", "")
	t.number(cmd, &limit, "limit", app.PageSize)
	return cmd
}

func openCase(t *Terminal) *cobra.Command {
	var in app.NewCase
	var kind string
	var files []string
	cmd := t.verb("case", "open", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) (err error) {
		in.Kind = support.Kind(kind)
		if in.Files, err = readFiles(files); err != nil {
			return err
		}
		c, err := s.OpenCase(ctx, s.actor, in)
		if err != nil {
			return err
		}
		reference := c.Reference(s.console.AccountID)
		return s.Result(newCaseJSON(c, reference), c.ID, s.Say.T("case_page.opened", "Case", reference))
	})
	t.text(cmd, &kind, "kind", string(support.Question))
	t.text(cmd, &in.Title, "title", "")
	t.text(cmd, &in.Customer, "customer", "")
	t.text(cmd, &in.Text, "text", "")
	cmd.Flags().StringArrayVar(&files, "file", nil, t.flagHelp("file"))
	return cmd
}

// readFiles reads the files that go with a message.
func readFiles(paths []string) (files []support.File, err error) {
	for _, path := range paths {
		content, err := os.ReadFile(path) //nolint:gosec // whoever runs the program may read what the system lets them
		if err != nil {
			return nil, unusable(err)
		}
		files = append(files, support.File{Name: filepath.Base(path), Bytes: content})
	}
	return files, nil
}

func writeCase(t *Terminal, use string, write func(*app.App, context.Context, console.Actor, string, string, []support.File) error) *cobra.Command {
	var text string
	var files []string
	cmd := t.verb("case", use, inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		content, err := readFiles(files)
		if err != nil {
			return err
		}
		if err := write(s.App, ctx, s.actor, args[0], text, content); err != nil {
			return err
		}
		return s.said(args[0], "case_page.sent")
	})
	t.text(cmd, &text, "text", "")
	cmd.Flags().StringArrayVar(&files, "file", nil, t.flagHelp("file"))
	return cmd
}

func showCase(ctx context.Context, s *session, args []string) error {
	c, err := s.Case(ctx, s.actor, args[0])
	if err != nil {
		return err
	}
	out := newCaseJSON(c.Case, c.Reference(c.Console.AccountID))
	out.Entries = collected(c.Entries, func(e app.CaseEntry) entryJSON {
		return entryJSON{
			e.ID, e.At, e.ByOperator, e.By, e.Action, e.Internal, e.Text,
			collected(e.Files, func(f support.File) fileJSON { return fileJSON{f.ID, f.Name, f.Type, f.Size} }),
		}
	})
	if s.JSON || s.Quiet {
		return s.Result(out, c.ID, "")
	}
	s.record(
		"case_id", c.ID, "reference", out.Reference, "title", c.Title, "kind", word(s.Terminal, "case_kind", c.Kind), "state", word(s.Terminal, "case_state", c.State),
		"customer_id", c.CustomerID, "at", s.when(c.OpenedAt), "changed_at", s.when(c.ChangedAt),
	)
	for _, e := range out.Entries {
		by := e.By
		if e.Operator {
			by = s.Say.T("side.OPERATOR") + " " + by
		}
		did := ""
		if e.Action != "" && e.Action != support.Reply {
			did = " " + s.Say.T("case_did."+string(e.Action))
		}
		s.Line("")
		s.Line("[" + s.when(e.At) + "] " + by + did)
		if e.Text != "" {
			s.Line(e.Text)
		}
		for _, f := range e.Files {
			s.Line("+ " + f.Name + " (" + f.ID + ")")
		}
	}
	return nil
}

// writeCaseFile writes the bytes of a file to where the shell leads them.
func writeCaseFile(ctx context.Context, s *session, args []string) error {
	f, err := s.CaseFile(ctx, s.actor, args[0], args[1])
	if err != nil {
		return err
	}
	_, err = s.Out.Write(f.Bytes)
	return err
}
