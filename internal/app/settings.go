package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"psc/internal/connection"
	"psc/internal/store"
)

// What an installation has that has set nothing (spec B1, C3, C5).
const (
	defaultBillingZone = "America/Los_Angeles"
	defaultWaiting     = 7 * day
	defaultInviteLife  = 30 * day
)

// Customers that one job moves: on SQLite few, so that its one writer is soon free for pages.
const (
	chunkSQLite   = 100
	chunkPostgres = 500
)

// LoadConfig reads what the installation has set, and by how much its clock runs ahead of the system's.
func LoadConfig(ctx context.Context, db *store.DB) (c Config, ahead time.Duration, err error) {
	var set map[string]string
	if err := db.View(ctx, func(tx *store.Tx) (err error) {
		set, err = tx.Settings(ctx)
		return err
	}); err != nil {
		return c, 0, err
	}
	c = Config{
		Terms:           connection.Terms{Waiting: defaultWaiting, InviteLife: defaultInviteLife},
		Sandbox:         set[store.SettingSandbox] == "1",
		Demo:            set[store.SettingDemo] == "1",
		AccountApproval: set[store.SettingAccountApproval] == "1",
		ChunkSize:       chunkPostgres,
		APIRate:         defaultAPIRate,
	}
	if db.Engine().Name() == "sqlite" {
		c.ChunkSize = chunkSQLite
	}
	if n := set[store.SettingAPIRate]; n != "" {
		if c.APIRate, err = strconv.Atoi(n); err != nil {
			return c, 0, fmt.Errorf("setting %s: %w", store.SettingAPIRate, err)
		}
	}
	zone := defaultBillingZone
	if z := set[store.SettingBillingZone]; z != "" {
		zone = z
	}
	if c.BillingZone, err = time.LoadLocation(zone); err != nil {
		return c, 0, fmt.Errorf("setting %s: %w", store.SettingBillingZone, err)
	}
	for key, span := range map[string]*time.Duration{
		store.SettingWaiting: &c.Terms.Waiting, store.SettingInviteLife: &c.Terms.InviteLife, store.SettingClockAhead: &ahead,
	} {
		if set[key] == "" {
			continue
		}
		if *span, err = time.ParseDuration(set[key]); err != nil {
			return c, 0, fmt.Errorf("setting %s: %w", key, err)
		}
	}
	return c, ahead, nil
}

// Ready reports whether the database answers and has the schema that this program knows.
func (a *App) Ready(ctx context.Context) (bool, error) { return a.DB.Engine().SchemaCurrent(ctx) }
