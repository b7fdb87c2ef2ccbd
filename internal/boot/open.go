package boot

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/clock"
	"psc/internal/fault"
	"psc/internal/ident"
	"psc/internal/store"
	"psc/internal/store/lite"
	"psc/internal/store/pg"
)

// open opens the database that --database names.
func (b *bootstrap) open(ctx context.Context, log *slog.Logger) (*store.DB, error) {
	engine, err := openEngine(ctx, b.opt.Database, log)
	if err == nil || fault.As(err) != nil {
		return store.New(engine), err
	}
	return nil, fault.Wrap(err, fault.Internal, "cli.database_closed", fault.Args{"Problem": err.Error()})
}

func openEngine(ctx context.Context, database string, log *slog.Logger) (store.Engine, error) {
	scheme, rest, _ := strings.Cut(database, ":")
	switch {
	case scheme == "sqlite" && rest != "":
		if err := os.MkdirAll(filepath.Dir(rest), 0o700); err != nil {
			return nil, err
		}
		return lite.Open(rest, log)
	case scheme == "postgres" || scheme == "postgresql":
		return pg.Open(ctx, database, log)
	}
	return nil, fault.InvalidField("database", "cli.database", nil)
}

// mustExist refuses the path of an SQLite file that is not there: whoever mistypes one wants no empty database. Only
// serve, demo and schema up make one.
func (b *bootstrap) mustExist() error {
	path, lite := strings.CutPrefix(b.opt.Database, "sqlite:")
	if !lite || path == "" {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(err, fault.NotFound, "cli.database_missing", fault.Args{"Path": path})
	}
	return nil
}

// openCurrent opens the database and refuses one whose schema this program does not know. An SQLite file belongs to the
// process that opens it, which therefore brings it up to date; on a server other processes may still run on the old one.
func (b *bootstrap) openCurrent(ctx context.Context, log *slog.Logger) (*store.DB, error) {
	db, err := b.open(ctx, log)
	if err != nil {
		return nil, err
	}
	if err := schemaKnown(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func schemaKnown(ctx context.Context, db *store.DB) error {
	if db.Engine().Name() == "sqlite" {
		if err := db.Engine().SchemaUp(ctx); err != nil {
			return err
		}
	}
	current, err := db.Engine().SchemaCurrent(ctx)
	if err == nil && !current {
		err = fault.New(fault.Precondition, "cli.schema", nil)
	}
	return err
}

// wire puts the product together on an opened database.
func wire(ctx context.Context, db *store.DB, log *slog.Logger) (*app.App, error) {
	config, ahead, err := app.LoadConfig(ctx, db)
	if err != nil {
		return nil, err
	}
	a := &app.App{
		DB: db, Clock: clock.System{}, Wall: clock.System{},
		IDs: ident.NewSource(rand.Reader), MessageIDs: ident.NewSource(rand.Reader), Random: rand.Reader, Log: log, Config: config, Limits: app.NewLimits(),
	}
	if config.Sandbox {
		a.Clock = clock.NewOffset(clock.System{}, ahead)
	}
	return a, nil
}

func (b *bootstrap) schemaCommand() *cobra.Command {
	schema := &cobra.Command{Use: "schema", Short: b.say("cli.schema_command.short")}
	schema.AddCommand(&cobra.Command{
		Use: "up", Short: b.say("cli.schema_command.up"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := b.logger(slog.LevelWarn)
			if err != nil {
				return err
			}
			db, err := b.open(cmd.Context(), log)
			if err != nil {
				return err
			}
			if err := db.Engine().SchemaUp(cmd.Context()); err != nil {
				return errors.Join(err, db.Close())
			}
			return errors.Join(b.terminal.Write(map[string]bool{"current": true}, b.say("cli.schema_command.done")), db.Close())
		},
	})
	return schema
}
