package boot

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"psc/internal/api"
	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/web"
	"psc/internal/webhook"
)

// Time-outs of the server. Reading and writing are long enough for a large file on a slow line.
const (
	headerTimeout   = 10 * time.Second
	bodyTimeout     = 5 * time.Minute
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 20 * time.Second
	maxHeaderBytes  = 32 << 10
)

func (b *bootstrap) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: b.say("cli.serve.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return b.serve(cmd.Context()) },
	}
	b.serverFlags(cmd)
	return cmd
}

func (b *bootstrap) serverFlags(cmd *cobra.Command) {
	b.flag(cmd.Flags().StringVar, &b.opt.Addr, "addr", "127.0.0.1:8080")
	b.flag(cmd.Flags().StringVar, &b.opt.BaseURL, "base-url", "")
	b.flag(cmd.Flags().StringVar, &b.opt.ClientIPHeader, "client-ip-header", "")
	b.mailFlags(cmd)
}

func (b *bootstrap) workCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "work", Short: b.say("cli.work.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			base, err := b.baseURL("")
			if b.opt.SMTPURL != "" && err != nil {
				return err
			}
			return b.run(cmd.Context(), base, func(ctx context.Context, g *errgroup.Group, a *app.App, log *slog.Logger) error {
				b.terminal.Line(b.say("cli.work.started"))
				return nil
			})
		},
	}
	b.flag(cmd.Flags().StringVar, &b.opt.BaseURL, "base-url", "")
	b.mailFlags(cmd)
	return cmd
}

// serve answers requests and works jobs until ctx ends.
func (b *bootstrap) serve(ctx context.Context) error {
	var config net.ListenConfig
	socket, err := config.Listen(ctx, "tcp", b.opt.Addr)
	if err != nil {
		return fault.Wrap(err, fault.Internal, "cli.addr", fault.Args{"Problem": err.Error()})
	}
	base, err := b.baseURL(reachable(socket.Addr().String()))
	if err == nil {
		err = b.run(ctx, base, func(ctx context.Context, g *errgroup.Group, a *app.App, log *slog.Logger) error {
			return b.listen(ctx, g, a, log, socket, base)
		})
	}
	if closed := socket.Close(); closed != nil && !errors.Is(closed, net.ErrClosed) {
		err = errors.Join(err, closed)
	}
	return err
}

// part is what runs beside the jobs.
type part func(ctx context.Context, g *errgroup.Group, a *app.App, log *slog.Logger) error

// run opens the product, works its jobs, follows the sandbox's clock and runs start's part, until ctx ends or one fails.
// Links in mails begin with base.
func (b *bootstrap) run(ctx context.Context, base *url.URL, start part) (err error) {
	log, err := b.logger(slog.LevelDebug)
	if err != nil {
		return err
	}
	db, err := b.openCurrent(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err := wire(ctx, db, log)
	if err != nil {
		return err
	}
	if a.Post, err = b.post(base); err != nil {
		return err
	}
	if a.Post != nil {
		if err := a.SwitchMailOn(ctx); err != nil {
			return err
		}
	}
	a.Courier = webhook.New(a.Config.Sandbox)
	g, running := errgroup.WithContext(ctx)
	if err := work(running, g, a); err != nil {
		return err
	}
	if a.Config.Sandbox {
		g.Go(func() error { return followClock(running, a, log) })
	}
	g.Go(func() error { return start(running, g, a, log) })
	if err := g.Wait(); ctx.Err() == nil || !errors.Is(err, context.Canceled) { // else it was stopped while it started
		return err
	}
	return nil
}

// work works on jobs until ctx ends; then it waits for those at work, or hands them back.
func work(ctx context.Context, g *errgroup.Group, a *app.App) error {
	lasting := context.WithoutCancel(ctx)
	stop, err := a.DB.Engine().Work(lasting, a.Workers())
	if err != nil {
		return err
	}
	g.Go(func() error {
		<-ctx.Done()
		ending, cancel := context.WithTimeout(lasting, shutdownTimeout)
		defer cancel()
		return stop(ending)
	})
	return nil
}

// followClock keeps up with the sandbox's clock also while nobody asks for anything.
func followClock(ctx context.Context, a *app.App, log *slog.Logger) error {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
		if err := a.FollowClock(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "sandbox clock not read", "error", err)
		}
	}
}

// listen serves the pages until ctx ends, then lets requests under way finish.
func (b *bootstrap) listen(ctx context.Context, g *errgroup.Group, a *app.App, log *slog.Logger, socket net.Listener, base *url.URL) (err error) {
	config := web.Config{BaseURL: base, ClientIPHeader: b.opt.ClientIPHeader}
	if b.caught != "" {
		config.CaughtMail = b.caught.Plain
	}
	if config.Jobs, err = a.DB.Engine().JobPages(ctx, web.JobsPath); err != nil {
		return err
	}
	pages, err := web.New(a, b.catalog, log, config)
	if err != nil {
		return err
	}
	programs, err := b.programs(ctx, a, log, base)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           programs.Handler(pages.Handler()),
		Protocols:         api.Protocols(),
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout, WriteTimeout: bodyTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	g.Go(func() error {
		if err := server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		return server.Shutdown(ending)
	})
	b.terminal.Line(b.say("cli.serve.started", "URL", base.String()))
	secret, err := a.OfferSetup(ctx)
	if err != nil {
		return err
	}
	if secret != "" {
		b.terminal.Line(b.say("cli.serve.setup", "URL", base.String()+"/setup/"+secret))
	}
	if base.Scheme != "https" {
		log.WarnContext(ctx, "no TLS: session cookies are sent without Secure; serve behind TLS and say --base-url https://…")
	}
	return nil
}

// reachable turns the address that is listened on into one for a browser on this machine.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// variable is the environment variable of a flag, and keyed its message key.
func variable(flag string) string { return "PSC_" + strings.ToUpper(keyed(flag)) }

func keyed(flag string) string { return strings.ReplaceAll(flag, "-", "_") }
