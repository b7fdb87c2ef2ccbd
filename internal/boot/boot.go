// Package boot turns flags and environment into a running process: the only place that knows all parts.
package boot

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/user"
	"runtime/debug"
	"strconv"

	"github.com/spf13/cobra"

	"psc/internal/cli"
	"psc/internal/fault"
	"psc/internal/i18n"
	"psc/internal/mail"
)

// Process is what the operating system gives to a process.
type Process struct {
	Args     []string
	Env      func(string) string
	Out, Err io.Writer
}

// options are the configuration of a process. A flag wins over its environment variable.
type options struct {
	Database       string
	Addr           string
	BaseURL        string
	ClientIPHeader string
	SMTPURL        string
	MailFrom       string
	MailLanguage   string
	LogFormat      string
	LogLevel       string
}

// Run runs the command line and returns the exit code.
func Run(ctx context.Context, p Process) int {
	catalog, err := i18n.New()
	if err != nil {
		_, _ = io.WriteString(p.Err, "psc: "+err.Error()+"\n")
		return 1
	}
	b := &bootstrap{Process: p, catalog: catalog}
	b.terminal = &cli.Terminal{
		Out: p.Out, Err: p.Err, Say: catalog.For(cli.Language(p.Env)), Open: b.existing,
		RunBy: runBy(), BaseURL: cmp.Or(p.Env(variable("base-url")), "http://localhost:8080"),
	}
	started := false
	root := b.root()
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled): // whoever stops a command needs no telling
		return interrupted
	case !started: // what precedes a command is the reading of its arguments
		err = cli.Misread(cmd, err)
	}
	return b.terminal.Fail(err)
}

// interrupted is the exit code of a command that was stopped from outside, as a shell has it.
const interrupted = 130

// bootstrap is a process while it starts.
type bootstrap struct {
	Process

	catalog  *i18n.Catalog
	terminal *cli.Terminal
	opt      options
	caught   mail.Catcher // where the demo keeps mails that it does not send
}

func (b *bootstrap) root() *cobra.Command {
	root := &cobra.Command{
		Use: "psc", Short: b.say("cli.short"), SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetArgs(b.Args)
	root.SetOut(b.Out)
	root.SetErr(b.Err)
	flags := root.PersistentFlags()
	b.flag(flags.StringVar, &b.opt.Database, "database", "sqlite:var/psc.db")
	b.flag(flags.StringVar, &b.opt.LogFormat, "log-format", "text")
	b.flag(flags.StringVar, &b.opt.LogLevel, "log-level", "info")
	flags.BoolVar(&b.terminal.JSON, "json", false, b.say("cli.flag.json"))
	flags.BoolVarP(&b.terminal.Quiet, "quiet", "q", false, b.say("cli.flag.quiet"))
	root.AddCommand(b.serveCommand(), b.workCommand(), b.demoCommand(), b.schemaCommand(), b.versionCommand())
	root.AddCommand(cli.Commands(b.terminal)...)
	b.terminal.Localize(root)
	return root
}

// flag defines a flag whose default is the environment variable PSC_NAME, if that is set.
func (b *bootstrap) flag(define func(*string, string, string, string), value *string, name, otherwise string) {
	if set := b.Env(variable(name)); set != "" {
		otherwise = set
	}
	define(value, name, otherwise, b.say("cli.flag."+keyed(name)))
}

// runBy names whoever runs the program, for what is done without saying as whom.
func runBy() string {
	if u, err := user.Current(); err == nil {
		return cmp.Or(u.Name, u.Username)
	}
	return strconv.Itoa(os.Getuid())
}

func (b *bootstrap) say(key string, args ...any) string { return b.terminal.Say.T(key, args...) }

func (b *bootstrap) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: b.say("cli.version.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return b.terminal.Write(map[string]string{"version": version()}, "psc "+version())
		},
	}
}

// version is that of the source the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(len(s.Value), 12)]
		}
	}
	return info.Main.Version
}

// logger returns the process's log, which goes to the error stream.
func (b *bootstrap) logger(atLeast slog.Level) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(b.opt.LogLevel)); err != nil {
		return nil, fault.InvalidField("log-level", "cli.log_level", fault.Args{"Value": b.opt.LogLevel})
	}
	opts := &slog.HandlerOptions{Level: max(level, atLeast)}
	switch b.opt.LogFormat {
	case "text":
		return slog.New(slog.NewTextHandler(b.Err, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(b.Err, opts)), nil
	}
	return nil, fault.InvalidField("log-format", "cli.log_format", fault.Args{"Value": b.opt.LogFormat})
}

// existing opens the product on a database that is there.
func (b *bootstrap) existing(ctx context.Context) (*cli.Product, error) {
	if err := b.mustExist(); err != nil {
		return nil, err
	}
	return b.product(ctx)
}

// product opens the product for a command that runs and ends; its log tells only what goes wrong.
func (b *bootstrap) product(ctx context.Context) (*cli.Product, error) {
	log, err := b.logger(slog.LevelWarn)
	if err != nil {
		return nil, err
	}
	db, err := b.openCurrent(ctx, log)
	if err != nil {
		return nil, err
	}
	a, err := wire(ctx, db, log)
	if err != nil {
		return nil, err
	}
	return &cli.Product{App: a, Close: db.Close}, nil
}

// baseURL reads --base-url; without it, the address that is listened on.
func (b *bootstrap) baseURL(listening string) (*url.URL, error) {
	text := b.opt.BaseURL
	if text == "" {
		text = "http://" + listening
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fault.InvalidField("base-url", "cli.base_url", fault.Args{"Value": text})
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}
