package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/cli"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// terminal runs commands on a small world, as the process does.
type terminal struct {
	*apptest.World

	Language string
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	return &terminal{World: apptest.New(t, storetest.SQLite(t)), Language: i18n.English}
}

// try runs one command line and returns both of its outputs and its exit code.
func (w *terminal) try(args ...string) (out, errs string, code int) {
	w.T.Helper()
	messages, err := i18n.New()
	w.Must(err)
	var stdout, stderr bytes.Buffer
	term := &cli.Terminal{
		Out: &stdout, Err: &stderr, Say: messages.For(w.Language), RunBy: "Operator", BaseURL: "http://localhost:8080",
		Open: func(context.Context) (*cli.Product, error) {
			return &cli.Product{App: w.App, Close: func() error { return nil }}, nil
		},
	}
	root := &cobra.Command{Use: "psc", SilenceUsage: true, SilenceErrors: true}
	root.PersistentFlags().BoolVar(&term.JSON, "json", false, "")
	root.PersistentFlags().BoolVar(&term.Quiet, "quiet", false, "")
	root.AddCommand(cli.Commands(term)...)
	root.SetArgs(args)
	if err := root.ExecuteContext(w.T.Context()); err != nil {
		code = term.Fail(err)
	}
	return stdout.String(), stderr.String(), code
}

// run is try for a command line that must succeed; it returns what was written.
func (w *terminal) run(args ...string) string {
	w.T.Helper()
	out, errs, code := w.try(args...)
	if code != 0 {
		w.T.Fatalf("psc %s: exit code %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out
}

// id is run for a command of which only the ID is wanted.
func (w *terminal) id(args ...string) string {
	w.T.Helper()
	return strings.TrimSpace(w.run(append(args, "--quiet")...))
}

// into reads what a command writes as JSON.
func into[T any](w *terminal, args ...string) (v T) {
	w.T.Helper()
	out := w.run(append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		w.T.Fatalf("psc %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return v
}

// refused runs a command line that must fail with the fault.
func (w *terminal) refused(key string, code int, args ...string) {
	w.T.Helper()
	out, errs, got := w.try(append(args, "--json")...)
	var failure struct {
		Error struct{ Key, Message string }
	}
	if err := json.Unmarshal([]byte(errs), &failure); err != nil || got != code || failure.Error.Key != key || failure.Error.Message == "" {
		w.T.Errorf("psc %s: exit code %d, %s; want %d, %s\n%s", strings.Join(args, " "), got, errs, code, key, out)
	}
}

// member adds a person with the role in the console, and returns its e-mail address.
func (w *terminal) member(c console.Console, role console.Role) string {
	w.T.Helper()
	p := console.Person{ID: "per_" + c.ID + string(role), Email: strings.ToLower(string(role)) + "@" + strings.ToLower(c.ID[4:]) + ".example", Name: "Person"}
	w.Update(func(tx *store.Tx) error {
		if err := tx.InsertPerson(w.T.Context(), p); err != nil {
			return err
		}
		return tx.SetMembership(w.T.Context(), console.Membership{ConsoleID: c.ID, PersonID: p.ID, Role: role}, apptest.Start)
	})
	return p.Email
}

func id(c console.Console) string { return string(c.AccountID) }

// in leads a command line to the console.
func in(c console.Console, args ...string) []string { return append(args, "--console", id(c)) }

func TestEveryKindOfFaultHasItsExitCode(t *testing.T) {
	t.Parallel()
	messages, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, kind := range []fault.Kind{
		fault.Internal, fault.Invalid, fault.NotFound, fault.Forbidden, fault.Conflict, fault.Precondition, fault.Limited, fault.TooLarge,
	} {
		var errs bytes.Buffer
		term := cli.Terminal{Err: &errs, Say: messages.For(i18n.English)}
		code := term.Fail(fault.New(kind, "changed_meanwhile", nil))
		if code == 0 || seen[code] || !strings.HasPrefix(errs.String(), "psc: ") {
			t.Errorf("%s: exit code %d, %q", kind, code, errs.String())
		}
		seen[code] = true
	}
}

func TestWhoActsMayNoMoreThanOnPages(t *testing.T) {
	w := newTerminal(t)
	viewer := w.member(w.A, console.RoleViewer)
	w.run(in(w.A, "customer", "list", "--as", viewer)...)
	w.refused("forbidden", 4, in(w.A, "connection", "invite", id(w.B), "--as", viewer)...)
	w.refused("forbidden", 4, in(w.A, "billing-account", "list", "--as", viewer)...)
	w.refused("forbidden", 4, in(w.A, "legal-entity", "list", "--as", viewer)...)
	w.refused("console.not_found", 3, in(w.B, "customer", "list", "--as", viewer)...)
	w.refused("forbidden_operator", 4, "console", "list", "--as", viewer)
	w.refused("person.not_found", 3, in(w.A, "customer", "list", "--as", "nobody@example.com")...)
	w.refused("cli.console_missing", 2, "customer", "list")
}

// A refusal names the flag that is to be corrected.
func TestARefusalNamesItsFlag(t *testing.T) {
	w := newTerminal(t)
	for flag, line := range map[string][]string{
		"--role":         in(w.A, "user", "create", "--email", "a@x.example", "--name", "A", "--role", "KING"),
		"--legal-entity": in(w.A, "billing-account", "create", "--name", "A", "--currency", "JPY", "--legal-entity", "le_none"),
		"--name":         {"console", "create", "--reseller", "R", "--name", " "},
		"--console":      {"customer", "list"},
	} {
		_, errs, code := w.try(line...)
		if code != 2 || !strings.Contains(errs, flag) {
			t.Errorf("%v: exit code %d, %q does not name %s", line, code, errs, flag)
		}
	}
}

func TestTheTerminalSpeaksBothLanguages(t *testing.T) {
	w := newTerminal(t)
	if out := w.run(in(w.C, "connection", "list")...); out != "There is nothing to list.\n" {
		t.Errorf("%q", out)
	}
	w.Language = i18n.Japanese
	if out := w.run(in(w.C, "connection", "list")...); out != "表示する項目はありません。\n" {
		t.Errorf("%q", out)
	}
	_, errs, _ := w.try("customer", "list")
	if !strings.Contains(errs, "コンソール") {
		t.Errorf("%q", errs)
	}
}

// TestTablesLineUpInJapanese looks at where a column begins, in columns of a terminal.
func TestTablesLineUpInJapanese(t *testing.T) {
	w := newTerminal(t)
	w.Language = i18n.Japanese
	w.run("console", "create", "--reseller", "株式会社ノースウィンド", "--name", "東京本社")
	w.run("console", "create", "--reseller", "ＡＢＣ", "--name", "e\u0301")
	place := -1
	for line := range strings.Lines(w.run("console", "list")) {
		before, _, ok := strings.Cut(line, "有効")
		if !ok {
			continue
		}
		columns := 0
		for _, r := range before {
			switch {
			case r == '\u0301':
			case r > 0x2e80:
				columns += 2
			default:
				columns++
			}
		}
		if place >= 0 && columns != place {
			t.Errorf("the state begins in column %d and in column %d:\n%s", place, columns, line)
		}
		place = columns
	}
	if place < 0 {
		t.Error("no line with a state")
	}
}

func TestUnknownCommandsFail(t *testing.T) {
	w := newTerminal(t)
	for _, args := range [][]string{{"console", "bogus"}, {"nonsense"}, {"customer", "show"}, {"clock", "advance"}} {
		if _, _, code := w.try(args...); code == 0 {
			t.Errorf("psc %v did not fail", args)
		}
	}
}

func TestClock(t *testing.T) {
	w := newTerminal(t)
	type now struct{ Now string }
	was := into[now](w, "clock", "show")
	if got := into[now](w, "clock", "advance", "week"); was.Now != "2026-10-01T00:00:00Z" || got.Now != "2026-10-08T00:00:00Z" {
		t.Errorf("%v, then %v", was, got)
	}
	w.refused("clock.step", 2, "clock", "advance", "year")
	w.Config.Sandbox = false
	w.refused("clock.fixed", 4, "clock", "advance", "day")
}

func TestSettings(t *testing.T) {
	w := newTerminal(t)
	w.run("setting", "set", "waiting_period", "3d")
	type setting struct{ Key, Value, Holds string }
	list := into[[]setting](w, "setting", "list")
	if len(list) != 7 || list[1] != (setting{"waiting_period", "72h0m0s", "72h0m0s"}) || list[2] != (setting{"invite_life", "", "720h0m0s"}) {
		t.Errorf("%v", list)
	}
	if out := w.run("setting", "list"); !strings.Contains(out, "3 days") || !strings.Contains(out, "30 days (not set)") {
		t.Error(out)
	}
	w.refused("setting.invalid", 2, "setting", "set", "waiting_period", "soon")
	w.refused("setting.unknown", 3, "setting", "set", "colour", "blue")
	if config, _, err := app.LoadConfig(t.Context(), w.DB); err != nil || config.Terms.Waiting.Hours() != 72 {
		t.Errorf("%v, %v", config.Terms, err)
	}
}

func TestHelpSpeaksTheLanguageOfTheTerminal(t *testing.T) {
	t.Parallel()
	messages, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{
		i18n.English:  {"Usage:", "Commands:", "Flags of every command:", "More about a command: psc console [command] --help", "Create a console"},
		i18n.Japanese: {"使い方:", "コマンド:", "すべてのコマンドに共通のフラグ:", "コマンドの詳細: psc console [command] --help", "コンソールを作成する"},
	} {
		var out bytes.Buffer
		term := &cli.Terminal{Out: &out, Err: &out, Say: messages.For(lang)}
		root := &cobra.Command{Use: "psc"}
		root.AddCommand(cli.Commands(term)...)
		term.Localize(root)
		root.SetOut(&out)
		root.SetArgs([]string{"console", "--help"})
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		for _, words := range want {
			if !strings.Contains(out.String(), words) {
				t.Errorf("%s: %q is missing in\n%s", lang, words, out.String())
			}
		}
	}
}
