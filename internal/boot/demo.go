package boot

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/demo"
	"psc/internal/fault"
	"psc/internal/mail"
	"psc/internal/store"
)

// The demo's business time begins on 1 October 2026 at nine in Tokyo, where its money is counted too.
const demoZone = "Asia/Tokyo"

func demoStart(zone *time.Location) time.Time {
	return time.Date(2026, time.October, 1, 9, 0, 0, 0, zone)
}

// demoFlags are the demo's own flags.
type demoFlags struct {
	data      string
	customers int
	seed      uint64
}

func (b *bootstrap) demoCommand() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use: "demo", Short: b.say("cli.demo.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.customers < 0 || f.customers > maxDemoCustomers {
				return fault.InvalidField("customers", "cli.demo.customers", fault.Args{"Most": maxDemoCustomers})
			}
			if !cmd.Flags().Changed("database") {
				b.opt.Database = "sqlite:" + filepath.Join(f.data, "demo.db")
			}
			if err := b.ensureDemo(cmd.Context(), f); err != nil {
				return err
			}
			if b.opt.SMTPURL == "" {
				b.caught = mail.Catcher(filepath.Join(f.data, "mail"))
			}
			return b.serve(cmd.Context())
		},
	}
	b.serverFlags(cmd)
	cmd.Flags().StringVar(&f.data, "data", filepath.Join("var", "demo"), b.say("cli.flag.data"))
	cmd.Flags().IntVar(&f.customers, "customers", demo.Default.Total(), b.say("cli.flag.customers"))
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, b.say("cli.flag.seed"))
	return cmd
}

// maxDemoCustomers is what one transaction makes in reasonable time.
const maxDemoCustomers = 1_000_000

// ensureDemo makes the demo's world in a database that is empty, and tells who lives in it.
func (b *bootstrap) ensureDemo(ctx context.Context, f demoFlags) error {
	p, err := b.product(ctx)
	if err != nil {
		return err
	}
	if !p.Config.Demo {
		err = b.makeDemo(ctx, p.App, f)
	}
	if err == nil {
		err = b.tellDemo(ctx, p.DB)
	}
	return errors.Join(err, p.Close())
}

func (b *bootstrap) makeDemo(ctx context.Context, a *app.App, f demoFlags) error {
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		return err
	}
	hash, err := app.HashPassword(ctx, demo.Password, console.Person{})
	if err != nil {
		return err
	}
	at := demoStart(zone)
	world := demo.Build(f.seed, demo.SizesFor(f.customers), at, zone)
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		people, err := tx.People(ctx)
		if err != nil {
			return err
		}
		if len(people) > 0 {
			return fault.New(fault.Precondition, "cli.demo.occupied", nil)
		}
		if err := demo.Load(ctx, tx, world, hash); err != nil {
			return err
		}
		for key, value := range map[string]string{
			store.SettingBillingZone: demoZone, store.SettingSandbox: "1", store.SettingDemo: "1",
			store.SettingClockAhead: at.Sub(clock.System{}.Now()).String(),
		} {
			if err := tx.SetSetting(ctx, key, value); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bootstrap) tellDemo(ctx context.Context, db *store.DB) error {
	return db.View(ctx, func(tx *store.Tx) error {
		people, err := tx.People(ctx)
		if err != nil {
			return err
		}
		b.terminal.Line(b.say("cli.demo.people", "Password", demo.Password))
		for _, p := range people {
			b.terminal.Line("  " + p.Email + "  " + p.Name)
		}
		return nil
	})
}
